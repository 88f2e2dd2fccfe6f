// A second build after a change: what is made again, and where the bytes of all else come from.

import { expect, test } from 'vitest'
import { buildFeeds, type Feeds } from '../../src/feed/build-feeds.ts'
import type { FeedsBefore } from '../../src/feed/feed-cache.ts'
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
  { files, upToDate }: Feeds,
  there: ReadonlyMap<string, Buffer> = new Map(),
): Map<string, Buffer> {
  return new Map(
    files.map(({ path, body }) => {
      if (upToDate.has(path)) return [path, there.get(path)!]
      if (typeof body === 'string') return [path, Buffer.from(body)]
      if (!('chunks' in body)) throw new Error(path)
      return [path, Buffer.concat([...body.chunks].map(chunk => Buffer.from(chunk)))]
    }),
  )
}

/** @param changed files of articles that are not what they were @param altered paths of files that somebody changed */
function again(
  now: readonly Article[],
  changed: readonly string[],
  altered: readonly string[] = [],
  was: readonly Article[] = list,
) {
  const first = buildFeeds(aLoaded(was, publication), counting().renderer, templates)
  const there = read(first)
  const isUnchanged = ({ file }: Article) => !changed.includes(file)
  const before: FeedsBefore = {
    kept: first.kept(),
    isUnchanged,
    hasSameSummary: isUnchanged,
    areSummariesSame: changed.length === 0 && now === was,
    isUpToDate: path => there.has(path) && !altered.includes(path),
    read: (path, start, end) => there.get(path)!.subarray(start, end),
  }
  const { asked, renderer } = counting()
  const second = buildFeeds(aLoaded(now, publication), renderer, templates, undefined, before)
  const files = read(second, there)
  const clean = read(buildFeeds(aLoaded(now, publication), counting().renderer, templates))
  for (const [path, bytes] of clean) expect(files.get(path)?.toString(), path).toBe(bytes.toString())
  expect([...files.keys()]).toEqual([...clean.keys()])
  return { asked: [...asked], upToDate: second.upToDate, kept: second.kept(), files }
}

test('nothing changed: every feed stands, and no text is asked for', () => {
  const { asked, upToDate } = again(list, [])
  expect(asked).toEqual([])
  expect(upToDate.has('rss.xml')).toBe(true)
  expect(upToDate.has('tags/x/feed.json')).toBe(true)
})

test('one changed: only its item is made, only its feeds are written', () => {
  const other = list.map(article => (article.slug === 'c' ? { ...article, body: 'Other words.' } : article))
  const { asked, upToDate } = again(other, ['articles/c.md'])
  expect(asked).toContain('c')
  // Beside d stands c, of which d shows the title; b and a are older.
  expect(asked).not.toContain('b')
  expect(asked).not.toContain('a')
  expect(upToDate.has('rss.xml')).toBe(false)
  expect(upToDate.has('tags/z/rss.xml')).toBe(true)
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

test('what items say that follows from other articles is noticed, though their own is as it was', () => {
  const one = (id: string, slug: string, date = day(3)) =>
    anArticle({ id, slug, file: `articles/${slug}.md`, date })
  const noon = at('2026-01-03T12:00:00Z')
  // The second is told of as a millisecond later, as long as the first is there.
  const times = [one('tag:a.example,2026:1', 'a', noon), one('tag:a.example,2026:2', 'b', noon)]
  const moved = again([one('tag:a.example,2026:1', 'a', day(4)), times[1]!], ['articles/a.md'], [], times)
  expect(moved.files.get('atom.xml')!.toString()).toContain('<updated>2026-01-03T12:00:00Z</updated>')
  // Both would be written alike: the second has a UUID, as long as the first is there.
  const ids = [one('https://a.example', 'a', day(4)), one('https://a.example/', 'b')]
  const renamed = again([one('https://b.example', 'a', day(4)), ids[1]!], ['articles/a.md'], [], ids)
  expect(renamed.files.get('atom.xml')!.toString()).toContain('<id>https://a.example/</id>')
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
