// File name, slug, permalink, pattern → where an article is, and its id: a slug, an absolute URL on the publication's own
// host, and a tag: URI.

import { oneLine, parseUrl, portableName } from '../../base/index.ts'
import type { Article, Author, Publication, Section, Timestamp } from '../../model.ts'
import { pagePath } from '../addresses/page-paths.ts'
import { ARTICLE_EXTENSION } from '../list-folder.ts'
import { webAddress } from '../text-values.ts'
import { type FrontMatter, quote, scalar } from './read-front-matter.ts'

export interface AddressParts {
  /** Relative to the publication's folder. */
  readonly file: string
  readonly categories: readonly string[]
  readonly date: Timestamp
  readonly section: Section | undefined
  readonly authors: readonly Author[]
}

/** @param name of the file @returns also, for an address on another host, what the article is a link to */
export function articleAddress(
  front: FrontMatter,
  name: string,
  parts: AddressParts,
): { slug: string; url: string; source?: string | undefined } {
  const given = scalar(front.values.slug)
  // Docusaurus: a slug that begins with a slash is a path on the site.
  const isPath = given !== undefined && /^\/[^/]/.test(given.trim())
  const slug = fileSlug((isPath ? given.replace(/\/+$/, '').replace(/^.*\//, '') : given) ?? name)
  const written = scalar(front.values.url) ?? (isPath ? given : undefined)
  const source = written === undefined ? undefined : foreignAddress(oneLine(written), front)
  const own = written === undefined || source ? undefined : fromPermalink(oneLine(written), front)
  const { publication } = front
  const url = own ?? articleUrl(publication, slug, parts)
  // What a file's name gives is one that a file can have.
  if (
    publication.articles.pages &&
    (own !== undefined || slug.length >= 80) &&
    pagePath(url, publication.url) === undefined
  )
    front.problem(
      own === undefined ? 'slug' : 'url',
      'error',
      'page-address',
      `its address ${url} is not a possible file name`,
      'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
    )
  return { slug, url, source }
}

/** The slug of an article that has none of its own. */
export function fileSlug(name: string): string {
  return portableName(toSlug(name) || 'article')
}

/** Paths at which the article was before: `aliases:`, `redirect_from:`. Obsidian's aliases are names, and none of them. */
export function formerAddresses({ extra, url }: Article): string[] {
  const given = FORMER_KEYS.flatMap(key => extra[key] ?? [])
  if (given.length === 0) return []
  const paths = given.filter(
    (path): path is string => typeof path === 'string' && /^\/(?!\/)[^\s?#\\]*$/.test(path),
  )
  return [...new Set(paths)].filter(path => new URL(path, url).href !== url)
}

const FORMER_KEYS = [
  'aliases',
  'alias',
  'redirect_from',
  'redirectFrom',
  'redirects_from',
  'redirects',
  'old_urls',
]

/** By the pattern of the settings. */
export function articleUrl({ articles, url }: Publication, slug: string, parts: AddressParts): string {
  return expand(articles.url, slug, url, parts)
}

/** @param pattern a whole address, or a tag: 'https://old.example/{year}/{slug}/' */
export function fillPattern(pattern: string, slug: string, parts: AddressParts): string {
  return encodeURI(decoded(fillPlaces(pattern, slug, parts))).replace(/(?<!^https?:)\/{2,}/g, '/')
}

/** Link posts name what they are about: `url: https://elsewhere.example/x`. */
function foreignAddress(text: string, { publication, keyOf }: FrontMatter): string | undefined {
  if (keyOf('url')?.toLowerCase() !== 'url') return undefined
  const address = webAddress(text)
  return address && address.host !== new URL(publication.url).host ? address.href : undefined
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

function expand(pattern: string, slug: string, base: string, address: AddressParts): string {
  const filled = fillPlaces(pattern, slug, address)
  // A place that is empty takes its slash with it.
  const path = filled.includes('//') ? filled.replace(/\/{2,}/g, '/') : filled
  // Every place is encoded already; only a pattern's own text may need the slow way.
  return /^[\w/.%~!*'()-]*$/.test(path) ? base + path.slice(1) : new URL(path.slice(1), base).href
}

function fillPlaces(
  pattern: string,
  slug: string,
  { file, categories, date, section, authors }: AddressParts,
): string {
  const day = new Date(date.at + date.offset * 60_000)
  const parts = partsOf(pattern)
  let filled = parts[0]!
  for (let at = 1; at < parts.length; at += 2) {
    const place = parts[at]!
    let text = ''
    if (place === 'slug') text = slug
    else if (place === 'path') {
      filled += pathPlace(file, slug) + parts[at + 1]!
      continue
    } else if (place === 'category') text = portableName(toSlug((categories[0] ?? '').toLowerCase()))
    else if (place === 'i_month') text = String(day.getUTCMonth() + 1)
    else if (place === 'i_day') text = String(day.getUTCDate())
    else if (place === 'section') text = portableName(section?.slug ?? '')
    else if (place === 'year') text = String(day.getUTCFullYear()).padStart(4, '0')
    else if (place === 'month') text = String(day.getUTCMonth() + 1).padStart(2, '0')
    else if (place === 'day') text = String(day.getUTCDate()).padStart(2, '0')
    else if (place === 'author') text = portableName(authors[0]?.id ?? toSlug(authors[0]?.name ?? ''))
    filled += encode(text) + parts[at + 1]!
  }
  return filled
}

/** 'articles/2026/a/index.md' → '2026/a': folders as they are, the name as the slug. */
function pathPlace(file: string, slug: string): string {
  const folders = file.normalize().split('/').slice(1, -1)
  if (/\/index\.\w+$/i.test(file)) folders.pop()
  return [...folders.map(folder => portableName(toSlug(folder))), slug].map(encode).join('/')
}

/** Text and names of places in turn. Remembered, as a folder has one pattern, or one more for ids. */
function partsOf(pattern: string): readonly string[] {
  const known = splitPatterns.get(pattern)
  if (known) return known
  if (splitPatterns.size > 10) splitPatterns.clear()
  const parts = pattern.split(/\{(\w+)\}/)
  splitPatterns.set(pattern, parts)
  return parts
}
const splitPatterns = new Map<string, readonly string[]>()

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

/** What the path of an article's file says of it. */
export interface FileName {
  /** NFC. 'hello' of '2026-01-30-hello.md'; the folder's name when the file is `index.md` (a bundle of Hugo's). */
  readonly name: string
  /** Of the publication's languages, the one that the name or a folder says. */
  readonly language?: string | undefined
  /** '2026-01-30', of the name or of its folders. */
  readonly date?: string | undefined
  /** Its folders name a month, and nothing a day: the date is the first of it. */
  readonly isMonthOnly?: boolean
}

/** @param languages that names and folders may say */
export function readFileName(file: string, languages: readonly string[] = []): FileName {
  const parts = file.normalize().split('/')
  let base = parts.at(-1)!.replace(ARTICLE_EXTENSION, '')
  const language = languages.length === 0 ? undefined : languageOf(base, parts, languages)
  if (language?.isInName) base = base.slice(0, base.lastIndexOf('.'))
  const isIndex = /^index$/i.test(base) && parts.length > 2
  if (isIndex) base = parts.at(-2)!
  const said = language && { language: language.tag }
  const folders = parts.slice(1, isIndex ? -2 : -1)
  // As nearly all are that have no date: a year has four digits.
  if (!/\d{4}/.test(base) && !folders.some(folder => /\d{4}/.test(folder))) return { name: base, ...said }
  const match = /^(\d{4}-\d{1,2}-\d{1,2})(?:[-_\s]+(.*))?$/s.exec(base)
  return match
    ? { name: match[2] || base, date: match[1], ...said }
    : { name: base, ...dateOfPath([...folders, base]), ...said }
}

/** 'fr' of `harbour.fr.md`, `fr/harbour.md`. */
function languageOf(base: string, parts: readonly string[], languages: readonly string[]) {
  const find = (text: string | undefined) =>
    languages.find(tag => tag.toLowerCase() === text?.toLowerCase().replaceAll('_', '-'))
  const inName = find(/\.([a-z]{2,3}(?:[-_][a-z0-9]{2,8})*)$/i.exec(base)?.[1])
  const tag =
    inName ??
    parts
      .slice(1, -1)
      .map(find)
      .find(found => found !== undefined)
  return tag === undefined ? undefined : { tag, isInName: inName !== undefined }
}

/** `20260130-x`, `2026_01_30 x`; `2026-01-30-x/post`, `2026/01/30/x`, `2026/01-30-x`, `2026-01/30-x`; `2026/01/x`. */
function dateOfPath(parts: readonly string[]): { date?: string; isMonthOnly?: boolean } {
  const base = parts.at(-1)!
  const ownDate =
    /^([12]\d{3})([._])(\d{1,2})\2(\d{1,2})(?!\d)/.exec(base)?.filter((_, at) => at !== 2) ??
    /^([12]\d{3})(\d{2})(\d{2})(?!\d)/.exec(base)
  if (ownDate && isDay(ownDate[2]!, ownDate[3]!)) return { date: ownDate.slice(1, 4).join('-') }
  const folder = parts.findLast(part => /^[12]\d{3}-\d{1,2}-\d{1,2}(?!\d)/.test(part))
  if (folder) return { date: /^\d{4}-\d{1,2}-\d{1,2}/.exec(folder)![0] }
  const year = parts.findLastIndex(part => /^(?:19|20)\d{2}(?:[-_.](?:0?[1-9]|1[0-2]))?$/.test(part))
  if (year === -1 || year === parts.length - 1) return {}
  const [named, ownMonth] = parts[year]!.split(/[-_.]/)
  const rest = parts.slice(year + 1)
  const month = ownMonth ?? /^(?:0?[1-9]|1[0-2])(?!\d)/.exec(rest[0]!)?.[0]
  if (month === undefined) return {}
  const behind = ownMonth === undefined ? rest[0]!.slice(month.length) : rest[0]!
  const day = /^[-_.]?(0?[1-9]|[12]\d|3[01])(?:[-_.\s]|$)/.exec(behind === '' ? (rest[1] ?? '') : behind)?.[1]
  if (day !== undefined) return { date: `${named}-${month}-${day}` }
  const isMonthFolder = ownMonth !== undefined || (behind === '' && rest.length > 1)
  return isMonthFolder ? { date: `${named}-${month}-01`, isMonthOnly: true } : {}
}

function isDay(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
}

/**
 * The id of an article that has none of its own. RFC 4151.
 *
 * @param name of the file without date and extension, NFC
 * @param day '2026-01-30', for one whose name another had in that year
 */
export function tagId(idHost: string, date: Timestamp, name: string, day?: string): string {
  const year = new Date(date.at + date.offset * 60_000).getUTCFullYear()
  return `tag:${idHost},${day ?? String(year).padStart(4, '0')}:${escapeAll(name)}`
}

function escapeAll(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  // encodeURIComponent throws on half a surrogate pair, which a file name can hold on Windows.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
}
