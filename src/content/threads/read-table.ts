// What the main thread and the one that reads for it both see: how far the main one has come, and of each file whether its
// bytes are there, and where. One writes what the other reads, so neither ever waits for an answer.

import type { Cut } from '../articles/quick-split.ts'
import type { Listing } from '../list-folder.ts'

export interface Job {
  /** Absolute path of the publication's folder. */
  readonly root: string
  readonly listing: Listing
  /** Of numbers: the table. */
  readonly table: SharedArrayBuffer
  /** Of bytes: first those that stay, then the blocks that are filled again when the main thread has passed them. */
  readonly memory: SharedArrayBuffer
  /** Bytes that stay. */
  readonly kept: number
}

export interface Entry {
  /** Where the file's bytes begin in the memory. */
  readonly at: number
  /** Undefined for a file that is to be split as a text. */
  readonly cut: Cut | undefined
}

export interface ReadTable {
  /** By the reading thread, once all bytes are there. */
  tell(place: number, entry: Entry): void
  /** By the main one, which is at this file now, and needs none before it. @returns undefined when it is not there yet */
  take(place: number): Entry | undefined
  /** Place of the file that the main thread is at; -1 before the first. */
  passed(): number
  /** By the reading thread: until the main one is behind this place. */
  waitFor(place: number): void
}

/** Filled again and again: enough for what is read while the main thread has not begun. */
export const BLOCK = 1024 * 1024
export const BLOCKS = 8

const PASSED = 0
const HEAD = 1
/** Numbers of a file. */
const ENTRY = 4
const READ = 1
const CUT = 2
/** To wake a thread costs more than to store a number. */
const OFTEN = 64

export function sharedTable(files: number): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(4 * (HEAD + ENTRY * files))
  new Int32Array(shared)[PASSED] = -1
  return shared
}

export function openTable(shared: SharedArrayBuffer): ReadTable {
  const numbers = new Int32Array(shared)
  return {
    tell(place, { at, cut }) {
      const index = HEAD + place * ENTRY
      numbers[index + 1] = at
      numbers[index + 2] = cut?.close ?? 0
      numbers[index + 3] = cut?.bodyAt ?? 0
      Atomics.store(numbers, index, cut ? CUT : READ)
    },
    take(place) {
      Atomics.store(numbers, PASSED, place)
      if (place % OFTEN === 0) Atomics.notify(numbers, PASSED)
      const index = HEAD + place * ENTRY
      const state = Atomics.load(numbers, index)
      if (state === 0) return undefined
      const cut = state === CUT ? { close: numbers[index + 2]!, bodyAt: numbers[index + 3]! } : undefined
      return { at: numbers[index + 1]!, cut }
    },
    passed: () => Atomics.load(numbers, PASSED),
    waitFor(place) {
      for (let now = Atomics.load(numbers, PASSED); now <= place; now = Atomics.load(numbers, PASSED))
        Atomics.wait(numbers, PASSED, now)
    },
  }
}
