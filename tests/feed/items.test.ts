// Items are written as npm `feed` writes them, to the byte.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { atom } from '../../src/feed/atom.ts'
import type { Item } from '../../src/feed/feed-item.ts'
import { plainText, strictUrl } from '../../src/feed/feed-xml.ts'
import { rss } from '../../src/feed/rss.ts'
import type { Audio, Picture } from '../../src/model.ts'
import { atomByPackage, rssByPackage } from './items-by-package.ts'

const pieces = fc.constantFrom(
  '&',
  '&amp;',
  '&amp;amp;',
  '&#x26;',
  '<',
  '<b>',
  '>',
  '"',
  "'",
  ']]>',
  '<![CDATA[',
  '$&',
  'é',
)
const text = fc
  .oneof(
    fc.array(fc.oneof(pieces, fc.string()), { maxLength: 4 }).map(parts => parts.join('')),
    fc.string(),
  )
  .map(plainText)
const words = text.filter(Boolean)
const url = fc
  .oneof(
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 3 })
      .map(parts => `https://a.example/${parts.join('/')}`),
    fc.constantFrom(
      'https://[::1]:80/a|b?c=[d]&e="f"',
      'HTTP://Ä.example/%zz/../x',
      "https://a.example/'a'?b=c&d",
    ),
  )
  .map(strictUrl)
  .filter(found => found !== undefined)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const size = maybe(fc.nat())
const moment = fc.record({
  at: fc.integer({ min: 0, max: 4e12 }),
  offset: fc.constantFrom(0, 330, -210, 60),
})

const picture: fc.Arbitrary<NonNullable<Item['picture']>> = fc.record({
  url,
  alt: text,
  caption: maybe(text),
  credit: maybe(text),
  creditRole: maybe(words),
  creditScheme: maybe(url),
  copyright: maybe(text),
  width: size,
  height: size,
  bytes: size,
  type: maybe(fc.constant('image/png')),
}) as unknown as fc.Arbitrary<Picture>
const audio = fc.record({
  url,
  type: fc.constant('audio/mpeg'),
  bytes: size,
  duration: maybe(fc.double({ min: 0, max: 1e5, noNaN: true })),
  episode: size,
  season: size,
  kind: maybe(fc.constantFrom('full', 'trailer')),
  explicit: maybe(fc.boolean()),
  transcript: maybe(url),
  chapters: maybe(url),
}) as unknown as fc.Arbitrary<Audio>

const item: fc.Arbitrary<Item> = fc.record({
  id: words,
  url,
  title: words,
  date: moment,
  updated: moment,
  edited: fc.boolean(),
  authors: fc.array(fc.record({ name: words, url: maybe(url), photo: maybe(url) }), { maxLength: 3 }),
  tags: fc.array(words, { maxLength: 3 }),
  language: fc.constantFrom(undefined, 'de', 'hi-IN'),
  picture: maybe(picture),
  audio: maybe(audio),
  episode: fc.boolean(),
  comments: maybe(url),
  external: maybe(url),
  origin: maybe(fc.record({ feed: url, title: words })),
  full: fc.boolean(),
  text: words.map(summary => () => ({ summary, content: Buffer.from('') })),
})

test('RSS', () => {
  fc.assert(
    fc.property(item, one => {
      expect(rss.items([one, one])).toEqual([rssByPackage(one), rssByPackage(one)])
    }),
    { numRuns: 1000 },
  )
})

test('Atom', () => {
  fc.assert(
    fc.property(item, one => {
      expect(atom.items([one, one])).toEqual([atomByPackage(one), atomByPackage(one)])
    }),
    { numRuns: 1000 },
  )
})
