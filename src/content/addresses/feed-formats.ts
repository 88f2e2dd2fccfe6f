// The formats of a feed: one row each, read by everybody who names, links, reserves or serves a feed's files. The writers
// are in feed/feed-writers.ts, which does not compile while a row has none.

import type { Publication } from '../../model.ts'
import type { Channel } from './channels.ts'

export interface FeedFormat {
  /** Name of its file in the folder of each channel; no other format has it. */
  readonly file: string
  readonly mediaType: string
  /** As people know it. */
  readonly label: string
  /** Announced before the others: a reader that takes only one feed of a page takes the first. */
  readonly isPreferred?: boolean
  /** What only a document of this format says, within its first few hundred bytes. */
  readonly signature: RegExp
}

const ROWS = {
  rss: { file: 'rss.xml', mediaType: 'application/rss+xml', label: 'RSS', signature: /<rss[\s>]/ },
  atom: {
    file: 'atom.xml',
    mediaType: 'application/atom+xml', // RFC 4287 §7
    label: 'Atom',
    isPreferred: true,
    signature: /<feed[\s>]/,
  },
  json: {
    file: 'feed.json',
    mediaType: 'application/feed+json',
    label: 'JSON Feed',
    signature: /jsonfeed\.org\/version/,
  },
} satisfies Record<string, FeedFormat>

/** As the `--json` answers call it. */
export type FeedFormatName = keyof typeof ROWS

export const FEED_FORMATS: Readonly<Record<FeedFormatName, FeedFormat>> = ROWS

/** The list of all feeds, in the top folder of `out/`. */
export const FEED_LIST = 'feeds.opml'

/** One feed that a build made, as the `--json` answer names it; its files are relative to the publication's folder. */
export interface FeedReport extends Readonly<Record<FeedFormatName, string>> {
  readonly scope: Channel['scope']
  readonly name: string
  readonly items: number
}

/** In the order of the table. */
export function feedFormatNames(): FeedFormatName[] {
  return Object.keys(FEED_FORMATS) as FeedFormatName[]
}

/** `{ rss: …, atom: …, json: … }` */
export function byFormat<Value>(make: (name: FeedFormatName) => Value): Record<FeedFormatName, Value> {
  const values = feedFormatNames().map(name => [name, make(name)] as const)
  return Object.fromEntries(values) as Record<FeedFormatName, Value>
}

/** @param folder of a channel below `out/`: 'tags/rail/' → 'tags/rail/rss.xml' and the others */
export function feedPaths(folder: string): string[] {
  return Object.values(FEED_FORMATS).map(({ file }) => folder + file)
}

/** The format of a feed at an address of another tool's, by its name: Jekyll's and Eleventy's `feed.xml` is Atom. */
function formerFormat(path: string): FeedFormatName {
  const name = path.toLowerCase()
  if (name.endsWith('.json')) return 'json'
  return /rss|(?:^|\/)index\.xml$|\/feed\/?$/.test(name) ? 'rss' : 'atom'
}

/** An address that a feed had in another system. */
export interface FormerFeed {
  /** Path on the site: '/tags/rail/index.xml', '/feed/'. */
  readonly address: string
  /** Below `out/`: an address without a name of a file is that of a folder, whose index hosts answer with. */
  readonly file: string
  /** Of the channel that it is a feed of. */
  readonly folder: string
  readonly format: FeedFormatName
}

const PLACES = { section: '{section}', tag: '{tag}', author: '{author}' } as const

/** @param channels those that have feeds of articles */
export function formerFeeds(channels: readonly Channel[], { feeds }: Publication): FormerFeed[] {
  return (feeds.paths ?? []).flatMap(pattern => {
    const scope = (['section', 'tag', 'author'] as const).find(each => pattern.includes(PLACES[each]))
    return channels
      .filter(channel => channel.scope === (scope ?? 'main'))
      .map(({ slug, path: folder }) => {
        const address = scope ? pattern.replaceAll(PLACES[scope], slug) : pattern
        const path = address.slice(1)
        const isFile = /\.\w+$/.test(path)
        const file = isFile ? path : `${path.replace(/\/$/, '')}/index.html`.replace(/^\//, '')
        return { address, file, folder, format: formerFormat(pattern) }
      })
      .filter(({ file, folder }) => file !== 'index.html' && !feedPaths(folder).includes(file))
  })
}

/** In the order in which pages announce them. */
export function announcedFormats(): FeedFormat[] {
  return Object.values(FEED_FORMATS).sort(
    (a, b) => Number(b.isPreferred ?? false) - Number(a.isPreferred ?? false),
  )
}
