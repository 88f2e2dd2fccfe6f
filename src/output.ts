// OutputFile[] → `out/`: the only writer there. What did not change is not written; what a build made before and no
// longer makes is removed; every write is a rename, so that nobody ever sees half a file.

import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { EXIT, UserError } from './errors.ts'
import type { OutputFile } from './model.ts'

export interface WriteReport {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

/** Lists what the last build made, one path a line: only these are ever removed. */
const MANIFEST = '.broadsheet'

/**
 * @param out absolute path of `out/`
 * @param articles absolute path of `articles/`, which `{ copy }` bodies are relative to
 * @throws UserError when a path leaves `out/`, two files claim one path, or the disk refuses (nothing half-written)
 */
export function writeOutput(out: string, articles: string, files: readonly OutputFile[]): WriteReport {
  const paths = [...files.map(file => file.path)].sort()
  for (const [index, path] of paths.entries()) {
    if (!isInside(path)) throw new UserError(`${path} is no path inside out/`)
    if (path === paths[index + 1]) throw new UserError(`two things want to be written to out/${path}`)
  }
  const before = readManifest(out)
  let written = 0
  for (const { path, body } of files) {
    const bytes = bytesOf(body, articles)
    if (writeChanged(join(out, path), bytes)) written++
  }
  const removed = removeStale(out, before, new Set(paths))
  writeChanged(join(out, MANIFEST), Buffer.from(paths.map(path => `${path}\n`).join('')))
  return { written, unchanged: files.length - written, removed }
}

function bytesOf(body: OutputFile['body'], articles: string): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  if ('copy' in body) return readFileSync(join(articles, body.copy))
  return Buffer.concat(
    Array.from(body.chunks, chunk => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
  )
}

function isInside(path: string): boolean {
  return (
    path !== '' &&
    path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part))
  )
}

function readManifest(out: string): string[] {
  const path = join(out, MANIFEST)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(isInside) : []
}

/** @returns whether the bytes were other than what stood there */
function writeChanged(path: string, bytes: Uint8Array): boolean {
  if (existsSync(path) && statSync(path).size === bytes.length && readFileSync(path).equals(bytes))
    return false
  const half = join(dirname(path), `.${process.pid}.broadsheet-half`)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(half, bytes)
    renameSync(half, path)
  } catch (error) {
    rmSync(half, { force: true })
    const { code, message } = error as NodeJS.ErrnoException
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    throw new UserError(
      full ? `the disk is full: ${path} was not written` : `${path} cannot be written: ${message}`,
      'What stood in out/ before is whole. Make room or mend the folder, and build again.',
      EXIT.usage,
    )
  }
  return true
}

function removeStale(out: string, before: readonly string[], now: ReadonlySet<string>): number {
  let removed = 0
  for (const path of before) {
    if (now.has(path) || !existsSync(join(out, path))) continue
    rmSync(join(out, path))
    removed++
    removeEmpty(out, dirname(path))
  }
  return removed
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
