// Editions that appeared → the feed of each newsletter's editions, in every format, beside its web archive.

import { createHash } from 'node:crypto'
import { openZone } from '../base/index.ts'
import {
  type Channel,
  feedFormatNames,
  feedPaths,
  newestEditions,
  newsletterChannels,
  ownFileUrl,
} from '../content/index.ts'
import type { ArchivedEdition, Loaded, Newsletter, OutputFile, Publication, Timestamp } from '../model.ts'
import type { Templates } from '../templates/index.ts'
import { CONTENT_MARK } from './content-mark.ts'
import { plainText } from './feed-text.ts'
import type { Format } from './format.ts'
import { FORMATS } from './formats.ts'
import type { FeedsBefore } from './known-feeds.ts'
import { type Head, makeHead } from './make-head.ts'
import { type Item, itemPicture } from './make-item.ts'
import { permanentId } from './permanent-ids.ts'

export interface EditionFeed {
  readonly channel: Channel
  readonly items: number
  /** Of everything that went into it, but for settings and templates. */
  readonly key: string
  /** Whether its files stand in `out/` as they would be made; their bodies are empty then. */
  readonly standing: boolean
  readonly files: readonly OutputFile[]
}

/** In the settings' order; a newsletter of which nothing has appeared yet has an empty feed. */
export function editionFeeds(
  loaded: Loaded,
  templates: Templates,
  editions: readonly ArchivedEdition[],
  before?: FeedsBefore,
): EditionFeed[] {
  const { publication } = loaded
  const { newsletters, feeds } = publication
  const formats = feedFormatNames().map(name => FORMATS[name])
  return newsletterChannels(loaded).map((channel, index) => {
    const newsletter = newsletters[index]!
    const all = editions.filter(edition => edition.newsletter === newsletter.id)
    const own = newestEditions(all).slice(0, feeds.items)
    const key = createHash('sha256').update(JSON.stringify(own)).digest('hex')
    const paths = feedPaths(channel.path)
    const standing = before?.kept.editions.get(channel.path) === key && paths.every(before.stands)
    const about = { channel, items: own.length, key, standing }
    if (standing) return { ...about, files: paths.map(path => ({ path, body: '' })) }
    const items = itemsOf(own, newsletter, publication)
    const head = headOf(channel, newsletter, items, loaded, templates)
    const body = (at: number) => documentText(formats[at]!, head, items)
    return { ...about, files: paths.map((path, at) => ({ path, body: body(at) })) }
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
  const document = { channel, path: channel.path, articles: [], archive: { isArchive: false } }
  const sources = { loaded, words: templates.words(language), times: new Map(), tombstones: [] }
  const head = makeHead(document, items, sources)
  return { ...head, language, categories: [], updated: items[0]?.updated ?? head.updated }
}

function documentText(format: Format, head: Head, items: readonly Item[]): string {
  const { before, after } = format.frame(head)
  if (items.length === 0) return before + after
  const texts = format
    .items(items)
    .map((text, index) => text.replace(CONTENT_MARK, () => String(format.content(items[index]!.text()))))
  return before + texts.join(format.separator) + after
}
