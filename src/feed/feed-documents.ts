// Channel → the documents it is published in: the one that people subscribe to and, where older articles are kept, its
// archive (RFC 5005 §4). Together they hold every article exactly once. And of each article the permanent id and the time of
// its last change, no two at one moment.

import { createHash } from 'node:crypto'
import { DAY_MS, parseUrl } from '../base/index.ts'
import type { Channel } from '../content/index.ts'
import type { Article, FeedSettings, Timestamp } from '../model.ts'
import { percentEncode, plainText, strictUrl } from './feed-xml.ts'

export interface FeedDocument {
  readonly channel: Channel
  /** Folder below `out/`: '', 'tags/rail/', 'archive/2026-01/'. */
  readonly path: string
  /** Newest first. */
  readonly articles: readonly Article[]
  /** What of each article. */
  readonly content: 'full' | 'summary'
  /** Folders below `out/`. */
  readonly archive: {
    readonly isArchive: boolean
    /** RFC 5005 §2: what is not in it is nowhere. */
    readonly isComplete?: boolean
    readonly current?: string
    readonly previous?: string
  }
}

/** The document to subscribe to comes first. Only the main feed has an archive: whatever other feeds carried is in it. */
export function feedDocuments(channel: Channel, settings: FeedSettings): FeedDocument[] {
  const isComplete = settings.complete === true
  const content = channel.content ?? settings.content
  const newest = isComplete ? channel.articles : channel.articles.slice(0, channel.items ?? settings.items)
  const hasArchive = settings.archive && !isComplete && channel.scope === 'main'
  const pages = hasArchive ? archivePages(channel.articles, settings.items) : []
  const folder = (index: number) => {
    const page = pages[index]
    return page && `archive/${page.name}/`
  }
  const last = folder(pages.length - 1)
  return [
    {
      channel,
      path: channel.path,
      articles: newest,
      content,
      archive: { isArchive: false, isComplete, ...(last === undefined ? {} : { previous: last }) },
    },
    ...pages.map(({ articles }, index) => {
      // RFC 5005 §4.1: no next-archive, which is optional and would come late, into a page that must not change any more.
      const previous = folder(index - 1)
      const links = previous === undefined ? {} : { previous }
      return {
        channel,
        path: folder(index)!,
        articles,
        content,
        archive: { isArchive: true, current: channel.path, ...links },
      }
    }),
  ]
}

interface ArchivePage {
  /** '2026-01', '2026-01-2' (its second hundred); '2026-01-first-12' while more articles of it will follow. */
  readonly name: string
  /** Newest first. */
  readonly articles: readonly Article[]
}

/** Half a megabyte of them, more or less. */
const ARTICLES_PER_PAGE = 100

/**
 * A page is a month (UTC) of articles, or a hundred of them, counted from the month's oldest: whatever is published later,
 * a full page stays as it is. RFC 5005 §4.1: a reader may keep a page for ever. So a page that still grows, because the
 * newest articles of its month are in the document to subscribe to, has its length in its name: what an address leads to
 * never changes. An article that is withdrawn, or published with a date long past, changes the pages of its
 * own month only.
 *
 * @param articles newest first
 * @param newest how many of them are in the document to subscribe to
 * @returns the oldest page first
 */
export function archivePages(articles: readonly Article[], newest: number): ArchivePage[] {
  const pages: ArchivePage[] = []
  const old = articles.slice(newest).reverse()
  const following = articles[newest - 1]
  const unfinished = following && monthOf(following)
  for (let start = 0; start < old.length; ) {
    const month = monthOf(old[start]!)
    let end = start
    while (end < old.length && monthOf(old[end]!) === month) end += 1
    for (let part = 1; start < end; part += 1) {
      const inside = old.slice(start, Math.min(start + ARTICLES_PER_PAGE, end))
      const isGrowing = month === unfinished && inside.length < ARTICLES_PER_PAGE
      const name = part === 1 ? month : `${month}-${part}`
      pages.push({
        name: isGrowing ? `${name}-first-${inside.length}` : name,
        articles: inside.reverse(),
      })
      start += inside.length
    }
  }
  return pages
}

