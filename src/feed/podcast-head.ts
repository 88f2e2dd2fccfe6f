// Publication and items → what a podcast's channel says of itself, for a feed that carries audio.

import type { Channel } from '../channels.ts'
import type { Publication } from '../model.ts'
import { ownFileUrl } from '../own-files.ts'
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
  const { podcast, title } = publication
  if (!podcast || !(channel.scope === 'main' || items.some(({ audio }) => audio))) return undefined
  const publisher = plainText(title) || publication.url
  const owner = podcast.owner && {
    name: plainText(podcast.owner.name) || publisher,
    email: podcast.owner.email,
  }
  const image = strictUrl(podcast.image?.url) ?? strictUrl(publication.logo?.url)
  const address = ownFileUrl(publication.url, `${channel.path}rss.xml`)
  return [
    { name: 'itunes:author', text: owner?.name ?? publisher },
    { name: 'itunes:explicit', text: String(podcast.explicit) },
    { name: 'itunes:type', text: 'episodic' },
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
  ]
}

/** 'News' or 'News > Daily News', one of Apple's list. */
function category(name: string): XmlElement[] {
  const [text, part] = name.split('>').map(plainText)
  const children = part ? [{ name: 'itunes:category', attributes: { text: part } }] : []
  return text ? [{ name: 'itunes:category', attributes: { text }, children }] : []
}
