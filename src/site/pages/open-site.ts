// Loaded folder → what all pages need to know of it, worked out once: channels, feeds, places, frames, languages, and what
// the last build made of it.

import { hash } from 'node:crypto'
import { cutShort, openZone, type Zone } from '../../base/index.ts'
import {
  type Channel,
  channelsOf,
  type FeedReport,
  formerAddresses,
  notPublished,
  pagePath,
  publishedArticles,
  reservedPaths,
} from '../../content/index.ts'
import type {
  Article,
  Author,
  Body,
  Diagnostic,
  Direction,
  Loaded,
  OutputFile,
  Picture,
  RefusedFile,
  Renderer,
} from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import { articlesBeside, type Beside } from '../articles-beside.ts'
import {
  type ChannelLinks,
  channelLinks,
  type FeedLink,
  type LinkedChannel,
  openFeedLinks,
} from '../feed-links.ts'
import {
  type AuthorBox,
  type BylinePart,
  type Frame,
  type Link,
  openAuthorBoxes,
  openBylines,
  openFrames,
} from './page-frames.ts'

export interface Site {
  readonly loaded: Loaded
  readonly renderer: Renderer
  readonly templates: Templates
  readonly zone: Zone
  readonly channels: readonly Channel[]
  readonly published: readonly Article[]
  /** Where each article's page lies below `out/`. */
  readonly places: PagePlaces
  readonly links: ChannelLinks
  readonly cache: PageCache
  feeds(channel: Channel): readonly FeedLink[]
  beside(article: Article): Beside
  summaryOf(article: Article): ArticleSummary
  frame(path: string): Frame
  wordsAround(article: Article): WordsAround
  byline(article: Article, language: string): readonly BylinePart[]
  authorBox(author: Author, prefix: string): AuthorBox
}

/**
 * @param reports of the feeds that there are
 * @param before what the last build left
 * @param ownFiles the publication's own files that pages show: no page takes the place of one
 */
export function openSite(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  reports: readonly FeedReport[],
  before?: PagesBefore,
  ownFiles = () => readAll(loaded, renderer),
): Site {
  const { publication } = loaded
  const { url, language, timezone, newsletters } = publication
  const { pages } = publication.articles
  const channels = channelsOf(loaded)
  const published = publishedArticles(loaded)
  const feeds = openFeedLinks(publication, reports)
  const links = channelLinks(publication, pages ? channels : channels.slice(0, 1), feeds)
  const sections = (pages ? channels : [])
    .filter(({ scope }) => scope === 'section')
    .map(channel => ({ name: channel.name, url: links.urlOf(channel) }))
  return {
    loaded,
    renderer,
    templates,
    zone: openZone(timezone),
    channels,
    published,
    places: pagePlaces(loaded, pages ? ownFiles() : []),
    links,
    cache: openPageCache(before, sections),
    feeds,
    beside: articlesBeside(published),
    summaryOf: openSummaries(),
    frame: openFrames(loaded, templates, () => {
      const words = templates.words(language)
      const archive = newsletters.length > 0 ? [{ name: words('page.editions'), url: `${url}editions/` }] : []
      return { sections, links: [{ name: words('page.subscribe'), url: `${url}#subscribe` }, ...archive] }
    }),
    wordsAround: openWordsAround(loaded, templates),
    byline: openBylines(templates, links),
    authorBox: openAuthorBoxes(loaded, renderer, links),
  }
}

/** What other pages show of an article: lists of articles, and articles that it is beside. They do not follow its text. */
export type ArticleSummary = Omit<Article, 'body' | 'bodyLine'>

/** Each is beside several others, which are made soon after it. */
const MAX_SUMMARIES = 1000

/** Without its text: where the article came from the cache, asking for that reads its file. */
function openSummaries(): (article: Article) => ArticleSummary {
  const summaries = new Map<Article, ArticleSummary>()
  function make(article: Article): ArticleSummary {
    const fields: Record<string, unknown> = {}
    for (const key in article)
      if (key !== 'body' && key !== 'bodyLine') fields[key] = article[key as keyof Article]
    if (summaries.size >= MAX_SUMMARIES) summaries.clear()
    return fields as unknown as ArticleSummary
  }
  return article => {
    const summary = summaries.get(article) ?? make(article)
    summaries.set(article, summary)
    return summary
  }
}

/** @returns the own files that pages show */
function readAll(loaded: Loaded, renderer: Renderer): OutputFile[] {
  for (const article of loaded.articles) if (hasPage(article)) readWhole(renderer.body(article))
  return shownFiles(loaded, renderer, []).copies
}

/** The renderer remembers what it said, not what it read: all that a page asks of an article costs one reading if asked at once. */
function readWhole({ files, summary, minutes }: Body): void {
  void [files, summary, minutes]
}

