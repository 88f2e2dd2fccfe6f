// The second thread of a large build: a job → batch after batch, from the last one on, until it meets the first thread.

import { join } from 'node:path'
import { type Transferable, workerData } from 'node:worker_threads'
import { allowFastPaths } from '../../base/index.ts'
import { loadFolder } from '../../content/index.ts'
import { contentMaker } from '../../feed/index.ts'
import type { Article, OutputFile, Renderer } from '../../model.ts'
import { createRenderer, openMarkdown, rememberTexts } from '../../render/index.ts'
import { openTemplates } from '../../templates/index.ts'
import { writeFiles } from '../output/write-output.ts'
import {
  type Answer,
  type Batch,
  CONTENTS_PER_BATCH,
  type ContentsMade,
  type Job,
  type LetterMade,
  openClaims,
  type Wanted,
  type WantedLetter,
} from './work-ahead.ts'

/** What this thread is for. */
interface Maker {
  make(batch: number): Promise<[made: unknown, ...transferred: Transferable[]]>
  /** Once all are made. @param batches those that the other thread took @returns how many files were written */
  write?(batches: readonly number[]): number
}

const { dir, now, listing, memory, wanted, fastPaths, claims: shared, port } = workerData as Job
allowFastPaths(fastPaths)
const claims = openClaims(shared)

const earlier = { memory, listing, isUnchanged: () => true }
const { loaded } = loadFolder(dir, { now, settings: memory.settings, listing, earlier, shown: true })
const known = { texts: new Map(), isSame: () => false, sameAnswers: () => false }
const templates = openTemplates(join(dir, 'templates'))

void makeAll()

async function makeAll(): Promise<void> {
  const maker = wanted.kind === 'contents' ? contentsOf(wanted) : await lettersOf(wanted.editions)
  for (let batch = claims.batches - 1; batch >= 0 && claims.promise(batch); batch--) {
    try {
      const [made, ...transferred] = await maker.make(batch)
      port.postMessage({ batch, made } satisfies Batch<unknown>, transferred)
      claims.settle(batch, true)
    } catch {
      // It fails in the first thread too, where it can be reported.
      claims.settle(batch, false)
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

function contentsOf({ files, items, whole }: Wanted & { kind: 'contents' }): Maker {
  const renderer = createRenderer(loaded)
  const remember = () => rememberTexts(renderer, known, whole ? { html: Number.POSITIVE_INFINITY } : {})
  // Of one batch: what was sent is not kept.
  let texts = remember()
  const ofBatch: Renderer = {
    ...renderer,
    body: article => texts.body(article),
    prose: (markdown, file) => texts.prose(markdown, file),
  }
  const makeContent = contentMaker(loaded, ofBatch, templates)
  const articles = new Map(loaded.articles.map(article => [article.file, article]))
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
      const read = whole ? { html: body.html, words: body.words } : undefined
      return { length: contents[index]!.length, text, whole: read }
    })
    return [{ bytes: bytes.buffer, made }, bytes.buffer]
  }
  return { make: async batch => makeBatch(batch) }
}

async function lettersOf(asked: readonly WantedLetter[]): Promise<Maker> {
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
        if (!claims.isStopped()) written += writeFiles(join(dir, 'out'), files.get(batch)!())
      return written
    },
  }
}
