// File name, slug, permalink, pattern → where an article is, and its id: a slug, an absolute URL on the publication's own
// host, and a tag: URI.

import { oneLine, parseUrl, portableName } from '../../base/index.ts'
import type { Author, Section, Timestamp } from '../../model.ts'
import { pagePath } from '../addresses/page-paths.ts'
import { type FrontMatter, quote, scalar } from './read-front-matter.ts'

interface Parts {
  readonly name: string
  readonly date: Timestamp
  readonly section: Section | undefined
  readonly authors: readonly Author[]
}

export function articleAddress(front: FrontMatter, parts: Parts): { slug: string; url: string } {
  const given = scalar(front.values.slug)
  const slug = portableName(toSlug(given ?? parts.name) || 'article')
  const permalink = scalar(front.values.url)
  const own = permalink === undefined ? undefined : fromPermalink(oneLine(permalink), front)
  const { url: home, articles } = front.publication
  const url = own ?? expand(articles.url, slug, home, parts)
  // What a file's name gives is one that a file can have.
  if (articles.pages && (own !== undefined || slug.length >= 80) && pagePath(url, home) === undefined)
    front.problem(
      own === undefined ? 'slug' : 'url',
      'error',
      'page-address',
      `its address ${url} is no name that a file can have`,
      'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
    )
  return { slug, url }
}

/**
 * One path segment in any script: NFC, without what means something in a path, an address or a file system.
 *
 * @returns '' when nothing is left
 */
export function toSlug(text: string): string {
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text)) return text
  return oneLine(text.normalize())
    .replace(/\.html?$/i, '')
    .replace(/[\s/\\?#%&:;*"'`<>|^{}[\]()@=+$,!~\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
}

function expand(pattern: string, slug: string, base: string, { date, section, authors }: Parts): string {
  const day = new Date(date.at + date.offset * 60_000)
  const parts = partsOf(pattern)
  let filled = parts[0]!
  for (let at = 1; at < parts.length; at += 2) {
    const place = parts[at]!
    let text = ''
    if (place === 'slug') text = slug
    else if (place === 'section') text = portableName(section?.slug ?? '')
    else if (place === 'year') text = String(day.getUTCFullYear()).padStart(4, '0')
    else if (place === 'month') text = String(day.getUTCMonth() + 1).padStart(2, '0')
    else if (place === 'day') text = String(day.getUTCDate()).padStart(2, '0')
    else if (place === 'author') text = portableName(authors[0]?.id ?? toSlug(authors[0]?.name ?? ''))
    filled += encode(text) + parts[at + 1]!
  }
  // A place that is empty takes its slash with it.
  const path = filled.includes('//') ? filled.replace(/\/{2,}/g, '/') : filled
  // Every place is encoded already; only a pattern's own text may need the slow way.
  return /^[\w/.%~!*'()-]*$/.test(path) ? base + path.slice(1) : new URL(path.slice(1), base).href
}

/** Text and names of places in turn. Remembered, as a folder has one pattern. */
function partsOf(pattern: string): readonly string[] {
  if (pattern !== lastPattern.pattern) lastPattern = { pattern, parts: pattern.split(/\{(\w+)\}/) }
  return lastPattern.parts
}
let lastPattern: { pattern: string; parts: readonly string[] } = { pattern: '', parts: [''] }

function encode(text: string): string {
  return /^[\w-]*$/.test(text) ? text : encodeURIComponent(text)
}

/** An absolute path on the site, or an absolute URL of its host. */
function fromPermalink(permalink: string, front: FrontMatter): string | undefined {
  const { url } = front.publication
  const refuse = (why: string) =>
    front.problem(
      'url',
      'error',
      'article-address',
      `${quote(permalink)} ${why}`,
      'Write a path on this site: /2026/harbour/',
    )

  // `permalink: "/{{ page.fileSlug }}/"` of Eleventy, `/:categories/:title/` of Jekyll: the pattern of the settings rules.
  if (/\{\{|\{%|(?:^|\/):[a-z]/.test(permalink)) return undefined
  let path = permalink
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(permalink)) {
    const address = parseUrl(permalink, url)
    if (!address) return void refuse('is no address')
    const home = new URL(url)
    if (!/^https?:$/.test(address.protocol) || address.host !== home.host)
      return void refuse(`is not on ${home.host}`)
    if (!address.pathname.startsWith(home.pathname)) return void refuse(`is not below ${home.pathname}`)
    if (address.search || address.hash) return void refuse('has a query or a fragment')
    path = address.pathname.slice(home.pathname.length - 1)
  }
  if (/[?#\\]/.test(path)) return void refuse('is no path')
  if (decoded(path).split('/').includes('..')) return void refuse('leads out of the site')
  const address = new URL(`./${path.replace(/^\/+/, '')}`, url).href
  return address.startsWith(url) ? address : void refuse('leads out of the site')
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Of an article's file, without date and extension. */
export interface FileName {
  /** NFC. 'hello' of '2026-01-30-hello.md'; the folder's name when the file is `index.md` (a bundle of Hugo's). */
  readonly name: string
  /** '2026-01-30' */
  readonly date?: string | undefined
}

export function readFileName(file: string): FileName {
  const parts = file.normalize().split('/')
  let base = parts.at(-1)!.replace(/\.(?:md|markdown)$/i, '')
  if (/^index$/i.test(base) && parts.length > 2) base = parts.at(-2)!
  // As nearly all are that have no date.
  if (!/^\d{4}-/.test(base)) return { name: base }
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:[-_\s]+(.*))?$/s.exec(base)
  return match ? { name: match[2] || base, date: match[1] } : { name: base }
}

/**
 * The id of an article that has none of its own. RFC 4151.
 *
 * @param name of the file without date and extension, NFC
 */
export function tagId(idHost: string, date: Timestamp, name: string): string {
  const year = new Date(date.at + date.offset * 60_000).getUTCFullYear()
  return `tag:${idHost},${String(year).padStart(4, '0')}:${escapeAll(name)}`
}

function escapeAll(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  // encodeURIComponent throws on half a surrogate pair, which a file name can hold on Windows.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
