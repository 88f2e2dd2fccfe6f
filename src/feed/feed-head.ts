// Channel and items → the head of one feed document, which all formats write: every text cleaned, every address strict.

import { type Channel, FEED_FORMATS, ownFileUrl } from '../content/index.ts'
import type { Article, Licence, Loaded, Mailbox, Picture, Publication, Timestamp } from '../model.ts'
import type { Words } from '../templates/index.ts'
import { type FeedDocument, nameUuid, permanentIds } from './feed-documents.ts'
import type { Item } from './feed-item.ts'
import {
  type ArchiveLinks,
  type Extension,
  plainText,
  rslContent,
  strictUrl,
  type XmlElement,
} from './feed-xml.ts'
import { podcastHead } from './podcast.ts'

export interface Head {
  /** Follows from the id host and the channel alone; an archive's is its channel's. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** The page for people. */
  readonly home: string
  /** Absolute URL of the folder the files lie in. */
  readonly base: string
  /** From the files to the style sheet: 'feed.css', '../../feed.css'. */
  readonly stylesheet: string
  readonly language: string
  /** The same in other languages: folders as absolute addresses. */
  readonly translations: readonly { readonly language: string; readonly folder: string }[]
  readonly rights: string
  /** The newest item's; of an empty feed a moment that never changes. */
  readonly updated: Timestamp
  readonly empty: boolean
  /** Who speaks where an item names nobody. */
  readonly publisher: { readonly name: string; readonly url: string; readonly email?: string | undefined }
  /** 'desk@meridian.example (Meridian Desk)', as RSS writes them. */
  readonly editor?: string | undefined
  readonly webmaster?: string | undefined
  /** Nothing will follow. */
  readonly ended: boolean
  readonly hubs: readonly string[]
  readonly categories: readonly string[]
  readonly logo?: Picture | undefined
  readonly icon?: Picture | undefined
  /** What somebody sees who opens the JSON file. */
  readonly comment: string
  /** Namespaces that something in the document is of. */
  readonly uses: ReadonlySet<Extension>
  readonly archive: ArchiveLinks
  readonly podcast?: readonly XmlElement[] | undefined
  readonly licence?: Licence | undefined
  readonly terms?: XmlElement | undefined
  readonly tombstones: readonly Tombstone[]
}

/** RFC 6721: an entry that was withdrawn. */
export interface Tombstone {
  readonly ref: string
  readonly when: Timestamp
  readonly comment: string
}

/** What made a feed, as the formats name it. */
export const GENERATOR = {
  name: 'Broadsheet',
  uri: 'https://www.npmjs.com/package/broadsheet',
  /** The package's own; a test compares them. */
  version: '0.1.0',
} as const

// Atom demands a time of every feed (RFC 4287 §4.1.1) and validators doubt those before 1990.
const UPDATED_IF_EMPTY: Timestamp = { at: Date.UTC(2000, 0, 1), offset: 0 }

export interface HeadSources {
  readonly loaded: Loaded
  /** In the publication's language. */
  readonly words: Words
  readonly times: ReadonlyMap<Article, Timestamp>
  readonly tombstones: readonly Tombstone[]
  /** All there are of articles. */
  readonly channels: readonly Channel[]
}

export function makeHead(document: FeedDocument, items: readonly Item[], sources: HeadSources): Head {
  const { channel, path, archive } = document
  const { loaded, words, times } = sources
  const { publication } = loaded
  const { url, articles, feeds, sections } = publication
  const title = headTitle(channel, publication.title) || url
  const folder = (path: string) => ownFileUrl(url, path)
  const podcast = podcastHead(publication, channel, items)
  const terms = publication.licence && rslContent(url, publication.licence, publication)
  return {
    id: nameUuid(`${articles.idHost} feed ${channel.path}`),
    title,
    description: plainText(publication.tagline) || title,
    home: channelHome(channel, publication),
    base: folder(path),
    stylesheet: `${'../'.repeat(path.split('/').length - 1)}feed.css`,
    language: channel.language ?? publication.language,
    translations: translationsOf(channel, sources.channels, url),
    rights: plainText(publication.rights),
    updated: newestOf(document.articles, times) ?? UPDATED_IF_EMPTY,
    empty: items.length === 0,
    publisher: { name: plainText(publication.title) || url, url, email: feeds.editor?.address },
    editor: feeds.editor && person(feeds.editor, title),
    webmaster: feeds.webmaster && person(feeds.webmaster, title),
    ended: feeds.ended === true,
    hubs: archive.isArchive ? [] : feeds.hubs.flatMap(hub => strictUrl(hub) ?? []),
    categories: (['section', 'tag', 'author'].includes(channel.scope)
      ? [channel.name]
      : sections.map(section => section.title)
    )
      .map(plainText)
      .filter(Boolean),
    logo: strictPicture(publication.logo),
    icon: strictPicture(publication.icon),
    comment: plainText(
      archive.current === undefined
        ? words('feed.json_comment', { title })
        : words('feed.json_archive', { title, url: `${folder(archive.current)}${FEED_FORMATS.json.file}` }),
    ),
    uses: extensionsOf(items, podcast !== undefined, terms !== undefined),
    licence: publication.licence,
    terms,
    archive: {
      isArchive: archive.isArchive,
      isComplete: archive.isComplete === true,
      current: archive.current === undefined ? undefined : folder(archive.current),
      previous: archive.previous === undefined ? undefined : folder(archive.previous),
    },
    podcast,
    tombstones: tombstonesIn(document, sources.tombstones),
  }
}

