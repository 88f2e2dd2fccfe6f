// What was read of articles' files ⇄ columns, one a field: ten thousand articles come back from them in the time that a
// hundred take to parse.

import type { Article, Diagnostic, Section } from '../../model.ts'
import { stateAt } from './article-dates.ts'
import type { ParsedArticle } from './read-article.ts'

/** One article file as it was read. */
export interface KnownArticle extends ParsedArticle {
  readonly problems: readonly Diagnostic[]
  /** A README: not counted. */
  readonly readme: boolean
  /** It asked for pictures or recordings of the publication's own: when those change, it must be read again. */
  readonly local: boolean
}

/** A plain value: the files at the paths, in their order. */
export interface Columns {
  readonly paths: readonly string[]
  readonly flags: Uint8Array
  readonly problems: ReadonlyMap<number, readonly Diagnostic[]>
  /** Instant and offset, in turn. */
  readonly dates: Float64Array
  readonly often: { readonly [Key in Often]: Article[Key][] }
  readonly seldom: { readonly [Key in Seldom]: Map<number, Article[Key]> }
}

const OFTEN = [
  'id',
  'slug',
  'url',
  'title',
  'authors',
  'section',
  'tags',
  'summary',
  'language',
  'direction',
  'bodyLine',
] as const
const SELDOM = [
  'updated',
  'place',
  'image',
  'audio',
  'expires',
  'withdrawn',
  'comments',
  'source',
  'canonical',
  'extra',
] as const
type Often = (typeof OFTEN)[number]
type Seldom = (typeof SELDOM)[number]

const FLAGS = { readme: 1, draft: 2, unlisted: 4, local: 8, undated: 16 } as const
const IS_ARTICLE = 32
const IS_LIVE = 64
/** It has none of the fields that are seldom there. */
const IS_BARE = 128

/** @param files those at the paths, in their order */
export function packColumns(paths: readonly string[], files: readonly KnownArticle[]): Columns {
  const often = Object.fromEntries(OFTEN.map(key => [key, [] as unknown[]]))
  const seldom = Object.fromEntries(SELDOM.map(key => [key, new Map<number, unknown>()]))
  const flags = new Uint8Array(files.length)
  const dates = new Float64Array(files.length * 2)
  const problems = new Map<number, readonly Diagnostic[]>()
  for (const [at, known] of files.entries()) {
    const { article } = known
    if (known.readme) flags[at]! |= FLAGS.readme
    if (known.draft) flags[at]! |= FLAGS.draft
    if (known.unlisted) flags[at]! |= FLAGS.unlisted
    if (known.local) flags[at]! |= FLAGS.local
    if (known.undated) flags[at]! |= FLAGS.undated
    if (known.problems.length > 0) problems.set(at, known.problems)
    for (const key of OFTEN) often[key]!.push(article?.[key])
    if (article) {
      flags[at]! |= IS_ARTICLE | (article.live ? IS_LIVE : 0)
      dates[at * 2] = article.date.at
      dates[at * 2 + 1] = article.date.offset
      let bare = true
      for (const key of SELDOM) {
        const value = article[key]
        if (value === undefined || (key === 'extra' && Object.keys(value).length === 0)) continue
        seldom[key]!.set(at, value)
        bare = false
      }
      if (bare) flags[at]! |= IS_BARE
    }
  }
  const columns = { often, seldom } as unknown as Pick<Columns, 'often' | 'seldom'>
  return { paths, flags, problems, dates, ...columns }
}

const none: readonly Diagnostic[] = []

export interface Fresh {
  /** ms since epoch. */
  readonly now: number
  /** Slug, in small letters → section. */
  readonly sections: ReadonlyMap<string, Section>
  readonly body: PropertyDescriptor
}

/** For whom the text is nothing. */
export const noBody: PropertyDescriptor = { value: '', enumerable: true, configurable: true }

/** @returns what was read of the file at place `at`, as it is now */
export function recall(
  { paths, flags, problems, dates, often, seldom }: Columns,
  at: number,
  fresh: Fresh,
): KnownArticle {
  const bits = flags[at]!
  const draft = (bits & FLAGS.draft) !== 0
  const unlisted = (bits & FLAGS.unlisted) !== 0
  const known = {
    article: undefined as Article | undefined,
    problems: problems.get(at) ?? none,
    readme: (bits & FLAGS.readme) !== 0,
    draft,
    unlisted,
    local: (bits & FLAGS.local) !== 0,
    undated: (bits & FLAGS.undated) !== 0,
  }
  if ((bits & IS_ARTICLE) === 0) return known
  const date = { at: dates[at * 2]!, offset: dates[at * 2 + 1]! }
  const rare = (bits & IS_BARE) !== 0 ? undefined : seldom
  const expires = rare?.expires.get(at)
  const withdrawn = rare?.withdrawn.get(at)
  const section = often.section[at]
  // In the order in which readArticle names them: letters are told apart by the text of their articles.
  const article: Omit<Article, 'body' | 'bodyLine'> = {
    id: often.id[at]!,
    file: paths[at]!,
    slug: often.slug[at]!,
    url: often.url[at]!,
    state: stateAt(fresh.now, { draft, withdrawn: withdrawn !== undefined, unlisted, date, expires }),
    title: often.title[at]!,
    date,
    updated: rare?.updated.get(at),
    authors: often.authors[at]!,
    section: section && ofSettings(section, fresh.sections),
    tags: often.tags[at]!,
    summary: often.summary[at],
    place: rare?.place.get(at),
    image: rare?.image.get(at),
    audio: rare?.audio.get(at),
    language: often.language[at]!,
    direction: often.direction[at]!,
    live: (bits & IS_LIVE) !== 0,
    expires,
    withdrawn,
    comments: rare?.comments.get(at),
    source: rare?.source.get(at),
    canonical: rare?.canonical.get(at),
    extra: rare?.extra.get(at) ?? {},
  }
  Object.defineProperty(article, 'body', fresh.body)
  known.article = Object.assign(article, { bodyLine: often.bodyLine[at]! }) as unknown as Article
  return known
}

function ofSettings(section: Section, sections: Fresh['sections']): Section {
  const found = sections.get(section.slug.toLowerCase())
  return found?.slug === section.slug ? found : section
}
