// What the page of an article shows besides the article itself ⇄ one text, which is the same only where all of it is.

import type { Article } from '../../model.ts'
import {
  authorKey,
  type ChannelLinks,
  type LinkedChannel,
  type LinkedChannels,
  tagKey,
} from './channel-links.ts'

export interface ArticleFacts {
  /** The article's. */
  readonly file: string
  /** Files of the related stories and of the top stories beside it. */
  readonly related: readonly string[]
  readonly top: readonly string[]
  /** Of its section, its authors and its tags, in their order. */
  readonly channels: readonly (LinkedChannel | undefined)[]
}

/** No name of a file has this sign, and JSON writes it otherwise. */
const BETWEEN = '\0'

export function openArticleKeys({
  section,
  author,
  tag,
}: ChannelLinks): (article: Article, related: readonly Article[], top: readonly Article[]) => string {
  const texts = new Map<LinkedChannel, string>()
  function text(channel: LinkedChannel | undefined): string {
    if (!channel) return ''
    let found = texts.get(channel)
    if (found === undefined) {
      const { scope, name, path, language } = channel
      found = JSON.stringify({ scope, name, path, language })
      texts.set(channel, found)
    }
    return found
  }
  return (article, related, top) =>
    [
      article.file,
      ...related.map(({ file }) => file),
      '',
      ...top.map(({ file }) => file),
      '',
      text(section(article)),
      ...article.authors.map(one => text(author(one))),
      ...article.tags.map(one => text(tag(one))),
    ].join(BETWEEN)
}

export function articleFacts(key: string): ArticleFacts {
  const [file, ...parts] = key.split(BETWEEN)
  const cut = parts.indexOf('')
  const end = parts.indexOf('', cut + 1)
  return {
    file: file!,
    related: parts.slice(0, cut),
    top: parts.slice(cut + 1, end),
    channels: parts
      .slice(end + 1)
      .map(text => (text === '' ? undefined : { language: undefined, ...JSON.parse(text) })),
  }
}

/** The channels of one article, as it names them. */
export function channelsOfArticle(
  { section, authors, tags }: Article,
  { channels: [first, ...others] }: ArticleFacts,
): Omit<LinkedChannels, 'main'> {
  const byPath = new Map<string, LinkedChannel>()
  const entry = (key: string, channel: LinkedChannel | undefined): [string, LinkedChannel][] => {
    if (!channel) return []
    const known = byPath.get(channel.path) ?? channel
    byPath.set(channel.path, known)
    return [[key, known]]
  }
  return {
    sections: new Map(section ? entry(section.slug, first) : []),
    authors: new Map(authors.flatMap((author, at) => entry(authorKey(author), others[at]))),
    tags: new Map(tags.flatMap((tag, at) => entry(tagKey(tag), others[authors.length + at]))),
  }
}
