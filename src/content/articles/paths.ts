// Path of an article's file → what it says of the article: its name, its date, its language; an address on the publication's
// site → the file below `out/` that a web server answers with, and back; `aliases:`, `redirect_from:` → paths at which an
// article was before; file, slug and title → what the places of an address's pattern hold.

import { oneLine, parseUrl, portableName } from '../../base/index.ts'
import type { Article, Publication } from '../../model.ts'
import { ARTICLE_EXTENSION } from '../list-folder.ts'
import { type FrontMatter, quote } from './read-front-matter.ts'

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

// ─── Addresses on the site ───────────────────────────────────────────────────────────────────────────────────────────

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
  const path = parts.join('/')
  return parts.every(isName) && Buffer.byteLength(path) <= MAX_PATH_BYTES ? path : undefined
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
/** Of a path below `out/`: systems take 1024 to 4096 with all that is before it. */
const MAX_PATH_BYTES = 900

function isName(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file may have one in its name
  return !/[/\\\0-\x1f]/.test(part) && (part.length < 80 || Buffer.byteLength(part) <= MAX_NAME_BYTES)
}

// ─── Former addresses: `aliases:`, `redirect_from:` ──────────────────────────────────────────────────────────────────

const FORMER_KEYS = [
  'aliases',
  'alias',
  'redirect_from',
  'redirectFrom',
  'redirects_from',
  'redirects',
  'old_urls',
] as const

/** @returns paths on the host, encoded, without that of the article itself */
export function formerAddresses({ extra, url }: Pick<Article, 'extra' | 'url'>): readonly string[] {
  if (!hasFormer(extra)) return NONE
  const paths = FORMER_KEYS.flatMap(key =>
    listed(extra[key]).flatMap(text => {
      const former = formerPath(text, key, url)
      return 'path' in former ? [former.path] : []
    }),
  )
  return [...new Set(paths)].filter(path => new URL(path, url).href !== url)
}

/** Nearly no article has any, and ten thousand are asked. */
function hasFormer(extra: Article['extra']): boolean {
  for (const key in extra) if (IS_FORMER.has(key) && extra[key] !== undefined) return true
  return false
}
const IS_FORMER: ReadonlySet<string> = new Set(FORMER_KEYS)
const NONE: readonly string[] = []

export function reportFormerAddresses(front: FrontMatter, url: string): void {
  if (!hasFormer(front.extra)) return
  for (const key of FORMER_KEYS)
    for (const text of listed(front.extra[key])) {
      const former = formerPath(text, key, url)
      if ('why' in former)
        front.problem(
          { key },
          'warning',
          'article-address',
          `${key}: ${quote(text)} ${former.why}: nothing leads on from there`,
          `Write a path on this site: ${key}: [/2026/harbour/]`,
        )
    }
}

function listed(value: unknown): string[] {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).filter(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  )
}

type FormerPath = { readonly path: string } | { readonly why: string } | { readonly isName: true }

/**
 * As jekyll-redirect-from reads it, a path begins at the top of the site; as Hugo does, one of `aliases` without a slash at
 * its front beside the article. Obsidian's aliases are names, and none of them.
 */
