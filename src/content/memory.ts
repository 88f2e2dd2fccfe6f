// What was read of a folder's articles ⇄ plain values that the next load begins with: nothing that did not change is read
// or parsed again.

import { deserialize, serialize } from 'node:v8'
import type { Article, Author, Diagnostic, Section, Timestamp } from '../model.ts'
import { stateAt } from './articles/article-dates.ts'
import type { Complete, ParsedArticle } from './articles/read-article.ts'
import { isFolderData, isMarkdown, isUnderscored, type Listing } from './list-folder.ts'
import type { SettingsText } from './open-folder.ts'
import type { Settings } from './settings/settings-schema.ts'

/** A plain value: what the cache keeps. */
export interface LoadMemory {
  /** Relative path and text of the settings, and what they were read as. */
  readonly settings: SettingsText & { readonly value: Settings }
  /** By id, in the order of their paths. Articles name these very objects. */
  readonly authors: ReadonlyMap<string, Author>
  /** Found while the authors' files were read. */
  readonly authorProblems: readonly Diagnostic[]
  /** Of the articles' files. */
  readonly paths: readonly string[]
  /** File → id and address of the articles that have others than their file alone says. */
  readonly renamed: ReadonlyMap<string, string>
  /**
   * Columns of so many files each, serialised, with ids in place of those authors: a few articles come back without the
   * other ten thousand.
   */
  readonly chunks: readonly Uint8Array[]
}

export const FILES_PER_CHUNK = 256

/** @param files those at the paths, in their order @param packed those of the chunks that were packed already */
export function packMemory(
  shared: Omit<LoadMemory, 'chunks'>,
  files: readonly KnownArticle[],
  packed: readonly (Uint8Array | undefined)[] = [],
): LoadMemory {
  const pack = openPacker(shared.authors)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < files.length; at += FILES_PER_CHUNK) {
    const end = at + FILES_PER_CHUNK
    chunks.push(packed[chunks.length] ?? pack(shared.paths.slice(at, end), files.slice(at, end)))
  }
  return { ...shared, chunks }
}

/** @returns the chunks of an earlier load whose files are all the same; undefined in place of every other one */
export function sameChunks(
  memory: LoadMemory,
  paths: readonly string[],
  isRenewed: (path: string) => boolean,
): (Uint8Array | undefined)[] {
  return memory.chunks.map((chunk, place) => {
    const [at, end] = [place * FILES_PER_CHUNK, (place + 1) * FILES_PER_CHUNK]
    const before = memory.paths.slice(at, end)
    const now = paths.slice(at, end)
    const isSame =
      now.length === before.length && now.every((path, index) => path === before[index] && !isRenewed(path))
    return isSame ? chunk : undefined
  })
}

/** @returns what makes a chunk of the files at some paths, in their order */
export function openPacker(
  authors: LoadMemory['authors'],
): (paths: readonly string[], files: readonly KnownArticle[]) => Uint8Array {
  const ids = new Map([...authors].map(([id, author]) => [author, id]))
  return (paths, files) =>
    serialize(withAuthors(packColumns(paths, files), author => ids.get(author as Author) ?? author))
}

/** @returns what was read of the file at a place among the paths, as it is now */
export type Recall = (place: number, fresh: Fresh) => KnownArticle

/** @param memory whose chunks may still come, each before it is asked for */
export function openMemory({ authors, chunks }: Pick<LoadMemory, 'authors' | 'chunks'>): Recall {
  const opened: Columns[] = []
  function open(chunk: number): Columns {
    const columns = deserialize(chunks[chunk]!) as Columns
    return withAuthors(columns, author => (typeof author === 'string' ? authors.get(author)! : author))
  }
  return (place, fresh) => {
    const chunk = Math.floor(place / FILES_PER_CHUNK)
    opened[chunk] ??= open(chunk)
    return recall(opened[chunk], place % FILES_PER_CHUNK, fresh)
  }
}

function withAuthors(columns: Columns, replace: (author: Author | string) => Author | string): Columns {
  const authors = columns.dense.authors.map(byline => byline?.map(replace))
  return { ...columns, dense: { ...columns.dense, authors: authors as Columns['dense']['authors'] } }
}

export interface EarlierLoad {
  readonly memory: LoadMemory
  /** The memory opened, for whoever loads again and again. */
  readonly recall?: Recall | undefined
  /** Of `articles/`, as it was then. */
  readonly listing: Listing
  /** Whether a file is for certain what it was then. Paths relative to the publication's folder. */
  isUnchanged(path: string): boolean
}

