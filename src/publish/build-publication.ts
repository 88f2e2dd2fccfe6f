// A publication's folder → everything in `out/`, made by one build at a time. Before the pipeline runs, it is asked whether
// anything changed since the last time, which costs no more than looking at the files.

import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { checkSettings, loadFolder, openFolder, settingsText } from '../content/index.ts'
import { throwUnlessChanged } from '../errors.ts'
import { type BuildContext, type BuildReport, unchangedReport } from './build-report.ts'
import { BuildCache, type KeptBuild } from './cache/build-cache.ts'
import { type FolderSnapshot, takeSnapshot } from './cache/folder-snapshot.ts'
import { isLocked, lockOutput } from './output/lock-output.ts'
import type { PipelineStart } from './run-pipeline.ts'
import { SecondThread, sizeOf } from './threads/second-thread.ts'

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
      for (let tries = 1; ; tries++) {
        try {
          return await build({ ...context, ...beginning, dir, signal, snapshotAt, keepLock: lock.keep })
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
  // Where the last build left nothing all is made: it takes the thread a while to start.
  const snapshot = takeSnapshot(dir, paths => {
    if (cache.isEmpty()) thread.beginForMany(paths)
  })
  return { began, cache, snapshot, thread, unchanged: cache.unchangedReport(snapshot, began) }
}

/** All that the pipeline is given, but what is loaded first. */
type BuildStart = Omit<PipelineStart, 'kept' | 'size' | 'folder'>

/** @throws ChangedMeanwhile when a file is no longer what the snapshot says */
async function build(start: BuildStart): Promise<BuildReport> {
  try {
    const kept = start.cache.lastBuild(start.snapshot, start.snapshotAt)
    const loaded = await load(start, kept)
    const { runPipeline } = await pipeline()
    return await runPipeline({ ...start, ...loaded, kept })
  } finally {
    setHeapGrowth(HEAP_GROWTH_PERCENT.usual)
  }
}

/** V8 lets its heap double and more before it looks for garbage: of that many articles, that is hundreds of megabytes. */
const HEAP_GROWTH_PERCENT = { usual: 0, medium: 60, large: 20 }

/** Of all threads. @param percent 0: as V8 would have it */
function setHeapGrowth(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

/** Only what changed since the last build is read; settings whose text is the same need no schema. */
async function load(
  { dir, began: now, snapshot, thread }: BuildStart,
  kept: KeptBuild,
): Promise<Pick<PipelineStart, 'size' | 'folder'>> {
  const listing = snapshot.articles
  const { file, text } = settingsText(dir)
  const memory = kept.recall('articles')
  const isKnown = kept.state && memory?.settings.file === file && memory.settings.text === text
  const settings = isKnown ? memory.settings : await checkSettings({ file, text })
  const size = sizeOf(listing, settings.value)
  if (size === 'large') setHeapGrowth(HEAP_GROWTH_PERCENT.large)
  if (kept.state && isKnown) {
    const earlier = { memory, listing: kept.state.snapshot.articles, isUnchanged: kept.isUnchanged }
    return { size, folder: loadFolder(dir, { now, settings, listing, earlier, shown: true }) }
  }
  const share = thread.share(listing, settings, size)
  // The other thread begins meanwhile.
  await pipeline()
  const folder = loadFolder(dir, { now, settings, listing, share, shown: true })
  const { articles, newsletters } = folder.loaded.publication
  const hasLetters = newsletters.length > 0
  thread.hasLoaded(articles.pages || hasLetters)
  if (size === 'medium' && articles.pages && hasLetters) setHeapGrowth(HEAP_GROWTH_PERCENT.medium)
  return { size, folder }
}

/** What is made of a loaded folder takes its time to load, too. */
function pipeline() {
  return import('./run-pipeline.ts')
}
