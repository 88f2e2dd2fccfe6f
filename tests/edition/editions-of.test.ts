// Every edition that a folder tells of: each article once, nothing on hold, and quick over twenty years.

import { expect, test } from 'vitest'
import { comingEdition, dueEditions, editionsOf, missingSince } from '../../src/edition/due-editions.ts'
import { noteDiagnostics } from '../../src/edition/editors-note.ts'
import { hasEarlierSlot, planEdition } from '../../src/edition/plan-edition.ts'
import { findSlot, newestSlot, slotById } from '../../src/edition/slots.ts'
import type { EditionNote } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPublication, at } from '../builders.ts'
import { aNote } from '../letter/a-note.ts'

const on = (day: string, slug = `on-${day}`) => anArticle({ slug, date: at(`${day}T10:00:00+05:30`) })
const now = Date.parse('2026-02-10T12:00+05:30')
const publication = aPublication({ newsletters: [aNewsletter()] })

function build(
  days: readonly string[],
  notes: readonly Partial<EditionNote>[] = [],
  newsletter = aNewsletter(),
) {
  const loaded = aLoaded(
    [...days].reverse().map(day => on(day)),
    publication,
    { notes: notes.map(aNote) },
  )
  return editionsOf(loaded, newsletter, now).map(edition => [
    edition.id,
    ...edition.articles.map(article => article.slug.slice(3)),
  ])
}

test('every window with articles that is over, oldest first', () => {
  expect(build(['2025-12-24', '2026-01-20', '2026-01-22', '2026-02-04', '2026-02-09'])).toEqual([
    ['2025-W52', '2025-12-24'],
    ['2026-W04', '2026-01-22', '2026-01-20'],
    ['2026-W06', '2026-02-04'],
  ])
})

test('a held edition is not built, and its articles go to the next', () => {
  const days = ['2026-01-15', '2026-01-28', '2026-02-04']
  expect(build(days, [{ hold: true }])).toEqual([
    ['2026-W03', '2026-01-15'],
    ['2026-W06', '2026-02-04', '2026-01-28'],
  ])
})

test('send_at decides what is due', () => {
  const days = ['2026-01-28', '2026-02-09']
  expect(build(days, [{ sendAt: at('2026-03-01T00:00:00Z') }])).toEqual([])
  const early = { id: '2026-W07', sendAt: at('2026-02-10T09:00:00+05:30') }
  expect(build(days, [early])).toEqual([
    ['2026-W05', '2026-01-28'],
    ['2026-W07', '2026-02-09'],
  ])
})

test('what an earlier edition carried or omitted does not come again; a pick from an empty window does come', () => {
  const days = ['2026-01-14', '2026-01-28', '2026-02-04']
  const notes = [
    { id: '2026-W05', omit: ['on-2026-01-28'], pick: ['on-2026-02-04'] },
    { id: '2026-W04', pick: ['on-2026-01-28'] },
  ]
  expect(build(days, notes)).toEqual([
    ['2026-W03', '2026-01-14'],
    ['2026-W04', '2026-01-28'],
    ['2026-W05', '2026-02-04'],
  ])
})

test('where every article is an edition, each is one', () => {
  expect(build(['2026-01-28', '2026-02-04'], [], aNewsletter({ every: 'article' }))).toEqual([
    ['on-2026-01-28', '2026-01-28'],
    ['on-2026-02-04', '2026-02-04'],
  ])
})

test('agrees with planEdition window by window', () => {
  const days = ['2026-01-02', '2026-01-08', '2026-01-15', '2026-01-16', '2026-01-28', '2026-02-04']
  const loaded = aLoaded(
    [...days].reverse().map(day => on(day)),
    publication,
  )
  const carried = new Set<string>()
  for (const edition of editionsOf(loaded, aNewsletter(), now)) {
    const slot = slotById(aNewsletter(), publication.timezone, edition.id)!
    expect(planEdition(loaded, aNewsletter(), slot, { carried, reach: 0 })).toEqual(edition)
    for (const { id } of edition.articles) carried.add(id)
  }
  expect(carried.size).toBe(days.length)
})

