// What attacks on the build cache found, each as a folder that is built, changed and built again: what comes out is what a
// first build makes.

import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { crc32, deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model.ts'
import { thisProcess } from '../../src/publish/output/lock-output.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { png } from '../content/a-load.ts'
import { outTree } from './out-tree.ts'

const NOW = '2026-02-01T00:00Z'
const build = (folder: string, now = NOW) => aRun(folder, ['build', '--now', now])
const article = (title: string, more: string, body = 'Text.') =>
  `---\ntitle: ${title}\n${more}---\n\n${body}\n`
const january = (day: number) => `date: 2026-01-${String(day).padStart(2, '0')}\n`
const NEWSLETTER = 'newsletters: [{ id: weekly, every: week, from: The Test <n@test.example> }]\n'
const settings = (more = '') => `title: The Test\nurl: https://test.example/\n${more}`

interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string | Uint8Array>>
  prepare?(folder: string): void
  change(folder: string): void
  /** Of the second build. */
  readonly now?: string
}

const cases: readonly Case[] = [
  {
    name: 'the time of a change comes, and a letter tells it',
    files: {
      'articles/publication.yaml': settings(NEWSLETTER),
      'articles/a.md': article('A', `${january(20)}updated: 2026-02-03T10:00:00Z\n`),
    },
    change() {},
    now: '2026-02-05T00:00Z',
  },
  {
    name: 'settings behind a link',
    files: { 'articles/a.md': article('A', january(1)), 'config/site.yaml': settings() },
    prepare(folder) {
      rmSync(join(folder, 'articles/publication.yaml'))
      symlinkSync('config/site.yaml', join(folder, 'publication.yaml'))
    },
    change: folder => writeFileSync(join(folder, 'config/site.yaml'), settings().replace('Test', 'Other')),
  },
  {
    name: 'a template behind a link out of the folder',
    files: { 'articles/a.md': article('A', january(1)), 'templates/keep.txt': '' },
    prepare(folder) {
      const shared = aFolder({ 'feed.css': '.a{}\n' })
      symlinkSync(join(shared, 'feed.css'), join(folder, 'templates/feed.css'))
    },
    change: folder => appendFileSync(join(folder, 'templates/feed.css'), '.b{}\n'),
  },
  {
    name: 'a picture among packages is none',
    files: {
      'articles/a.md': article('A', january(1), '![p](node_modules/p.png)'),
      'articles/node_modules/p.png': png(4, 4),
    },
    change: folder => writeFileSync(join(folder, 'articles/node_modules/p.png'), png(8, 8)),
  },
  {
    name: 'a picture behind the second of two links to one folder',
    files: {
      'articles/publication.yaml': settings(NEWSLETTER),
      'articles/a.md': article('A', `${january(20)}image: { src: z2/p.png, alt: x }\n`),
      'articles/images/p.png': grey(3),
    },
    prepare(folder) {
      for (const link of ['z1', 'z2']) symlinkSync('images', join(folder, 'articles', link))
    },
    change: folder => writeFileSync(join(folder, 'articles/images/p.png'), grey(5)),
  },
  {
    name: 'a lock left by a build that was killed before it wrote anything',
    files: { 'articles/a.md': article('A', january(1)) },
    change: folder => writeFileSync(join(folder, 'out/.broadsheet-lock'), lockOfTheDead()),
  },
]

/** A real picture, too wide for a letter as it is. */
function grey(level: number): Buffer {
  const [width, height] = [1400, 10]
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(typed))
    return Buffer.concat([length, typed, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const lines = Buffer.alloc((width + 1) * height, level)
  for (let line = 0; line < height; line++) lines[line * (width + 1)] = 0
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function lockOfTheDead(): string {
  return JSON.stringify({ ...thisProcess(), id: 'dead', pid: 4_194_303 })
}

test.each(cases)('$name', async ({ files, prepare, change, now = NOW }) => {
  const folder = aFolder(files)
  prepare?.(folder)
  // Until then the clock of the file system cannot tell a change.
  await pause(100)
  expect((await build(folder)).code).toBeLessThan(2)
  change(folder)
  const { code } = await build(folder, now)
  const clean = aFolder()
  rmSync(join(clean, 'articles'), { recursive: true })
  for (const part of readdirSync(folder).filter(name => name !== 'out' && name !== '.broadsheet'))
    cpSync(join(folder, part), join(clean, part), { recursive: true, verbatimSymlinks: true })
  expect((await build(clean, now)).code).toBe(code)
  expect(outTree(folder)).toEqual(outTree(clean))
})

test.each([
  ['out/ is a file', 'out', (path: string) => writeFileSync(path, '')],
  ['a folder of out/ is a file', 'out/tags', (path: string) => writeFileSync(path, '')],
  ['the list of what was made is a folder', 'out/.broadsheet', (path: string) => mkdirSync(path)],
])('%s: told plainly, with the cache and without', async (_, path, spoil) => {
  const folder = aFolder({ 'articles/a.md': article('A', `${january(1)}tags: [x]\n`) })
  await build(folder)
  rmSync(join(folder, path), { recursive: true })
  spoil(join(folder, path))
  for (const cache of ['kept', 'lost']) {
    if (cache === 'lost') rmSync(join(folder, '.broadsheet'), { recursive: true })
    const { code, stderr } = await build(folder)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/out\b.*(not a folder|cannot be)/),
    })
  }
})

test('the time that is given is the time of the build, however long it takes to begin', async () => {
  const folder = aFolder({ 'articles/a.md': article('A', january(30)) })
  let at = 0
  const clock = () => (at += 7)
  const { stdout } = await aRun(folder, ['build', '--now', '2026-01-29T23:59:59.999Z'], { clock })
  expect(stdout).toContain('0 of 1')
  expect(existsSync(join(folder, 'out/2026'))).toBe(false)
})

test('what is told of an article is told on the line where it stands now', async () => {
  const first = article('A', `${january(1)}tags: [R&D]\n`)
  const folder = aFolder({
    'articles/a.md': first,
    'articles/b.md': article('B', `${january(2)}place: Pune\ntags: [R D]\n`),
  })
  const told = async () =>
    (await aRun(folder, ['build', '--json', '--now', NOW]))
      .json()
      .diagnostics.map(({ file, line, rule }: Diagnostic) => `${file}:${line} ${rule}`)
  await pause(100)
  expect(await told()).toEqual(['articles/b.md:5 feed-slug'])
  writeFileSync(join(folder, 'articles/b.md'), article('B', `${january(2)}tags: [R D]\nplace: Pune\n`))
  expect(await told()).toEqual(['articles/b.md:4 feed-slug'])
})

test('a draft without a date has the time of each build: where nothing changed, nothing is made all the same', async () => {
  const folder = aFolder({
    'articles/a.md': article('A', january(1)),
    'articles/b.md': article('B', 'draft: true\n'),
  })
  await pause(100)
  await build(folder)
  const kept = join(folder, '.broadsheet/build/state')
  const before = statSync(kept).mtimeMs
  await build(folder, '2026-02-01T00:00:01Z')
  expect(statSync(kept).mtimeMs).toBe(before)
})
