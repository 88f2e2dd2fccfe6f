// Single fields of an article's front matter → their values: text, section and tags, language and direction, links, yes or
// no. Each reports what it cannot use.

import {
  cutShort,
  didYouMean,
  directionOf,
  lookUpTable,
  oneLine,
  parseUrl,
  plainTitle,
} from '../../base/index.ts'
import type { Article, Direction, Section } from '../../model.ts'
import type { Content } from '../split-front-matter.ts'
import { canonicalLanguage, webAddress, withoutNoteLinks } from '../text-values.ts'
import { namesOfCollections } from './folder-fields.ts'
import { type FileName, toSlug } from './paths.ts'
import { describeType, type FrontMatter, quote, scalar, warn } from './read-front-matter.ts'
import type { Field } from './spellings.ts'

/** The field's; else the first heading of the text, else what the file is called. */
export function articleTitle(front: FrontMatter, content: Content, { name }: FileName): string | undefined {
  const value = front.values.title
  const text = scalar(value) ?? (typeof value === 'boolean' ? String(value) : '')
  const title = plainText(front, 'title', text)
  if (title) return title
  if (typeof value === 'object') {
    const message = `title: ${quote(value)} is ${describeType(value)}, not text`
    front.problem('title', 'error', 'article-title', message, 'Write `title: Harbour reopens`')
    return undefined
  }
  const heading = findHeading(content.body)
  const fromHeading = heading && cutShort(plainTitle(heading.text), MAX_HEADING_CHARACTERS)
  if (fromHeading) return fromHeading
  const words = /\s|^\d{4}-\d\d-\d\d$/.test(name) ? name : name.replace(/[-_]+/g, ' ').trim()
  const fromName = words.charAt(0).toUpperCase() + words.slice(1)
  const misspelt = front.misspelt.find(({ field }) => field === 'title')
  front.problem(
    misspelt ?? (value === undefined ? 1 : 'title'),
    misspelt || value !== undefined ? 'warning' : 'info',
    'article-title',
    misspelt
      ? `has \`${misspelt.key}\`: did you mean \`title\`? Until then it is called ${quote(fromName)}, as its file is`
      : `has no title: it is called ${quote(fromName)}, as its file is`,
    'Add a title to the front matter: `title: Harbour reopens`',
  )
  return fromName || undefined
}

/** Of a text without an end every list, feed and letter would have to be made. */
export const MAX_TEXT_CHARACTERS = 5000
const MAX_TAGS = 200
/** More is no heading, but a paragraph that begins with a #. */
const MAX_HEADING_CHARACTERS = 500

function withinLimit(front: FrontMatter, field: Field, text: string, most: number): string {
  if (text.length <= most) return text
  const message = `${field} has ${text.length} characters; it is cut off after ${most}`
  front.problem(field, 'warning', 'field-length', message, 'Write a shorter one, and the rest into the text.')
  return cutShort(text, most)
}

/** A heading of the first level that the text begins with. */
export interface Heading {
  readonly text: string
  readonly start: number
  readonly end: number
}

