// Articles of which the text alone changed → the files of `out/` that show it, made again; everything else there stands as
// the last build made it, and follows from what did not change.

import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { EditedArticles } from '../content/index.ts'
import { editedFeeds } from '../feed/index.ts'
import type { Article } from '../model.ts'
import {
  createRenderer,
  type KeptText,
  type KnownTexts,
  type Remembering,
  rememberTexts,
} from '../render/index.ts'
import { openTemplates } from '../templates/index.ts'
import type { Beginning, BuildReport } from './build-report.ts'
import type { Before, BuildCache, Edits } from './cache/build-cache.ts'
import { openPacked, packAnew } from './cache/packed-map.ts'
import { pieceReader } from './last-build.ts'
import { rewriteOutput } from './output/output.ts'
import { type Parts, recallPages, recallPart } from './parts.ts'

interface Place extends Pick<Beginning, 'look' | 'lookedAt' | 'goOn'> {
  readonly dir: string
  readonly cache: BuildCache<BuildReport>
  readonly before: Before
}

/**
 * @returns undefined, and nothing is written, where more than the items and pages of these articles may have to change
 * @throws ChangedMeanwhile when something is no longer what it was a moment ago
 */
export async function remakeEdited(
  edited: EditedArticles,
  { shown, report }: Edits<BuildReport>,
  { dir, cache, before, look, lookedAt, goOn }: Place,
): Promise<BuildReport | undefined> {
  const { publication, find } = edited
  const articles = edited.articles.filter(({ file }) => shown.includes(file))
  const kept = {
    texts: recallPart(before, 'texts'),
    editions: recallPart(before, 'editions'),
    feeds: recallPart(before, 'feeds'),
    pages: recallPages(before),
  }
  if (!kept.texts || !kept.editions || !kept.feeds || !kept.pages) return undefined
  const keptTexts = openPacked<KeptText>(kept.texts)
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
    texts: keptTexts,
    isSame: article => !articles.includes(article),
    areThere: () => true,
  })
  const texts = newTexts(articles, renderer, keptTexts, new Set(kept.pages.listed))
  if (!texts) return undefined
  const templates = openTemplates(join(dir, 'templates'))
  const out = join(dir, 'out')
  const sources = { renderer, templates, find }
  const feeds = editedFeeds(
    articles,
    { ...sources, loaded: { publication } },
    { kept: kept.feeds, read: pieceReader(out), sizeOf: path => statSync(join(out, path)).size },
  )
  const pages = publication.articles.pages
    ? (await import('../site/index.ts')).editedPages(
        articles,
        { ...sources, publication, feeds: report.feeds },
        kept.pages,
      )
    : []
  if (!feeds || !pages) return undefined
  const files = [...feeds.files, ...pages]
  goOn()
  const written = rewriteOutput(out, join(dir, 'articles'), files)
  const parts: Partial<Parts> = {
    feeds: feeds.kept,
    ...(texts.length > 0 ? { texts: packAnew(kept.texts, texts) } : {}),
  }
  goOn()
  cache.settleAgain(look, lookedAt, { written, parts })
  const total = report.files.written + report.files.unchanged
  return { ...report, files: { written: written.length, unchanged: total - written.length, removed: 0 } }
}

/**
 * Of each text that is not as it was, what is kept of it.
 *
 * @param listed files of the articles whose summaries and lengths others show
 * @returns undefined where what others show has changed, or which own files are shown
 */
function newTexts(
  articles: readonly Article[],
  renderer: Remembering,
  texts: KnownTexts['texts'],
  listed: ReadonlySet<string>,
): [string, KeptText][] | undefined {
  const changed: [string, KeptText][] = []
  for (const article of articles) {
    const { file } = article
    const was = texts.get(file)
    renderer.body(article)
    const is = renderer.kept().get(file)
    if (!was || !is || written([is.files]) !== written([was.files])) return undefined
    const looksTheSame = written([is.summary, is.minutes]) === written([was.summary, was.minutes])
    if (!looksTheSame && listed.has(file)) return undefined
    if (!looksTheSame || written([is.asked]) !== written([was.asked])) changed.push([file, is])
  }
  return changed
}

function written(value: readonly unknown[]): string {
  return JSON.stringify(value)
}
