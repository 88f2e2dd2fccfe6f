// The parts of the cache, by their names: what a build leaves for the next besides the state of the folder.

import type { LoadMemory } from '../content/index.ts'
import type { KeptFeeds } from '../feed/index.ts'
import type { KeptText } from '../render/index.ts'
import type { KeptPages, PagesBefore } from '../site/index.ts'
import type { MadeEdition } from './build-editions.ts'
import type { Before } from './cache/build-cache.ts'
import { openPacked, type Packed } from './cache/packed-map.ts'

/** Plain values: parts of the cache by their names. */
export interface Parts {
  readonly articles: LoadMemory
  readonly editions: ReadonlyMap<string, MadeEdition>
  readonly made: Made
  /** Packed: a `KeptText` by its name. */
  readonly texts: Uint8Array
  readonly feeds: KeptFeeds
  /** Packed: the keys. */
  readonly pages: Omit<KeptPages, 'keys'> & { readonly keys: Uint8Array }
}

export interface Made {
  /** Of settings and templates. */
  readonly global: string
  /** File of each article that was not published, or not yet as it was last changed. */
  readonly states: ReadonlyMap<string, string>
}

/** @returns undefined when nothing that can be trusted was left */
export function recallPart<Name extends keyof Parts>(before: Before, part: Name): Parts[Name] | undefined {
  return before.recall(part) as Parts[Name] | undefined
}

export function recallTexts(before: Before): Packed<KeptText> | undefined {
  const packed = recallPart(before, 'texts')
  return packed && openPacked(packed)
}

export function recallPages(before: Before): PagesBefore['kept'] | undefined {
  const pages = recallPart(before, 'pages')
  return pages && { ...pages, keys: openPacked(pages.keys) }
}
