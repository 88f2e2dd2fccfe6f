// `build` over whole folders: what is made, what is said, and what bad input does.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const article = (title: string, more = '') =>
  `---\ntitle: ${title}\ndate: 2026-01-30\n${more}---\n\nText of ${title}.\n`
const now = ['--now', '2026-02-01T00:00Z']
const build = (folder: string, ...argv: string[]) => aRun(folder, ['build', '--json', ...now, ...argv])

test('articles become feeds, a page and a report with stable names', async () => {
  const folder = aFolder({ 'articles/a.md': article('One'), 'articles/deep/er/b.markdown': article('Two') })
  const ran = await build(folder)
  expect(ran.code).toBe(0)
  expect(ran.json()).toEqual({
    articles: { read: 2, built: 2, draft: 0, future: 0, expired: 0, withdrawn: 0, unlisted: 0, broken: 0 },
    check: { articles: 2, warnings: 0 },
    feeds: [
      {
        scope: 'main',
        name: 'The Test',
        rss: 'out/rss.xml',
        atom: 'out/atom.xml',
        json: 'out/feed.json',
        items: 2,
      },
    ],
    editions: [],
    files: { written: expect.any(Number), unchanged: 0, removed: 0 },
    diagnostics: [],
  })
  const index = readFileSync(join(folder, 'out/index.html'), 'utf8')
  for (const type of ['rss+xml', 'atom+xml', 'feed+json'])
    expect(index).toContain(`type="application/${type}"`)
})

test('the same input gives the same bytes, and nothing is written again', async () => {
  const folder = aFolder({ 'articles/a.md': article('One') })
  const first = await build(folder)
  const again = await build(folder)
  expect(again.json().files).toEqual({ written: 0, unchanged: first.json().files.written, removed: 0 })
})

test('transcript and chapters that a feed announces lie in out/, and follow their files', async () => {
  const folder = aFolder({
    'articles/podcast/one.md': article(
      'One',
      'audio: { src: ../audio/one.mp3, transcript: ../audio/one.vtt, chapters: ../audio/one.chapters.json }\n',
    ),
    'articles/podcast/two.md': article('Two', 'draft: true\naudio: { src: two.mp3, transcript: two.vtt }\n'),
    'articles/podcast/two.mp3': 'sound',
    'articles/podcast/two.vtt': 'SECRET',
    'articles/audio/one.mp3': 'sound',
    'articles/audio/one.vtt': 'WEBVTT\n',
    'articles/audio/one.chapters.json': '{}',
  })
  const made = (name: string) => readFileSync(join(folder, 'out', name), 'utf8')
  await build(folder)
  expect(readdirSync(join(folder, 'out/audio')).sort()).toEqual(['one.chapters.json', 'one.mp3', 'one.vtt'])
  expect(existsSync(join(folder, 'out/podcast'))).toBe(false)
  writeFileSync(join(folder, 'articles/audio/one.vtt'), 'WEBVTT\n\nMended.\n')
  await build(folder)
  expect(made('audio/one.vtt')).toContain('Mended.')
  rmSync(join(folder, 'articles/audio/one.chapters.json'))
  await build(folder)
  expect(readdirSync(join(folder, 'out/audio')).sort()).toEqual(['one.mp3', 'one.vtt'])
})

test('what must not be in a feed is not, and is counted', async () => {
  const folder = aFolder({
    'articles/draft.md': article('Secret draft', 'draft: true\n'),
    'articles/unpublished.md': article('Secret unpublished', 'published: false\n'),
    'articles/future.md': '---\ntitle: Secret future\ndate: 2031-01-01\n---\nx\n',
    'articles/expired.md': article('Secret expired', 'expires: 2026-01-31\n'),
    'articles/withdrawn.md': article('Secret withdrawn', 'withdrawn: it was wrong\n'),
    'articles/unlisted.md': article('Secret unlisted', 'unlisted: true\n'),
    'articles/seen.md': article('Seen'),
  })
  const ran = await build(folder)
  expect(ran.json().articles).toEqual({
    read: 7,
    built: 1,
    draft: 2,
    future: 1,
    expired: 1,
    withdrawn: 1,
    unlisted: 1,
    broken: 0,
  })
  for (const name of readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })) {
    // Only their own addresses say anything of these: the article itself, or that it was withdrawn.
    const own = /\/(unlisted|withdrawn)$/.test(name.parentPath)
    if (name.isFile() && !own)
      expect(readFileSync(join(name.parentPath, name.name), 'utf8')).not.toContain('Secret')
  }
  expect(readFileSync(join(folder, 'out/2026/unlisted/index.html'), 'utf8')).toContain(
    'Text of Secret unlisted.',
  )
  expect(readFileSync(join(folder, 'out/2026/withdrawn/index.html'), 'utf8')).not.toContain('Text of Secret')
})

test('a folder with a thousand errors reports a thousand, each with file and line, and builds the rest', async () => {
  const bad = Object.fromEntries(
    Array.from({ length: 1000 }, (_, n) => [
      `articles/bad-${n}.md`,
      `---\ntitle: Bad\ndate: someday ${n}\n---\nx\n`,
    ]),
  )
  const folder = aFolder({ ...bad, 'articles/good.md': article('Good') })
  const ran = await build(folder)
  const { articles, diagnostics } = ran.json()
  expect(ran.code).toBe(1)
  expect(articles).toMatchObject({ read: 1001, built: 1, broken: 1000 })
  const errors = diagnostics.filter((found: { severity: string }) => found.severity === 'error')
  expect(errors).toHaveLength(1000)
  expect(errors[0]).toMatchObject({
    file: 'articles/bad-0.md',
    line: 3,
    message: expect.stringContaining('someday 0'),
  })
  expect(readFileSync(join(folder, 'out/rss.xml'), 'utf8')).toContain('Good')
})

