// Articles → those whose pages take no other file's place, and an error for each of the others: a page that cannot stand
// at its address would be in every feed with a link to something else.

import { join } from 'node:path'
import type { Article, Diagnostic, Publication } from '../../model.ts'
import { spellingsOf } from '../articles/fields.ts'
import { frontMatterLine } from '../articles/front-matter-line.ts'
import { CHANNEL_FOLDERS } from './channels.ts'
import { pagePath } from './page-path.ts'
import { ARCHIVE, CHANNEL_FILES, openGround, RESERVED } from './reserved-paths.ts'

/** @param paths of all files in `articles/`, relative to the publication's folder */
export function leaveOutMisplaced(
  articles: Article[],
  publication: Publication,
  paths: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): Article[] {
  const { url: home, dir } = publication
  if (!publication.articles.pages) return articles
  const mayStandElsewhere = suspicion(home, paths)
  const suspects = new Set(articles.filter(article => mayStandElsewhere(article.url)))
  if (suspects.size === 0) return articles
  const ground = openGround({ publication, articles }, copied(paths))
  for (const article of articles) {
    const path = suspects.has(article) || !hasAddress(article) ? undefined : pagePath(article.url, home)
    if (path !== undefined) ground.take(path)
  }
  return articles.filter(article => {
    const path = suspects.has(article) && hasAddress(article) ? pagePath(article.url, home) : undefined
    if (path === undefined) return true
    const rival = ground.rivalOf(path)
    if (rival === undefined) ground.take(path)
    else report(problem(article, rival, dir))
    return rival === undefined
  })
}

/** Nobody is told of a draft what it will collide with. */
function hasAddress({ state }: Article): boolean {
  return state !== 'draft' && state !== 'expired'
}

function problem({ file, url }: Article, rival: string, dir: string): Diagnostic {
  return {
    file,
    line: frontMatterLine(join(dir, file), [...spellingsOf('url'), ...spellingsOf('slug')]),
    rule: 'page-address',
    severity: 'error',
    message: `its address ${url} is where ${rival} stands`,
    advice: 'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
  }
}

/** Tells at a glance of nearly all addresses that nothing else can stand there. */
function suspicion(home: string, paths: readonly string[]): (url: string) => boolean {
  const tops = new Set(
    [...RESERVED, ARCHIVE, ...CHANNEL_FILES, ...CHANNEL_FOLDERS, ''].map(path => path.split('/')[0]!),
  )
  let names: ReadonlySet<string> | undefined
  return url => {
    const end = url.indexOf('/', home.length)
    const top = url.slice(home.length, end === -1 ? undefined : end)
    // `%72ss.xml` is a way to write it; letters of other scripts are %80 and above.
    if (tops.has(top.toLowerCase()) || /%[0-7]/.test(top)) return true
    if (!url.includes('.', home.length)) return false
    // The page at `/images/a.png/` would need a folder where the picture lies.
    names ??= new Set(copied(paths).map(path => nameOf(path)))
    const parts = url.slice(home.length).split('/')
    return parts.some((part, at) => {
      if (!part.includes('.')) return false
      return (at < parts.length - 1 && /\.html?$/i.test(part)) || names!.has(decoded(part).toLowerCase())
    })
  }
}

/** The publication's own files, as they would be copied. One that is a page may never be shown. */
function copied(paths: readonly string[]): string[] {
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
