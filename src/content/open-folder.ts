// What the person named → the absolute path of a publication's folder, or what to do where there is none.

import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { isMarkdown } from './list-folder.ts'
import { isInside, publicationAbove } from './settings/settings-file.ts'

/** @throws UserError when it has no `articles/` of its own */
export function openFolder(dir: string): string {
  const root = resolve(dir)
  const file = fileInTheWay(join(root, 'articles'))
  if (file)
    throw new UserError(
      `${file} is a file, not a folder`,
      'Name the folder that holds articles/ with --dir: broadsheet build --dir site',
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
