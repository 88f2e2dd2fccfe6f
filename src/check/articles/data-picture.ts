/**
 * A picture embedded as a data: URL is left out of feeds, pages and letters: many readers block it, and every copy of
 * the article would carry it again.
 *
 * Good:
 *
 *     ![Fishing boats leave the harbour at dawn](images/harbour.png)
 *
 * Bad:
 *
 *     ![Fishing boats leave the harbour at dawn](data:image/png;base64,iVBORw0KGgo=)
 */

import type { ArticleRule, Finding } from '../rule.ts'

/** Inline, the address of a reference (which may be a link's as well), and as HTML. */
const DATA_PICTURE =
  /!\[[^\]]{0,500}\]\(\s*<?data:|^ {0,3}\[[^\]]+\]:\s*<?data:image\/|<(?:img|source|video)\s(?:[^<>]*\s)?(?:src|srcset|poster)\s*=\s*["']?\s*data:/gi

export const dataPicture: ArticleRule = {
  name: 'data-picture',
  severity: 'warning',
  find: ({ lines }) =>
    lines.flatMap(({ line, text }) =>
      [...text.matchAll(DATA_PICTURE)].map(
        (): Finding => ({
          line,
          message: 'a picture written as data: is left out',
          advice: 'Put it into a file below articles/ and write its path: images/harbour.jpg',
        }),
      ),
    ),
}
