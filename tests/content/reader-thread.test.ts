// A folder whose files a second thread reads ahead comes out as one that the main thread reads alone, whoever has read what.

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

const SCRIPT = `
import { isDeepStrictEqual } from 'node:util'
const [dir, pause, kept, broken] = process.argv.slice(2)
const { loadFolder } = await import('./content/load-folder.js')
const { openMemory } = await import('./content/memory.js')
const { startReaderThread } = await import('./content/threads/reader-thread.js')
const { parseSettings } = await import('./content/settings/parse-settings.js')
const { settingsText } = await import('./content/open-folder.js')
const { listFolder } = await import('./content/list-folder.js')
const { file, text } = settingsText(dir)
const settings = { file, text, value: parseSettings(text, file) }
const listing = listFolder(dir, 'articles')
const options = { now: Date.parse('2026-02-01T00:00:00Z'), settings, listing, shown: kept === 'none' }
const alone = loadFolder(dir, options)
const thread = startReaderThread(100_000)
let taken = 0
const counting = thread && {
  ...thread,
  begin(root, listing, bytes) {
    thread.begin(root, broken ? { ...listing, paths: { length: listing.paths.length } } : listing, kept === 'few' ? 5000 : bytes)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(pause))
  },
  take(...asked) {
    const found = thread.take(...asked)
    if (found) taken++
    return found
  },
}
const together = loadFolder(dir, { ...options, thread: counting })
thread?.end()
const body = { value: '', enumerable: true }
const rows = ({ chunks, ...memory }) => {
  const recall = openMemory({ chunks, ...memory })
  return [memory, memory.paths.map((_, at) => recall(at, { now: options.now, sections: new Map(), body }))]
}
const bodies = ({ loaded }) => loaded.articles.map(({ body }) => body)
const [one, two] = [alone, together].map(each => [{ ...each.loaded }, bodies(each), rows(each.memory())])
const keys = ({ loaded }) => loaded.articles.map(article => Object.keys(article).join())
console.log(JSON.stringify({
  same: isDeepStrictEqual(one, two) && isDeepStrictEqual(keys(alone), keys(together)),
  articles: together.loaded.articles.length,
  problems: together.loaded.diagnostics.length,
  taken, thread: thread !== undefined,
}))
`

function both(pause: number, kept: 'all' | 'few' | 'none', { broken = false, dir = folder() } = {}) {
  const script = join(compiled.dir, 'both.mjs')
  writeFileSync(script, SCRIPT)
  const argv = [script, dir, String(pause), kept, ...(broken ? ['broken'] : [])]
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const right = { same: true, articles: 490, problems: expect.any(Number) }

test.each(['all', 'none'] as const)('both at once, %s kept', kept => {
  expect(both(0, kept)).toMatchObject(right)
})

test.each(['all', 'none'] as const)('the other thread had the time to read it all, %s kept', kept => {
  const { taken, thread, ...found } = both(2000, kept)
  expect(found).toMatchObject(right)
  // 700 and the README.
  if (thread) expect(taken).toBe(701)
})

test('the other thread fails at once: the main one reads it all', () => {
  const { taken, ...found } = both(500, 'none', { broken: true })
  expect(found).toMatchObject(right)
  expect(taken).toBe(0)
})

test.each(['few', 'none'] as const)(
  'more than there is room for: blocks are filled again, and no file is taken for another, %s kept',
  kept => {
    const size = 40_000
    const files = Array.from({ length: 900 }, (_, n) => [
      `articles/article-${n}.md`,
      // One is larger than a block.
      `---\ntitle: Article ${n}\ndate: 2026-01-30\n---\n${`Line of ${n}.\n`.repeat(n === 700 ? size * 3 : (n * 97) % 4000)}`,
    ])
    const dir = aFolder({
      'articles/publication.yaml':
        'title: The Test\nurl: https://test.example/\narticles: { pages: false }\n',
      ...Object.fromEntries(files),
    })
    const { taken, thread, ...found } = both(2000, kept, { dir })
    expect(found).toMatchObject({ same: true, articles: 900, problems: 0 })
    if (thread) expect(taken).toBeGreaterThan(100)
  },
)
