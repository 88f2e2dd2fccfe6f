// What an edition carries, in which order, and what it says of the rest.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type History, planEdition, recordedArticles } from '../../src/edition/plan-edition.ts'
import { articleSlots, findSlot, newestSlot } from '../../src/edition/slots.ts'
import type { Article, ArticleState, EditionNote, Newsletter } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPicture, aPublication, at } from '../builders.ts'
import { aNote } from '../letter/a-note.ts'

const world = { slug: 'world', title: 'World' }
const business = { slug: 'business', title: 'Business' }
const arts = { slug: 'arts', title: 'Arts' }

const on = (day: string, slug: string, overrides: Partial<Article> = {}) =>
  anArticle({ slug, date: at(`${day}T10:00:00+05:30`), ...overrides })

/** Friday 23 January 07:00 to Friday 30 January 07:00. */
function plan(
  articles: readonly Article[],
  {
    note,
    history = {},
    newsletter = {},
    slot = '2026-W05',
  }: {
    note?: Partial<EditionNote>
    history?: Partial<History>
    newsletter?: Partial<Newsletter>
    slot?: string
  } = {},
) {
  const loaded = aLoaded(articles, aPublication(), { notes: note ? [aNote(note)] : [] })
  const weekly = aNewsletter(newsletter)
  const edition = planEdition(loaded, weekly, findSlot(loaded, weekly, slot)!, {
    carried: new Set(),
    ...history,
  })
  return {
    edition,
    carried: edition.articles.map(article => article.slug),
    leftOut: Object.fromEntries(
      edition.leftOut.map(({ article, why }) => [articles.find(({ id }) => id === article)!.slug, why]),
    ),
  }
}
const ids = (...slugs: string[]) => new Set(slugs.map(slug => `tag:meridian.example,2026:${slug}`))

test('without history an edition carries its own window and nothing older', () => {
  const articles = [
    anArticle({ slug: 'next', date: at('2026-01-30T07:00:01+05:30') }),
    anArticle({ slug: 'last', date: at('2026-01-30T07:00:00+05:30') }),
    anArticle({ slug: 'first', date: at('2026-01-23T07:00:01+05:30') }),
    anArticle({ slug: 'before', date: at('2026-01-23T07:00:00+05:30') }),
  ]
  const { edition, carried, leftOut } = plan(articles)
  expect(carried).toEqual(['last', 'first'])
  expect(leftOut).toEqual({})
  expect(edition.sendAt).toBe(Date.parse('2026-01-30T07:00+05:30'))
})

test('an article that was published late into a window already sent comes in the next', () => {
  const articles = [
    on('2026-01-28', 'new'),
    on('2026-01-20', 'late'),
    on('2026-01-21', 'sent'),
    on('2025-12-01', 'old'),
  ]
  const history = { carried: ids('sent'), reach: Date.parse('2026-01-16T07:00+05:30') }
  const { carried, leftOut } = plan(articles, { history })
  expect(carried).toEqual(['new', 'late'])
  expect(leftOut).toEqual({})
})

test('an article that was sent never comes again, whatever its date and slug are now', () => {
  const moved = on('2026-01-29', 'renamed', { id: 'tag:meridian.example,2026:sent' })
  const { carried, leftOut } = plan([moved], { history: { carried: ids('sent'), reach: 0 } })
  expect(carried).toEqual([])
  expect(leftOut).toEqual({ renamed: 'already sent' })
})

test('what is not published is left out by its state, and only of this window', () => {
  const states: ArticleState[] = ['draft', 'future', 'expired', 'withdrawn', 'unlisted']
  const articles = states.flatMap(state => [
    on('2026-01-28', state, { state }),
    on('2026-01-14', `old-${state}`, { state }),
  ])
  const { carried, leftOut } = plan(articles, { history: { reach: 0 }, note: { pick: ['draft'] } })
  expect(carried).toEqual([])
  expect(leftOut).toEqual(Object.fromEntries(states.map(state => [state, state])))
})

