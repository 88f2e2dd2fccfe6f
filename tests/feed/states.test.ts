// What a feed says of itself as a whole: who answers for it, that it is complete, that it moved, that it ended.

import { expect, test } from 'vitest'
import type { FeedSettings } from '../../src/model.ts'
import { aLoaded, anArticle, aPublication, at } from '../builders.ts'
import { checkAtom, checkJson, checkRss } from './checker.ts'
import { build, buildAll, fixture } from './fixture.ts'

const feeds = (more: Partial<FeedSettings>) => ({ feeds: { ...aPublication().feeds, ...more } })
const many = Array.from({ length: 40 }, (_, n) =>
  anArticle({
    slug: `a${n}`,
    tags: ['rail'],
    date: at(`2025-12-${String((n % 28) + 1).padStart(2, '0')}T10:00:00Z`),
  }),
)

test('who answers for text and files: in RSS with a name, in Atom as the address of the author', () => {
  const people = {
    editor: { name: 'Desk (night & day)', address: 'desk@meridian.example' },
    webmaster: { name: '', address: 'web@meridian.example' },
  }
  const { rss, atom, json } = build(fixture(feeds(people)))
  expect([...checkRss(rss), ...checkAtom(atom), ...checkJson(json)]).toEqual([])
  expect(rss).toContain('<managingEditor>desk@meridian.example (Desk night &#x26; day)</managingEditor>')
  expect(rss).toContain('<webMaster>web@meridian.example (The Meridian)</webMaster>')
  expect(atom).toContain('<email>desk@meridian.example</email>')
  const plain = build(fixture())
  expect(plain.rss + plain.atom + plain.json).not.toMatch(/managingEditor|webMaster|<email>|desk@/)
})

test('a complete feed has every article, says so, and has no archive', () => {
  const files = buildAll(aLoaded(many, aPublication(feeds({ complete: true, archive: true, items: 5 }))))
  expect(Object.keys(files).filter(path => path.startsWith('archive/'))).toEqual([])
  for (const folder of ['', 'tags/rail/']) {
    const [rss, atom, json] = ['rss.xml', 'atom.xml', 'feed.json'].map(file => files[folder + file]!)
    expect([...checkRss(rss!), ...checkAtom(atom!), ...checkJson(json!)]).toEqual([])
    expect(rss!.match(/<item>/g)).toHaveLength(40)
    expect(JSON.parse(json!).items).toHaveLength(40)
    for (const xml of [rss!, atom!]) {
      expect(xml).toContain('<fh:complete/>')
      expect(xml).not.toMatch(/fh:archive|prev-archive|rel="current"/)
    }
  }
})

test('a feed that is not complete does not say that it is', () => {
  expect(buildAll(aLoaded(many))['rss.xml']).not.toContain('fh:complete')
})

test('a publication that moved tells hosts where each feed is now, for good', () => {
  const url = 'https://old.example/news/'
  const moved = 'https://new.example/'
  const files = buildAll(
    aLoaded(many, aPublication({ url, sections: [], ...feeds({ moved, per: ['tag'], archive: false }) })),
  )
  expect(files._redirects).toBe(
    [
      'rss.xml',
      'atom.xml',
      'feed.json',
      'tags/rail/rss.xml',
      'tags/rail/atom.xml',
      'tags/rail/feed.json',
      'feeds.opml',
    ]
      .map(file => `/news/${file} ${moved}${file} 301\n`)
      .join(''),
  )
  // At its new address it does not send readers round in a circle.
  expect(buildAll(aLoaded(many, aPublication({ url, ...feeds({ moved: url }) })))).not.toHaveProperty(
    '_redirects',
  )
  expect(buildAll(fixture())).not.toHaveProperty('_redirects')
})

test('one that ended says so where the format has a word for it', () => {
  expect(JSON.parse(build(fixture(feeds({ ended: true }))).json).expired).toBe(true)
  expect(JSON.parse(build(fixture()).json)).not.toHaveProperty('expired')
})

test('what JSON Feed has no field for is in an extension', () => {
  const { items } = JSON.parse(build(fixture()).json)
  expect(items[0]._broadsheet).toMatchObject({
    about: expect.stringMatching(/^https:/),
    comments: 'https://talk.example/t?id=1&page=2',
    image: {
      alt: 'Two flags on a table',
      caption: 'Before the talks',
      credit: 'Asian Press Photo',
      credit_role: 'agency',
      copyright: '© 2026 Asian Press Photo & Co',
    },
  })
  expect(items[3]._broadsheet.source).toEqual({
    feed: 'https://ports.example/rss?a=1&b=2',
    title: 'Ports Quarterly',
  })
  expect(items[2]).not.toHaveProperty('_broadsheet')
})
