// A publication's folder → settings, articles, authors, editor's notes, and everything that is wrong with them.

import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import type { Article, Author, Diagnostic, EditionNote, Loaded } from '../model.ts'
import { openOwnFiles } from '../own-files.ts'
import { openZone } from '../zoned-time.ts'
import type { LoadContext } from './article-context.ts'
import { findFiles } from './find-files.ts'
import { isInside } from './is-inside.ts'
import { leaveOutDoubles } from './leave-out-doubles.ts'
import { makePublication } from './make-publication.ts'
import { readArticle } from './read-article.ts'
import { readAuthor } from './read-author.ts'
import { readNote } from './read-note.ts'
import { readSettings } from './read-settings.ts'
import { readText } from './read-text.ts'

/**
 * @param dir the folder that holds `articles/`
 * @param options.now ms since epoch: decides what is future and what has expired
 * @throws UserError (exit 2) when there is no such folder, or its settings are wrong; never for an article
 */
export function loadPublication(dir: string, { now }: { now: number }): Loaded {
  const root = resolve(dir)
  if (!statSync(join(root, 'articles'), { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(
      `${root} has no articles/ folder`,
      'Run `broadsheet init` there, or name another folder with --dir.',
    )

  if (!isInside(root, join(root, 'articles')))
    throw new UserError(
      `${join(root, 'articles')} is a link out of the publication; nothing behind it was read`,
      'Name the folder that it lies in with --dir.',
    )

  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic)
  const { file, settings } = readSettings(root)
  const ownFiles = openOwnFiles(join(root, 'articles'))
  const publication = makePublication(settings, { dir: root, file, ownFiles, report })
  const found = findFiles(root, report)

  const authors = new Map<string, Author>()
  const context: LoadContext = {
    publication,
    zone: openZone(publication.timezone),
    sections: new Map(
      publication.sections.flatMap(section => [
        [section.title.toLowerCase(), section],
        [section.slug.toLowerCase(), section],
      ]),
    ),
    authors: new Map(),
    ownFiles,
    now,
  }

  function read<T>(path: string, parse: (file: string, text: string) => T | undefined): T | undefined {
    const content = readText(join(root, path))
    if ('text' in content) return parse(path, content.text)
    report({ file: path, severity: 'error', ...content })
    return undefined
  }

  for (const path of found.authors) {
    const author = read(path, (name, text) => readAuthor(name, text, context, report))
    if (author) authors.set(author.id, author)
  }
  const byName = new Map([...authors.values()].map(author => [author.name.normalize().toLowerCase(), author]))
  for (const author of authors.values()) byName.set(author.id!.toLowerCase(), author)

  let read_ = 0
  const articles: Article[] = []
  const articleContext = { ...context, authors: byName }
  for (const path of found.articles) {
    const article = read(path, (name, text) => {
      if (isReadme(name, text)) read_--
      else return readArticle(name, text, articleContext, report)
      return undefined
    })
    read_++
    if (article) articles.push(article)
  }
  const single = leaveOutDoubles(articles, report)
  const notes = found.notes.flatMap(
    path => read<EditionNote>(path, (name, text) => readNote(name, text, context, report)) ?? [],
  )

  return {
    publication,
    articles: single.sort(newestFirst),
    authors,
    notes,
    diagnostics: diagnostics.sort(byPlace),
    read: read_,
    broken: read_ - single.length,
  }
}

/** A README beside the articles speaks to the people who work on them. */
function isReadme(file: string, text: string): boolean {
  return (
    /\/(?:README|LICENSE|CONTRIBUTING|CHANGELOG)\.(?:md|markdown)$/i.test(file) &&
    !/^(?:---|\+\+\+|;;;)/.test(text)
  )
}

/** A total order: date, then id, by code units. */
function newestFirst(a: Article, b: Article): number {
  return b.date.at - a.date.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
}
