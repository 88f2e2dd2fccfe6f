// A thread of its own: reads the files of a folder's articles, one after the other, and finds where their front matter ends.

import { type MessagePort, workerData } from 'node:worker_threads'
import { findCut } from '../articles/quick-split.ts'
import { findFiles, STAMP } from '../list-folder.ts'
import { fill } from '../read-file.ts'
import { BLOCK, BLOCKS, type Job, openTable, type ReadTable } from './read-table.ts'

const { port } = workerData as { port: MessagePort }

port.once('message', (job: Job) => {
  readAll(job)
  // The first date that is written, in whatever language, loads what ICU knows of dates: 15 ms, for all threads at once.
  new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(0)
  port.close()
})

function readAll({ root, listing, table: shared, memory, kept }: Job): void {
  const table = openTable(shared)
  const bytes = Buffer.from(memory)
  const room = openRoom(table, kept)
  const places = new Map(listing.paths.map((path, at) => [path, at]))
  for (const [place, path] of findFiles(listing).articles.entries()) {
    // The main thread reads this one itself.
    if (place <= table.passed()) continue
    const size = listing.stamps[places.get(path)! * STAMP]!
    // One byte more tells whether the file has grown.
    const at = room(place, size + 1)
    if (at === undefined || fill(`${root}/${path}`, bytes, at, size + 1) !== size) continue
    table.tell(place, { at, cut: findCut(bytes.subarray(at, at + size)) })
  }
}

/** @returns where there is room for so many bytes of the file at that place; undefined for a file that is too large */
function openRoom(table: ReadTable, kept: number): (place: number, size: number) => number | undefined {
  let used = 0
  let block = 0
  let usedOfBlock = 0
  let before = -1
  const last = new Array<number>(BLOCKS).fill(-2)
  return (place, size) => {
    if (used + size <= kept) {
      used += size
      return used - size
    }
    // What is behind it has no place there either: articles stay in the order in which they are asked for.
    used = kept
    if (size > BLOCK) return undefined
    if (usedOfBlock + size > BLOCK) {
      last[block] = before
      block = (block + 1) % BLOCKS
      table.waitFor(last[block]!)
      usedOfBlock = 0
    }
    before = place
    usedOfBlock += size
    return kept + block * BLOCK + usedOfBlock - size
  }
}
