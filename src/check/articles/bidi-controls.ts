/**
 * A character that changes the direction of text is closed in the same paragraph, or it changes the rest of the page.
 *
 * Good:
 *
 *     He said \u2067שלום\u2069 and left.
 *
 * Bad:
 *
 *     He said \u202Eשלום and left.
 */

import type { ArticleRule } from '../rule.ts'

const OPENING = /[\u202a\u202b\u202d\u202e\u2066-\u2068]/g
const CLOSING = /[\u202c\u2069]/g

export const bidiControls: ArticleRule = {
  name: 'bidi-controls',
  severity: 'warning',
  find: ({ article, lines }) =>
    [{ line: 1, text: article.title }, { line: 1, text: article.summary ?? '' }, ...lines].flatMap(
      ({ line, text }) => {
        const open = text.match(OPENING)?.length ?? 0
        return open > (text.match(CLOSING)?.length ?? 0)
          ? {
              line,
              message: 'opens a direction of writing and does not close it',
              advice: 'Delete the mark, or close it: U+2069 after U+2066 to U+2068, U+202C after the others.',
            }
          : []
      },
    ),
}
