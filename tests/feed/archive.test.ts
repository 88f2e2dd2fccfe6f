// Archives: every article once, however a reader walks; a full page stays as it is, whatever is published later.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { archivePages } from '../../src/feed/feed-documents.ts'
import type { Article } from '../../src/model.ts'
import { aLoaded, anArticle, aPublication } from '../builders.ts'
import { checkArchive, checkAtom, checkJson, checkRss } from './checker.ts'
import { buildAll } from './fixture.ts'

const HOME = aPublication().url
const NAMES = ['rss.xml', 'atom.xml', 'feed.json'] as const
const DAY = 86_400_000

function articlesOn(days: readonly number[]): Article[] {
  return days
    .map((day, index) =>
      anArticle({
        slug: `a${String(index).padStart(4, '0')}`,
        title: `Article ${index}`,
        date: { at: Date.UTC(2025, 0, 1) + day * DAY, offset: 0 },
        authors: [],
      }),
    )
    .sort((left, right) => right.date.at - left.date.at || (left.id < right.id ? -1 : 1))
}

function files(articles: readonly Article[], items: number) {
  const feeds = { ...aPublication().feeds, items, archive: true, per: [] }
  return buildAll(aLoaded(articles, aPublication({ feeds, sections: [] })))
}

function faultsOf(built: Readonly<Record<string, string>>): string[] {
  const check = { 'rss.xml': checkRss, 'atom.xml': checkAtom, 'feed.json': checkJson }
  return NAMES.flatMap(name => [
    ...checkArchive(built, name, HOME).faults,
    ...Object.entries(built).flatMap(([path, text]) => (path.endsWith(name) ? check[name](text) : [])),
  ])
}

test('a month is a page, its newest articles are in the feed, and a page that grows has its length in its name', () => {
  const built = files(articlesOn([0, 1, 40, 41, 42, 70, 71]), 3)
  const pages = Object.keys(built).filter(path => path.startsWith('archive/') && path.endsWith('atom.xml'))
  expect(pages).toEqual(['archive/2025-01/atom.xml', 'archive/2025-02-first-2/atom.xml'])
  expect(faultsOf(built)).toEqual([])
  expect(built['archive/2025-01/atom.xml']).toContain('<fh:archive/>')
  expect(built['archive/2025-01/rss.xml']).toContain('<fh:archive/>')
  expect(built['atom.xml']).not.toContain('fh:archive')
  expect(built['archive/2025-01/rss.xml']).not.toContain('rel="hub"')
})

test('a reader who walks back meets every article once, in every format', () => {
  const days = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 40 })
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 6 }), (list, items) => {
      const articles = articlesOn(list)
      const built = files(articles, items)
      expect(faultsOf(built)).toEqual([])
      for (const name of NAMES) {
        expect(checkArchive(built, name, HOME).ids).toEqual(articles.map(({ id }) => id))
      }
    }),
    { numRuns: 40 },
  )
})

test('newer articles change no full page, be they of the same day', () => {
  const days = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 5 }), fc.nat(), (list, items, cut) => {
      const all = articlesOn([...list].sort((a, b) => a - b))
      const before = files(all.slice(cut % all.length), items)
      const after = files(all, items)
      for (const path of Object.keys(before).filter(path => /^archive\/[\d-]+\//.test(path)))
        expect(after[path]).toBe(before[path])
    }),
    { numRuns: 60 },
  )
})

test('withdrawing an old article, or publishing one with an old date, changes the pages of its own month only', () => {
  const articles = articlesOn([0, 1, 2, 40, 41, 42, 80, 81, 120, 121])
  const gone = articles.findIndex(({ date }) => date.at === Date.UTC(2025, 0, 1) + 41 * DAY)
  // Stories beside an article are named in it: those that named the withdrawn one change, their pages' entries do not.
  const entries = (list: Article[]) =>
    Object.fromEntries(
      Object.entries(files(list, 2)).map(([path, text]) => [
        path,
        (text.match(/(<id>|<guid [^>]*>|"id": ")tag:[^<"]*/g) ?? []).join(),
      ]),
    )
  const [before, after] = [entries(articles), entries(articles.toSpliced(gone, 1))]
  const differing = Object.keys(before).filter(path => before[path] !== after[path])
  expect(differing.sort()).toEqual(NAMES.map(name => `archive/2025-02/${name}`).sort())
})

test('a month of hundreds is several pages, counted from its oldest', () => {
  const articles = articlesOn(Array.from({ length: 250 }, (_, index) => (index % 25) + 1))
  const names = (newest: number, list = articles) =>
    archivePages(list, newest).map(({ name, articles }) => [name, articles.length])
  expect(names(10)).toEqual([
    ['2025-01', 100],
    ['2025-01-2', 100],
    ['2025-01-3-first-40', 40],
  ])
  expect(names(10, articlesOn([...Array(250).fill(3), ...Array(10).fill(60)]))).toEqual([
    ['2025-01', 100],
    ['2025-01-2', 100],
    ['2025-01-3', 50],
  ])
})

test('without the setting, or with few articles, there is no archive and no link to one', () => {
  const articles = articlesOn([0, 40])
  expect(Object.keys(files(articles, 2)).filter(path => path.startsWith('archive/'))).toEqual([])
  const feeds = { ...aPublication().feeds, items: 1, archive: false }
  const built = buildAll(aLoaded(articles, aPublication({ feeds })))
  expect(built['atom.xml']).not.toContain('prev-archive')
  expect(built['feed.json']).not.toContain('next_url')
})

test.each([
  ['73 archive: fh:archive', 'atom.xml', 'archive/2025-01/atom.xml', '<fh:archive/>', ''],
  ['73 archive: current', 'rss.xml', 'archive/2025-01/rss.xml', 'rel="current"', 'rel="first"'],
  [
    '74 archive: next-archive',
    'rss.xml',
    'archive/2025-02/rss.xml',
    'rel="prev-archive"',
    'rel="next-archive"',
  ],
  ['73 archive: nothing', 'atom.xml', 'atom.xml', 'archive/2025-03', 'archive/2024-03'],
  ['73 archive: a page', 'atom.xml', 'atom.xml', 'rel="prev-archive"', 'rel="prev"'],
  ['69 archive: a loop', 'feed.json', 'archive/2025-03/feed.json', 'archive/2025-02/feed.json', 'feed.json'],
  ['75 archive: an entry twice', 'feed.json', 'feed.json', ':a0005"', ':a0000"'],
  ['80 archive: self', 'feed.json', 'archive/2025-01/feed.json', '2025-01/feed.json', '2025-1/feed.json'],
] as const)('%s is found in %s', (rule, name, path, from, to) => {
  const built = files(articlesOn([0, 1, 40, 60, 61, 91]), 1)
  expect(checkArchive(built, name, HOME).faults).toEqual([])
  const changed = built[path]!.replace(from, to)
  expect(changed).not.toBe(built[path])
  const { faults } = checkArchive({ ...built, [path]: changed }, name, HOME)
  expect(faults.filter(fault => fault.startsWith(rule))).not.toEqual([])
})
