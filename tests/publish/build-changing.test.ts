// Articles that are written, or go, while a build reads them: it begins anew, and what it makes is one state of the folder.

import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { listFolder } from '../../src/content/list-folder.ts'
import { loadFolder } from '../../src/content/load-folder.ts'
import { parseSettings } from '../../src/content/settings/parse-settings.ts'
import { ChangedMeanwhile, EXIT } from '../../src/errors.ts'
import { buildPublication } from '../../src/publish/build-publication.ts'
import { aFolder } from '../a-folder.ts'
import { png } from '../content/a-load.ts'

/** What happens as soon as the folder is listed. */
const listing = vi.hoisted(() => ({ ended: () => {} }))
vi.mock('../../src/publish/cache/folder-snapshot.ts', async original => {
  const all = await original<typeof import('../../src/publish/cache/folder-snapshot.ts')>()
  const takeSnapshot = (dir: string) => {
    const snapshot = all.takeSnapshot(dir)
    listing.ended()
    return snapshot
  }
  return { ...all, takeSnapshot }
})

const at = Date.parse('2026-02-01T00:00Z')
const article = (title: string, text: string, more = '') =>
  `---\ntitle: ${title}\ndate: 2026-01-30\n${more}---\n\n${text}\n`
const files = {
  'articles/a.md': article('A', 'Old text.', 'authors: [ada]\nimage: { src: images/p.png, alt: P }\n'),
  'articles/b.md': article('B', 'Text.'),
  'articles/authors/ada.md': '---\nname: Ada\n---\n\nWrites.\n',
  'articles/images/p.png': png(10, 10),
}

/** The clock is asked once before the folder is looked at, and once more before it is read. */
function building(dir: string, change: () => void) {
  let asked = 0
  return buildPublication({
    dir,
    now() {
      if (++asked === 2) change()
      return at
    },
  })
}

const feed = (dir: string) => readFileSync(join(dir, 'out/rss.xml'), 'utf8')

test('the text of an article that was not to be read again', async () => {
  const dir = aFolder(files)
  await pause(50) // what was written a moment ago is not believed
  await building(dir, () => {})
  writeFileSync(join(dir, 'articles/b.md'), article('B', 'Another text.'))
  const { diagnostics } = await building(dir, () =>
    writeFileSync(join(dir, 'articles/a.md'), article('A new', 'New text.', 'authors: [ada]\n')),
  )
  expect(diagnostics.filter(({ rule }) => !rule.startsWith('changed-'))).toEqual([])
  // As it was when the build looked, or as it is now; never one's title over the other's text.
  const isNew = feed(dir).includes('<title>A new</title>')
  expect(feed(dir)).toContain('Another text.')
  expect(feed(dir).includes('New text.')).toBe(isNew)
  expect(feed(dir).includes('Old text.')).toBe(!isNew)
  await building(dir, () => {})
  expect(feed(dir)).toContain('New text.')
  expect(feed(dir)).not.toContain('Old text.')
})

test.each([
  ['article', 'articles/b.md'],
  ['author', 'articles/authors/ada.md'],
  ['image', 'articles/images/p.png'],
])('an %s that is taken away', async (_, path) => {
  const dir = aFolder(files)
  const { diagnostics } = await building(dir, () => unlinkSync(join(dir, path)))
  const again = aFolder(files)
  unlinkSync(join(again, path))
  const clean = await building(again, () => {})
  expect(diagnostics).toEqual(clean.diagnostics)
  expect(feed(dir)).toBe(feed(again))
})

const text = 'title: The Test\nurl: https://test.example/\n'
const settings = { file: 'articles/publication.yaml', text, value: parseSettings(text, '') }

test('a body that changes after it was read is not given out', () => {
  const dir = aFolder(files)
  const { loaded } = loadFolder(dir, { now: at, settings })
  writeFileSync(join(dir, 'articles/b.md'), article('B', 'Longer than it was.'))
  const [a, b] = ['A', 'B'].map(title => loaded.articles.find(each => each.title === title)!)
  expect(a!.body).toContain('Old text.')
  expect(() => b!.body).toThrow(ChangedMeanwhile)
})

test('nothing is said against an article that was half written when it was read', () => {
  const dir = aFolder(files)
  const listing = listFolder(dir, 'articles')
  writeFileSync(join(dir, 'articles/b.md'), '---\ntitle: B')
  expect(() => loadFolder(dir, { now: at, settings, listing })).toThrow(ChangedMeanwhile)
  const broken = loadFolder(dir, { now: at, settings }).loaded.diagnostics
  expect(broken).toMatchObject([{ file: 'articles/b.md', message: 'the front matter does not end' }])
})

test('one that changes all the time ends with words, and what stood in out/ stands whole', async () => {
  const dir = aFolder(files)
  await building(dir, () => {})
  const before = feed(dir)
  const path = join(dir, 'articles/b.md')
  writeFileSync(path, article('B', 'Another text.'))
  let written = 0
  listing.ended = () => writeFileSync(path, `---\ntitle: ${'B'.repeat(++written)}`)
  await expect(building(dir, () => {})).rejects.toMatchObject({
    message: expect.stringContaining(`${path} was changed while it was being read`),
    exit: EXIT.content,
  })
  expect(written).toBeGreaterThan(3)
  expect(feed(dir)).toBe(before)
  listing.ended = () => {}
  writeFileSync(path, article('B', 'At last.'))
  await building(dir, () => {})
  expect(feed(dir)).toContain('At last.')
})
