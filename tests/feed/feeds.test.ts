// The feeds of one publication: golden files, the rules, and what each format must carry.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import { GENERATOR } from '../../src/feed/feed-head.ts'
import { aLoaded, anArticle, aPicture, aPublication, aRenderer, at } from '../builders.ts'
import { checkAtom, checkJson, checkRss } from './checker.ts'
import { build, fixture, templates } from './fixture.ts'
import { readItems } from './read-items.ts'

const golden = new URL('../golden/feed/', import.meta.url)

function faults({ rss, atom, json }: ReturnType<typeof build>): string[] {
  return [...checkRss(rss), ...checkAtom(atom), ...checkJson(json)]
}

test.each([
  ['rss', 'rss.xml'],
  ['atom', 'atom.xml'],
  ['json', 'feed.json'],
] as const)('golden %s', (format, file) => {
  const text = build(fixture())[format]
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(golden, { recursive: true })
    writeFileSync(new URL(file, golden), text)
  }
  expect(text).toBe(readFileSync(new URL(file, golden), 'utf8'))
})

test('no rule is broken, with articles and without, in full and in summary', () => {
  expect(faults(build(fixture()))).toEqual([])
  expect(faults(build(aLoaded([])))).toEqual([])
  expect(faults(build(fixture({ feeds: { ...aPublication().feeds, content: 'summary' } })))).toEqual([])
  expect(faults(build(fixture({ tagline: '', rights: '', icon: undefined, logo: undefined })))).toEqual([])
  expect(faults(build(fixture({ language: 'ur', direction: 'rtl' })))).toEqual([])
})

test('the three formats say the same', () => {
  const { rss, atom, json } = readItems(build(fixture()))
  expect(rss.length).toBe(4)
  expect(atom).toEqual(rss)
  expect(json).toEqual(rss)
})

test('only what is published, the newest first, and no more than asked for', () => {
  const two = build(fixture({ feeds: { ...aPublication().feeds, items: 2 } }))
  expect(readItems(two).json.map(item => item.id)).toEqual([
    'tag:meridian.example,2026:talks',
    'tag:meridian.example,2026:episode-1',
  ])
  expect(Object.values(build(fixture())).join()).not.toContain('SECRET')
})

test('what a newspaper page carries is in the content of every format', () => {
  const { rss, atom, json } = readItems(build(fixture()))
  for (const [item] of [rss, atom, json]) {
    for (const part of [
      'A meeting a week before Washington.',
      'World Desk</a> (Foreign news), Business Desk',
      '<b>New Delhi</b> — They met on Thursday.',
      'Published 29 January 2026 at 6:30 pm IST',
      'Updated 30 January 2026 at 5:06 am IST',
      '1 min read',
      'alt="Two flags on a table"',
      'Before the talks',
      'Asian Press Photo',
      'The World Desk reports from six capitals.',
      'https://meridian.example/images/desk.jpg',
      'https://social.example/@world',
      'Related stories',
      'Lines on a map, episode 1',
      'Top stories',
      'Read elsewhere: how ports count ships',
      'World, trade, minerals &amp; metals',
      'https://talk.example/t?id=1&amp;page=2',
      'https://instagram.example/meridian',
      '© 2026 The Meridian',
    ])
      expect(item!.content).toContain(part)
  }
})

test('a date without a time of day is told as a day', () => {
  const dated = (date: string, updated: string) =>
    readItems(build(aLoaded([anArticle({ date: at(date), updated: at(updated) })]))).rss[0]!.content
  const days = dated('2026-01-29T00:00:00+05:30', '2026-01-30T00:00:00+05:30')
  expect(days).toContain('>Published 29 January 2026</time>')
  expect(days).toContain('>Updated 30 January 2026</time>')
  const clock = dated('2026-01-29T00:01:00+05:30', '2026-01-30T00:00:00+00:00')
  expect(clock).toContain('>Published 29 January 2026 at 12:01 am IST</time>')
  expect(clock).toContain('>Updated 30 January 2026 at 5:30 am IST</time>')
})

test('a rule stands only before something', () => {
  const bare = aPublication({ social: [], rights: '', sections: [] })
  const content = (article: Parameters<typeof anArticle>[0]) =>
    readItems(build(aLoaded([anArticle({ body: 'Text.', ...article })], bare))).rss[0]!.content
  expect(content({})).toMatch(/<p>Text\.<\/p>\n<p><small>[\s\S]*<\/small><\/p>$/)
  expect(content({ tags: ['rail'] })).toMatch(/<hr>\n<p><small>Keywords: rail<\/small><\/p>$/)
  expect(content({ comments: 'https://talk.example/' })).toContain('<hr>')
})

test('a picture that the body shows already is shown once, and its credit is kept', () => {
  const item = readItems(build(fixture())).json.find(({ id }) => id.endsWith(':elsewhere'))!
  expect(item.content.match(/<img /g)).toHaveLength(1)
  expect(item.content).toContain('Meridian Graphics')
})

