// beehiiv's table of posts, which holds their HTML → articles.

import { UserError } from '../../../errors.ts'
import { type CsvRow, hasColumns, readRows } from '../csv-rows.ts'
import type { ExportFile, ExportFiles } from '../export-files.ts'
import { attribute, findElement, innerHtml, parseHtml } from '../html-tree.ts'
import { hostOf, type ImportedArticle, type Importer, isReaderList, LeftOut, namesIn } from '../imported.ts'
import { plain } from './wordpress.ts'

export const beehiiv: Importer = {
  name: 'beehiiv',
  title: 'beehiiv',
  recognises: files => tableOf(files) !== undefined,
  async open(files) {
    const table = tableOf(files)
    if (!table)
      throw new UserError(`${files.name} holds no table of posts of beehiiv`, 'Import its posts.csv.')
    const hosts = new Set<string>()
    for await (const row of readRows(table)) {
      const host = hostOf(row.cell('url'))
      if (host) hosts.add(host)
    }
    const leftOut = new LeftOut()
    return {
      hosts: [...hosts],
      leftOut: leftOut.counts,
      feeds: ['/feed'],
      lists: files.files.map(({ path }) => path).filter(isReaderList),
      async *articles() {
        leftOut.reset()
        for await (const row of readRows(table)) yield rowArticle(row, table.path)
      },
    }
  },
}

function tableOf({ files }: ExportFiles): ExportFile | undefined {
  return files.find(file => hasColumns(file, 'web_title', 'content_html', 'status'))
}

function rowArticle(row: CsvRow, file: string): ImportedArticle {
  const url = row.cell('url')
  const status = row.cell('status').toLowerCase()
  const audience = row.cell('audience').toLowerCase()
  const image = row.cell('thumbnail_url')
  const isPublic = /^(?:confirmed|published|live|)$/.test(status)
  const isFree = /^(?:free|both|all|everyone|)$/.test(audience)
  return {
    place: { file, line: row.line },
    id: url || `beehiiv:${row.cell('id')}`,
    url: url || undefined,
    slug:
      row.cell('slug') ||
      url
        .replace(/[?#].*$/s, '')
        .replace(/\/+$/, '')
        .replace(/^.*\//, '') ||
      undefined,
    title: plain(row.cell('web_title', 'title')),
    date: row.cell('published_at', 'publish_date', 'displayed_date', 'created_at') || undefined,
    authors: namesIn(row.cell('authors', 'author')),
    tags: row.cell('content_tags').split(';'),
    summary: plain(row.cell('web_subtitle', 'subtitle')) || undefined,
    image: /^https?:/.test(image) ? { src: image } : undefined,
    heldBack: isPublic ? (isFree ? undefined : 'for paying readers') : status,
    body: { syntax: 'html', text: bodyOf(row.cell('content_html')), line: 0 },
  }
}

/** The whole of a page, of which the text is one part. */
function bodyOf(html: string): string {
  if (!/id=["']?content-blocks/.test(html)) return html
  const page = parseHtml(html, { isPage: true, positions: true })
  const content = findElement(page, node => attribute(node, 'id') === 'content-blocks')
  return content ? innerHtml(html, content).text : html
}
