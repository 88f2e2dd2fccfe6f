// The second thread of a large build: a job → what is wanted of batches of articles, from the last batch on, until it meets
// the first thread.

import { join } from 'node:path'
import { workerData } from 'node:worker_threads'
import { allowFastPaths } from '../../base/index.ts'
import { loadFolder } from '../../content/index.ts'
import { contentMaker } from '../../feed/index.ts'
import { createRenderer, rememberTexts } from '../../render/index.ts'
import { openTemplates } from '../../templates/index.ts'
import { BATCH_ARTICLES, type ContentsBatch, type ContentsJob, openClaims } from './contents-ahead.ts'

const {
  dir,
  now,
  listing,
  memory,
  files,
  wanted,
  fastPaths,
  claims: shared,
  port,
} = workerData as ContentsJob
allowFastPaths(fastPaths)
const claims = openClaims(shared)

const earlier = { memory, listing, isUnchanged: () => true }
const { loaded } = loadFolder(dir, { now, settings: memory.settings, listing, earlier, shown: true })
const nothingKnown = { texts: new Map(), isSame: () => false, sameAnswers: () => false }
const texts = rememberTexts(createRenderer(loaded), nothingKnown, { lengths: wanted.lengths ?? false })
const make = contentMaker(loaded, texts, openTemplates(join(dir, 'templates')))
const articles = new Map(loaded.articles.map(article => [article.file, article]))

for (let batch = Math.ceil(files.length / BATCH_ARTICLES) - 1; batch >= 0 && claims.promise(batch); batch--) {
  try {
    port.postMessage(...batchOf(batch))
    claims.settle(batch, true)
  } catch {
    // It fails in the first thread too, where it can be reported.
    claims.settle(batch, false)
  }
}
port.close()

const NOTHING = new Uint8Array(0)

function batchOf(batch: number): [ContentsBatch, ArrayBuffer[]] {
  const own = files.slice(batch * BATCH_ARTICLES, (batch + 1) * BATCH_ARTICLES)
  const all = own.map(file => {
    const article = articles.get(file)!
    // Asked for at once, so that the text is parsed once.
    const body = texts.body(article)
    return {
      html: wanted.html ? body.html : undefined,
      content: wanted.contents ? make(article) : NOTHING,
    }
  })
  const contents = all.map(({ content }) => content)
  const bytes = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  const kept = texts.kept()
  const made = own.map((file, index) => {
    const { html, content } = all[index]!
    return { length: content.length, text: kept.get(file)!, html }
  })
  return [{ batch, bytes: bytes.buffer, made }, [bytes.buffer]]
}
