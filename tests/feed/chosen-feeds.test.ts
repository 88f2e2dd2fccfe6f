// Feeds that settings choose: a podcast, languages, and feeds of one's own; and the files for machines beside them.

import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { check } from '../../src/check/check-publication.ts'
import { loadPublication } from '../../src/content/load-publication.ts'
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import { createRenderer } from '../../src/render/index.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { checkAtom, checkJson, checkOpml, checkRss } from './checker.ts'
import { textOf as bytesOf } from './fixture.ts'
import { childrenOf, readXml, textOf } from './read-xml.ts'

const root = new URL('../../', import.meta.url).pathname
const now = Date.parse('2026-03-01T00:00Z')

function folder(settings: string, articles: Readonly<Record<string, string>>): string {
  const files = Object.entries(articles).map(([name, text]) => [`articles/${name}`, `---\n${text}`])
  return aFolder({
    'articles/publication.yaml': `title: T & Co\nurl: https://t.example/\ntagline: Of things\n${settings}`,
    ...Object.fromEntries(files),
  })
}

function build(dir: string) {
  const loaded = loadPublication(dir, { now })
  const renderer = createRenderer(loaded)
  const { files, diagnostics } = buildFeeds(loaded, renderer, openTemplates(join(dir, 'templates')))
  const built = new Map(files.map(({ path, body }) => [path, body]))
  const file = (path: string) => bytesOf(built.get(path)!)
  return { loaded, paths: [...built.keys()], file, problems: [...diagnostics, ...check(loaded, renderer)] }
}

const titles = (json: string) => JSON.parse(json).items.map(({ title }: { title: string }) => title)
const article = (title: string, day: number, more = '') =>
  `title: ${title}\ndate: 2026-01-${String(day).padStart(2, '0')}\n${more}\n---\nText of ${title}.\n`

const SHOW =
  'feeds: { items: 3 }\npodcast: { title: The Line, category: News, every: week, location: Delhi, owner: { name: T, email: a@t.example }, podroll: [{ guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810 }], txt: [{ purpose: verify, text: "a<b" }] }\n'
const talks = {
  ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`t${at}.md`, article(`Text ${at}`, 20 + at)])),
  ...Object.fromEntries(
    Array.from({ length: 5 }, (_, at) => [
      `e${at}.md`,
      article(
        `Episode ${at}`,
        1 + at,
        `audio: { src: https://a.example/${at}.mp3, bytes: 99, duration: 60${at === 0 ? ', kind: trailer' : ''} }`,
      ),
    ]),
  ),
}

test('a podcast has every episode and nothing else, however few articles other feeds have', () => {
  const { file } = build(folder(SHOW, talks))
  const rss = file('podcast/rss.xml')
  expect(checkRss(rss)).toEqual([])
  const channel = childrenOf(readXml(rss).root, 'channel')[0]!
  expect(textOf(channel, 'title')).toBe('The Line')
  expect(childrenOf(channel, 'item').map(item => textOf(item, 'title'))).toEqual(
    [4, 3, 2, 1, 0].map(at => `Episode ${at}`),
  )
  expect(titles(file('feed.json'))).toEqual(['Text 9', 'Text 8', 'Text 7'])
  for (const part of [
    '<podcast:updateFrequency rrule="FREQ=WEEKLY">weekly</podcast:updateFrequency>',
    '<podcast:location>Delhi</podcast:location>',
    '<podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>',
    '<podcast:txt purpose="verify">a&#x3C;b</podcast:txt>',
    'pubdate="Thu, 01 Jan 2026 00:00:00 GMT" url="https://a.example/0.mp3" length="99" type="audio/mpeg">Episode 0</podcast:trailer>',
  ])
    expect(rss).toContain(part)
})

test('the guid of a show stays: with http, with another host, with one of its own', () => {
  const guid = (settings: string, url = 'https://t.example/') => {
    const dir = folder(SHOW + settings, talks)
    const loaded = loadPublication(dir, { now })
    const publication = { ...loaded.publication, url }
    const { files } = buildFeeds(
      { ...loaded, publication },
      createRenderer(loaded),
      openTemplates(join(dir, 'x')),
    )
    return /<podcast:guid>(.*)</.exec(bytesOf(files.find(({ path }) => path === 'podcast/rss.xml')!.body))![1]
  }
  expect(guid('', 'http://t.example/')).toBe(guid(''))
  expect(guid('', 'https://new.example/')).toBe(guid(''))
  const [own] = [
    folder(SHOW.replace('podcast: {', 'podcast: { guid: 917393E3-1b1e-5cef-ace4-edaa54e1f810,'), talks),
  ]
  expect(build(own).file('podcast/rss.xml')).toContain('<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810<')
})

