// What is in `articles/` → the paths of articles, authors and editor's notes, each kind sorted.

import type { Listing } from './list-folder.ts'

/** Paths relative to the publication's folder, with forward slashes. */
export interface FoundFiles {
  readonly articles: string[]
  readonly authors: string[]
  readonly notes: string[]
}

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path)
}

/** Hugo's page of a section, in any language (`_index.fr.md`), is none of its articles. */
const SECTION_PAGE = /\/_index(?:\.[\w-]+)?\.(?:md|markdown)$/

export function findFiles({ paths }: Listing): FoundFiles {
  const found: FoundFiles = { articles: [], authors: [], notes: [] }
  for (const path of paths) {
    if (!isMarkdown(path) || SECTION_PAGE.test(path)) continue
    // Only directly under articles/ are these two names what they are.
    if (path.startsWith('articles/authors/')) found.authors.push(path)
    else if (path.startsWith('articles/editions/')) found.notes.push(path)
    else found.articles.push(path)
  }
  for (const list of Object.values(found)) list.sort()
  return found
}
