// What the main thread and the one that reads for it share: how far the main thread is, and for each file whether its bytes
// have been read, and where they are. Each writes what the other reads, so neither ever waits for an answer.

import type { Cut } from '../articles/quick-split.ts'
import type { Listing } from '../list-folder.ts'

export interface ReadJob {
  /** Absolute path of the publication's folder. */
  readonly root: string
  readonly listing: Listing
  /** The numbers of the table. */
  readonly table: SharedArrayBuffer
  /** First the bytes that are kept, then blocks that are filled again when the main thread has passed them. */
  readonly memory: SharedArrayBuffer
  readonly keptBytes: number
}

export interface Entry {
  /** Where the file's bytes begin in the memory. */
  readonly at: number
  /** Undefined for a file that is to be split as a text. */
  readonly cut: Cut | undefined
}

export interface ReadTable {
  /** By the reading thread, once all bytes are there. */
  publish(place: number, entry: Entry): void
  /**
   * By the main thread, which is at this file now, and needs none before it.
   *
   * @returns undefined when it has not been read yet
   */
  take(place: number): Entry | undefined
  /** Place of the file that the main thread is at; -1 before the first. */
  passed(): number
  /** By the reading thread: until the main thread has passed this place. */
  waitUntilPassed(place: number): void
}

/** Filled again and again: enough for what is read while the main thread has not begun. */
export const BLOCK_BYTES = 1024 * 1024
export const BLOCK_COUNT = 8

/** Place of the first number, which says how far the main thread is. */
const PASSED = 0
const HEADER_LENGTH = 1
/** State, place of the bytes, and the two of the cut. */
const NUMBERS_PER_FILE = 4
/** States of a file; 0 for one that has not been read. */
const READ = 1
const CUT = 2
/** To wake a thread costs more than to store a number. */
const FILES_PER_WAKE_UP = 64

export function sharedTable(files: number): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(4 * (HEADER_LENGTH + NUMBERS_PER_FILE * files))
  new Int32Array(shared)[PASSED] = -1
  return shared
}

export function openTable(shared: SharedArrayBuffer): ReadTable {
  const numbers = new Int32Array(shared)
  return {
    publish(place, { at, cut }) {
      const index = HEADER_LENGTH + place * NUMBERS_PER_FILE
      numbers[index + 1] = at
      numbers[index + 2] = cut?.close ?? 0
      numbers[index + 3] = cut?.bodyAt ?? 0
      Atomics.store(numbers, index, cut ? CUT : READ)
    },
    take(place) {
      Atomics.store(numbers, PASSED, place)
      if (place % FILES_PER_WAKE_UP === 0) Atomics.notify(numbers, PASSED)
      const index = HEADER_LENGTH + place * NUMBERS_PER_FILE
      const state = Atomics.load(numbers, index)
      if (state === 0) return undefined
      const cut = state === CUT ? { close: numbers[index + 2]!, bodyAt: numbers[index + 3]! } : undefined
      return { at: numbers[index + 1]!, cut }
    },
    passed: () => Atomics.load(numbers, PASSED),
    waitUntilPassed(place) {
      for (let now = Atomics.load(numbers, PASSED); now <= place; now = Atomics.load(numbers, PASSED))
        Atomics.wait(numbers, PASSED, now)
    },
  }
}
