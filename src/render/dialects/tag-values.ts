// `{{ site.baseurl }}`, `{{ "/x/" | relative_url }}`, `{{ page.title }}`: the value that is written so, where it is known.
// And the arguments of a tag.

import { isFieldKey } from '../../content/index.ts'
import type { Article, Publication } from '../../model.ts'
import type { Scan } from './scan.ts'

export interface Values {
  /** 'site.title', 'page.title', and what the settings call variables. */
  value(name: string): string | undefined
  /** The same of any value, null for one that is known to be none. */
  fact(name: string): Fact | undefined
}

export interface TagSettings extends Values {
  /** What Markdown becomes where none is read. */
  readonly toHtml?: ((markdown: string) => string) | undefined
  /** Whether the whole text is HTML. */
  readonly isHtml?: boolean
  /** A part of the text, once more, with values of its own: what is between a loop's tag and its end. */
  readonly part?: ((text: string, values: Values) => string) | undefined
  /** Puts a file in that a tag asks for; undefined where none does. @returns where the text goes on */
  readonly files?: { tag(at: number, end: number, call: TagCall, isKnown: boolean): number | undefined }
  /** What a template of the publication's own makes of a tag, if there is one of that name. */
  readonly shortcode?: ((name: string, data: ShortcodeData) => string | undefined) | undefined
}

export interface ShortcodeData {
  /** What was given without a name. */
  readonly args: readonly string[]
  readonly named: Readonly<Record<string, string>>
  /** Between the tag and the one that closes it. */
  readonly inner: string
}

export interface Fact {
  readonly value: unknown
}

/** `assign x = "y"`, `set x = 3` → the name and the value, undefined where that is not known. */
export function assignmentOf(content: string, values: Values): [name: string, value: unknown] | undefined {
  const [, name, given] = /^(?:assign|set)\s+([\w.-]+)\s*=\s*([\s\S]+)$/.exec(content) ?? []
  if (name === undefined || given === undefined) return undefined
  const number = /^-?\d{1,15}$/.test(given) ? Number(given) : undefined
  return [name, number ?? listOf(given, values) ?? outputOf(given, values)]
}

/** @param assigned by the text itself; undefined for what is not known */
export function withAssigned(values: Values, assigned: ReadonlyMap<string, unknown>): Values {
  function fact(name: string): Fact | undefined {
    const dot = name.indexOf('.')
    const first = dot === -1 ? name : name.slice(0, dot)
    if (!assigned.has(first)) return values.fact(name)
    const value = dot === -1 ? assigned.get(first) : inner({ [first]: assigned.get(first) }, name)
    return value === undefined ? undefined : { value }
  }
  return {
    value: name => (assigned.has(name.split('.')[0]!) ? textOfFact(fact(name)) : values.value(name)),
    fact,
  }
}

/** They mean the top of the site, which an address that begins with a slash starts from. */
const TOP =
  /^(?:site\.)?(?:base_?url|url|base_?path|root|prefix)$|^(?:SITE|BASE)_URL$|^metadata\.url$|^config\.(?:base_url|root|url)$/i

export const STRING = /^(?:"([^"]*)"|'([^']*)'|`([^`]*)`)$/

export function outputOf(expression: string, values: Values): string | undefined {
  const [first, ...filters] = partsOf(expression)
  let value = valueIn(first!.trim(), values)
  for (const filter of filters) {
    const [, name, given] = /^\s*(\w+)\s*:?\s*([\s\S]*)$/.exec(filter) ?? []
    // When the site is built: of the same text the same is to be made tomorrow.
    if (name === 'date' && /^(?:now|today)$/.test(value ?? '')) value = undefined
    else if (name === 'default' && (value === undefined || value === ''))
      value = valueIn(given!.trim(), values)
    else if (value !== undefined && name && name in FILTERS)
      value = FILTERS[name]!(value, given ? (valueIn(given.trim(), values) ?? '') : '')
    // A filter of the site's own that shows a time in some way.
    else if (value !== undefined && /date/i.test(name ?? '')) value = formatDate(value, '%d %B %Y')
  }
  return value
}

