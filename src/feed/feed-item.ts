// Articles → the items that all formats write, with the same id, title, dates, authors, tags and content in each; every item
// made once, however many documents carry it; the content of each; and the chapters of episodes.

import { shortHash } from '../base/index.ts'
import { type Channel, coverPicture, ownFileUrl, readLicence, webPicture } from '../content/index.ts'
import type { Article, Audio, Licence, OutputFile, Publication, Timestamp } from '../model.ts'
import type { FeedDocument } from './feed-documents.ts'
import {
  type CreditedPicture,
  plainText,
  rslContent,
  safeHtml,
  strictUrl,
  type XmlElement,
} from './feed-xml.ts'
import { type ContentSources, makeContent } from './item-content.ts'

export interface Item {
  readonly id: string
  /** What RSS calls it, where that is something else. */
  readonly guid?: string | undefined
  readonly url: string
  /** Plain text, never empty. */
  readonly title: string
  readonly date: Timestamp
  /** When it last changed: the first publication, unless it was edited. */
  readonly updated: Timestamp
  readonly edited: boolean
  readonly authors: readonly ItemAuthor[]
  /** Its section, then its tags; each once. */
  readonly tags: readonly string[]
  /** Only where it differs from the feed's. */
  readonly language?: string | undefined
  readonly picture?: CreditedPicture | undefined
  readonly audio?: Audio | undefined
  /** Address of the square picture of an episode, as podcast apps take it. */
  readonly cover?: string | undefined
  /** Whether its audio is an episode of a podcast. */
  readonly episode: boolean
  /** Its dateline. */
  readonly place?: string | undefined
  /** Only where it differs from that of the publication. */
  readonly licence?: Licence | undefined
  readonly terms?: XmlElement | undefined
  readonly comments?: string | undefined
  /** What a link post points at. */
  readonly external?: string | undefined
  /** The feed that it was taken over from. */
  readonly origin?: { readonly feed: string; readonly title: string } | undefined
  /** Whether it carries the whole article, or the summary only. */
  readonly full: boolean
  /** Rendered when it is first asked for, and kept. */
  text(): ItemText
  /** The article's own words as Markdown, where the publication wants that in feeds. */
  markdown?: (() => string) | undefined
}

export interface ItemText {
  /** Plain text, never empty. */
  readonly summary: string
  /** HTML in UTF-8, half of what a string may take; empty unless the item is `full`. */
  readonly content: Buffer
}

export interface ItemAuthor {
  readonly name: string
  readonly role?: string | undefined
  readonly url?: string | undefined
  readonly photo?: string | undefined
}

/** What an item is made from besides its article. */
export interface ItemSources extends ContentSources {
  /** As `permanentIds` and `updatedTimes` settled them. */
  readonly ids: ReadonlyMap<Article, string>
  readonly guids: ReadonlyMap<Article, string>
  readonly times: ReadonlyMap<Article, Timestamp>
  /** The content of an article, where another thread has made it. */
  readonly ready?: ((article: Article) => Buffer | undefined) | undefined
}

export interface CarriedItems {
  readonly itemsOf: ReadonlyMap<FeedDocument, readonly Item[]>
  /** As any of the documents has it. */
  itemOf(article: Article): Item | undefined
  /** Whether several documents carry it. */
  isShared(item: Item): boolean
}

/**
 * @param missing articles whose contents are to be made: before any other item, in this order
 * @param isKnown whether the bytes of an article's item are to be had without its text
 */
