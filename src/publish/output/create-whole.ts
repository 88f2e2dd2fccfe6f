// A path and a text → a new file that nobody ever sees without its text, or nothing when there is one already. A program
// that is killed at it leaves a draft beside the path, named after it.

import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, linkSync, openSync, rmSync, writeSync } from 'node:fs'

/**
 * @returns when it was made, by the clock of its file system (ms since epoch); undefined when there is one already, or
 *   another cleared the draft away, or its folder
 */
export function createWhole(path: string, text: string): number | undefined {
  const draft = `${path}-new-${randomUUID()}`
  const handle = openDraft(draft)
  if (handle === undefined) return undefined
  try {
    writeSync(handle, text)
    const made = fstatSync(handle).mtimeMs
    return place(draft, path, text) ? made : undefined
  } finally {
    closeSync(handle)
    rmSync(draft, { force: true })
  }
}

function openDraft(path: string): number | undefined {
  try {
    return openSync(path, 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** A link is made whole or not at all, and never over another file. */
function place(draft: string, path: string, text: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOENT') return false
  }
  // A file system without links.
  try {
    const handle = openSync(path, 'wx')
    writeSync(handle, text)
    closeSync(handle)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