test('an article that only links to its lead picture shows it, once', () => {
  const image = aPicture({ caption: 'Before the talks' })
  const link = `<p><a href="${image.url}">The picture in full size</a></p>`
  const shows = `<p><img src="${image.url}" alt=""></p>`
  const [linked, shown] = [link, shows].map(
    body => readItems(build(aLoaded([anArticle({ image, body })]))).atom[0]!.content,
  )
  expect(linked!.match(/<img /g)).toHaveLength(1)
  expect(shown!.match(/<img /g)).toHaveLength(1)
  expect(shown).toContain('<p><small>Before the talks</small></p>')
})

test('an article of another direction says so in its content', () => {
  const item = readItems(build(fixture())).json.find(({ language }) => language === 'ur')!
  expect(item.content).toMatch(/^<div lang="ur" dir="rtl">/)
})

test('the moment of an item is its own, the feed is as new as its newest, and the clock plays no part', () => {
  const { rss, atom, json } = build(fixture())
  expect(atom).toContain('<updated>2026-01-30T05:06:00+05:30</updated>')
  expect(rss).toContain('<lastBuildDate>Fri, 30 Jan 2026 05:06:00 +0530</lastBuildDate>')
  expect(rss).toContain('<pubDate>Thu, 29 Jan 2026 18:30:00 +0530</pubDate>')
  expect(json).toContain('"date_modified": "2026-01-30T05:06:00+05:30"')
  expect(build(fixture())).toEqual({ rss, atom, json })
  expect(build(aLoaded([])).rss).not.toContain('lastBuildDate')
  expect(build(aLoaded([])).atom).toContain('<updated>2000-01-01T00:00:00Z</updated>')
})

test('an older article that was edited last makes the feed as new as itself', () => {
  const newer = anArticle({ slug: 'newer', date: at('2026-01-30T07:00:00+05:30') })
  const edited = { date: at('2026-01-20T07:00:00+05:30'), updated: at('2026-02-01T08:00:00+05:30') }
  const { rss, atom } = build(aLoaded([newer, anArticle({ slug: 'older', ...edited })]))
  expect(rss).toContain('<lastBuildDate>Sun, 01 Feb 2026 08:00:00 +0530</lastBuildDate>')
  expect(/<updated>([^<]*)/.exec(atom)![1]).toBe('2026-02-01T08:00:00+05:30')
})

test('dates without a time of day: no two are updated at one moment, published dates stay', () => {
  const { rss, atom, json } = build(fixture())
  expect(atom.match(/<published>2026-01-27T00:00:00\+05:30</g)).toHaveLength(2)
  const updated = atom.match(/<updated>2026-01-27T00:00:00\.\d{3}\+05:30</g)
  expect(new Set(updated).size).toBe(2)
  expect(rss.match(/<pubDate>Tue, 27 Jan 2026 00:00:00 \+0530</g)).toHaveLength(2)
  expect(json.match(/"date_modified"/g)).toHaveLength(1) // of the one that was edited
})

test('one that makes way for another does not take the moment of a third', () => {
  const dates = ['2026-01-27T00:00:00Z', '2026-01-27T00:00:00Z', '2026-01-27T00:00:00.001Z']
  const articles = dates.map((date, n) => anArticle({ slug: `a${n}`, date: at(date) }))
  const { atom } = build(aLoaded(articles))
  expect(faults(build(aLoaded([...articles].reverse())))).toEqual([])
  const updated = [...atom.matchAll(/<entry>[\s\S]*?<updated>([^<]*)/g)].map(match => match[1])
  expect(new Set(updated).size).toBe(3)
})

test('an enclosure has its true length and type', () => {
  const { rss, atom, json } = build(fixture())
  const url = 'https://meridian.example/audio/one.mp3'
  expect(rss).toContain(`<enclosure url="${url}" length="1234567" type="audio/mpeg"/>`)
  expect(atom).toMatch(
    new RegExp(`<link rel="enclosure" href="${url}" type="audio/mpeg" length="1234567" title="`),
  )
  expect(json).toContain('"size_in_bytes": 1234567')
  expect(json).toContain('"duration_in_seconds": 93')
})

test.each([
  ['tag:meridian.example,2026:a', 'tag:meridian.example,2026:a'],
  ['https://old.example/?p=42', 'https://old.example/?p=42'],
  ['urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a', 'urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a'],
  ['tag:meridian.example,2026:पुल', 'tag:meridian.example,2026:%E0%A4%AA%E0%A5%81%E0%A4%B2'],
])('id %s is the same to the byte in every format', (id, written) => {
  const { rss, atom, json } = readItems(build(aLoaded([anArticle({ id })])))
  expect([rss[0]!.id, atom[0]!.id, json[0]!.id]).toEqual([written, written, written])
})

