// Text of one file, split or not → an article, or nothing; every problem is reported with its line, and none is thrown.

import { oneLine, parseUrl } from '../../base/index.ts'
import type { Article, Author, Diagnostic, Direction } from '../../model.ts'
import { articleAddress } from './article-address.ts'
import { type Draft, type Fault, type LoadContext, quote, scalar } from './article-context.ts'
import { dateField, publishedDate, stateAt, updatedDate, withdrawal } from './article-dates.ts'
import { tagId } from './article-id.ts'
import { byline } from './byline.ts'
import { heldBack, kindOf, tellWrongKinds } from './field-kinds.ts'
import { type Field, truth } from './fields.ts'
import { readFileName } from './file-name.ts'
import { canonicalLanguage, directionOf } from './language.ts'
import { articleAudio, articlePicture } from './media.ts'
import { openDraft } from './open-draft.ts'
import { plainTitle } from './plain-title.ts'
import { type Place, readPicture } from './read-picture.ts'
import type { Content, Split } from './split-front-matter.ts'
import { articleSection, articleTags } from './subjects.ts'
import { webAddress } from './web-address.ts'

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
  keepBody: (content: Content) => PropertyDescriptor = ({ body }) => ({ value: body, enumerable: true }),
): ParsedArticle {
  const opened = openDraft(file, text, context, report)
  if (!opened) return noArticle
  const { draft, content } = opened
  const { publication, values, now } = draft
  const named = readFileName(file)
  if (draft.misspelt.length > 0) tellMisspelt(draft, named.date !== undefined)
  tellWrongKinds(draft)
  const isDraft = heldBack(draft, 'draft') || file.includes('/_drafts/')
  const title = readTitle(draft)
  const date = publishedDate(draft, named.date, isDraft)
  if (title === undefined || date === undefined) return noArticle

  // What nearly no article has is asked for here once more: ten thousand calls for nothing cost some milliseconds.
  const authors = values.authors === undefined ? [] : articleAuthors(draft)
  const section = articleSection(draft)
  const { slug, url } = articleAddress(draft, { name: named.name, date, section, authors })
  const live = truth(values.live) ?? false
  const expires = dateField(draft, 'expires')
  const withdrawn = withdrawal(draft)
  const given = scalar(values.id)
  const { idHost } = publication.articles
  const language = articleLanguage(draft)
  const unlisted = heldBack(draft, 'unlisted')

  const head: Complete<Omit<Article, 'body' | 'bodyLine'>> = {
    id: given === undefined ? tagId(idHost, date, named.name) : oneLine(given.normalize()),
    file,
    slug,
    url,
    state: stateAt(now, { draft: isDraft, withdrawn: withdrawn !== undefined, unlisted, date, expires }),
    title,
    date,
    updated: updatedDate(draft, date, content, live),
    authors,
    section,
    tags: articleTags(draft, section),
    summary: line(draft, 'summary', plainTitle),
    place: line(draft, 'place', oneLine),
    image: values.image === undefined ? undefined : articlePicture(draft, placeOf(draft, url)),
    audio: values.audio === undefined ? undefined : articleAudio(draft, placeOf(draft, url)),
    language,
    direction: articleDirection(draft, language),
    live,
    expires,
    withdrawn,
    comments: link(draft, 'comments'),
    source: sourceOf(draft),
    canonical: link(draft, 'canonical'),
    extra: draft.extra,
  }
  Object.defineProperty(head, 'body', keepBody(content))
  const article = head as { -readonly [Key in keyof Article]: Article[Key] }
  article.bodyLine = content.bodyLine
  const undated = isDraft && values.date === undefined && date.at === now
  return { article: draft.errors === 0 ? article : undefined, draft: isDraft, unlisted, undated }
}