/** RFC 8288 §3.4.1: the main feed leads to that of each language, and each to the others. */
function translationsOf(
  { scope, path }: Channel,
  channels: readonly Channel[],
  url: string,
): Head['translations'] {
  if (scope !== 'main' && scope !== 'language') return []
  return channels.flatMap(({ language, path: other }) =>
    language === undefined || other === path ? [] : [{ language, folder: ownFileUrl(url, other) }],
  )
}

/** 'The Meridian', 'The Meridian: World', 'The Meridian: #world': a tag is not taken for the section of its name. */
export function headTitle({ scope, name, slug }: Channel, publication: string): string {
  if (scope === 'main') return plainText(publication)
  const own = plainText(name) || slug
  if (scope === 'newsletter' || scope === 'podcast') return own
  if (scope === 'language') return plainText(`${publication} (${own})`)
  return plainText(`${publication}: ${scope === 'tag' ? `#${own.replace(/^#/, '')}` : own}`)
}

/**
 * The page for people that a channel's feed leads to. Without pages there is the front page, which announces every feed,
 * and the archive of each newsletter.
 */
export function channelHome({ scope, path }: Channel, { url, articles }: Publication): string {
  return ownFileUrl(url, articles.pages || scope === 'newsletter' ? path : '')
}

/** RSS 2.0, <managingEditor>; validators miss a name that is not there. */
function person({ address, name }: Mailbox, publication: string): string {
  return `${address} (${plainText(name).replace(/[()]/g, '') || publication.replace(/[()]/g, '')})`
}

function newestOf(
  articles: readonly Article[],
  times: ReadonlyMap<Article, Timestamp>,
): Timestamp | undefined {
  let newest: Timestamp | undefined
  for (const article of articles) {
    const time = times.get(article)!
    if (newest === undefined || time.at > newest.at) newest = time
  }
  return newest
}

/** What the items need, so that a document declares no namespace that it does not use. */
function extensionsOf(items: readonly Item[], podcast: boolean, hasTerms: boolean): Set<Extension> {
  const uses = new Set<Extension>()
  if (hasTerms) uses.add('rsl')
  for (const { full, authors, picture, terms, markdown } of items) {
    if (terms) uses.add('rsl')
    if (markdown) uses.add('source')
    if (full) uses.add('content')
    if (authors.length > 0) uses.add('dc')
    if (picture) uses.add('media')
  }
  return podcast ? uses.add('itunes').add('podcast') : uses
}

function strictPicture(picture: Picture | undefined): Picture | undefined {
  const url = strictUrl(picture?.url)
  return picture && url ? { ...picture, url } : undefined
}

/** Only the main feed has them, and no archive: a page of it may not change. */
export function tombstonesIn(
  { channel, archive }: FeedDocument,
  all: readonly Tombstone[],
): readonly Tombstone[] {
  return channel.scope === 'main' && !archive.isArchive ? all : []
}

/**
 * A tombstone for each article that was withdrawn, where the settings ask for them; the newest withdrawal first.
 *
 * @param living ids of the articles that are in feeds: what has one of them is not gone
 */
export function tombstones({ publication, articles }: Loaded, living: Iterable<string>): Tombstone[] {
  if (!publication.feeds.tombstones) return []
  const alive = new Set(living)
  const withdrawn = articles.filter(({ state }) => state === 'withdrawn')
  return [...permanentIds(withdrawn, publication.articles.idHost)]
    .filter(([, ref]) => !alive.has(ref))
    .map(([article, ref]) => ({
      ref,
      when: article.withdrawn?.at ?? article.updated ?? article.date,
      comment: plainText(article.withdrawn?.reason ?? ''),
    }))
    .sort((left, right) => right.when.at - left.when.at || (left.ref < right.ref ? -1 : 1))
    .slice(0, publication.feeds.items)
}
