// What a build made before and what this one makes → how many files were removed: those that are no longer made.

import { lstatSync, rmdirSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { foldedName } from '../../base/index.ts'

export interface Stale {
  /** Removes what stands where a folder is wanted, or a folder's file where a file is wanted: before anything is written. */
  clearWay(): void
  /** Removes the others, when everything new is there. */
  removeRest(): void
  removed(): number
}

/** @param before @param now paths below `out`, as the two builds list them */
export function staleFiles(out: string, before: readonly string[], now: readonly string[]): Stale {
  const made = new Set(now)
  const folders = new Set(now.flatMap(foldersAbove))
  const stale = before.filter(path => !made.has(path))
  const byFold = new Map(now.map(path => [foldedName(path), path]))
  let removed = 0

  function remove(path: string): void {
    const twin = byFold.get(foldedName(path))
    if (twin !== undefined && isSame(join(out, path), join(out, twin))) return
    try {
      unlinkSync(join(out, path))
    } catch {
      return // Gone already, or a folder that somebody put there.
    }
    removed++
    removeEmpty(out, dirname(path))
  }

  const inTheWay = (path: string) => folders.has(path) || foldersAbove(path).some(folder => made.has(folder))
  return {
    clearWay: () => stale.filter(inTheWay).forEach(remove),
    removeRest: () => stale.filter(path => !inTheWay(path)).forEach(remove),
    removed: () => removed,
  }
}

/** 'a/b/c' → 'a', 'a/b' */
function foldersAbove(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function isSame(left: string, right: string): boolean {
  const options = { throwIfNoEntry: false, bigint: true } as const
  const [a, b] = [lstatSync(left, options), lstatSync(right, options)]
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

function removeEmpty(out: string, folder: string): void {
  if (folder === '.') return
  try {
    rmdirSync(join(out, folder))
  } catch {
    return // Something else still stands in it.
  }
  removeEmpty(out, dirname(folder))
}