test('a newsletter carries its sections and its tags', () => {
  const articles = [
    on('2026-01-28', 'in-section', { section: world }),
    on('2026-01-27', 'with-tag', { section: business, tags: ['Climate'] }),
    on('2026-01-26', 'neither', { section: business }),
    on('2026-01-25', 'bare'),
  ]
  const { carried, leftOut } = plan(articles, { newsletter: { sections: ['world'], tags: ['climate'] } })
  expect(carried).toEqual(['in-section', 'with-tag'])
  expect(leftOut).toEqual({ neither: 'another section', bare: 'another section' })
})

test('the newest with a picture leads, sections follow in the settings’ order, newest first in each', () => {
  const articles = [
    on('2026-01-29', 'b1', { section: business }),
    on('2026-01-28', 'w1', { section: world }),
    on('2026-01-27', 'none'),
    on('2026-01-26', 'lead', { section: business, image: aPicture() }),
    on('2026-01-25', 'a1', { section: arts }),
    on('2026-01-25', 'w2', { section: world, image: aPicture() }),
  ]
  const { edition, carried } = plan(articles)
  expect(edition.lead?.slug).toBe('lead')
  expect(carried).toEqual(['lead', 'w1', 'w2', 'b1', 'a1', 'none'])
  expect(edition.parts.map(part => part.title)).toEqual(['World', 'Business', 'Arts', ''])
})

test('without any picture the newest leads', () => {
  expect(plan([on('2026-01-29', 'new'), on('2026-01-28', 'old')]).edition.lead?.slug).toBe('new')
})

test('with pick exactly those come, in that order, from any section and any time', () => {
  const articles = [
    on('2026-01-29', 'a', { image: aPicture() }),
    on('2026-01-28', 'b'),
    on('2025-06-01', 'classic', { section: arts }),
  ]
  const { edition, carried, leftOut } = plan(articles, {
    newsletter: { sections: ['world'] },
    note: { pick: ['articles/classic.md', 'b'] },
  })
  expect(carried).toEqual(['classic', 'b'])
  expect(leftOut).toEqual({ a: 'another section' })
  expect(recordedArticles(edition).omitted).toEqual([])
  expect(plan(articles, { note: { pick: ['b'] } }).leftOut).toEqual({ a: 'not picked' })
})

test('omit leaves out for good, unless a later edition picks it', () => {
  const articles = [on('2026-01-29', 'a'), on('2026-01-28', 'b')]
  const { edition, carried, leftOut } = plan(articles, { note: { omit: ['b'], pick: ['a', 'b'] } })
  expect(carried).toEqual(['a'])
  expect(leftOut).toEqual({ b: 'omitted by the editor' })
  const recorded = recordedArticles(edition)
  const history = {
    carried: new Set([...recorded.carried, ...recorded.omitted]),
    omitted: new Set(recorded.omitted),
    reach: edition.from,
  }
  expect(plan(articles, { slot: '2026-W06', history }).carried).toEqual([])
  const next = { id: '2026-W06', pick: ['a', 'b'] }
  const later = plan(articles, { slot: '2026-W06', history, note: next })
  expect(later.carried).toEqual(['b'])
  expect(later.leftOut).toEqual({ a: 'already sent' })
})

test('lead leads, order goes first and takes its section along', () => {
  const articles = [
    on('2026-01-29', 'w1', { section: world, image: aPicture() }),
    on('2026-01-28', 'w2', { section: world }),
    on('2026-01-27', 'b1', { section: business }),
    on('2026-01-26', 'b2', { section: business }),
  ]
  expect(plan(articles, { note: { lead: 'w2' } }).carried).toEqual(['w2', 'w1', 'b1', 'b2'])
  expect(plan(articles, { note: { lead: 'w1', order: ['b2'] } }).carried).toEqual(['w1', 'b2', 'b1', 'w2'])
  expect(plan(articles, { note: { order: ['b2', 'w2'] } }).carried).toEqual(['b2', 'w2', 'w1', 'b1'])
})

