// Substack's archive, a table of posts and a file of HTML for each → articles. It does not say where the site was: that is
// found in links from one post to another, or given with --site.

import { escapeHtml, lookUpTable, unescapeHtml } from '../../../base/index.ts'
import { UserError } from '../../../errors.ts'
import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import { plain } from '../html-tree.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type Importer,
  isReaderList,
  LeftOut,
} from '../imported.ts'
import { type CsvRow, hasColumns, readRows } from '../records.ts'

export const substack: Importer = {
  name: 'substack',
  title: 'Substack',
  recognises: files => tableOf(files) !== undefined,
  async open(files, { site }) {
    const table = tableOf(files)
    if (!table)
      throw new UserError(`${files.name} contains no posts.csv of Substack`, 'Import the whole archive.')
    const bodies = new Map(
      files.files.flatMap(file => {
        const id = /(?:^|\/)posts\/([^/]+)\.html$/.exec(file.path)?.[1]
        return id === undefined ? [] : [[id, file] as const]
      }),
    )
    const home = (site ?? (await findSite(bodies)))?.replace(/\/+$/, '')
    if (home === undefined)
      throw new UserError(
        'the export does not say where the newsletter was, and feed readers know its articles by their addresses',
        'Add its address: --site https://name.substack.com',
      )
    const leftOut = new LeftOut()
    return {
      hosts: [hostOf(home)!],
      leftOut: leftOut.counts,
      feeds: ['/feed'],
      lists: files.files.map(({ path }) => path).filter(isReaderList),
      async *articles() {
        leftOut.reset()
        for await (const row of readRows(table)) {
          const type = row.cell('type') || 'newsletter'
          if (type !== 'newsletter' && type !== 'podcast') leftOut.add(`posts of the type ${type}`)
          else yield await rowArticle(row, table.path, bodies.get(row.cell('post_id')), home)
        }
      },
    }
  },
}

function tableOf({ files }: ExportFiles): ExportFile | undefined {
  return files.find(file => hasColumns(file, 'post_id', 'is_published', 'audience'))
}

