// The program itself: the folders of its code and of its package, which has `templates/` and `articles/`; its own folder in
// a publication; whether it may take its fast paths; what it makes only when it is first asked for; work that two of its
// threads share; files that are written whole, and whether they lie inside a folder.

import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type MessagePort, receiveMessageOnPort, threadId } from 'node:worker_threads'

const here = dirname(fileURLToPath(import.meta.url))
/** Whether it runs from the bundle. */
export const isBundle = basename(here) === 'program'

/** Absolute path of `src/`, of `dist/`, or of the bundle in `dist/program/`. */
export const codeFolder = isBundle ? here : dirname(here)

/** Absolute path of the folder of package.json. */
export const packageFolder = join(codeFolder, isBundle ? '../..' : '..')

/** Tells the file that the program was read from, and with it the whole program, from any other. */
const identity = () => {
  const stat = statSync(fileURLToPath(import.meta.url), { throwIfNoEntry: false })
  return stat && `${stat.ino} ${stat.mtimeMs}`
}

const started = identity()

/** Another version was installed where this one was read from: what it has not loaded yet is not its own. */
export function isReplaced(): boolean {
  return identity() !== started
}

// ─── Its folder in a publication ─────────────────────────────────────────────────────────────────────────────────────
//
// The program's own folder in a publication → made so that version control does not see it, and files in it that nobody
// reads unfinished. The one leaf of base with an effect: letter, store and publish all write into that folder.

/** Its name; the database and the caches are in it. */
export const IGNORED = '.broadsheet'

/**
 * Makes a `.broadsheet/` that version control does not see: nobody commits a list of subscribers by mistake. An empty folder
 * or an empty `.gitignore` is left by a program that was killed; in a folder with files and no `.gitignore` its owner wants
 * none.
 *
 * @param path of the `.broadsheet/`
 * @throws the file system's error when nothing can be written there
 */
export function makeIgnoredFolder(path: string): void {
  const rule = join(path, '.gitignore')
  mkdirSync(path, { recursive: true })
  const unfinished = statSync(rule, { throwIfNoEntry: false })?.size === 0
  if (unfinished || readdirSync(path).length === 0) writeFileSync(rule, '*\n')
}

/** Ends the name of a file that is still being written. */
const UNFINISHED = '.half'

/**
 * Whether what a path leads to, through every symlink, lies in a folder.
 *
 * @throws the file system's error, where either is not there
 */
export function isInside(folder: string, path: string): boolean {
  return realpathSync.native(path).startsWith(realpathSync.native(folder) + sep)
}

/**
 * Writes a file that nobody ever sees without the whole of its content.
 *
 * @param content or its parts, one behind the other
 * @throws the file system's error; then nothing is left of the new file, and the old one is whole
 */
export function writeWhole(path: string, content: string | Uint8Array | Iterable<string | Uint8Array>): void {
  const unfinished = `${path}.${process.pid}.${threadId}${UNFINISHED}`
  const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  try {
    const handle = openSync(unfinished, 'w')
    try {
      for (const part of parts) writeFileSync(handle, part)
    } finally {
      closeSync(handle)
    }
    renameSync(unfinished, path)
  } catch (error) {
    discard(unfinished)
    throw error
  }
}

/** Removes what programs that were killed left unfinished. @param folder where only this program writes now */
export function discardUnfinished(folder: string): void {
  try {
    for (const name of readdirSync(folder)) if (name.endsWith(UNFINISHED)) discard(join(folder, name))
  } catch {
    // There is no such folder.
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Its folder is no folder.
  }
}

// ─── Fast paths ──────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Whether texts may take the fast paths, which give what the libraries give in less time. One switch for all of them: with
// BROADSHEET_PLAIN=1 a build goes through the libraries alone and on one thread, so that the two can be compared.

let allowed = true

/** Each fast path asks this first. */
export function fastPathsAllowed(): boolean {
  return allowed
}

/** Once for a process. A build that may not take them starts no thread. */
export function allowFastPaths(yes: boolean): void {
  allowed = yes
}

// ─── What is made when it is first asked for ─────────────────────────────────────────────────────────────────────────

/** What makes a value → the same, which makes it once and then has it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const SOURCE = Symbol('source')
const MADE = Symbol('made')

/** How each field of an object is made. */
export type Makers<Source, Fields> = {
  readonly [Key in keyof Fields]: (source: Source, self: Fields) => Fields[Key]
}

