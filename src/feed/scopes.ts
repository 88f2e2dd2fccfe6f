// Publication and articles → the feeds that it offers: what each is called, where it lies, which articles it may carry.

import type { Article, FeedReport, Loaded } from '../model.ts'

export interface Scope {
  readonly scope: FeedReport['scope']
  /** '' for the main feed; otherwise the slug. */
  readonly name: string
  readonly title: string
  /** Folder below `out/`, '' or ending in a slash. */
  readonly folder: string
  /** Newest first. */
  readonly articles: readonly Article[]
}

/** @param published as `publishedArticles` gives them. The main feed comes first, here and wherever feeds are listed. Sections, tags and authors follow it in this list. */
export function scopes({ publication }: Loaded, published: readonly Article[]): Scope[] {
  return [{ scope: 'main', name: '', title: publication.title, folder: '', articles: published }]
}

/** Newest first. Drafts, future, expired, withdrawn and unlisted articles are in no feed. */
export function publishedArticles({ articles }: Loaded): Article[] {
  return articles.filter(article => article.state === 'published').sort(newestFirst)
}

/** A total order, so that the same articles always make the same bytes. */
function newestFirst(left: Article, right: Article): number {
  return right.date.at - left.date.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}
