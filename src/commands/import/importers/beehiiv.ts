// beehiiv's table of posts, which holds their HTML → articles.

import { UserError } from '../../../errors.ts'
import type { ExportFile, ExportFiles } from '../export-files.ts'
import { attribute, findElement, innerHtml, isElement, parseHtml, plain } from '../html-tree.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type Importer,
  isReaderList,
  LeftOut,
  namesIn,
} from '../imported.ts'
import { type CsvRow, hasColumns, readRows } from '../records.ts'

export const beehiiv: Importer = {
  name: 'beehiiv',
  title: 'beehiiv',
  recognises: files => tableOf(files) !== undefined,
  async open(files) {
    const table = tableOf(files)
    if (!table)
      throw new UserError(`${files.name} contains no table of posts of beehiiv`, 'Import its posts.csv.')
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
  const audience = row.cell('audience', 'web_audiences').toLowerCase()
  const image = row.cell('thumbnail_url')
  const isPublic = /^(?:confirmed|published|live|)$/.test(status)
  const isFree = /^(?:free|both|all|everyone|all free subscribers|all subscribers|)$/.test(audience)
  const isMailOnly = /^email$/i.test(row.cell('platform'))
  const findings: Finding[] = []
  const place = { file, line: row.line }
  return {
    place,
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
    image: image ? { src: pictureAddress(image) } : undefined,
    heldBack: !isPublic
      ? status
      : !isFree
        ? 'for paying readers'
        : isMailOnly
          ? 'sent by mail only'
          : undefined,
    body: {
      syntax: 'html',
      text: readTags(bodyOf(row.cell('content_html')), message =>
        findings.push({ ...place, kind: 'tags filled for each reader', message }),
      ),
      line: 0,
    },
    findings,
  }
}

/** Its table has the path of a picture that was uploaded. */
function pictureAddress(path: string): string {
  return /^\/?uploads\//.test(path)
    ? `https://media.beehiiv.com/cdn-cgi/image/quality=100/${path.replace(/^\//, '')}`
    : path
}

/** Pictures of a player that lead to a video: its address. `{{subscriber_id}}` and the like go, and links that only they make. */
function readTags(html: string, lost: (message: string) => void): string {
  return html
    .replace(
      /<a\s[^>]*href=["'](https:\/\/(?:www\.)?(?:youtube\.com|youtu\.be)\/[^"']+)["'][^>]*>(?:(?!<\/a)[\s\S])*?ytimg\.com[\s\S]*?<\/a\s*>/gi,
      '<p><a href="$1">$1</a></p>',
    )
    .replace(/<a\s[^>]*href=["'][^"']*\{\{[^}]*\}\}[^"']*["'][^>]*>[\s\S]*?<\/a\s*>/gi, link => {
      lost(`a link to ${/\{\{[^}]*\}\}/.exec(link)![0].slice(0, 60)} is left out`)
      return ''
    })
    .replace(/\{\{[^{}]*\}\}/g, tag => {
      lost(`${tag.slice(0, 60)} is left out`)
      return ''
    })
}

/** The whole of a page, of which the text is one part. */
function bodyOf(html: string): string {
  if (!/id=["']?content-blocks/.test(html)) return html
  const page = parseHtml(html, { isPage: true, positions: true })
  const content = findElement(page, node => attribute(node, 'id') === 'content-blocks')
  if (!content) return html
  // Its row is a part of a table around it.
  const parts = content.tagName === 'tr' ? content.children.filter(cell => isElement(cell)) : [content]
  return parts.map(part => innerHtml(html, part).text).join('\n')
}
