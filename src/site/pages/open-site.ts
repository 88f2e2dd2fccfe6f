// Loaded folder → what all pages need to know of it, worked out once: channels, feeds, places, frames, languages.

import { openZone, type Zone } from '../../base/index.ts'
import { type Channel, channelsOf, type FeedReport, publishedArticles } from '../../content/index.ts'
import type { Article, Author, Body, Direction, Loaded, OutputFile, Renderer } from '../../model.ts'
import type { Templates } from '../../templates/index.ts'
import { articlesBeside, type Beside } from '../articles-beside.ts'
import { type ChannelLinks, channelLinks, type FeedLink, openFeedLinks } from '../feed-links.ts'
import { type AuthorBox, type BylinePart, openAuthorBoxes, openBylines } from './page-authors.ts'
import { openPageCache, type PageCache, type PagesBefore } from './page-cache.ts'
import { type Frame, openFrames } from './page-frames.ts'
import { hasPage, type PagePlaces, pagePlaces, shownFiles } from './page-places.ts'

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

/** @returns the own files that pages show */
function readAll(loaded: Loaded, renderer: Renderer): OutputFile[] {
  for (const article of loaded.articles) if (hasPage(article)) readWhole(renderer.body(article))
  return shownFiles(loaded, renderer, [])
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
