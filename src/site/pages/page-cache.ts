// What the last build made of pages → which of them are in `out/` as they would be made; and what is kept for the next
// build.

import { hash } from 'node:crypto'
import type { Article } from '../../model.ts'
import type { Beside } from '../articles-beside.ts'
import type { ChannelLinks, LinkedChannel } from '../feed-links.ts'
import type { Link } from './page-frames.ts'

/** A plain value: what the cache keeps. */
export interface KeptPages {
  /** Links to the sections, at the top of every page. */
  readonly sections: readonly Link[]
  /** Path below `out/` → key of everything that the page shows besides what follows from settings, templates and articles. */
  readonly keys: ReadonlyMap<string, string>
}

/** The last build of the same settings, templates and authors. */
export interface PagesBefore {
  readonly kept: KeptPages
  /** Whether an article is for certain what it was then, with its text. */
  isSame(article: Article): boolean
  /** Whether what its text refers to is as well, and what is said of those who wrote it. */
  isUnchanged(article: Article): boolean
  /** Whether all that other pages show of an article is. */
  hasSameSummary(article: Article): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  isUpToDate(path: string): boolean
}

export interface PageCache {
  /** Whether the page is there as it would be made. @param key of everything that it shows */
  isUpToDate(path: string, key: string): boolean
  /** The same of an article's page. @param key of everything but the article @param beside whose summaries it shows */
  isArticleUpToDate(path: string, key: string, article: Article, beside: Beside): boolean
  readonly upToDate: ReadonlySet<string>
  /** For the next build. */
  kept(): KeptPages
}

export function openPageCache(before: PagesBefore | undefined, sections: readonly Link[]): PageCache {
  const keys = new Map<string, string>()
  const upToDate = new Set<string>()
  const last = JSON.stringify(before?.kept.sections) === JSON.stringify(sections) ? before : undefined

  function isThere(path: string, key: string): boolean {
    keys.set(path, key)
    return last !== undefined && last.kept.keys.get(path) === key && last.isUpToDate(path)
  }

  function note(path: string, is: boolean): boolean {
    if (is) upToDate.add(path)
    return is
  }

  return {
    isUpToDate: (path, key) => note(path, isThere(path, key)),
    isArticleUpToDate(path, key, article, { related, top }) {
      if (!isThere(path, key) || !last) return false
      const isSame = article.state === 'withdrawn' ? last.isSame(article) : last.isUnchanged(article)
      return note(path, isSame && related.every(last.hasSameSummary) && top.every(last.hasSameSummary))
    },
    upToDate,
    kept: () => ({ sections, keys }),
  }
}

/** @returns a text that is the same only where all of what is shown is */
export function pageKey(shown: unknown): string {
  return hash('sha1', JSON.stringify(shown), 'base64')
}

/** Of what the page of an article shows besides the article itself, whose file shows whether it changed. */
export function articleKey(article: Article, { related, top }: Beside, links: ChannelLinks): string {
  const { file, authors, tags } = article
  const channels = [links.section(article), ...authors.map(links.author), ...tags.map(links.tag)]
  return pageKey([file, related.map(fileOf), top.map(fileOf), channels.map(linkKey)])
}

function fileOf({ file }: Article): string {
  return file
}

function linkKey(channel: LinkedChannel | undefined): unknown {
  return channel && [channel.scope, channel.name, channel.path, channel.language]
}
