// What a build says of feeds that readers or shops of podcasts would refuse.

import { expect, test } from 'vitest'
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import { podcastProblems } from '../../src/feed/podcast.ts'
import type { Publication } from '../../src/model.ts'
import { aLoaded, anArticle, aPicture, aPublication, aRenderer } from '../builders.ts'
import { templates } from './fixture.ts'

const rules = (publication: Partial<Publication>, body = 'Text.', count = 1) => {
  const articles = Array.from({ length: count }, (_, index) =>
    anArticle({ slug: `a${index}`, body, authors: [], summary: 'S', tags: ['rail'] }),
  )
  const { diagnostics } = buildFeeds(aLoaded(articles, aPublication(publication)), aRenderer(), templates)
  return diagnostics.map(({ rule, message }) => `${rule}: ${message}`)
}

test('a feed of more than 512 kB, of more than 5 MB, and one that is large by its titles', () => {
  const feeds = { ...aPublication().feeds, archive: false, per: ['author'] as const }
  expect(rules({ feeds }, 'x'.repeat(100_000), 5)).toEqual([])
  expect(rules({ feeds }, 'x'.repeat(100_000), 6)).toEqual([
    'feed-too-large: out/atom.xml has about 0.6 MB: FeedBurner and some readers read no more than 512 kB',
  ])
  expect(rules({ feeds }, 'x'.repeat(1_000_000), 6)).toEqual([
    'feed-too-large: out/atom.xml has about 6.0 MB: the W3C validator and most readers read no more than 5 MB',
  ])
  expect(rules({ feeds: { ...feeds, per: ['author', 'tag'] as const } }, 'x'.repeat(100_000), 6)).toEqual([
    expect.stringMatching(/512 kB; so are \d more$/),
  ])
  const longer = { ...feeds, items: 6, own: [{ name: 'all', items: 12 }] }
  expect(rules({ feeds: longer }, 'x'.repeat(100_000), 12)).toEqual([
    expect.stringMatching(
      /^feed-too-large: out\/feeds\/all\/atom\.xml has about 1\.2 MB: .*; so are 1 more$/,
    ),
  ])
  const long = [anArticle({ title: 'x'.repeat(600_000), authors: [] })]
  const { diagnostics } = buildFeeds(aLoaded(long, aPublication({ feeds })), aRenderer(), templates)
  expect(diagnostics).toMatchObject([{ rule: 'feed-too-large' }])
  // What lies in archives is fetched once.
  expect(rules({ feeds: { ...feeds, items: 2, archive: true } }, 'x'.repeat(200_000), 12)).toEqual([])
})

test('a podcast without what Apple asks for', () => {
  const image = aPicture({ width: 3000, height: 3000 })
  const whole = { image, category: 'News', explicit: false, owner: { name: 'M', email: 'm@m.example' } }
  expect(rules({ podcast: whole })).toEqual([])
  expect(rules({ podcast: { explicit: false } })).toEqual([
    'podcast-settings: the podcast has no category',
    'podcast-settings: the podcast has no owner',
    'podcast-settings: the podcast has no picture',
  ])
  expect(rules({ podcast: { ...whole, image: aPicture() } })).toEqual([
    "podcast-settings: the podcast's picture is 1200 × 800",
  ])
  expect(rules({ podcast: { ...whole, image: { ...image, type: 'image/webp' } } })).toEqual([
    "podcast-settings: the podcast's picture is image/webp",
  ])
  const settings = { file: 'articles/publication.yml', text: 'title: A\n# podcast: none\npodcast: {}\n' }
  const loaded = { ...aLoaded([], aPublication({ podcast: { explicit: false } })), settings }
  expect(podcastProblems(loaded)[0]).toMatchObject({ file: settings.file, line: 3 })
})
