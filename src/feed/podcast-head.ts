// Publication and items → what a podcast's channel says of itself, for a feed that carries audio.

import { type Channel, FEED_FORMATS, ownFileUrl } from '../content/index.ts'
import type { Publication } from '../model.ts'
import { plainText } from './feed-text.ts'
import type { Item } from './make-item.ts'
import { uuid5 } from './permanent-ids.ts'
import { strictUrl } from './strict-url.ts'
import type { XmlElement } from './xml-element.ts'

export type PodcastHead = readonly XmlElement[]

// Podcasting 2.0, <podcast:guid>: the name space of feed addresses.
const FEEDS = 'ead4c236-bf58-58c6-a2c6-a6b28d128cb6'

/**
 * Only where the settings speak of a podcast: Apple's tags without a category and an owner make validators complain. The
 * main feed is one then, and so is any other as soon as an item of it has audio.
 */
export function podcastHead(
  publication: Publication,
  channel: Channel,
  items: readonly Item[],
): PodcastHead | undefined {
  const { podcast, title, feeds } = publication
  if (!podcast || !(channel.scope === 'main' || items.some(({ audio }) => audio))) return undefined
  const publisher = plainText(title) || publication.url
  const owner = podcast.owner && {
    name: plainText(podcast.owner.name) || publisher,
    email: podcast.owner.email,
  }
  const image = strictUrl(podcast.image?.url) ?? strictUrl(publication.logo?.url)
  const file = `${channel.path}${FEED_FORMATS.rss.file}`
  const address = ownFileUrl(publication.url, file)
  return [
    { name: 'itunes:author', text: owner?.name ?? publisher },
    { name: 'itunes:explicit', text: String(podcast.explicit) },
    { name: 'itunes:type', text: podcast.type ?? 'episodic' },
    ...(feeds.moved ? [{ name: 'itunes:new-feed-url', text: ownFileUrl(feeds.moved, file) }] : []),
    ...(feeds.ended ? [{ name: 'itunes:complete', text: 'Yes' }] : []),
    ...(image ? [{ name: 'itunes:image', attributes: { href: image } }] : []),
    ...category(podcast.category ?? ''),
    ...(owner
      ? [
          {
            name: 'itunes:owner',
            children: [
              { name: 'itunes:name', text: owner.name },
              { name: 'itunes:email', text: owner.email },
            ],
          },
          // No other host may take the podcast over without asking its owner.
          { name: 'podcast:locked', attributes: { owner: owner.email }, text: 'yes' },
        ]
      : []),
    { name: 'podcast:guid', text: uuid5(FEEDS, address.replace(/^https?:\/\//, '').replace(/\/+$/, '')) },
    { name: 'podcast:medium', text: 'podcast' },
    // Podcasting 2.0, <podcast:funding>: at most 128 characters.
    ...(podcast.funding ?? []).flatMap(({ url, text }) => {
      const [to, words] = [strictUrl(url), [...plainText(text)].slice(0, 128).join('')]
      return to && words ? [{ name: 'podcast:funding', attributes: { url: to }, text: words }] : []
    }),
  ]
}

/** 'News' or 'News > Daily News', one of Apple's list. */
function category(name: string): XmlElement[] {
  const [text, part] = name.split('>').map(plainText)
  const children = part ? [{ name: 'itunes:category', attributes: { text: part } }] : []
  return text ? [{ name: 'itunes:category', attributes: { text }, children }] : []
}
