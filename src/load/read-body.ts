// An article's file → its body, read a second time when somebody asks for it: of a large folder few are ever shown, and
// all of them together would fill the memory.

import { statSync } from 'node:fs'
import { ChangedMeanwhile } from '../errors.ts'
import { readText } from './read-text.ts'
import { splitFrontMatter } from './split-front-matter.ts'

/** @param stamp of the file as the load found it: size, mtime, ctime, inode */
export function readBody(path: string, stamp: readonly number[]): string {
  const content = readText(path)
  const split = 'text' in content ? splitFrontMatter(content.text) : undefined
  expectSame(path, stamp)
  if (!split || 'problem' in split) throw new ChangedMeanwhile(path)
  return split.body
}

/** Size and mtime: there are file systems that number a file anew whenever it is asked for. */
export function expectSame(path: string, [size, mtime]: readonly number[]): void {
  const now = statSync(path, { throwIfNoEntry: false })
  if (now?.size !== size || now?.mtimeMs !== mtime) throw new ChangedMeanwhile(path)
}
