// A leaf, for load and for the cache: a folder of the publication → every file in it, in a fixed order, each with the
// numbers by which a change shows. A symlink out of the publication is not followed: it is a diagnostic.

import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Diagnostic } from '../model.ts'

/** Two listings that are equal in all of this have the same files with the same bytes, as far as a file system can tell. */
export interface Listing {
  /** Relative to the publication's folder, with forward slashes. No hidden files and no node_modules. */
  readonly paths: readonly string[]
  /** Four numbers for each path: size, mtime and ctime in ms, inode. */
  readonly stamps: ArrayLike<number>
  /** Symlinks that were followed, and what they lead to. */
  readonly links: readonly string[]
  readonly problems: readonly Diagnostic[]
}

export const STAMP = 4

export function stampAt({ stamps }: Listing, place: number): number[] {
  return Array.from({ length: STAMP }, (_, at) => stamps[place * STAMP + at]!)
}

/** @param folder relative to `dir` */
export function listFolder(dir: string, folder: string): Listing {
  const paths: string[] = []
  const stamps: number[] = []
  const links: string[] = []
  const problems: Diagnostic[] = []
  const followed = new Set<string>()
  let root: string | undefined

  function walk(inner: string): void {
    let entries: Dirent[]
    try {
      entries = readdirSync(join(dir, inner), { withFileTypes: true })
    } catch (error) {
      problems.push(unreadable(inner, error as NodeJS.ErrnoException))
      return
    }
    for (const entry of entries) {
      const { name } = entry
      if (name.startsWith('.') || name === 'node_modules') continue
      const path = `${inner}/${name}`
      if (name.includes('\uFFFD') && lstatSync(join(dir, path), { throwIfNoEntry: false }) === undefined) {
        problems.push(nameless(path))
        continue
      }
      if (entry.isDirectory()) walk(path)
      else if (entry.isSymbolicLink()) follow(path)
      else add(path, lstatSync(`${dir}/${path}`, { throwIfNoEntry: false }))
    }
  }

  function add(path: string, stats: Stats | undefined): void {
    // Deleted since its folder was read; or a pipe, which would never end.
    if (!stats?.isFile()) return
    paths.push(path)
    stamps.push(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino)
  }

  function follow(path: string): void {
    let target: string
    try {
      target = realpathSync.native(join(dir, path))
    } catch (error) {
      // A picture that is not there is told where it is used.
      if (/\.(?:md|markdown)$/i.test(path)) problems.push(unreadable(path, error as NodeJS.ErrnoException))
      return
    }
    root ??= realpathSync.native(dir)
    links.push(`${path}\0${target}`)
    if (!target.startsWith(root + sep)) {
      problems.push(outside(path))
      return
    }
    const stats = statSync(target)
    if (!stats.isDirectory()) {
      add(path, stats)
      return
    }
    // Followed once: two folders that link into each other would have no end.
    if (followed.has(target) || join(root, path).startsWith(target + sep)) return
    followed.add(target)
    walk(path)
  }

  walk(folder)
  return { paths, stamps, links, problems }
}

function outside(file: string): Diagnostic {
  return {
    file,
    line: 0,
    rule: 'symlink-outside',
    severity: 'error',
    message: 'this link leads out of the publication; nothing behind it was read',
    advice: 'Copy what it points at into articles/.',
  }
}

/** Bytes that are no text cannot be asked for by a name. */
function nameless(file: string): Diagnostic {
  return {
    file,
    line: 0,
    rule: 'readable-file',
    severity: 'error',
    message: 'cannot be read: its name is not UTF-8',
    advice: 'Rename it: mv in a shell, with a * where the odd characters are.',
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): Diagnostic {
  // Only what a link names can be missing where a name is there.
  const isLost = error.code === 'ENOENT'
  return {
    file,
    line: 0,
    rule: 'readable-file',
    severity: 'error',
    message: isLost
      ? 'is a link to a file that does not exist'
      : `cannot be read: ${error.code ?? error.message}`,
    advice: isLost ? 'Correct the link, or remove it.' : 'Correct its permissions, or remove it.',
  }
}
