// What stands beside an article: older ones of its language, those with most in common first, then the newest.

import { expect, test } from 'vitest'
import type { Article } from '../../src/model.ts'
import { articlesBeside } from '../../src/site/articles-beside.ts'
import { anArticle } from '../builders.ts'

const world = { slug: 'world', title: 'World' }
const slugs = (articles: readonly Article[]) => articles.map(({ slug }) => slug)
const named = (slug: string, more: Partial<Article> = {}) => anArticle({ slug, ...more })
/** Newest first, as they are given. */
const beside = (...articles: Article[]) => articlesBeside(articles)(articles[0]!)

test('a common tag counts for more than a common section, and both for more than one', () => {
  const article = named('article', { tags: ['rail'], section: world })
  const { related } = beside(
    article,
    named('of-the-section', { section: world }),
    named('of-the-tag', { tags: ['rail'] }),
    named('of-both', { tags: ['rail'], section: world }),
  )
  expect(slugs(related)).toEqual(['of-both', 'of-the-tag', 'of-the-section'])
})

test('two common tags count for more than one, and a tag that is named twice counts once', () => {
  const article = named('article', { tags: ['rail', 'rail', 'city', 'trade'] })
  const { related } = beside(
    article,
    named('of-one', { tags: ['rail', 'rail'] }),
    named('of-two', { tags: ['city', 'trade'] }),
  )
  expect(slugs(related)).toEqual(['of-two', 'of-one'])
})

test.each([
  [39, true],
  [40, false],
])('behind %i newer ones of a tag, the nearest is found: %s', (newer, isFound) => {
  const article = named('article', { tags: ['rail', 'city'] })
  const others = Array.from({ length: newer }, (_, n) => named(`newer-${n}`, { tags: ['rail'] }))
  // Both shelves hold so many newer ones, so that it is nearest only where both are looked at.
  const more = Array.from({ length: newer }, (_, n) => named(`also-${n}`, { tags: ['city'] }))
  const { related } = beside(article, ...others, ...more, named('nearest', { tags: ['rail', 'city'] }))
  expect(slugs(related).includes('nearest')).toBe(isFound)
})

test('of those with as much in common the newest come first, and top stories are the newest of the others', () => {
  const tagged = (slug: string) => named(slug, { tags: ['rail'] })
  const all = [
    tagged('article'),
    named('a'),
    tagged('b'),
    tagged('c'),
    named('d'),
    tagged('e'),
    tagged('f'),
    named('g', { language: 'hi' }),
    named('h'),
  ]
  const { related, top } = beside(...all)
  expect([slugs(related), slugs(top)]).toEqual([
    ['b', 'c', 'e'],
    ['a', 'd', 'f'],
  ])
})

test('what is newer stands beside an older one only where a page asks, the first of them first; another language never', () => {
  const article = named('article', { tags: ['rail'], section: world })
  const all = [
    named('newest', { tags: ['rail'] }),
    named('newer', { tags: ['rail'] }),
    named('of-the-section', { section: world }),
    named('elsewhere'),
    article,
    named('other', { tags: ['rail'], language: 'hi' }),
  ]
  const { related, top, later } = articlesBeside(all)(article)
  expect([related, top]).toEqual([[], []])
  expect(slugs(later)).toEqual(['newer', 'newest', 'of-the-section'])
  expect(articlesBeside(all)(named('unknown'))).toEqual({ related: [], top: [], later: [] })
})
