// A path on the command line → the absolute path of the publication's folder and its settings' file; or an error that says
// what to do where there is none.

import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { ParsedNode } from 'yaml'
import { isInside, once } from '../base/index.ts'
import { FileError, UserError } from '../errors.ts'
import { isMarkdown } from './list-folder.ts'
import { readText } from './read-file.ts'

/** @throws UserError when it has no `articles/` of its own */
export function openFolder(dir: string): string {
  const root = resolve(dir)
  const file = fileInTheWay(join(root, 'articles'))
  if (file)
    throw new UserError(
      `${file} is a file, not a folder`,
      'Name the folder that contains articles/ with --dir: broadsheet build --dir site',
    )
  if (!existsSync(join(root, 'articles'))) throw nothingThere(root)
  if (!isInside(root, join(root, 'articles')))
    throw new UserError(
      `${join(root, 'articles')} is a link out of the publication; nothing behind it was read`,
      'Name the folder that it lies in with --dir.',
    )
  return root
}

/** `init` in a subfolder of a publication would put a second one into the first. */
function nothingThere(root: string): UserError {
  const above = publicationAbove(root)
  if (above)
    return new UserError(`${root} is inside the publication ${above}`, `Run it there, or with --dir ${above}`)
  const elsewhere = articlesElsewhere(root)
  if (elsewhere) return new UserError(`${root} has no articles/ folder`, linkTo(elsewhere))
  return new UserError(
    `${root} has no articles/ folder`,
    'Run `broadsheet init` there, or name another folder with --dir.',
  )
}

/**
 * The file that is where a folder is expected, or on the way there.
 *
 * @param path absolute
 * @returns undefined when a folder is there, or could be made
 */
export function fileInTheWay(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = statIfAny(at)
    if (stats) return stats.isDirectory() ? undefined : at
    if (dirname(at) === at) return undefined
  }
}

/** Behind a file there is nothing: the next folder above it is asked. */
function statIfAny(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

/**
 * Where another tool keeps its articles in a folder that has no `articles/`: the message says what to do.
 *
 * @returns relative to the folder; undefined when there is no Markdown in any of the usual places
 */
export function articlesElsewhere(root: string): string | undefined {
  return PLACES.find(place => hasMarkdown(join(root, place)))
}

/** Of Jekyll, Hugo, Eleventy, Astro and their kin. */
const PLACES = [
  '_posts',
  'content/posts',
  'content/post',
  'content/blog',
  'src/content/blog',
  'src/content/posts',
  'src/posts',
  'posts',
  'blog',
  'pages/en/blog',
  'content',
]

/** Where a folder has articles, one of its first entries is an article or has one. */
const MAX_ENTRIES = 300

/** In the folder itself, or in one of its own: a year's, or a page bundle's. */
function hasMarkdown(folder: string): boolean {
  const entries = entriesOf(folder)
  if (entries.some(isArticle)) return true
  return entries
    .slice(0, MAX_ENTRIES)
    .some(entry => entry.isDirectory() && entriesOf(join(folder, entry.name)).some(isArticle))
}

function isArticle(entry: Dirent): boolean {
  return !entry.isDirectory() && isMarkdown(entry.name)
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** How the folder can be built as it is. */
export function linkTo(place: string): string {
  return `Markdown lies in ${place}/: to build it as it is, \`ln -s ${place} articles\`, and write publication.yaml beside it.`
}

// The publication's folder → the file of its settings, their text, and the line of each of them.

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

/** Whether a folder has both settings and `articles/`. @param folder absolute */
export function isPublication(folder: string): boolean {
  return findSettings(folder) !== undefined && existsSync(join(folder, 'articles'))
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
  return isPublication(above) ? above : publicationAbove(above)
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