function monthOf({ date }: Article): string {
  return new Date(date.at).toISOString().slice(0, 7)
}

// ─── Ids and times ───────────────────────────────────────────────────────────────────────────────────────────────────
//
// Articles → what all formats say of each alike: its permanent id, and when it was last changed, no two at one moment.

/** Where two ids would be written alike ('http://a.example', 'http://a.example/'), the second becomes a UUID. */
export function permanentIds(articles: readonly Article[], host: string): ReadonlyMap<Article, string> {
  const known = idsOf.get(articles)
  if (known?.host === host) return known.ids
  const ids = makeIds(articles, host)
  idsOf.set(articles, { host, ids })
  return ids
}
/** Feeds ask for them, and what is said of changes. */
const idsOf = new WeakMap<
  readonly Article[],
  { readonly host: string; readonly ids: ReadonlyMap<Article, string> }
>()

function makeIds(articles: readonly Article[], host: string): Map<Article, string> {
  const ids = new Map<Article, string>()
  // Ids as Broadsheet makes them stay as they are; no two articles have the same.
  const own = new Set<string>()
  for (const { id } of articles) if (OWN_ID.test(id)) own.add(id)
  if (own.size === articles.length) {
    for (const article of articles) ids.set(article, article.id)
    return ids
  }
  const taken = new Set<string>()
  for (const article of [...articles].sort((left, right) => (left.id < right.id ? -1 : 1))) {
    const written = permanentId(article.id, host)
    const id = taken.has(written)
      ? nameUuid(`${host} ${JSON.stringify([article.id, article.file])}`)
      : written
    taken.add(id)
    ids.set(article, id)
  }
  return ids
}

/**
 * What RSS calls an item by whose `guid:` is no address: as it is written, for those who know it by that. Atom has no room for it.
 *
 * @returns those that differ from the permanent id
 */
export function writtenGuids(ids: ReadonlyMap<Article, string>): Map<Article, string> {
  const taken = new Set(ids.values())
  const guids = new Map<Article, string>()
  for (const [article, id] of ids) {
    const guid = plainText(article.id)
    if (guid === id || /^$|\s/.test(guid) || taken.has(guid)) continue
    taken.add(guid)
    guids.set(article, guid)
  }
  return guids
}

/**
 * RFC 4287 §4.2.6 wants an absolute IRI, and the strictest reader wants plain ASCII. A tag:, urn: or web address stays what
 * it is, its other characters percent-encoded; any other id ("post-42") becomes a UUID made of it and the host.
 *
 * @param host the publication's id host: 'meridian.example'
 */
export function permanentId(id: string, host: string): string {
  const given = id.trim().normalize('NFC') // the file systems of macOS decompose names
  const scheme = /^(https?|tag|urn):/i.exec(given)?.[1]?.toLowerCase()
  // What is an address already stays as it is, to the letter: readers know an item by it.
  if (scheme === 'http' || scheme === 'https')
    return ADDRESS.test(given) && parseUrl(given) ? given : (strictUrl(given) ?? nameUuid(`${host} ${given}`))
  const written = scheme ? percentEncode(scheme + given.slice(scheme.length)) : ''
  return TAG_URI.test(written) || URN.test(written) ? written : nameUuid(`${host} ${given}`)
}

