// A publication's folder → everything in `out/`. The pipeline in one function: load, feed, page, edition, output; and
// before it the question whether anything changed since the last time, which costs no more than looking at the files.

import { join } from 'node:path'
import { openFolder } from '../content/index.ts'
import { ChangedMeanwhile, lookAgain } from '../errors.ts'
import type { Diagnostic } from '../model.ts'
import type { Beginning, BuildContext, BuildReport } from './build-report.ts'
import { type BuildCache, type Edits, openBuildCache } from './cache/build-cache.ts'
import { isLocked, lockOutput } from './output/lock-output.ts'
import { recallPart } from './parts.ts'

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
    const edited = await editedReport(dir, cache, { look, lookedAt, now: began, goOn })
    if (edited) return edited
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

/** Where all that changed since the last build is the text of a few articles, only what shows that is made. */
async function editedReport(
  dir: string,
  cache: BuildCache<BuildReport>,
  { look, lookedAt, now, goOn }: Beginning,
): Promise<BuildReport | undefined> {
  const edits = cache.edits(look, now)
  const before = cache.before(look, lookedAt)
  const memory = edits && recallPart(before, 'articles')
  if (!memory) return undefined
  const { editedArticles } = await import('../content/index.ts')
  try {
    const edited = editedArticles(dir, memory, look.articles, edits.files, now)
    if (!edited || mayHaveMoved(edits, edited.problems)) return undefined
    if (edits.shown.length > 0) {
      const { remakeEdited } = await import('./remake-edited.ts')
      return await remakeEdited(edited, edits, { dir, cache, before, look, lookedAt, goOn })
    }
    goOn()
    cache.settleAgain(look, lookedAt)
    return unchangedReport(edits.report)
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return undefined
    throw error
  }
}

/** Whether something was told of an edited file, and not by itself, on a line that may be another now. */
function mayHaveMoved({ files, report }: Edits<BuildReport>, own: readonly Diagnostic[]): boolean {
  return report.diagnostics.some(
    ({ file, line, rule }) =>
      line > 1 && files.includes(file) && !own.some(known => known.rule === rule && known.line === line),
  )
}

function unchangedReport(report: BuildReport): BuildReport {
  const { written, unchanged } = report.files
  return { ...report, files: { written: 0, unchanged: written + unchanged, removed: 0 } }
}
