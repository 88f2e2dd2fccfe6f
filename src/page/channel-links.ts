// Channels → where a section, a tag or an author of an article has a page, and which feeds the article belongs to.

import type { Channel } from '../channels.ts'
import type { Article, Author, Loaded } from '../model.ts'
import type { PageFeed } from './page-feeds.ts'
import { pageUrl } from './page-path.ts'

export interface ChannelLinks {
  urlOf(channel: Channel): string
  section(article: Article): Channel | undefined
  tag(name: string): Channel | undefined
  author(author: Author): Channel | undefined
  /** The main feed in every format, each narrower one in the best: a choice of three for each of ten is none. */
  feeds(article: Article): readonly PageFeed[]
}

export function channelLinks(
  { publication }: Loaded,
  channels: readonly Channel[],
  feedsOf: (channel: Channel) => readonly PageFeed[],
): ChannelLinks {
  const tags = new Map<string, Channel>()
  const authors = new Map<string, Channel>()
  const sections = new Map<string, Channel>()
  for (const channel of channels) {
    const [newest] = channel.articles
    const writer = newest?.authors.find(author => author.name.trim() === channel.name)
    if (channel.scope === 'tag') tags.set(keyOf(channel.name), channel)
    else if (channel.scope === 'author' && writer) authors.set(authorKey(writer), channel)
    else if (channel.scope === 'section' && newest?.section) sections.set(newest.section.slug, channel)
  }
  const section = ({ section }: Article) => section && sections.get(section.slug)
  const tag = (name: string) => tags.get(keyOf(name))
  const author = (author: Author) => authors.get(authorKey(author))
  const main = channels.filter(({ scope }) => scope === 'main').flatMap(feedsOf)
  return {
    urlOf: channel => pageUrl(publication.url, channel.path),
    section,
    tag,
    author,
    feeds(article) {
      const narrower = [section(article), ...article.authors.map(author), ...article.tags.map(tag)]
      const found = new Set(narrower.filter(channel => channel !== undefined))
      return [...main, ...[...found].flatMap(channel => feedsOf(channel).slice(0, 1))]
    },
  }
}

/** As channels are told apart: what differs only in capitals or in how its accents are encoded is one. */
function keyOf(name: string): string {
  return name.normalize().toLowerCase().trim()
}

function authorKey({ id, name }: Author): string {
  return keyOf(id ?? name)
}
