// An article's file → its body, read a second time when somebody asks for it: of a large folder few are ever shown, and
// all of them together would fill the memory.

import { statSync } from 'node:fs'
import { ChangedMeanwhile } from '../../errors.ts'
import type { ByteReader } from '../read-bytes.ts'
import { readText } from '../read-text.ts'
import { quickSplit } from './quick-split.ts'
import { splitFrontMatter } from './split-front-matter.ts'

/** @param stamp of the file as the load found it: size, mtime, ctime, inode */
export function readBody(path: string, stamp: readonly number[], reader: ByteReader): Buffer {
  const bytes = reader.read(path, stamp[0]!, true)
  const quick = bytes && quickSplit(bytes)
  const body = quick ? bytes.subarray(quick.bodyAt) : longWay(path)
  expectSame(path, stamp)
  if (!body) throw new ChangedMeanwhile(path)
  return body
}

function longWay(path: string): Buffer | undefined {
  const content = readText(path)
  const split = 'text' in content ? splitFrontMatter(content.text) : undefined
  return !split || 'problem' in split ? undefined : Buffer.from(split.body)
}

/** Size and mtime: there are file systems that number a file anew whenever it is asked for. */
export function expectSame(path: string, [size, mtime]: readonly number[]): void {
  const now = statSync(path, { throwIfNoEntry: false })
  if (now?.size !== size || now?.mtimeMs !== mtime) throw new ChangedMeanwhile(path)
}
