// What changed since the last build of the same out/ that readers would take for something new.

import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changedIdentities } from '../../src/feed/changed-identities.ts'
import type { Article, Diagnostic } from '../../src/model.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aLoaded, anArticle, at } from '../builders.ts'
import { build } from './fixture.ts'

const was = anArticle({ slug: 'harbour', title: 'The harbour' })
const other = anArticle({ slug: 'rail', title: 'Rail', date: at('2026-01-29T07:00:00+05:30') })
const previous = build(aLoaded([was, other])).json
const changes = (...articles: Article[]) =>
  changedIdentities([previous], aLoaded(articles)).map(({ rule, message, file }) => ({ rule, message, file }))

test('nothing changed, or only what may change', () => {
  const edited = {
    ...was,
    title: 'The new harbour',
    updated: at('2026-02-01T00:00:00Z'),
    body: 'Other words.',
  }
  expect(changes(was, other)).toEqual([])
  expect(changes(anArticle({ slug: 'new', title: 'New' }), edited, other)).toEqual([])
  expect(changes(other)).toEqual([])
  expect(changes({ ...was, date: at('2026-01-30T01:30:00Z') }, other)).toEqual([])
})

test('an id: by its address, or by date and title where the file was renamed', () => {
  const message =
    'the id was tag:meridian.example,2026:harbour when last built and is now tag:meridian.example,2026:port'
  expect(changes({ ...was, id: 'tag:meridian.example,2026:port' }, other)).toEqual([
    { rule: 'changed-id', message, file: was.file },
  ])
  expect(changes(anArticle({ slug: 'port', title: 'The harbour' }), other)).toEqual([
    { rule: 'changed-id', message, file: 'articles/port.md' },
    { rule: 'changed-address', message: expect.stringContaining('/2026/port/'), file: 'articles/port.md' },
  ])
})

test('a date corrected over New Year changes id, address and date, and each is told', () => {
  const newYear = anArticle({ slug: 'fireworks', title: 'Fireworks', date: at('2026-01-01T00:10:00+05:30') })
  const before = build(aLoaded([newYear, other])).json
  const corrected = {
    id: 'tag:meridian.example,2025:fireworks',
    url: 'https://meridian.example/world/2025/fireworks/',
    date: at('2025-12-31T23:50:00+05:30'),
  }
  const told = (...articles: Article[]) =>
    changedIdentities([before], aLoaded(articles)).map(({ rule, message }) => `${rule}: ${message}`)
  const all = [
    expect.stringMatching(/^changed-id: .*,2026:fireworks when last built and is now .*,2025:fireworks$/),
    expect.stringMatching(/^changed-address: .*2026\/fireworks\/ when .*2025\/fireworks\/$/),
    expect.stringMatching(/^changed-date: .*2026-01-01T.* when .*2025-12-31T/),
  ]
  expect(told(anArticle({ ...corrected, title: 'Fireworks' }), other)).toEqual(all)
  expect(told(anArticle({ ...corrected, title: 'Fireworks of the year' }), other)).toEqual(all)
})

test('an older article that no feed carried is not the newer of its title or name', () => {
  const old = at('2025-01-30T07:00:00+05:30')
  const older = anArticle({ slug: 'harbour-1', title: 'The harbour', date: old })
  expect(changes(older, other)).toEqual([])
  const namesake = anArticle({
    id: 'tag:meridian.example,2025:harbour',
    date: old,
    url: 'https://x.example/',
  })
  expect(changes(namesake, other)).toEqual([])
  // Nor is anybody else what became a draft.
  const twin = { ...was, id: 'tag:meridian.example,2026:twin', file: 'articles/twin.md' }
  expect(changes({ ...was, state: 'draft' }, twin, other)).toEqual([])
})

test('one article removed and another added are not one that changed', () => {
  const next = at('2025-12-31T07:00:00+05:30')
  expect(changes(anArticle({ slug: 'bridge', title: 'The bridge', date: next }), other)).toEqual([])
  // Of two articles of one title nobody can say which it was.
  const [one, two] = ['one', 'two'].map(slug => anArticle({ slug, title: 'The harbour', date: next }))
  expect(changes(one!, two!, other)).toEqual([])
})

test('a date and an address are named, old and new', () => {
  expect(changes({ ...was, date: at('2026-01-31T07:00:00+05:30') }, other)).toEqual([
    {
      rule: 'changed-date',
      message: 'the date was 2026-01-30T07:00:00+05:30 when last built and is now 2026-01-31T07:00:00+05:30',
      file: was.file,
    },
  ])
  expect(changes(was, { ...other, url: 'https://meridian.example/tracks/' })).toMatchObject([
    { rule: 'changed-address', message: expect.stringMatching(/2026\/rail\/ when .*example\/tracks\/$/) },
  ])
})

test.each([[], [''], ['{'], ['[]'], ['{"items":[null]}'], ['{"items":3}']])(
  'no last build: %j',
  (...texts) => {
    expect(changedIdentities(texts, aLoaded([was]))).toEqual([])
  },
)

test.each([
  ['archived', 'archive: true, per: []'],
  ['in the feed of a tag alone', 'per: [tag]'],
])(
  'the same of what is %s, by check before and by build once, with the cache and without',
  async (_, feeds) => {
    const article = (n: number, more = '') =>
      `---\ntitle: Article ${n}\ndate: 2026-01-0${n}\ntags: [${n < 3 ? 'old' : 'new'}]\n${more}---\n\nText\n`
    const folder = aFolder({
      'articles/publication.yaml': `title: The Test\nurl: https://test.example/\nfeeds: { items: 2, ${feeds} }\n`,
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map(n => [`articles/a${n}.md`, article(n)])),
    })
    const told = async (command: string) => {
      const { json } = await aRun(folder, [command, '--json', '--now', '2026-02-01T00:00Z'])
      const found = json().diagnostics ?? json()
      const changed = found.filter(({ rule }: Diagnostic) => rule.startsWith('changed-'))
      return changed.map(({ file, rule }: Diagnostic) => `${file} ${rule}`)
    }
    expect(await told('check')).toEqual([])
    expect(await told('build')).toEqual([])
    for (const [n, cache] of ['kept', 'lost'].entries()) {
      writeFileSync(join(folder, 'articles/a1.md'), article(1, `url: /other-${n}/\n`))
      writeFileSync(join(folder, 'articles/a2.md'), article(2, `id: tag:test.example,2026:other-${n}\n`))
      if (cache === 'lost') rmSync(join(folder, '.broadsheet'), { recursive: true })
      const all = ['articles/a1.md changed-address', 'articles/a2.md changed-id']
      expect(await told('check')).toEqual(all)
      expect(await told('build')).toEqual(all)
      expect(await told('build')).toEqual([])
      expect(await told('check')).toEqual([])
    }
  },
)
