// Contents made by a second thread, compiled because a thread runs no TypeScript: the same bytes, whoever makes them and
// whatever becomes of the thread.

import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { beforeAll, expect, test } from 'vitest'
import { listFolder } from '../../src/content/list-folder.ts'
import { loadFolder } from '../../src/content/load-folder.ts'
import { settingsText } from '../../src/content/open-folder.ts'
import { parseSettings } from '../../src/content/settings/parse-settings.ts'
import { contentMaker } from '../../src/feed/item-content.ts'
import type { ContentsAhead, ContentsBatch, ContentsJob } from '../../src/publish/threads/contents-ahead.ts'
import { createRenderer } from '../../src/render/index.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { png } from '../content/a-load.ts'
import { type Compiled, compile } from '../deliver/compile.ts'

let compiled: Compiled
let threads: string
beforeAll(() => {
  compiled = compile()
  threads = join(compiled.dir, 'publish/threads')
})

const COUNT = 50
const now = Date.parse('2026-02-01T00:00:00Z')

function rig() {
  const dir = aFolder({
    'articles/authors/ada.md':
      '---\nname: Ada\nsocial: [{ name: M, url: https://m.example/ }]\n---\nWrites [it](../n-3.md).\n',
    'articles/p.png': png(3, 2),
    ...Object.fromEntries(
      Array.from({ length: COUNT }, (_, n) => [
        `articles/n-${n}.md`,
        `---\ntitle: Nº ${n}\ndate: 2026-01-01T00:00:${String(n).padStart(2, '0')}Z\ntags: [t${n % 3}]\nauthors: [ada]\n---\n\nनमस्ते ${n}. [Next](n-${n + 1}.md) ![](p.png) <b>HTML</b>\n`,
      ]),
    ),
  })
  const { file, text } = settingsText(dir)
  const settings = { file, text, value: parseSettings(text, file) }
  const listing = listFolder(dir, 'articles')
  const { loaded, memory } = loadFolder(dir, { now, settings, listing })
  const make = contentMaker(loaded, createRenderer(loaded), openTemplates(join(dir, 'templates')))
  const job = { dir, now, listing, memory: memory() }
  return { job, articles: loaded.articles, make }
}

test('a thread makes the bytes that are made here, and tells what else it found in each text', async () => {
  const { job, articles, make } = rig()
  const { port1, port2 } = new MessageChannel()
  const { sharedClaims, BATCH_ARTICLES } = await import(join(threads, 'contents-ahead.js'))
  const files = articles.map(({ file }) => file)
  const workerData: ContentsJob = { ...job, files, fastPaths: true, claims: sharedClaims(COUNT), port: port2 }
  const worker = new Worker(join(threads, 'contents-thread.js'), { workerData, transferList: [port2] })
  const batches: ContentsBatch[] = []
  port1.on('message', batch => void batches.push(batch))
  await new Promise((resolve, reject) => {
    worker.on('error', reject)
    port1.on('close', resolve)
  })
  expect(batches.map(({ batch }) => batch)).toEqual([3, 2, 1, 0])
  for (const { batch, bytes, made } of batches) {
    let at = 0
    for (const [index, { length, text }] of made.entries()) {
      const article = articles[batch * BATCH_ARTICLES + index]!
      const content = Buffer.from(bytes, at, length).toString()
      expect(content).toBe(make(article).toString())
      expect(content).toContain('नमस्ते')
      expect(text.files).toEqual(['p.png'])
      expect(text.asked.length).toBeGreaterThan(1)
      at += length
    }
  }
})

async function ahead(more: Partial<ContentsJob> = {}) {
  const { job, articles, make } = rig()
  const { contentsAhead } = await import(join(threads, 'contents-ahead.js'))
  const contents: ContentsAhead = contentsAhead(() => ({ ...job, ...more }), articles, {
    threads: 1,
    minArticles: 1,
  })
  const made = articles.map(article => contents.take(article)?.content ?? make(article))
  contents.close()
  expect(made.map(String)).toEqual(articles.map(article => make(article).toString()))
}

test('two threads make all contents between them', () => ahead())
test('where the thread fails, all are made here', () => ahead({ dir: '/nowhere' }))
