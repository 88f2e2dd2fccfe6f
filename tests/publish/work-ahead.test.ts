// What a second thread makes, compiled because a thread runs no TypeScript: the same bytes, whoever makes them and whatever
// becomes of the thread.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MessageChannel, Worker } from 'node:worker_threads'
import { beforeAll, expect, test } from 'vitest'
import type { Batch } from '../../src/base/shared-work.ts'
import { listFolder } from '../../src/content/list-folder.ts'
import { loadFolder } from '../../src/content/load-folder.ts'
import { settingsText } from '../../src/content/open-folder.ts'
import { parseSettings } from '../../src/content/settings/parse-settings.ts'
import { editionsOf } from '../../src/edition/index.ts'
import { plannedFeeds } from '../../src/feed/index.ts'
import { contentMaker } from '../../src/feed/item-content.ts'
import { editionFiles } from '../../src/letter/index.ts'
import type { Letter } from '../../src/model.ts'
import { buildEditions } from '../../src/publish/build-editions.ts'
import { drawEdition, WaitingLetters } from '../../src/publish/draw-edition.ts'
import { writeFiles } from '../../src/publish/output/write-output.ts'
import {
  type FolderInMemory,
  type Order,
  type Started,
  sizeOf,
  type Wanted,
} from '../../src/publish/threads/second-thread.ts'
import {
  CONTENTS_PER_BATCH,
  type ContentsAhead,
  type ContentsMade,
  type LetterMade,
  type PagesAhead,
} from '../../src/publish/threads/work-ahead.ts'
import { createRenderer, rememberTexts } from '../../src/render/index.ts'
import { makePages } from '../../src/site/index.ts'
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
    'articles/publication.yaml':
      "title: T\nurl: https://t.example/\nnewsletters: [{ id: daily, every: day, since: '2025-01-01', from: T <t@t.example> }]\n",
    'articles/authors/ada.md':
      '---\nname: Ada\nsocial: [{ name: M, url: https://m.example/ }]\n---\nWrites [it](../n-3.md).\n',
    'articles/p.png': png(3, 2),
    ...Object.fromEntries(
      Array.from({ length: COUNT }, (_, n) => [
        `articles/n-${n}.md`,
        `---\ntitle: Nº ${n}\ndate: 2026-01-${String(1 + (n % 9)).padStart(2, '0')}T00:00:${String(n).padStart(2, '0')}Z\ntags: [t${n % 3}]\nimage: { src: p.png, alt: A }\nauthors: [ada]\n---\n\nनमस्ते ${n}. [Next](n-${n + 1}.md) ![](p.png) <b>HTML</b>\n`,
      ]),
    ),
  })
  const { file, text } = settingsText(dir)
  const settings = { file, text, value: parseSettings(text, file) }
  const listing = listFolder(dir, 'articles')
  const { loaded, memory } = loadFolder(dir, { now, settings, listing })
  const templates = openTemplates(join(dir, 'templates'))
  const make = contentMaker(loaded, createRenderer(loaded), templates)
  const folder: FolderInMemory = { listing, size: 'small', memory }
  return { dir, folder, settings, loaded, articles: loaded.articles, templates, make }
}

/** All that a thread makes which nobody gets ahead of, the last batch first; letters are written when all are there. */
async function allBatches<Made>(
  { dir, folder }: ReturnType<typeof rig>,
  wanted: Wanted,
  count: number,
  isStopped = false,
): Promise<Batch<Made>[]> {
  const { port1, port2 } = new MessageChannel()
  const { openSharedWork, makeSharedWork } = await import(join(compiled.dir, 'base/index.js'))
  const work = makeSharedWork(count)
  const workerData: Started = { dir, now }
  const worker = new Worker(join(threads, 'making-thread.js'), { workerData })
  const { listing } = folder
  worker.postMessage({ kind: 'recall', listing, memory: folder.memory() } satisfies Order)
  worker.postMessage({ kind: 'make', wanted, work, port: port2 } satisfies Order, [port2])
  const batches: Batch<Made>[] = []
  port1.on('message', (message: Batch<Made> | { written: number }) => {
    if ('batch' in message) batches.push(message)
    if (wanted.kind === 'contents' || batches.length < count) return
    if (isStopped) openSharedWork(work).stop()
    port1.postMessage([...batches.keys()])
  })
  await new Promise((resolve, reject) => {
    worker.on('error', reject)
    port1.on('close', resolve)
  })
  await worker.terminate()
  return batches
}

