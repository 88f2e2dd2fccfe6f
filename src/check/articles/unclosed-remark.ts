/**
 * What an author writes for herself, as a remark, is not published. One that is never closed takes the rest of the text with
 * it.
 *
 * Good:
 *
 *     The minister agreed. %%ask again%%
 *
 * Bad:
 *
 *     The minister agreed.
 *
 *     %%
 *     ask again
 */

import type { ArticleRule } from '../rule.ts'
import { notesOf } from './component-left-out.ts'

export const unclosedRemark: ArticleRule = {
  name: 'unclosed-remark',
  severity: 'warning',
  find: notesOf('unclosed-remark'),
}
