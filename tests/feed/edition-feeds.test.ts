// The feeds of newsletters: what they say of each edition, in every format, by the rules of all feeds.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import { editionDigest } from '../../src/feed/edition-feeds.ts'
import type { ArchivedEdition, Edition, Publication } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPicture, aPublication, aRenderer, at } from '../builders.ts'
import { checkAtom, checkJson, checkOpml, checkRss } from './checker.ts'
import { templates, textOf } from './fixture.ts'
import { readItems } from './read-items.ts'
import { childrenOf, readXml } from './read-xml.ts'

const newsletters = [
  aNewsletter(),
  aNewsletter({ id: 'saba7', title: 'صباح', every: 'day', language: 'ar' }),
  aNewsletter({ id: 'each', title: 'Each & every', every: 'article' }),
]

function anEdition(overrides: Partial<ArchivedEdition> = {}): ArchivedEdition {
  return {
    id: '2026-W05',
    newsletter: 'weekly',
    subject: 'A bridge opens',
    preheader: 'It had been closed since autumn.',
    until: Date.parse('2026-01-30T07:00:00+05:30'),
    articles: 4,
    digest: '<h3><a href="https://meridian.example/a/">A bridge opens</a></h3>',
    ...overrides,
  }
}

function built(editions: readonly ArchivedEdition[], overrides: Partial<Publication> = {}) {
  const loaded = aLoaded([anArticle()], aPublication({ newsletters, ...overrides }))
  const { files, reports } = buildFeeds(loaded, aRenderer(), templates, editions)
  const text = (path: string) => textOf(files.find(file => file.path === path)!.body)
  const feed = (id: string) => ({
    rss: text(`editions/${id}/rss.xml`),
    atom: text(`editions/${id}/atom.xml`),
    json: text(`editions/${id}/feed.json`),
  })
  return { feed, reports, opml: text('feeds.opml'), paths: files.map(({ path }) => path) }
}

type Feed = ReturnType<ReturnType<typeof built>['feed']>
const faults = ({ rss, atom, json }: Feed) => [...checkRss(rss), ...checkAtom(atom), ...checkJson(json)]

test('an edition is an item: its subject, its page, its slot, what it carries', () => {
  const { feed } = built([
    anEdition({ image: aPicture({ credit: 'Asian Press' }) }),
    anEdition({ id: '2026-W04', subject: 'Tea <& more>', until: Date.parse('2026-01-23T07:00:00+05:30') }),
  ])
  const weekly = feed('weekly')
  expect(faults(weekly)).toEqual([])
  const { rss, atom, json } = readItems(weekly)
  expect(atom).toEqual(rss)
  expect(json).toEqual(rss)
  expect(rss.map(({ title }) => title)).toEqual(['A bridge opens', 'Tea <& more>'])
  expect(rss[0]).toEqual({
    id: 'tag:meridian.example,2026:editions/weekly/2026-W05',
    url: 'https://meridian.example/editions/weekly/2026-W05/',
    title: 'A bridge opens',
    summary: 'It had been closed since autumn.',
    published: [Date.parse('2026-01-30T07:00:00+05:30'), 330],
    authors: [],
    tags: [],
    content: '<h3><a href="https://meridian.example/a/">A bridge opens</a></h3>',
    language: '',
  })
  expect(weekly.rss).toContain('<title>The Meridian Weekly</title>')
  expect(weekly.rss).toContain('<link>https://meridian.example/editions/weekly/</link>')
  expect(weekly.atom).toContain('rel="self" href="https://meridian.example/editions/weekly/atom.xml"')
  expect(weekly.atom).toContain('<updated>2026-01-30T07:00:00+05:30</updated>')
  expect(weekly.rss).toContain('href="../../feed.css"')
  expect(weekly.rss).toContain('Asian Press</media:credit>')
})