export function carriedItems(
  documents: readonly FeedDocument[],
  missing: readonly Article[],
  sources: ItemSources,
  isKnown: (article: Article) => boolean,
): CarriedItems {
  const made = { full: new Map<Article, Item>(), summary: new Map<Article, Item>() }
  const carriers = new Map<Item, number>()
  const itemOf = (article: Article, content: FeedDocument['content']): Item => {
    let item = made[content].get(article)
    if (!item) {
      item = makeItem(article, sources, content === 'full')
      if (!isKnown(article)) item.text() // now: pages and their files then find the article parsed already
      made[content].set(article, item)
    }
    return item
  }
  const carry = (article: Article, content: FeedDocument['content']): Item => {
    const item = itemOf(article, content)
    carriers.set(item, (carriers.get(item) ?? 0) + 1)
    return item
  }
  for (const article of missing) itemOf(article, 'full')
  return {
    itemsOf: new Map(
      documents.map(document => [
        document,
        document.articles.map(article => carry(article, document.content)),
      ]),
    ),
    itemOf: article => made.full.get(article) ?? made.summary.get(article),
    isShared: item => carriers.get(item)! > 1,
  }
}

function makeItem(article: Article, sources: ItemSources, full: boolean): Item {
  const { loaded, renderer } = sources
  const { publication } = loaded
  const url = strictUrl(article.url) ?? publication.url
  const written = plainText(article.title)
  const licence = readLicence(article.extra.licence ?? article.extra.license)
  let made: ItemText | undefined
  const text = (): ItemText => {
    if (made) return made
    // The content first: the summary is then made of the same parsed text.
    const content = full
      ? (sources.ready?.(article) ?? Buffer.from(makeContent(article, sources)))
      : Buffer.alloc(0)
    const summary = plainText(renderer.body(article).summary) || written || url
    made = { summary, content }
    return made
  }
  return {
    id: sources.ids.get(article)!,
    guid: sources.guids.get(article),
    url,
    title: written || plainText(renderer.body(article).summary) || url,
    date: article.date,
    updated: sources.times.get(article)!,
    edited: article.updated !== undefined,
    authors: itemAuthors(article, publication.url),
    tags: itemTags(article),
    language: article.language === publication.language ? undefined : article.language,
    picture: itemPicture(article, publication.url),
    cover: itemCover(article, publication.url),
    audio: itemAudio(article, publication),
    episode: publication.podcast !== undefined && article.audio !== undefined,
    place: article.place && plainText(article.place),
    licence,
    terms: licence && rslContent(url, licence, publication),
    comments: strictUrl(article.comments),
    external: strictUrl(article.source?.url),
    origin: itemOrigin(article),
    full,
    text,
    markdown:
      full && publication.feeds.markdown && renderer.markdown
        ? () => renderer.markdown!(safeHtml(renderer.body(article).html))
        : undefined,
  }
}

function itemOrigin({ source }: Article): Item['origin'] {
  const feed = strictUrl(source?.feed)
  return feed ? { feed, title: plainText(source?.title ?? '') || new URL(feed).hostname } : undefined
}

function itemAuthors({ authors }: Article, home: string): ItemAuthor[] {
  return authors
    .map(author => ({
      name: plainText(author.name),
      role: author.role,
      url: strictUrl(author.url) ?? strictUrl(author.social[0]?.url),
      photo: strictUrl(author.photo && webPicture(author.photo, home).url),
    }))
    .filter(author => author.name !== '')
}

function itemTags({ section, tags }: Article): string[] {
  const words = [section?.title ?? '', ...tags].map(plainText).filter(Boolean)
  return [...new Set(words)]
}

// Of the roles of the European Broadcasting Union, which are the default scheme, those that a picture may have.
const EBU_ROLES = ['photographer', 'illustrator', 'artist', 'graphic designer', 'camera operator', 'author']

/** @param home a role that the default scheme does not know ('agency') is of the publication's own */
export function itemPicture(
  { image: written }: Pick<Article, 'image'>,
  home: string,
): CreditedPicture | undefined {
  const image = written && webPicture(written, home)
  const url = strictUrl(image?.url)
  if (!image || !url) return undefined
  const creditRole = plainText(image.creditRole ?? '').toLowerCase() || 'photographer'
  return {
    ...image,
    url,
    alt: plainText(image.alt),
    caption: image.caption && plainText(image.caption),
    credit: image.credit && plainText(image.credit),
    copyright: image.copyright && plainText(image.copyright),
    creditRole,
    creditScheme: EBU_ROLES.includes(creditRole) ? undefined : home,
    type: image.type && MEDIA_TYPE.test(image.type) ? image.type : undefined,
  }
}

