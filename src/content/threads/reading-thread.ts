// A thread of its own: reads the files of a folder's articles, one after the other, and finds where their front matter ends.

import { type MessagePort, workerData } from 'node:worker_threads'
import { findCut } from '../fast/plain-front-matter.ts'
import { findFiles, STAMP_LENGTH } from '../list-folder.ts'
import { fill } from '../read-file.ts'
import { BLOCK_BYTES, BLOCK_COUNT, openTable, type ReadJob, type ReadTable } from './reader-thread.ts'

const { port } = workerData as { port: MessagePort }

port.once('message', (job: ReadJob) => {
  readAll(job)
  // The first date that is written, in whatever language, loads what ICU knows of dates: 15 ms, for all threads at once.
  new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(0)
  port.close()
})

function readAll({ root, listing, table: shared, memory, keptBytes }: ReadJob): void {
  const table = openTable(shared)
  const bytes = Buffer.from(memory)
  const pool = new BufferPool(table, keptBytes)
  const places = new Map(listing.paths.map((path, at) => [path, at]))
  for (const [place, path] of findFiles(listing).articles.entries()) {
    // The main thread reads this one itself.
    if (place <= table.passed()) continue
    const size = listing.stamps[places.get(path)! * STAMP_LENGTH]!
    // One byte more tells whether the file has grown.
    const at = pool.allocate(place, size + 1)
    if (at === undefined || fill(`${root}/${path}`, bytes, at, size + 1) !== size) continue
    table.publish(place, { at, cut: findCut(bytes.subarray(at, at + size)) })
  }
}

/**
 * Where the bytes of files go: to the memory that is kept while there is some left, then into blocks that are filled again
 * and again.
 */
class BufferPool {
  readonly #table: ReadTable
  readonly #keptBytes: number
  #used = 0
  #block = 0
  #usedOfBlock = 0
  /** Place of the file before. */
  #before = -1
  /** Place of the last file in each block. */
  readonly #lastPlaces = new Array<number>(BLOCK_COUNT).fill(-2)

  constructor(table: ReadTable, keptBytes: number) {
    this.#table = table
    this.#keptBytes = keptBytes
  }

  /** @returns where so many bytes of the file at that place can be; undefined for a file that is too large */
  allocate(place: number, size: number): number | undefined {
    if (this.#used + size <= this.#keptBytes) {
      this.#used += size
      return this.#used - size
    }
    // No later file is kept, either: articles stay in the order in which they are asked for.
    this.#used = this.#keptBytes
    if (size > BLOCK_BYTES) return undefined
    if (this.#usedOfBlock + size > BLOCK_BYTES) this.#nextBlock()
    this.#before = place
    this.#usedOfBlock += size
    return this.#keptBytes + this.#block * BLOCK_BYTES + this.#usedOfBlock - size
  }

  #nextBlock(): void {
    this.#lastPlaces[this.#block] = this.#before
    this.#block = (this.#block + 1) % BLOCK_COUNT
    this.#table.waitUntilPassed(this.#lastPlaces[this.#block]!)
    this.#usedOfBlock = 0
  }
}
