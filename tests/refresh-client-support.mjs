// The data of Can I email → src/check/client-support.ts. Run: `npm pack caniemail && tar xzf caniemail-*.tgz`, then
// `node tests/refresh-client-support.mjs package/data/caniemail.json`. The site's own https://www.caniemail.com/api/data.json
// has the same form.

import { readFileSync, writeFileSync } from 'node:fs'

/** What the program calls a client; family and platform in the data. */
const clients = [
  ['Apple Mail on macOS', 'apple-mail', 'macos'],
  ['Apple Mail on iOS', 'apple-mail', 'ios'],
  ['Gmail on the web', 'gmail', 'desktop-webmail'],
  ['Gmail on iOS', 'gmail', 'ios'],
  ['Gmail on Android', 'gmail', 'android'],
  ['Gmail with accounts of other providers', 'gmail', 'android'],
  ['Outlook for Windows', 'outlook', 'windows'],
  ['the new Outlook', 'outlook', 'outlook-com'],
  ['Outlook for Mac', 'outlook', 'macos'],
  ['Outlook on iOS', 'outlook', 'ios'],
  ['Yahoo Mail', 'yahoo', 'desktop-webmail'],
  ['Samsung Email', 'samsung-email', 'android'],
  ['GMX', 'gmx', 'desktop-webmail'],
]

const { data, last_update_date: updated } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

/** The newest version: 'y', 'a #2', 'n #1' → one letter; 'u' for unknown. */
function support(feature, [name, family, platform]) {
  const newest = Object.values(feature.stats[family]?.[platform] ?? {}).at(-1) ?? 'u'
  if (!name.includes('other providers')) return newest[0]
  const notes = [...newest.matchAll(/#(\d+)/g)].map(([, number]) => feature.notes_by_num?.[number] ?? '')
  return notes.some(note => /non.google|google account/i.test(note)) ? 'n' : newest[0]
}

const rows = data
  .filter(({ slug }) => /^(css|html|image)-/.test(slug))
  .map(feature => [feature.slug, clients.map(client => support(feature, client)).join('')])
  .filter(([, row]) => !/^[yu]+$/.test(row))
  .sort(([a], [b]) => (a < b ? -1 : 1))

const source = `// What mail clients lack, by the names of Can I email (https://www.caniemail.com/). Made by tests/refresh-client-support.mjs; not
// to be edited.
//
// The data is under the MIT licence. Copyright (c) Rémi Parmentier and the contributors of Can I email. Permission is hereby granted,
// free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in
// the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute,
// sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
// the following conditions: The above copyright notice and this permission notice shall be included in all copies or
// substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED,
// INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
// EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
// CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

/** Of the data. */
export const SUPPORT_DATE = '${updated.slice(0, 10)}'

export const CLIENTS: readonly string[] = [
${clients.map(([name]) => `  '${name}',`).join('\n')}
]

/** Feature → a letter for each client: y(es), a(lmost), n(o), u(nknown). What every client supports is left out. */
export const SUPPORT: Readonly<Record<string, string>> = {
${rows.map(([slug, row]) => `  '${slug}': '${row}',`).join('\n')}
}
`
writeFileSync(new URL('../src/check/client-support.ts', import.meta.url), source)
