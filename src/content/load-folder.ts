// A publication's folder and its settings → articles, authors, editor's notes, everything that is wrong with them, and
// what the next load need not do again.

import { join } from 'node:path'
import type { Article, Diagnostic, EditionNote, Loaded } from '../model.ts'
import { leaveOutConflicts } from './addresses/address-conflicts.ts'
import { bodyBudget } from './articles/article-bodies.ts'
import { openArticleLoader, type Renewed } from './articles/article-loader.ts'
import { loadAuthors } from './articles/authors.ts'
import { hideFutureUpdates } from './articles/hide-future-updates.ts'
import { openContext } from './articles/read-front-matter.ts'
import { readNote } from './articles/read-note.ts'
import { findFiles, type Listing, listFolder } from './list-folder.ts'
import { compareMemory, type EarlierLoad, type LoadMemory, packMemory, type Reusable } from './memory.ts'
import { articlesElsewhere, linkTo } from './open-folder.ts'
import { openOwnFiles } from './publication-files.ts'
import { readFile } from './read-file.ts'
import { makePublication } from './settings/make-publication.ts'
import { templateProblems } from './template-problems.ts'
import type { ReaderThread } from './threads/reader-thread.ts'

export interface LoadOptions {
  /** ms since epoch: decides what is future and what has expired. */
  readonly now: number
  readonly settings: LoadMemory['settings']
  /** Of `articles/`; made here when nobody has one yet. */
  readonly listing?: Listing | undefined
  readonly earlier?: EarlierLoad | undefined
  /** Whether only the bodies that feeds and pages show are asked for. */
  readonly shown?: boolean
  /** Reads the articles' files ahead. */
  readonly thread?: ReaderThread | undefined
}

export interface LoadedFolder {
  readonly loaded: Loaded
  memory(): LoadMemory
  /** What may differ from the earlier load; undefined for everything. */
  readonly differences: Differences | undefined
}

interface Differences {
  /** Articles' files that were read anew, and what may have changed of each. */
  readonly renewed: ReadonlyMap<string, Renewed>
  /** Whether an article of then may no longer be there: its file is gone or broken, or another has its id or address. */
  readonly gone: boolean
  /** Whether all files that are no text of the publication's (pictures, recordings) are what they were, and no other. */
  readonly otherFilesUnchanged: boolean
}

/** @param root absolute path of the folder that `articles/` is in */
export function loadFolder(root: string, options: LoadOptions): LoadedFolder {
  const { now, settings, listing = listFolder(root, 'articles'), earlier, thread, shown = false } = options
  const { file, text } = settings
  const diagnostics: Diagnostic[] = [...listing.problems, ...templateProblems(root)]
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic)
  const ownFiles = openOwnFiles(join(root, 'articles'))
  const publication = makePublication(settings.value, { dir: root, file, text, ownFiles, report })
  const found = findFiles(listing)
  if (found.articles.length === 0) report(nothingFound(root))
  const budget = bodyBudget(publication, found.articles.length, shown)
  thread?.begin(root, listing, budget)

  const context = openContext(publication, ownFiles, now)
  const same = compareMemory(earlier, settings, listing)
  const { authors, byName, authorProblems, isUnchanged } = loadAuthors(
    root,
    found.authors,
    context,
    same?.memory,
  )
  for (const problem of authorProblems) report(problem)

  // An article names its authors: with others of them it would be another one.
  const reusable = isUnchanged ? same : undefined
  const inContext = { ...context, authors: byName }
  const loader = openArticleLoader({ root, listing, context: inContext, reusable, budget, thread })
  const files = found.articles.map(loader.load)
  for (const { problems } of files) for (const problem of problems) report(problem)
  const readable = files.flatMap(({ article }) => article ?? [])
  const articles = leaveOutConflicts(readable, publication, listing.paths, report)
  const notes = found.notes.flatMap(path => {
    const parse = (name: string, content: string) => readNote(name, content, context, report)
    return readFile<EditionNote>(root, path, parse, report) ?? []
  })
  const read = files.filter(({ readme }) => !readme).length
  const loaded = {
    publication,
    ...hideFutureUpdates(articles, now, report),
    authors,
    notes,
    settings: { file, text },
    diagnostics: diagnostics.sort(byPlace),
    read,
    broken: read - articles.length,
  }
  return {
    loaded,
    memory: () => packMemory({ settings, authors, authorProblems, paths: found.articles }, files),
    differences: reusable && {
      renewed: loader.renewed,
      gone: hasLostArticles(reusable, found.articles, loaded.articles, loader.renewed),
      otherFilesUnchanged: reusable.otherFilesUnchanged,
    },
  }
}

function nothingFound(root: string): Diagnostic {
  const elsewhere = articlesElsewhere(root)
  return {
    file: 'articles/',
    line: 0,
    rule: 'no-articles',
    severity: 'warning',
    message: 'holds no article: feeds are empty',
    advice: elsewhere
      ? linkTo(elsewhere)
      : 'Write one: articles/hello.md, with a title and a date in its front matter.',
  }
}

function hasLostArticles(
  { memory }: Reusable,
  paths: readonly string[],
  articles: readonly Article[],
  renewed: Differences['renewed'],
): boolean {
  const lost = new Set(renewed.keys())
  for (const { file } of articles) lost.delete(file)
  const found = new Set(paths)
  return lost.size > 0 || memory.paths.some(path => !found.has(path))
}

/** The order in which diagnostics are reported: by file, then line. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}
