// A folder with many articles → a second thread that reads their files ahead of the main one, which parses them. What is
// not there yet the main one reads itself: what comes out is the same, and nobody waits.

import { availableParallelism } from 'node:os'
import { MessageChannel, Worker } from 'node:worker_threads'
import { type QuickSplit, splitAt } from '../articles/quick-split.ts'
import { type Listing, STAMP_LENGTH } from '../list-folder.ts'
import {
  BLOCK_BYTES,
  BLOCK_COUNT,
  openTable,
  type ReadJob,
  type ReadTable,
  sharedTable,
} from './read-table.ts'

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

export interface Taken {
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
    },
  }
}