test('a thread makes the bytes that are made here, and tells what else it found in each text', async () => {
  const rigged = rig()
  const { articles, make } = rigged
  const files = articles.map(({ file }) => file)
  const wanted = { kind: 'contents', files, items: COUNT, pages: false, whole: 0 } as const
  const batches = await allBatches<ContentsMade>(rigged, wanted, Math.ceil(COUNT / CONTENTS_PER_BATCH))
  expect(batches.map(({ batch }) => batch)).toEqual([3, 2, 1, 0])
  for (const { batch, made } of batches) {
    let at = 0
    for (const [index, { length, text }] of made.made.entries()) {
      const article = articles[batch * CONTENTS_PER_BATCH + index]!
      const content = Buffer.from(made.bytes, at, length).toString()
      expect(content).toBe(make(article).toString())
      expect(content).toContain('नमस्ते')
      expect(text.files).toEqual(['p.png'])
      expect(text.dependencies.length).toBeGreaterThan(1)
      at += length
    }
  }
})

test('for pages it reads the articles whole, those without an item, too', async () => {
  const rigged = rig()
  const { articles, loaded, make } = rigged
  const files = articles.map(({ file }) => file)
  const items = CONTENTS_PER_BATCH + 5
  const wanted = { kind: 'contents', files, items, pages: true, whole: 20 } as const
  const batches = await allBatches<ContentsMade>(rigged, wanted, Math.ceil(COUNT / CONTENTS_PER_BATCH))
  const renderer = createRenderer(loaded)
  for (const { batch, made } of batches) {
    for (const [index, { length, text, whole }] of made.made.entries()) {
      const place = batch * CONTENTS_PER_BATCH + index
      const { html, words, minutes } = renderer.body(articles[place]!)
      expect(whole).toEqual(place < 20 ? { html, words } : undefined)
      expect(text.minutes).toBe(minutes)
      expect(length).toBe(place < items ? make(articles[place]!).length : 0)
    }
  }
})

/** @param way how the thread comes by the articles; or that it never does */
async function contents(way: 'recalled' | 'shared' | 'nowhere') {
  const { dir, folder, settings, articles, loaded, make } = rig()
  const { contentsAhead } = await import(join(threads, 'work-ahead.js'))
  const { SecondThread } = await import(join(threads, 'second-thread.js'))
  const { loadFolder } = await import(join(compiled.dir, 'content/index.js'))
  const [first, others] = [articles.slice(0, 30), articles.slice(30)]
  const thread = new SecondThread(way === 'nowhere' ? '/nowhere' : dir, now, 1)
  if (way === 'shared') {
    thread.begin()
    const share = thread.share(folder.listing, settings, folder.size)
    expect(loadFolder(dir, { now, settings, listing: folder.listing, share }).loaded).toEqual(loaded)
  }
  // More are asked of a thread that is still to start.
  const min = way === 'shared' ? 1000 : 1
  const ahead: ContentsAhead = contentsAhead(thread, folder, first, others, min)
  const made = first.map(article => ahead.take(article)?.content ?? make(article))
  const renderer = createRenderer(loaded)
  const read = others.map(article => ahead.take(article)?.whole?.html ?? renderer.body(article).html)
  ahead.close()
  expect(contentsAhead(thread, folder, first, undefined, 1)).toBeDefined()
  thread.close()
  expect(made.map(String)).toEqual(first.map(article => make(article).toString()))
  expect(read).toEqual(others.map(article => renderer.body(article).html))
}

test('two threads make all contents between them', () => contents('recalled'))
test('so they do after they have loaded the folder between them', () => contents('shared'))
test('where the thread fails, all are made here', () => contents('nowhere'))