function formerPath(text: string, key: (typeof FORMER_KEYS)[number], url: string): FormerPath {
  const given = oneLine(text)
  const isAlias = key === 'aliases' || key === 'alias'
  const isWhole = /^(?:https?:)?\/\//i.test(given)
  if (isAlias && !isWhole && !given.startsWith('/') && !looksLikePath(given)) return { isName: true }
  if (/[?#\\]/.test(given)) return { why: 'has a query or a fragment, and no file can be there' }
  if (given.split('/').includes('..')) return { why: 'leads out of the site' }
  const beside =
    isAlias && !isWhole ? new URL(url.endsWith('/') ? '..' : '.', url).href : new URL('/', url).href
  const address = parseUrl(isWhole || given.startsWith('/') ? given : `./${given}`, beside)
  if (!address) return { why: 'is no address' }
  return address.host === new URL(url).host ? { path: address.pathname } : { why: 'is on another host' }
}

/** `2019/harbour/`, `old-harbour`, `harbour.html`: no name of a thing. */
function looksLikePath(text: string): boolean {
  return /^[^\s/:]+\/\S*$/.test(text) || /^[a-z0-9]+(?:[-_][a-z0-9]+)+$|^\S+\.html?$/.test(text)
}

// ─── Places in the pattern of addresses ──────────────────────────────────────────────────────────────────────────────

/** The slug of an article that has none of its own. */
export function fileSlug(name: string): string {
  return portableName(toSlug(name) || 'article')
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

/** 'articles/2026/a/index.md' → '2026/a': folders as they are, the name as the slug. */
export function pathPlace(file: string, slug: string): string {
  const folders = file.normalize().split('/').slice(1, -1)
  if (/\/index\.\w+$/i.test(file)) folders.pop()
  return [...folders.map(folder => portableName(toSlug(folder))), slug].map(encode).join('/')
}

/**
 * 'articles/2026/Tea Auction.md' → '2026/tea-auction', as Hugo has it: small letters, a date in the name stays, and what is no
 * letter, number or mark of an address goes without a trace.
 */
export function hugoPath(file: string, slug: string): string {
  const folders = file.normalize().split('/').slice(1)
  const base = folders.pop()!.replace(/\.\w+$/, '')
  const own =
    /^index(?:\.[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*)?$/i.test(base) && folders.length > 0 ? folders.pop()! : base
  const last = fileSlug(readFileName(file).name) === slug ? own : slug
  return [...folders, last]
    .map(part =>
      part
        .trim()
        .replace(/\s/g, '-')
        .replace(/[^\p{L}\p{M}\p{N}._~+@-]/gu, '')
        .toLowerCase(),
    )
    .map(part => encode(portableName(part)))
    .join('/')
}

/** 'harbour.fr.md' → '/fr': Hugo's folder of a language that is not the site's own. */
export function languageFolder(file: string, { language, languages = [] }: Publication): string {
  if (languages.length === 0) return ''
  const parts = file.split('/')
  const said = languageOf(parts.at(-1)!.replace(ARTICLE_EXTENSION, ''), parts, languages)
  const tag = said?.isInName ? said.tag.toLowerCase() : ''
  return tag === '' || `${language}-`.toLowerCase().startsWith(`${tag}-`) ? '' : `/${tag}`
}

/**
 * 'articles/news/2026-01-30-tea.md' → '2026/01/30/news/tea', as Docusaurus has what has no slug of its own: a date in the name
 * or the folders comes first, and a name without one is alone.
 */
export function docusaurusPath(file: string): string {
  const path = file.slice(file.indexOf('/') + 1).replace(/(?:\/index)?\.\w+$/i, '')
  const [, folder, day, text] = /^(.*)(?<!\d)(\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(.*)$/.exec(path) ?? []
  return (day === undefined ? path : `${day.replaceAll('-', '/')}/${folder}${text}`)
    .normalize()
    .split('/')
    .filter(part => part !== '')
    .map(part => encode(portableName(part)))
    .join('/')
}

/** 'articles/2026/Tea Début.md' → '2026/tea-debut', as Zola has folders and names: small letters, without accents. */
export function zolaPath(file: string, slug: string): string {
  return pathPlace(file, slug)
    .split('/')
    .map(part => {
      const plain = withoutAccents(decodeURIComponent(part)).replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      return encode(portableName(plain.replace(/^-|-$/g, '').toLowerCase()))
    })
    .join('/')
}

function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize()
}

/** 'Tea: a début' → 'tea-a-debut', as Pelican has what has no slug of its own. */
export function pelicanSlug(title: string): string {
  return withoutAccents(title)
    .replace(/[^\p{L}\p{M}\p{N}_\s-]/gu, '')
    .trim()
    .replace(/[-\s]+/g, '-')
    .toLowerCase()
}

export function encode(text: string): string {
  return /^[\w-]*$/.test(text) ? text : encodeURIComponent(text)
}