test.each([
  ['front matter that does not end', '---\ntitle: Open\n\nText\n'],
  ['not UTF-8', Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe, 0x0a])],
  ['YAML that is none', '---\ntitle: [unclosed\n---\nx\n'],
  ['a date that is none', article('X').replace('2026-01-30', '2026-13-45')],
  ['a title that is none', '---\ndate: 2026-01-30\ntitle: [x]\n---\nx\n'],
  ['code as front matter', '---js\n{ title: require("node:fs").writeFileSync("ran", "") }\n---\nx\n'],
])('%s: an error with its place; the others are built', async (_, text) => {
  const folder = aFolder({ 'articles/bad.md': text, 'articles/good.md': article('Good') })
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  const { articles, diagnostics } = ran.json()
  expect(articles).toMatchObject({ built: 1, broken: 1 })
  expect(diagnostics[0]).toMatchObject({
    file: 'articles/bad.md',
    severity: 'error',
    rule: expect.any(String),
  })
  expect(diagnostics[0].advice).toBeTruthy()
  expect(readdirSync(folder)).not.toContain('ran')
})

test.each([
  ['id', 'id: urn:same\n'],
  ['address', 'permalink: /same/\n'],
])('two articles with one %s: the first stays, the second is an error that names both', async (_, more) => {
  const folder = aFolder({
    'articles/a.md': article('First', more),
    'articles/b.md': article('Second', more),
  })
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  const [found] = ran.json().diagnostics
  expect(`${found.file} ${found.message}`).toMatch(/b\.md.*a\.md/)
  expect(readFileSync(join(folder, 'out/feed.json'), 'utf8')).not.toContain('Second')
})

test('a picture, or an article, outside the folder is never read', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'broadsheet-outside-'))
  writeFileSync(join(outside, 'secret.md'), article('Secret'))
  writeFileSync(join(outside, 'secret.png'), 'Secret')
  const folder = aFolder({
    'articles/a.md': article('A', `image: { src: ../../${outside.split('/').pop()}/secret.png, alt: x }\n`),
    'articles/b.md': article('B').replace('Text of', `![x](../../${outside.split('/').pop()}/secret.png)`),
  })
  symlinkSync(join(outside, 'secret.md'), join(folder, 'articles/link.md'))
  symlinkSync(outside, join(folder, 'articles/linked'))
  const ran = await build(folder)
  rmSync(outside, { recursive: true })
  expect(ran.code).toBe(1)
  for (const name of readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })) {
    if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name), 'utf8')).not.toContain('Secret')
  }
})

test.each([
  [
    'an unknown key',
    'title: T\nurl: https://t.example/\nfeed: {}\n',
    /publication\.yaml:3.*feed[\s\S]*feeds/,
  ],
  [
    'a time zone that is none',
    'title: T\nurl: https://t.example/\ntimezone: Mars/Base\n',
    /publication\.yaml:3.*Mars\/Base/,
  ],
  [
    'an address with CR LF',
    'title: T\nurl: https://t.example/\nmail: { bounces: "a@b.example\\r\\nBcc: c@d.example" }\n',
    /publication\.yaml:3/,
  ],
  ['no url', 'title: T\n', /url/],
])('settings with %s: exit 2, the line and what is right', async (_, settings, message) => {
  const ran = await aRun(aFolder({ 'articles/publication.yaml': settings }), ['build'])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(message)
})

test('no articles/ at all: exit 2 and how to begin; an empty one builds', async () => {
  const nothing = mkdtempSync(join(tmpdir(), 'broadsheet-'))
  const ran = await aRun(nothing, ['build'])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(/broadsheet init/)
  rmSync(nothing, { recursive: true })
  const empty = await build(aFolder())
  expect(empty.code).toBe(0)
  expect(empty.json().articles).toMatchObject({ read: 0, built: 0 })
})

test('an article that cannot be read is reported, the others are built', async () => {
  const folder = aFolder({ 'articles/good.md': article('Good') })
  symlinkSync('nowhere.md', join(folder, 'articles/gone.md'))
  mkdirSync(join(folder, 'articles/folder.md'))
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  expect(ran.json().articles.built).toBe(1)
  expect(ran.json().diagnostics[0]).toMatchObject({ file: 'articles/gone.md', severity: 'error' })
})

test('an id that changed since the last build is a warning that names both', async () => {
  const folder = aFolder({ 'articles/a.md': article('One') })
  await build(folder)
  writeFileSync(join(folder, 'articles/a.md'), article('One', 'id: tag:test.example,2026:b\n'))
  const ran = await build(folder)
  expect(ran.code).toBe(0)
  const [found] = ran.json().diagnostics
  expect(found).toMatchObject({ severity: 'warning', file: 'articles/a.md' })
  expect(found.message).toMatch(/tag:test\.example,2026:a/)
  expect(found.message).toMatch(/tag:test\.example,2026:b/)
})