export function findHeading(body: string): Heading | undefined {
  const start = /^(?:[ \t]*\n|<!--(?:(?!-->)[\s\S])*-->[ \t]*\n|(?:import|export) (?:[^\n]+\n)*)*/.exec(
    body,
  )![0].length
  const rest = body.slice(start, start + 2000)
  const match =
    /^ {0,3}#[ \t]+([^\n]+?)(?:[ \t]+#+)?[ \t]*(?:\n|$)/.exec(rest) ??
    /^ {0,3}(?![-#>*+ ])([^\n]+)\n=+[ \t]*(?:\n|$)/.exec(rest)
  if (!match) return undefined
  // Without ids, which are no words: `{#id}`, `{: .c}`, `{/*id*/}`.
  const text = match[1]!.replace(/\s*\{(?:[#:.][^}]*|\/\*.*\*\/)\}\s*$/, '')
  return { text, start, end: start + match[0].length }
}

/** The text without a heading that says the title once more; its lines keep their numbers. */
export function withoutTitle(body: string, title: string): string {
  if (!/^(?:#[ \t]|[^\n]+\n=|<!--|import |export )/.test(body.trimStart())) return body
  const heading = findHeading(body)
  if (!heading || !(plainTitle(heading.text) === title || SAYS_TITLE.test(heading.text))) return body
  const said = body.slice(heading.start, heading.end)
  return body.slice(0, heading.start) + said.replace(/[^\n]+/g, '') + body.slice(heading.end)
}

/** `# {{ $frontmatter.title }}`, `# {frontmatter.title}` */
const SAYS_TITLE = /^\{\{?\s*(?:\$?front[Mm]atter\.|page\.|metadata\.)?title\s*\}\}?$/

/** One line of plain text; templates of other tools in it are filled where that is known, and cut where it is not. */
export function plainText(front: FrontMatter, field: Field, text: string): string {
  return plainTitle(
    text.length <= MAX_TEXT_CHARACTERS && /\{[{%]/.test(text) ? withoutTemplates(front, field, text) : text,
  )
}

function withoutTemplates(front: FrontMatter, field: Field, text: string): string {
  const { publication } = front
  const known = lookUpTable({
    'site.title': publication.title,
    'site.name': publication.title,
    'site.description': publication.tagline,
    'site.url': publication.url.replace(/\/$/, ''),
    'site.baseurl': '',
  })
  let unknown: string | undefined
  const filled = text.replace(
    /`[^`]*`|\{\{[-<%]?\s*(.*?)\s*[->%]?\}\}|\{%.*?%\}/gs,
    (whole, name?: string) => {
      if (whole.startsWith('`')) return whole
      const value = name === undefined ? undefined : known[name.split('|')[0]!.trim().toLowerCase()]
      if (value === undefined) unknown ??= whole
      return value ?? ''
    },
  )
  if (unknown !== undefined)
    front.problem(
      field,
      'warning',
      'template-code',
      `${field}: ${quote(unknown)} is code of another tool's template; it is left out`,
      'Write the words themselves. Put what is meant as code in backticks.',
    )
  return filled
}

export function articleText(
  front: FrontMatter,
  field: Field,
  clean: (front: FrontMatter, field: Field, text: string) => string,
): string | undefined {
  // Of the elements around a text of HTML nothing is to be seen.
  const text = scalar(front.values[field])?.replace(/<\/?(?:p|div|section|blockquote)(?:\s[^<>]*)?>/gi, ' ')
  if (text === undefined) return undefined
  const words = clean(front, field, withoutNoteLinks(text))
  return withinLimit(front, field, words, MAX_TEXT_CHARACTERS) || undefined
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
  let named = readTags(front, tags)
  const collections = namesOfCollections(named, front.files.tools, front.extra)
  if (collections.length > 0) {
    const message = `${collections.join(', ')}: a collection of Eleventy's, and no subject; it is left out`
    front.problem('tags', 'info', 'article-tags', message, 'Nothing to do.')
    named = named.filter(tag => !collections.includes(tag))
  }
  if (categories !== undefined) named.push(...readTags(front, categories))
  if (category !== undefined)
    for (const name of readList(category))
      if (!section || front.sections.get(name.toLowerCase())?.slug !== section.slug) named.push(name)
  if (named.length === 0) named = readList(keywords)
  if (named.length > MAX_TAGS) {
    const message = `has ${named.length} tags: those after the first ${MAX_TAGS} are left out`
    front.problem('tags', 'warning', 'field-length', message, 'Write a few words that others have, too.')
    named = named.slice(0, MAX_TAGS)
  }
  const known = new Set<string>()
  const single =
    named.length < 2 ? named : named.filter(tag => known.size < known.add(tag.toLowerCase()).size)
  // A copy has no room for more: that would be most of its memory.
  return single.slice()
}

/** Jekyll, whose posts have a date in their name, divides text at its spaces. */
function readTags({ file }: FrontMatter, value: unknown): string[] {
  const isOfJekyll =
    typeof value === 'string' && /\/\d{4}-\d{1,2}-\d{1,2}-[^/]*$/.test(file) && !/[,#"']/.test(value)
  return readList(isOfJekyll ? value.trim().split(/\s+/) : value)
}

/** A list, or text with commas or Pelican's semicolons; lists within it, and Docusaurus' `{ label, permalink }`; Obsidian's `#one #two`. */
export function readList(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value))
    return value.flatMap(item => (typeof item === 'string' ? listed(item) : readList(item)))
  if (typeof value === 'object') {
    const { label, name, title, slug, value: own } = value as Record<string, unknown>
    return [label, name, title, slug, own].flatMap(text => listed(scalar(text) ?? '')).slice(0, 1)
  }
  const text = scalar(value) ?? ''
  const isHashed = /^\s*#[^\s#,]+(?:[\s,]+#[^\s#,]+)*\s*$/.test(text)
  return text.split(isHashed ? /[\s,]+/ : /;(?=\s)/.test(text) ? ';' : ',').flatMap(listed)
}

function listed(text: string): string[] {
  const name = oneLine(text).normalize()
  const bare = name.startsWith('#') && /^#[^\s#]/.test(name) ? name.slice(1) : name
  return bare ? [bare] : []
}

export function articleLanguage(front: FrontMatter, said: string | undefined): string {
  const value = front.values.language
  if (value === undefined) return said ?? front.publication.language
  const language = canonicalLanguage(scalar(value) ?? '')
  if (!language)
    warn(
      front,
      'language',
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
    warn(
      front,
      field,
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
    const advice = 'Write `source: https://…`, or { url, title }.'
    if (typeof value !== 'string') warn(front, 'source', `source ${quote(value)} has no address`, advice)
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
