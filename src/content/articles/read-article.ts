// Text of one file, split or not → an article, or nothing; every problem is reported with its line, and none is thrown.

import { oneLine, ownText } from '../../base/index.ts'
import type { Article, Diagnostic, Publication, Timestamp } from '../../model.ts'
import type { Content, Split } from '../split-front-matter.ts'
import { type AddressParts, articleAddress, patternId, tagId } from './article-address.ts'
import { dateField, heldBack, publishedDate, stateAt, updatedDate, withdrawal } from './article-dates.ts'
import {
  articleDirection,
  articleLanguage,
  articleLink,
  articleSection,
  articleSource,
  articleTags,
  articleText,
  articleTitle,
  findHeading,
  plainText,
  readList,
} from './article-fields.ts'
import { articleAuthors } from './authors.ts'
import { truth } from './held-back.ts'
import { articleAudio, articlePicture } from './media.ts'
import { type FileName, readFileName, reportFormerAddresses } from './paths.ts'
import {
  describeType,
  type FrontMatter,
  type LoadContext,
  quote,
  readFrontMatter,
  scalar,
  warn,
} from './read-front-matter.ts'
import type { Field } from './spellings.ts'

export interface ParsedArticle {
  /** Undefined when an error was reported: an article is either right or left out. */
  readonly article: Article | undefined
  /** What the state follows from besides the clock, and what of it the article itself does not say. */
  readonly draft: boolean
  readonly unlisted: boolean
  /** It has the time of the run for its date, or is what the files beside it make it: it is read anew by each run. */
  readonly undated: boolean
  /** It is no article at all, and not counted: a README, a template, the page of a folder. */
  readonly skipped: boolean
}

/** Every field is named, also where it is undefined: who makes one forgets none. */
export type Complete<Type> = { readonly [Key in keyof Required<Type>]: Type[Key] }

export const noArticle: ParsedArticle = {
  article: undefined,
  draft: false,
  unlisted: false,
  undated: false,
  skipped: false,
}

/** @param keepBody takes the body, and says how the article has it: read again when it is asked for, say */
export function readArticle(
  file: string,
  text: string | Split,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
  keepBody: (content: Content) => PropertyDescriptor,
): ParsedArticle {
  const named = readFileName(file, context.publication.languages)
  const inherited = context.folderFields(file)
  const optional =
    typeof text === 'string' && (inherited?.title !== undefined || mayLackFrontMatter(text, named))
  const read = readFrontMatter(file, text, context, report, { optional, inherited })
  if (!read) return noArticle
  const { front, content } = read
  const { publication, values, now } = front
  const skipped = skippedPage(front, named)
  if (skipped) return skipped
  if (front.misspelt.length > 0) reportMisspelt(front, named.date !== undefined)
  reportWrongTypes(front)
  if (reportTooLong(front)) return noArticle
  const { draft, unlisted } = heldBack(front)
  const published = publishedDate(front, named, draft)
  const title = articleTitle(front, content, named)
  // What it lacks, git may have at the next run.
  if (title === undefined || published === undefined) return { ...noArticle, undated: true }
  const { date } = published

  const parts = addressParts(file, front, date)
  const { section, authors } = parts
  const { slug, url, source } = articleAddress(front, named.name, title, parts)
  reportFormerAddresses(front, url)
  const live = truth(values.live) ?? false
  const expires = dateField(front, 'expires')
  const withdrawn = withdrawal(front)
  const language = articleLanguage(front, named.language)

  const head: Complete<Omit<Article, 'body' | 'bodyLine'>> = {
    id: writtenId(front) ?? ownId(publication, url, slug, parts, named),
    file,
    slug,
    url,
    state: stateAt(now, { draft, withdrawn: withdrawn !== undefined, unlisted, date, expires }),
    title: ownText(title),
    date,
    updated: updatedDate(front, date, content, live),
    authors,
    section,
    tags: articleTags(front, section),
    summary: articleText(front, 'summary', plainText),
    place: articleText(front, 'place', plainText),
    image: values.image === undefined ? undefined : articlePicture(front, url),
    audio: values.audio === undefined ? undefined : articleAudio(front, url),
    language,
    direction: articleDirection(front, language),
    live,
    expires,
    withdrawn,
    comments: articleLink(front, 'comments'),
    source: articleSource(front) ?? (source === undefined ? undefined : { url: source }),
    canonical: articleLink(front, 'canonical'),
    extra: front.extra,
  }
  Object.defineProperty(head, 'body', keepBody(content))
  const article = head as { -readonly [Key in keyof Article]: Article[Key] }
  article.bodyLine = content.bodyLine
  const parsed = { draft, unlisted, undated: published.isOfThisRun, skipped: false }
  return { article: front.errors === 0 ? article : undefined, ...parsed }
}

