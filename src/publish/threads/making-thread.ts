// The second thread of a large build: a job → batch after batch, from the last one on, until it meets the first thread.

import { join } from 'node:path'
import { type Transferable, workerData } from 'node:worker_threads'
import { allowFastPaths } from '../../base/index.ts'
import { loadFolder } from '../../content/index.ts'
import { contentMaker } from '../../feed/index.ts'
import type { Article } from '../../model.ts'
import { createRenderer, openMarkdown, rememberTexts } from '../../render/index.ts'
import { openTemplates } from '../../templates/index.ts'
import {
  type Batch,
  CONTENTS_PER_BATCH,
  type ContentsMade,
  type Job,
  type LetterMade,
  openClaims,
  type WantedLetter,
} from './work-ahead.ts'

const { dir, now, listing, memory, wanted, fastPaths, claims: shared, port } = workerData as Job
allowFastPaths(fastPaths)
const claims = openClaims(shared)

const earlier = { memory, listing, isUnchanged: () => true }
const { loaded } = loadFolder(dir, { now, settings: memory.settings, listing, earlier, shown: true })
const known = { texts: new Map(), isSame: () => false, sameAnswers: () => false }
const templates = openTemplates(join(dir, 'templates'))

void makeAll()

async function makeAll(): Promise<void> {
  const makeBatch = wanted.kind === 'contents' ? contentsOf(wanted.files) : await lettersOf(wanted.editions)
  for (let batch = claims.batches - 1; batch >= 0 && claims.promise(batch); batch--) {
    try {
      const [made, ...transferred] = await makeBatch(batch)
      port.postMessage({ batch, made } satisfies Batch<unknown>, transferred)
      claims.settle(batch, true)
    } catch {
      // It fails in the first thread too, where it can be reported.
      claims.settle(batch, false)
    }
  }
  port.close()
}

function contentsOf(files: readonly string[]): (batch: number) => [ContentsMade, Transferable] {
  const texts = rememberTexts(createRenderer(loaded), known)
  const make = contentMaker(loaded, texts, templates)
  const articles = new Map(loaded.articles.map(article => [article.file, article]))
  return batch => {
    const own = files.slice(batch * CONTENTS_PER_BATCH, (batch + 1) * CONTENTS_PER_BATCH)
    const contents = own.map(file => make(articles.get(file)!))
    const bytes = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const content of contents) {
      bytes.set(content, at)
      at += content.length
    }
    const kept = texts.kept()
    const made = own.map((file, index) => ({ length: contents[index]!.length, text: kept.get(file)! }))
    return [{ bytes: bytes.buffer, made }, bytes.buffer]
  }
}

async function lettersOf(
  asked: readonly WantedLetter[],
): Promise<(batch: number) => Promise<[LetterMade, Transferable]>> {
  const { packLetter, drawEdition } = await import('../draw-edition.ts')
  const { editionName, editionsOf } = await import('../../edition/index.ts')
  const renderer = createRenderer(loaded, await openMarkdown(loaded.publication))
  const texts = rememberTexts(renderer, known, { lengths: true })
  const { newsletters } = loaded.publication
  const editions = newsletters.flatMap(newsletter => editionsOf(loaded, newsletter, now))
  const byName = new Map(editions.map(edition => [editionName(edition.newsletter, edition.id), edition]))
  const textOf = ({ file }: Article) => [file, texts.kept().get(file)!] as const
  return async batch => {
    const { name, inFeed } = asked[batch]!
    const edition = byName.get(name)!
    const { letter, ...others } = await drawEdition(edition, inFeed, { loaded, renderer, texts, templates })
    const packed = packLetter(letter)
    return [
      { ...others, packed, texts: edition.articles.filter(({ file }) => texts.kept().has(file)).map(textOf) },
      packed.buffer,
    ]
  }
}
