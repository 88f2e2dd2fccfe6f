// Channel → the documents it is published in: the one that people subscribe to and, where older articles are kept, its
// archive (RFC 5005 §4). Together they hold every article exactly once.

import type { Channel } from '../content/index.ts'
import type { Article, FeedSettings } from '../model.ts'
import { archivePages } from './archive-pages.ts'

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

/** The document to subscribe to comes first. Only the main feed has an archive: it holds what every other feed ever held. */
export function feedDocuments(channel: Channel, settings: FeedSettings): FeedDocument[] {
  const isComplete = settings.complete === true
  const newest = isComplete ? channel.articles : channel.articles.slice(0, settings.items)
  const kept = settings.archive && !isComplete && channel.scope === 'main'
  const pages = kept ? archivePages(channel.articles, settings.items) : []
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
