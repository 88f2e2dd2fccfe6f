// What the main thread and the one that loads with it tell each other. Each takes the next share of the files that nobody
// has taken; a number that both see says which that is.

import type { Listing } from '../../list-folder.ts'
import type { Author } from '../../model.ts'
import type { Columns } from '../columns.ts'
import type { LoadMemory } from '../memory.ts'

/** Files in a share: enough that telling costs little, few enough that both end at the same time. */
export const SHARE = 128

/** Places in the numbers that both see. */
export const TAKEN = 0
export const TOLD = 1

export interface Job {
  /** Absolute path of the publication's folder. */
  readonly root: string
  readonly settings: LoadMemory['settings']
  readonly listing: Listing
  /** Whether only what feeds and pages show is asked for. */
  readonly shown: boolean
  /** ms since epoch. */
  readonly now: number
}

/** One share that was loaded. */
export interface Loads {
  readonly share: number
  /** Undefined when it failed: the main thread does it again, and hears why. */
  readonly loaded: { readonly columns: Columns; readonly authors: ReadonlyMap<string, Author> } | undefined
  /** In memory that both see; undefined for what was not kept. */
  readonly bodies: readonly (Uint8Array | undefined)[]
}
