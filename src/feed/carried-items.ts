// Documents that are to be made → the items of each, every item made once, however many documents carry it.

import type { Article } from '../model.ts'
import type { FeedDocument } from './feed-documents.ts'
import { type Item, makeItem, type Sources } from './make-item.ts'

export interface CarriedItems {
  readonly itemsOf: ReadonlyMap<FeedDocument, readonly Item[]>
  itemOf(article: Article): Item | undefined
  inSeveral(item: Item): boolean
}

/** Told what is to be rendered. @returns the content of an article, where another thread has made it */
export type Ahead = (articles: readonly Article[]) => Sources['ready']

/** @param isKnown whether the bytes of an article's item are to be had without its text */
export function carriedItems(
  documents: readonly FeedDocument[],
  given: Sources,
  isKnown: (article: Article) => boolean,
  ahead: Ahead = () => undefined,
): CarriedItems {
  const all = new Set(documents.flatMap(({ articles }) => articles))
  const { content } = given.loaded.publication.feeds
  const missing = content === 'full' ? [...all].filter(article => !isKnown(article)) : []
  const sources = { ...given, ready: ahead(missing) }
  const made = new Map<Article, Item>()
  const carriers = new Map<Item, number>()
  const carry = (article: Article): Item => {
    let item = made.get(article)
    if (!item) {
      item = makeItem(article, sources)
      if (!isKnown(article)) item.text() // now: pages and their files then find the article parsed already
      made.set(article, item)
    }
    carriers.set(item, (carriers.get(item) ?? 0) + 1)
    return item
  }
  return {
    itemsOf: new Map(documents.map(document => [document, document.articles.map(carry)])),
    itemOf: article => made.get(article),
    inSeveral: item => carriers.get(item)! > 1,
  }
}
