// A loaded folder that is not as the last build left it → `out/`, of which only what may have changed is made again: render,
// editions, feeds, pages, output; and last, remember for the next build.

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { once } from '../base/index.ts'
import { byPlace, type LoadedFolder, type LoadMemory, STAMP_LENGTH } from '../content/index.ts'
import { beginFeeds, changedIdentities, type Feeds, identityFile } from '../feed/index.ts'
import type { Article, Diagnostic, Loaded, OutputFile } from '../model.ts'
import {
  createRenderer,
  openMarkdown,
  packTexts,
  type Remembering,
  rememberTexts,
  type TracingRenderer,
} from '../render/index.ts'
import { makePages, shownFiles } from '../site/index.ts'
import { openTemplates, type Templates } from '../templates/index.ts'
import { type BuiltEditions, buildEditions } from './build-editions.ts'
import { type BuildContext, type BuildReport, countArticles, findingsOf } from './build-report.ts'
import type { BuildCache, FinishedBuild, KeptBuild } from './cache/build-cache.ts'
import type { FolderSnapshot } from './cache/folder-snapshot.ts'
import type { WrittenElsewhere } from './draw-edition.ts'
import { buildHorizon, type LastBuild, openLastBuild, statesInTime } from './last-build.ts'
import { makeWebPictures } from './make-web-pictures.ts'
import {
  beginOutput,
  MANIFEST,
  publishedBefore,
  type WriteReport,
  writeFiles,
} from './output/write-output.ts'
import type { FolderInMemory, FolderSize, SecondThread } from './threads/second-thread.ts'
import {
  type ContentsAhead,
  contentsAhead,
  lettersAhead,
  type PagesAhead,
  pagesAhead,
} from './threads/work-ahead.ts'

export interface PipelineStart extends Pick<BuildContext, 'dir' | 'progress'> {
  readonly signal: AbortSignal
  readonly cache: BuildCache
  readonly snapshot: FolderSnapshot
  readonly size: FolderSize
  /** When it was taken, by the clock of the file system: ms since epoch. */
  readonly snapshotAt: number
  /** ms since epoch: the time that decides what is out. */
  readonly began: number
  /** Of this build of the folder as the snapshot has it. */
  readonly thread: SecondThread
  readonly kept: KeptBuild
  readonly folder: LoadedFolder
  /** Called from time to time. @throws UserError when another build has taken over */
  keepLock(): void
}

/**
 * @throws ChangedMeanwhile when a file is no longer what the snapshot says
 * @throws UserError for settings and templates that are wrong, and a disk that refuses
 */
export async function runPipeline(start: PipelineStart): Promise<BuildReport> {
  const build = await render(start)
  const editions = await makeEditions(build)
  try {
    return await makeRest(build, editions)
  } finally {
    editions.elsewhere.close()
  }
}

async function makeRest(build: Build, editions: BuiltEditions): Promise<BuildReport> {
  const { kept } = build
  const { feeds, pages, ahead, findings } = await makeArticles(build, editions)
  const used = [...new Set([...feeds.articles, ...editions.articles])]
  const { copies, refused, pictures: shown } = shownFiles(build.loaded, build.texts, used)
  const changes = changesOf(build, feeds)
  build.keepLock()
  const pictures = await makeWebPictures(
    build.loaded.publication,
    shown,
    (path, source) => kept.isCopyUpToDate(source) && kept.isUpToDate(path),
  )
  const files = [...feeds.files, ...pages.files, ...editions.files, ...copies, ...pictures.files]
  const upToDate = new Set([...feeds.upToDate, ...pages.upToDate, ...editions.upToDate, ...pictures.upToDate])
  for (const { path } of copies) if (kept.isCopyUpToDate(path)) upToDate.add(path)
  const sharePages = () => {
    const unmade = [...pages.paths].filter(([, path]) => !upToDate.has(path))
    // Another thread knows nothing of twins in Markdown.
    if (!ahead || build.renderer.markdown) return undefined
    return pagesAhead(build.thread, inMemory(build), unmade, ahead, build.texts, feeds.reports)
  }
  const written = await output(build, files, upToDate, editions.elsewhere, sharePages)
  // It takes a while to end.
  build.thread.close()
  const report: BuildReport = {
    articles: countArticles(build.loaded),
    feeds: feeds.reports,
    editions: editions.reports,
    files: written,
    check: {
      articles: findings.size,
      warnings: [...findings.values()].reduce((sum, count) => sum + count, 0),
    },
    diagnostics: [build.loaded, feeds, pages, editions, pictures]
      .flatMap(({ diagnostics }) => diagnostics)
      .concat(refused)
      .sort(byPlace),
  }
  const made = {
    findings,
    paths: files.map(({ path }) => path),
    copies: copies.map(({ path }) => path),
    upToDate,
  }
  await remember(build, made, report, {
    articles: build.memory,
    editions: () => editions.kept,
    layouts: () => editions.layouts,
    texts: () => packTexts(build.texts.kept()),
    feeds: feeds.kept,
    pages: pages.kept,
  })
  return { ...report, diagnostics: [...report.diagnostics, ...changes].sort(byPlace) }
}

