/**
 * Heading levels go down one step at a time, so that the outline of an article has no gaps.
 *
 * Good:
 *
 *     ## The talks
 *
 *     ### Minerals
 *
 * Bad:
 *
 *     ## The talks
 *
 *     #### Minerals
 */

import type { ArticleRule } from '../rule.ts'

export const headingOrder: ArticleRule = {
  name: 'heading-order',
  severity: 'warning',
  find({ lines }) {
    let before: number | undefined
    return lines.flatMap(({ line, text }) => {
      const rank = /^ {0,3}(#{1,6})(?:[ \t]|$)/.exec(text)?.[1]?.length
      if (rank === undefined) return []
      const skipped = before !== undefined && rank > before + 1
      const parent = before
      before = rank
      if (!skipped) return []
      const right = '#'.repeat(parent! + 1)
      return {
        line,
        message: `a heading of rank ${rank} follows one of rank ${parent}`,
        advice: `Begin it with ${right}, one step below.`,
      }
    })
  },
}
