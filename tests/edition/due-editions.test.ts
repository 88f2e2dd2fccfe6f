// What `send --due` sends: one edition after a pause, never one twice, none that is stale, none that is held.

import { expect, test } from 'vitest'
import { type DueEditions, dueEditions } from '../../src/edition/due-editions.ts'
import { recordedArticles } from '../../src/edition/plan-edition.ts'
import type { EditionNote, Newsletter } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPublication, at } from '../builders.ts'
import { aNote } from '../letter/a-note.ts'

const daily = aNewsletter({ id: 'daily', every: 'day' })
const time = (local: string) => Date.parse(`${local}+05:30`)

/** A ledger that remembers what was sent, and a clock that only this machine looks at. */
function aMachine(
  newsletter: Newsletter,
  days: readonly string[],
  notes: readonly Partial<EditionNote>[] = [],
) {
  const articles = [...days].reverse().map(day => anArticle({ slug: day, date: at(`${day}:00+05:30`) }))
  const loaded = aLoaded(articles, aPublication(), {
    notes: notes.map(note => aNote({ newsletter: newsletter.id, ...note })),
  })
  const [carried, settled] = [new Set<string>(), new Set<string>()]
  let reach: number | undefined

  const look = (now: string): DueEditions =>
    dueEditions(loaded, newsletter, time(now), { carried, settled, reach })
  function send(now: string) {
    const due = look(now)
    for (const edition of due.editions) {
      settled.add(`${newsletter.id}/${edition.id}`)
      reach ??= edition.from
      for (const id of Object.values(recordedArticles(edition)).flat()) carried.add(id)
    }
    for (const { id, why } of due.passed) if (why === 'nothing new') settled.add(`${newsletter.id}/${id}`)
    return due.editions.map(edition => [edition.id, ...edition.articles.map(({ slug }) => slug)])
  }
  return { look, send }
}

test('nothing before its time, once at its time, nothing after', () => {
  const machine = aMachine(aNewsletter(), ['2026-01-28T10:00'])
  expect(machine.send('2026-01-30T06:59')).toEqual([])
  expect(machine.send('2026-01-30T07:00')).toEqual([['2026-W05', '2026-01-28T10:00']])
  expect(machine.send('2026-01-30T07:05')).toEqual([])
  expect(machine.send('2026-02-06T07:05')).toEqual([])
})

test('a machine that was off over several days sends one edition with the articles of all', () => {
  const machine = aMachine(daily, [
    '2026-01-25T10:00',
    '2026-01-26T10:00',
    '2026-01-27T10:00',
    '2026-01-28T10:00',
  ])
  expect(machine.send('2026-01-26T07:00')).toEqual([['2026-01-26', '2026-01-25T10:00']])
  expect(machine.send('2026-01-29T08:00')).toEqual([
    ['2026-01-29', '2026-01-28T10:00', '2026-01-27T10:00', '2026-01-26T10:00'],
  ])
  expect(machine.send('2026-01-29T09:00')).toEqual([])
})

test('the first edition ever has one window, and the run after it does not fetch the earlier ones', () => {
  const machine = aMachine(daily, ['2026-01-26T10:00', '2026-01-27T10:00', '2026-01-28T10:00'])
  expect(machine.send('2026-01-29T08:00')).toEqual([['2026-01-29', '2026-01-28T10:00']])
  expect(machine.send('2026-01-29T09:00')).toEqual([])
  expect(machine.look('2026-01-29T09:00').passed.map(({ why }) => why)).toContain(
    'a later edition replaces it',
  )
})

test('a first day without articles does not bring the day before', () => {
  const machine = aMachine(daily, ['2026-01-27T10:00'])
  expect(machine.send('2026-01-29T08:00')).toEqual([])
  expect(machine.send('2026-01-29T09:00')).toEqual([])
})

test('a slot missed by more than three days is not sent; its articles come in the next', () => {
  const machine = aMachine(aNewsletter(), ['2026-01-20T10:00', '2026-01-28T10:00', '2026-02-04T10:00'])
  expect(machine.send('2026-01-23T07:00')).toHaveLength(1)
  expect(machine.look('2026-02-02T07:00').editions).toHaveLength(1)
  expect(machine.send('2026-02-02T07:01')).toEqual([])
  expect(machine.look('2026-02-02T07:01').passed).toEqual([
    { id: '2026-W05', why: 'missed by more than three days' },
  ])
  expect(machine.send('2026-02-06T07:00')).toEqual([['2026-W06', '2026-02-04T10:00', '2026-01-28T10:00']])
})

test('nothing new: no edition, and it says so', () => {
  expect(aMachine(aNewsletter(), []).look('2026-01-30T07:00')).toEqual({
    editions: [],
    passed: [{ id: '2026-W05', why: 'nothing new' }],
  })
})

test('the note can hold, delay and hasten', () => {
  const days = ['2026-01-28T10:00']
  const held = aMachine(aNewsletter(), days, [{ hold: true }])
  expect(held.look('2026-01-30T08:00').passed).toEqual([{ id: '2026-W05', why: 'on hold' }])
  const delayed = aMachine(aNewsletter(), days, [{ sendAt: at('2026-02-05T18:00:00+05:30') }])
  expect(delayed.send('2026-01-30T08:00')).toEqual([])
  expect(delayed.send('2026-02-05T18:00')).toHaveLength(1)
  const hastened = aMachine(aNewsletter(), days, [{ sendAt: at('2026-01-29T18:00:00+05:30') }])
  expect(hastened.send('2026-01-29T18:00')).toHaveLength(1)
  expect(hastened.send('2026-01-30T08:00')).toEqual([])
})

test('where every article is an edition: at first the newest, then all that are new', () => {
  const machine = aMachine(aNewsletter({ every: 'article' }), [
    '2026-01-27T10:00',
    '2026-01-28T10:00',
    '2026-01-29T10:00',
    '2026-01-29T11:00',
  ])
  expect(machine.send('2026-01-28T12:00')).toEqual([['2026-01-28T10-00', '2026-01-28T10:00']])
  expect(machine.send('2026-01-28T12:01')).toEqual([])
  expect(machine.send('2026-01-29T12:00').map(([id]) => id)).toEqual(['2026-01-29T10-00', '2026-01-29T11-00'])
  expect(machine.send('2026-01-29T12:01')).toEqual([])
})
