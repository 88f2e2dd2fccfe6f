// Loaded folder → what all pages need to know of it, worked out once: channels, feeds, places, frames, languages.

import { articlesBeside, type Beside } from '../articles-beside.ts'
import { type Channel, channelsOf, publishedArticles } from '../channels.ts'
import type { Article, Body, FeedReport, Loaded, OutputFile, Renderer } from '../model.ts'
import type { Templates } from '../templates.ts'
import { openZone, type Zone } from '../zoned-time.ts'
import { type AuthorBox, oneLanguage, openAuthorBoxes } from './author-box.ts'
import { type BylinePart, openBylines } from './byline.ts'
import { type ChannelLinks, channelLinks } from './channel-links.ts'
import { type KnownPages, knownPages, type PagesBefore } from './known-pages.ts'
import { type Frame, openFrames } from './open-frames.ts'
import { openTongues, type Tongue } from './open-tongues.ts'
import { hasPage, ownFiles } from './own-files.ts'
import { type PageFeed, pageFeeds } from './page-feeds.ts'
import { type PagePlaces, pagePlaces } from './page-places.ts'

export interface Site {
  readonly loaded: Loaded
  readonly renderer: Renderer
  readonly templates: Templates
  readonly zone: Zone
  readonly channels: readonly Channel[]
  readonly published: readonly Article[]
  /** Where each article's page lies below `out/`. */
  readonly ground: PagePlaces
  readonly links: ChannelLinks
  frame(path: string): Frame
  tongue(article: Article): Tongue
  feeds(channel: Channel): readonly PageFeed[]
  beside(article: Article): Beside
  byline(article: Article, language: string): readonly BylinePart[]
  authorBox(author: Article['authors'][number], prefix: string): AuthorBox
  /** Of all that a page says of a channel which it leads to. */
  channelKey(channel: Channel): string
  readonly known: KnownPages
}

export function openSite(
  loaded: Loaded,
  renderer: Renderer,
  templates: Templates,
  reports: readonly FeedReport[],
  before?: PagesBefore,
): Site {
  const { publication } = loaded
  const { url, language, timezone, newsletters } = publication
  const channels = channelsOf(loaded)
  const published = publishedArticles(loaded)
  const feeds = pageFeeds(loaded, reports)
  const { pages } = publication.articles
  const links = channelLinks(loaded, pages ? channels : channels.slice(0, 1), feeds)
  const sections = (pages ? channels : [])
    .filter(({ scope }) => scope === 'section')
    .map(channel => ({ name: channel.name, url: links.urlOf(channel) }))
  const known = knownPages(before, JSON.stringify(sections))
  return {
    loaded,
    renderer,
    templates,
    zone: openZone(timezone),
    channels,
    published,
    ground: pagePlaces(loaded, pages ? readAll(loaded, renderer) : []),
    links,
    frame: openFrames(loaded, templates, () => {
      const words = templates.words(language)
      const archive = newsletters.length > 0 ? [{ name: words('page.editions'), url: `${url}editions/` }] : []
      return { sections, links: [{ name: words('page.subscribe'), url: `${url}#subscribe` }, ...archive] }
    }),
    tongue: openTongues(loaded, templates),
    feeds,
    beside: articlesBeside(published),
    byline: openBylines(templates, links),
    authorBox: openAuthorBoxes(loaded, renderer, links),
    channelKey: openChannelKeys(),
    known,
  }
}

function openChannelKeys(): (channel: Channel) => string {
  const keys = new Map<Channel, string>()
  return channel => {
    const key =
      keys.get(channel) ?? JSON.stringify([channel.path, channel.name, oneLanguage(channel) ?? null])
    keys.set(channel, key)
    return key
  }
}

/** @returns the own files that pages show */
function readAll(loaded: Loaded, renderer: Renderer): OutputFile[] {
  for (const article of loaded.articles) if (hasPage(article)) readWhole(renderer.body(article))
  return ownFiles(loaded, renderer, [])
}

/** The renderer remembers what it said, not what it read: all that a page asks of an article costs one reading if asked at once. */
function readWhole({ files, summary, minutes }: Body): void {
  void [files, summary, minutes]
}
