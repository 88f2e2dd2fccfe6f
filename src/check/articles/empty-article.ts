/**
 * An article has text, a recording, or a link to what it is about.
 *
 * Good:
 *
 *     The harbour opened again on Friday.
 *
 * Bad:
 *
 *     <!-- to be written -->
 */

import type { ArticleRule } from '../rule.ts'

export const emptyArticle: ArticleRule = {
  name: 'empty-article',
  severity: 'warning',
  find: ({ article, body }) =>
    body.html === '' && !article.source && !article.audio
      ? [
          {
            line: article.bodyLine,
            message: 'the article has no text',
            advice: 'Write it, or set `draft: true` until it is written.',
          },
        ]
      : [],
}