// RFC 3986 §2
const ADDRESS = /^https?:\/\/(?:[\w.~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$/
const OWN_ID = /^tag:[a-z0-9.-]+,\d{4}:[\w./-]+$/
// RFC 4151 §2.1
const TAG_URI = /^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[^#]*(#[^#]*)?$/
// RFC 8141 §2
const URN =
  /^urn:(uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?!uuid:)[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[^/?#&~][^?#&~]*)$/i

// The name space of the ids that Broadsheet makes: any other would be as good, and none may follow it.
const NAME_SPACE = 'b2a3a5de-6b1f-5e3f-9e0c-6f1d2c4b8a70'

/** 'urn:uuid:…' of a name. */
export function nameUuid(name: string): string {
  return `urn:uuid:${uuid5(NAME_SPACE, name)}`
}

/** RFC 9562 §5.5: the UUID version 5 of a name in a name space, itself a UUID. */
export function uuid5(space: string, name: string): string {
  const start = Buffer.from(space.replaceAll('-', ''), 'hex')
  const bytes = createHash('sha1').update(start).update(name).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * When each article was last changed.
 *
 * Dates without a time of day make many articles share one moment, and a validator takes that for a fault (a reader that
 * sorts by it shows them in any order). Such a midnight moves on by less than a second, which follows from the article's id
 * alone: whatever else is published, or withdrawn, on that day, the article has not changed. Where two are still at one
 * moment, the one that was published first keeps it, then the one whose id sorts first, and the other goes to the next free
 * millisecond. The published date is nobody's to change.
 */
export function updatedTimes(articles: readonly Article[]): Map<Article, Timestamp> {
  const times = new Map<Article, Timestamp>()
  const wanted = new Float64Array(articles.length)
  for (let index = 0; index < articles.length; index++) wanted[index] = ownMoment(articles[index]!)
  const isAlone = lonelyMoments(wanted)
  const crowd: CrowdedArticle[] = []
  for (let index = 0; index < articles.length; index++) {
    const [article, at] = [articles[index]!, wanted[index]!]
    if (isAlone(at)) times.set(article, lastChangeAt(article, at))
    else crowd.push({ article, at })
  }
  const taken = new Set<number>()
  const take = (article: Article, at: number) => {
    taken.add(at)
    times.set(article, lastChangeAt(article, at))
  }
  const displaced = crowd.sort(inOrder).filter(({ article, at }) => {
    if (taken.has(at)) return true
    take(article, at)
    return false
  })
  const free = new Map<number, number>()
  for (const { article, at: from } of displaced) {
    let at = free.get(from) ?? from
    while (taken.has(at)) at += 1
    take(article, at)
    free.set(from, at + 1)
  }
  return times
}

interface CrowdedArticle {
  readonly article: Article
  readonly at: number
}

function inOrder({ article: left }: CrowdedArticle, { article: right }: CrowdedArticle): number {
  return left.date.at - right.date.at || (left.id < right.id ? -1 : 1)
}

function lastChange({ updated, date }: Article): Timestamp {
  return updated ?? date
}

/** Its own where nothing moved: of a hundred thousand articles others would take megabytes. */
function lastChangeAt(article: Article, at: number): Timestamp {
  const own = lastChange(article)
  return own.at === at ? own : { at, offset: own.offset }
}

/** A midnight where the article was written is taken for a date without a time of day. */
function ownMoment(article: Article): number {
  const { at, offset } = lastChange(article)
  return (at + offset * 60_000) % DAY_MS === 0 ? at + millisecondOf(article.id) : at
}

/** 1 to 999. FNV-1a: this is done for every article of a folder. */
function millisecondOf(id: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < id.length; place++) hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193)
  return 1 + ((hash >>> 0) % 999)
}

/** True of nearly all articles of a large folder: no other wants their moment, and none is moved to it. */
function lonelyMoments(wanted: Float64Array): (at: number) => boolean {
  const moments = wanted.toSorted()
  const crowded = new Set<number>()
  // Up to where the articles of this moment and those before it may be moved.
  let reach = Number.NEGATIVE_INFINITY
  for (let place = 0; place < moments.length; place++) {
    const at = moments[place]!
    if (at < reach || at === moments[place + 1]) crowded.add(at)
    reach = Math.max(reach, at) + 1
  }
  return at => !crowded.has(at)
}
