// Text of one file, split or not → an article, or nothing; every problem is reported with its line, and none is thrown.

import { oneLine } from '../../base/index.ts'
import type { Article, Diagnostic } from '../../model.ts'
import { articleAddress, readFileName, tagId } from './article-address.ts'
import { dateField, publishedDate, stateAt, updatedDate, withdrawal } from './article-dates.ts'
import {
  articleDirection,
  articleLanguage,
  articleLink,
  articleSection,
  articleSource,
  articleTags,
  articleText,
  articleTitle,
  describeType,
  isHeldBack,
  plainTitle,
} from './article-fields.ts'
import { articleAuthors } from './authors.ts'
import { type Field, truth } from './fields.ts'
import { articleAudio, articlePicture } from './media.ts'
import { type FrontMatter, type LoadContext, quote, readFrontMatter, scalar } from './read-front-matter.ts'
import type { Content, Split } from './split-front-matter.ts'

export interface ParsedArticle {
  /** Undefined when an error was reported: an article is either right or left out. */
  readonly article: Article | undefined
  /** What the state follows from besides the clock, and what of it the article itself does not say. */
  readonly draft: boolean
  readonly unlisted: boolean
  /** It has the time of the run for its date. */
  readonly undated: boolean
}

/** Every field is named, also where it is undefined: who makes one forgets none. */
export type Complete<Type> = { readonly [Key in keyof Required<Type>]: Type[Key] }

export const noArticle: ParsedArticle = {
  article: undefined,
  draft: false,
  unlisted: false,
  undated: false,
}

/** @param keepBody takes the body, and says how the article has it: read again when it is asked for, say */
export function readArticle(
  file: string,
  text: string | Split,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
  keepBody: (content: Content) => PropertyDescriptor,
): ParsedArticle {
  const read = readFrontMatter(file, text, context, report)
  if (!read) return noArticle
  const { front, content } = read
  const { publication, values, now } = front
  const named = readFileName(file)
  if (front.misspelt.length > 0) reportMisspelt(front, named.date !== undefined)
  reportWrongTypes(front)
  if (reportTooLong(front)) return noArticle
  const isDraft = isHeldBack(front, 'draft') || file.includes('/_drafts/')
  const title = articleTitle(front)
  const date = publishedDate(front, named.date, isDraft)
  if (title === undefined || date === undefined) return noArticle

  // What nearly no article has is asked for here once more: ten thousand calls for nothing cost some milliseconds.
  const authors = values.authors === undefined ? [] : articleAuthors(front)
  const section = articleSection(front)
  const { slug, url } = articleAddress(front, { name: named.name, date, section, authors })
  const live = truth(values.live) ?? false
  const expires = dateField(front, 'expires')
  const withdrawn = withdrawal(front)
  const given = scalar(values.id)
  const { idHost } = publication.articles
  const language = articleLanguage(front)
  const unlisted = isHeldBack(front, 'unlisted')

  const head: Complete<Omit<Article, 'body' | 'bodyLine'>> = {
    id: given === undefined ? tagId(idHost, date, named.name) : oneLine(given.normalize()),
    file,
    slug,
    url,
    state: stateAt(now, { draft: isDraft, withdrawn: withdrawn !== undefined, unlisted, date, expires }),
    title,
    date,
    updated: updatedDate(front, date, content, live),
    authors,
    section,
    tags: articleTags(front, section),
    summary: articleText(front, 'summary', plainTitle),
    place: articleText(front, 'place', oneLine),
    image: values.image === undefined ? undefined : articlePicture(front, url),
    audio: values.audio === undefined ? undefined : articleAudio(front, url),
    language,
    direction: articleDirection(front, language),
    live,
    expires,
    withdrawn,
    comments: articleLink(front, 'comments'),
    source: articleSource(front),
    canonical: articleLink(front, 'canonical'),
    extra: front.extra,
  }
  Object.defineProperty(head, 'body', keepBody(content))
  const article = head as { -readonly [Key in keyof Article]: Article[Key] }
  article.bodyLine = content.bodyLine
  const undated = isDraft && values.date === undefined && date.at === now
  return { article: front.errors === 0 ? article : undefined, draft: isDraft, unlisted, undated }
}

/** Characters of a text that is printed whole wherever the article is listed. */
const MAX_LINE_LENGTH = 1000
const LINES = ['title', 'place', 'section', 'category', 'slug', 'id', 'image', 'audio'] as const
const LISTED_LINES = ['authors', 'tags', 'categories', 'keywords'] as const
const ALL_LINES = [...LINES, ...LISTED_LINES]
/** Keys whose values are addresses, or have room for any length. */
const NO_LINES = new Set('src url href file biography bio'.split(' '))

