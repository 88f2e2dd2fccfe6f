// What is in `articles/` → the paths of articles, authors and editor's notes, each kind sorted.

import type { Listing } from '../list-folder.ts'

/** Paths relative to the publication's folder, with forward slashes. */
export interface FoundFiles {
  readonly articles: string[]
  readonly authors: string[]
  readonly notes: string[]
}

export function isMarkdown(path: string): boolean {
  return /\.(?:md|markdown)$/i.test(path)
}

export function findFiles({ paths }: Listing): FoundFiles {
  const found: FoundFiles = { articles: [], authors: [], notes: [] }
  for (const path of paths) {
    // Hugo's page of a section is none of its articles.
    if (!isMarkdown(path) || path.endsWith('/_index.md')) continue
    // Only directly under articles/ are these two names what they are.
    if (path.startsWith('articles/authors/')) found.authors.push(path)
    else if (path.startsWith('articles/editions/')) found.notes.push(path)
    else found.articles.push(path)
  }
  for (const list of Object.values(found)) list.sort()
  return found
}
