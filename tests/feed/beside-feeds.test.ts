// What lies beside the feeds and in their heads: the list of feeds, what a host is to say of them, tombstones, titles.

import { expect, test } from 'vitest'
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import type { Publication } from '../../src/model.ts'
import { aLoaded, aNewsletter, anArticle, aPublication, aRenderer, at } from '../builders.ts'
import { checkAtom, checkJson, checkOpml, checkRss } from './checker.ts'
import { buildAll, fixture, templates, textOf } from './fixture.ts'
import { childrenOf, readXml } from './read-xml.ts'

test('the feeds of every channel break no rule, and each has a title, an id and an address of its own', () => {
  const files = buildAll(fixture())
  const check = { 'rss.xml': checkRss, 'atom.xml': checkAtom, 'feed.json': checkJson }
  for (const [name, faults] of Object.entries(check)) {
    const feeds = Object.entries(files).filter(([path]) => path.endsWith(name))
    expect(feeds.length).toBe(8)
    for (const [path, text] of feeds) {
      expect([path, faults(text)]).toEqual([path, []])
      expect(text).toContain(`https://meridian.example/${path}"`)
      if (name !== 'feed.json')
        expect(text).toContain(`href="${path.replace(/[^/]+/g, '..').slice(2).replace(/^\//, '')}`)
    }
    const title = (text: string) => /(?:<title>|"title": ")([^<"]*)/.exec(text)![1]
    expect(new Set(feeds.map(([, text]) => title(text))).size).toBe(feeds.length - 1) // one desk is spelt as another
  }
})

test('the list of feeds has each once', () => {
  const loaded = fixture({ title: 'Meridian & Sons' })
  const xml = buildAll({ ...loaded, articles: loaded.articles.slice(0, 1) })['feeds.opml']!
  expect(checkOpml(xml)).toEqual([])
  const outlines = childrenOf(childrenOf(readXml(xml).root, 'body')[0]!, 'outline')
  expect(outlines.map(({ attributes }) => [attributes.text, attributes.xmlUrl])).toContainEqual([
    'Meridian & Sons: #trade',
    'https://meridian.example/tags/trade/rss.xml',
  ])
  expect(xml).toContain('<dateModified>Thu, 29 Jan 2026 18:30:00 +0530</dateModified>')
  expect(checkOpml(buildAll(aLoaded([]))['feeds.opml']!)).toEqual([])
})

test('without pages of their own, the feeds of sections, tags and authors lead to the front page', () => {
  const loaded = fixture({
    articles: { ...aPublication().articles, pages: false },
    newsletters: [aNewsletter({ language: 'hi' })],
  })
  const files = Object.fromEntries(
    buildFeeds(loaded, aRenderer(), templates, []).files.map(({ path, body }) => [path, textOf(body)]),
  )
  const home = 'https://meridian.example/'
  for (const folder of ['', 'tags/trade/', 'sections/world/', 'authors/world-desk/']) {
    expect(files[`${folder}rss.xml`]).toContain(`<link>${home}</link>`)
    expect(files[`${folder}atom.xml`]).toContain(`<link rel="alternate" href="${home}"/>`)
    expect(JSON.parse(files[`${folder}feed.json`]!).home_page_url).toBe(home)
    expect(files[`${folder}rss.xml`]).toContain(`href="${home}${folder}rss.xml"`)
  }
  const outlines = childrenOf(childrenOf(readXml(files['feeds.opml']!).root, 'body')[0]!, 'outline')
  const pages = outlines.map(({ attributes }) => attributes.htmlUrl)
  expect(new Set(pages)).toEqual(new Set([home, `${home}editions/weekly/`]))
  const languages = outlines.map(({ attributes }) => [attributes.xmlUrl, attributes.language])
  expect(languages).toContainEqual([`${home}editions/weekly/rss.xml`, 'hi'])
  expect(languages).toContainEqual([`${home}tags/trade/rss.xml`, 'en-IN'])
})

test.each([
  ['105 opml: no list', 'version="2.0"', 'version="1.0"'],
  ['105 opml: title', '<title>The Meridian', '<title>'],
  ['105 opml: type', 'type="rss"', 'type="link"'],
  ['105 opml: text', 'text="The Meridian"', 'text=""'],
  ['105 opml: address', 'htmlUrl="https', 'htmlUrl="x'],
  ['105 opml: date', '<dateModified>Thu', '<dateModified>Fri'],
  ['105 opml: xmlUrl twice', 'sections/business/rss.xml', 'sections/world/rss.xml'],
])('%s is found', (rule, from, to) => {
  const xml = buildAll(aLoaded([anArticle({ date: at('2026-01-29T18:30:00+05:30') })]))['feeds.opml']!
  expect(checkOpml(xml)).toEqual([])
  const changed = xml.replace(from, to)
  expect(changed).not.toBe(xml)
  expect(checkOpml(changed).filter(fault => fault.startsWith(rule))).not.toEqual([])
})

