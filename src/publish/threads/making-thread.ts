// The second thread of a large build: its orders → the articles, and batch after batch of what is made of them, from the last
// one on, until it meets the first thread.

import { join } from 'node:path'
import { parentPort, type Transferable, workerData } from 'node:worker_threads'
import { type Batch, once, openSharedWork, type SharedWork } from '../../base/index.ts'
import { loadFolder, publishedArticles } from '../../content/index.ts'
import type { Article, Loaded, OutputFile, Renderer } from '../../model.ts'
import type { Answer, Order, Started, Wanted, WantedLetter } from './second-thread.ts'
import { CONTENTS_PER_BATCH, type ContentsMade, type LetterMade } from './work-ahead.ts'

/** What this thread is for. */
interface Maker {
  make(batch: number): Promise<[made: unknown, ...transferred: Transferable[]]>
  /** Once all are made. @param batches those that the other thread took @returns how many files were written */
  write?(batches: readonly number[]): number
}

const { dir, now } = workerData as Started
const known = { texts: new Map(), isSame: () => false, areUnchanged: () => false }
let loaded: Loaded

parentPort!.on('message', (order: Order) => {
  if (order.kind === 'make') void makeAll(order)
  else if (order.kind === 'recall') loaded = recall(order)
  else load(order)
})

/** What articles are made into something with: to load them takes none of it, so that order may come in between. */
const loading = loadTools()
type Tools = Awaited<typeof loading>

async function loadTools() {
  const templates = (await import('../../templates/index.ts')).openTemplates(join(dir, 'templates'))
  await nextTurn()
  const { createRenderer, openMarkdown, rememberTexts } = await import('../../render/index.ts')
  await nextTurn()
  const { contentMaker } = await import('../../feed/index.ts')
  const { articlesBeside, pageMaker } = await import('../../site/index.ts')
  const { writeFiles } = await import('../output/write-output.ts')
  const renderer = once(() => createRenderer(loaded))
  // With the texts that pages show whole.
  const texts = once(() => rememberTexts(renderer(), known, {}))
  const articles = once(() => new Map(loaded.articles.map(article => [article.file, article])))
  return {
    ...{
      templates,
      createRenderer,
      openMarkdown,
      rememberTexts,
      contentMaker,
      articlesBeside,
      pageMaker,
      writeFiles,
    },
    ...{ renderer, texts, articles },
  }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function load(order: Order & { kind: 'load' }): void {
  loaded = loadFolder(dir, { ...order, now, shown: true }).loaded
  void loading.then(({ articlesBeside }) => {
    // What will be asked for, while the first thread has still to find out which contents it wants. The first date that is
    // written, in whatever language, loads what ICU knows of dates: 15 ms, for all threads at once.
    articlesBeside(publishedArticles(loaded))
    new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(0)
  })
}

function recall({ memory, listing }: Order & { kind: 'recall' }): Loaded {
  const earlier = { memory, listing, isUnchanged: () => true }
  return loadFolder(dir, { now, settings: memory.settings, listing, earlier, shown: true }).loaded
}

async function makeAll({ wanted, work: shared, port }: Order & { kind: 'make' }): Promise<void> {
  const work = openSharedWork(shared)
  const tools = await loading
  if (wanted.kind === 'pages') {
    port.postMessage({ written: writePages(wanted, work, tools) } satisfies Answer)
    return port.close()
  }
  const isStopped = () => work.isStopped()
  const maker =
    wanted.kind === 'contents'
      ? contentsOf(wanted, tools)
      : await lettersOf(wanted.editions, isStopped, tools)
  for (let batch = work.count - 1; batch >= 0 && work.takeBySecond(batch); batch--) {
    try {
      const [made, ...transferred] = await maker.make(batch)
      port.postMessage({ batch, made } satisfies Batch<unknown>, transferred)
      work.settle(batch, true)
    } catch {
      // It fails in the first thread too, where it can be reported.
      work.settle(batch, false)
    }
  }
  const { write } = maker
  if (!write) return port.close()
  // What fails there ends the thread, and is done again by the first.
  port.once('message', (batches: readonly number[]) => {
    port.postMessage({ written: write(batches) } satisfies Answer)
    port.close()
  })
}

function contentsOf({ files, items, pages, whole }: Wanted & { kind: 'contents' }, tools: Tools): Maker {
  const [renderer, ofPages, articles] = [tools.renderer(), tools.texts(), tools.articles()]
  const remember = () =>
    tools.rememberTexts(renderer, known, pages || whole > 0 ? { html: Number.POSITIVE_INFINITY } : {})
  // Of one batch: what was sent is not kept.
  let texts = remember()
  const ofBatch: Renderer = {
    ...renderer,
    body: article => texts.body(article),
    prose: (markdown, file) => texts.prose(markdown, file),
  }
  const makeContent = tools.contentMaker(loaded, ofBatch, tools.templates)
  const makeBatch = (batch: number): [ContentsMade, Transferable] => {
    texts = remember()
    const first = batch * CONTENTS_PER_BATCH
    const own = files.slice(first, first + CONTENTS_PER_BATCH).map(file => articles.get(file)!)
    const contents = own.map((article, at) => (first + at < items ? makeContent(article) : new Uint8Array()))
    const bytes = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const content of contents) {
      bytes.set(content, at)
      at += content.length
    }
    const made = own.map((article, index) => {
      const body = texts.body(article)
      const text = texts.kept().get(article.file)!
      const isWanted = first + index < whole
      const read = pages || isWanted ? { html: body.html, words: body.words } : undefined
      if (read) ofPages.accept(article, text, read)
      return { length: contents[index]!.length, text, whole: isWanted ? read : undefined }
    })
    return [{ bytes: bytes.buffer, made }, bytes.buffer]
  }
  return { make: async batch => makeBatch(batch) }
}

