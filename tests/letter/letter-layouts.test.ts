// How a section is shown: by its own layout, up to its limit, with the way to what is left over.

import { expect, test } from 'vitest'
import type { SectionLayout } from '../../src/model.ts'
import { aNewsletter, anArticle, aPicture, aPublication } from '../builders.ts'
import { aLetter, anEdition, business, world } from './letter-edition.ts'

const body = `<p>${'A long text that says more than its summary. '.repeat(4)}</p>`
const stories = Array.from({ length: 6 }, (_, n) =>
  anArticle({
    slug: `n${n}`,
    title: `Story ${n}`,
    section: n < 5 ? world : business,
    summary: `Summary ${n}.`,
    body,
    image: aPicture(),
  }),
)
const publication = aPublication({ sections: [world, business] })
const shown = async (layout: SectionLayout) =>
  aLetter(anEdition(stories, { newsletter: aNewsletter({ layouts: { world: layout } }) }), { publication })
const count = (text: string, pattern: RegExp) => (text.match(pattern) ?? []).length

test('columns are two by two, what is left over is a card', async () => {
  const { html } = await shown({ layout: 'columns', limit: 3 })
  expect(count(html, /<td class="ink half"/g)).toBe(2)
  expect(count(html, /<td class="thumb"/g)).toBe(2)
})

test('headlines have no summary and no picture, a hero is as wide as the column', async () => {
  const headlines = await shown({ layout: 'headlines' })
  for (const n of [1, 2, 3, 4]) {
    expect(headlines.html).toContain(`>Story ${n}</a>`)
    expect(headlines.html).not.toContain(`Summary ${n}.`)
  }
  const hero = await shown({ layout: 'hero' })
  expect(count(hero.html, /<img class="shade large"[^>]* width="552"/g)).toBe(2)
  expect(count(headlines.html, /<img class="shade large"[^>]* width="552"/g)).toBe(1)
})

test('beyond its limit a section says how many more it has, and where, in both parts', async () => {
  const { html, text } = await shown({ limit: 1 })
  expect(html).not.toContain('>Story 2</a>')
  expect(html).toMatch(
    /<a class="accent" href="https:\/\/meridian\.example\/sections\/world\/"[^>]*>3 more in World<\/a>/,
  )
  expect(text).toContain('3 more in World\n<https://meridian.example/sections/world/>')
  expect(html).not.toContain('more on the web')
  expect((await shown({})).html).not.toContain('more in World')
})

test('“Read on” is where a summary ends that is not all, and says of what', async () => {
  const { html } = await shown({})
  expect(html).toContain('aria-label="Read on: Story 1"')
  const short = anArticle({ slug: 'short', body: '<p>All of it.</p>', summary: 'All of it.' })
  expect((await aLetter(anEdition([short]))).html).not.toContain('Read on')
})

test('typefaces of the publication come first, and Outlook gets the others alone', async () => {
  const theme = { ...publication.theme, fonts: { headings: ['Brand Serif'] } }
  const own = { ...publication, theme }
  const { html } = await aLetter(anEdition(stories), { publication: own })
  expect(html).toContain('<h2 class="ink h-lead" style="font-family:\'Brand Serif\', Georgia')
  const forOutlook =
    /\[if mso\]>\s*<style>body,table[^<]*font-family:Georgia[^<]*!important\}<\/style><!\[endif\]-->/
  expect(html).toMatch(forOutlook)
  expect((await aLetter(anEdition(stories), { publication })).html).not.toMatch(forOutlook)
})

test('a long word may break where syllables do, in titles and in texts; an address, code and the text part stay whole', async () => {
  const word = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'
  const address = `https://example.org/${'a'.repeat(40)}`
  const article = anArticle({
    title: word,
    body: `<p>${word} <a href="${address}">${address}</a> <code>${word}</code></p>`,
  })
  const { html, text } = await aLetter(
    anEdition([article], { newsletter: aNewsletter({ every: 'article' }), id: 'a' }),
  )
  expect(html).toMatch(/<h1[^>]*><a[^>]*>Rind[^<]*\u00ad[^<]*gesetz<\/a>/)
  expect(html).toMatch(/<p[^>]*>Rind[^<]*\u00ad/)
  expect(html).toContain(`>${address}</a>`)
  expect(html).toContain(`>${word}</code>`)
  expect(text).not.toContain('\u00ad')
})
