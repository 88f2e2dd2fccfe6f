// Address on the publication's site → the file below `out/` that a web server answers with; what of `out/` is taken, by the
// program, by channels and newsletters, and by the publication's own files; and which articles cannot be beside the others.

import { join } from 'node:path'
import { foldedName } from '../../base/index.ts'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { frontMatterLine } from '../articles/read-front-matter.ts'
import { CHANNEL_FOLDERS, type Channelled, channelsOf } from './channels.ts'
import { FEED_LIST, feedPaths, formerFeeds } from './feed-formats.ts'

/**
 * @param home the publication's address, ending in a slash
 * @returns 'world/2026/a/index.html', or undefined for an address that no file can have
 */
export function pagePath(url: string, home: string): string | undefined {
  if (!url.startsWith(home)) return undefined
  const parts = decodeParts(url.slice(home.length).replace(/[?#].*$/s, ''))
  if (!parts) return undefined
  if (parts.at(-1) === '') parts.pop()
  if (!/\.html?$/i.test(parts.at(-1) ?? '')) parts.push('index.html')
  return parts.every(isName) ? parts.join('/') : undefined
}

/** From a page below `out/` to the top of it: '' or '../../'. */
export function prefixOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** The other way: `sections/world/` → its absolute address. */
export function pageUrl(home: string, path: string): string {
  return home + path.split('/').map(encodeURIComponent).join('/')
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path.split('/').map(part => (part.includes('%') ? decodeURIComponent(part) : part))
  } catch {
    return undefined
  }
}

/** No file system takes a longer name. */
const MAX_NAME_BYTES = 255

function isName(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file may have one in its name
  return !/[/\\\0-\x1f]/.test(part) && (part.length < 80 || Buffer.byteLength(part) <= MAX_NAME_BYTES)
}

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

// Articles → those that can be published side by side, and an error for each of the others: two with one id or one address,
// or one whose page would take the place of another file.

/** Those that say where an article is. */
export const ADDRESS_FIELDS = ['url', 'slug'] as const

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
      return (at < parts.length - 1 && /\.html?$/i.test(part)) || names!.has(decoded(part).toLowerCase())
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

function decoded(part: string): string {
  try {
    return decodeURIComponent(part).normalize()
  } catch {
    return part
  }
}
