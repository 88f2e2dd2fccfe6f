// The second thread of a large build: a job → the contents of batches of articles, from the last batch on, until it meets
// the first thread.

import { join } from 'node:path'
import { workerData } from 'node:worker_threads'
import { allowFastPaths } from '../../base/index.ts'
import { loadFolder } from '../../content/index.ts'
import { contentMaker } from '../../feed/index.ts'
import { createRenderer, rememberTexts } from '../../render/index.ts'
import { openTemplates } from '../../templates/index.ts'
import { BATCH_ARTICLES, type ContentsBatch, type ContentsJob, openClaims } from './contents-ahead.ts'

const { dir, now, listing, memory, files, fastPaths, claims: shared, port } = workerData as ContentsJob
allowFastPaths(fastPaths)
const claims = openClaims(shared)

const earlier = { memory, listing, isUnchanged: () => true }
const { loaded } = loadFolder(dir, { now, settings: memory.settings, listing, earlier, shown: true })
const texts = rememberTexts(createRenderer(loaded), {
  texts: new Map(),
  isSame: () => false,
  sameAnswers: () => false,
})
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

function batchOf(batch: number): [ContentsBatch, ArrayBuffer[]] {
  const own = files.slice(batch * BATCH_ARTICLES, (batch + 1) * BATCH_ARTICLES)
  const contents = own.map(file => make(articles.get(file)!))
  const bytes = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  const kept = texts.kept()
  const made = own.map((file, index) => ({ length: contents[index]!.length, text: kept.get(file)! }))
  return [{ batch, bytes: bytes.buffer, made }, [bytes.buffer]]
}
