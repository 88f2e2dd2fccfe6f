// Slug, permalink, pattern → where an article stands: a slug and an absolute URL on the publication's own host.

import { oneLine, parseUrl, portableName } from '../../base/index.ts'
import type { Author, Section, Timestamp } from '../../model.ts'
import { pagePath } from '../addresses/page-path.ts'
import { type Draft, quote, scalar } from './article-context.ts'

export interface Parts {
  readonly name: string
  readonly date: Timestamp
  readonly section: Section | undefined
  readonly authors: readonly Author[]
}

export function articleAddress(draft: Draft, parts: Parts): { slug: string; url: string } {
  const given = scalar(draft.values.slug)
  const slug = portableName(toSlug(given ?? parts.name) || 'article')
  const permalink = scalar(draft.values.url)
  const own = permalink === undefined ? undefined : fromPermalink(oneLine(permalink), draft)
  const { url: home, articles } = draft.publication
  const url = own ?? expand(articles.url, slug, home, parts)
  // What a file's name gives is one that a file can have.
  if (articles.pages && (own !== undefined || slug.length >= 80) && pagePath(url, home) === undefined)
    draft.problem(
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

/** Text and names of places in turn: a folder has one pattern. */
function partsOf(pattern: string): readonly string[] {
  if (pattern !== split.pattern) split = { pattern, parts: pattern.split(/\{(\w+)\}/) }
  return split.parts
}
let split: { pattern: string; parts: readonly string[] } = { pattern: '', parts: [''] }

function encode(text: string): string {
  return /^[\w-]*$/.test(text) ? text : encodeURIComponent(text)
}

/** An absolute path on the site, or an absolute URL of its host. */
function fromPermalink(permalink: string, draft: Draft): string | undefined {
  const { url } = draft.publication
  const refuse = (why: string) =>
    draft.problem(
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
