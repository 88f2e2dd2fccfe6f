// Whatever an article says, its feeds are well-formed, keep every rule, and say the same in the three formats.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Article } from '../../src/model.ts'
import { aLoaded, anArticle, anAuthor, aPicture, aPublication } from '../builders.ts'
import { checkAtom, checkJson, checkOpml, checkRss } from './checker.ts'
import { build, buildAll } from './fixture.ts'
import { readItems } from './read-items.ts'

const NASTY = [
  ']]>',
  ']]>]]>',
  '<![CDATA[',
  '&',
  '&amp;',
  '&amp;amp;',
  '&#8;',
  '&lt;b&gt;',
  '<b>',
  '</title>',
  '</item>',
  '<item>',
  '<entry>',
  '</channel>',
  '<rss ',
  '<?xml?>',
  '<!--',
  '"',
  "'",
  '$&',
  '$1',
  '{{title}}',
  '\0',
  '\u0001',
  '\u00010\u0001',
  '\u0008',
  '\u000b',
  '\u0085',
  '\u009f',
  '\ud800',
  '\udc00',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '\ufdd0',
  '\u202e',
  '\u2066',
  '\u200f',
  '\r',
  '\r\n',
  '\u2028',
  '\ufeff',
  '😀',
  'हिन्दी',
]

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ maxLength: 6 }),
    ),
    {
      maxLength: 8,
    },
  )
  .map(parts => parts.join(''))

// What begins with `<` the tests' renderer takes for finished HTML.
const markdown = text.map(words => words.replace(/^\s*</, 'a<'))

const moment = fc.record({
  at: fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2030, 0) }).map(at => at - (at % 60_000)),
  offset: fc.integer({ min: -48, max: 56 }).map(quarters => quarters * 15),
})

const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  text,
  text.map(path => `https://x.example/${path}`),
)
const link = fc.record({ name: text, url })
const author = fc
  .record({ name: text, role: text, biography: markdown, url, social: fc.array(link, { maxLength: 2 }) })
  .map(fields => anAuthor(fields))

const article: fc.Arbitrary<Article> = fc
  .record(
    {
      id: fc.oneof(
        text,
        fc.webUrl(),
        text.map(name => `tag:meridian.example,2026:${name}`),
      ),
      title: text,
      summary: text,
      place: text,
      tags: fc.array(text, { maxLength: 3 }),
      section: fc.record({ slug: fc.constant('s'), title: text }),
      authors: fc.array(author, { maxLength: 2 }),
      image: fc
        .record({ url, alt: text, caption: text, credit: text, creditRole: text, copyright: text })
        .map(fields => aPicture(fields)),
      audio: fc.record({ url, type: fc.constant('audio/mpeg') }),
      comments: url,
      source: fc.record({ url, title: text, feed: url }),
      body: markdown,
      url,
      date: moment,
      live: fc.boolean(),
      language: fc.constantFrom('en-IN', 'hi', 'ur'),
      direction: fc.constantFrom('ltr' as const, 'rtl' as const),
    },
    { requiredKeys: ['id', 'date'] },
  )
  .map(fields => anArticle(fields))

const articles = fc
  .array(article, { maxLength: 4 })
  .map(list => list.map((one, index) => ({ ...one, file: `articles/${index}.md` })))
  .map(list => [...list].sort((a, b) => b.date.at - a.date.at || (a.id < b.id ? -1 : 1)))

test('any text', () => {
  fc.assert(
    fc.property(articles, fc.record({ title: text, tagline: text, rights: text }), (list, words) => {
      const built = build(aLoaded(list, aPublication(words)))
      expect(checkRss(built.rss)).toEqual([])
      expect(checkAtom(built.atom)).toEqual([])
      expect(checkJson(built.json)).toEqual([])
      const { rss, atom, json } = readItems(built)
      expect(atom).toEqual(json)
      expect(rss).toEqual(json)
      expect(json.length).toBe(list.length)
    }),
    { numRuns: 300 },
  )
})

const podcast = fc.record({
  category: text,
  explicit: fc.boolean(),
  owner: fc.record({ name: text, email: fc.constant('a@b.example') }),
  image: url.map(address => aPicture({ url: address })),
})
const states = fc.array(fc.constantFrom('published' as const, 'published' as const, 'withdrawn' as const), {
  minLength: 4,
  maxLength: 4,
})

test('any text in the feeds of sections, tags and authors, in archives, podcasts, tombstones and the list', () => {
  const check = { 'rss.xml': checkRss, 'atom.xml': checkAtom, 'feed.json': checkJson }
  fc.assert(
    fc.property(articles, states, podcast, text, (list, some, spoken, title) => {
      const feeds = { ...aPublication().feeds, items: 2, archive: true, tombstones: true }
      const publication = aPublication({ title, feeds, podcast: spoken })
      const withdrawn = list.map((one, index) => ({ ...one, state: some[index]! }))
      const files = buildAll(aLoaded(withdrawn, publication))
      expect(checkOpml(files['feeds.opml']!)).toEqual([])
      for (const [path, words] of Object.entries(files)) {
        const faults = check[path.replace(/.*\//, '') as keyof typeof check]?.(words) ?? []
        expect([path, faults]).toEqual([path, []])
      }
    }),
    { numRuns: 100 },
  )
})

test('an item is the same to the byte in every feed that carries it', () => {
  fc.assert(
    fc.property(articles, list => {
      const files = buildAll(aLoaded(list))
      const items = (path: string) => files[path]!.match(/<item[ >][\s\S]*?<\/item>/g) ?? []
      const main = new Set(items('rss.xml'))
      for (const path of Object.keys(files).filter(name => name.endsWith('/rss.xml')))
        for (const item of items(path)) expect(main.has(item)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('a text that XML can hold comes through as it is', () => {
  const title = 'AT&T <b>bold</b> ]]> &amp; "it\'s" $& {{x}} \u200fמגילה 😀'
  const { rss, atom, json } = readItems(
    build(aLoaded([anArticle({ title, tags: [title], authors: [anAuthor({ name: title })] })])),
  )
  for (const [item] of [rss, atom, json]) {
    expect(item).toMatchObject({ title, tags: [title], authors: [title] })
  }
})
