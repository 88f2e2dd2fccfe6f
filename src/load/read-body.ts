// An article's file → its body, read a second time when somebody asks for it: of a large folder few are ever shown, and
// all of them together would fill the memory.

import { statSync } from 'node:fs'
import { readText } from './read-text.ts'
import { splitFrontMatter } from './split-front-matter.ts'

/** Thrown when a file is no longer what it was when the load began: what was made of its beginning does not fit its end. */
export class ChangedMeanwhile extends Error {
  constructor(path: string) {
    super(`${path} was changed while it was being read`)
    this.name = 'ChangedMeanwhile'
  }
}

/** @param stamp of the file as the load found it: size, mtime, ctime, inode */
export function readBody(path: string, stamp: ArrayLike<number>): string {
  const content = readText(path)
  const split = 'text' in content ? splitFrontMatter(content.text) : undefined
  const stats = statSync(path, { throwIfNoEntry: false })
  const now = stats && [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino]
  if (!split || 'problem' in split || !now?.every((number, at) => number === stamp[at]))
    throw new ChangedMeanwhile(path)
  return split.body
}
