// Articles → those that can be published side by side, each with an id and an address of its own. Of two with one id or one
// address, the one longest in use keeps what it has, and the other's is made of its full date, language or folder; what authors
// wrote themselves is not changed: that is an error, and so is a page that would take the place of another file of `out/`.

import { join } from 'node:path'
import { decodePath, foldedName } from '../../base/index.ts'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { articleUrl, tagId } from '../articles/article-address.ts'
import { withField } from '../articles/article-dates.ts'
import { fileSlug, pagePath, readFileName, toSlug } from '../articles/paths.ts'
import { frontMatterLine } from '../articles/read-front-matter.ts'
import { CHANNEL_FOLDERS, type Channelled, channelsOf } from './channels.ts'
import { FEED_LIST, feedPaths, formerFeeds } from './feed-formats.ts'

interface Separated {
  readonly articles: Article[]
  /** File → id and address of those that have others than their file alone says. */
  readonly renamed: ReadonlyMap<string, string>
}

export function separateDoubles(
  articles: readonly Article[],
  publication: Publication,
  report: (diagnostic: Diagnostic) => void,
): Separated {
  if (areSingle(articles)) return { articles: [...articles], renamed: new Map() }
  const taken: Taken = { ids: new Map(), addresses: new Map() }
  const renamed = new Map<string, string>()
  const separated = [...articles].sort(longestInUse).flatMap(article => {
    const own = withOwnName(article, taken, publication)
    if ('first' in own) {
      report(describeDouble(article, own.first, own.isId, publication.dir))
      return []
    }
    taken.ids.set(own.id, own)
    taken.addresses.set(addressKey(own.url), own)
    if (own !== article) {
      renamed.set(own.file, `${own.id} ${own.url}`)
      report(describeRenamed(article, own, publication.dir))
    }
    return own
  })
  return { articles: separated, renamed }
}

interface Taken {
  readonly ids: Map<string, Article>
  readonly addresses: Map<string, Article>
}

/** As in nearly all folders; this is quicker to say than which is whose double. */
function areSingle(articles: readonly Article[]): boolean {
  const ids = new Set<string>()
  const addresses = new Set<string>()
  for (const { id, url } of articles) {
    ids.add(id)
    addresses.add(addressKey(url))
  }
  return ids.size === articles.length && addresses.size === articles.length
}

/** A draft gives way to what is not one. */
function longestInUse(left: Article, right: Article): number {
  const isDraft = ({ state }: Article) => Number(state === 'draft')
  return isDraft(left) - isDraft(right) || left.date.at - right.date.at || (left.file < right.file ? -1 : 1)
}

/** @returns the article that has its id or its address, where another cannot be given to it */
function withOwnName(
  article: Article,
  { ids, addresses }: Taken,
  publication: Publication,
): Article | { readonly first: Article; readonly isId: boolean } {
  const { date, file, language } = article
  const { idHost } = publication.articles
  const { name } = readFileName(file, publication.languages)
  const day = new Date(date.at + date.offset * 60_000).toISOString().slice(0, 10)
  const folder = file.slice('articles/'.length).replace(/\.\w+$/, '')
  let own = article
  const isAddress = own.id === own.url
  if (ids.has(own.id) && !isAddress) {
    if (own.id !== tagId(idHost, date, name)) return { first: ids.get(own.id)!, isId: true }
    // RFC 4151 §2.1: a date may be a day as well as a year.
    const other = [name, `${name}.${language}`, folder]
      .map(specific => tagId(idHost, date, specific, day))
      .find(id => !ids.has(id))
    if (other === undefined) return { first: ids.get(own.id)!, isId: true }
    own = withField(own, 'id', other)
  }
  if (!addresses.has(addressKey(own.url))) return own
  for (const ending of [day, language.toLowerCase(), toSlug(folder.toLowerCase())]) {
    const slug = `${article.slug}-${ending}`
    const url = withSlug(article, slug, publication)
    if (url === undefined) break
    if (addresses.has(addressKey(url))) continue
    const moved = withField(withField(own, 'slug', slug), 'url', url)
    return isAddress ? withField(moved, 'id', url) : moved
  }
  return { first: addresses.get(addressKey(own.url))!, isId: false }
}

