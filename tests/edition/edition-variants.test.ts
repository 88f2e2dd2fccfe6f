// What is left of an edition for those who chose topics: sections and tags, one number for one selection.

import { expect, test } from 'vitest'
import { editionVariants } from '../../src/edition/plan-edition.ts'
import { anArticle, aPicture } from '../builders.ts'
import { aLetter, anEdition, business, world } from '../letter/letter-edition.ts'

const talks = anArticle({ slug: 'talks', title: 'Talks', section: world, image: aPicture() })
const bridge = anArticle({ slug: 'bridge', title: 'A bridge', section: world, tags: ['Bridges'] })
const budget = anArticle({
  slug: 'budget',
  title: 'Budget day',
  section: business,
  tags: ['bridges', 'Money'],
})
const whole = anEdition([talks, bridge, budget])

test('no topics are everything, and so are all of them', () => {
  const { variantOf, edition } = editionVariants(whole)
  expect([variantOf([]), variantOf(['world', 'business']), variantOf(['world', 'money'])]).toEqual([0, 0, 0])
  expect(edition(0)).toBe(whole)
})

test('sections by slug, tags in any case; the same articles are the same letter', () => {
  const { variantOf, edition } = editionVariants(whole)
  expect([
    variantOf(['business']),
    variantOf(['MONEY']),
    variantOf(['bridges']),
    variantOf(['world']),
  ]).toEqual([1, 1, 2, 3])
  expect(edition(2).articles).toEqual([bridge, budget])
  expect(edition(3)).toMatchObject({
    lead: talks,
    articles: [talks, bridge],
    parts: [{ title: 'World', articles: [bridge] }],
  })
})

test('where the lead is left out another leads, and the sections close up', () => {
  const { variantOf, edition } = editionVariants(whole)
  const part = edition(variantOf(['business'])!)
  expect(part).toMatchObject({ id: whole.id, lead: budget, articles: [budget], parts: [] })
})

test('nothing on any of them', () => {
  expect(editionVariants(whole).variantOf(['art', 'sport'])).toBeUndefined()
})

test('the letter of a part has its own articles, subject and marker, and the same place on the web', async () => {
  const { variantOf, edition } = editionVariants(whole)
  const [all, part] = [await aLetter(whole), await aLetter(edition(variantOf(['bridges'])!))]
  expect(part.subject).toBe('A bridge')
  expect(part.html).not.toContain('Talks')
  expect(part.text).not.toContain('Talks')
  expect(part.edition).toBe(all.edition)
  expect(part.marker).not.toBe(all.marker)
})
