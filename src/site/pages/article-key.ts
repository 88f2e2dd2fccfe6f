// What the page of an article shows besides the article itself → one text, which is the same only where all of it is.

import type { Article } from '../../model.ts'
import type { ChannelLinks, LinkedChannel } from './channel-links.ts'

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