test('each newsletter has a feed of its own, in its language; one of which nothing has appeared an empty one', () => {
  const { feed, reports, opml, paths } = built([anEdition()])
  expect(paths.filter(path => path.startsWith('editions/'))).toHaveLength(9)
  for (const id of ['weekly', 'saba7', 'each']) expect([id, faults(feed(id))]).toEqual([id, []])
  expect(readItems(feed('saba7')).rss).toEqual([])
  expect(JSON.parse(feed('saba7').json)).toMatchObject({ title: 'The Meridian: صباح', language: 'ar' })
  expect(reports.filter(({ scope }) => scope === 'newsletter')).toEqual([
    {
      scope: 'newsletter',
      name: 'The Meridian Weekly',
      rss: 'out/editions/weekly/rss.xml',
      atom: 'out/editions/weekly/atom.xml',
      json: 'out/editions/weekly/feed.json',
      items: 1,
    },
    expect.objectContaining({ name: 'The Meridian: صباح', items: 0 }),
    expect.objectContaining({ name: 'The Meridian: Each & every', items: 0 }),
  ])
  expect(opml).toContain('language="ar" xmlUrl="https://meridian.example/editions/saba7/rss.xml"')
  expect(checkOpml(opml)).toEqual([])
  const outlines = childrenOf(childrenOf(readXml(opml).root, 'body')[0]!, 'outline')
  expect(outlines.map(({ attributes }) => attributes.xmlUrl)).toContain(
    'https://meridian.example/editions/weekly/rss.xml',
  )
})

test('no editions were asked for: no feeds of editions, and none is listed', () => {
  const loaded = aLoaded([anArticle()], aPublication({ newsletters }))
  const { files } = buildFeeds(loaded, aRenderer(), templates)
  expect(files.filter(({ path }) => path.startsWith('editions/'))).toEqual([])
  expect(files.find(({ path }) => path === 'feeds.opml')!.body).not.toContain('editions/')
})

test('the newest, and no more than asked for; those of one moment apart; an id as any text makes it', () => {
  const until = Date.parse('2026-01-30T07:00:00+05:30')
  const many = ['नदी', 'b', 'c & d', 'a'].map(id => anEdition({ newsletter: 'each', id, until }))
  const older = anEdition({ newsletter: 'each', id: 'old', until: until - 1 })
  const feeds = { ...aPublication().feeds, items: 4 }
  const each = built([older, ...many], { feeds }).feed('each')
  expect(faults(each)).toEqual([])
  const { rss, atom } = readItems(each)
  expect(atom).toEqual(rss)
  expect(rss).toHaveLength(4)
  expect(rss.map(({ id }) => id)).toContain(
    `tag:meridian.example,2026:editions/each/${encodeURIComponent('नदी')}`,
  )
  expect(rss.map(({ url }) => url)).toContain('https://meridian.example/editions/each/c%20%26%20d/')
  const summaries = built(many, { feeds: { ...feeds, content: 'summary' } }).feed('each')
  expect(faults(summaries)).toEqual([])
  expect(readItems(summaries).rss[0]!.content).toBe('')
})

test('a feed is made again when an edition of it is another, or its files are not as they were', () => {
  const loaded = aLoaded([anArticle()], aPublication({ newsletters }))
  const editions = [anEdition(), anEdition({ newsletter: 'saba7', id: '2026-01-30' })]
  const first = buildFeeds(loaded, aRenderer(), templates, editions)
  for (const { body } of first.files) if (typeof body === 'object' && 'chunks' in body) void [...body.chunks]
  const again = (now: readonly ArchivedEdition[], lost = '') => {
    const before = {
      kept: first.kept(),
      isUnchanged: () => true,
      hasSameSummary: () => true,
      areSummariesSame: true,
      isUpToDate: (path: string) => path !== lost,
      read: () => new Uint8Array(),
    }
    const { files, upToDate } = buildFeeds(loaded, aRenderer(), templates, now, before)
    return files.flatMap(({ path, body }) => {
      expect(upToDate.has(path)).toBe(body === '')
      return path.startsWith('editions/') && body !== '' ? path.replace('editions/', '') : []
    })
  }
  expect(again(editions)).toEqual([])
  const weekly = ['weekly/rss.xml', 'weekly/atom.xml', 'weekly/feed.json']
  expect(again(editions, 'editions/weekly/atom.xml')).toEqual(weekly)
  expect(again([anEdition({ digest: '<p>Else</p>' }), editions[1]!])).toEqual(weekly)
  expect(again([anEdition({ id: '2026-W06' }), ...editions])).toEqual(weekly)
})

const noBlocks = { top: [], afterLead: [], between: [], bottom: [] }

function digestOf(
  edition: Partial<Edition>,
  note = '',
  publication: Partial<Publication> = {},
  blocks: Parameters<typeof editionDigest>[1]['blocks'] = noBlocks,
) {
  const loaded = aLoaded([], aPublication(publication))
  const whole = { newsletter: aNewsletter(), articles: [], parts: [], leftOut: [], ...edition } as never
  return editionDigest(whole, { note, blocks }, loaded, aRenderer(), templates)
}

