// Squarespace's export → articles: it has the form of WordPress's, without hosts in its addresses.

import type { Importer } from '../imported.ts'
import { isWxr, openWxr } from './wordpress.ts'

export const squarespace: Importer = {
  name: 'squarespace',
  title: 'Squarespace',
  recognises: ({ files }) =>
    files.some(
      ({ path, head }) => /\.xml$/i.test(path) && isWxr(head) && /squarespace/i.test(head.slice(0, 20_000)),
    ),
  async open(files, settings) {
    return { ...(await openWxr(files, 'Squarespace', settings.site)), feeds: [] }
  },
}