/** `"a, b" | split: ", "`, `page.tags` */
function listOf(expression: string, values: Values): readonly unknown[] | undefined {
  const named = /^[\w.-]+$/.test(expression) ? values.fact(expression)?.value : undefined
  if (Array.isArray(named)) return named.slice(0, MAX_ITEMS)
  const found = /^([\s\S]*?)\|\s*split\s*:\s*(?:"([^"]+)"|'([^']+)')\s*$/.exec(expression)
  const text = found ? outputOf(found[1]!.trim(), values) : undefined
  return text?.split(found![2] ?? found![3]!).slice(0, MAX_ITEMS)
}

const MAX_ITEMS = 500

/** `for x in page.list limit: 3` → what is known in each round; undefined where it is not known what is in the list. */
export function loopOf(content: string, values: Values): readonly Values[] | undefined {
  const found =
    /^for\s+(\w+)\s+in\s+(?:([\w.-]+)|\((\d{1,4})\.\.(\d{1,4})\))((?:\s+(?:reversed|(?:limit|offset)\s*:\s*\d+))*)$/.exec(
      content,
    )
  if (!found) return undefined
  const [, name, list, low, high, options] = found
  const from = Number(low)
  const known = list
    ? values.fact(list)?.value
    : Array.from({ length: Math.max(0, Number(high) - from + 1) }, (_, at) => from + at)
  if (!Array.isArray(known) || known.length > MAX_ITEMS) return undefined
  const option = (word: string) =>
    Number(new RegExp(`${word}\\s*:\\s*(\\d+)`).exec(options!)?.[1] ?? Number.NaN)
  const start = option('offset') || 0
  const count = option('limit')
  const items = known.slice(start, Number.isNaN(count) ? undefined : start + count) as unknown[]
  if (/\breversed\b/.test(options!)) items.reverse()
  return items.map((item, at) => {
    const forloop = { index: at + 1, index0: at, first: at === 0, last: at === items.length - 1 }
    return withAssigned(values, new Map<string, unknown>(Object.entries({ [name!]: item, forloop })))
  })
}

function valueIn(text: string, values: Values): string | undefined {
  const string = STRING.exec(text)
  if (string) return string[1] ?? string[2] ?? string[3]
  if (TOP.test(text)) return ''
  return values.value(
    text.replace(/^\$?frontmatter\./, 'page.').replace(/^\.(?:Page\.)?(?:Params\.)?/, 'page.'),
  )
}

const FILTERS: Readonly<Record<string, (value: string, given: string) => string>> = {
  prepend: (value, given) => given + value,
  append: (value, given) => value + given,
  upcase: value => value.toUpperCase(),
  downcase: value => value.toLowerCase(),
  upper: value => value.toUpperCase(),
  lower: value => value.toLowerCase(),
  strip: value => value.trim(),
  trim: value => value.trim(),
  capitalize: value => value.slice(0, 1).toUpperCase() + value.slice(1),
  slugify: value =>
    value
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, ''),
  date: (value, given) => formatDate(value, given === '' ? '%Y-%m-%d' : given),
  date_to_string: value => formatDate(value, '%d %b %Y'),
  date_to_long_string: value => formatDate(value, '%d %B %Y'),
}