/** In which language the words around an article are: in its own where a catalogue speaks it, else the publication's. */
export interface WordsAround {
  /** Of words, dates and numbers. */
  readonly language: string
  /** What the words must be marked with, where they are in another language than the article. */
  readonly turned: { readonly language: string; readonly direction: Direction } | undefined
  /** Of the article, as Open Graph writes it: 'hi_IN'. */
  readonly locale: string
}

function openWordsAround(
  { publication }: Loaded,
  templates: Templates,
): (article: Pick<Article, 'language'>) => WordsAround {
  const known = new Map<string, WordsAround>()
  function make(language: string): WordsAround {
    if (templates.speaks(language)) return { language, turned: undefined, locale: localeOf(language) }
    const { language: spoken, direction } = publication
    return { language: spoken, turned: { language: spoken, direction }, locale: localeOf(language) }
  }
  return ({ language }) => {
    const words = known.get(language) ?? make(language)
    known.set(language, words)
    return words
  }
}

function localeOf(tag: string): string {
  try {
    const { language, region } = new Intl.Locale(tag).maximize()
    return region ? `${language}_${region}` : language
  } catch {
    return tag.replaceAll('-', '_')
  }
}

// ─── Places ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Articles → the file that each page is written to, an error for each article whose page would take another file's place,
// and copies of the publication's own files that readers are shown.

interface PagePlaces {
  /** Published, unlisted and withdrawn articles, in the order of the folder; none where pages are off. */
  readonly paths: ReadonlyMap<Article, string>
  /** Its twin in Markdown. */
  readonly twins: ReadonlyMap<Article, string>
  /** Where readers of an article may still look for it: what it was once called leads on to it. */
  readonly former: ReadonlyMap<string, Article>
  readonly diagnostics: readonly Diagnostic[]
}

/** @param own the publication's own files, which are copied to where they lie in its folder */
export function pagePlaces(loaded: Loaded, own: readonly OutputFile[]): PagePlaces {
  const paths = new Map<Article, string>()
  const twins = new Map<Article, string>()
  const former = new Map<string, Article>()
  const diagnostics: Diagnostic[] = []
  const { url, articles } = loaded.publication
  if (!articles.pages) return { paths, twins, former, diagnostics }
  const reserved = reservedPaths(
    loaded,
    own.map(({ path }) => path),
  )
  for (const article of loaded.articles) {
    if (!hasPage(article) && article.state !== 'withdrawn') continue
    const path = pagePath(article.url, url)
    const rival = path === undefined ? undefined : reserved.rivalOf(path)
    if (path === undefined) diagnostics.push(problem(article, 'is not a possible file name'))
    else if (rival !== undefined) diagnostics.push(problem(article, `is already that of ${rival}`))
    else {
      reserved.reserve(path)
      paths.set(article, path)
    }
  }
  for (const [article, page] of paths) {
    if (article.state === 'withdrawn') continue
    const twin = page.replace(/\.html$/, '.md')
    if (articles.markdown && reserved.rivalOf(twin) === undefined) {
      reserved.reserve(twin)
      twins.set(article, twin)
    }
    for (const address of formerAddresses(article)) {
      const path = pagePath(new URL(address, url).href, url)
      // What is there now has more right to the place.
      if (path === undefined || reserved.rivalOf(path) !== undefined) continue
      reserved.reserve(path)
      former.set(path, article)
    }
  }
  return { paths, twins, former, diagnostics }
}

function problem({ file, url }: Article, why: string): Diagnostic {
  return {
    file,
    line: 1,
    rule: 'page-address',
    severity: 'error',
    message: `has no page: its address ${cutShort(url, 120)} ${why}`,
    advice: 'Give it another address: `url: /2026/harbour/` or `slug: harbour`.',
  }
}

/** Whether readers can read it at its address, where there are pages at all. */
function hasPage({ state }: Article): boolean {
  return state === 'published' || state === 'unlisted'
}

/** What articles show of the publication's own files; asked when they have been rendered. */
export interface ShownFiles {
  /** Copies of all, and of no other. What only a draft shows stays where it is: a picture leaks as much as a text. */
  readonly copies: OutputFile[]
  /** Those of them that feeds and pages show in a size of their own. */
  readonly pictures: ShownPictures
  /** What articles refer to and is not published. */
  readonly refused: Diagnostic[]
}

/** @param used the articles that some feed or edition carries; those that have a page are counted in */
export function shownFiles(loaded: Loaded, renderer: Renderer, used: readonly Article[]): ShownFiles {
  const { logo, logoDark, icon, podcast } = loaded.publication
  const pictures = new Set<string>()
  const covers = new Set<Picture>()
  const others = new Set([logo?.file, logoDark?.file, icon?.file, podcast?.image?.file])
  const refused: Diagnostic[] = []
  for (const article of shownArticles(loaded, used)) {
    const { image, audio } = article
    const body = renderer.body(article)
    addPictures(pictures, article, body, renderer)
    for (const file of audio ? [audio.file, ...(audio.files ?? [])] : []) others.add(file)
    if (audio && !audio.image && image) covers.add(image)
    for (const each of body.refused) refused.push(refusal(article, each))
  }
  const paths = [...new Set([...others, ...pictures])].filter(path => path !== undefined).sort()
  return {
    copies: paths.map(path => ({ path, body: { copy: path } })),
    pictures: { files: [...pictures].sort(), covers: [...covers] },
    refused,
  }
}