function addressParts(file: string, front: FrontMatter, date: Timestamp): AddressParts {
  const { values } = front
  // What nearly no article has is asked for here once more: ten thousand calls for nothing cost some milliseconds.
  const authors = values.authors === undefined ? NOBODY : articleAuthors(front)
  const categories = readList(values.categories ?? values.category)
  const isText = typeof values.categories === 'string' && categories.length === 1
  const categoryFolders = isText ? categories[0]!.split(' ') : categories
  return { file, categories, categoryFolders, date, section: articleSection(front), authors }
}

/** `id:`, or another tool's `guid:` unless ids are addresses. */
function writtenId({ publication, values, keyOf }: FrontMatter): string | undefined {
  const given = publication.articles.id === 'url' && keyOf('id') === 'guid' ? undefined : scalar(values.id)
  return given === undefined ? undefined : oneLine(given.normalize())
}

/** One for all: there are a hundred thousand articles. */
const NOBODY: Article['authors'] = []

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
    if (isShort(value)) continue
    const isList = (LISTED_LINES as readonly Field[]).includes(field)
    const lengths = lengthsOf(value, isList, field !== 'image' && field !== 'audio')
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
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

/** As nearly all are: nothing, a short text, or a list of some. */
function isShort(value: unknown): boolean {
  if (value === undefined) return true
  if (Array.isArray(value)) return value.every(each => typeof each === 'string' && isShort(each))
  return typeof value === 'string' && value.length <= MAX_LINE_LENGTH
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

function ownId(
  publication: Publication,
  url: string,
  slug: string,
  parts: AddressParts,
  { name }: FileName,
): string {
  const { articles } = publication
  if (articles.id === undefined) return tagId(articles.idHost, parts.date, name)
  return articles.idPattern === undefined ? url : patternId(publication, url, slug, parts)
}

/** A text that begins with its title, or whose name or folder has its date, needs no front matter. */
function mayLackFrontMatter(text: string, { date }: FileName): boolean {
  return text.trim() !== '' && (date !== undefined || findHeading(text) !== undefined)
}

/** What has no date and is not meant to have one; undefined for an article. */
function skippedPage(front: FrontMatter, { date }: FileName): ParsedArticle | undefined {
  const { file, files, values } = front
  const isOfPlugin = 'excalidraw-plugin' in front.extra || 'kanban-plugin' in front.extra
  const why = isTemplate(front)
    ? 'is a template for new articles'
    : isOfPlugin
      ? 'is a drawing or a board of an Obsidian plugin'
      : values.date !== undefined || date !== undefined
        ? undefined
        : isFolderPage(file, files.articles)
          ? 'is the page of its folder: it has no date'
          : isStandingPage(front)
            ? 'is a page that stays, by its layout or its name: it has no date'
            : undefined
  if (why === undefined) return undefined
  front.problem(
    0,
    'info',
    'no-article',
    `${why}; it is no article`,
    isOfPlugin
      ? 'Nothing to do. Export a drawing as a picture to show it.'
      : 'Nothing to do. Give it a `date:` if it is one.',
  )
  return { ...noArticle, undated: true, skipped: true }
}

/** Obsidian's, Hexo's and Hugo's: `title: "{{title}}"`, `date: {{ .Date }}`, `<% tp.date.now() %>`. */
function isTemplate({ file, values }: FrontMatter): boolean {
  if (isPlaceholder(values.date)) return true
  if (values.date !== undefined && !isPlaceholder(values.title)) return false
  return /\/(?:templates?|archetypes|scaffolds)\//i.test(file)
}

function isPlaceholder(value: unknown): boolean {
  if (typeof value === 'string') return /[{<][{%]/.test(value) && /^\s*(?:\{\{.*\}\}|<%.*%>)\s*$/.test(value)
  // What YAML makes of `{{ date }}` without quotes: a table whose key is a table.
  return typeof value === 'object' && value !== null && Object.keys(value)[0] === '[object Object]'
}

/** `index.md` beside or above other articles. */
function isFolderPage(file: string, articles: readonly string[]): boolean {
  const match = /^(.*\/)(?:index|readme|_index)(?:\.[a-z-]{2,8})?\.\w+$/i.exec(file)
  if (!match) return false
  const folder = match[1]!
  if (folder === 'articles/') return true
  // Sorted: what lies in a folder follows on its name.
  let [low, high] = [0, articles.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (articles[middle]! < folder) low = middle + 1
    else high = middle
  }
  const isSame = (other: string) => other.slice(0, folder.length) === folder
  const isTranslation = (other: string) => /^index\.[\w.-]+$/i.test(other.slice(folder.length))
  for (let at = low; at < articles.length && isSame(articles[at]!); at++)
    if (articles[at] !== file && !isTranslation(articles[at]!)) return true
  return false
}

/** `layout: page`, `type: about`; `search.md`, `404.md`, `archives.md`, `about/index.md`. */
function isStandingPage({ file, extra }: FrontMatter): boolean {
  const kinds = [extra.layout, extra.type, extra.template, extra.templateKey]
    .map(value => (scalar(value) ?? '').toLowerCase().replace(/^.*\/|\.\w+$/g, ''))
    .map(kind => (kind === 'page' ? kind : kind.replace(/[-_]?(?:page|layout)$/, '')))
  const name = file.replace(/(?:\/index)?(?:\.[a-z]{2}(?:-[a-z]{2,4})?)?\.\w+$/i, '').replace(/^.*\//, '')
  return (
    kinds.some(kind => STANDING.test(kind)) ||
    STANDING.test(name.toLowerCase()) ||
    /^(?:blog|posts)$/i.test(name)
  )
}

const STANDING =
  /^(?:page|pages|home|homepage|landing|index|about|about-me|about-us|contact|contacts|contact-us|archives?|search|tags?|tag|categor(?:y|ies)|series|404|500|not-found|offline|links?|blogroll|friends?|now|uses|privacy|privacy-policy|terms|imprint|impressum|legal|cookies|license|licence|faq|guestbook|projects?|portfolio|resume|cv|thanks|thank-you|success|sitemap|feed|subscribe|newsletter|colophon|authors?|contributors?|list|navigation|sidebar|nav)$/

/** Of what is nearly a field of ours nothing is read, and some fields hide an article. */
function reportMisspelt(front: FrontMatter, dated: boolean): void {
  for (const at of front.misspelt) {
    // Where the file's name has the date, nothing is missing that a key could have meant.
    if (at.field === 'date' && dated) continue
    // Without a title it is called something else, which is said there.
    if (at.field === 'title') continue
    front.problem(
      at,
      'warning',
      'unknown-field',
      `\`${at.key}\` is not a field of an article: did you mean \`${at.meant}\`?`,
      `Write \`${at.meant}:\`. As it is, it is kept for templates and has no effect of its own.`,
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
      reportWrongType(front, field as keyof typeof TEXTS, 'not text', TEXTS[field as keyof typeof TEXTS])
  for (const field of LISTS)
    if (typeof values[field] === 'object' && !Array.isArray(values[field]))
      reportWrongType(front, field, 'not a list', `${field}: [harbour, budget]`)
  const { section, direction } = values
  if (typeof section === 'object' && !(Array.isArray(section) && section.length === 1))
    reportWrongType(front, 'section', 'not one name', 'section: world')
  if (typeof values.authors === 'number')
    reportWrongType(front, 'authors', 'not a name', 'authors: [Anna Berg]')
  if (direction !== undefined && !/^(?:rtl|ltr|auto)$/i.test(scalar(direction)?.trim() ?? ''))
    warn(
      front,
      'direction',
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

function reportWrongType(
  front: FrontMatter,
  field: Parameters<typeof warn>[1],
  whatFor: string,
  example: string,
) {
  const value = front.values[field]
  warn(
    front,
    field,
    `${field}: ${quote(value)} is ${describeType(value)}, ${whatFor}`,
    `Write \`${example}\``,
  )
}