function articleAuthors(draft: Draft): Author[] {
  const place = placeOf(draft, draft.publication.url)
  const problem: Place['problem'] = (severity, message, advice) =>
    draft.problem('authors', severity, 'article-author', message, advice)
  return byline(draft, photo => readPicture(photo, { ...place, problem }))
}

/** @param base URL that a path without a file is resolved against */
function placeOf({ file, publication, ownFiles }: Draft, base: string): Omit<Place, 'problem'> {
  const from = file.slice('articles/'.length, file.lastIndexOf('/'))
  return { from, base, url: publication.url, ownFiles }
}

function readTitle(draft: Draft): string | undefined {
  const value = draft.values.title
  const title = plainTitle(scalar(value) ?? (typeof value === 'boolean' ? String(value) : ''))
  if (title) return title
  const misspelt = draft.misspelt.find(({ field }) => field === 'title')
  const tell = (
    at: Fault,
    message: string,
    advice = 'Add a title to the front matter: `title: Harbour reopens`',
  ) => draft.problem(at, 'error', 'article-title', message, advice)
  if (misspelt)
    tell(misspelt, `has \`${misspelt.key}\`: did you mean \`title\`?`, 'Write `title: Harbour reopens`')
  else if (value === undefined) tell(1, 'has no title')
  else if (typeof value === 'object') tell('title', `title: ${quote(value)} is ${kindOf(value)}, not text`)
  else tell('title', `title ${quote(value)} has no text`)
  return undefined
}

/** Of what is nearly a field of ours nothing is read, and some fields hide an article. */
function tellMisspelt(draft: Draft, dated: boolean): void {
  for (const at of draft.misspelt) {
    // Where the file's name has the date, nothing is missing that a key could have meant.
    if (at.field === 'date' && dated) continue
    // Without a title there is no article, which is an error of its own.
    if (at.field === 'title') continue
    draft.problem(
      at,
      'warning',
      'unknown-field',
      `\`${at.key}\` is none of the fields of an article: did you mean \`${at.meant}\`?`,
      `Write \`${at.meant}:\`. As it stands, it is kept for templates and has no effect of its own.`,
    )
  }
}

function line(draft: Draft, field: Field, clean: (text: string) => string): string | undefined {
  const text = scalar(draft.values[field])
  return text === undefined ? undefined : clean(text) || undefined
}

function articleLanguage(draft: Draft): string {
  const value = draft.values.language
  if (value === undefined) return draft.publication.language
  const language = canonicalLanguage(scalar(value) ?? '')
  if (!language)
    draft.problem(
      'language',
      'warning',
      'article-language',
      `language ${quote(value)} is not a BCP 47 language`,
      'Write a tag such as `language: hi` or `language: en-IN`.',
    )
  return language ?? draft.publication.language
}

function articleDirection(draft: Draft, language: string): Direction {
  const value = scalar(draft.values.direction)?.trim().toLowerCase()
  return value === 'rtl' || value === 'ltr' ? value : directionOf(language)
}

/** `comments: true`, Jekyll's switch, is no link and no mistake. */
function link(draft: Draft, field: 'comments' | 'canonical'): string | undefined {
  const value = draft.values[field]
  if (value === undefined || typeof value === 'boolean') return undefined
  const text = scalar(value)?.trim() ?? ''
  const url = webAddress(text) ?? (text.startsWith('/') ? parseUrl(text, draft.publication.url) : undefined)
  if (!url)
    draft.problem(
      field,
      'warning',
      `article-${field}`,
      `${field} ${quote(value)} is not an address`,
      `Write an address: ${field}: https://meridian.example/talk/1`,
    )
  return url?.href
}

function sourceOf(draft: Draft): Article['source'] {
  const value = draft.values.source
  if (value === undefined) return undefined
  const fields =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { url: value }
  const url = webAddress(scalar(fields.url)?.trim() ?? '')
  if (!url) {
    // "Reuters" as a source is a fact about the article, and no link.
    if (typeof value !== 'string')
      draft.problem(
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
