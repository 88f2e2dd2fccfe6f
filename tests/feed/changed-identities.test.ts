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
  ])
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
