// A folder that two threads load comes out as one that the main thread loads alone, whichever has loaded what.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { type Compiled, compile } from '../deliver/compile.ts'
import { png } from './a-load.ts'

let compiled: Compiled
beforeAll(() => {
  compiled = compile()
})
afterAll(() => compiled.remove())

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
      'title: The Test\nurl: https://test.example/\nsections: { world: World }\ntimezone: Asia/Kolkata\n',
    'articles/authors/desk.md': '---\nname: World Desk\nrole: editors\n---\nThey edit.\n',
    'articles/README.md': '# For people who work here\n',
    'articles/a.png': png(3, 2),
    ...files,
  })
}

const SCRIPT = `
import { isDeepStrictEqual } from 'node:util'
const [dir, pause, broken] = process.argv.slice(2)
const { loadFolder } = await import('./load/load-folder.js')
const { startLoaderThread } = await import('./load/threads/loader-thread.js')
const { openMemory } = await import('./load/memory.js')
const { parseSettings } = await import('./load/parse-settings.js')
const { settingsText } = await import('./load/settings-text.js')
const { listFolder } = await import('./list-folder.js')
const { file, text } = settingsText(dir)
const settings = { file, text, value: parseSettings(text, file) }
const listing = listFolder(dir, 'articles')
const options = { now: Date.parse('2026-02-01T00:00:00Z'), settings, listing }
const thread = startLoaderThread(100_000)
thread?.begin({ root: dir, ...options, shown: false, ...(broken ? { settings: undefined } : {}) })
await new Promise(resolve => setTimeout(resolve, Number(pause)))
const alone = loadFolder(dir, options)
let own = 0
const counting = thread && {
  ...thread,
  load: (paths, loader, authors) => thread.load(paths, { ...loader, load: path => (own++, loader.load(path)) }, authors),
}
const together = loadFolder(dir, { ...options, thread: counting })
thread?.end()
const body = { value: '', enumerable: true }
const rows = ({ shares, ...memory }) => {
  const recall = openMemory({ shares, ...memory })
  return [memory, memory.paths.map((_, at) => recall(at, { now: options.now, sections: new Map(), body }))]
}
const bodies = ({ loaded }) => loaded.articles.map(({ body }) => body)
const [one, two] = [alone, together].map(each => [bodies(each), { ...each.loaded }, rows(each.memory())])
const keys = ({ loaded }) => loaded.articles.map(article => Object.keys(article).join())
const desk = together.loaded.authors.get('desk')
console.log(JSON.stringify({
  same: isDeepStrictEqual(one, two) && isDeepStrictEqual(keys(alone), keys(together)),
  theVeryAuthors: together.loaded.articles.every(({ authors }) => authors.every(author => author.id !== 'desk' || author === desk)),
  articles: together.loaded.articles.length,
  problems: together.loaded.diagnostics.length,
  own, thread: thread !== undefined,
}))
`

function both(pause: number, broken = false) {
  const script = join(compiled.dir, 'both.mjs')
  writeFileSync(script, SCRIPT)
  const argv = [script, folder(), String(pause), ...(broken ? ['broken'] : [])]
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const right = { same: true, theVeryAuthors: true, articles: 420, problems: expect.any(Number) }

test('both at once', () => {
  expect(both(0)).toMatchObject(right)
})

test('the other thread had the time to do it all', () => {
  const { own, thread, ...found } = both(2000)
  expect(found).toMatchObject(right)
  if (thread) expect(own).toBe(0)
})

test('the other thread fails at once: the main one does it all', () => {
  const { own, ...found } = both(500, true)
  expect(found).toMatchObject(right)
  expect(own).toBe(701) // and the README
})
