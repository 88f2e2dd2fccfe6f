// Single fields of an article's front matter → what they say: text, section and tags, language and direction, links; yes or
// no. Each reports what it cannot use. And Markdown of one line → plain text.

import { didYouMean, oneLine, parseUrl } from '../../base/index.ts'
import type { Article, Direction, Section } from '../../model.ts'
import { canonicalLanguage, directionOf, webAddress } from '../text-values.ts'
import { toSlug } from './article-address.ts'
import { type Field, truth } from './fields.ts'
import { type Fault, type FrontMatter, quote, scalar } from './read-front-matter.ts'

export function articleTitle(front: FrontMatter): string | undefined {
  const value = front.values.title
  const title = plainTitle(scalar(value) ?? (typeof value === 'boolean' ? String(value) : ''))
  if (title) return title
  const problem = (
    at: Fault,
    message: string,
    advice = 'Add a title to the front matter: `title: Harbour reopens`',
  ) => front.problem(at, 'error', 'article-title', message, advice)
  const misspelt = front.misspelt.find(({ field }) => field === 'title')
  if (misspelt)
    problem(misspelt, `has \`${misspelt.key}\`: did you mean \`title\`?`, 'Write `title: Harbour reopens`')
  else if (value === undefined) problem(1, 'has no title')
  else if (typeof value === 'object')
    problem('title', `title: ${quote(value)} is ${describeType(value)}, not text`)
  else problem('title', `title ${quote(value)} has no text`)
  return undefined
}

export function articleText(
  front: FrontMatter,
  field: Field,
  clean: (text: string) => string,
): string | undefined {
  const text = scalar(front.values[field])
  return text === undefined ? undefined : clean(text) || undefined
}

/** What is neither yes nor no is taken for yes: better held back than published. */
export function isHeldBack(front: FrontMatter, field: 'draft' | 'unlisted'): boolean {
  const value = front.values[field]
  if (value === undefined) return false
  const answer = truth(value)
  if (answer === undefined)
    front.problem(
      field,
      'warning',
      `article-${field}`,
      `${field}: ${quote(value)} is neither true nor false; taken for ${field === 'draft' ? 'a draft' : 'unlisted'}`,
      `Write \`${field}: true\` or \`${field}: false\`.`,
    )
  return answer ?? true
}

/** At most one; a category is a section where the settings have one of that name. */
export function articleSection(front: FrontMatter): Section | undefined {
  const named = oneName(front.values.section)
  if (named === undefined) {
    const category = oneName(front.values.category)
    return category === undefined ? undefined : front.sections.get(category.toLowerCase())
  }
  const section = front.sections.get(named.toLowerCase())
  if (section) return section

  const known = front.publication.sections.map(({ slug }) => slug)
  if (known.length > 0) {
    const meant = didYouMean(named, known)
    front.problem(
      'section',
      'warning',
      'unknown-section',
      `section ${quote(named)} is not among the settings' sections`,
      meant ? `Did you mean "${meant}"?` : `Use one of ${known.join(', ')}, or add it to publication.yaml.`,
    )
  }
  const slug = toSlug(named.toLowerCase())
  return slug ? { slug, title: titleOf(named) } : undefined
}

function oneName(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const text = oneLine(scalar(Array.isArray(value) ? value[0] : value) ?? '').normalize()
  return text || undefined
}

