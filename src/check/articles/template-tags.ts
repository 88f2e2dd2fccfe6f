/**
 * Template tags of other tools are not run, and appear in the text as they are. Reported once for each article.
 *
 * Good:
 *
 *     The next release is 4.4. Write `{{ page.title }}` for the title.
 *
 * Bad:
 *
 *     The next release is {{ site.version }}.
 */

import { cutShort } from '../../base/index.ts'
import type { ArticleRule } from '../rule.ts'

export const templateTags: ArticleRule = {
  name: 'template-tags',
  severity: 'info',
  find({ lines }) {
    const tags = lines.flatMap(({ line, text }) =>
      [...text.matchAll(/\{\{[^{}]*\}\}|\{%[^{}%]*%\}|\{\{[<%][^{}]*[>%]\}\}/g)].map(([tag]) => ({
        line,
        tag,
      })),
    )
    const [first] = tags
    if (!first) return []
    const others = tags.length > 1 ? `, and ${tags.length - 1} more,` : ''
    return [
      {
        line: first.line,
        message: `${cutShort(first.tag, 60)}${others} stays in the text as it is`,
        advice: 'Write what it would have made, or put it into `code`.',
      },
    ]
  },
}
