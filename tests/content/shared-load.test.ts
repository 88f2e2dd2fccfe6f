// A folder that two threads load between them comes out of both as one that the main thread loads alone, whoever has made what.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { png } from './a-load.ts'

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})

/** Every kind of thing that can be in an article's file or wrong with it. */
const kinds: readonly ((n: number) => string | Uint8Array)[] = [
  n => `---\ntitle: Article ${n}\ndate: 2026-01-${10 + (n % 20)}\ntags: [a, b ${n % 3}]\n---\nText ${n}.\n`,
  n => `---\ntitle: "Article ${n}"\nauthors: [desk, "Somebody ${n}"]\nsection: world\n---\nनदी *${n}*.\n`,
  n => `---\r\ntitle: Article ${n}\r\ndate: 2026-01-30\r\n---\r\nWith other line ends.\r\n`,
  n => `---\ntitle: Draft ${n}\ndraft: true\n---\nNot dated.\n`,
  n => `---\ntitle: Live ${n}\ndate: 2026-01-30\nlive: true\n---\n## 14:05 It goes on\n\nText.\n`,
  n => `---\ntitle: Picture ${n}\ndate: 2026-01-30\nimage: { src: a.png, alt: A }\nsource: Reuters\n---\n`,
  n => `---\ntitle: Wrong ${n}\ndate: yesterday\n---\nText.\n`,
  n => Buffer.from(`---\ntitle: Wrong \xff ${n}\n---\n`, 'latin1'),
  n => `---\ntitle: "Not closed ${n}\n`,
  () => '',
]

function folder(): string {
  const files = Object.fromEntries(
    Array.from({ length: 700 }, (_, n) => [
      `articles/${n % 7}/2026-01-${10 + (n % 20)}-article-${n}.md`,
      kinds[n % kinds.length]!(n),
    ]),
  )
  return aFolder({
    'articles/publication.yaml':
      'title: The Test\nurl: https://test.example/\nsections: { world: World }\ntimezone: Asia/Kolkata\narticles: { pages: false }\n',
    'articles/authors/desk.md': '---\nname: World Desk\nrole: editors\n---\nThey edit.\n',
    'articles/README.md': '# For people who work here\n',
    'articles/a.png': png(3, 2),
    ...files,
  })
}

const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
const { dir, options, way } = workerData
if (way === 'dies') throw new Error('at once')
import('./content/load-folder.js').then(({ loadFolder }) => {
  parentPort.postMessage(loadFolder(dir, options).memory())
})
`

const SCRIPT = `
import { isDeepStrictEqual } from 'node:util'
import { MessageChannel, Worker } from 'node:worker_threads'
const dir = process.argv[2]
const { loadFolder } = await import('./content/load-folder.js')
const { openMemory } = await import('./content/memory.js')
const { openSharedWork, makeSharedWork } = await import('./base/shared-work.js')
const { chunksOf } = await import('./content/shared-load.js')
const { parseSettings } = await import('./content/settings/parse-settings.js')
const { settingsText } = await import('./content/open-folder.js')
const { listFolder } = await import('./content/list-folder.js')
const { file, text } = settingsText(dir)
const settings = { file, text, value: parseSettings(text, file) }
const listing = listFolder(dir, 'articles')
const chunks = chunksOf(701)
const body = { value: '', enumerable: true }
const rows = ({ chunks, ...memory }) => {
  const recall = openMemory({ chunks, ...memory })
  return [memory, memory.paths.map((_, at) => recall(at, { now: 0, sections: new Map(), body }))]
}
const all = each => [
  each.loaded,
  each.loaded.articles.map(({ body }) => body),
  each.loaded.articles.map(article => Object.keys(article).join()),
  rows(each.memory()),
]

async function load(way) {
  const options = { now: Date.parse('2026-02-01T00:00:00Z'), settings, listing, shown: way !== 'bodies kept' }
  const { port1, port2 } = new MessageChannel()
  const shared = { work: makeSharedWork(chunks) }
  const work = openSharedWork(shared.work)
  function start() {
    const workerData = { dir, options: { ...options, share: { ...shared, isMain: false, port: port2 } }, way }
    const worker = new Worker(THREAD, { eval: true, workerData, transferList: [port2] })
    worker.on('error', () => {})
    return new Promise(resolve => worker.once('message', resolve).once('exit', () => resolve()))
  }
  let answer = way === 'main first' ? undefined : start()
  // Each is waited for, until the thread has made them all.
  if (way === 'thread first' || way === 'bodies kept')
    for (let at = chunks - 1; at >= 0; at--) while (!work.waitFor(at));
  if (way === 'dies') await answer
  if (way === 'fails') work.settle(1, work.takeBySecond(1) && false)
  const together = loadFolder(dir, { ...options, share: { ...shared, isMain: true, port: port1 } })
  answer ??= start()
  const there = await answer
  port1.close()
  const alone = loadFolder(dir, options)
  const { articles, diagnostics } = together.loaded
  return {
    way,
    same: isDeepStrictEqual(all(together), all(alone)),
    there: there && isDeepStrictEqual(rows(there), rows(alone.memory())),
    articles: articles.length,
    problems: diagnostics.length,
  }
}

const found = []
for (const way of process.argv.slice(3)) found.push(await load(way))
console.log(JSON.stringify(found))
`.replace('THREAD', JSON.stringify(THREAD))

test('whoever has made what, and whatever becomes of the other thread, all is the same', () => {
  const script = join(compiled.dir, 'both.mjs')
  writeFileSync(script, SCRIPT)
  const both = ['at once', 'thread first', 'main first', 'bodies kept', 'fails']
  const ways = [...both, 'dies']
  const options = { encoding: 'utf8', cwd: compiled.dir } as const
  const { stdout, stderr } = spawnSync(process.execPath, [script, folder(), ...ways], options)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual(
    ways.map(way => ({
      way,
      same: true,
      articles: 490,
      problems: 281,
      ...(both.includes(way) ? { there: true } : {}),
    })),
  )
})