/** What all stages are made with. */
interface Build extends PipelineStart {
  /** Absolute path. */
  readonly out: string
  readonly loaded: Loaded
  readonly templates: Templates
  readonly renderer: TracingRenderer
  /** The same, which renders no text that is what it was at the last build. */
  readonly texts: Remembering
  readonly last: LastBuild
  memory(): LoadMemory
}

/** Nothing is rendered yet: that is done when a text is asked for. */
async function render(start: PipelineStart): Promise<Build> {
  const { kept } = start
  const { loaded, memory, differences } = start.folder
  const out = join(start.dir, 'out')
  const templates = openTemplates(join(start.dir, 'templates'))
  const renderer = createRenderer(loaded, await openMarkdown(loaded.publication))
  const last = openLastBuild({ out, loaded, kept, differences, areUnchanged: renderer.areUnchanged })
  const lengths = loaded.publication.newsletters.length > 0
  const html = isKept({ ...start, loaded }) ? MAX_CHARACTERS_KEPT : CHARACTERS_OF_CHECKED
  const texts = rememberTexts(renderer, last.texts, { lengths, html })
  return { ...start, out, loaded, templates, renderer, texts, last, memory: once(memory) }
}

/** Characters of HTML that wait for their pages, and bytes of the articles: in a larger folder it is made for each page anew. */
const MAX_CHARACTERS_KEPT = 60_000_000
/** Of the newest articles: they are checked before they go into feeds. */
const CHARACTERS_OF_CHECKED = 1_000_000

function isKept({ loaded, snapshot }: Pick<Build, 'loaded' | 'snapshot'>): boolean {
  const { pages } = loaded.publication.articles
  return pages && bytesOf(loaded.articles, { snapshot }) < MAX_CHARACTERS_KEPT
}

/** Of their files. */
function bytesOf(articles: readonly Article[], { snapshot }: Pick<Build, 'snapshot'>): number {
  const { paths, stamps } = snapshot.articles
  const sizes = new Map(paths.map((path, at) => [path, stamps[at * STAMP_LENGTH]!]))
  return articles.reduce((sum, { file }) => sum + (sizes.get(file) ?? 0), 0)
}

function makeEditions(build: Build): Promise<BuiltEditions> {
  build.keepLock()
  return buildEditions({
    ...build,
    now: build.began,
    ahead: editions => lettersAhead(build.thread, inMemory(build), editions),
  })
}

/** For a second thread. */
function inMemory({ snapshot, size, memory }: Build): FolderInMemory {
  return { listing: snapshot.articles, size, memory }
}

/** Feeds and pages: both show the same texts, of which a second thread makes a part. */
async function makeArticles(build: Build, editions: BuiltEditions) {
  const { loaded, texts, templates, last } = build
  const begun = beginFeeds(loaded, last.feeds(texts.isUnchanged))
  const contents = beginContents(build, begun.missing)
  try {
    // Of the texts that are made first, while the other thread begins with the last.
    const shown = new Set([...begun.articles, ...editions.articles])
    const findings = await findingsOf(loaded, texts, shown, last.findings)
    const feeds = begun.make(texts, templates, editions.archived, contents.ready)
    return { findings, feeds, pages: makeSite(build, editions, feeds), ahead: contents.ahead }
  } finally {
    contents.end()
  }
}

/** Articles that pass before the lock is kept again. */
const ARTICLES_PER_SIGN = 200

interface BegunContents {
  readonly ahead: ContentsAhead | undefined
  /** The content of an article, where the other thread has made it. */
  ready(article: Article): Buffer | undefined
  end(): void
}

