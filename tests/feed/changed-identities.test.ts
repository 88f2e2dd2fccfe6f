// What changed since the last build of the same out/ that readers would take for something new.

import { expect, test } from 'vitest'
import { changedIdentities } from '../../src/feed/index.ts'
import type { Article } from '../../src/model.ts'
import { aLoaded, anArticle, at } from '../builders.ts'
import { build } from './fixture.ts'

const was = anArticle({ slug: 'harbour', title: 'The harbour' })
const other = anArticle({ slug: 'rail', title: 'Rail', date: at('2026-01-29T07:00:00+05:30') })
const previous = build(aLoaded([was, other])).json
const changes = (...articles: Article[]) =>
  changedIdentities(previous, aLoaded(articles)).map(({ rule, message, file }) => ({ rule, message, file }))

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
    changedIdentities(before, aLoaded(articles)).map(({ rule, message }) => `${rule}: ${message}`)
  const all = [
    expect.stringMatching(/^changed-id: .*,2026:fireworks when last built and is now .*,2025:fireworks$/),
    expect.stringMatching(/^changed-address: .*2026\/fireworks\/ when .*2025\/fireworks\/$/),
    expect.stringMatching(/^changed-date: .*2026-01-01T.* when .*2025-12-31T/),
  ]
  expect(told(anArticle({ ...corrected, title: 'Fireworks' }), other)).toEqual(all)
  expect(told(anArticle({ ...corrected, title: 'Fireworks of the year' }), other)).toEqual(all)
  // Under another name as well, and only the title is left.
  expect(
    told(anArticle({ ...corrected, id: 'tag:meridian.example,2025:eve', title: 'Fireworks' }), other),
  ).toHaveLength(3)
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

test.each([undefined, '', '{', '[]', '{"items":[null]}', '{"items":3}'])('no last build: %j', text => {
  expect(changedIdentities(text, aLoaded([was]))).toEqual([])
})
