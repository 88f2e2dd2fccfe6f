// A folder that is not as the last build left it → `out/`, of which only what may have changed is made again; and what
// the next build need not do.

import { join } from 'node:path'
import { once } from '../base/index.ts'
import type { Ahead } from '../feed/index.ts'
import type { Diagnostic, OutputFile, Progress } from '../model.ts'
import { buildEditions } from './build-editions.ts'
import { buildHorizon } from './build-horizon.ts'
import type { Beginning, BuildContext, BuildReport } from './build-report.ts'
import type { Before, BuildCache } from './cache/build-cache.ts'
import type { Look } from './cache/look.ts'
import { packMap } from './cache/packed-map.ts'
import { countArticles } from './count-articles.ts'
import { MANIFEST } from './output/manifest.ts'
import { writeOutput } from './output/output.ts'
import { type Parts, recallPart } from './parts.ts'
import { publishedBefore } from './published-before.ts'
import type { ContentsAhead } from './threads/contents-ahead.ts'

const OFTEN = 200

export async function makeOutput(
  context: BuildContext,
  cache: BuildCache<BuildReport>,
  { look, lookedAt, now, goOn }: Beginning,
): Promise<BuildReport> {
  const { dir } = context
  const out = join(dir, 'out')
  const before = cache.before(look, lookedAt)
  const { loaded, memory, differences } = await loadAgain(dir, now, look, before)
  goOn()
  const { createRenderer, rememberTexts } = await import('../render/index.ts')
  const { openTemplates } = await import('../templates/index.ts')
  const { buildFeeds, changedIdentities, identityFile } = await import('../feed/index.ts')
  const { makePages, ownFiles } = await import('../site/index.ts')
  const { openLastBuild, statesOf } = await import('./last-build.ts')
  const { contentsAhead } = await import('./threads/contents-ahead.ts')
  const renderer = createRenderer(loaded)
  const templates = openTemplates(join(dir, 'templates'))
  const editions = await buildEditions({
    loaded,
    renderer,
    templates,
    now,
    known: recallPart(before, 'editions') ?? new Map(),
    stands: before.stands,
    mark: before.mark,
    signal: context.signal,
    progress: context.progress,
    goOn,
  })
  const last = openLastBuild({ out, loaded, before, differences, holds: renderer.holds })
  const texts = rememberTexts(renderer, last.texts)
  let contents: ContentsAhead | undefined
  const keptLoad = once(memory)
  let rendered: Progress | undefined
  const ahead: Ahead = articles => {
    rendered = context.progress?.('articles', articles.length)
    const job = () => ({ dir, now, listing: look.articles, memory: keptLoad() })
    // Pages need the text of each article here.
    if (!loaded.publication.articles.pages) contents = contentsAhead(job, articles)
    let done = 0
    return article => {
      rendered?.at(++done)
      if (done % OFTEN === 0) goOn()
      const made = contents?.take(article)
      if (made) texts.accept(article, made.text)
      return made?.content
    }
  }
  const feeds = buildFeeds(loaded, texts, templates, editions.archived, last.feeds(texts.holds), ahead)
  contents?.close()
  rendered?.stop()
  goOn()
  const pages = makePages(loaded, texts, templates, feeds.reports, editions.archived, last.pages(texts.holds))
  const own = ownFiles(loaded, texts, [...new Set([...feeds.articles, ...editions.articles])])
  const files = [...feeds.files, ...pages.files, ...editions.files, ...own]
  // Only of this change, not of the folder: the next build says nothing of it.
  const changes = changedIdentities(
    publishedBefore(out, identityFile(), path => feeds.standing.has(path)),
    loaded,
  )
  const standing = [editions.standing, feeds.standing, pages.standing]
  const writing = context.progress?.('files', files.length)
  const written = writeOutput(
    out,
    join(dir, 'articles'),
    files,
    ({ path, body }) =>
      standing.some(paths => paths.has(path)) || (isCopy(body) && before.standsAsCopy(path)),
    done => {
      goOn()
      writing?.at(done)
    },
  )
  writing?.stop()

  const report: BuildReport = {
    articles: countArticles(loaded),
    feeds: feeds.reports,
    editions: editions.reports,
    files: written,
    diagnostics: inOrder([
      ...loaded.diagnostics,
      ...feeds.diagnostics,
      ...pages.diagnostics,
      ...editions.diagnostics,
    ]),
  }
  // Behind a link out of the folder, things change without a sign.
  const problems = [...look.articles.problems, ...look.templates.problems]
  if (!problems.some(({ rule }) => rule === 'symlink-outside')) {
    goOn()
    const parts: Parts = {
      articles: keptLoad(),
      editions: editions.made,
      made: { global: last.global, states: statesOf(loaded) },
      texts: packMap(texts.kept()),
      feeds: feeds.kept(),
      pages: { ...pages.kept(), keys: packMap(pages.kept().keys) },
    }
    cache.settle({
      look,
      lookedAt,
      ...(await buildHorizon(loaded, now)),
      made: [...files.map(({ path }) => path), MANIFEST],
      copies: files.filter(({ body }) => isCopy(body)).map(({ path }) => path),
      parts: { ...parts },
      report,
    })
  }
  return { ...report, diagnostics: inOrder([...report.diagnostics, ...changes]) }
}

/** Only what changed since is read; settings whose text is the same need no schema. */
async function loadAgain(dir: string, now: number, look: Look, before: Before) {
  const { settingsText } = await import('../content/index.ts')
  const memory = recallPart(before, 'articles')
  const { file, text } = settingsText(dir)
  const kept = memory?.settings
  const listing = look.articles
  if (memory && before.articles && kept?.file === file && kept.text === text) {
    const known = { memory, listing: before.articles, isSame: before.isSame }
    const { loadFolder } = await import('../content/index.ts')
    return loadFolder(dir, { now, settings: kept, listing, known, shown: true })
  }
  const { startReaderThread } = await import('../content/index.ts')
  const thread = startReaderThread(listing.paths.length)
  try {
    const { parseSettings } = await import('../content/index.ts')
    const settings = { file, text, value: parseSettings(text, file) }
    const { loadFolder } = await import('../content/index.ts')
    return loadFolder(dir, { now, settings, listing, thread, shown: true })
  } finally {
    thread?.end()
  }
}

function isCopy(body: OutputFile['body']): boolean {
  return typeof body === 'object' && 'copy' in body
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
}