/** What of an earlier load is still true. */
export interface Reusable {
  readonly memory: LoadMemory
  readonly recall: Recall
  isUnchanged(path: string): boolean
  /** Whether all files that are no articles are the same, and no other: what articles show and include is as before. */
  readonly otherFilesUnchanged: boolean
}

/** @returns undefined when nothing is: every article is read by the settings */
export function compareMemory(
  earlier: EarlierLoad | undefined,
  settings: SettingsText,
  listing: Listing,
): Reusable | undefined {
  if (!earlier) return undefined
  const { memory, isUnchanged } = earlier
  const before = memory.settings
  if (before.file !== settings.file || before.text !== settings.text) return undefined
  // What a folder says of its articles is in what is known of each.
  const data = ({ paths }: Listing) => paths.filter(isFolderData)
  const [dataNow, dataThen] = [data(listing), data(earlier.listing)]
  if (
    dataNow.length !== dataThen.length ||
    !dataNow.every((path, at) => path === dataThen[at] && isUnchanged(path))
  )
    return undefined
  const others = ({ paths }: Listing) => paths.filter(path => !isMarkdown(path) || isUnderscored(path))
  const [now, then] = [others(listing), others(earlier.listing)]
  const otherFilesUnchanged =
    now.length === then.length &&
    now.every((path, at) => path === then[at] && isUnchanged(path)) &&
    listing.links.join('\n') === earlier.listing.links.join('\n')
  return { memory, recall: earlier.recall ?? openMemory(memory), isUnchanged, otherFilesUnchanged }
}

/** One article file as it was read. */
export interface KnownArticle extends ParsedArticle {
  readonly problems: readonly Diagnostic[]
  /** It asked for pictures or recordings of the publication's own: when those change, it must be read again. */
  readonly usesOwnFiles: boolean
}

/**
 * How each field of an article is kept. A field that is not named here, or that `recall` does not give back, does not
 * compile: it would be there in the first build and gone in the next.
 *
 * dense: a column with a value for each file. sparse: a map, as few articles have it. other: by `recall`, see there.
 */
const FIELDS = {
  id: 'dense',
  file: 'other',
  slug: 'dense',
  url: 'dense',
  state: 'other',
  title: 'dense',
  date: 'other',
  updated: 'sparse',
  authors: 'dense',
  section: 'dense',
  tags: 'dense',
  summary: 'dense',
  place: 'sparse',
  image: 'sparse',
  audio: 'sparse',
  language: 'dense',
  direction: 'dense',
  live: 'other',
  expires: 'sparse',
  withdrawn: 'sparse',
  comments: 'sparse',
  source: 'sparse',
  canonical: 'sparse',
  extra: 'sparse',
  body: 'other',
  bodyLine: 'dense',
} as const satisfies Record<keyof Article, 'dense' | 'sparse' | 'other'>

type FieldsKept<How> = {
  [Key in keyof Article]-?: (typeof FIELDS)[Key] extends How ? Key : never
}[keyof Article]
type Dense = FieldsKept<'dense'>
type Sparse = FieldsKept<'sparse'>

/** A plain value: the files at the paths, in their order. */
interface Columns {
  readonly paths: readonly string[]
  readonly flags: Uint8Array
  readonly problems: ReadonlyMap<number, readonly Diagnostic[]>
  /** Instant and offset, in turn. */
  readonly dates: Float64Array
  readonly dense: { readonly [Key in Dense]: Article[Key][] }
  readonly sparse: { readonly [Key in Sparse]: Map<number, Article[Key]> }
}

const FLAGS = { skipped: 1, draft: 2, unlisted: 4, usesOwnFiles: 8, undated: 16 } as const satisfies Record<
  Exclude<keyof KnownArticle, 'article' | 'problems'>,
  number
>
const IS_ARTICLE = 32
const IS_LIVE = 64
/** It has none of the sparse fields. */
const IS_BARE = 128

