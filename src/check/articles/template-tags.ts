/**
 * Template tags of other tools are not run. Those that mean the same everywhere become what they mean: code, links to other
 * posts, pictures, players, notes, quotations. Others are left out of the text; what is between two of them stays.
 *
 * Good:
 *
 *     The next release is 4.4. Write `{{ page.title }}` for the title.
 *
 * Bad:
 *
 *     The next release is {{ site.version }}.
 */

import type { ArticleRule } from '../rule.ts'
import { notesOf } from './component-left-out.ts'

export const templateTags: ArticleRule = {
  name: 'template-tags',
  severity: 'warning',
  find: notesOf('template-tags'),
}
