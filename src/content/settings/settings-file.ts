// The publication's folder → the file of its settings, their text, and the line of each of them.

import { existsSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import type { ParsedNode } from 'yaml'
import { once } from '../../base/index.ts'
import { FileError, UserError } from '../../errors.ts'
import { readText } from '../read-file.ts'

export interface SettingsText {
  /** Relative to the publication's folder. */
  readonly file: string
  readonly text: string
}

/** @throws UserError when there is none; FileError when it cannot be read */
export function settingsText(dir: string): SettingsText {
  const file = findSettings(dir)
  if (!file)
    throw new UserError(
      `${join(dir, SETTINGS_PLACES[0])} does not exist`,
      'Run `broadsheet init` for a new publication, or make that file with `title:` and `url:`.',
    )
  const content = readInside(dir, join(dir, file))
  if ('text' in content) return { file, text: content.text }
  throw new FileError([{ file, line: content.line, message: content.message }], content.advice)
}

/** @returns relative to the folder */
function findSettings(dir: string): string | undefined {
  return SETTINGS_PLACES.find(place => isThere(join(dir, place)))
}

const SETTINGS_PLACES = [
  'articles/publication.yaml',
  'articles/publication.yml',
  'publication.yaml',
  'publication.yml',
] as const

/** Behind a file there is nothing. A file that may not be looked at counts as there: reading it says why not. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR'
  }
}

function readInside(dir: string, path: string) {
  try {
    if (isInside(dir, path)) return readText(path)
  } catch (error) {
    const message = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`
    return { line: 0, message, advice: 'Correct its permissions, and those of the folders around it.' }
  }
  return { line: 0, message: 'is a link out of the publication', advice: 'Put the file itself there.' }
}

/** Whether what a path leads to, through every symlink, lies in a folder. */
export function isInside(folder: string, path: string): boolean {
  return realpathSync.native(path).startsWith(realpathSync.native(folder) + sep)
}

/**
 * The nearest publication that a folder lies in, for people in a subfolder of theirs.
 *
 * @param folder absolute
 * @returns absolute; undefined when no folder above has both settings and `articles/`
 */
export function publicationAbove(folder: string): string | undefined {
  const above = dirname(folder)
  if (above === folder) return undefined
  return findSettings(above) && existsSync(join(above, 'articles')) ? above : publicationAbove(above)
}

/**
 * The line of a setting: of its value, or of its key when the value is no single word; the nearest parent's for a key that
 * is missing. YAML is parsed for it, and its parser loaded, only when there is something to report: the settings were read
 * before, most often by an earlier build.
 *
 * @param path for example ['newsletters', 0, 'from']
 * @param ofKey whether the key itself is at fault
 */
export function settingLine(text: string, path: readonly PropertyKey[], ofKey = false): number {
  const lines = new (yaml().LineCounter)()
  const { contents } = yaml().parseDocument(text, { lineCounter: lines })
  return Math.max(1, lines.linePos(offsetOf(contents, path, ofKey)).line)
}

function offsetOf(root: ParsedNode | null, path: readonly PropertyKey[], ofKey: boolean): number {
  const { isMap, isNode, isPair, isScalar } = yaml()
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const [depth, part] of path.entries()) {
    const isLast = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(
        item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      )
      if (!pair) break
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else {
      node = (node as { items?: unknown[] } | null)?.items?.[Number(part)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    }
    if (isLast && !ofKey && isScalar(node)) offset = node.range?.[0] ?? offset
  }
  return offset
}

const yaml = once(() => createRequire(import.meta.url)('yaml') as typeof import('yaml'))
