// A second build after a change: what is made again, and where the bytes of all else come from.

import { expect, test } from 'vitest'
import { buildFeeds, type Feeds, type FeedsBefore } from '../../src/feed/build-feeds.ts'
import type { Article, Renderer } from '../../src/model.ts'
import { aLoaded, anArticle, aPublication, aRenderer, at } from '../builders.ts'
import { templates } from './fixture.ts'

const publication = aPublication({
  feeds: { ...aPublication().feeds, items: 2, per: ['tag'], archive: true },
})
const day = (n: number) => at(`2026-01-0${n}T00:00:00Z`)
const list = [
  anArticle({ id: 'tag:a.example,2026:4', slug: 'd', file: 'articles/d.md', date: day(4), tags: ['x'] }),
  anArticle({ id: 'tag:a.example,2026:3', slug: 'c', file: 'articles/c.md', date: day(3), tags: ['y'] }),
  anArticle({ id: 'tag:a.example,2026:2', slug: 'b', file: 'articles/b.md', date: day(2), tags: ['y'] }),
  anArticle({ id: 'tag:a.example,2026:1', slug: 'a', file: 'articles/a.md', date: day(1), tags: ['z'] }),
]

/** Tells whose text was asked for. */
function counting() {
  const asked = new Set<string>()
  const inner = aRenderer()
  const body: Renderer['body'] = article => {
    asked.add(article.slug)
    return { ...inner.body(article), html: `<p>${article.body}</p>` }
  }
  return { asked, renderer: { ...inner, body } }
}

function read(
  { files, standing }: Feeds,
  there: ReadonlyMap<string, Buffer> = new Map(),
): Map<string, Buffer> {
  return new Map(
    files.map(({ path, body }) => {
      if (standing.has(path)) return [path, there.get(path)!]
      if (typeof body === 'string') return [path, Buffer.from(body)]
      if (!('chunks' in body)) throw new Error(path)
      return [path, Buffer.concat([...body.chunks].map(chunk => Buffer.from(chunk)))]
    }),
  )
}

/** @param changed files of articles that are not what they were @param altered paths of files that somebody changed */
function again(now: readonly Article[], changed: readonly string[], altered: readonly string[] = []) {
  const first = buildFeeds(aLoaded(list, publication), counting().renderer, templates)
  const there = read(first)
  const holds = ({ file }: Article) => !changed.includes(file)
  const before: FeedsBefore = {
    kept: first.kept(),
    holds,
    hasSameFace: holds,
    stands: path => there.has(path) && !altered.includes(path),
    read: (path, start, end) => there.get(path)!.subarray(start, end),
  }
  const { asked, renderer } = counting()
  const second = buildFeeds(aLoaded(now, publication), renderer, templates, undefined, before)
  const files = read(second, there)
  const clean = read(buildFeeds(aLoaded(now, publication), counting().renderer, templates))
  for (const [path, bytes] of clean) expect(files.get(path)?.toString(), path).toBe(bytes.toString())
  expect([...files.keys()]).toEqual([...clean.keys()])
  return { asked: [...asked], standing: second.standing, kept: second.kept(), files }
}

test('nothing changed: every feed stands, and no text is asked for', () => {
  const { asked, standing } = again(list, [])
  expect(asked).toEqual([])
  expect(standing.has('rss.xml')).toBe(true)
  expect(standing.has('tags/x/feed.json')).toBe(true)
})

test('one changed: only its item is made, only its feeds are written', () => {
  const other = list.map(article => (article.slug === 'c' ? { ...article, body: 'Other words.' } : article))
  const { asked, standing } = again(other, ['articles/c.md'])
  expect(asked).toContain('c')
  // Beside d stands c, of which d shows the title; b and a are older.
  expect(asked).not.toContain('b')
  expect(asked).not.toContain('a')
  expect(standing.has('rss.xml')).toBe(false)
  expect(standing.has('tags/z/rss.xml')).toBe(true)
})

test('a new one: what falls out of the feed goes into the archive with the bytes that it had', () => {
  const fresh = anArticle({ id: 'tag:a.example,2026:5', slug: 'e', file: 'articles/e.md', date: day(5) })
  const { asked } = again([fresh, ...list], ['articles/e.md'])
  expect(asked).toEqual(['e'])
})

test('where a feed was altered, its items come from the others, or are made', () => {
  const { asked } = again(list, [], ['rss.xml'])
  expect(new Set(asked)).toEqual(new Set())
  const both = again(list, [], ['rss.xml', 'tags/x/rss.xml'])
  expect(both.asked).toEqual(['d'])
})

test('what was put together of pieces is itself good for pieces', () => {
  const { kept, files } = again([...list.slice(0, 1), ...list.slice(2)], ['articles/c.md'])
  for (const [path, { spans, articles }] of kept.documents) {
    const bytes = files.get(`${path}rss.xml`)!
    for (const [index] of articles.entries()) {
      const item = bytes.subarray(spans.rss![index * 2], spans.rss![index * 2 + 1]).toString()
      expect(item).toMatch(/^\s*<item>[\s\S]*<\/item>$/)
    }
  }
})
