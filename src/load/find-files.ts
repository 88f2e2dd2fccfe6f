// The `articles/` folder → the paths of articles, authors and editor's notes, sorted. A symlink out of the publication is
// not followed: it is a diagnostic.

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Diagnostic } from '../model.ts'

/** Paths relative to the publication's folder, with forward slashes. */
export interface FoundFiles {
  readonly articles: string[]
  readonly authors: string[]
  readonly notes: string[]
}

const markdown = /\.(?:md|markdown)$/i

export function findFiles(dir: string, report: (diagnostic: Diagnostic) => void): FoundFiles {
  const found: FoundFiles = { articles: [], authors: [], notes: [] }
  const root = realpathSync.native(dir)
  const followed = new Set<string>()

  function walk(folder: string, into: string[]): void {
    let entries: Dirent[]
    try {
      entries = readdirSync(join(dir, folder), { withFileTypes: true })
    } catch (error) {
      report(unreadable(folder, error as NodeJS.ErrnoException))
      return
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = `${folder}/${entry.name}`
      const kind = entry.isSymbolicLink() ? follow(path) : entry
      if (kind?.isDirectory()) walk(path, place(path, into))
      else if (kind && markdown.test(entry.name)) into.push(path)
    }
  }

  /** Only directly under articles/ are these two names what they are. */
  function place(path: string, into: string[]): string[] {
    if (path === 'articles/authors') return found.authors
    return path === 'articles/editions' ? found.notes : into
  }

  function follow(path: string): { isDirectory(): boolean } | undefined {
    let target: string
    try {
      target = realpathSync.native(join(dir, path))
    } catch (error) {
      if (markdown.test(path)) report(unreadable(path, error as NodeJS.ErrnoException))
      return undefined
    }
    if (!target.startsWith(root + sep)) {
      report({
        file: path,
        line: 0,
        rule: 'symlink-outside',
        severity: 'error',
        message: 'this link leads out of the publication; nothing behind it was read',
        advice: 'Copy what it points at into articles/.',
      })
      return undefined
    }
    const kind = statSync(target)
    // Followed once: two folders that link into each other would have no end.
    if (kind.isDirectory() && (followed.has(target) || join(root, path).startsWith(target + sep)))
      return undefined
    if (kind.isDirectory()) followed.add(target)
    return kind
  }

  walk('articles', found.articles)
  for (const list of Object.values(found)) list.sort()
  return found
}

function unreadable(file: string, error: NodeJS.ErrnoException): Diagnostic {
  return {
    file,
    line: 0,
    rule: 'readable-file',
    severity: 'error',
    message: `cannot be read: ${error.code ?? error.message}`,
    advice: 'Correct its permissions, or remove it.',
  }
}
