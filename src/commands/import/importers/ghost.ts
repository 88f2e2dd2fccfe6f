// Ghost's export, a JSON file beside the pictures or in an archive with them → articles. It also holds keys, sessions, members
// and mail addresses: only posts, tags and names are read, and nothing else is kept or shown.

import { UserError } from '../../../errors.ts'
import { decodeText, type ExportFile, type ExportFiles } from '../export-files.ts'
import { plain } from '../html-tree.ts'
import {
  type Finding,
  hostOf,
  type ImportedArticle,
  type ImportedAuthor,
  type Importer,
  isReaderList,
  LeftOut,
} from '../imported.ts'
import { type JsonRow, openLines, parseJson, rowsOf } from '../records.ts'
import { lexicalHtml, mobiledocHtml, openGates } from './ghost-body.ts'

export const ghost: Importer = {
  name: 'ghost',
  title: 'Ghost',
  recognises: files => exportOf(files) !== undefined,
  async open(files, { site }) {
    const file = exportOf(files)
    if (!file)
      throw new UserError(`${files.name} contains no export of Ghost`, 'It is a .json file with posts in it.')
    const data = await readData(file, site?.replace(/\/+$/, '') ?? '')
    const leftOut = new LeftOut()
    const redirects = await readRedirects(files)
    const host = hostOf(site)
    return {
      hosts: host === undefined ? [] : [host],
      leftOut: leftOut.counts,
      feeds: ['/rss/'],
      lists: files.files.map(({ path }) => path).filter(isReaderList),
      async *articles() {
        leftOut.reset()
        for (const post of data.posts) {
          if (post.type === 'page' || post.page === true || post.page === 1) leftOut.add('pages')
          else yield postArticle(post, data, { file: file.path, site, redirects })
        }
      },
    }
  },
}

/** Bytes of a file that is read whole: a blog of twenty years. */
const MAX_EXPORT_BYTES = 512 * 2 ** 20

