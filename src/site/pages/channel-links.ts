// Channels → where a section, a tag or an author of an article has a page, and which feeds the article belongs to.

import { type Channel, pageUrl } from '../../content/index.ts'
import type { Article, Author, Publication } from '../../model.ts'
import type { FeedLink } from '../feed-links.ts'

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
