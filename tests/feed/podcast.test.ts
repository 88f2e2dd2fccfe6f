// A podcast: what Apple and Podcasting 2.0 ask of channel and episode, and nothing of it where there is none.

import { expect, test } from 'vitest'
import type { Publication } from '../../src/model.ts'
import { aLoaded, anArticle, anAuthor, aPicture, aPublication } from '../builders.ts'
import { checkRss } from './checker.ts'
import { buildAll } from './fixture.ts'

const podcast: Publication['podcast'] = {
  image: aPicture({ url: 'https://meridian.example/images/show.jpg' }),
  category: 'News > Daily News',
  explicit: false,
  owner: { name: 'Meridian & Co', email: 'audio@meridian.example' },
  funding: [{ url: 'https://meridian.example/support/?a=1&b=2', text: 'Support <us>' }],
}
const audio = {
  url: 'https://meridian.example/audio/one.mp3',
  bytes: 1_234_567,
  type: 'audio/mpeg',
  duration: 93.4,
  episode: 1,
  season: 2,
  explicit: true,
  transcript: 'https://meridian.example/audio/one.vtt',
  chapters: 'https://meridian.example/audio/one.json',
}
const episode = anArticle({
  audio,
  tags: ['audio'],
  image: aPicture({ width: 3000, height: 2000 }),
  authors: [anAuthor({ name: 'Asha' })],
})
const plain = anArticle({ slug: 'plain', tags: ['text'] })
const built = (settings: Partial<Publication>) => buildAll(aLoaded([episode, plain], aPublication(settings)))

test('channel and episode carry their tags', () => {
  const rss = built({ podcast })['podcast/rss.xml']!
  expect(checkRss(rss)).toEqual([])
  for (const part of [
    '<itunes:author>Meridian &#x26; Co</itunes:author>',
    '<itunes:explicit>false</itunes:explicit>',
    '<itunes:type>episodic</itunes:type>',
    '<itunes:image href="https://meridian.example/images/show.jpg"/>',
    '<itunes:category text="News">',
    '<itunes:category text="Daily News"/>',
    '<itunes:email>audio@meridian.example</itunes:email>',
    '<podcast:locked owner="audio@meridian.example">yes</podcast:locked>',
    '<podcast:medium>podcast</podcast:medium>',
    '<podcast:funding url="https://meridian.example/support/?a=1&#x26;b=2">Support &#x3C;us&gt;</podcast:funding>',
    '<itunes:duration>93</itunes:duration>',
    '<itunes:episode>1</itunes:episode>',
    '<itunes:season>2</itunes:season>',
    '<itunes:episodeType>full</itunes:episodeType>',
    '<itunes:explicit>true</itunes:explicit>',
    // A square that the build cuts from its lead picture.
    '<itunes:image href="https://meridian.example/images/1400/images/bridge.jpg"/>',
    '<podcast:transcript url="https://meridian.example/audio/one.vtt" type="text/vtt" rel="captions"/>',
    '<podcast:chapters url="https://meridian.example/audio/one.json" type="application/json+chapters"/>',
    '<podcast:person>Asha</podcast:person>',
  ])
    expect(rss).toContain(part)
})

test('who speaks has a page and a photo', () => {
  const authors = [
    anAuthor({
      name: 'Asha',
      url: 'https://meridian.example/authors/asha/',
      photo: aPicture({ url: 'https://meridian.example/images/asha.jpg?a=1&b=2' }),
    }),
    anAuthor({ name: 'Ravi' }),
  ]
  const rss = buildAll(aLoaded([{ ...episode, authors }], aPublication({ podcast })))['rss.xml']!
  expect(checkRss(rss)).toEqual([])
  expect(rss).toContain(
    '<podcast:person href="https://meridian.example/authors/asha/" img="https://meridian.example/images/asha.jpg?a=1&#x26;b=2">Asha</podcast:person>',
  )
  expect(rss).toContain('<podcast:person>Ravi</podcast:person>')
})

test('a serial, a trailer, many words of thanks, and a show that has moved or ended', () => {
  const trailer = { ...episode, audio: { ...audio, kind: 'trailer' as const } }
  const feeds = { ...aPublication().feeds, moved: 'https://new.example/', ended: true }
  const funding = [{ url: 'https://meridian.example/', text: '🎉'.repeat(200) }]
  const settings = { podcast: { ...podcast, type: 'serial' as const, funding }, feeds }
  const files = buildAll(aLoaded([trailer], aPublication(settings)))
  const rss = files['tags/audio/rss.xml']!
  expect(checkRss(rss)).toEqual([])
  for (const part of [
    '<itunes:type>serial</itunes:type>',
    '<itunes:episodeType>trailer</itunes:episodeType>',
    '<itunes:new-feed-url>https://new.example/tags/audio/rss.xml</itunes:new-feed-url>',
    '<itunes:complete>Yes</itunes:complete>',
    `>${'🎉'.repeat(128)}</podcast:funding>`,
  ])
    expect(rss).toContain(part)
})

