// A publication's folder → everything in `out/`. The pipeline in one function: load, feed, page, edition, output; and
// before it the question whether anything changed since the last time, which costs no more than looking at the files.

import { join } from 'node:path'
import { type BuildCache, type Look, openBuildCache } from '../../cache/index.ts'
import { lookAgain } from '../../errors.ts'
import type { LoadMemory } from '../../load/memory.ts'
import { openFolder } from '../../load/open-folder.ts'
import { lockOutput } from '../../output.ts'
import type { BuildContext, BuildReport } from './build-report.ts'

/** @throws UserError for settings and templates that are wrong, and a disk that refuses; never for an article */
export async function buildPublication(context: BuildContext): Promise<BuildReport> {
  const { now, signal = new AbortController().signal, say = () => {} } = context
  const dir = openFolder(context.dir)
  let began = now()
  let cache = openBuildCache<BuildReport>(dir)
  let look = cache.look()
  const same = cache.unchanged(look, began)
  if (same) return unchangedReport(same)

  const lock = await lockOutput(join(dir, 'out'), { signal, say })
  try {
    if (lock.waited) {
      began = now()
      cache = openBuildCache(dir)
      look = cache.look()
      const made = cache.unchanged(look, began)
      if (made) return unchangedReport(made)
    }
    // By the clock of the file system, which the lock was made by.
    const lookedAt = lock.at - Math.max(0, now() - began)
    const quiet = await quietReport(dir, cache, look, { now: began, lookedAt })
    if (quiet) return unchangedReport(quiet)
    const { makeOutput } = await import('./make-output.ts')
    for (let tries = 1; ; tries++) {
      try {
        return await makeOutput({ ...context, dir, signal }, cache, { look, lookedAt, now: began })
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

/** What the last build made, when all that changed since is the text of articles which nothing shows. */
async function quietReport(
  dir: string,
  cache: BuildCache<BuildReport>,
  look: Look,
  { now, lookedAt }: { now: number; lookedAt: number },
): Promise<BuildReport | undefined> {
  const quiet = cache.quietChanges(look, now)
  const memory = quiet && cache.before(look, lookedAt).recall('articles')
  if (!memory) return undefined
  const { sameFaces } = await import('../../load/same-faces.ts')
  if (!sameFaces(dir, memory as LoadMemory, quiet.files, now)) return undefined
  cache.settleAgain(look, lookedAt)
  return quiet.report
}

function unchangedReport(report: BuildReport): BuildReport {
  const { written, unchanged } = report.files
  return { ...report, files: { written: 0, unchanged: written + unchanged, removed: 0 } }
}
