// A folder of the publication → every file in it, in a fixed order, each with the numbers by which a change shows; and
// which of them are articles, authors and editor's notes. A symlink out of the publication is not followed: it is a problem.

import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { once } from '../base/index.ts'
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

/** How many numbers of `stamps` are one path's. */
export const STAMP_LENGTH = 4

export function stampAt({ stamps }: Listing, place: number): number[] {
  return Array.from({ length: STAMP_LENGTH }, (_, at) => stamps[place * STAMP_LENGTH + at]!)
}

/** @param folder relative to `dir` */
export function listFolder(dir: string, folder: string): Listing {
  const found: Found = {
    dir,
    root: once(() => realpathSync.native(dir)),
    paths: [],
    stamps: [],
    links: [],
    followed: new Set(),
    problems: [],
  }
  walk(found, folder)
  const { paths, stamps, links, problems } = found
  return { paths, stamps, links, problems }
}

/** What was met so far on the way through a folder. */
interface Found {
  readonly dir: string
  /** What the publication's folder is behind all symlinks. */
  readonly root: () => string
  readonly paths: string[]
  readonly stamps: number[]
  readonly links: string[]
  /** Folders that a symlink led to. */
  readonly followed: Set<string>
  readonly problems: Diagnostic[]
}

function walk(found: Found, folder: string): void {
  const { dir, problems } = found
  let entries: Dirent[]
  try {
    entries = readdirSync(join(dir, folder), { withFileTypes: true })
  } catch (error) {
    problems.push(unreadable(folder, error as NodeJS.ErrnoException))
    return
  }
  for (const entry of entries) {
    const { name } = entry
    if (name.startsWith('.') || name === 'node_modules') continue
    const path = `${folder}/${name}`
    if (name.includes('\uFFFD') && lstatSync(join(dir, path), { throwIfNoEntry: false }) === undefined)
      problems.push(nameless(path))
    else if (entry.isDirectory()) walk(found, path)
    else if (entry.isSymbolicLink()) follow(found, path)
    else add(found, path, lstatSync(`${dir}/${path}`, { throwIfNoEntry: false }))
  }
}

function add({ paths, stamps }: Found, path: string, stats: Stats | undefined): void {
  // Deleted since its folder was read; or a pipe, which would never end.
  if (!stats?.isFile()) return
  paths.push(path)
  stamps.push(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino)
}

function follow(found: Found, path: string): void {
  const { dir, links, followed, problems } = found
  let target: string
  try {
    target = realpathSync.native(join(dir, path))
  } catch (error) {
    // A picture that is not there is reported where it is used.
    if (isMarkdown(path)) problems.push(unreadable(path, error as NodeJS.ErrnoException))
    return
  }
  const root = found.root()
  links.push(`${path}\0${target}`)
  if (!target.startsWith(root + sep)) {
    problems.push(outside(path))
    return
  }
  const stats = statSync(target)
  if (!stats.isDirectory()) {
    add(found, path, stats)
    return
  }
  // Followed once: two folders that link into each other would have no end.
  if (followed.has(target) || join(root, path).startsWith(target + sep)) return
  followed.add(target)
  walk(found, path)
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

/** A name that is no text cannot be asked for. */
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

/** Paths relative to the publication's folder, with forward slashes; sorted. */
export interface FoundFiles {
  readonly articles: string[]
  readonly authors: string[]
  readonly notes: string[]
}

/** What is in `articles/`, by its kind. */
export function findFiles({ paths }: Listing): FoundFiles {
  const found: FoundFiles = { articles: [], authors: [], notes: [] }
  for (const path of paths) {
    if (!isMarkdown(path) || SECTION_PAGE.test(path)) continue
    // Only directly below articles/ do these two names mean this.
    if (path.startsWith('articles/authors/')) found.authors.push(path)
    else if (path.startsWith('articles/editions/')) found.notes.push(path)
    else found.articles.push(path)
  }
  for (const list of Object.values(found)) list.sort()
  return found
}

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path)
}

/** Hugo's page of a section, in any language (`_index.fr.md`), is none of its articles. */
const SECTION_PAGE = /\/_index(?:\.[\w-]+)?\.(?:md|markdown)$/