test('how large a folder is follows from the number of its articles, and of the bytes of those that are shown', () => {
  const settings = (text: string) =>
    parseSettings(`title: T\nurl: https://t.example/\n${text}`, 'publication.yaml')
  const pages = settings('articles: { pages: true }\n')
  const feeds = settings('articles: { pages: false }\n')
  const folder = (count: number, bytes: number, name = 'a.md') => ({
    paths: Array.from({ length: count }, () => name),
    stamps: Array.from({ length: count }, () => [bytes, 0, 0, 0]).flat(),
    links: [],
    problems: [],
  })
  const sizes = [
    [10_000, 1000],
    [10_000, 3600],
    [10_600, 3600],
    [5000, 12_000],
    [5000, 12_000_000],
    [17_900, 1],
    [18_001, 0],
  ].map(([count, bytes]) => sizeOf(folder(count!, bytes!), pages))
  expect(sizes).toEqual(['small', 'medium', 'large', 'medium', 'medium', 'medium', 'large'])
  expect(sizeOf(folder(30_000, 100_000, 'a.jpg'), pages)).toBe('small')
  const ofFeeds = [10_600, 30_000, 50_000, 60_000].map(count => sizeOf(folder(count, 3600), feeds))
  expect(ofFeeds).toEqual(['small', 'small', 'medium', 'large'])
  const all = settings('articles: { pages: false }\nfeeds: { items: 10000 }\n')
  expect(sizeOf(folder(10_600, 3600), all)).toBe('large')
})

test('without fast paths no thread is started', async () => {
  const { dir, folder, articles } = rig()
  const { contentsAhead } = await import(join(threads, 'work-ahead.js'))
  const { SecondThread } = await import(join(threads, 'second-thread.js'))
  const { allowFastPaths } = await import(join(compiled.dir, 'base/index.js'))
  allowFastPaths(false)
  const plain = new SecondThread(dir, now, 1)
  allowFastPaths(true)
  const usual = new SecondThread(dir, now, 1)
  expect(contentsAhead(plain, folder, articles, undefined, 1)).toBeUndefined()
  expect(contentsAhead(usual, folder, articles, undefined, 1)).toBeDefined()
  usual.close()
})

/** @param isKilled whether the thread is gone before it has answered */
async function pages(isKilled: boolean) {
  const { dir, folder, articles, loaded, templates } = rig()
  const { contentsAhead, pagesAhead } = await import(join(threads, 'work-ahead.js'))
  const { SecondThread } = await import(join(threads, 'second-thread.js'))
  const thread = new SecondThread(dir, now, 1)
  const contents: ContentsAhead = contentsAhead(thread, folder, [], articles, 1)
  const texts = rememberTexts(createRenderer(loaded), UNKNOWN, { html: 1_000_000 })
  texts.askFirst(article => contents.take(article))
  const feeds = plannedFeeds(loaded)
  const { files, paths } = makePages(loaded, texts, templates, feeds, [])
  const shared: PagesAhead = pagesAhead(thread, folder, [...paths], contents, texts, feeds, 1)
  const [first] = paths.values()
  expect([shared.isHere('index.html'), shared.isHere(first!)]).toEqual([true, true])
  if (isKilled) thread.close()
  const written = await shared.end()
  thread.close()
  const there = [...paths.values()].filter(path => !shared.isHere(path))
  const missing = shared.missing()
  const made = there.filter(path => !missing.has(path))
  // Its own, and most of those whose text was made here.
  if (!isKilled) expect(there.length).toBeGreaterThanOrEqual(COUNT / 2 - 1)
  if (!isKilled) expect([written, made.length, missing.size]).toEqual([there.length, there.length, 0])
  const out = join(dir, 'out')
  const bytes = () => made.map(path => readFileSync(join(out, path), 'utf8'))
  const before = bytes()
  for (const path of made) rmSync(join(out, path))
  writeFiles(
    out,
    files.filter(({ path }) => made.includes(path)),
  )
  expect(before).toEqual(bytes())
}

test('two threads write the pages of articles between them, each the bytes that the other would', () =>
  pages(false))
test('pages that the other thread has taken and not written are known', () => pages(true))

const UNKNOWN = { texts: new Map(), isSame: () => false, areUnchanged: () => false }

function makeLetters({ loaded, templates }: ReturnType<typeof rig>) {
  const renderer = createRenderer(loaded)
  return { loaded, renderer, texts: rememberTexts(renderer, UNKNOWN, { lengths: true }), templates }
}

/** What is in a file of `out/`. */
const written = ({ dir }: ReturnType<typeof rig>, path: string) =>
  readFileSync(join(dir, 'out', path), 'utf8')

