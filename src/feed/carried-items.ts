// Documents → the items of each, every item made once, however many documents carry it, and only when one does.

import type { Article } from '../model.ts'
import type { FeedDocument } from './feed-documents.ts'
import { type Item, makeItem, type Sources } from './make-item.ts'

export interface CarriedItems {
  readonly itemsOf: ReadonlyMap<FeedDocument, readonly Item[]>
  readonly articles: Article[]
  inSeveral(item: Item): boolean
}

export function carriedItems(documents: readonly FeedDocument[], sources: Sources): CarriedItems {
  const made = new Map<Article, Item>()
  const carriers = new Map<Item, number>()
  const carry = (article: Article): Item => {
    let item = made.get(article)
    if (!item) {
      item = makeItem(article, sources)
      item.text() // now: pages and their files then find the article parsed already
      made.set(article, item)
    }
    carriers.set(item, (carriers.get(item) ?? 0) + 1)
    return item
  }
  return {
    itemsOf: new Map(documents.map(document => [document, document.articles.map(carry)])),
    articles: [...made.keys()],
    inSeveral: item => carriers.get(item)! > 1,
  }
}
