// Channel and items → the head of one feed document, which all formats write: every text cleaned, every address strict.

import { type Channel, FEED_FORMATS, ownFileUrl } from '../content/index.ts'
import type { Article, Loaded, Mailbox, Picture, Timestamp } from '../model.ts'
import type { Words } from '../templates/index.ts'
import { channelHome } from './channel-home.ts'
import type { FeedDocument } from './feed-documents.ts'
import { plainText } from './feed-text.ts'
import { type Extension, extensionsOf } from './item-elements.ts'
import type { Item } from './make-item.ts'
import { nameUuid } from './permanent-ids.ts'
import { type PodcastHead, podcastHead } from './podcast-head.ts'
import { strictUrl } from './strict-url.ts'

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
  readonly podcast?: PodcastHead | undefined
  readonly tombstones: readonly Tombstone[]
}

/** RFC 5005 §4. Folders as absolute URLs; each format adds its file's name. */
export interface ArchiveLinks {
  readonly isArchive: boolean
  readonly isComplete: boolean
  readonly current?: string | undefined
  readonly previous?: string | undefined
}

/** RFC 6721: an entry that was withdrawn. */
export interface Tombstone {
  readonly ref: string
  readonly when: Timestamp
  readonly comment: string
}

// Atom demands a time of every feed (RFC 4287 §4.1.1) and validators doubt those before 1990.
const NEVER: Timestamp = { at: Date.UTC(2000, 0, 1), offset: 0 }

export interface HeadSources {
  readonly loaded: Loaded
  /** In the publication's language. */
  readonly words: Words
  readonly times: ReadonlyMap<Article, Timestamp>
  readonly tombstones: readonly Tombstone[]
}

export function makeHead(document: FeedDocument, items: readonly Item[], sources: HeadSources): Head {
  const { channel, path, archive } = document
  const { loaded, words, times } = sources
  const { publication } = loaded
  const { url, articles, feeds, sections } = publication
  const title = headTitle(channel, publication.title) || url
  const folder = (path: string) => ownFileUrl(url, path)
  const podcast = podcastHead(publication, channel, items)
  const tombstones = channel.scope === 'main' && !archive.isArchive ? sources.tombstones : []
  return {
    id: nameUuid(`${articles.idHost} feed ${channel.path}`),
    title,
    description: plainText(publication.tagline) || title,
    home: channelHome(channel, publication),
    base: folder(path),
    stylesheet: `${'../'.repeat(path.split('/').length - 1)}feed.css`,
    language: publication.language,
    rights: plainText(publication.rights),
    updated: newestOf(document.articles, times) ?? NEVER,
    empty: items.length === 0,
    publisher: { name: plainText(publication.title) || url, url, email: feeds.editor?.address },
    editor: feeds.editor && person(feeds.editor, title),
    webmaster: feeds.webmaster && person(feeds.webmaster, title),
    ended: feeds.ended === true,
    hubs: archive.isArchive ? [] : feeds.hubs.flatMap(hub => strictUrl(hub) ?? []),
    categories: (channel.scope === 'main' ? sections.map(section => section.title) : [channel.name])
      .map(plainText)
      .filter(Boolean),
    logo: strictPicture(publication.logo),
    icon: strictPicture(publication.icon),
    comment: plainText(
      archive.current === undefined
        ? words('feed.json_comment', { title })
        : words('feed.json_archive', { title, url: `${folder(archive.current)}${FEED_FORMATS.json.file}` }),
    ),
    uses: extensionsOf(items, podcast !== undefined),
    archive: {
      isArchive: archive.isArchive,
      isComplete: archive.isComplete === true,
      current: archive.current === undefined ? undefined : folder(archive.current),
      previous: archive.previous === undefined ? undefined : folder(archive.previous),
    },
    podcast,
    tombstones,
  }
}

/** 'The Meridian', 'The Meridian: World', 'The Meridian: #world': a tag is not taken for the section of its name. */
export function headTitle({ scope, name, slug }: Channel, publication: string): string {
  if (scope === 'main') return plainText(publication)
  const own = plainText(name) || slug
  if (scope === 'newsletter') return own
  return plainText(`${publication}: ${scope === 'tag' ? `#${own.replace(/^#/, '')}` : own}`)
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

function strictPicture(picture: Picture | undefined): Picture | undefined {
  const url = strictUrl(picture?.url)
  return picture && url ? { ...picture, url } : undefined
}
