// A folder with many articles → a second thread that reads their files ahead of the main one, which parses them. What is
// not there yet the main one reads itself: what comes out is the same, and nobody waits.

import { availableParallelism } from 'node:os'
import { MessageChannel, Worker } from 'node:worker_threads'
import { type Cut, type QuickSplit, splitAt } from '../fast/plain-front-matter.ts'
import { type Listing, STAMP_LENGTH } from '../list-folder.ts'

export interface ReaderThread {
  /**
   * It begins at once.
   *
   * @param root absolute path of the publication's folder
   * @param budget how many bytes are kept
   */
  begin(root: string, listing: Listing, budget: number): void
  /**
   * @param place among the articles' paths; none is asked for that lies before the last
   * @param size as the listing says
   * @param keep whether its bytes are needed once the next file is asked for
   * @returns undefined for a file that is to be read here
   */
  take(place: number, size: number, keep: boolean): Taken | undefined
  end(): void
}

interface Taken {
  /** Undefined for a file that is to be split as a text. */
  readonly quick: QuickSplit | undefined
  body(): Buffer
}

/** Fewer are read before a thread has started. */
const MIN_FILES = 2000

export function startReaderThread(files: number): ReaderThread | undefined {
  if (files < MIN_FILES || availableParallelism() < 2) return undefined
  const { port1: port, port2 } = new MessageChannel()
  const worker = new Worker(new URL('./reading-thread.js', import.meta.url), {
    workerData: { port: port2 },
    transferList: [port2],
  })
  // Whatever happens to it: what it has not read is read here.
  worker.on('error', () => {})
  worker.unref()
  port.unref()
  let table: ReadTable | undefined
  let memory: Buffer = Buffer.alloc(0)
  let keptBytes = 0

  return {
    begin(root, listing, budget) {
      let total = 0
      for (let at = 0; at < listing.stamps.length && total < budget; at += STAMP_LENGTH)
        total += listing.stamps[at]! + 1
      keptBytes = Math.min(total, budget)
      const shared = sharedTable(listing.paths.length)
      const bytes = new SharedArrayBuffer(keptBytes + BLOCK_COUNT * BLOCK_BYTES)
      table = openTable(shared)
      memory = Buffer.from(bytes)
      port.postMessage({ root, listing, table: shared, memory: bytes, keptBytes } satisfies ReadJob)
    },
    take(place, size, keep) {
      const entry = table?.take(place)
      if (!entry) return undefined
      const { at, cut } = entry
      const end = at + size
      return {
        quick: cut && splitAt(memory, at, end, cut),
        body() {
          const bytes = memory.subarray(at + cut!.bodyAt, end)
          return keep && at >= keptBytes ? Buffer.from(bytes) : bytes
        },
      }
    },
    end() {
      port.close()
      void worker.terminate()
      // Somebody may keep the thread.
      table = undefined
      memory = Buffer.alloc(0)
    },
  }
}

// What the main thread and the one that reads for it share: how far the main thread is, and for each file whether its bytes
// have been read, and where they are. Each writes what the other reads, so neither ever waits for an answer.

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

interface Entry {
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

function sharedTable(files: number): SharedArrayBuffer {
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