test.each(['post-42', 'doi:10.1000/1', 'tag:nonsense', '', ' ', 'https://', 'urn:uuid:no'])(
  'id "%s", which Atom cannot take, becomes one that depends on nothing else',
  id => {
    const build_ = (title: string, date: string) =>
      readItems(build(aLoaded([anArticle({ id, title, date: at(date) })]))).atom[0]!.id
    expect(build_('One', '2026-01-30T07:00:00+05:30')).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
    expect(build_('Two', '2025-06-01T00:00:00Z')).toBe(build_('One', '2026-01-30T07:00:00+05:30'))
  },
)

test('a year before 1000 has four digits in every format', () => {
  const { rss, atom, json } = build(aLoaded([anArticle({ date: at('0988-03-01T07:00:00+05:30') })]))
  expect(rss).toContain('<pubDate>Sat, 01 Mar 0988 07:00:00 +0530</pubDate>')
  expect(atom).toContain('<published>0988-03-01T07:00:00+05:30</published>')
  expect(json).toContain('"date_published": "0988-03-01T07:00:00+05:30"')
})

test('an address that is none, or that runs code, is left out', () => {
  const loaded = aLoaded([
    anArticle({
      comments: 'javascript:alert(1)',
      source: { url: 'data:text/html,x' },
      image: aPicture({ url: 'no url' }),
      audio: { url: '', type: 'audio/mpeg' },
    }),
  ])
  expect(faults(build(loaded))).toEqual([])
  expect(Object.values(build(loaded)).join()).not.toMatch(/javascript:|data:text/)
})

test('an address keeps only characters that RFC 3986 knows', () => {
  const loaded = aLoaded([anArticle({ url: 'https://meridian.example/é?a={b}|[c]&d=100%#x y' })])
  expect(faults(build(loaded))).toEqual([])
})

test('the picture of the channel is never announced larger than RSS lets it be', () => {
  const { rss } = build(fixture())
  expect(rss).toContain('<width>144</width>')
  const small = aPicture({ url: 'https://a.example/s.png', type: 'image/png', width: 88, height: 31 })
  const fitting = build(fixture({ logo: small })).rss
  expect(fitting).toContain('<url>https://a.example/s.png</url>') // rather than an icon that is too large
  expect(fitting).toContain('<width>88</width>')
  const vector = aPicture({ type: 'image/svg+xml' })
  expect(build(fixture({ icon: vector, logo: undefined })).rss).not.toContain('<image>')
})

test('Atom announces a logo that is twice as wide as high, and an icon that is square', () => {
  const shape = (width: number, height: number) =>
    aPicture({ url: 'https://meridian.example/images/sign.png', type: 'image/png', width, height })
  const atomOf = (logo: ReturnType<typeof shape>, icon: ReturnType<typeof shape>) =>
    build(fixture({ logo, icon })).atom
  expect(atomOf(shape(600, 300), shape(64, 64))).toMatch(/<logo>[\s\S]*<icon>/)
  expect(atomOf(shape(590, 300), shape(66, 64))).toMatch(/<logo>[\s\S]*<icon>/)
  expect(atomOf(shape(600, 120), shape(64, 128))).not.toMatch(/<logo>|<icon>/)
  const unknown = aPicture({ url: 'https://cdn.example/a.png', width: undefined, height: undefined })
  expect(atomOf(unknown, unknown)).toMatch(/<logo>[\s\S]*<icon>/)
})

test('every channel in three formats, their list, the style sheet, and a report of each', () => {
  const loaded = fixture({ sections: [aPublication().sections[0]!] })
  const only = { ...loaded, articles: loaded.articles.slice(0, 1) }
  const { files, reports, diagnostics } = buildFeeds(only, aRenderer(), templates)
  const folders = [
    '',
    'sections/world/',
    'tags/minerals-metals/',
    'tags/trade/',
    'authors/business-desk/',
    'authors/world-desk/',
  ]
  expect(files.map(({ path }) => path).sort()).toEqual(
    [
      ...folders.flatMap(folder => ['rss.xml', 'atom.xml', 'feed.json'].map(file => folder + file)),
      'feeds.opml',
      '_headers',
      'feed.css',
      'news-sitemap.xml',
      'robots.txt',
      'sitemap.xml',
    ].sort(),
  )
  expect(reports.map(({ rss }) => rss)).toEqual(folders.map(folder => `out/${folder}rss.xml`))
  expect(reports[0]).toEqual({
    scope: 'main',
    name: 'The Meridian',
    rss: 'out/rss.xml',
    atom: 'out/atom.xml',
    json: 'out/feed.json',
    items: 1,
  })
  expect(reports[2]).toMatchObject({ scope: 'tag', name: 'minerals & metals', items: 1 })
  expect(diagnostics).toEqual([])
})

test('the generator is this version', () => {
  expect(GENERATOR.version).toBe(packageJson.version)
})
