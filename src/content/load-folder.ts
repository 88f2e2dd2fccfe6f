// A publication's folder and its settings → articles, authors, editor's notes, everything that is wrong with them, and
// what the next load need not do again.

import { join } from 'node:path'
import type { Article, Diagnostic, EditionNote, Loaded } from '../model.ts'
import { leaveOutMisplaced } from './addresses/leave-out-misplaced.ts'
import { articleLoader, type Renewed } from './articles/article-loader.ts'
import { articlesElsewhere, linkTo } from './articles/articles-elsewhere.ts'
import { updatedByNow } from './articles/hide-future-updates.ts'
import { keptBodies } from './articles/kept-bodies.ts'
import { leaveOutDoubles } from './articles/leave-out-doubles.ts'
import { loadAuthors } from './articles/load-authors.ts'
import { readNote } from './articles/read-note.ts'
import { compareMemory, type Known, type Same } from './compare-memory.ts'
import { findFiles } from './find-files.ts'
import { type Listing, listFolder } from './list-folder.ts'
import { loadContext } from './load-context.ts'
import { type LoadMemory, openMemory, packMemory } from './memory.ts'
import { openOwnFiles } from './publication-files.ts'
import { readFile } from './read-file.ts'
import { makePublication } from './settings/make-publication.ts'
import { templateProblems } from './settings/template-problems.ts'
import type { ReaderThread } from './threads/reader-thread.ts'

export interface LoadOptions {
  /** ms since epoch: decides what is future and what has expired. */
  readonly now: number
  readonly settings: LoadMemory['settings']
  /** Of `articles/`; made here when nobody has one yet. */
  readonly listing?: Listing | undefined
  readonly known?: Known | undefined
  /** Whether only the bodies that feeds and pages show are asked for. */
  readonly shown?: boolean
  /** Reads the articles' files ahead. */
  readonly thread?: ReaderThread | undefined
}

export interface LoadedFolder {
  readonly loaded: Loaded
  memory(): LoadMemory
  /** What may differ from the load that was known; undefined for everything. */
  readonly differences: Differences | undefined
}

export interface Differences {
  /** Articles' files that were read anew, and what may have changed of each. */
  readonly renewed: ReadonlyMap<string, Renewed>
  /** Whether an article that was known may no longer be there: its file is gone, broken, or another's double. */
  readonly gone: boolean
  /** Whether all files that are no text of the publication's (pictures, recordings) are what they were, and no other. */
  readonly sameOthers: boolean
}

/** @param root absolute path of the folder that holds `articles/` */
export function loadFolder(root: string, options: LoadOptions): LoadedFolder {
  const { now, settings, listing = listFolder(root, 'articles'), known, thread, shown = false } = options
  const diagnostics: Diagnostic[] = [...listing.problems, ...templateProblems(root)]
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic)
  const ownFiles = openOwnFiles(join(root, 'articles'))
  const publication = makePublication(settings.value, {
    dir: root,
    file: settings.file,
    text: settings.text,
    ownFiles,
    report,
  })
  const found = findFiles(listing)
  if (found.articles.length === 0) report(nothingFound(root))
  const kept = keptBodies(publication, found.articles.length, shown)
  thread?.begin(root, listing, kept)
  const context = loadContext(publication, ownFiles, now)
  const same = compareMemory(known, settings, listing)
  const people = loadAuthors(root, found.authors, context, same)
  diagnostics.push(...people.problems)

  const recalled = people.same ? same : undefined
  const loader = articleLoader({
    root,
    listing,
    context: { ...context, authors: people.byName },
    known: recalled && { recall: openMemory(recalled.memory), places: placesOf(recalled.memory) },
    isSame: path => same?.isSame(path) === true,
    sameOthers: same?.sameOthers === true,
    kept,
    thread,
  })
  const files = found.articles.map(loader.load)
  let count = 0
  const articles: Article[] = []
  for (const one of files) {
    if (!one.readme) count++
    for (const problem of one.problems) diagnostics.push(problem)
    if (one.article) articles.push(one.article)
  }
  const single = leaveOutMisplaced(
    leaveOutDoubles(articles, root, report).sort(newestFirst),
    publication,
    listing.paths,
    report,
  )
  const notes = found.notes.flatMap(
    path =>
      readFile<EditionNote>(root, path, (name, text) => readNote(name, text, context, report), report) ?? [],
  )
  const byNow = updatedByNow(single, now, report)
  const loaded = {
    publication,
    ...byNow,
    authors: people.authors,
    notes,
    settings: { file: settings.file, text: settings.text },
    diagnostics: diagnostics.sort(byPlace),
    read: count,
    broken: count - single.length,
  }
  const { authors, problems: authorProblems } = people
  return {
    loaded,
    memory: () => packMemory({ settings, authors, authorProblems, paths: found.articles }, files),
    differences: recalled && differencesFrom(recalled, found.articles, single, loader.renewed),
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

function differencesFrom(
  { memory, sameOthers }: Same,
  paths: readonly string[],
  articles: readonly Article[],
  renewed: Differences['renewed'],
): Differences {
  const lost = new Set(renewed.keys())
  for (const { file } of articles) lost.delete(file)
  const known = new Set(paths)
  const gone = lost.size > 0 || memory.paths.some(path => !known.has(path))
  return { renewed, gone, sameOthers }
}

function placesOf({ paths }: LoadMemory): Map<string, number> {
  return new Map(paths.map((path, at) => [path, at]))
}

/** A total order: date, then id, by code units. */
function newestFirst(a: Article, b: Article): number {
  return b.date.at - a.date.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}
