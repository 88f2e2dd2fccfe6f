// The seam of a feed's format: how it writes heads, items and contents.

import type { Head } from './make-head.ts'
import type { Item, ItemText } from './make-item.ts'

export interface Format {
  readonly file: string
  /** A document without items: what stands before them and behind them. */
  frame(head: Head): { readonly before: string; readonly after: string }
  /**
   * Each item as it stands in a document of this format, with `CONTENT_MARK` where its content will be: written small, by
   * the same steps for all, an item weighs little until its content is put in.
   */
  items(items: readonly Item[]): readonly string[]
  /** The content as it stands in the place of the mark. */
  content(text: ItemText): string | Buffer
  /** What stands between two items. */
  readonly separator: string
  /** How a list of feeds (OPML) speaks of one in this format; no list names a format without it. */
  readonly opml?: { readonly type: string; readonly version: string }
  /** Items of a document that an earlier build made; only of a format that can be read back. @throws on any other text */
  readItems?(text: string): readonly PublishedItem[]
}

/** What readers know an item by. */
export interface PublishedItem {
  readonly id: string
  readonly url: string
  readonly title: string
  /** RFC 3339. */
  readonly date: string
}
