// The parts of the cache, by their names: what a build leaves for the next besides the state of the folder.

import type { Before } from '../../cache/index.ts'
import type { KeptFeeds } from '../../feed/index.ts'
import type { LoadMemory } from '../../load/memory.ts'
import type { KeptPages } from '../../page/index.ts'
import type { KeptText } from '../../render/index.ts'
import type { MadeEdition } from './build-editions.ts'

/** Plain values: parts of the cache by their names. */
export interface Parts {
  readonly articles: LoadMemory
  readonly editions: ReadonlyMap<string, MadeEdition>
  readonly made: Made
  readonly texts: ReadonlyMap<string, KeptText>
  readonly feeds: KeptFeeds
  readonly pages: KeptPages
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
