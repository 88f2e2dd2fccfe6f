// Channel → the documents it is published in: the one that people subscribe to and, where older articles are kept, its
// archive (RFC 5005 §4). Together they hold every article exactly once.

import type { Channel } from '../content/index.ts'
import type { Article, FeedSettings } from '../model.ts'

export interface FeedDocument {
  readonly channel: Channel
  /** Folder below `out/`: '', 'tags/rail/', 'archive/2026-01/'. */
  readonly path: string
  /** Newest first. */
  readonly articles: readonly Article[]
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
  const newest = isComplete ? channel.articles : channel.articles.slice(0, settings.items)
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
