// A folder that holds no articles → the one below it where another tool keeps its own, so that whoever comes from there can
// be told what to do.

import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isMarkdown } from '../find-files.ts'

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

/** So many entries of a place are looked at: where it holds articles, one of the first is or has one. */
const ENOUGH = 300

/** @returns relative to the folder; undefined when there is no Markdown in any of the usual places */
export function articlesElsewhere(root: string): string | undefined {
  return PLACES.find(place => holdsMarkdown(join(root, place)))
}

/** In the folder itself, or in one of its own: a year's, or a page bundle's. */
function holdsMarkdown(folder: string): boolean {
  const entries = entriesOf(folder)
  if (entries.some(isArticle)) return true
  return entries
    .slice(0, ENOUGH)
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
