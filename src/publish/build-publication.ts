// A publication's folder → everything in `out/`. The pipeline in one function: load, feed, page, edition, output; and
// before it the question whether anything changed since the last time, which costs no more than looking at the files.

import { join } from 'node:path'
import { openFolder } from '../content/index.ts'
import { lookAgain } from '../errors.ts'
import type { BuildContext, BuildReport } from './build-report.ts'
import { openBuildCache } from './cache/build-cache.ts'
import { isLocked, lockOutput } from './output/lock-output.ts'

/** @throws UserError for settings and templates that are wrong, and a disk that refuses; never for an article */
export async function buildPublication(context: BuildContext): Promise<BuildReport> {
  const { now, signal = new AbortController().signal, say = () => {} } = context
  const dir = openFolder(context.dir)
  let began = now()
  let cache = openBuildCache<BuildReport>(dir)
  let look = cache.look()
  const same = cache.unchanged(look, began)
  const out = join(dir, 'out')
  if (same && !isLocked(out)) return unchangedReport(same)

  const lock = await lockOutput(out, { signal, say })
  try {
    if (same || lock.waited || cache.isOvertaken()) {
      began = now()
      cache = openBuildCache(dir)
      look = cache.look()
      const made = cache.unchanged(look, began)
      if (made) return unchangedReport(made)
    }
    // By the clock of the file system, which the lock was made by.
    const lookedAt = lock.at - Math.max(0, now() - began)
    const goOn = lock.keep
    const { makeOutput } = await import('./make-output.ts')
    for (let tries = 1; ; tries++) {
      try {
        return await makeOutput({ ...context, dir, signal }, cache, { look, lookedAt, now: began, goOn })
      } catch (error) {
        lookAgain(error, tries)
        // As old as before: whatever was changed since is not believed the next time.
        look = cache.look()
      }
    }
  } finally {
    lock.release()
  }
}

function unchangedReport(report: BuildReport): BuildReport {
  const { written, unchanged } = report.files
  return { ...report, files: { written: 0, unchanged: written + unchanged, removed: 0 } }
}