function refusal({ file }: Article, refused: RefusedFile): Diagnostic {
  const [message, advice] = notPublished(refused.reference, refused)
  return { file, line: 0, rule: 'attachment', severity: 'warning', message, advice }
}

export interface ShownPictures {
  /** Paths, relative to `articles/`. */
  readonly files: readonly string[]
  /** Those that episodes are known by. */
  readonly covers: readonly Picture[]
}

function shownArticles({ publication, articles }: Loaded, used: readonly Article[]): Article[] {
  return [...new Set([...used, ...(publication.articles.pages ? articles.filter(hasPage) : [])])]
}

/** Everything that its text shows, and the pictures above and below it. */
function addPictures(all: Set<string>, { image, authors }: Article, body: Body, renderer: Renderer): void {
  if (image?.file) all.add(image.file)
  for (const file of body.files) all.add(file)
  for (const { photo, biography, id } of authors) {
    if (photo?.file) all.add(photo.file)
    if (!biography) continue
    for (const file of renderer.prose(biography, `authors/${id}.md`).files) all.add(file)
  }
}

// ─── What the last build made ────────────────────────────────────────────────────────────────────────────────────────
//
// What the last build made of pages → which of them are in `out/` as they would be made; and what is kept for the next
// build.

/** A plain value: what the cache keeps. */
export interface KeptPages {
  /** Links to the sections, at the top of every page. */
  readonly sections: readonly Link[]
  /** Path below `out/` → key of everything that the page shows besides what follows from settings, templates and articles. */
  readonly keys: ReadonlyMap<string, string>
}

/** The last build of the same settings, templates and authors. */
export interface PagesBefore {
  readonly kept: KeptPages
  /** Whether an article is for certain what it was then, with its text. */
  isSame(article: Article): boolean
  /** Whether what its text refers to is as well, and what is said of those who wrote it. */
  isUnchanged(article: Article): boolean
  /** Whether all that other pages show of an article is. */
  hasSameSummary(article: Article): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  isUpToDate(path: string): boolean
}

interface PageCache {
  /** Whether the page is there as it would be made. @param key of everything that it shows */
  isUpToDate(path: string, key: string): boolean
  /** The same of an article's page. @param key of everything but the article @param beside whose summaries it shows */
  isArticleUpToDate(path: string, key: string, article: Article, beside: Beside): boolean
  /** The same of what is made of an article and lies beside its page. */
  isTwinUpToDate(path: string, page: string): boolean
  readonly upToDate: ReadonlySet<string>
  /** For the next build. */
  kept(): KeptPages
}

function openPageCache(before: PagesBefore | undefined, sections: readonly Link[]): PageCache {
  const keys = new Map<string, string>()
  const upToDate = new Set<string>()
  const last = JSON.stringify(before?.kept.sections) === JSON.stringify(sections) ? before : undefined

  function isThere(path: string, key: string): boolean {
    keys.set(path, key)
    return last !== undefined && last.kept.keys.get(path) === key && last.isUpToDate(path)
  }

  function note(path: string, is: boolean): boolean {
    if (is) upToDate.add(path)
    return is
  }

  return {
    isUpToDate: (path, key) => note(path, isThere(path, key)),
    isArticleUpToDate(path, key, article, { related, top, later }) {
      if (!isThere(path, key) || !last) return false
      const isSame = article.state === 'withdrawn' ? last.isSame(article) : last.isUnchanged(article)
      return note(path, isSame && [...related, ...top, ...later].every(last.hasSameSummary))
    },
    isTwinUpToDate: (path, page) => note(path, upToDate.has(page) && last?.isUpToDate(path) === true),
    upToDate,
    kept: () => ({ sections, keys }),
  }
}

/** @returns a text that is the same only where all of what is shown is */
export function pageKey(shown: unknown): string {
  return hash('sha1', JSON.stringify(shown), 'base64')
}

/** Of what the page of an article shows besides the article itself, whose file shows whether it changed. */
export function articleKey(article: Article, { related, top, later }: Beside, links: ChannelLinks): string {
  const { file, authors, tags } = article
  const channels = [links.section(article), ...authors.map(links.author), ...tags.map(links.tag)]
  return pageKey([file, related.map(fileOf), top.map(fileOf), later.map(fileOf), channels.map(linkKey)])
}

function fileOf({ file }: Article): string {
  return file
}

function linkKey(channel: LinkedChannel | undefined): unknown {
  return channel && [channel.scope, channel.name, channel.path, channel.language]
}