/** Contents of items, and texts of pages, of which a second thread makes a part. */
function beginContents(build: Build, articles: readonly Article[]): BegunContents {
  const { texts, keepLock, progress } = build
  const bar = progress?.('articles', articles.length)
  const ahead = startContents(build, articles)
  texts.askFirst(article => ahead?.take(article))
  let done = 0
  return {
    ahead,
    ready(article) {
      bar?.at(++done)
      if (done % ARTICLES_PER_SIGN === 0) keepLock()
      return ahead?.take(article)?.content
    },
    end() {
      texts.askFirst(() => undefined)
      ahead?.close()
      bar?.stop()
    },
  }
}

/** Of fewer bytes, the thread would make too little while it starts. */
const MIN_BYTES_OF_PAGES = 6_000_000

function startContents(build: Build, articles: readonly Article[]): ContentsAhead | undefined {
  const { loaded, texts, thread } = build
  const folder = inMemory(build)
  if (!loaded.publication.articles.pages) return contentsAhead(thread, folder, articles, undefined)
  const inFeeds = new Set(articles)
  const others = loaded.articles.filter(
    article => isShown(article) && !inFeeds.has(article) && !texts.hasSameText(article),
  )
  const bytes = bytesOf([...articles, ...others], build)
  // In a larger folder a page's text is made when the page is.
  if (bytes < MIN_BYTES_OF_PAGES || !isKept(build)) return undefined
  return contentsAhead(thread, folder, articles, others, 1)
}

function isShown({ state }: Article): boolean {
  return state === 'published' || state === 'unlisted'
}

function makeSite(build: Build, { archived }: BuiltEditions, { reports }: Feeds) {
  const { loaded, texts, templates, last } = build
  build.keepLock()
  return makePages(loaded, texts, templates, reports, archived, last.pages(texts.isUnchanged))
}

/** Asked before `out/` is written. The next build does not repeat it: it is about this change, not about the folder. */
function changesOf({ out, loaded }: Build, { upToDate }: Feeds): Diagnostic[] {
  const before = publishedBefore(out, identityFile(), path => upToDate.has(path))
  return changedIdentities(before, loaded)
}

/** Between two signs of a build that waits for its other thread. */
const SIGN_MS = 1000

async function output(
  { out, dir, progress, keepLock }: Build,
  files: readonly OutputFile[],
  upToDate: ReadonlySet<string>,
  elsewhere: WrittenElsewhere,
  sharePages: () => PagesAhead | undefined,
): Promise<WriteReport> {
  const bar = progress?.('files', files.length)
  const step = (done: number) => {
    keepLock()
    bar?.at(done)
  }
  const end = beginOutput(
    out,
    files.map(({ path }) => path),
  )
  const articles = join(dir, 'articles')
  const editions = elsewhere.write()
  const pages = sharePages()
  const isDone = ({ path }: OutputFile) =>
    upToDate.has(path) || elsewhere.paths.has(path) || pages?.isHere(path) === false
  const there = Promise.all([editions, pages?.end()])
  let written = 0
  try {
    written += writeFiles(out, files, { articles, isDone, progress: step })
    while (!(await Promise.race([there.then(() => true), pause(SIGN_MS, false, { ref: false })]))) keepLock()
  } catch (error) {
    elsewhere.stop()
    pages?.stop()
    // In the midst of a file, it would leave an unfinished one.
    await there
    throw error
  }
  // What fails there is done again here, where it can be reported.
  written += (await editions) ?? (await elsewhere.writeHere())
  written += (await pages?.end()) ?? 0
  const missing = pages?.missing() ?? new Set()
  written += writeFiles(
    out,
    files.filter(({ path }) => missing.has(path)),
    { articles },
  )
  bar?.stop()
  return end(written)
}

interface Made {
  readonly findings: ReadonlyMap<string, number>
  readonly paths: readonly string[]
  readonly copies: readonly string[]
  readonly upToDate: ReadonlySet<string>
}

async function remember(
  build: Build,
  { findings, paths, copies, upToDate }: Made,
  report: BuildReport,
  parts: FinishedBuild['parts'],
): Promise<void> {
  const { cache, snapshot, snapshotAt, began, loaded, last } = build
  // Behind a link out of the folder, things change without a sign.
  const problems = [...snapshot.articles.problems, ...snapshot.templates.problems]
  if (problems.some(({ rule }) => rule === 'symlink-outside')) return
  build.keepLock()
  cache.remember({
    ...(await buildHorizon(loaded, began)),
    snapshot,
    snapshotAt,
    made: [...paths, MANIFEST],
    upToDate,
    copies,
    global: last.global,
    findings,
    states: statesInTime(loaded),
    parts,
    report,
  })
}