/** Such a text makes every feed, page and letter that has it as long, which take minutes to make. @returns whether there is one */
function reportTooLong(front: FrontMatter): boolean {
  let found = false
  for (const field of ALL_LINES) {
    const value = front.values[field]
    if (value === undefined || (typeof value === 'string' && value.length <= MAX_LINE_LENGTH)) continue
    const isList = (LISTED_LINES as readonly Field[]).includes(field)
    const longest = Math.max(0, ...lengthsOf(value, isList, field !== 'image' && field !== 'audio'))
    if (longest <= MAX_LINE_LENGTH) continue
    found = true
    front.problem(
      field,
      'error',
      'too-long',
      `${field}: a text of ${longest.toLocaleString('en')} characters, where ${MAX_LINE_LENGTH.toLocaleString('en')} are the most`,
      'Shorten it; the summary and the text itself have room.',
    )
  }
  return found
}

/** Lengths of the texts in a value. @param isLine whether a value that is only a text is one, and no address */
function lengthsOf(value: unknown, isList: boolean, isLine: boolean): number[] {
  if (typeof value === 'string') {
    if (!isLine || /^(?:data|https?):/i.test(value)) return []
    return isList ? value.split(',').map(({ length }) => length) : [value.length]
  }
  if (Array.isArray(value)) return value.flatMap(each => lengthsOf(each, isList, isLine))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    NO_LINES.has(key) ? [] : lengthsOf(each, isList, true),
  )
}

/** Of what is nearly a field of ours nothing is read, and some fields hide an article. */
function reportMisspelt(front: FrontMatter, dated: boolean): void {
  for (const at of front.misspelt) {
    // Where the file's name has the date, nothing is missing that a key could have meant.
    if (at.field === 'date' && dated) continue
    // Without a title there is no article, which is an error of its own.
    if (at.field === 'title') continue
    front.problem(
      at,
      'warning',
      'unknown-field',
      `\`${at.key}\` is none of the fields of an article: did you mean \`${at.meant}\`?`,
      `Write \`${at.meant}:\`. As it stands, it is kept for templates and has no effect of its own.`,
    )
  }
}

/**
 * Fields that hold another type of value than they are for: nothing is read of them. What other tools mean by true and false
 * there is theirs: only lists and tables are surely wrong.
 */
function reportWrongTypes(front: FrontMatter): void {
  const { values } = front
  for (const field in TEXTS)
    if (typeof values[field as keyof typeof TEXTS] === 'object')
      reportWrongType(front, field as Field, 'not text', TEXTS[field as keyof typeof TEXTS])
  for (const field of LISTS)
    if (typeof values[field] === 'object' && !Array.isArray(values[field]))
      reportWrongType(front, field, 'not a list', `${field}: [harbour, budget]`)
  const { section, direction } = values
  if (typeof section === 'object' && !(Array.isArray(section) && section.length === 1))
    reportWrongType(front, 'section', 'not one name', 'section: world')
  if (typeof values.authors === 'number')
    reportWrongType(front, 'authors', 'not a name', 'authors: [Anna Berg]')
  if (direction !== undefined && !/^(?:rtl|ltr|auto)$/i.test(scalar(direction)?.trim() ?? ''))
    front.problem(
      'direction',
      'warning',
      'article-direction',
      `direction: ${quote(direction)} is neither rtl nor ltr`,
      'Write `direction: rtl` or `direction: ltr`, or leave it out: it follows from the language.',
    )
}

/** Field that is one text → what right looks like. */
const TEXTS = {
  summary: 'summary: The harbour reopens after ten years.',
  place: 'place: New Delhi',
  slug: 'slug: harbour-reopens',
  id: 'id: tag:meridian.example,2026:harbour',
} as const satisfies Partial<Record<Field, string>>

const LISTS = ['tags', 'categories', 'keywords'] as const

function reportWrongType(front: FrontMatter, field: Field, whatFor: string, example: string): void {
  const value = front.values[field]
  const rule = field === 'authors' ? 'article-author' : `article-${field}`
  front.problem(
    field,
    'warning',
    rule,
    `${field}: ${quote(value)} is ${describeType(value)}, ${whatFor}`,
    `Write \`${example}\``,
  )
}
