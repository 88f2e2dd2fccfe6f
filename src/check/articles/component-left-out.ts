/**
 * Components of MDX, JSX and Vue are not run, and neither is code in braces. The text between their tags stays; a component
 * that has none is left out.
 *
 * Good:
 *
 *     See [the chart](https://data.example/chart).
 *
 * Bad:
 *
 *     See <Chart data={rows} />
 */

import type { TextNote } from '../../model.ts'
import type { ArticleRule, CheckedArticle, Finding } from '../rule.ts'

export const componentLeftOut: ArticleRule = {
  name: 'component-left-out',
  severity: 'warning',
  find: notesOf('component-left-out'),
}

/** What the renderer says of a text, as findings. */
export function notesOf(rule: TextNote['rule']): (checked: CheckedArticle) => Finding[] {
  return ({ article, body }) => {
    // The same of one text is said once, with its first line.
    const found = new Map<string, TextNote[]>()
    for (const note of body.notes) {
      if (note.rule !== rule) continue
      const same = found.get(note.message)
      if (same) same.push(note)
      else found.set(note.message, [note])
    }
    return [...found.values()].map(([first, ...others]) => ({
      line: article.bodyLine + first!.line - 1,
      message:
        others.length > 0 ? `${first!.message} (and ${others.length} more of the same)` : first!.message,
      advice: first!.advice,
    }))
  }
}