test('a host is told the type of each feed, and the hubs of the main ones', () => {
  const text = buildAll(fixture({ url: 'https://meridian.example/news/' }))._headers!
  expect(text).toContain(
    '/news/rss.xml\n  Content-Type: application/rss+xml; charset=utf-8\n' +
      '  Access-Control-Allow-Origin: *\n  Last-Modified: Thu, 29 Jan 2026 23:36:00 GMT\n' +
      '  Link: <https://hub.example/>; rel="hub", <https://hub.example/two?a=1&b=2>; rel="hub", ' +
      '<https://meridian.example/news/rss.xml>; rel="self"\n',
  )
  expect(text).toContain(
    '/news/*/feed.json\n  Content-Type: application/feed+json; charset=utf-8\n  Access-Control-Allow-Origin: *\n',
  )
})

test('a host is told what pages may do, and guesses no type', () => {
  const url = 'https://meridian.example/news/'
  const made = (overrides: Partial<Publication>) => buildAll(fixture({ url, ...overrides }))._headers!
  const { articles } = aPublication()
  const service = 'https://letters.meridian.example/'
  expect(made({ service })).toMatch(
    /^\/news\/\*\n {2}X-Content-Type-Options: nosniff\n {2}Content-Security-Policy: default-src 'none'; .*form-action 'self' https:\/\/letters\.meridian\.example;/,
  )
  expect(made({})).not.toContain('script-src')
  expect(made({ articles: { ...articles, attachments: ['js'] } })).toContain(
    "script-src 'self' 'unsafe-inline'",
  )
  const contentPolicy = 'script-src https://stats.example'
  expect(made({ contentPolicy })).toContain(`Content-Security-Policy: ${contentPolicy}; default-src 'none'`)
  // Where out/ is put into another site, that site's pages may do what they could.
  const beside = made({ articles: { ...articles, pages: false } })
  expect(beside).not.toMatch(/\/news\/\*\n(?: {2}.*\n)* {2}Content-Security-Policy/)
  expect(beside).toMatch(/\/news\/index\.html\n {2}Content-Security-Policy/)
})

test('tombstones stand in the main Atom feed where they are asked for, and never beside the living', () => {
  const articles = [
    anArticle({ slug: 'here' }),
    anArticle({
      slug: 'gone',
      title: 'SECRET',
      state: 'withdrawn',
      withdrawn: { at: at('2026-01-31T09:00:00+05:30'), reason: 'Wrong & <libellous>' },
    }),
    anArticle({ slug: 'twin', id: 'tag:meridian.example,2026:here', state: 'withdrawn' }),
  ]
  const feeds = { ...aPublication().feeds, tombstones: true }
  const files = buildAll(aLoaded(articles, aPublication({ feeds })))
  const atom = files['atom.xml']!
  expect(checkAtom(atom)).toEqual([])
  expect(atom).toContain(
    '<at:deleted-entry ref="tag:meridian.example,2026:gone" when="2026-01-31T09:00:00+05:30">' +
      '<at:comment>Wrong &#x26; &#x3C;libellous&#x3E;</at:comment></at:deleted-entry>',
  )
  expect(Object.values(files).join()).not.toContain('SECRET')
  expect(buildAll(aLoaded(articles))['atom.xml']).not.toContain('deleted-entry')
  const both = atom.replace('ref="tag:meridian.example,2026:gone"', 'ref="tag:meridian.example,2026:here"')
  expect(checkAtom(both)).toEqual(['95 atom: deleted and there'])
  expect(checkAtom(atom.replace('when="2026', 'when="26'))).toEqual(['94 atom: deleted-entry'])
})

test('of many withdrawals the newest are told, no more than the feed has items, in the main Atom feed alone', () => {
  const gone = [3, 9, 1, 7, 5].map(day =>
    anArticle({
      slug: `gone-${day}`,
      state: 'withdrawn',
      tags: ['rail'],
      withdrawn: { at: at(`2026-02-0${day}T09:00:00Z`), reason: '' },
    }),
  )
  const here = [1, 2, 3, 4].map(month =>
    anArticle({ slug: `here-${month}`, tags: ['rail'], date: at(`2025-0${month}-01T09:00:00Z`) }),
  )
  const feeds = { ...aPublication().feeds, tombstones: true, items: 3, archive: true }
  const files = buildAll(aLoaded([...here, ...gone], aPublication({ feeds })))
  expect(files['atom.xml']!.match(/gone-\d/g)).toEqual(['gone-9', 'gone-7', 'gone-5'])
  expect(Object.keys(files)).toContain('archive/2025-01/atom.xml')
  const graves = Object.keys(files).filter(path => /deleted-entry|gone-/.test(files[path]!))
  expect(graves).toEqual(['atom.xml'])
})
