// A small publication that uses every field a feed carries: what the golden files are made of.

import { buildFeeds } from '../../src/feed/build-feeds.ts'
import type { Loaded, OutputFile } from '../../src/model.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aLoaded, anArticle, anAuthor, aPicture, aPublication, aRenderer, at } from '../builders.ts'

export const templates = openTemplates('/no/templates/of/its/own')

const desk = anAuthor({
  id: 'world-desk',
  name: 'World Desk',
  role: 'Foreign news',
  photo: aPicture({
    url: 'https://meridian.example/images/desk.jpg',
    file: 'images/desk.jpg',
    alt: '',
    width: 96,
    height: 96,
  }),
  url: 'https://meridian.example/desks/world/',
  social: [{ name: 'Mastodon', url: 'https://social.example/@world' }],
  biography: 'The World Desk reports from six capitals.',
})

export function fixture(overrides: Parameters<typeof aPublication>[0] = {}): Loaded {
  const [world, business] = aPublication().sections
  const publication = aPublication({
    icon: aPicture({
      url: 'https://meridian.example/images/icon.png',
      type: 'image/png',
      width: 512,
      height: 512,
    }),
    logo: aPicture({
      url: 'https://meridian.example/images/logo.png',
      type: 'image/png',
      width: 600,
      height: 120,
    }),
    ...overrides,
    feeds: {
      ...aPublication().feeds,
      hubs: ['https://hub.example/', 'https://hub.example/two?a=1&b=2'],
      ...overrides.feeds,
    },
  })
  return aLoaded(
    [
      anArticle({
        slug: 'talks',
        title: 'Ministers meet: trade, minerals & <defence>',
        summary: 'A meeting a week before Washington.',
        place: 'New Delhi',
        section: world,
        tags: ['trade', 'minerals & metals', 'trade'],
        authors: [desk, anAuthor({ name: 'Business Desk' })],
        date: at('2026-01-29T18:30:00+05:30'),
        updated: at('2026-01-30T05:06:00+05:30'),
        image: aPicture({
          alt: 'Two flags on a table',
          caption: 'Before the talks',
          credit: 'Asian Press Photo',
          creditRole: 'agency',
          copyright: '© 2026 Asian Press Photo & Co',
        }),
        comments: 'https://talk.example/t?id=1&page=2',
        body: '<p>They met on Thursday.</p>\n<pre><code>a[b[0]]&gt;1; c[d[1]]&gt;2</code></pre>',
      }),
      anArticle({
        slug: 'episode-1',
        title: 'Lines on a map, episode 1',
        section: world,
        tags: ['trade'],
        date: at('2026-01-28T09:00:00+05:30'),
        audio: {
          url: 'https://meridian.example/audio/one.mp3',
          file: 'audio/one.mp3',
          bytes: 1_234_567,
          type: 'audio/mpeg',
          duration: 93,
          transcript: 'https://meridian.example/audio/one.vtt',
        },
      }),
      anArticle({
        slug: 'bandargah',
        title: 'بندرگاہ پر نیا پُل',
        language: 'ur',
        direction: 'rtl',
        section: business,
        authors: [],
        date: at('2026-01-27T00:00:00+05:30'),
        body: 'نیا پُل جمعے کو کھول دیا گیا۔',
      }),
      anArticle({
        slug: 'elsewhere',
        title: 'Read elsewhere: how ports count ships',
        source: {
          url: 'https://ports.example/count?by=ship&year=2026',
          title: 'Ports Quarterly',
          feed: 'https://ports.example/rss?a=1&b=2',
        },
        date: at('2026-01-27T00:00:00+05:30'),
        body: '<p>Worth an hour. Our picture: <img src="https://meridian.example/images/bridge.jpg" alt="A bridge at dawn"></p>',
        image: aPicture({ credit: 'Meridian Graphics' }),
      }),
      anArticle({ slug: 'unlisted', title: 'SECRET unlisted', state: 'unlisted' }),
      anArticle({ slug: 'draft', title: 'SECRET draft', state: 'draft' }),
      anArticle({ slug: 'future', title: 'SECRET future', state: 'future' }),
      anArticle({ slug: 'expired', title: 'SECRET expired', state: 'expired' }),
      anArticle({ slug: 'withdrawn', title: 'SECRET withdrawn', state: 'withdrawn' }),
    ],
    publication,
  )
}

export interface Built {
  readonly rss: string
  readonly atom: string
  readonly json: string
}

export function build(loaded: Loaded, renderer = aRenderer()): Built {
  const files = buildAll(loaded, renderer)
  return { rss: files['rss.xml']!, atom: files['atom.xml']!, json: files['feed.json']! }
}

/** Every file that the feed stage makes, by path. */
export function buildAll(loaded: Loaded, renderer = aRenderer()): Record<string, string> {
  const { files } = buildFeeds(loaded, renderer, templates)
  return Object.fromEntries(files.map(({ path, body }) => [path, textOf(body)]))
}

export function textOf(body: OutputFile['body']): string {
  if (typeof body === 'string') return body
  if (!('chunks' in body)) throw new Error('no text')
  return Buffer.concat([...body.chunks].map(chunk => Buffer.from(chunk))).toString()
}
