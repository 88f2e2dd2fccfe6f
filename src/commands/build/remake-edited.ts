// Articles of which the text alone changed → the files of `out/` that show it, made again; everything else there stands as
// the last build made it, and follows from what did not change.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Before, BuildCache, Edits, Look } from '../../cache/index.ts'
import { editedFeeds } from '../../feed/index.ts'
import type { EditedArticles } from '../../load/edited-articles.ts'
import type { Article } from '../../model.ts'
import { rewriteOutput } from '../../output.ts'
import { editedPages } from '../../page/index.ts'
import {
  createRenderer,
  type KeptText,
  type KnownTexts,
  type Remembering,
  rememberTexts,
} from '../../render/index.ts'
import { openTemplates } from '../../templates.ts'
import type { BuildReport } from './build-report.ts'
import { pieceReader } from './last-build.ts'
import { recallPages, recallPart, recallTexts } from './parts.ts'

interface Place {
  readonly dir: string
  readonly cache: BuildCache<BuildReport>
  readonly before: Before
  readonly look: Look
  readonly lookedAt: number
}

/**
 * @returns undefined, and nothing is written, where more than items and pages of these articles may have to change
 * @throws ChangedMeanwhile when something is no longer what it was a moment ago
 */
export async function remakeEdited(
  edited: EditedArticles,
  { shown, report }: Edits<BuildReport>,
  { dir, cache, before, look, lookedAt }: Place,
): Promise<BuildReport | undefined> {
  const { publication, find } = edited
  const articles = edited.articles.filter(({ file }) => shown.includes(file))
  const kept = {
    texts: recallTexts(before),
    editions: recallPart(before, 'editions'),
    feeds: recallPart(before, 'feeds'),
    pages: recallPages(before),
  }
  if (!kept.texts || !kept.editions || !kept.feeds || !kept.pages) return undefined
  // A letter shows more of an article than its text, and a live one is changed by the times in it.
  const inEditions = new Set([...kept.editions.values()].flatMap(({ articles }) => articles))
  if (articles.length < shown.length || articles.some(({ live, file }) => live || inEditions.has(file)))
    return undefined

  const loaded = {
    publication,
    get articles() {
      return edited.all()
    },
  }
  const renderer = rememberTexts(createRenderer(loaded), {
    texts: kept.texts,
    isSame: article => !articles.includes(article),
    areThere: () => true,
  })
  if (!articles.every(article => looksTheSame(article, renderer, kept.texts!))) return undefined
  const templates = openTemplates(join(dir, 'templates'))
  const out = join(dir, 'out')
  const sources = { renderer, templates, find }
  const feeds = editedFeeds(
    articles,
    { ...sources, loaded: { publication } },
    { kept: kept.feeds, read: pieceReader(out), sizeOf: path => statSync(join(out, path)).size },
  )
  const pages = editedPages(articles, { ...sources, publication, feeds: report.feeds }, kept.pages)
  if (!feeds || !pages) return undefined
  const files = [...feeds.files, ...pages]
  const written = rewriteOutput(out, join(dir, 'articles'), files)
  cache.settleAgain(look, lookedAt, { written, parts: { feeds: feeds.kept } })
  const total = report.files.written + report.files.unchanged
  return { ...report, files: { written: written.length, unchanged: total - written.length, removed: 0 } }
}

/** Whether all that others show of a text is as it was: summary and length, and what it refers to. */
function looksTheSame(article: Article, renderer: Remembering, texts: KnownTexts['texts']): boolean {
  const was = texts.get(article.file)
  renderer.body(article)
  const is = renderer.kept().get(article.file)
  return was !== undefined && is !== undefined && written(is) === written(was)
}

function written({ asked, files, summary, minutes, html }: KeptText): string {
  return JSON.stringify([asked, files, summary, minutes, html])
}
