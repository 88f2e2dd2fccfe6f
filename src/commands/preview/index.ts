// `preview`: the folder → everything that readers will see of it, in the browser of whoever runs it, until a signal stops it.

import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { History } from '../../edition/index.ts'
import { EXIT, type ExitCode } from '../../errors.ts'
import { listen } from '../../serve/index.ts'
import type { Database } from '../../store/index.ts'
import type { Context } from '../context.ts'
import { openLedgerToRead } from '../environment.ts'
import { portOf, stopped } from '../serve.ts'
import { Preview } from './app.ts'
import { type Histories, type ListReader, openScenes } from './scene.ts'
import { openEditor } from './view.ts'

/** Nobody but this machine: what is shown has drafts in it. */
const HOST = '127.0.0.1'
const DEFAULT_PORT = 4040

export async function run(context: Context): Promise<ExitCode> {
  const { openFolder } = await import('../../content/index.ts')
  const dir = openFolder(context.dir)
  const scenes = await openScenes(dir, context.now, {
    readers: () => readersOf(context),
    sent: () => sentBy(context).catch(() => new Map()),
  })
  const editor = openEditor(context.editor, dir, context.say)
  const preview = new Preview(scenes, editor)
  const listening = await listenSomewhere(request => preview.answer(request), context.options.port)
  preview.allowHost(new URL(listening.url).port)
  const watch = watchFolder(dir, {
    async changed(paths) {
      if (await scenes.refresh(paths)) preview.announce()
    },
    isWatched: () => preview.isWatched(),
    now: context.now,
  })
  try {
    const { title } = scenes.scene().loaded.publication
    context.result({ url: listening.url, title }, () =>
      [
        `Preview of ${title}: ${listening.url}`,
        'It shows drafts and future articles, follows what you save, and sends nothing. Ctrl-C ends it.',
        '',
      ].join('\n'),
    )
    await stopped(context.signal)
    return EXIT.done
  } finally {
    watch.close()
    preview.close()
    await listening.close()
  }
}

/** The port that was asked for; else the usual one, or any that is free. */
async function listenSomewhere(answer: Parameters<typeof listen>[0], asked: unknown) {
  const at = (port: number) => listen(answer, { host: HOST, port, grace: 100 })
  if (asked === undefined) return at(DEFAULT_PORT).catch(() => at(0))
  return at(portOf(asked, 'broadsheet preview --port 4040'))
}

// ─── What changes in the folder ──────────────────────────────────────────────────────────────────────────────────────
//
// A publication's folder → a call for every change of its articles, templates and settings. The file system tells of changes
// where it can; where it cannot, as on most network folders, the folder is listed again and again.

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

export function watchFolder(dir: string, watching: Watching): { close(): void } {
  return new FolderWatch(dir, watching)
}

class FolderWatch {
  readonly #dir: string
  readonly #watching: Watching
  readonly #watchers = new Map<string, FSWatcher>()
  /** Since the last call; undefined in it: something that has no name. */
  readonly #pending = new Set<string | undefined>()
  #settling: NodeJS.Timeout | undefined
  #polling: NodeJS.Timeout | undefined
  #working: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(dir: string, watching: Watching) {
    this.#dir = dir
    this.#watching = watching
    this.#follow()
    this.#poll(POLL_MS)
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#settling)
    clearTimeout(this.#polling)
    for (const watcher of this.#watchers.values()) watcher.close()
  }

  /** A watcher for each folder: those that came are added, those that went end by themselves. */
  #follow(): void {
    const dir = this.#dir
    for (const folder of ['.', ...foldersBelow(dir, 'articles'), ...foldersBelow(dir, 'templates')]) {
      if (this.#watchers.has(folder) || this.#isClosed) continue
      try {
        const watcher = watch(join(dir, folder), (_, name) => {
          const path = name === null ? undefined : folder === '.' ? name : `${folder}/${name}`
          if (path === undefined || isOfPublication(path)) this.#note(path)
        })
        const end = () => {
          watcher.close()
          this.#watchers.delete(folder)
        }
        watcher.on('error', end)
        this.#watchers.set(folder, watcher)
      } catch {
        // Too many watchers, or a file system that has none: the listing finds what changes there.
      }
    }
  }

  #note(path: string | undefined): void {
    this.#pending.add(path)
    this.#settling ??= setTimeout(() => this.#tell(), SETTLE_MS)
  }

  #tell(): void {
    this.#settling = undefined
    this.#working = this.#working.then(async () => {
      const paths = [...this.#pending]
      this.#pending.clear()
      if (paths.length === 0 || this.#isClosed) return
      await this.#watching.changed(paths.includes(undefined) ? undefined : (paths as string[]))
      this.#follow()
    })
  }

  #poll(after: number): void {
    const { changed, isWatched, now } = this.#watching
    this.#polling = setTimeout(async () => {
      const began = now()
      if (isWatched()) {
        this.#working = this.#working.then(() => changed(undefined))
        await this.#working
      }
      if (!this.#isClosed) this.#poll(Math.max(POLL_MS, (now() - began) * POLL_SHARE))
    }, after)
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

/** So many are offered; any address can be typed. */
const MAX_READERS = 100

/** One in a branch would have to be fetched for every look: it is left alone. */
async function openLedgerHere(context: Context): Promise<Database | undefined> {
  const { isSharedAddress, storeAddress } = await import('../../store/index.ts')
  if (isSharedAddress(storeAddress(context.dir, context.env))) return undefined
  return openLedgerToRead(context).catch(() => undefined)
}

/** So that no letter is shown with an article that everybody was sent already, in an extra edition or by a changed date. */
async function sentBy(context: Context): Promise<Histories> {
  const { listEditions, sentHistory } = await import('../../store/index.ts')
  const db = await openLedgerHere(context)
  const histories = new Map<string, History>()
  if (!db) return histories
  try {
    for (const newsletter of new Set((await listEditions(db)).map(({ newsletter }) => newsletter)))
      histories.set(newsletter, await sentHistory(db, newsletter))
    return histories
  } finally {
    await db.close()
  }
}

async function readersOf(context: Context): Promise<readonly ListReader[]> {
  const { listSubscribers } = await import('../../store/index.ts')
  const db = await openLedgerHere(context)
  if (!db) return []
  try {
    const readers: ListReader[] = []
    for await (const reader of listSubscribers(db, { state: 'active' })) {
      readers.push(reader)
      if (readers.length === MAX_READERS) break
    }
    return readers
  } finally {
    await db.close()
  }
}
