/**
 * Files that browsers or servers run (HTML, scripts, drawings with a script in them) are not published, unless the settings
 * allow them by `articles: { attachments: [svg] }`: on the address of a site they may do whatever the site may.
 *
 * Good:
 *
 *     The figures are made [by this script](https://data.example/figures.js).
 *
 * Bad:
 *
 *     The figures are made [by this script](files/figures.js).
 */

import { notPublished } from '../../content/index.ts'
import type { ArticleRule } from '../rule.ts'

export const attachment: ArticleRule = {
  name: 'attachment',
  severity: 'warning',
  find: ({ article, body, lines }) =>
    body.refused.map(refused => {
      const [message, advice] = notPublished(refused.reference, refused)
      const line = lines.find(({ text }) => text.includes(refused.reference))?.line ?? article.bodyLine
      return { line, message, advice }
    }),
}
