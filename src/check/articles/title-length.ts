/**
 * A title fits where it is read: a list of feeds, a subject line, a phone.
 *
 * Good:
 *
 *     ---
 *     title: Minister expected in Washington for talks on critical minerals
 *     date: 2026-01-30
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: The minister of external affairs is expected to travel to Washington next week in order to attend the first ministerial meeting on the supply of critical minerals
 *     date: 2026-01-30
 *     ---
 *     Text.
 */

import type { ArticleRule } from '../rule.ts'

/** Characters as people count them. Google shows about 60, Gmail's list 70 to 90, a feed reader's two lines about 120. */
const MAX_LENGTH = 120

export const titleLength: ArticleRule = {
  name: 'title-length',
  severity: 'warning',
  find({ article }) {
    const length = [...article.title].length
    return length > MAX_LENGTH
      ? [
          {
            line: 1,
            message: `the title has ${length} characters`,
            advice: `Keep it below ${MAX_LENGTH}; the summary says the rest.`,
          },
        ]
      : []
  },
}