test.each([
  ['104 podcast: itunes:new-feed-url', '<itunes:new-feed-url>https', '<itunes:new-feed-url>x'],
  ['104 podcast: itunes:complete', '<itunes:complete>Yes', '<itunes:complete>true'],
])('%s is found', (rule, from, to) => {
  const feeds = { ...aPublication().feeds, moved: 'https://new.example/', ended: true }
  const rss = built({ podcast, feeds })['rss.xml']!
  expect(checkRss(rss.replace(from, to)).filter(fault => fault.startsWith(rule))).not.toEqual([])
})

test.each([
  [
    'its own',
    { audio: { ...audio, image: aPicture({ url: 'https://x.example/own.jpg' }) } },
    'https://x.example/own.jpg',
  ],
  [
    'its square picture',
    { image: aPicture({ width: 1400, height: 1400 }) },
    'https://meridian.example/images/bridge.jpg',
  ],
  ['a picture elsewhere', { image: { url: 'https://x.example/a.jpg', alt: '' } }, 'https://x.example/a.jpg'],
  ['none: too small, nothing is enlarged', { image: aPicture() }, undefined],
  [
    'none: a type that apps refuse',
    { image: aPicture({ width: 3000, height: 2000, type: 'image/webp' }) },
    undefined,
  ],
])('the cover of an episode: %s', (_, fields, expected) => {
  const rss = buildAll(aLoaded([anArticle({ audio, ...fields })], aPublication({ podcast })))['rss.xml']!
  const item = rss.slice(rss.indexOf('<item>'))
  expect(/<itunes:image href="([^"]*)"/.exec(item)?.[1]).toBe(expected)
})

test('a show without a cover has the logo of the publication', () => {
  const logo = aPicture({ url: 'https://meridian.example/images/logo.png' })
  const rss = built({ podcast: { ...podcast, image: undefined }, logo })['rss.xml']!
  expect(rss).toContain('<itunes:image href="https://meridian.example/images/logo.png"/>')
})

test('the guid is the UUID of the address without scheme: http becoming https leaves it as it is', () => {
  const articles = (idHost: string) => ({ ...aPublication().articles, idHost })
  const guid = (url: string) =>
    /<podcast:guid>([^<]*)/.exec(
      built({ podcast, url, articles: articles(new URL(url).hostname) })['podcast/rss.xml']!,
    )![1]
  expect(guid('https://meridian.example/')).toBe(guid('http://meridian.example/'))
  expect(guid('https://meridian.example/')).not.toBe(guid('https://other.example/'))
})

test('feeds without an episode are no podcasts, and without the settings none is', () => {
  const files = built({ podcast })
  expect(files['tags/audio/rss.xml']).toContain('itunes:category')
  expect(files['tags/text/rss.xml']).not.toMatch(/itunes|podcast:/)
  const without = built({})
  expect(without['rss.xml']).toContain('<enclosure ')
  expect(without['rss.xml']).not.toMatch(/itunes|podcast:/)
  expect(
    Object.values(files).every(
      text =>
        !text.startsWith('<?xml') ||
        text.includes('<opml') ||
        !text.includes('<rss') ||
        checkRss(text).length === 0,
    ),
  ).toBe(true)
})

test.each([
  ['91 podcast: itunes:image', '<itunes:image href="https', '<itunes:image href="x'],
  ['91 podcast: itunes:category', 'text="News"', 'text=""'],
  ['91 podcast: itunes:category', 'text="Daily News"', 'text=""'],
  ['91 podcast: itunes:explicit', '<itunes:explicit>false', '<itunes:explicit>no'],
  ['91 podcast: itunes:type', 'episodic', 'daily'],
  ['91 podcast: itunes:author', /<itunes:author>[^<]*/, '<itunes:author>'],
  ['91 podcast: itunes:owner', '<itunes:email>audio@', '<itunes:email>'],
  ['91 podcast: itunes:type twice', '<itunes:type>', '<itunes:type>serial</itunes:type><itunes:type>'],
  ['92 podcast: itunes:duration', '<itunes:duration>93', '<itunes:duration>93.4'],
  ['92 podcast: itunes:episodeType', '<itunes:episodeType>full', '<itunes:episodeType>whole'],
  ['92 podcast: itunes:explicit', '<itunes:explicit>true', '<itunes:explicit>yes'],
  ['92 podcast: no enclosure', /<enclosure[^>]*>/, ''],
  ['93 podcast: podcast:guid', /<podcast:guid>..../, '<podcast:guid>'],
  ['93 podcast: podcast:funding', 'funding url="https', 'funding url="x'],
  ['93 podcast: podcast:medium', '>podcast<', '>newspaper<'],
  ['93 podcast: podcast:locked', '>yes<', '>true<'],
  ['93 podcast: podcast:transcript', 'type="text/vtt"', ''],
  ['93 podcast: podcast:person', '<podcast:person>Asha', '<podcast:person href="asha">Asha'],
])('%s is found', (rule, from, to) => {
  const rss = built({ podcast })['podcast/rss.xml']!
  const changed = rss.replace(from, to)
  expect(changed).not.toBe(rss)
  expect(checkRss(changed).filter(fault => fault.startsWith(rule))).not.toEqual([])
})
