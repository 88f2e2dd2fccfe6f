// A folder that holds no articles → the one below it where another tool keeps its own, so that whoever comes from there can
// be told what to do.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isMarkdown } from './find-files.ts'

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

/** @returns relative to the folder; undefined when there is no Markdown in any of the usual places */
export function articlesElsewhere(root: string): string | undefined {
  return PLACES.find(place => {
    try {
      return readdirSync(join(root, place)).some(isMarkdown)
    } catch {
      return false
    }
  })
}

/** How the folder can be built as it is. */
export function linkTo(place: string): string {
  return `Markdown lies in ${place}/: to build it as it is, \`ln -s ${place} articles\`, and write publication.yaml beside it.`
}
