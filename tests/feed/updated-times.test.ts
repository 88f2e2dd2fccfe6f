// When each article was last changed, as feeds say it: no two at one moment, and nothing that others do moves it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { updatedTimes } from '../../src/feed/feed-documents.ts'
import type { Article, Timestamp } from '../../src/model.ts'
import { anArticle, at } from '../builders.ts'

const MIDNIGHT = '2026-01-30T00:00:00+05:30'
const article = (slug: string, date: string, updated?: string) =>
  anArticle({ slug, date: at(date), ...(updated ? { updated: at(updated) } : {}) })

function momentsOf(articles: readonly Article[]): Record<string, Timestamp> {
  return Object.fromEntries([...updatedTimes(articles)].map(([{ slug }, time]) => [slug, time]))
}

const millisecond = (slug: string) => momentsOf([article(slug, MIDNIGHT)])[slug]!.at - Date.parse(MIDNIGHT)

test('a midnight moves on by less than a second, in whatever offset; any other time stays', () => {
  const dates = [MIDNIGHT, '2026-01-30T00:00:00-08:00', '2026-01-30T00:00:00Z', '1969-07-20T00:00:00Z']
  for (const date of dates) {
    const moved = momentsOf([article('a', date)]).a!
    expect(moved.at - Date.parse(date)).toBeGreaterThanOrEqual(1)
    expect(moved.at - Date.parse(date)).toBeLessThanOrEqual(999)
    expect(moved.offset).toBe(at(date).offset)
  }
  for (const date of ['2026-01-30T00:00:01+05:30', '2026-01-30T00:00:00.250Z', '2026-01-30T18:30:00-08:00'])
    expect(momentsOf([article('a', date)]).a).toEqual(at(date))
  expect(momentsOf([article('a', '2026-01-29T09:30:00Z', '2026-02-01T10:00:00Z')]).a).toEqual(
    at('2026-02-01T10:00:00Z'),
  )
})

// Two of a day meet by chance where their ids have the same millisecond: this pair, found by counting.
test('those whose ids have one millisecond keep apart: the first published stays, the other takes the next', () => {
  const first = 'a0'
  const twin = Array.from({ length: 9999 }, (_, n) => `b${n}`).find(
    slug => millisecond(slug) === millisecond(first),
  )!
  const [early, late] = [article(first, MIDNIGHT), article(twin, MIDNIGHT)]
  const both = momentsOf([late, early])
  expect(both[first]).toEqual(momentsOf([early])[first])
  expect(both[twin]!.at).toBe(both[first]!.at + 1)
  // The day on which the other was published decides before its id does.
  const edited = article(first, '2026-01-30T00:00:00+05:30', '2026-02-02T00:00:00+05:30')
  const older = article(twin, '2026-01-29T00:00:00+05:30', '2026-02-02T00:00:00+05:30')
  expect(momentsOf([edited, older])[twin]).toEqual(momentsOf([older])[twin])
})

test('whatever is published besides, no article is updated by it, and no two are at one moment', () => {
  const slug = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
  const day = fc.integer({ min: 1, max: 9 }).map(day => `2026-01-0${day}T00:00:00+05:30`)
  const time = fc.integer({ min: 0, max: 30 }).map(second => `2026-01-05T06:00:${10 + second}Z`)
  const some = fc.uniqueArray(fc.record({ slug, date: fc.oneof(day, time) }), {
    selector: each => each.slug,
    minLength: 2,
    maxLength: 40,
  })
  fc.assert(
    fc.property(some, fc.nat(), (list, cut) => {
      const all = list.map(each => article(each.slug, each.date))
      const moment = ({ date, slug }: Article) =>
        date.at % 86_400_000 === 66_600_000 ? date.at + millisecond(slug) : date.at
      const apart = new Set(all.map(moment)).size === all.length
      fc.pre(apart) // else two meet: the test above
      const after = momentsOf(all)
      const before = momentsOf(all.toSpliced(cut % all.length, 1))
      for (const [slug, time] of Object.entries(before)) expect(after[slug]).toEqual(time)
    }),
    { numRuns: 300 },
  )
  fc.assert(
    fc.property(some, list => {
      const times = [...updatedTimes(list.map(each => article(each.slug, each.date))).values()]
      expect(new Set(times.map(({ at }) => at)).size).toBe(list.length)
    }),
  )
})