test('blocks are at their places in the digest, an advertisement with its label', () => {
  const block = (label: string) => ({ label, html: `<p>${label} text</p>`, above: true, below: false })
  const html = digestOf(
    {
      lead: anArticle({ title: 'Lead' }),
      parts: [
        { title: 'One', articles: [anArticle({ slug: 'one', title: 'First' })] },
        { title: 'Two', articles: [anArticle({ slug: 'two', title: 'Second' })] },
      ],
    },
    '',
    {},
    {
      top: [block('Advertisement: T & A')],
      afterLead: [block('B')],
      between: [block('C')],
      bottom: [block('D')],
    },
  )
  expect(html).toContain(
    '<hr>\n<p><small>Advertisement: T &amp; A</small></p>\n<p>Advertisement: T & A text</p>',
  )
  const order = ['T &amp; A', 'Lead', 'B text', 'First', 'C text', 'Second', 'D text'].map(each =>
    html.indexOf(each),
  )
  expect(order).toEqual([...order].sort((left, right) => left - right))
  expect(order).not.toContain(-1)
})

test('the digest: note, lead picture, titles that lead to the articles, summaries; another language is marked', () => {
  const lead = anArticle({
    title: 'Ports <open>',
    summary: 'Two & a half.',
    image: aPicture({ caption: 'Dawn' }),
  })
  const urdu = anArticle({ slug: 'urdu', title: 'بندرگاہ', language: 'ur', direction: 'rtl', summary: 'پُل' })
  const note = { newsletter: 'weekly', id: '2026-W05', file: 'articles/n.md', body: 'x' } as never
  const html = digestOf(
    { lead, note, parts: [{ title: 'World & more', articles: [urdu] }] },
    'Good morning, reader.',
  )
  expect(html).toBe(
    `<p>Good morning, reader.</p>
<hr>
<figure>
<img src="https://meridian.example/images/bridge.jpg" alt="A bridge at dawn" width="1200" height="800">
<figcaption>Dawn</figcaption>
</figure>
<h3><a href="https://meridian.example/world/2026/bridge-opens/">Ports &lt;open&gt;</a></h3>
<p>Two &amp; a half.</p>
<h2>World &amp; more</h2>
<h3 lang="ur" dir="rtl"><a href="https://meridian.example/world/2026/urdu/">بندرگاہ</a></h3>
<p lang="ur" dir="rtl">پُل</p>
<hr>
<p><small>© 2026 The Meridian</small></p>`,
  )
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(']]>', '</item>', '<script>', '\u0001', '\ud800', '{{title}}', '$&', '\u202e', '', ' '),
)

/** An edition of one article has its slug for an id: a name that a folder can have, in any script. */
const slug = fc.string({ unit: 'grapheme', maxLength: 12 }).map(text => text.replace(/[\s/\p{Cc}]/gu, '-'))

test('whatever an edition says, its feeds keep every rule and say the same', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ text, word: text, url: text, id: slug }), { maxLength: 4 }), all => {
      const arabic = aNewsletter({ id: 'saba7', language: 'ar' })
      const editions = all.map(({ text, word, url, id }, index) => {
        const image = aPicture({ url, alt: text, caption: word, credit: text })
        const article = anArticle({
          title: text,
          summary: word,
          url,
          image,
          date: at('2026-01-29T07:00:00Z'),
        })
        const parts = [{ title: word, articles: [article, anArticle({ title: word, body: text })] }]
        const digest = digestOf({ newsletter: arabic, lead: article, parts }, '', { rights: text })
        const until = Date.UTC(2026, 0, 1 + (index % 2))
        return anEdition({
          newsletter: 'saba7',
          id: `${index}${id}`,
          subject: text,
          preheader: word,
          until,
          image,
          digest,
        })
      })
      const { feed, opml } = built(editions, { title: all[0]?.text ?? '' })
      expect(faults(feed('saba7'))).toEqual([])
      expect(checkOpml(opml)).toEqual([])
      const { rss, atom, json } = readItems(feed('saba7'))
      expect(rss).toHaveLength(all.length)
      expect(atom).toEqual(rss)
      expect(json).toEqual(rss)
    }),
    { numRuns: 150 },
  )
})