test('chapters come from headings that begin with a time', () => {
  const text =
    'title: A\ndate: 2026-01-02\naudio: { src: https://a.example/a.mp3, bytes: 9, duration: 9 }\n---\n## 0:00 The *start*\n\nA\n\n```\n## 0:30 code\n```\n\n## 1:02:03 End ##\n'
  const { file, paths } = build(folder(SHOW, { 'a.md': text }))
  const [path] = paths.filter(name => name.startsWith('podcast/chapters/'))
  expect(JSON.parse(file(path!))).toEqual({
    version: '1.2.0',
    title: 'A',
    chapters: [
      { startTime: 0, title: 'The start' },
      { startTime: 3723, title: 'End' },
    ],
  })
  expect(file('podcast/rss.xml')).toContain(
    `url="https://t.example/${path}" type="application/json+chapters"`,
  )
})

test('the length of a recording is read from the file, also where CI asks all programs for colour', () => {
  vi.stubEnv('FORCE_COLOR', '1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const dir = folder(SHOW, { 'a.md': article('A', 1, 'audio: audio/bell.mp3') })
  mkdirSync(join(dir, 'articles/audio'))
  cpSync(join(root, 'articles/audio/first-train-bell.mp3'), join(dir, 'articles/audio/bell.mp3'))
  const rss = build(dir).file('podcast/rss.xml')
  expect(rss).toContain('<itunes:duration>8</itunes:duration>')
  expect(rss).toContain('length="40359"')
})

test('what podcast apps refuse is told', () => {
  const dir = folder(SHOW, {
    'a.md': article('A', 1, 'audio: { src: https://a.example/a.mp3, bytes: 9, duration: 9 }'),
    'b.md': article('B', 2, 'audio: { src: https://a.example/a.mp3, bytes: 9, transcript: /b.vtt }'),
    'c.md': article(
      'C',
      3,
      'audio: { src: https://a.example/c.opus, bytes: 9, duration: 9, transcript: /c.srt }',
    ),
    'd.md': article('D', 4, 'audio: { src: "https://a.example/play?id=4", bytes: 9, duration: 9 }'),
    'e.md': article('E', 5, 'audio: { src: "https://a.example/e.M4A?x=1", bytes: 9, duration: 9 }'),
    'b.vtt': '\n00:00:01,000 --> 00:00:02,000\nA',
    'c.srt': '\n1\n00:00:04,000 --> 00:00:02,000\nA\n',
  })
  const found = build(dir).problems.filter(({ rule }) => rule === 'feed-episode')
  expect(found.map(({ file, message }) => `${file}: ${message}`)).toEqual([
    'articles/b.md: its recording is that of articles/a.md: podcast apps show one of the two',
    'articles/b.md: the duration of https://a.example/a.mp3 is unknown',
    'articles/b.md: b.vtt does not begin with WEBVTT',
    'articles/c.md: podcast apps do not play https://a.example/c.opus',
    'articles/c.md: c.srt has a line that ends before it begins: 00:00:04,000 --> 00:00:02,000',
    'articles/d.md: podcast apps know a recording by the ending of its address, and https://a.example/play?id=4 has none',
  ])
})

test('each language has a feed and a page, and they lead to each other', async () => {
  const languages = 'language: en\nlanguages: [en, fr, pt-BR]\n'
  const articles = {
    'a.md': article('A', 1),
    'fr/b.md': article('B', 2),
    'c.md': article('C', 3, 'lang: en-IN'),
    'd.md': article('D', 4, 'lang: pt-BR'),
  }
  const { file } = build(folder(languages, articles))
  expect(titles(file('languages/en/feed.json'))).toEqual(['C', 'A'])
  expect(titles(file('languages/fr/feed.json'))).toEqual(['B'])
  expect(titles(file('languages/pt-br/feed.json'))).toEqual(['D'])
  expect(titles(file('feed.json'))).toEqual(['D', 'C', 'B', 'A'])
  expect(JSON.parse(file('languages/fr/feed.json'))).toMatchObject({
    language: 'fr',
    title: 'T & Co (français)',
  })
  expect(file('languages/fr/atom.xml')).toContain(
    '<link rel="related" type="application/atom+xml" hreflang="pt-BR" href="https://t.example/languages/pt-br/atom.xml"/>',
  )
  for (const path of ['rss.xml', 'languages/fr/rss.xml']) expect(checkRss(file(path))).toEqual([])
  for (const path of ['atom.xml', 'languages/fr/atom.xml']) expect(checkAtom(file(path))).toEqual([])
  const only = folder(`${languages}feeds: { main: language }\n`, articles)
  expect(titles(build(only).file('feed.json'))).toEqual(['C', 'A'])
  expect((await aRun(only, ['build', '--now', '2026-03-01T00:00Z'])).code).toBe(0)
  const page = readFileSync(join(only, 'out/languages/fr/index.html'), 'utf8')
  expect(page).toContain('<html lang="fr" dir="ltr">')
  expect(page).toContain('<link rel="alternate" hreflang="en" href="https://t.example/languages/en/">')
})

test('feeds of one’s own: with and without, full or summaries, so many', async () => {
  const settings =
    'sections: { world: World }\nfeeds: { own: [{ name: rail, title: On rails, tags: [Trains], without: { authors: [Bo] }, content: summary, items: 2 }, { name: world, sections: [world], languages: [en] }] }\n'
  const dir = folder(settings, {
    'a.md': article('A', 1, 'tags: [trains]\nsection: world'),
    'b.md': article('B', 2, 'tags: [trains]\nauthor: Bo'),
    'c.md': article('C', 3, 'tags: [trains]'),
    'd.md': article('D', 4, 'tags: [trains, x]'),
    'e.md': article('E', 5, 'section: world\nlang: fr'),
  })
  const { file } = build(dir)
  expect(titles(file('feeds/rail/feed.json'))).toEqual(['D', 'C'])
  expect(titles(file('feeds/world/feed.json'))).toEqual(['A'])
  expect(JSON.parse(file('feeds/rail/feed.json')).items[0]).toMatchObject({ content_text: 'Text of D.' })
  expect(JSON.parse(file('feed.json')).items[1]).toMatchObject({
    content_html: expect.stringContaining('<p>Text of D.'),
  })
  expect(file('feeds/rail/rss.xml')).not.toContain('content:encoded')
  expect(file('rss.xml').match(/<content:encoded>/g)).toHaveLength(5)
  // The same by the cache: an item of one feed is never put into one with other contents.
  const run = async () => expect((await aRun(dir, ['build', '--now', '2026-03-01T00:00Z'])).code).toBe(0)
  await run()
  const made = (path: string) => readFileSync(join(dir, 'out', path), 'utf8')
  const before = made('feeds/rail/rss.xml')
  expect(before).toBe(file('feeds/rail/rss.xml'))
  cpSync(join(dir, 'articles/a.md'), join(dir, 'articles/f.md'))
  await run()
  expect(made('feeds/rail/rss.xml')).toBe(before)
  expect(made('rss.xml').match(/<content:encoded>/g)).toHaveLength(6)
})

test('a sitemap of news has the articles of the two days before the newest', () => {
  const days = [1, 7, 8, 10].map(day => [`a${day}.md`, article(`A${day}`, day)])
  const { file } = build(folder('', Object.fromEntries(days)))
  const titles = [...file('news-sitemap.xml').matchAll(/<news:title>([^<]*)</g)].map(([, title]) => title)
  expect(titles).toEqual(['A10', 'A8'])
})

test('terms for machines are in feeds, in a file, in robots.txt and on pages', async () => {
  const settings =
    'licence: { name: All rights reserved, permits: [search, ai-index], prohibits: [ai-train] }\nrecommendations: [{ title: "O & P", feed: https://o.example/rss.xml, site: https://o.example/ }]\n'
  const dir = folder(settings, { 'a.md': article('A', 1, 'licence: CC-BY-4.0'), 'b.md': article('B', 2) })
  const { file } = build(dir)
  const terms = '<permits type="usage">search ai-index</permits><prohibits type="usage">ai-train</prohibits>'
  expect(file('license.rsl')).toContain(`<content url="https://t.example/*"><license>${terms}</license>`)
  expect(file('license.rsl')).toContain(
    '<content url="https://t.example/2026/a/"><license><payment type="attribution"><standard>https://creativecommons.org/licenses/by/4.0/</standard></payment></license>',
  )
  expect(readXml(file('license.rsl')).root.namespace).toBe('https://rslstandard.org/rsl')
  const rss = readXml(file('rss.xml')).root
  const [channel] = childrenOf(rss, 'channel')
  expect(childrenOf(channel!, 'rsl:content')[0]!.namespace).toBe('https://rslstandard.org/rsl')
  expect(childrenOf(channel!, 'item').map(item => childrenOf(item, 'rsl:content').length)).toEqual([0, 1])
  expect(file('atom.xml')).toContain(
    '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>',
  )
  expect(file('robots.txt')).toBe(
    'User-agent: *\nAllow: /\n\nLicense: https://t.example/license.rsl\nSitemap: https://t.example/sitemap.xml\nSitemap: https://t.example/news-sitemap.xml\n',
  )
  expect(
    checkOpml(file('.well-known/recommendations.opml').replace('<opml ', '<opml xml:lang="en" ')),
  ).toBeDefined()
  expect(file('.well-known/recommendations.opml')).toContain('text="O &#x26; P"')
  expect(file('sitemap.xml')).toContain(
    '<url><loc>https://t.example/2026/a/</loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>',
  )
  expect(file('news-sitemap.xml')).toContain('<news:language>en</news:language>')
  expect((await aRun(dir, ['build', '--now', '2026-03-01T00:00Z'])).code).toBe(0)
  expect(existsSync(join(dir, 'out/.well-known/recommendations.opml'))).toBe(true)
  const links = (page: string) =>
    readFileSync(join(dir, 'out', page), 'utf8').match(/<link rel="license"[^>]*>/g)
  const termsLink = '<link rel="license" type="application/rsl+xml" href="https://t.example/license.rsl">'
  const own = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
  expect([links('2026/a/index.html'), links('2026/b/index.html')]).toEqual([[own, termsLink], [termsLink]])
})

test('any text in the feeds that settings choose', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 })
  const words = fc.record({ title: text, place: text, licence: text, name: text, body: text })
  const loaded = loadPublication(
    folder(`${SHOW}languages: [en, fr]\nlicence: CC-BY-4.0\n`, {
      'a.md': article('A', 1, 'audio: { src: https://a.example/a.mp3, bytes: 9 }'),
    }),
    { now },
  )
  const templates = openTemplates('/no/templates')
  const rules = { 'rss.xml': checkRss, 'atom.xml': checkAtom, 'feed.json': checkJson }
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 3 }), text, (list, title) => {
      const articles = list.map(({ title, place, licence, name, body }, at) => ({
        ...loaded.articles[0]!,
        id: `tag:t.example,2026:a${at}`,
        file: `articles/a${at}.md`,
        url: `https://t.example/2026/a${at}/`,
        date: { at: Date.UTC(2026, 0, 9 - at, 5), offset: 0 },
        title,
        place,
        body: `## 0:00 ${body.replace(/\s/g, ' ')}\n\nA\n\n## 0:09 ${title.replace(/\s/g, ' ')}\n`,
        extra: { licence },
        authors: [{ name, role: 'guest', social: [], biography: '' }],
        language: at === 1 ? 'fr' : 'en',
      }))
      const podcast = { ...loaded.publication.podcast!, title, location: title }
      const own = [{ name: 'x', title, languages: ['en'], content: 'summary' as const }]
      const { feeds } = loaded.publication
      const publication = { ...loaded.publication, title, podcast, feeds: { ...feeds, own } }
      const all = { ...loaded, publication, articles }
      const make = () =>
        buildFeeds(all, createRenderer(all), templates).files.map(
          ({ path, body }) => [path, bytesOf(body)] as const,
        )
      const files = make()
      for (const [path, made] of files) {
        const faults = rules[path.replace(/.*\//, '') as keyof typeof rules]?.(made) ?? []
        expect([path, faults]).toEqual([path, []])
        if (/\.(xml|rsl|opml)$/.test(path)) readXml(made)
      }
      expect(make()).toEqual(files)
    }),
    { numRuns: 25 },
  )
})
