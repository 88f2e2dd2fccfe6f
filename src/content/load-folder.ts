// A publication's folder and its settings → articles, authors, editor's notes, everything that is wrong with them (and with
// the publication's own templates), and what the next load need not do again.

import { extname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { throwUnlessChanged } from '../errors.ts'
import type { Article, Diagnostic, EditionNote, Loaded } from '../model.ts'
import { templateProblems } from '../templates/index.ts'
import { newestFirst } from './addresses/channels.ts'
import { leaveOutMisplaced, separateDoubles } from './addresses/separate-articles.ts'
import { hideFutureUpdates, withField } from './articles/article-dates.ts'
import { loadAuthors } from './articles/authors.ts'
import { readSiteValues } from './articles/folder-fields.ts'
import { notChosen } from './articles/held-back.ts'
import { bodyBudget, openArticleLoader, type Renewed } from './articles/load-articles.ts'
import { openContext } from './articles/read-front-matter.ts'
import { readNote } from './articles/read-note.ts'
import { type FoundFiles, findFiles, type Listing, listSources } from './list-folder.ts'
import {
  compareMemory,
  type EarlierLoad,
  type KnownArticle,
  type LoadMemory,
  packMemory,
  type Reusable,
  sameChunks,
} from './memory.ts'
import { articlesElsewhere, linkTo, openFolder, type SettingsText, settingsText } from './open-folder.ts'
import { openOwnFiles } from './own-files.ts'
import { readFile, readText } from './read-file.ts'
import { extensions, makePublication } from './settings/make-publication.ts'
import { type LoadShare, loadTogether } from './shared-load.ts'
import { splitFrontMatter } from './split-front-matter.ts'

interface LoadOptions {
  /** ms since epoch: decides what is future and what has expired. */
  readonly now: number
  readonly settings: LoadMemory['settings']
  /** Of `articles/`; made here when nobody has one yet. */
  readonly listing?: Listing | undefined
  readonly earlier?: EarlierLoad | undefined
  /** Whether only the bodies that feeds and pages show are asked for. */
  readonly shown?: boolean
  /** Where another thread loads the same folder at the same time, and nothing is known of it. */
  readonly share?: LoadShare | undefined
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
  const { now, settings, share } = options
  const { file, text } = settings
  const diagnostics: Diagnostic[] = templateProblems(root)
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic)
  const { publication, listing, found, context, reusable, authors, authorProblems, loader } = openArticles(
    root,
    options,
    report,
  )
  for (const problem of authorProblems) report(problem)

  const { files, chunks } = share
    ? loadTogether(share, found.articles, authors, loader)
    : { files: found.articles.map(loader.load), chunks: undefined }
  for (const { problems } of files) for (const problem of problems) report(problem)
  const readable = files.flatMap(({ article }) => article ?? [])
  const { kept, held } = chosenOnly(readable, found, report)
  const { articles: single, renamed: moved } = separateDoubles(kept, publication, report)
  const renamed =
    held.length === 0 ? moved : new Map([...moved, ...held.map(file => [`${file}\0`, 'draft'] as const)])
  const articles = leaveOutMisplaced(single.sort(newestFirst), publication, listing.paths, report)
  const notes = found.notes.flatMap(path => {
    const parse = (name: string, content: string) => readNote(name, content, context, report)
    return readFile<EditionNote>(root, path, parse, report) ?? []
  })
  const read = files.filter(({ skipped }) => !skipped).length
  reportUnread(root, found, read, report)
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
    memory() {
      const isRenewed = (path: string) => loader.renewed.has(path)
      const packed = chunks ?? (reusable && sameChunks(reusable.memory, found.articles, isRenewed))
      return packMemory({ settings, authors, authorProblems, paths: found.articles, renamed }, files, packed)
    },
    differences: reusable && {
      renewed: loader.renewed,
      gone:
        !isDeepStrictEqual(renamed, reusable.memory.renamed) ||
        hasLostArticles(reusable, found.articles, loaded.articles, loader.renewed),
      otherFilesUnchanged: reusable.otherFilesUnchanged && !isOtherRenewed(files, found, loader.renewed),
    },
  }
}

/** Whether a file that is Markdown and no article changed: articles may include it. */
function isOtherRenewed(
  files: readonly KnownArticle[],
  found: FoundFiles,
  renewed: ReadonlyMap<string, Renewed>,
): boolean {
  return files.some(({ article }, at) => article === undefined && renewed.has(found.articles[at]!))
}

/** Notes that are not chosen where others are, as drafts. */
function chosenOnly(
  articles: readonly Article[],
  { tools }: FoundFiles,
  report: (diagnostic: Diagnostic) => void,
): { readonly kept: readonly Article[]; readonly held: readonly string[] } {
  const found = notChosen(articles, tools)
  if (!found) return { kept: articles, held: [] }
  const { key, notes } = found
  const others = new Set(notes.filter(({ state }) => state !== 'draft'))
  for (const { file } of others)
    report({
      file,
      line: 1,
      rule: 'held-back',
      severity: 'warning',
      message: `has no \`${key}: true\`, by which other notes are chosen: it is taken for a draft`,
      advice: `Write \`${key}: true\` to have it published.`,
    })
  return {
    kept: articles.map(article => (others.has(article) ? withField(article, 'state', 'draft') : article)),
    held: [...others].map(({ file }) => file),
  }
}

