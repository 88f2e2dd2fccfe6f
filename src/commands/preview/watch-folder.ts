// A publication's folder → a call for every change of its articles, templates and settings. The file system tells of changes
// where it can; where it cannot, as on most network folders, the folder is listed again and again.

import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'

interface Watching {
  /** @param paths relative to the folder, as far as the file system names them; undefined: anything may have changed */
  changed(paths: readonly string[] | undefined): Promise<void>
  /** Whether somebody looks at the result: nothing is listed for nobody. */
  isWatched(): boolean
  /** ms */
  now(): number
}

/** An editor writes a file in several steps. */
const SETTLE_MS = 8
/** Between two listings; longer where one takes long, so that no more than a tenth of the time goes into them. */
const POLL_MS = 1_000
const POLL_SHARE = 10

export function watchFolder(dir: string, { changed, isWatched, now }: Watching): { close(): void } {
  const watchers = new Map<string, FSWatcher>()
  /** Since the last call; undefined in it: something that has no name. */
  const pending = new Set<string | undefined>()
  let settling: NodeJS.Timeout | undefined
  let polling: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  let isClosed = false

  function note(path: string | undefined): void {
    pending.add(path)
    settling ??= setTimeout(tell, SETTLE_MS)
  }

  function tell(): void {
    settling = undefined
    working = working.then(async () => {
      const paths = [...pending]
      pending.clear()
      if (paths.length === 0 || isClosed) return
      await changed(paths.includes(undefined) ? undefined : (paths as string[]))
      follow()
    })
  }

  /** A watcher for each folder: those that came are added, those that went end by themselves. */
  function follow(): void {
    for (const folder of ['.', ...foldersBelow(dir, 'articles'), ...foldersBelow(dir, 'templates')]) {
      if (watchers.has(folder) || isClosed) continue
      try {
        const watcher = watch(join(dir, folder), (_, name) => {
          const path = name === null ? undefined : folder === '.' ? name : `${folder}/${name}`
          if (path === undefined || isOfPublication(path)) note(path)
        })
        const end = () => {
          watcher.close()
          watchers.delete(folder)
        }
        watcher.on('error', end)
        watchers.set(folder, watcher)
      } catch {
        // Too many watchers, or a file system that has none: the listing finds what changes there.
      }
    }
  }

  function poll(after: number): void {
    polling = setTimeout(async () => {
      const began = now()
      if (isWatched()) {
        working = working.then(() => changed(undefined))
        await working
      }
      if (!isClosed) poll(Math.max(POLL_MS, (now() - began) * POLL_SHARE))
    }, after)
  }

  follow()
  poll(POLL_MS)
  return {
    close() {
      isClosed = true
      clearTimeout(settling)
      clearTimeout(polling)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

/** Relative, itself included; nothing hidden. */
function foldersBelow(dir: string, folder: string): string[] {
  try {
    const entries = readdirSync(join(dir, folder), { withFileTypes: true })
    const below = entries.filter(
      entry => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
    )
    return [folder, ...below.flatMap(({ name }) => foldersBelow(dir, `${folder}/${name}`))]
  } catch {
    return []
  }
}

/** Beside `articles/` and `templates/` only the settings count. */
function isOfPublication(path: string): boolean {
  return /^(?:articles|templates)(?:\/|$)|^publication\.ya?ml$/.test(path)
}
