// A newsletter and the folder → its slots. Where every article is an edition of its own, the slot is the article's date and
// is named after its slug.

import { createHash } from 'node:crypto'
import type { Article, Loaded, Newsletter, Slot } from '../model.ts'
import { lastSlot, nextSlot, slotById } from './slots.ts'

/** The slot with this id; undefined when neither the schedule nor an article has it. */
export function findSlot(loaded: Loaded, newsletter: Newsletter, id: string): Slot | undefined {
  if (newsletter.every !== 'article') return slotById(newsletter, loaded.publication.timezone, id)
  return articleSlots(loaded).find(({ slot }) => slot.id === id)?.slot
}

/** The newest slot that has ended; for editions of one article, the newest article that is out. */
export function newestSlot(loaded: Loaded, newsletter: Newsletter, now: number): Slot | undefined {
  if (newsletter.every !== 'article') return lastSlot(newsletter, loaded.publication.timezone, now)
  return articleSlots(loaded).findLast(({ slot }) => slot.until <= now)?.slot
}

/** The slot that comes next. */
export function comingSlot(loaded: Loaded, newsletter: Newsletter, now: number): Slot | undefined {
  if (newsletter.every !== 'article') return nextSlot(newsletter, loaded.publication.timezone, now)
  return articleSlots(loaded).find(({ slot }) => slot.until > now)?.slot
}

export interface ArticleSlot {
  readonly article: Article
  /** A window of one instant: `from` and `until` are the article's date. */
  readonly slot: Slot
}

/** One for every article, oldest first. Of two articles with the same slug the later gets `<slug>-<hash of its id>`. */
export function articleSlots({ articles }: Pick<Loaded, 'articles'>): ArticleSlot[] {
  const taken = new Set<string>()
  return [...articles].sort(oldestFirst).map(article => {
    const name = safeName(article.slug)
    const id = name && !taken.has(name) ? name : `${name || 'article'}-${shortHash(article.id)}`
    taken.add(id)
    return { article, slot: { id, from: article.date.at, until: article.date.at } }
  })
}

/** Date, then id: a total order, so that the same input gives the same bytes. */
export function oldestFirst(left: Article, right: Article): number {
  return left.date.at - right.date.at || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}

/** An edition's id is also a folder name and part of a token: no slash, no space, no leading dot. */
function safeName(slug: string): string {
  return slug.replace(/[\s/\\:]+/g, '-').replace(/^\.+/, '')
}

function shortHash(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8)
}
