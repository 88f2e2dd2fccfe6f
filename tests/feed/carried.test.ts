// Which articles a build's feeds carry: all that any feed or archive shows, each once.

import { expect, test } from 'vitest'
import { buildFeeds } from '../../src/feed/build-feeds.ts'
import { aLoaded, anArticle, aPublication, aRenderer, at } from '../builders.ts'
import { templates } from './fixture.ts'

test('an article that only the feed of its tag carries, or only an archive, is among them', () => {
  const list = [
    anArticle({ slug: 'newest', authors: [] }),
    anArticle({ slug: 'tagged', tags: ['rail'], authors: [], date: at('2025-05-01T00:00:00Z') }),
    anArticle({ slug: 'old', authors: [], date: at('2025-04-01T00:00:00Z') }),
    anArticle({ slug: 'draft', state: 'draft' }),
  ]
  const carried = (archive: boolean) => {
    const feeds = { ...aPublication().feeds, items: 1, archive }
    const made = buildFeeds(aLoaded(list, aPublication({ feeds })), aRenderer(), templates)
    return made.articles.map(({ slug }) => slug).sort()
  }
  expect(carried(false)).toEqual(['newest', 'tagged'])
  expect(carried(true)).toEqual(['newest', 'old', 'tagged'])
})