/** @returns the address with another slug; undefined where its author wrote the address */
function withSlug(article: Article, other: string, publication: Publication): string | undefined {
  const { url, slug, file, date, section, authors } = article
  const encoded = encodeURIComponent(slug)
  // The category that a pattern had is not kept.
  const isByPattern = /\{categor(?:y|ies)\}/.test(publication.articles.url)
    ? url.split('/').includes(encoded)
    : url ===
      articleUrl(publication, slug, { file, categories: [], categoryFolders: [], date, section, authors })
  const at = url.lastIndexOf(encoded)
  if (!isByPattern || at === -1) return undefined
  return url.slice(0, at) + encodeURIComponent(other) + url.slice(at + encoded.length)
}

function describeDouble({ file, id, url }: Article, first: Article, isId: boolean, dir: string): Diagnostic {
  return {
    file,
    line: frontMatterLine(join(dir, file), isId ? ['id'] : ADDRESS_FIELDS),
    rule: isId ? 'article-id' : 'article-address',
    severity: 'error',
    message: isId ? `has the id of ${first.file}: ${id}` : `has the address of ${first.file}: ${url}`,
    advice: isId
      ? 'Give one of the two an `id:` of its own, or another file name.'
      : 'Give one of the two another `slug:` or `url:`.',
  }
}

/** What the file's name gave is nobody's mistake. */
function describeRenamed(before: Article, { file, id, url }: Article, dir: string): Diagnostic {
  const isWritten = before.url !== url && before.slug !== fileSlug(readFileName(file).name)
  const isAddress = before.id === id
  const what = [
    ...(isAddress ? [] : [`its id is ${id}`]),
    ...(before.url === url ? [] : [`its address is ${url}`]),
  ]
  return {
    file,
    line: isWritten ? frontMatterLine(join(dir, file), ADDRESS_FIELDS) : 0,
    rule: isAddress ? 'article-address' : 'article-id',
    severity: isWritten ? 'warning' : 'info',
    message: `has the name of an older article: ${what.join(', ')}`,
    advice: isWritten
      ? 'Give one of the two another `slug:`.'
      : 'Nothing to do. A `slug:` of its own gives it another address.',
  }
}

