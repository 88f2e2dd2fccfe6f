// Which channels a publication offers: slugs for any script, collisions, and every article in exactly its own.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { channelCollisions, channelsOf } from '../../src/content/addresses/channels.ts'
import type { Article } from '../../src/model.ts'
import { aLoaded, anArticle, anAuthor, aPublication, at } from '../builders.ts'

const paths = (articles: readonly Article[], publication = aPublication({ sections: [] })) =>
  channelsOf(aLoaded(articles, publication)).map(({ path }) => path)
const tagPath = (tag: string) => paths([anArticle({ tags: [tag], authors: [] })])[1]

test.each([
  ['Rail', 'tags/rail/'],
  ['foreign policy', 'tags/foreign-policy/'],
  ['C++', 'tags/c-plus-plus/'],
  ['C#', 'tags/c-sharp/'],
  ['#Budget', 'tags/budget/'],
  ['R&D', 'tags/r-d/'],
  ['../..', 'tags/0cfd1c/'],
  ['a\0b\\c', 'tags/a-b-c/'],
  ['नदी जोड़ो', 'tags/नदी-जोड़ो/'.normalize()],
  ['क्‍ष', 'tags/क्‍ष/'],
  ['Ö\u0308l', 'tags/ö\u0308l/'],
  ['O\u0308l', 'tags/öl/'],
  ['日本', 'tags/日本/'],
  ['😀', 'tags/😀/'],
  ['CON', 'tags/con-1143da/'],
  ['nul.x', expect.stringMatching(/^tags\/nul-[0-9a-f]{6}\.x\/$/)],
  ['COM¹', expect.stringMatching(/^tags\/com¹-[0-9a-f]{6}\/$/)],
  ['conference', 'tags/conference/'],
  ['com10', 'tags/com10/'],
  ['x'.repeat(300), expect.stringMatching(/^tags\/x{180}-[0-9a-f]{6}\/$/)],
])('tag %j lies at %s', (tag, path) => {
  expect(tagPath(tag)).toEqual(path)
})

test('two names of one slug: the one that was there first has it, the other one of its own, and both are named', () => {
  const older = anArticle({ slug: 'older', tags: ['R&D'], date: at('2025-01-01T00:00:00Z'), authors: [] })
  const newer = anArticle({ slug: 'newer', tags: ['R D'], authors: [] })
  const loaded = aLoaded([newer, older], aPublication({ sections: [] }))
  const tags = channelsOf(loaded).slice(1)
  expect(tags.map(({ name, slug }) => [name, slug])).toEqual([
    ['R&D', 'r-d'],
    ['R D', expect.stringMatching(/^r-d-[0-9a-f]{6}$/)],
  ])
  expect(channelCollisions(loaded)).toMatchObject([
    { file: 'articles/newer.md', rule: 'feed-slug', severity: 'warning' },
  ])
  expect(channelCollisions(loaded)[0]!.message).toMatch(/"R&D" and "R D"/)
  // Of one day, the one that is called as the slug is.
  const exact = anArticle({ slug: 'exact', tags: ['r-d'], date: older.date, authors: [] })
  expect(channelsOf(aLoaded([exact, newer, older])).find(({ slug }) => slug === 'r-d')!.name).toBe('r-d')
})

test('nothing that comes later moves a feed, be it called as the slug is, or a draft', () => {
  const older = anArticle({
    slug: 'older',
    tags: ['New Delhi'],
    date: at('2025-01-01T00:00:00Z'),
    authors: [],
  })
  for (const state of ['published', 'draft', 'future', 'unlisted'] as const) {
    const newer = anArticle({ slug: 'newer', tags: ['new-delhi'], state, authors: [] })
    const tags = channelsOf(aLoaded([newer, older], aPublication({ sections: [] })))
    expect(tags.find(({ name }) => name === 'New Delhi')!.slug).toBe('new-delhi')
  }
})

test('a name is in use from its first article on, however late its last one is', () => {
  const dated = (tag: string, day: string) =>
    anArticle({ slug: `${tag}-${day}`, tags: [tag], date: at(`2026-01-${day}T00:00:00Z`), authors: [] })
  const articles = [dated('R&D', '20'), dated('R D', '10'), dated('R&D', '05')]
  const tags = channelsOf(aLoaded(articles, aPublication({ sections: [] })))
  expect(tags.find(({ slug }) => slug === 'r-d')!.name).toBe('R&D')
})

test('whatever becomes of an article, no feed of two with one slug moves', () => {
  const tags = ['R&D', 'R D', 'R&D', 'R--D', 'alone']
  const dates = ['2025-01-01', '2025-01-02', '2025-01-03', '2025-01-04', '2025-01-05']
  const list = tags.map((tag, n) =>
    anArticle({ slug: `a${n}`, tags: [tag], date: at(`${dates[n]}T00:00:00Z`), authors: [] }),
  )
  const slugs = (articles: readonly Article[]) =>
    new Map(
      channelsOf(aLoaded(articles, aPublication({ sections: [] }))).map(({ name, slug }) => [name, slug]),
    )
  const all = slugs(list)
  expect(new Set(all.values()).size).toBe(5)
  expect(all.get('alone')).toBe('alone')
  for (const state of ['unlisted', 'withdrawn', 'future', 'expired', 'draft'] as const)
    for (const [gone] of list.entries()) {
      const left = list.map((article, n) => (n === gone ? { ...article, state } : article))
      for (const [name, slug] of slugs(left)) expect(slug, `${name}, ${gone} ${state}`).toBe(all.get(name))
    }
})