/**
 * What makes objects whose fields are worked out when they are first read. All of one kind share their getters: to give each
 * object its own takes longer than much of what they find.
 */
export function lazyKind<Source, Fields extends object>(
  makers: Makers<Source, Fields>,
): (source: Source) => Fields {
  type Lazy = Fields & { [SOURCE]: Source; [MADE]: Partial<Fields> }
  function Lazy(this: Lazy, source: Source) {
    this[SOURCE] = source
    this[MADE] = {}
  }
  for (const key of Object.keys(makers) as (keyof Fields)[]) {
    Object.defineProperty(Lazy.prototype, key, {
      enumerable: true,
      get(this: Lazy) {
        this[MADE][key] ??= makers[key](this[SOURCE], this)
        return this[MADE][key]
      },
    })
  }
  return source => new (Lazy as unknown as new (source: Source) => Fields)(source)
}

// ─── Work that two of its threads share ──────────────────────────────────────────────────────────────────────────────
//
// Work in batches → which of two threads makes which, by memory that both see: the main thread takes them from the first on,
// the second from the last, until none is left. And the batches that one of them receives from the other.

const FREE = 0
const TAKEN_BY_MAIN = 1
const TAKEN_BY_SECOND = 2
const READY = 3
const FAILED = 4
/** In the place behind the batches. */
const STOPPED = 1

/** Who has taken which batch. */
export interface SharedWork {
  /** How many batches there are. */
  readonly count: number
  /** @returns whether the main thread is to make the batch: nobody has begun it, or the other failed at it */
  takeByMain(batch: number): boolean
  /** @returns whether the second thread is to make it: nobody has begun it */
  takeBySecond(batch: number): boolean
  /** By whoever makes it: its message was sent, or never will be. */
  settle(batch: number, isReady: boolean): void
  /** Waits for whoever makes it. @returns false when nothing will come */
  waitFor(batch: number): boolean
  /** Whether it was made and its message sent. */
  isReady(batch: number): boolean
  /** By the main thread: the second begins no more of it. */
  stop(): void
  isStopped(): boolean
}

/** Longer than any batch takes, for a thread that has died says nothing. */
const MAX_WAIT_MS = 10_000

/** @param count of batches @returns what both threads open */
export function makeSharedWork(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (count + 1))
}

export function openSharedWork(shared: SharedArrayBuffer): SharedWork {
  const states = new Int32Array(shared)
  const count = states.length - 1
  return {
    count,
    takeByMain(batch) {
      const was = Atomics.compareExchange(states, batch, FREE, TAKEN_BY_MAIN)
      return was === FREE || was === TAKEN_BY_MAIN || was === FAILED
    },
    takeBySecond: batch => Atomics.compareExchange(states, batch, FREE, TAKEN_BY_SECOND) === FREE,
    settle(batch, isReady) {
      Atomics.store(states, batch, isReady ? READY : FAILED)
      Atomics.notify(states, batch)
    },
    waitFor(batch) {
      const state = Atomics.load(states, batch)
      const isTaken = state === TAKEN_BY_MAIN || state === TAKEN_BY_SECOND
      if (isTaken) Atomics.wait(states, batch, state, MAX_WAIT_MS)
      return Atomics.load(states, batch) === READY
    },
    isReady: batch => Atomics.load(states, batch) === READY,
    stop: () => void Atomics.store(states, count, STOPPED),
    isStopped: () => Atomics.load(states, count) === STOPPED,
  }
}

/** What the other thread passes on: one batch. */
export interface Batch<Made> {
  readonly batch: number
  readonly made: Made
}

/** Batches that came through a port, in whatever order. */
export class ReceivedBatches<Made> {
  readonly #port: MessagePort
  readonly #made = new Map<number, Made>()

  constructor(port: MessagePort) {
    this.#port = port
  }

  has(batch: number): boolean {
    return this.#made.has(batch)
  }

  /** @returns undefined for one that has not come */
  take(batch: number): Made | undefined {
    while (!this.#made.has(batch)) {
      const found = receiveMessageOnPort(this.#port)
      if (!found) return undefined
      const message = found.message as Batch<Made>
      this.#made.set(message.batch, message.made)
    }
    return this.#made.get(batch)
  }
}