/** One page on disk: `/a`, `/a/` and `/a/index.html`. */
function addressKey(url: string): string {
  // As nearly all are: nothing to fold, and a slash at the end.
  if (/^[!-@[-`{-~]*\/$/.test(url)) return url
  const bare = url
    .normalize()
    .replace(/(?:\/index\.html?|\.html?|\/)$/i, '')
    .toLowerCase()
  return `${bare}/`
}

// ─── Pages that would take the place of another file ─────────────────────────────────────────────────────────────────

/** Those that say where an article is. */
const ADDRESS_FIELDS = ['url', 'slug'] as const

/**
 * A page that cannot be at its address would be in every feed with a link to something else.
 *
 * @param paths of all files in `articles/`, relative to the publication's folder
 */
export function leaveOutMisplaced(
  articles: Article[],
  publication: Publication,
  paths: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): Article[] {
  const { url: home, dir } = publication
  if (!publication.articles.pages) return articles
  const mayCollide = collisionTest(home, paths)
  const suspects = new Set(articles.filter(article => mayCollide(article.url)))
  if (suspects.size === 0) return articles
  const reserved = reservedPaths({ publication, articles }, copiedFiles(paths))
  for (const article of articles) {
    const path = suspects.has(article) || !hasAddress(article) ? undefined : pagePath(article.url, home)
    if (path !== undefined) reserved.reserve(path)
  }
  return articles.filter(article => {
    const path = suspects.has(article) && hasAddress(article) ? pagePath(article.url, home) : undefined
    if (path === undefined) return true
    const rival = reserved.rivalOf(path)
    if (rival === undefined) reserved.reserve(path)
    else report(problem(article, rival, dir))
    return rival === undefined
  })
}

/** What a draft will collide with is reported when it is none any more. */
function hasAddress({ state }: Article): boolean {
  return state !== 'draft' && state !== 'expired'
}

function problem({ file, url }: Article, rival: string, dir: string): Diagnostic {
  return {
    file,
    line: frontMatterLine(join(dir, file), ADDRESS_FIELDS),
    rule: 'page-address',
    severity: 'error',
    message: `its address ${url} is already that of ${rival}`,
    advice: 'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
  }
}

/** Says at once of nearly all addresses that nothing else can be there. */
function collisionTest(home: string, paths: readonly string[]): (url: string) => boolean {
  const tops = new Set(
    [...PROGRAM_FILES, ARCHIVE_FOLDER, ...CHANNEL_FILES, ...CHANNEL_FOLDERS, ''].map(
      path => path.split('/')[0]!,
    ),
  )
  let names: ReadonlySet<string> | undefined
  return url => {
    const end = url.indexOf('/', home.length)
    const top = url.slice(home.length, end === -1 ? undefined : end)
    // `%72ss.xml` is a way to write it; letters of other scripts are %80 and above.
    if (tops.has(top.toLowerCase()) || /%[0-7]/.test(top)) return true
    if (!url.includes('.', home.length)) return false
    // The page at `/images/a.png/` would need a folder where the picture lies.
    names ??= new Set(copiedFiles(paths).map(path => nameOf(path)))
    const parts = url.slice(home.length).split('/')
    return parts.some((part, at) => {
      if (!part.includes('.')) return false
      return (
        (at < parts.length - 1 && /\.html?$/i.test(part)) ||
        names!.has(decodePath(part).normalize().toLowerCase())
      )
    })
  }
}

/** The publication's own files, as they would be copied. One that is a page may never be shown. */
function copiedFiles(paths: readonly string[]): string[] {
  return paths
    .filter(path => !/\.(?:md|markdown|mdown|mkdn?|mdx|ya?ml|html?)$/i.test(path))
    .map(path => path.slice('articles/'.length))
}

function nameOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .normalize()
    .toLowerCase()
}

// ─── What of `out/` is taken: by the program, by channels and newsletters, by the publication’s own files ────────────

/** Paths below `out/` that are taken; on disks, too, that make no difference between capitals and small letters. */
interface ReservedPaths {
  reserve(path: string): void
  /** @returns the file or folder that is already where a file of this path would be */
  rivalOf(path: string): string | undefined
}

/** What of the top of `out/` is the program's, besides the folders of channels. */
const PROGRAM_FILES = [
  '.broadsheet',
  '_headers',
  '_redirects',
  'feed.css',
  FEED_LIST,
  'editions/index.html',
  'sitemap.xml',
  'news-sitemap.xml',
  'robots.txt',
  'license.rsl',
  '.well-known/recommendations.opml',
] as const
const ARCHIVE_FOLDER = 'archive/'
/** What lies in the folder of each channel. */
const CHANNEL_FILES: readonly string[] = ['index.html', ...feedPaths('')]

/** @param own paths of the publication's own files that are copied to where they lie in its folder */
export function reservedPaths(loaded: Channelled, own: Iterable<string>): ReservedPaths {
  const { newsletters } = loaded.publication
  const wholeFolders = [
    ARCHIVE_FOLDER,
    'podcast/chapters/',
    ...newsletters.map(({ id }) => `editions/${id}/`),
  ]
  const files = new Map<string, string>()
  const folders = new Map<string, string>()

  function reserve(path: string): void {
    const key = foldedName(path)
    files.set(key, path)
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1))
      folders.set(key.slice(0, at), path)
  }

  function rivalOf(path: string): string | undefined {
    const key = foldedName(path)
    const folder = wholeFolders.find(name => key.startsWith(foldedName(name)))
    if (folder !== undefined) return folder
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) {
      const file = files.get(key.slice(0, at))
      if (file !== undefined) return file
    }
    return files.get(key) ?? folders.get(key)
  }

  for (const path of PROGRAM_FILES) reserve(path)
  for (const { path } of channelsOf(loaded)) for (const name of CHANNEL_FILES) reserve(path + name)
  for (const { file } of formerFeeds(channelsOf(loaded), loaded.publication)) reserve(file)
  for (const path of own) reserve(path)
  return { reserve, rivalOf }
}