/** By the signs of `strftime`; what is no time stays as it is. */
function formatDate(value: string, format: string): string {
  const day = /^\d{4}-\d{2}-\d{2}/.test(value)
    ? new Date(`${value.slice(0, 19)}${value.length > 10 ? 'Z' : ''}`)
    : undefined
  if (!day || Number.isNaN(day.getTime()) || !format.includes('%')) return value
  const word = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en', { ...style, timeZone: 'UTC' }).format(day)
  const two = (number: number) => String(number).padStart(2, '0')
  const signs: Readonly<Record<string, () => string>> = {
    Y: () => String(day.getUTCFullYear()),
    y: () => two(day.getUTCFullYear() % 100),
    m: () => two(day.getUTCMonth() + 1),
    d: () => two(day.getUTCDate()),
    e: () => String(day.getUTCDate()),
    H: () => two(day.getUTCHours()),
    M: () => two(day.getUTCMinutes()),
    B: () => word({ month: 'long' }),
    b: () => word({ month: 'short' }),
    A: () => word({ weekday: 'long' }),
    a: () => word({ weekday: 'short' }),
  }
  return format.replace(/%(-?)([A-Za-z])/g, (whole, bare: string, sign: string) => {
    const text = Object.hasOwn(signs, sign) ? signs[sign]!() : whole
    return bare === '-' ? text.replace(/^0/, '') : text
  })
}

/** At each `|` that is in no string. */
function partsOf(expression: string): string[] {
  const parts = expression.match(/(?:"[^"]*"|'[^']*'|`[^`]*`|[^|"'`]|["'`])+/g)
  return parts ?? ['']
}

/** What a tag of a name becomes. */
export type Meaning =
  /** Stands for a text. @returns undefined where it says nothing of what it stands for */
  | { readonly kind: 'text'; make(call: TagCall, fact: Values['fact']): string | undefined }
  /** Says something to its own tool only. */
  | { readonly kind: 'nothing' }
  /** What is between it and its end is not Markdown. */
  | {
      readonly kind: 'verbatim'
      readonly isRemark?: true
      /** Without an end it says something to its own tool only. */
      readonly isOptional?: true
      /** It stays where and as it was. */
      readonly isAsItIs?: true
      make(inner: string, call: TagCall, isBlock: boolean, scan: Scan): string
    }
  /** What is between it and its end is Markdown. */
  | {
      readonly kind: 'region'
      region(call: TagCall): {
        open?: string
        close?: string
        around?: readonly [before: string, after: string]
      }
      /** Without an end. */
      alone?(call: TagCall, fact: Values['fact']): string | undefined
      /** Means something only with an end: else it is unknown. */
      readonly isNamed?: true
    }

export interface TagCall {
  readonly name: string
  readonly args: readonly string[]
  readonly named: Readonly<Record<string, string>>
  /** What is behind the name, as it was written. */
  readonly rest: string
}

const ARGUMENT =
  /(?:--)?(?:([A-Za-z_][\w-]*)\s*(?:=|:(?!\/\/))\s*)?(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|([^\s,"'`()]+))/g

