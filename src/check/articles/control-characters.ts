/**
 * Text has no control characters: they are illegal in XML, and are removed.
 *
 * Good:
 *
 *     The harbour opened again.
 *
 * Bad:
 *
 *     The har\u0008bour opened again.
 */

import { findIllegal } from '../../base/index.ts'
import type { ArticleRule } from '../rule.ts'

export const controlCharacters: ArticleRule = {
  name: 'control-characters',
  severity: 'warning',
  find: ({ article }) =>
    findIllegal(article.body) === -1
      ? []
      : article.body.split('\n').flatMap((text, at) => {
          const found = findIllegal(text)
          if (found === -1) return []
          const code = text.charCodeAt(found).toString(16).toUpperCase().padStart(4, '0')
          return {
            line: article.bodyLine + at,
            message: `contains U+${code}, which is left out`,
            advice: 'Delete it; most editors can show invisible characters.',
          }
        }),
}