test.each([
  ['ſ', 's'],
  ['σς', 'σσ'],
  ['Maße', 'Masse'],
  ['ﬁn', 'fin'],
  ['ᾳ', 'αι'],
])('%s and %s are one folder where capitals do not count: each has its own', (...tags) => {
  const slugs = tags.map(tag => tagPath(tag)!)
  const [, one, two] = paths([anArticle({ tags, authors: [] })])
  expect([one, two].filter(path => slugs.includes(path!))).toHaveLength(1)
  expect(channelCollisions(aLoaded([anArticle({ tags })]))).toHaveLength(1)
})

test('a dotless ı is a letter of its own', () => {
  expect(paths([anArticle({ tags: ['kır', 'kir'], authors: [] })])).toEqual(['', 'tags/kir/', 'tags/kır/'])
})

test('capitals and the encoding of accents make no second tag; it is spelt as where it was used first', () => {
  const articles = [
    anArticle({ slug: 'b', tags: ['ÉCOLE'] }),
    anArticle({ slug: 'a', tags: ['E\u0301cole', 'école'], date: at('2025-01-01T00:00:00Z') }),
  ]
  const [, tag] = channelsOf(aLoaded(articles, aPublication({ sections: [], feeds: only('tag') })))
  expect(tag).toMatchObject({ name: 'E\u0301cole', slug: 'école', articles })
})

test('of one moment, the one whose id sorts first comes first, in whatever order they were read', () => {
  const articles = ['b', 'a', 'd', 'c'].map(slug => anArticle({ slug, authors: [] }))
  for (const list of [articles, [...articles].reverse()]) {
    const [main] = channelsOf(aLoaded(list, aPublication({ sections: [] })))
    expect(main!.articles.map(({ slug }) => slug)).toEqual(['a', 'b', 'c', 'd'])
  }
})

test('a section of the settings has its channel before it has an article, and per says which there are', () => {
  expect(paths([anArticle({ tags: ['x'] })], aPublication())).toEqual([
    '',
    'sections/world/',
    'sections/business/',
    'tags/x/',
    'authors/world-desk/',
  ])
  expect(paths([anArticle({ tags: ['x'] })], aPublication({ feeds: only() }))).toEqual([''])
})

test('an author is who her file says, not how her name is spelt', () => {
  const articles = [
    anArticle({ slug: 'a', authors: [anAuthor({ id: 'asha', name: 'Asha Rao' })] }),
    anArticle({ slug: 'b', authors: [anAuthor({ name: 'Asha Rao' })] }),
  ]
  expect(paths(articles)).toEqual(['', 'authors/asha/', 'authors/asha-rao/'])
})

const word = fc.oneof(
  fc.constantFrom(
    'R&D',
    'r d',
    'R-D',
    'C',
    'c',
    'ſ',
    's',
    'σς',
    'σσ',
    'ß',
    'SS',
    'C++',
    'é',
    'e\u0301',
    '..',
    'CON',
    'हिन्दी',
    ' ',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const articles = fc
  .array(
    fc.record({
      tags: fc.array(word, { maxLength: 4 }),
      authors: fc.array(
        word.map(name => anAuthor({ name })),
        { maxLength: 2 },
      ),
      section: fc.option(fc.constantFrom({ slug: 'world', title: 'World' }, { slug: 'x', title: 'X' }), {
        nil: undefined,
      }),
      state: fc.constantFrom('published' as const, 'published' as const, 'draft' as const),
      day: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 8 },
  )
  .map(list =>
    list.map(({ day, ...fields }, index) =>
      anArticle({ ...fields, slug: `a${index}`, date: { at: day * 86_400_000, offset: 0 } }),
    ),
  )

const key = (text: string) => text.normalize().toLowerCase().trim()

test('any tags: every published article is in exactly its channels, and no two share a path', () => {
  fc.assert(
    fc.property(articles, list => {
      const channels = channelsOf(aLoaded(list))
      const all = channels.map(({ path }) => path.normalize('NFD').toUpperCase())
      expect(new Set(all).size).toBe(all.length)
      for (const { path, articles } of channels) {
        expect(path).toMatch(/^((sections|tags|authors)\/[^/\\\0\p{Cc}\s:*?"<>|#%]+\/)?$/u)
        expect(path).not.toMatch(/\/\.+\//)
        expect(new Set(articles).size).toBe(articles.length)
        expect(articles.every(({ date }, i) => i === 0 || date.at <= articles[i - 1]!.date.at)).toBe(true)
      }
      for (const article of list) {
        const inside = channels.filter(({ articles }) => articles.includes(article))
        const of = (scope: string) => inside.filter(channel => channel.scope === scope)
        const published = article.state === 'published'
        expect(of('main').length).toBe(published ? 1 : 0)
        expect(of('section').map(({ slug }) => slug)).toEqual(
          published && article.section ? [article.section.slug] : [],
        )
        const tags = new Set(article.tags.map(key).filter(Boolean))
        expect(
          of('tag')
            .map(({ name }) => key(name))
            .sort(),
        ).toEqual(published ? [...tags].sort() : [])
        const authors = new Set(article.authors.map(({ name }) => key(name)).filter(Boolean))
        expect(of('author').length).toBe(published ? authors.size : 0)
      }
    }),
    { numRuns: 300 },
  )
})

function only(...per: ('section' | 'tag' | 'author')[]) {
  return { ...aPublication().feeds, per }
}
