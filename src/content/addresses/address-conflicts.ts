// Articles → those that can be published side by side, and an error for each of the others: two with one id or one address,
// or one whose page would take the place of another file.

import { join } from 'node:path'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { frontMatterLine } from '../articles/read-front-matter.ts'
import { CHANNEL_FOLDERS, newestFirst } from './channels.ts'
import { ARCHIVE_FOLDER, CHANNEL_FILES, PROGRAM_FILES, pagePath, reservedPaths } from './page-paths.ts'

/**
 * @param articles in the order of their paths
 * @param paths of all files in `articles/`, relative to the publication's folder
 * @returns newest first
 */
export function leaveOutConflicts(
  articles: readonly Article[],
  publication: Publication,
  paths: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): Article[] {
  const single = leaveOutDoubles(articles, publication, report).sort(newestFirst)
  return leaveOutMisplaced(single, publication, paths, report)
}

/** Those that say where an article is. */
const ADDRESS_FIELDS = ['url', 'slug'] as const

/** Of two with one id or one address the first by path stays; a draft gives way to what is not one. */
function leaveOutDoubles(
  articles: readonly Article[],
  { dir }: Publication,
  report: (diagnostic: Diagnostic) => void,
): Article[] {
  if (areSingle(articles)) return [...articles]
  const ids = new Map<string, Article>()
  const addresses = new Map<string, Article>()
  const ordered = [
    ...articles.filter(({ state }) => state !== 'draft'),
    ...articles.filter(({ state }) => state === 'draft'),
  ]

  return ordered.filter(article => {
    const place = addressKey(article.url)
    const sameId = ids.get(article.id)
    const samePlace = addresses.get(place)
    if (!sameId && !samePlace) {
      ids.set(article.id, article)
      addresses.set(place, article)
      return true
    }
    const first = (sameId ?? samePlace)!
    report({
      file: article.file,
      line: frontMatterLine(join(dir, article.file), sameId ? ['id'] : ADDRESS_FIELDS),
      rule: sameId ? 'article-id' : 'article-address',
      severity: 'error',
      message: sameId
        ? `has the id of ${first.file}: ${article.id}`
        : `has the address of ${first.file}: ${article.url}`,
      advice: sameId
        ? 'Give one of the two an `id:` of its own, or another file name.'
        : 'Give one of the two another `slug:`.',
    })
    return false
  })
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

/**
 * A page that cannot be at its address would be in every feed with a link to something else.
 *
 * @param paths of all files in `articles/`, relative to the publication's folder
 */
function leaveOutMisplaced(
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
    message: `its address ${url} is where ${rival} stands`,
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
    .filter(path => !/\.(?:md|markdown|ya?ml|html?)$/i.test(path))
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
