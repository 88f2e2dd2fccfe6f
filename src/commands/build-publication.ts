// A publication's folder → everything in `out/`. The pipeline in one function: load, feed, page, edition, output.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Article, ArticleState, Diagnostic, FeedReport, Loaded, OutputFile, Renderer } from '../model.ts'
import { type WriteReport, writeOutput } from '../output.ts'
import type { ArchivedEdition } from '../page/index.ts'
import type { Templates } from '../templates.ts'
import type { Context } from './context.ts'

export interface EditionReport {
  /** '<newsletter>/<id>' */
  readonly id: string
  readonly articles: number
  readonly path: string
  readonly until: string
}

export interface BuildReport {
  /** `read` is the sum of all others. */
  readonly articles: { readonly read: number; readonly built: number; readonly broken: number } & Record<
    Exclude<ArticleState, 'published'>,
    number
  >
  readonly feeds: readonly FeedReport[]
  /** By newsletter as in the settings, oldest first; `path` is relative to the publication's folder, `until` in UTC. */
  readonly editions: readonly EditionReport[]
  readonly files: WriteReport
  readonly diagnostics: readonly Diagnostic[]
}

export async function buildPublication({ dir, now }: Pick<Context, 'dir' | 'now'>): Promise<BuildReport> {
  const { loadPublication } = await import('../load/index.ts')
  const { createRenderer } = await import('../render/index.ts')
  const { openTemplates } = await import('../templates.ts')
  const { buildFeeds, changedIdentities } = await import('../feed/index.ts')
  const { buildPages, ownFiles, pageCollisions } = await import('../page/index.ts')
  const time = now()
  const loaded = loadPublication(dir, { now: time })
  const renderer = createRenderer(loaded)
  const templates = openTemplates(join(dir, 'templates'))
  const feeds = await buildFeeds(loaded, renderer, templates)
  const editions = await buildEditions(loaded, renderer, templates, time)
  const pages = buildPages(loaded, renderer, templates, feeds.reports, editions.archived)
  const shown = loaded.articles
    .filter(article => article.state === 'published')
    .slice(0, loaded.publication.feeds.items)
  const used = [...new Set([...shown, ...editions.articles])]
  const files = [...feeds.files, ...pages, ...editions.files, ...ownFiles(loaded, renderer, used)]
  const diagnostics = [
    ...loaded.diagnostics,
    ...editions.diagnostics,
    ...pageCollisions(loaded, renderer),
    ...changedIdentities(textOf(join(dir, 'out/feed.json')), loaded),
  ]
  return {
    articles: countArticles(loaded),
    feeds: feeds.reports,
    editions: editions.reports,
    files: writeOutput(join(dir, 'out'), join(dir, 'articles'), files),
    diagnostics,
  }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function countArticles({ read, broken, articles }: Loaded): BuildReport['articles'] {
  const count = (state: ArticleState) => articles.filter(article => article.state === state).length
  return {
    read,
    built: count('published'),
    draft: count('draft'),
    future: count('future'),
    expired: count('expired'),
    withdrawn: count('withdrawn'),
    unlisted: count('unlisted'),
    broken,
  }
}

async function buildEditions(loaded: Loaded, renderer: Renderer, templates: Templates, now: number) {
  const reports: EditionReport[] = []
  const archived: ArchivedEdition[] = []
  const files: OutputFile[] = []
  const articles: Article[] = []
  const { newsletters } = loaded.publication
  if (newsletters.length === 0) return { reports, archived, files, articles, diagnostics: [] as Diagnostic[] }
  const { editionFiles, editionsOf, editionSubject, noteDiagnostics } = await import('../edition/index.ts')
  const { renderEdition } = await import('./render-edition.ts')
  const pictures = new Map<string, OutputFile>()
  const diagnostics = noteDiagnostics(loaded)
  for (const newsletter of newsletters) {
    for (const edition of editionsOf(loaded, newsletter, now)) {
      const rendered = await renderEdition(edition, loaded, renderer, templates)
      const { letter } = rendered
      // Two editions may show the same picture.
      for (const file of rendered.files) pictures.set(file.path, file)
      diagnostics.push(...rendered.diagnostics)
      files.push(...editionFiles(edition, letter, loaded))
      articles.push(...edition.articles)
      archived.push({
        id: edition.id,
        newsletter: newsletter.id,
        subject: editionSubject(edition, loaded.publication),
        until: edition.until,
        articles: edition.articles.length,
      })
      reports.push({
        id: letter.edition,
        articles: edition.articles.length,
        path: `out/editions/${letter.edition}`,
        until: new Date(edition.until).toISOString(),
      })
    }
  }
  return { reports, archived, files: [...files, ...pictures.values()], articles, diagnostics }
}
