// Loaded folder → what all pages need to know of it, worked out once: channels, feeds, places, frames, languages.

import { type Channel, channelsOf, type FeedReport, publishedArticles } from '../../content/index.ts'
import type { Article, Body, Loaded, OutputFile, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import { articlesBeside } from '../articles-beside.ts'
import { channelLinks, linkedChannels } from './channel-links.ts'
import { type ArticleSite, openArticleSite } from './open-article-site.ts'
import { hasPage, ownFiles } from './own-files.ts'
import { type KnownPages, knownPages, type PagesBefore } from './page-cache.ts'
import { type PageFeed, pageFeeds } from './page-feeds.ts'
import { type PagePlaces, pagePlaces } from './page-places.ts'

export interface Site extends ArticleSite {
  readonly loaded: Loaded
  readonly channels: readonly Channel[]
  readonly published: readonly Article[]
  /** Where each article's page lies below `out/`. */
  readonly ground: PagePlaces
  feeds(channel: Channel): readonly PageFeed[]
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
  const channels = channelsOf(loaded)
  const published = publishedArticles(loaded)
  const feeds = pageFeeds(loaded, reports)
  const { pages } = publication.articles
  const linked = linkedChannels(pages ? channels : channels.slice(0, 1))
  const links = channelLinks(publication, linked, feeds)
  const sections = (pages ? channels : [])
    .filter(({ scope }) => scope === 'section')
    .map(channel => ({ name: channel.name, url: links.urlOf(channel) }))
  const beside = articlesBeside(published)
  return {
    ...openArticleSite({ loaded, renderer, templates, links, sections, beside }),
    loaded,
    channels,
    published,
    ground: pagePlaces(loaded, pages ? readAll(loaded, renderer) : []),
    feeds,
    known: knownPages(before, sections),
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