function exportOf({ files }: ExportFiles): ExportFile | undefined {
  return files.find(
    ({ path, head }) =>
      /\.json$/i.test(path) &&
      /^\s*\{\s*"(?:db|meta|data)"/.test(head) &&
      /"(?:posts|exported_on)"/.test(head),
  )
}

interface Data {
  readonly posts: readonly JsonRow[]
  /** Post's id → its line. */
  readonly lines: ReadonlyMap<string, number>
  /** Post's id → rows that belong to it, in their order. */
  readonly meta: ReadonlyMap<string, JsonRow>
  readonly tags: ReadonlyMap<string, readonly string[]>
  readonly authors: ReadonlyMap<string, readonly ImportedAuthor[]>
}

async function readData(file: ExportFile, home: string): Promise<Data> {
  const text = decodeText(await file.read(MAX_EXPORT_BYTES), 'utf-8')
  const json = (parseJson(text, file) ?? {}) as { db?: { data?: JsonRow }[]; data?: JsonRow }
  const tables = json.db?.[0]?.data ?? json.data ?? {}
  const rows = (name: string) => rowsOf(tables[name])
  const tags = new Map(rows('tags').map(row => [textOf(row.id), textOf(row.name)]))
  const users = new Map(rows('users').map(row => [textOf(row.id), author(row, home)]))
  const firstAuthor = rows('posts').map(post => [textOf(post.id), textOf(post.author_id)] as const)
  const authors = joined(rows('posts_authors'), 'author_id', users)
  for (const [post, user] of firstAuthor) {
    const found = users.get(user)
    if (found && !authors.has(post)) authors.set(post, [found])
  }
  const lineOf = openLines(text.slice(Math.max(0, text.indexOf('"posts"'))))
  const before = text.slice(0, Math.max(0, text.indexOf('"posts"'))).split('\n').length - 1
  return {
    posts: rows('posts'),
    lines: new Map(rows('posts').map(({ id }) => [textOf(id), before + lineOf(textOf(id))])),
    meta: new Map(rows('posts_meta').map(row => [textOf(row.post_id), row])),
    tags: joined(rows('posts_tags'), 'tag_id', tags),
    authors,
  }
}

/** Rows of a table that joins two, by post, in the order that they say. */
function joined<Value>(
  rows: readonly JsonRow[],
  key: string,
  values: ReadonlyMap<string, Value>,
): Map<string, Value[]> {
  const byPost = new Map<string, Value[]>()
  for (const row of [...rows].sort((a, b) => Number(a.sort_order ?? 0) - Number(b.sort_order ?? 0))) {
    const value = values.get(textOf(row[key]))
    const post = textOf(row.post_id)
    if (value !== undefined) byPost.set(post, [...(byPost.get(post) ?? []), value])
  }
  return byPost
}

/** Columns of a user → the network, and where its profiles are. */
const PROFILES = [
  ['twitter', 'X', 'https://x.com/'],
  ['facebook', 'Facebook', 'https://www.facebook.com/'],
  ['linkedin', 'LinkedIn', 'https://www.linkedin.com/in/'],
  ['instagram', 'Instagram', 'https://www.instagram.com/'],
  ['threads', 'Threads', 'https://www.threads.net/@'],
  ['bluesky', 'Bluesky', 'https://bsky.app/profile/'],
  ['mastodon', 'Mastodon', 'https://'],
  ['tiktok', 'TikTok', 'https://www.tiktok.com/@'],
  ['youtube', 'YouTube', 'https://www.youtube.com/'],
] as const

/** Never the mail address. */
function author(row: JsonRow, home: string): ImportedAuthor {
  const website = textOf(row.website)
  const photo = textOf(row.profile_image).replaceAll('__GHOST_URL__', home)
  return {
    name: textOf(row.name) || textOf(row.slug),
    slug: textOf(row.slug) || undefined,
    url: /^https?:/.test(website) ? website : undefined,
    photo: photo && /^https?:|^\//.test(photo) ? photo : undefined,
    biography: textOf(row.bio) || undefined,
    social: PROFILES.flatMap(([key, name, address]) => {
      // At YouTube it is a part of the address.
      const handle = textOf(row[key]).replace(key === 'youtube' ? '' : /^@/, '')
      if (handle === '') return []
      return [{ name, url: /^https?:/.test(handle) ? handle : address + handle }]
    }),
  }
}

interface Around {
  readonly file: string
  readonly site: string | undefined
  /** Path → earlier paths. */
  readonly redirects: ReadonlyMap<string, readonly string[]>
}

function postArticle(post: JsonRow, data: Data, { file, site, redirects }: Around): ImportedArticle {
  const id = textOf(post.id)
  const slug = textOf(post.slug)
  const meta = data.meta.get(id) ?? {}
  const place = { file, line: data.lines.get(id) ?? 0 }
  const findings: Finding[] = []
  const home = site?.replace(/\/+$/, '') ?? ''
  const own = (text: string) => text.replaceAll('__GHOST_URL__', home)
  const lost = (kind: string, message: string, needsPerson?: true) =>
    findings.push({ ...place, kind, message: `${slug}: ${message}`, ...(needsPerson && { needsPerson }) })
  const tags = data.tags.get(id) ?? []
  const image = own(textOf(post.feature_image))
  const title = textOf(post.title)
  const body = openGates(bodyOf(post, lost), lost)
  for (const key of ['codeinjection_head', 'codeinjection_foot'])
    if (textOf(post[key]) !== '')
      lost('code put into pages', `the code that Ghost puts into its page (${key}) is left out`)
  return {
    place,
    // The feed's <guid>.
    id: textOf(post.comment_id) || id,
    url: `/${slug}/`,
    aliases: redirects.get(`/${slug}`) ?? [],
    slug,
    title: title === '(Untitled)' ? '' : title,
    date: dateOf(post.published_at) ?? dateOf(post.created_at),
    updated: dateOf(post.updated_at),
    authors: data.authors.get(id) ?? [],
    // One that begins with # is for the theme.
    tags: tags.filter(tag => !tag.startsWith('#')),
    summary: textOf(post.custom_excerpt) || textOf(meta.meta_description) || undefined,
    image: image
      ? {
          src: image,
          alt: textOf(meta.feature_image_alt) || undefined,
          caption: plain(own(textOf(meta.feature_image_caption))) || undefined,
        }
      : undefined,
    language: textOf(post.locale) || undefined,
    heldBack: heldBack(post, meta) ?? body.heldBack,
    canonical: /^https?:/.test(own(textOf(post.canonical_url))) ? own(textOf(post.canonical_url)) : undefined,
    body: { syntax: 'html', text: own(body.html), line: 0 },
    findings,
  }
}

function bodyOf(post: JsonRow, lost: (kind: string, message: string, needsPerson?: true) => void): string {
  if (typeof post.html === 'string' && post.html !== '') return post.html
  for (const [key, html] of [
    ['lexical', lexicalHtml],
    ['mobiledoc', mobiledocHtml],
  ] as const) {
    const text = post[key]
    if (typeof text !== 'string' || text === '') continue
    if (isJson(text)) return html(text, lost)
    lost('texts that cannot be read', `its ${key} is no JSON: it has no text here`, true)
  }
  return ''
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function heldBack(post: JsonRow, meta: JsonRow): string | undefined {
  const status = textOf(post.status)
  const visibility = textOf(post.visibility)
  if (status === 'draft' || status === 'scheduled') return status
  if (status === 'sent' || meta.email_only === true || meta.email_only === 1) return 'sent by mail only'
  if (status !== 'published') return status || 'without a status'
  if (visibility === 'members') return 'for members'
  if (visibility === 'paid' || visibility === 'tiers') return 'for paying readers'
  return visibility === 'public' || visibility === '' ? undefined : `for ${visibility}`
}

/** '2026-01-30T05:06:00.000Z', '2026-01-30 05:06:00', or ms since epoch in old exports; all of them UTC. */
function dateOf(value: unknown): string | undefined {
  if (typeof value === 'number') return new Date(value).toISOString()
  const text = textOf(value).replace(' ', 'T')
  if (text === '') return undefined
  return /[Zz]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`
}

/** `redirects.json`: only those from one path to another. */
async function readRedirects({ files }: ExportFiles): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const file = files.find(({ path }) => /(?:^|\/)redirects\.json$/i.test(path))
  if (!file) return found
  let rows: unknown
  try {
    rows = JSON.parse(decodeText(await file.read(), 'utf-8'))
  } catch {
    return found
  }
  for (const row of rowsOf(rows)) {
    const from = textOf(row.from).replace(/^\^|(?:\/\?)?\$?$/g, '')
    const to = textOf(row.to).replace(/\/+$/, '')
    if (!/^\/[\w/.~%-]+$/.test(from) || !/^\/[\w/.~%-]+$/.test(to)) continue
    found.set(to, [...(found.get(to) ?? []), `${from.replace(/\/+$/, '')}/`])
  }
  return found
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}