/** @param files those at the paths, in their order */
function packColumns(paths: readonly string[], files: readonly KnownArticle[]): Columns {
  const dense = Object.fromEntries(fieldsKept('dense').map(key => [key, [] as unknown[]]))
  const sparse = Object.fromEntries(fieldsKept('sparse').map(key => [key, new Map<number, unknown>()]))
  const flags = new Uint8Array(files.length)
  const dates = new Float64Array(files.length * 2)
  const problems = new Map<number, readonly Diagnostic[]>()
  for (const [at, known] of files.entries()) {
    const { article } = known
    for (const flag of flagNames) if (known[flag]) flags[at]! |= FLAGS[flag]
    if (known.problems.length > 0) problems.set(at, known.problems)
    for (const key in dense) dense[key]!.push(article?.[key as Dense])
    if (!article) continue
    dates[at * 2] = article.date.at
    dates[at * 2 + 1] = article.date.offset
    let bare = true
    for (const key in sparse) {
      const value = article[key as Sparse]
      if (value === undefined || (key === 'extra' && Object.keys(value).length === 0)) continue
      sparse[key]!.set(at, value)
      bare = false
    }
    flags[at]! |= IS_ARTICLE | (article.live ? IS_LIVE : 0) | (bare ? IS_BARE : 0)
  }
  const fields = { dense, sparse } as unknown as Pick<Columns, 'dense' | 'sparse'>
  return { paths, flags, problems, dates, ...fields }
}

const flagNames = Object.keys(FLAGS) as (keyof typeof FLAGS)[]

function fieldsKept(how: 'dense' | 'sparse'): string[] {
  return Object.entries(FIELDS).flatMap(([key, value]) => (value === how ? [key] : []))
}

export interface Fresh {
  /** ms since epoch. */
  readonly now: number
  /** Slug, in small letters → section. */
  readonly sections: ReadonlyMap<string, Section>
  readonly body: PropertyDescriptor
}

/** For whoever looks at its fields alone. */
export const noBody: PropertyDescriptor = { value: '', enumerable: true, configurable: true }

const none: readonly Diagnostic[] = []
const noExtra: Article['extra'] = {}

/** @returns what was read of the file at place `at`, as it is now */
function recall(
  { paths, flags, problems, dates, dense, sparse }: Columns,
  at: number,
  fresh: Fresh,
): KnownArticle {
  const bits = flags[at]!
  const draft = (bits & FLAGS.draft) !== 0
  const unlisted = (bits & FLAGS.unlisted) !== 0
  const known = {
    article: undefined as Article | undefined,
    problems: problems.get(at) ?? none,
    skipped: (bits & FLAGS.skipped) !== 0,
    draft,
    unlisted,
    usesOwnFiles: (bits & FLAGS.usesOwnFiles) !== 0,
    undated: (bits & FLAGS.undated) !== 0,
  }
  if ((bits & IS_ARTICLE) === 0) return known
  const date: Complete<Timestamp> = { at: dates[at * 2]!, offset: dates[at * 2 + 1]! }
  const rare = (bits & IS_BARE) !== 0 ? undefined : sparse
  const expires = rare?.expires.get(at)
  const withdrawn = rare?.withdrawn.get(at)
  const section = dense.section[at]
  // In the order in which readArticle names them: a letter's mark is made from its articles as JSON.
  const article: Complete<Omit<Article, 'body' | 'bodyLine'>> = {
    id: dense.id[at]!,
    file: paths[at]!,
    slug: dense.slug[at]!,
    url: dense.url[at]!,
    state: stateAt(fresh.now, { draft, withdrawn: withdrawn !== undefined, unlisted, date, expires }),
    title: dense.title[at]!,
    date,
    updated: rare?.updated.get(at),
    authors: dense.authors[at]!,
    section: section && ofSettings(section, fresh.sections),
    tags: dense.tags[at]!,
    summary: dense.summary[at],
    place: rare?.place.get(at),
    image: rare?.image.get(at),
    audio: rare?.audio.get(at),
    language: dense.language[at]!,
    direction: dense.direction[at]!,
    live: (bits & IS_LIVE) !== 0,
    expires,
    withdrawn,
    comments: rare?.comments.get(at),
    source: rare?.source.get(at),
    canonical: rare?.canonical.get(at),
    extra: rare?.extra.get(at) ?? noExtra,
  }
  Object.defineProperty(article, 'body', fresh.body)
  known.article = Object.assign(article, { bodyLine: dense.bodyLine[at]! }) as unknown as Article
  return known
}

function ofSettings(section: Section, sections: Fresh['sections']): Section {
  const found = sections.get(section.slug.toLowerCase())
  return found?.slug === section.slug ? found : section
}