/** Pages of articles, one by one from the last, until it meets the first thread. @returns how many files were written */
function writePages(
  { pages, texts: others, feeds }: Wanted & { kind: 'pages' },
  work: SharedWork,
  tools: Tools,
): number {
  const [texts, articles] = [tools.texts(), tools.articles()]
  for (const [file, { text, whole }] of others) texts.accept(articles.get(file)!, text, whole)
  const makePage = tools.pageMaker(loaded, texts, tools.templates, feeds)
  let written = 0
  for (let at = pages.length - 1; at >= 0 && !work.isStopped() && work.takeBySecond(at); at--) {
    const [file, path] = pages[at]!
    try {
      const body = makePage(articles.get(file)!, path)
      written += tools.writeFiles(join(dir, 'out'), [{ path, body }])
      work.settle(at, true)
    } catch {
      // It fails in the first thread too, where it can be reported.
      work.settle(at, false)
    }
  }
  return written
}

async function lettersOf(
  asked: readonly WantedLetter[],
  isStopped: () => boolean,
  { templates, createRenderer, openMarkdown, rememberTexts, writeFiles }: Tools,
): Promise<Maker> {
  const { drawEdition, WaitingLetters } = await import('../draw-edition.ts')
  const { editionName, editionsOf } = await import('../../edition/index.ts')
  const { editionFiles } = await import('../../letter/index.ts')
  const renderer = createRenderer(loaded, await openMarkdown(loaded.publication))
  const texts = rememberTexts(renderer, known, { lengths: true })
  const { newsletters } = loaded.publication
  const editions = newsletters.flatMap(newsletter => editionsOf(loaded, newsletter, now))
  const byName = new Map(editions.map(edition => [editionName(edition.newsletter, edition.id), edition]))
  const textOf = ({ file }: Article) => [file, texts.kept().get(file)!] as const
  const waiting = new WaitingLetters()
  const files = new Map<number, () => readonly OutputFile[]>()
  return {
    async make(batch) {
      const { name, inFeed } = asked[batch]!
      const edition = byName.get(name)!
      const { letter, ...others } = await drawEdition(edition, inFeed, { loaded, renderer, texts, templates })
      const kept = waiting.keep(letter)
      files.set(batch, () => editionFiles(edition, kept(), loaded))
      const ofArticles = edition.articles.filter(({ file }) => texts.kept().has(file)).map(textOf)
      return [{ ...others, texts: ofArticles } satisfies LetterMade]
    },
    write(batches) {
      let written = 0
      for (const batch of batches)
        if (!isStopped()) written += writeFiles(join(dir, 'out'), files.get(batch)!())
      return written
    },
  }
}