test('a thread draws and writes the letters that are made here, with their pictures and texts', async () => {
  const rigged = rig()
  const sources = makeLetters(rigged)
  const [newsletter] = rigged.loaded.publication.newsletters
  const editions = editionsOf(rigged.loaded, newsletter!, now)
  const asked = editions.map(({ id }, place) => ({ name: `daily/${id}`, inFeed: place > 5 }))
  const batches = await allBatches<LetterMade>(rigged, { kind: 'letters', editions: asked }, 9)
  expect(batches.map(({ batch }) => batch)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0])
  for (const { batch, made } of batches) {
    const { texts, ...others } = made
    const { letter, ...here } = await drawEdition(editions[batch]!, batch > 5, sources)
    for (const { path, body } of editionFiles(editions[batch]!, letter, rigged.loaded))
      expect(written(rigged, path)).toBe(String(body))
    expect(others).toEqual(here)
    expect(new Map(texts)).toEqual(
      new Map(editions[batch]!.articles.map(({ file }) => [file, sources.texts.kept().get(file)!])),
    )
    expect(texts.length).toBeGreaterThan(4)
  }
})

test('a thread that is told to stop writes nothing more', async () => {
  const rigged = rig()
  const asked = [1, 2].map(day => ({ name: `daily/2026-01-0${day + 1}`, inFeed: false }))
  await allBatches<LetterMade>(rigged, { kind: 'letters', editions: asked }, 2, true)
  expect(existsSync(join(rigged.dir, 'out'))).toBe(false)
})

test('editions are the same whoever draws their letters, also where the thread is gone before it wrote', async () => {
  const build = async (isAhead: (place: number) => boolean) => {
    const rigged = rig()
    const other = makeLetters(rigged)
    const [newsletter] = rigged.loaded.publication.newsletters
    const editions = editionsOf(rigged.loaded, newsletter!, now)
    const drawn = await Promise.all(
      editions.map(async (edition): Promise<LetterMade> => {
        const { letter: _, ...others } = await drawEdition(edition, true, other)
        const texts = edition.articles.map(({ file }) => [file, other.texts.kept().get(file)!] as const)
        return { ...others, texts }
      }),
    )
    const sources = makeLetters(rigged)
    const {
      files,
      kept: madeOf,
      elsewhere,
      layouts: _,
      ...others
    } = await buildEditions({
      ...sources,
      out: join(rigged.dir, 'out'),
      now,
      size: 'small',
      kept: { recall: () => undefined, isUpToDate: () => false, mark: () => '' },
      last: { isUntouched: () => false },
      ahead: () => ({
        take: place => (isAhead(place) ? drawn[place] : undefined),
        write: async () => undefined,
        stop() {},
        close() {},
      }),
      signal: new AbortController().signal,
      keepLock() {},
    })
    const there = editions.filter((_, place) => isAhead(place)).length
    expect(elsewhere.paths.size).toBe(there * 5)
    expect(await elsewhere.write()).toBe(there > 0 ? undefined : 0)
    expect(await elsewhere.writeHere()).toBe(there * 5)
    const bytes = files.map(({ path, body }) => {
      const chunks = typeof body === 'object' && 'chunks' in body ? [...body.chunks] : [body as string]
      return [path, elsewhere.paths.has(path) ? written(rigged, path) : chunks.map(String).join('')]
    })
    const kept = [...sources.texts.kept()].sort(([left], [right]) => (left < right ? -1 : 1))
    const withoutFolder = (value: unknown) => JSON.stringify(value).replaceAll(rigged.dir, '')
    return withoutFolder([bytes, [...madeOf!.made], others, kept])
  }
  const here = await build(() => false)
  expect(await build(place => place % 2 === 1)).toBe(here)
  expect(here).toContain('editions/daily/2026-01-0')
})

test('a letter that waits compressed is in memory nowhere else', async () => {
  const html = 'a letter of many words '.repeat(50)
  const waiting = new WaitingLetters(0)
  const refs: WeakRef<Letter>[] = []
  const kept = [1, 2].map(() => {
    const letter = { html, text: '' } as Letter
    refs.push(new WeakRef(letter))
    return waiting.keep(letter)
  })
  // What is looked at in one turn is not collected before the next.
  await new Promise(resolve => setImmediate(resolve))
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  expect(refs.map(ref => ref.deref())).toEqual([undefined, undefined])
  expect(kept.map(letter => letter().html)).toEqual([html, html])
})
