// Editions that appeared → the feed of each newsletter's editions, in every format, beside its web archive; and an edition
// → what that feed shows of it.

import { createHash } from 'node:crypto'
import { directionOf, openZone } from '../base/index.ts'
import {
  type Channel,
  FEED_FORMATS,
  feedFormatNames,
  feedPaths,
  newestEditions,
  newsletterChannels,
  ownFileUrl,
  webPicture,
} from '../content/index.ts'
import type {
  ArchivedEdition,
  Article,
  Edition,
  Loaded,
  Newsletter,
  OutputFile,
  Picture,
  Publication,
  Renderer,
  Timestamp,
} from '../model.ts'
import type { Templates } from '../templates/index.ts'
import type { FeedsBefore } from './feed-cache.ts'
import { type FeedWriter, feedChunks, itemFrames } from './feed-chunks.ts'
import { permanentId } from './feed-documents.ts'
import { type Head, makeHead } from './feed-head.ts'
import { type Item, itemPicture } from './feed-item.ts'
import { FEED_WRITERS } from './feed-writers.ts'
import { plainText, safeHtml, strictUrl } from './feed-xml.ts'

export interface EditionFeed {
  readonly channel: Channel
  readonly items: number
  /** Of everything that went into it, but for settings and templates. */
  readonly key: string
  /** Whether its files are in `out/` as they would be made; their bodies are empty then. */
  readonly isUpToDate: boolean
  readonly files: readonly OutputFile[]
}

/** In the settings' order; a newsletter of which nothing has appeared yet has an empty feed. */
export function editionFeeds(
  loaded: Loaded,
  templates: Templates,
  editions: readonly ArchivedEdition[],
  before?: FeedsBefore,
): EditionFeed[] {
  const { newsletters, feeds } = loaded.publication
  return newsletterChannels(loaded).map((channel, index) => {
    const newsletter = newsletters[index]!
    const all = editions.filter(edition => edition.newsletter === newsletter.id)
    const own = newestEditions(all).slice(0, feeds.items)
    const key = createHash('sha256').update(JSON.stringify(own)).digest('hex')
    const isUpToDate =
      before?.kept.editions.get(channel.path) === key && feedPaths(channel.path).every(before.isUpToDate)
    const items = isUpToDate ? [] : itemsOf(own, newsletter, loaded.publication)
    const makeHead = () => headOf(channel, newsletter, items, loaded, templates)
    const files = feedFormatNames().map((name): OutputFile => {
      const path = channel.path + FEED_FORMATS[name].file
      return { path, body: isUpToDate ? '' : { chunks: chunksOf(FEED_WRITERS[name], items, makeHead) } }
    })
    return { channel, items: own.length, key, isUpToDate, files }
  })
}

/** @param own the newest first */
function itemsOf(own: readonly ArchivedEdition[], newsletter: Newsletter, publication: Publication): Item[] {
  const zone = openZone(publication.timezone)
  const times: Timestamp[] = []
  // Editions of one article each may share a moment: no two are updated at the same one, as with articles.
  for (const { until } of [...own].reverse()) {
    times.unshift({ at: Math.max(until, (times[0]?.at ?? 0) + 1), offset: zone.offsetAt(until) })
  }
  return own.map((edition, index) => makeEditionItem(edition, times[index]!, newsletter, publication))
}

function makeEditionItem(
  edition: ArchivedEdition,
  updated: Timestamp,
  newsletter: Newsletter,
  publication: Publication,
): Item {
  const path = `editions/${newsletter.id}/${edition.id}`
  const { idHost } = publication.articles
  const year = new Date(edition.until).getUTCFullYear()
  const title = plainText(edition.subject) || plainText(newsletter.title) || edition.id
  const html = edition.digest ?? ''
  const text = { summary: plainText(edition.preheader) || title, content: Buffer.from(html) }
  return {
    id: permanentId(`tag:${idHost},${year}:${path}`, idHost), // RFC 4151
    url: ownFileUrl(publication.url, `${path}/`),
    title,
    date: { at: edition.until, offset: updated.offset },
    updated,
    edited: false,
    authors: [],
    tags: [],
    picture: itemPicture(edition, publication.url),
    episode: false,
    full: publication.feeds.content === 'full' && html !== '',
    text: () => text,
  }
}

/** As that of any other channel, in the newsletter's language. */
function headOf(
  channel: Channel,
  { language }: Newsletter,
  items: readonly Item[],
  loaded: Loaded,
  templates: Templates,
): Head {
  const document = {
    channel,
    path: channel.path,
    articles: [],
    content: 'summary' as const,
    archive: { isArchive: false },
  }
  const sources = { loaded, words: templates.words(language), times: new Map(), tombstones: [], channels: [] }
  const head = makeHead(document, items, sources)
  return { ...head, language, categories: [], updated: items[0]?.updated ?? head.updated }
}

function chunksOf(writer: FeedWriter, items: readonly Item[], makeHead: () => Head) {
  const frames = itemFrames(writer, () => false)
  return feedChunks({ writer, items, frames, makeHead, piece: () => undefined, reportSpans() {} })
}

/** What the editor wrote for an edition, as everybody may read it: nothing in it is any one reader's. */
interface EditorsOwn {
  /** Markdown. */
  readonly note: string
  /** By place. */
  readonly blocks: Readonly<Record<'top' | 'afterLead' | 'between' | 'bottom', readonly DigestBlock[]>>
}

interface DigestBlock {
  /** The line above it; empty for none. */
  readonly label: string
  readonly html: string
  /** Whether it has a line above and one below. */
  readonly above: boolean
  readonly below: boolean
}

/** The editor's note and blocks, the lead's picture, each article's title and summary, as HTML. */
export function editionDigest(
  edition: Edition,
  { note, blocks }: EditorsOwn,
  { publication }: Loaded,
  renderer: Renderer,
  templates: Templates,
): string {
  const { newsletter, lead, parts } = edition
  const { language } = newsletter
  const direction = directionOf(language)

  function story(article: Article) {
    const url = strictUrl(article.url) ?? publication.url
    return {
      title: plainText(article.title) || url,
      url,
      summary: plainText(renderer.body(article).summary),
      language: article.language,
      direction: article.direction,
      foreign: article.language !== language || article.direction !== direction,
    }
  }

  const data = {
    publication,
    language,
    direction,
    // A reader knows the language of the feed, but nothing of its direction unless the content says it.
    wrapped: direction === 'rtl',
    note: note.trim() ? renderer.prose(note, edition.note!.file).html : '',
    blocks,
    figure: figureOf(lead?.image && webPicture(lead.image, publication.url)),
    lead: lead && story(lead),
    parts: parts.map(({ title, articles }) => ({ title: plainText(title), stories: articles.map(story) })),
  }
  return safeHtml(
    templates.render('feed/edition.html.hbs', data, { language, timezone: publication.timezone }),
  )
}

function figureOf(image: Picture | undefined): Picture | undefined {
  const url = strictUrl(image?.url)
  return image && url ? { ...image, url } : undefined
}