/** The episode's own, else its lead picture, whole or cut, where that is large enough: nothing is enlarged. */
function itemCover({ audio, image }: Article, home: string): string | undefined {
  if (!audio) return undefined
  if (audio.image) return strictUrl(audio.image.url)
  return image && strictUrl(coverPicture(image, home)?.url)
}

function itemAudio(article: Article, publication: Publication): Audio | undefined {
  const { audio } = article
  const url = strictUrl(audio?.url)
  if (!audio || !url) return undefined
  return {
    ...audio,
    url,
    type: MEDIA_TYPE.test(audio.type) ? audio.type : 'application/octet-stream',
    transcript: strictUrl(audio.transcript),
    chapters: strictUrl(audio.chapters) ?? strictUrl(chaptersOf(article, publication)?.url),
  }
}

// RFC 6838 §4.2
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i

/** What an item has besides its words: dates, addresses, names. */
const ITEM_OVERHEAD_BYTES = 800

/** About how many bytes of a feed it takes. */
export function itemBytes(item: Item): number {
  const { content, summary } = item.text()
  return content.length + Buffer.byteLength(summary) + Buffer.byteLength(item.title) + ITEM_OVERHEAD_BYTES
}

// ─── Chapters of an episode ─────────────────────────────────────────────────────────────────────────────────────────
//
// An episode whose headings begin with a time (`## 3:12 The second stroke`) → its chapters, as the file that players ask for.
// https://github.com/Podcastindex-org/podcast-namespace, JSON chapters 1.2

interface Chapters {
  /** Below `out/`. */
  readonly path: string
  readonly url: string
  readonly chapters: readonly { readonly startTime: number; readonly title: string }[]
}

const TIMED_HEADING = /^ {0,3}#{1,6}[ \t]+\(?\[?((?:\d{1,2}:)?\d{1,3}:[0-5]\d)\]?\)?[ \t]+(.*\S)[ \t]*$/
const FENCE = /^ {0,3}(`{3,}|~{3,})/

/** Undefined for an episode that has a file of them, or no two such headings in the order of their times. */
function chaptersOf(article: Article, { url, podcast }: Publication): Chapters | undefined {
  if (!podcast || !article.audio || article.audio.chapters || article.live) return undefined
  const chapters = timedHeadings(article.body)
  const inOrder = chapters.every((one, at) => at === 0 || one.startTime > chapters[at - 1]!.startTime)
  if (chapters.length < 2 || !inOrder) return undefined
  const path = `podcast/chapters/${article.slug}-${shortHash(article.id)}.json`
  return { path, url: ownFileUrl(url, path), chapters }
}

function timedHeadings(markdown: string): Chapters['chapters'][number][] {
  let fence: string | undefined
  return markdown.split('\n').flatMap(line => {
    const mark = FENCE.exec(line)?.[1]
    if (mark && fence === undefined) fence = mark
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined
    const heading = fence === undefined ? TIMED_HEADING.exec(line) : null
    if (!heading) return []
    const title = plainText(heading[2]!.replace(/[ \t]#+$/, '').replace(/[*_`]/g, ''))
    const startTime = heading[1]!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    return title ? [{ startTime, title }] : []
  })
}

export function chapterFiles(channels: readonly Channel[], publication: Publication): OutputFile[] {
  const episodes = channels.find(({ scope }) => scope === 'podcast')?.articles ?? []
  return episodes.flatMap(article => {
    const found = chaptersOf(article, publication)
    if (!found) return []
    const value = { version: '1.2.0', title: plainText(article.title), chapters: found.chapters }
    return [{ path: found.path, body: `${JSON.stringify(value, null, 2)}\n` }]
  })
}
