// Slug, permalink, pattern → where an article is, and its id: a slug, an absolute URL on the publication's own host, and a
// tag: URI.

import { cutShort, decodePath, lookUpTable, oneLine, parseUrl, portableName } from '../../base/index.ts'
import type { Author, Publication, Section, Timestamp } from '../../model.ts'
import { webAddress } from '../text-values.ts'
import {
  docusaurusPath,
  encode,
  fileSlug,
  hugoPath,
  languageFolder,
  pagePath,
  pathPlace,
  pelicanSlug,
  toSlug,
  zolaPath,
} from './paths.ts'
import { type FrontMatter, quote, scalar } from './read-front-matter.ts'

export interface AddressParts {
  /** Relative to the publication's folder. */
  readonly file: string
  readonly categories: readonly string[]
  /** As folders of an address: Jekyll takes `categories: jekyll update` for two. */
  readonly categoryFolders: readonly string[]
  readonly date: Timestamp
  readonly section: Section | undefined
  readonly authors: readonly Author[]
}

/** @param name of the file @returns also, for an address on another host, what the article is a link to */
export function articleAddress(
  front: FrontMatter,
  name: string,
  title: string,
  parts: AddressParts,
): { slug: string; url: string; source?: string | undefined } {
  const given = scalar(front.values.slug)
  // Docusaurus: a slug that begins with a slash is a path on the site.
  const isPath = given !== undefined && /^\/[^/]/.test(given.trim())
  const { url: pattern } = front.publication.articles
  // Docusaurus has a slug in place of the date as well.
  const isBelow = pattern.includes('{docusaurus_path}')
  const below = isBelow ? given?.trim().replace(/^\/+/, '') : undefined
  const ofTitle = pattern.includes('{pelican_slug}') ? pelicanSlug(title) || name : name
  const slug = fileSlug(
    (isPath || isBelow ? given?.replace(/\/+$/, '').replace(/^.*\//, '') : given) ?? ofTitle,
  )
  const asked = below
    ? fillPlaces(
        pattern.replace('{docusaurus_path}', () => below),
        slug,
        parts,
      )
    : isPath
      ? given
      : undefined
  const written = scalar(front.values.url) ?? asked
  const source = written === undefined ? undefined : foreignAddress(oneLine(written), front)
  const { publication } = front
  const permalink =
    written === undefined || source
      ? undefined
      : filledPermalink(oneLine(written), front, { name, slug, title, parts })
  const own = permalink === undefined ? undefined : fromPermalink(permalink, front)
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
      `its address ${cutShort(url, 120)} is not a possible file name`,
      'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
    )
  return { slug, url, source }
}

/** Chirpy's `media_subpath: /images/harbour/`, for relative paths. */
export function mediaFolder(extra: Readonly<Record<string, unknown>>): string | undefined {
  const folder = (scalar(extra.media_subpath) ?? scalar(extra.img_path))?.trim().replace(/\/*$/, '')
  return folder === undefined || folder === '' || /^[a-z]+:|^\/\//i.test(folder)
    ? undefined
    : `/${folder.replace(/^\/+/, '')}`
}

/** By the pattern of the settings. */
export function articleUrl(publication: Publication, slug: string, parts: AddressParts): string {
  const { articles, url } = publication
  const folder = articles.url.includes('{hugo_path}') ? languageFolder(parts.file, publication) : ''
  return expand(folder + articles.url, slug, url, parts)
}

/** @param pattern a whole address, or a tag: 'https://old.example/{year}/{slug}/' */
function fillPattern(pattern: string, slug: string, parts: AddressParts): string {
  return encodeURI(decodePath(fillPlaces(pattern, slug, parts))).replace(/(?<!^https?:)\/{2,}/g, '/')
}

/**
 * The id by a pattern. Where it is the pattern of addresses without its ending, as Jekyll's feeds have it, that of an article
 * with an address of its own is made of that: its folder, and the slug.
 */
export function patternId(publication: Publication, url: string, slug: string, parts: AddressParts): string {
  const { idPattern = '', url: pattern } = publication.articles
  const isJekylls = idPattern === publication.url + pattern.slice(1).replace(/(?:\/|\.html?)$/, '')
  if (!isJekylls || url === articleUrl(publication, slug, parts)) return fillPattern(idPattern, slug, parts)
  return new URL('.', url.replace(/\/$/, '')).href + encodeURI(slug)
}

/** Link posts name what they are about: `url: https://elsewhere.example/x`. */
function foreignAddress(text: string, { publication, keyOf }: FrontMatter): string | undefined {
  if (keyOf('url')?.toLowerCase() !== 'url') return undefined
  const address = webAddress(text)
  return address && address.host !== new URL(publication.url).host ? address.href : undefined
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
  { file, categories, categoryFolders, date, section, authors }: AddressParts,
): string {
  const day = new Date(date.at + date.offset * 60_000)
  const parts = partsOf(pattern)
  let filled = parts[0]!
  for (let at = 1; at < parts.length; at += 2) {
    const place = parts[at]!
    let text = ''
    if (place === 'slug' || place === 'pelican_slug') text = slug
    else if (/path$/.test(place) || place === 'categories') {
      if (place === 'path') text = pathPlace(file, slug)
      else if (place === 'hugo_path') text = hugoPath(file, slug)
      else if (place === 'docusaurus_path') text = docusaurusPath(file)
      else if (place === 'zola_path') text = zolaPath(file, slug)
      else text = categoryFolders.map(each => encode(portableName(toSlug(each.toLowerCase())))).join('/')
      filled += text + parts[at + 1]!
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
  if (decodePath(path).split('/').includes('..')) return void refuse('leads out of the site')
  const address = new URL(`./${path.replace(/^\/+/, '')}`, url).href
  return address.startsWith(url) ? address : void refuse('leads out of the site')
}

// ─── Permalinks that are patterns ────────────────────────────────────────────────────────────────────────────────────
//
// `permalink: "/blog/{{ page.fileSlug }}/"` of Eleventy, `/:categories/:title/` of Jekyll, `/:year/:slug/` of Hugo → a path.

interface PatternParts {
  /** Of the file. */
  readonly name: string
  readonly slug: string
  readonly title: string
  readonly parts: AddressParts
}

/** @returns undefined, and a problem reported, where a part of it is not known: then the settings' pattern rules */
function filledPermalink(permalink: string, front: FrontMatter, known: PatternParts): string | undefined {
  const pattern = JEKYLL_STYLES[permalink.toLowerCase()] ?? permalink
  if (!/\{[{%]|(?:^|[/-]):[a-z]/.test(pattern)) return permalink
  let unknown: string | undefined
  const fill = (whole: string, value: string | undefined) => {
    if (value === undefined) unknown ??= whole
    return value ?? ''
  }
  const filled = pattern
    .replace(/\{\{-?\s*(.*?)\s*-?\}\}|\{%.*?%\}/g, (whole, expression?: string) =>
      fill(whole, expression === undefined ? undefined : eleventyValue(expression, front, known)),
    )
    .replace(/(?<=^|[/-]):([a-z_]+)/g, (whole, place: string) => fill(whole, jekyllPlace(place, known)))
  if (unknown === undefined) return filled.replace(/\/{2,}/g, '/').replace(/(?<=\/)index\.html$/, '')
  front.problem(
    'url',
    'warning',
    'article-address',
    `${quote(permalink)} is a pattern of another tool's, and ${unknown} in it has no meaning here: the pattern of the settings counts`,
    'Write the path itself: `permalink: /2026/harbour/`, or a pattern for all: `articles: { url: /blog/{slug}/ }` in publication.yaml.',
  )
  return undefined
}

const JEKYLL_STYLES = lookUpTable({
  date: '/:categories/:year/:month/:day/:title.html',
  pretty: '/:categories/:year/:month/:day/:title/',
  none: '/:categories/:title.html',
})

function jekyllPlace(place: string, { name, slug, title, parts }: PatternParts): string | undefined {
  const day = localDay(parts.date)
  switch (place) {
    case 'title':
    case 'slug':
    case 'slugorfilename':
    case 'slugorcontentbasename':
      return slug
    case 'name':
    case 'filename':
    case 'contentbasename':
      return fileSlug(name)
    case 'slugified_title':
      return fileSlug(title.toLowerCase())
    case 'categories':
      return parts.categoryFolders.map(each => toSlug(each.toLowerCase())).join('/')
    case 'sections':
      return parts.categories.map(each => toSlug(each.toLowerCase())).join('/')
    case 'section':
      return parts.section?.slug
    case 'path':
      return pathPlace(parts.file, slug)
    case 'output_ext':
      return '.html'
    case 'short_year':
      return formatDay(day, '%y')
    case 'i_month':
      return String(day.getUTCMonth() + 1)
    case 'i_day':
      return String(day.getUTCDate())
    case 'year':
      return formatDay(day, '%Y')
    case 'month':
      return formatDay(day, '%m')
    case 'day':
      return formatDay(day, '%d')
  }
  return undefined
}

/** `page.fileSlug`, `title | slugify`, `page.date | date: "%Y/%m"`. */
function eleventyValue(expression: string, front: FrontMatter, known: PatternParts): string | undefined {
  const [first = '', ...filters] = expression.match(/(?:"[^"]*"|'[^']*'|[^|"'])+/g) ?? []
  const name = first.trim()
  const day = localDay(known.parts.date)
  let isDate = /^(?:page\.)?date$/.test(name)
  let value = isDate ? '' : eleventyName(name, front, known)
  for (const filter of filters) {
    const [, called = '', given = ''] = /^\s*(\w+)\s*[:(]?\s*["']?(.*?)["']?\s*\)?\s*$/.exec(filter) ?? []
    if (isDate && /date|time|format|strftime/i.test(called)) {
      value = formatDay(day, given === '' ? '%Y-%m-%d' : given)
      isDate = false
    } else if (/^(?:slug|slugify|url_encode|safe|string|lower|downcase|trim|strip|uniqueSlug)$/i.test(called))
      value = value && (/slug|lower|downcase/i.test(called) ? toSlug(value.toLowerCase()) : value)
    else return undefined
  }
  return isDate ? undefined : value
}

function eleventyName(
  name: string,
  front: FrontMatter,
  { name: file, slug, title, parts }: PatternParts,
): string | undefined {
  const string = /^(["'])([^"']*)\1$/.exec(name)
  if (string) return string[2]
  switch (name.replace(/^page\./, '')) {
    case 'fileSlug':
      return fileSlug(file)
    case 'filePathStem':
      return `/${pathPlace(parts.file, fileSlug(file))}`
    case 'title':
      return title
    case 'slug':
      return slug
    case 'outputFileExtension':
      return 'html'
    case 'lang':
    case 'locale':
      return scalar(front.values.language)
  }
  return Object.hasOwn(front.extra, name) ? scalar(front.extra[name]) : undefined
}

function localDay({ at, offset }: Timestamp): Date {
  return new Date(at + offset * 60_000)
}

/** By the signs of `strftime`, or of the packages that write yyyy and MM. @returns undefined for names of months and the like */
function formatDay(day: Date, format: string): string | undefined {
  const numbers: Readonly<Record<string, string>> = {
    Y: String(day.getUTCFullYear()).padStart(4, '0'),
    y: String(day.getUTCFullYear() % 100).padStart(2, '0'),
    m: String(day.getUTCMonth() + 1).padStart(2, '0'),
    d: String(day.getUTCDate()).padStart(2, '0'),
  }
  const plain = format
    .replace(/%-?([a-zA-Z])/g, (whole, sign: string) => numbers[sign] ?? whole)
    .replace(/y{4}|Y{4}/g, numbers.Y!)
    .replace(/MM/g, numbers.m!)
    .replace(/dd|DD/g, numbers.d!)
  return /[A-Za-z%]/.test(plain) ? undefined : plain
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
