// A publication's folder → everything in `out/`, made by one build at a time. Before the pipeline runs, it is asked whether
// anything changed since the last time, which costs no more than looking at the files.

import { join } from 'node:path'
import { openFolder } from '../content/index.ts'
import { throwUnlessChanged } from '../errors.ts'
import { type BuildContext, type BuildReport, unchangedReport } from './build-report.ts'
import { BuildCache } from './cache/build-cache.ts'
import { type FolderSnapshot, takeSnapshot } from './cache/folder-snapshot.ts'
import { isLocked, lockOutput } from './output/lock-output.ts'
import { SecondThread } from './threads/second-thread.ts'

/** @throws UserError for settings and templates that are wrong, and a disk that refuses; never for an article */
export async function buildPublication(context: BuildContext): Promise<BuildReport> {
  const { now, signal = new AbortController().signal, say = () => {} } = context
  const dir = openFolder(context.dir)
  const out = join(dir, 'out')
  let beginning = begin(dir, now())
  try {
    if (beginning.unchanged && !isLocked(out)) return unchangedReport(beginning.unchanged)
    const lock = await lockOutput(out, { signal, say })
    try {
      if (beginning.unchanged || lock.waited || beginning.cache.isOvertaken()) {
        beginning.thread.close()
        beginning = begin(dir, now())
        if (beginning.unchanged) return unchangedReport(beginning.unchanged)
      }
      // By the clock of the file system, which the lock was made by.
      const snapshotAt = lock.at - Math.max(0, now() - beginning.began)
      const { runPipeline } = await import('./run-pipeline.ts')
      for (let tries = 1; ; tries++) {
        try {
          return await runPipeline({ ...context, ...beginning, dir, signal, snapshotAt, keepLock: lock.keep })
        } catch (error) {
          throwUnlessChanged(error, tries)
          beginning.thread.close()
          // As old as before: whatever was changed since is not trusted the next time.
          beginning = {
            ...beginning,
            snapshot: takeSnapshot(dir),
            thread: new SecondThread(dir, beginning.began),
          }
        }
      }
    } finally {
      lock.release()
    }
  } finally {
    beginning.thread.close()
  }
}

interface Beginning {
  /** ms since epoch: the time that decides what is out. */
  readonly began: number
  readonly cache: BuildCache
  readonly snapshot: FolderSnapshot
  readonly thread: SecondThread
  /** What the last build reported, where nothing changed since. */
  readonly unchanged: BuildReport | undefined
}

function begin(dir: string, began: number): Beginning {
  const cache = new BuildCache(dir)
  const thread = new SecondThread(dir, began)
  const snapshot = takeSnapshot(dir)
  // Where the last build left nothing all is made: it takes the thread a while to start.
  if (cache.isEmpty()) thread.beginFor(snapshot.articles)
  return { began, cache, snapshot, thread, unchanged: cache.unchangedReport(snapshot, began) }
}