/** @param content of a tag, without its signs */
export function callOf(name: string, content: string): TagCall {
  const rest = content
    .slice(name.length)
    .replace(/(?:^|(?<=[\s"']))\/$/, '')
    // Jekyll's `{% picture a.jpg --alt Two words --link /x/ %}`.
    .replace(/(?<=\s)--([a-z]+)\s+(?=[^\s"'-])([^"]{1,300}?)(?=\s+--|\s*$)/g, '$1="$2"')
    .trim()
  const args: string[] = []
  const named: Record<string, string> = Object.create(null)
  // Hexo's themes: `{% image a.png, alt=Two words, width=40px %}`.
  if (/,\s*[A-Za-z-]+=(?!["'])/.test(rest) && !/["']/.test(rest)) {
    for (const part of rest.slice(0, 5000).split(/\s*,\s*/)) {
      const [, key, value] = /^([A-Za-z-]+)=(.*)$/.exec(part) ?? []
      if (key === undefined) args.push(...part.split(/\s+/).filter(Boolean))
      else named[key.toLowerCase()] = value!
    }
    return { name, args, named, rest }
  }
  for (const [, key, double, single, back, bare] of rest.slice(0, 5000).matchAll(ARGUMENT)) {
    const value = (double ?? single ?? back ?? bare ?? '').replace(/\\(["'])/g, '$1')
    if (key === undefined) args.push(value)
    else named[key.toLowerCase()] = value
  }
  return { name, args, named, rest }
}

/** In code, all tags are text, but for those that only say so. */
export function unescapeTags(code: string): string {
  if (!code.includes('{')) return code
  // One by itself is what the code is about.
  const isPair = /\{%-?\s*(?:raw|verbatim)\s*-?%\}[\s\S]*\{%-?\s*end(?:raw|verbatim)\s*-?%\}/.test(code)
  const shown = isPair ? code.replace(/\{%-?\s*(?:raw|verbatim|endraw|endverbatim)\s*-?%\}/g, '') : code
  return shown.replace(/(\{\{[<%])\/\*([\s\S]{0,1000}?)\*\/([>%]\}\})/g, '$1$2$3')
}

export function nameOf(content: string): string {
  return /^[\w.][\w./-]*/.exec(content)?.[0].replace(/[./-]+$/, '') ?? ''
}

// ─── What is known ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What `{{ site.title }}` and `{% if page.toc %}` ask for: the settings, those of the site's own tool, the front matter. */
export function factOf(
  name: string,
  publication: Publication,
  article: Article | undefined,
): Fact | undefined {
  const [, scope, key] =
    /^(?:(site|config|page|post|publication|article|jekyll|hexo|metadata|frontmatter)\.)?([\w.-]+)$/.exec(
      name,
    ) ?? []
  if (key === undefined) return undefined
  if (scope === 'jekyll' || scope === 'hexo')
    return /^(?:environment|env)$/.test(key) ? { value: 'production' } : undefined
  if (scope === 'site' || scope === 'config' || scope === 'publication' || scope === 'metadata')
    return siteFact(key, publication)
  if (scope === undefined) {
    // In Nunjucks what the front matter says has its name alone.
    const value = own(publication.variables, key) ?? (article && pageFact(key, article)?.value)
    return value === undefined || value === null ? undefined : { value }
  }
  return article && pageFact(key, article)
}

function siteFact(
  key: string,
  { title, tagline, language, variables, siteValues }: Publication,
): Fact | undefined {
  if (key === 'title') return { value: title }
  if (/^(?:description|tagline)$/.test(key)) return { value: tagline }
  const value = own(variables, key) ?? own(siteValues, key)
  if (value !== undefined) return { value }
  if (/^lang(?:uage)?$/.test(key)) return { value: language }
  // Where the settings of its own tool were read, what is not among them is nothing there, too.
  return siteValues && !key.includes('.') && !SITE_LISTS.test(key) ? { value: null } : undefined
}

/** What Jekyll makes itself. */
const SITE_LISTS =
  /^(?:time|pages|posts|related_posts|static_files|html_pages|html_files|collections|documents|categories|tags|data|github)$/

function pageFact(key: string, article: Article): Fact | undefined {
  const { title, tags, url, image, language, section, updated, extra, summary, authors, date } = article
  const known: Readonly<Record<string, unknown>> = {
    title,
    tags,
    url,
    image,
    lang: language,
    section,
    updated,
    draft: false,
    date: new Date(date.at + date.offset * 60_000).toISOString().slice(0, 19),
    description: summary,
    summary,
    excerpt: summary,
    author: authors[0]?.name,
  }
  const value = own(extra, key) ?? own(known, key) ?? inner(extra, key)
  if (value !== undefined) return { value }
  return key.includes('.') || isFieldKey(key) ? undefined : { value: null }
}

/** 'header.caption' */
function inner(values: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = values
  for (const key of path.split('.').slice(0, 5)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** Only what is a text or a number can be in one. */
export function textOfFact(fact: Fact | undefined): string | undefined {
  const value = fact?.value
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function own(values: Readonly<Record<string, unknown>> | undefined, key: string): unknown {
  return values && Object.hasOwn(values, key) ? values[key] : undefined
}
