// A thread of its own: takes shares of a folder's articles, reads and parses them, and tells what is in them.

import { type MessagePort, workerData } from 'node:worker_threads'
import { articleLoader } from '../article-loader.ts'
import { packColumns } from '../columns.ts'
import { findFiles } from '../find-files.ts'
import { keptBodies } from '../kept-bodies.ts'
import { knownPublication } from '../known-publication.ts'
import { loadAuthors } from '../load-authors.ts'
import { loadContext } from '../load-context.ts'
import { type Job, type Loads, SHARE, TAKEN, TOLD } from './protocol.ts'

const { port, numbers } = workerData as { port: MessagePort; numbers: Int32Array }

port.once('message', (job: Job) => {
  const load = openShares(job)
  for (let share = 0; ; ) {
    share = Atomics.add(numbers, TAKEN, 1)
    const loads = load(share)
    if (!loads) break
    port.postMessage(loads)
    Atomics.add(numbers, TOLD, 1)
    Atomics.notify(numbers, TOLD)
  }
  port.close()
})

/** @returns what makes of a share's number its articles; undefined behind the last */
function openShares({ root, settings, listing, shown, now }: Job): (share: number) => Loads | undefined {
  const { publication, ownFiles } = knownPublication(root, settings)
  const found = findFiles(listing)
  const context = loadContext(publication, ownFiles, now)
  const { authors, byName } = loadAuthors(root, found.authors, context, undefined)
  const loader = articleLoader({
    root,
    listing,
    context: { ...context, authors: byName },
    known: undefined,
    isSame: () => false,
    sameOthers: false,
    keep: { bytes: keptBodies(publication, found.articles.length, shown), shared: true },
  })
  return share => {
    const paths = found.articles.slice(share * SHARE, (share + 1) * SHARE)
    if (paths.length === 0) return undefined
    try {
      const columns = packColumns(paths, paths.map(loader.load))
      return { share, loaded: { columns, authors }, bodies: paths.map(loader.keptBody) }
    } catch {
      return { share, loaded: undefined, bodies: [] }
    }
  }
}