test('a lead from elsewhere comes along; one that was sent does not, and another leads', () => {
  const articles = [on('2026-01-29', 'a'), on('2026-01-02', 'old')]
  expect(plan(articles, { note: { lead: 'old' } }).carried).toEqual(['old', 'a'])
  const sent = plan(articles, { note: { lead: 'old' }, history: { carried: ids('old') } })
  expect(sent.carried).toEqual(['a'])
  expect(sent.leftOut).toEqual({ old: 'already sent' })
})

test('the note says when and whether', () => {
  const sendAt = at('2026-01-30T18:00:00+05:30')
  const { edition } = plan([on('2026-01-29', 'a')], { note: { sendAt, hold: true } })
  expect([edition.sendAt, edition.hold, edition.note?.id]).toEqual([sendAt.at, true, '2026-W05'])
})

test('where every article is an edition, its slug is the id, and of two alike the later is told apart', () => {
  const articles = [
    on('2026-01-29', 'same', { id: 'tag:x,2026:2', section: world }),
    on('2026-01-28', 'same', { id: 'tag:x,2026:1', section: business }),
    on('2026-01-27', '../etc'),
  ]
  const each = aNewsletter({ every: 'article' })
  const slots = articleSlots(aLoaded(articles), each)
  expect(slots.map(({ slot }) => slot.id)).toEqual([
    '-etc',
    'same',
    expect.stringMatching(/^same-[0-9a-f]{8}$/),
  ])
  const { edition } = plan(articles, { newsletter: { every: 'article' }, slot: 'same' })
  expect(edition.articles.map(article => article.id)).toEqual(['tag:x,2026:1'])
  expect(newestSlot(aLoaded(articles), each, Date.parse('2026-01-28T12:00Z'))?.id).toBe('same')
})

test('whatever articles and history: nothing twice, nothing unpublished, nothing sent, lead first, parts complete', () => {
  const article = fc.record({
    day: fc.integer({ min: 1, max: 30 }),
    state: fc.constantFrom<ArticleState>('published', 'published', 'draft', 'unlisted', 'withdrawn'),
    section: fc.constantFrom(undefined, world, business, arts),
    pictured: fc.boolean(),
    sent: fc.boolean(),
  })
  const references = fc.array(
    fc.nat(11).map(number => `n${number}`),
    { maxLength: 4 },
  )
  const words = fc.record({
    pick: references,
    omit: references,
    order: references,
    lead: fc.constantFrom('n0', 'n99'),
  })
  fc.assert(
    fc.property(
      fc.array(article, { maxLength: 12 }),
      words,
      fc.option(fc.constant(0)),
      (made, note, reach) => {
        const articles = made.map(({ day, state, section, pictured }, number) =>
          on(`2026-01-${String(day).padStart(2, '0')}`, `n${number}`, {
            state,
            section,
            image: pictured ? aPicture() : undefined,
          }),
        )
        const carried = new Set(articles.filter((_, number) => made[number]!.sent).map(({ id }) => id))
        const { edition } = plan(articles, { note, history: { carried, reach: reach ?? undefined } })
        const chosen = edition.articles.map(({ id }) => id)
        const out = edition.leftOut.map(({ article }) => article)
        expect(new Set([...chosen, ...out]).size).toBe(chosen.length + out.length)
        expect(edition.articles.filter(({ state, id }) => state !== 'published' || carried.has(id))).toEqual(
          [],
        )
        expect(edition.articles[0]).toBe(edition.lead)
        expect(edition.parts.flatMap(part => part.articles)).toEqual(edition.articles.slice(1))
        // Every article of the window is accounted for.
        const window = articles.filter(({ date }) => date.at > edition.from && date.at <= edition.until)
        expect(window.filter(({ id }) => !chosen.includes(id) && !out.includes(id))).toEqual([])
        expect(
          plan([...articles].reverse(), { note, history: { carried, reach: reach ?? undefined } }).carried,
        ).toEqual(edition.articles.map(({ slug }) => slug))
      },
    ),
  )
})
