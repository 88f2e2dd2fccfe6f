// The program itself: the folders of its code and of its package, which has `templates/` and `articles/`; its own folder in
// a publication; whether it may take its fast paths; what it makes only when it is first asked for; files that
// are written whole, and whether they lie inside a folder.

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
import { threadId } from 'node:worker_threads'

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
