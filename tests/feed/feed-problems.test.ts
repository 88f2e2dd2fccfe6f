// What a build says of feeds that readers or shops of podcasts would refuse.

import { expect, test } from 'vitest'
import { buildFeeds } from '../../src/feed/index.ts'
import type { Publication } from '../../src/model.ts'
import { aLoaded, anArticle, aPicture, aPublication, aRenderer } from '../builders.ts'
import { templates } from './fixture.ts'

const rules = (publication: Partial<Publication>, body = 'Text.', count = 1) => {
  const articles = Array.from({ length: count }, (_, index) =>
    anArticle({ slug: `a${index}`, body, authors: [] }),
  )
  const { diagnostics } = buildFeeds(aLoaded(articles, aPublication(publication)), aRenderer(), templates)
  return diagnostics.map(({ rule, message }) => `${rule}: ${message}`)
}

test('a feed of more than a megabyte', () => {
  const feeds = { ...aPublication().feeds, archive: false, per: ['author'] as const }
  expect(rules({ feeds }, 'x'.repeat(300_000), 3)).toEqual([])
  expect(rules({ feeds }, 'x'.repeat(300_000), 4)).toEqual([
    'feed-too-large: out/atom.xml has 1.2 MB of articles; some readers refuse it',
  ])
  expect(rules({ feeds: { ...feeds, items: 2, archive: true } }, 'x'.repeat(300_000), 12)).toEqual([])
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
})