/** The host that most posts name when they lead to one of themselves. */
async function findSite(bodies: ReadonlyMap<string, ExportFile>): Promise<string | undefined> {
  const slugs = new Set([...bodies.keys()].map(id => id.replace(/^\d+\./, '')))
  const counts = new Map<string, number>()
  for (const file of [...bodies.values()].slice(0, 400)) {
    const html = decodeText(await file.read(), 'utf-8')
    for (const [, home, slug] of html.matchAll(/["'](https:\/\/[\w.-]+)\/p\/([\w-]+)/g))
      if (slugs.has(slug!)) counts.set(home!, (counts.get(home!) ?? 0) + 1)
    for (const [, home] of html.matchAll(/["'](https:\/\/[\w.-]+)\/(?:subscribe\?|action\/disable_email)/g))
      if (!/open\.substack\.com$/.test(home!)) counts.set(home!, (counts.get(home!) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

const AUDIENCES = lookUpTable({
  only_paid: 'for paying readers',
  only_free: 'for subscribers',
  founding: 'for founding members',
})

async function rowArticle(
  row: CsvRow,
  table: string,
  file: ExportFile | undefined,
  home: string,
): Promise<ImportedArticle> {
  const id = row.cell('post_id')
  const slug = id.replace(/^\d+\./, '')
  const url = `${home}/p/${slug}`
  const audience = row.cell('audience')
  const isPublished = /^true$/i.test(row.cell('is_published'))
  const audio = row.cell('podcast_url')
  const findings: Finding[] = []
  const place = { file: file?.path ?? table, line: file ? 1 : row.line }
  if (!file && isPublished) {
    const message = `the text of "${slug}" is not in the export`
    findings.push({ ...place, kind: 'texts that are missing', message, needsPerson: true })
  }
  return {
    place,
    id: url,
    url,
    slug,
    title: plain(row.cell('title')),
    date: row.cell('post_date') || undefined,
    authors: [],
    summary: plain(row.cell('subtitle')) || undefined,
    audio: /^https?:/.test(audio) ? { src: audio } : undefined,
    heldBack: isPublished
      ? (AUDIENCES[audience] ?? (/^(?:everyone|)$/.test(audience) ? undefined : `for ${audience}`))
      : 'draft',
    body: {
      syntax: 'html',
      text: withEmbeds(file ? decodeText(await file.read(), 'utf-8') : '', (kind, message, line) =>
        findings.push({ ...place, line, kind, message }),
      ),
      line: 1,
    },
    findings,
  }
}

type Lost = (kind: string, message: string, line: number) => void

/** Empty elements with `data-attrs`, wherever the class is. Lines stay what they are. */
const EMPTY =
  /<(div|span|p|iframe)\b((?:[^<>"]|"[^"]*")*\bdata-attrs="([^"]*)"(?:[^<>"]|"[^"]*")*)>\s*<\/\1\s*>/g

function withEmbeds(html: string, lost: Lost): string {
  const source = withButtons(html)
  return source.replace(EMPTY, (whole: string, tag: string, written: string, attrs: string, at: number) => {
    if (tag === 'iframe' && /\ssrc="/.test(written)) return whole
    const name = /\bclass="\s*([\w-]+)/.exec(written)?.[1] ?? 'embed'
    if (/^(?:button-wrapper|subscription-widget|captioned-button|paywall)/.test(name)) return whole
    const line = () => source.slice(0, at).split('\n').length
    return shown(name, attributesOf(attrs), (kind, message) => lost(kind, message, line()))
  })
}

/** A button that leads to what Substack does for a reader, and one that is the author's own link. */
function withButtons(html: string): string {
  return html.replace(
    /<p class="button-wrapper"[^<>]*>\s*(<a\s[^<>]*\shref="([^"<>]*)"[^<>]*>(?:(?!<\/a|<p\b)[\s\S])*<\/a>)\s*<\/p>/g,
    (whole, link: string, href: string) =>
      /%%|[?&](?:amp;)?action=|\/(?:subscribe|comments?|gift|leave-a-comment|chat|referrals|leaderboard|survey|share)\b/.test(
        href,
      ) || !/^https?:/.test(href)
        ? whole
        : `<p>${link}</p>`,
  )
}

function shown(
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  lost: (kind: string, message: string) => void,
): string {
  const text = (key: string) => (typeof attributes[key] === 'string' ? attributes[key].trim() : '')
  if (name === 'mention-wrap') return escapeHtml(text('name'))
  if (name === 'image-gallery-embed') return gallery(attributes.gallery)
  if (name === 'latex-rendered') {
    lost('formulas', 'a formula is shown as it was written')
    return `<pre><code class="language-latex">${escapeHtml(text('persistentExpression'))}</code></pre>`
  }
  const comment = (attributes.comment ?? {}) as Readonly<Record<string, unknown>>
  if (typeof comment.body === 'string')
    return `<blockquote><p>${escapeHtml(comment.body)}</p>${typeof comment.name === 'string' ? `<p>${escapeHtml(comment.name)}</p>` : ''}</blockquote>`
  const video = text('videoId')
  const players: Readonly<Record<string, string>> = {
    'youtube-wrap': 'https://www.youtube.com/watch?v=',
    'vimeo-wrap': 'https://vimeo.com/',
  }
  const player = video !== '' && Object.hasOwn(players, name) ? players[name]! + video : ''
  const url = [player, text('canonical_url'), text('url'), text('targetUrl'), text('src')].find(each =>
    /^https?:\/\//.test(each),
  )
  if (url === undefined) {
    lost('embeds without an address', `${name} shows something that is not in the export`)
    return ''
  }
  const caption = text('caption') === '' ? '' : `<p>${escapeHtml(text('caption'))}</p>`
  return `<p><a href="${escapeHtml(url)}">${escapeHtml(text('title') || url)}</a></p>${caption}`
}

function gallery(value: unknown): string {
  const { images, caption, alt } = (value ?? {}) as Readonly<Record<string, unknown>>
  const pictures = (Array.isArray(images) ? images : []).flatMap(({ src }: { src?: unknown }) =>
    typeof src === 'string' && /^https?:/.test(src)
      ? [`<p><img src="${escapeHtml(src)}" alt="${escapeHtml(typeof alt === 'string' ? alt : '')}"></p>`]
      : [],
  )
  return (
    pictures.join('') +
    (typeof caption === 'string' && caption !== '' ? `<p><em>${escapeHtml(caption)}</em></p>` : '')
  )
}

function attributesOf(escaped: string): Readonly<Record<string, unknown>> {
  const json = unescapeHtml(escaped.replace(/&#0?39;|&#x27;/g, "'"))
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