/** All that articles are read with. */
function openArticles(root: string, options: LoadOptions, report: (diagnostic: Diagnostic) => void) {
  const { now, settings, listing = listSources(root), earlier, shown = false } = options
  const { file, text, value } = settings
  for (const problem of listing.problems) report(problem)
  const ownFiles = openOwnFiles(join(root, 'articles'), extensions(value.articles.attachments))
  const found = findFiles(listing)
  const siteValues = readSiteValues(root, found)
  const publication = makePublication(value, { dir: root, file, text, ownFiles, siteValues, report })
  const context = openContext(publication, ownFiles, found, now)
  const same = compareMemory(earlier, settings, listing)
  const read = loadAuthors(root, found.authors, context, same?.memory)
  // An article names its authors: with others of them it would be another one.
  const reusable = read.isUnchanged ? same : undefined
  const budget = bodyBudget(publication, found.articles.length, listing, shown)
  const inContext = { ...context, authors: read.byName }
  const loader = openArticleLoader({ root, listing, context: inContext, reusable, budget })
  return { ...read, publication, listing, found, context, reusable, loader }
}

/** What of the folder was not read: files of formats that are none of ours, those that begin with `_`, all of it. */
function reportUnread(
  root: string,
  found: FoundFiles,
  read: number,
  report: (diagnostic: Diagnostic) => void,
): void {
  const unread = unreadFiles(root, found, read)
  if (unread) report(unread)
  else if (read === 0) report(noArticles(root))
  if (found.underscored.length > 0) report(underscored(found.underscored))
}

/** Nobody should take a folder for empty, or for whole, that has articles in another format. */
function unreadFiles(root: string, { foreign }: FoundFiles, read: number): Diagnostic | undefined {
  const files = foreign.filter(path => !/\.te?xt$/i.test(path) || looksLikeArticle(join(root, path)))
  if (files.length === 0) return undefined
  const counts = new Map<string, number>()
  for (const path of files) {
    const extension = extname(path).toLowerCase()
    counts.set(extension, (counts.get(extension) ?? 0) + 1)
  }
  const named = [...counts].sort(([left, one], [right, two]) => two - one || (left < right ? -1 : 1))
  const isOne = files.length === 1
  return {
    file: 'articles/',
    line: 0,
    rule: 'unread-files',
    // A folder of which nothing is read would make empty feeds.
    severity: read === 0 ? 'error' : 'warning',
    message: `${files.length} ${isOne ? 'file in a format that is' : 'files in formats that are'} not read: ${named
      .map(([extension, count]) => `${extension} ${count}`)
      .join(', ')}; the first is ${files[0]}`,
    advice: 'Convert them to Markdown (pandoc can), or move them out of articles/.',
  }
}

/** Text with front matter, or with `Title: …`. */
function looksLikeArticle(path: string): boolean {
  const content = readText(path)
  return 'text' in content && !('problem' in splitFrontMatter(content.text))
}

function underscored(files: readonly string[]): Diagnostic {
  const isOne = files.length === 1
  return {
    file: 'articles/',
    line: 0,
    rule: 'underscored-files',
    severity: 'info',
    message: `${files.length} ${isOne ? 'file is' : 'files are'} not read, as ${isOne ? 'its name or its folder’s begins' : 'their names or their folders’ begin'} with _: ${files.slice(0, 3).join(', ')}${files.length > 3 ? ', …' : ''}`,
    advice: 'Nothing to do. To have one read, remove the _.',
  }
}

function noArticles(root: string): Diagnostic {
  const elsewhere = articlesElsewhere(root)
  return {
    file: 'articles/',
    line: 0,
    rule: 'no-articles',
    severity: 'warning',
    message: 'contains no article: feeds are empty',
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
  if (lost.size > 0) return true
  // As after most edits.
  if (memory.paths.length === paths.length && paths.every((path, at) => path === memory.paths[at]))
    return false
  const found = new Set(paths)
  return memory.paths.some(path => !found.has(path))
}

/** The order in which diagnostics are reported: by file, then line. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}

// A publication's folder → settings, articles, authors, editor's notes, and everything that is wrong with them.

/**
 * @param dir the folder that `articles/` is in
 * @param options.now ms since epoch: decides what is future and what has expired
 * @throws UserError (exit 2) when there is no such folder, or its settings are wrong; never for an article
 */
export async function openPublication(dir: string, { now }: { now: number }): Promise<Loaded> {
  const root = openFolder(dir)
  return loadUnchanging(root, await checkSettings(settingsText(root)), now)
}

/**
 * To load YAML and the schema takes as long as to build a folder in which nothing changed, and most builds find settings that
 * an earlier one checked.
 *
 * @throws FileError that lists every problem of the settings
 */
export async function checkSettings({ file, text }: SettingsText): Promise<LoadMemory['settings']> {
  const { parseSettings } = await import('./settings/parse-settings.ts')
  return { file, text, value: parseSettings(text, file) }
}

/** Again while files change as they are read. */
export function loadUnchanging(root: string, settings: LoadMemory['settings'], now: number): Loaded {
  for (let tries = 1; ; tries++) {
    try {
      return loadFolder(root, { now, settings }).loaded
    } catch (error) {
      throwUnlessChanged(error, tries)
    }
  }
}