/** 'world' → 'World', 'long-reads' → 'Long reads'; what was written with capitals or spaces stays. */
function titleOf(name: string): string {
  if (/[\s\p{Lu}]/u.test(name)) return name
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Tags and categories together, as Jekyll's users mean them; keywords, which are written for search engines, only without. */
export function articleTags(front: FrontMatter, section: Section | undefined): string[] {
  const { tags, categories, category, keywords } = front.values
  let named = readList(tags)
  if (categories !== undefined) named.push(...readList(categories))
  if (category !== undefined)
    for (const name of readList(category))
      if (!section || front.sections.get(name.toLowerCase())?.slug !== section.slug) named.push(name)
  if (named.length === 0) named = readList(keywords)
  if (named.length < 2) return named
  const known = new Set<string>()
  return named.filter(tag => known.size < known.add(tag.toLowerCase()).size)
}

/** A list, or text with commas. */
export function readList(value: unknown): string[] {
  if (value === undefined || value === null) return []
  const found: string[] = []
  for (const item of Array.isArray(value) ? value : (scalar(value) ?? '').split(',')) {
    const name = oneLine(scalar(item) ?? '').normalize()
    if (name) found.push(name)
  }
  return found
}

export function articleLanguage(front: FrontMatter): string {
  const value = front.values.language
  if (value === undefined) return front.publication.language
  const language = canonicalLanguage(scalar(value) ?? '')
  if (!language)
    front.problem(
      'language',
      'warning',
      'article-language',
      `language ${quote(value)} is not a BCP 47 language`,
      'Write a tag such as `language: hi` or `language: en-IN`.',
    )
  return language ?? front.publication.language
}

export function articleDirection(front: FrontMatter, language: string): Direction {
  const value = scalar(front.values.direction)?.trim().toLowerCase()
  return value === 'rtl' || value === 'ltr' ? value : directionOf(language)
}

/** `comments: true`, Jekyll's switch, is no link and no mistake. */
export function articleLink(front: FrontMatter, field: 'comments' | 'canonical'): string | undefined {
  const value = front.values[field]
  if (value === undefined || typeof value === 'boolean') return undefined
  const text = scalar(value)?.trim() ?? ''
  const url = webAddress(text) ?? (text.startsWith('/') ? parseUrl(text, front.publication.url) : undefined)
  if (!url)
    front.problem(
      field,
      'warning',
      `article-${field}`,
      `${field} ${quote(value)} is not an address`,
      `Write an address: ${field}: https://meridian.example/talk/1`,
    )
  return url?.href
}

export function articleSource(front: FrontMatter): Article['source'] {
  const value = front.values.source
  if (value === undefined) return undefined
  const fields =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { url: value }
  const url = webAddress(scalar(fields.url)?.trim() ?? '')
  if (!url) {
    // "Reuters" as a source is a fact about the article, and no link.
    if (typeof value !== 'string')
      front.problem(
        'source',
        'warning',
        'article-source',
        `source ${quote(value)} has no address`,
        'Write `source: https://…`, or { url, title }.',
      )
    return undefined
  }
  const title = scalar(fields.title)
  const feed = webAddress(scalar(fields.feed)?.trim() ?? '')
  return {
    url: url.href,
    ...(title === undefined ? {} : { title: plainTitle(title) }),
    ...(feed ? { feed: feed.href } : {}),
  }
}

/** 'a list', for a message. */
export function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a table of keys and values' : `a ${typeof value}`
}

// A title with inline Markdown and HTML → plain text on one line.

/** Escaped punctuation waits here while marks are taken away: oneLine has removed every C1 control before. */
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const waiting = 0x80

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  shy: '',
  copy: '©',
  eacute: 'é',
}

export function plainTitle(text: string): string {
  const line = oneLine(text)
  // Nothing so long is a title, and the patterns below are made for one line.
  if (line.length > 2000 || !/[*_`~[<\\]|&[#a-z]/i.test(line)) return line
  if (!/[`\\]/.test(line)) return oneLine(stripMarks(line))
  const parts = line.split(/(`+)/)
  let out = ''
  for (let at = 0; at < parts.length; at++) {
    const close = at % 2 === 1 ? parts.indexOf(parts[at]!, at + 1) : -1
    if (close === -1) {
      out += parts[at]
      continue
    }
    // Code is no Markdown: it is hidden as escaped punctuation is.
    out += hide(
      parts
        .slice(at + 1, close)
        .join('')
        .trim(),
    )
    at = close
  }
  return oneLine(show(stripMarks(out)))
}

function stripMarks(text: string): string {
  let out = text.includes('\\') ? text.replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => hide(mark)) : text
  if (out.includes('<')) out = out.replace(/<!--[^>]*-->|<\/?[a-z][^<>]*>/gi, '')
  if (out.includes('[')) out = out.replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
  if (out.includes('**'))
    out = out
      .replace(/\*\*\*(?=[^\s*])([^*]*[^\s*])\*\*\*/g, '$1')
      .replace(/\*\*(?=[^\s*])((?:[^*]|\*(?!\*))*[^\s])\*\*/g, '$1')
  if (out.includes('*')) out = out.replace(/\*(?=[^\s*])([^*]*[^\s*])\*/g, '$1')
  if (out.includes('_'))
    out = out.replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_]*[^\s_])\1(?![\p{L}\p{N}_])/gu, '$2')
  if (out.includes('~')) out = out.replace(/~~(?=[^\s~])([^~]*)~~/g, '$1')
  return out.includes('&') ? out.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, decode) : out
}

function decode(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name) return entities[name.toLowerCase()] ?? whole
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal!, 16)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

function hide(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, mark => String.fromCharCode(waiting + punctuation.indexOf(mark)))
}

function show(text: string): string {
  return text.replace(/[\x80-\x9f]/g, mark => punctuation[mark.charCodeAt(0) - waiting] ?? '')
}
