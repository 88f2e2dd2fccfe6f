// A channel → the addresses of its feeds in every format, as a page announces them; and of an article, which channels it is in
// and where their pages are.

import {
  announcedFormats,
  type Channel,
  type FeedReport,
  feedFormatNames,
  pageUrl,
} from '../content/index.ts'
import type { Article, Author, Publication } from '../model.ts'

export interface FeedLink {
  /** Distinct from every other: readers offer them by it. */
  readonly title: string
  readonly format: string
  readonly type: string
  readonly url: string
}

type AnnouncedChannel = Pick<Channel, 'scope' | 'name' | 'path'>

/** The best format first. */
export function feedLinks(
  { title, url }: Pick<Publication, 'title' | 'url'>,
  { scope, name, path }: AnnouncedChannel,
): FeedLink[] {
  const own = scope === 'tag' ? `#${name}` : name
  const whole =
    scope === 'main'
      ? title
      : scope === 'newsletter' || scope === 'podcast'
        ? name
        : scope === 'language'
          ? `${title} (${name})`
          : `${title}: ${own}`
  return announcedFormats().map(({ file, label, mediaType }) => ({
    title: `${whole} (${label})`,
    format: label,
    type: mediaType,
    url: url + (path + file).split('/').map(encodeURIComponent).join('/'),
  }))
}

/** The same of any channel, and nothing for one of which no feed was made. */
export function openFeedLinks(
  publication: Publication,
  reports: readonly FeedReport[],
): (channel: AnnouncedChannel) => readonly FeedLink[] {
  const [anyFormat] = feedFormatNames()
  const folders = new Set(reports.map(report => folderOf(report[anyFormat!])))
  const made = new Map<string, readonly FeedLink[]>()
  return channel => {
    const links = made.get(channel.path) ?? (folders.has(channel.path) ? feedLinks(publication, channel) : [])
    made.set(channel.path, links)
    return links
  }
}

/** 'out/tags/x/atom.xml' → 'tags/x/' */
function folderOf(path: string): string {
  return path.replace(/^out\//, '').replace(/[^/]*$/, '')
}

// ─── Pages and feeds of an article ───────────────────────────────────────────────────────────────────────────────────
//
// Channels → where a section, a tag or an author of an article has a page, and which feeds the article belongs to.

/** What a page says of a channel that it leads to. */
export type LinkedChannel = Pick<Channel, 'scope' | 'name' | 'path'> & {
  /** That of all its articles, where it is one. */
  readonly language: string | undefined
}

export interface ChannelLinks {
  urlOf(channel: Pick<Channel, 'path'>): string
  section(article: Article): LinkedChannel | undefined
  tag(name: string): LinkedChannel | undefined
  author(author: Author): LinkedChannel | undefined
  /** The main feed in every format, each narrower one in the best: a choice of three for each of ten is none. */
  feeds(article: Article): readonly FeedLink[]
}

/** @param channels those that have pages; the main one first */
export function channelLinks(
  { url }: Publication,
  [main, ...channels]: readonly Channel[],
  feedsOf: (channel: LinkedChannel) => readonly FeedLink[],
): ChannelLinks {
  const sections = new Map<string, LinkedChannel>()
  const tags = new Map<string, LinkedChannel>()
  const authors = new Map<string, LinkedChannel>()
  for (const channel of channels) {
    const [newest] = channel.articles
    const writer = newest?.authors.find(author => author.name.trim() === channel.name)
    const linked = linkedChannel(channel)
    if (channel.scope === 'tag') tags.set(tagKey(channel.name), linked)
    else if (channel.scope === 'author' && writer) authors.set(authorKey(writer), linked)
    else if (channel.scope === 'section' && newest?.section) sections.set(newest.section.slug, linked)
  }
  const section = ({ section }: Article) => section && sections.get(section.slug)
  const tag = (name: string) => tags.get(tagKey(name))
  const author = (author: Author) => authors.get(authorKey(author))
  const mainFeeds = main ? feedsOf(linkedChannel(main)) : []
  return {
    urlOf: channel => pageUrl(url, channel.path),
    section,
    tag,
    author,
    feeds(article) {
      const narrower = [section(article), ...article.authors.map(author), ...article.tags.map(tag)]
      const found = new Set(narrower.filter(channel => channel !== undefined))
      return [...mainFeeds, ...[...found].flatMap(channel => feedsOf(channel).slice(0, 1))]
    },
  }
}

/** Of a large folder few pages are made, and most ask for no language. */
function linkedChannel({ scope, name, path, articles }: Channel): LinkedChannel {
  let known: { readonly language: string | undefined } | undefined
  return {
    scope,
    name,
    path,
    get language() {
      known ??= { language: oneLanguage(articles) }
      return known.language
    },
  }
}

function oneLanguage(articles: readonly Article[]): string | undefined {
  const [first, ...others] = new Set(articles.map(({ language }) => language))
  return others.length === 0 ? first : undefined
}

/** As channels are distinguished: what differs only in capitals or in how its accents are encoded is one. */
function tagKey(name: string): string {
  return name.normalize().toLowerCase().trim()
}

function authorKey({ id, name }: Author): string {
  return tagKey(id ?? name)
}