test('a note that names nothing, or no edition, is told', () => {
  const notes: Partial<EditionNote>[] = [
    { pick: ['on-2026-01-28'], omit: ['nowhere'], lead: 'on-2026-01-28.md' },
    { id: '2026-W99' },
    { id: '2026-W06', pick: ['draft'], order: ['gone'], omit: ['gone'] },
    { file: 'articles/editions/weekly/2026-W05.markdown' },
  ]
  const loaded = aLoaded(
    [on('2026-01-28'), { ...on('2026-01-27', 'draft'), state: 'draft' }, on('2026-01-27', 'gone')],
    publication,
    { notes: notes.map(aNote) },
  )
  expect(
    noteDiagnostics(loaded).map(({ file, severity, message }) => [file.slice(25), severity, message]),
  ).toEqual([
    ['2026-W05.md', 'error', 'omit: no article is called "nowhere"'],
    ['2026-W99.md', 'error', 'newsletter weekly has no edition 2026-W99'],
    ['2026-W06.md', 'warning', 'pick: "draft" is not published (draft) and will not be carried'],
    ['2026-W06.md', 'error', 'order and omit both name "gone"'],
    ['2026-W05.markdown', 'error', 'articles/editions/weekly/2026-W05.md is the note of the same edition'],
  ])
})

// ─── since: the day of the first edition ────────────────────────────────────────────────────────────────────────────

const midnight = (day: string) => Date.parse(`${day}T00:00+05:30`)
const nothingSent = { carried: new Set<string>(), settled: new Set<string>() }

test('a newsletter has no edition from before its first, which reaches back over its own window alone', () => {
  const days = ['2025-12-24', '2026-01-20', '2026-01-22', '2026-01-24', '2026-02-04']
  const weekly = (since: string) => aNewsletter({ since: midnight(since) })
  const expected = [
    ['2026-W05', '2026-01-24'],
    ['2026-W06', '2026-02-04'],
  ]
  expect(build(days, [], weekly('2026-01-24'))).toEqual(expected)
  // The day of the edition itself, and the day after it.
  expect(build(days, [], weekly('2026-01-30'))).toEqual(expected)
  expect(build(days, [], weekly('2026-01-31'))).toEqual(expected.slice(1))
  const each = aNewsletter({ every: 'article', since: midnight('2026-01-24') })
  expect(build(days, [], each).map(([, day]) => day)).toEqual(['2026-01-24', '2026-02-04'])
})

test('nothing else knows an edition from before either: not by its name, nor as the newest, due, coming or sent', () => {
  const loaded = aLoaded([on('2026-02-04'), on('2026-01-20')], publication, {
    notes: [aNote({ id: '2026-W04' })],
  })
  const newsletter = aNewsletter({ since: midnight('2026-02-11') })
  expect(findSlot(loaded, newsletter, '2026-W04')).toBeUndefined()
  expect(newestSlot(loaded, newsletter, now)).toBeUndefined()
  expect(dueEditions(loaded, newsletter, now, nothingSent)).toEqual({ editions: [], passed: [] })
  expect(hasEarlierSlot(loaded, newsletter, now)).toBe(false)
  expect(comingEdition(loaded, newsletter, Date.parse('2020-01-01'), nothingSent)?.id).toBe('2026-W07')
  const { publication: settings } = loaded
  const noted = noteDiagnostics({ ...loaded, publication: { ...settings, newsletters: [newsletter] } })
  expect(noted.map(({ message }) => message)).toEqual([
    '2026-W04 is before the first edition of newsletter weekly',
  ])
})

test('what was sent before the first edition is not missing from a ledger; what was sent since is', () => {
  const loaded = aLoaded([on('2026-02-04'), on('2026-01-28'), on('2025-12-24')], publication)
  const earlier = (since: string) => hasEarlierSlot(loaded, aNewsletter({ since: midnight(since) }), now)
  expect([earlier('2026-02-06'), earlier('2026-01-30')]).toEqual([false, true])
})

test('more than ten past editions without a first one are asked about, with the line and the day to write', () => {
  const days = Array.from({ length: 11 }, (_, n) => new Date(Date.UTC(2025, 9, 1 + 7 * n)).toISOString())
  const loaded = {
    ...aLoaded(
      [...days].reverse().map(day => on(day.slice(0, 10))),
      publication,
    ),
    settings: { file: 'articles/publication.yaml', text: 'title: x\nnewsletters:\n  - id: weekly\n' },
  }
  const asked = (newsletter = aNewsletter(), most = 11) =>
    missingSince(loaded, newsletter, editionsOf(loaded, newsletter, now).slice(0, most))
  expect(asked()).toEqual([
    {
      file: 'articles/publication.yaml',
      line: 3,
      rule: 'newsletter-since',
      severity: 'warning',
      message:
        'newsletter weekly has 11 past editions, back to 2025-W40: nothing says whether they were ever sent',
      advice:
        "Write the day of its first edition beside its id: since: '2025-10-03' if all of them were sent; the day on which you begin, if none was.",
    },
  ])
  expect([asked(aNewsletter(), 10), asked(aNewsletter({ since: 0 }))]).toEqual([[], []])
})
