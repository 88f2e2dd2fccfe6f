// Scope → the channel that all formats write: every text cleaned, every address strict, every item's date settled.

import type { Article, Loaded, Picture, Timestamp } from '../model.ts'
import type { Words } from '../templates.ts'
import { plainText } from './feed-text.ts'
import type { Item } from './make-item.ts'
import { nameUuid } from './permanent-ids.ts'
import type { Scope } from './scopes.ts'
import { strictUrl } from './strict-url.ts'

export interface Channel {
  /** Follows from the id host and the scope alone. */
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
  readonly publisher: { readonly name: string; readonly url: string }
  readonly hubs: readonly string[]
  readonly categories: readonly string[]
  readonly logo?: Picture | undefined
  readonly icon?: Picture | undefined
  /** What somebody sees who opens the JSON file. */
  readonly comment: string
  readonly items: readonly Item[]
}

// Atom demands a time of every feed (RFC 4287 §4.1.1) and validators doubt those before 1990.
const NEVER: Timestamp = { at: Date.UTC(2000, 0, 1), offset: 0 }

/**
 * @param itemOf the item of an article, the same one in whatever feed it stands
 * @param words in the publication's language
 */
export function makeChannel(
  scope: Scope,
  { publication }: Loaded,
  itemOf: (article: Article) => Item,
  words: Words,
): Channel {
  const title = plainText(scope.title) || publication.url
  const items = scope.articles.slice(0, publication.feeds.items).map(itemOf)
  const newest = items.map(item => item.updated).sort((left, right) => right.at - left.at)[0]
  return {
    id: nameUuid(`${publication.articles.idHost} feed ${scope.folder}`),
    title,
    description: plainText(publication.tagline) || title,
    home: publication.url + scope.folder,
    base: publication.url + scope.folder,
    stylesheet: `${'../'.repeat(scope.folder.split('/').length - 1)}feed.css`,
    language: publication.language,
    rights: plainText(publication.rights),
    updated: newest ?? NEVER,
    empty: items.length === 0,
    publisher: { name: plainText(publication.title) || publication.url, url: publication.url },
    hubs: publication.feeds.hubs.flatMap(hub => strictUrl(hub) ?? []),
    categories: publication.sections.map(section => plainText(section.title)).filter(Boolean),
    logo: strictPicture(publication.logo),
    icon: strictPicture(publication.icon),
    comment: plainText(words('feed.json_comment', { title })),
    items,
  }
}

function strictPicture(picture: Picture | undefined): Picture | undefined {
  const url = strictUrl(picture?.url)
  return picture && url ? { ...picture, url } : undefined
}
