// However much an edition holds: Gmail shows all of the letter, with the link to leave, and no article is cut.

import { expect, test } from 'vitest'
import { roomIn } from '../../src/letter/letter-budget.ts'
import { aNewsletter, anArticle, aPicture } from '../builders.ts'
import { aLetter, aNote, anEdition } from './letter-edition.ts'

const long = 'Words that go on and on about the matter, as they do in any paper of record. '
const many = (count: number, title = 'News of the day', summary = long.repeat(6)) =>
  Array.from({ length: count }, (_, n) =>
    anArticle({
      slug: `n${n}`,
      title: `${title} ${n}`,
      summary,
      image: aPicture({ caption: long, credit: 'Agency' }),
    }),
  )

test.each([
  ['1', many(1)],
  ['3', many(3)],
  ['10', many(10)],
  ['30', many(30)],
  ['100', many(100)],
  [
    '100 in Hindi',
    many(100, 'आज की ताज़ा ख़बर यहाँ पढ़ें '.repeat(5), 'दिल्ली में आज सुबह बारिश हुई और तापमान गिर गया। '.repeat(10)),
  ],
  ['100 long titles', many(100, long.repeat(3))],
  ['30 without pictures', many(30).map(({ image: _, ...article }) => article)],
  ['9 with little but pictures', many(9, 'Look', 'See.')],
  ['30 long words', many(30, 'Donaudampfschifffahrtsgesellschaft'.repeat(8))],
])('%s articles', async (_, articles) => {
  const edition = anEdition(articles, { newsletter: aNewsletter({ subject: 'News' }) })
  const { html, marker, text } = await aLetter(edition)
  const grown = html.replace(/⟦[^⟧]*_url⟧/g, 'x'.repeat(160))
  expect(Buffer.byteLength(grown)).toBeLessThanOrEqual(102_400)
  expect(Buffer.byteLength(html.slice(0, html.indexOf(`⟦${marker}:unsubscribe_url⟧`)))).toBeLessThan(90_000)
  const shown = [...html.matchAll(/<h2[\s>]/g)].length
  const more = /(\d+) more on the web/.exec(html)
  expect(shown + Number(more?.[1] ?? 0)).toBe(articles.length)
  expect([...text.matchAll(/\/world\/2026\/n\d+\//g)].length).toBe(shown)
  expect(html.trimEnd()).toMatch(/<\/html>$/)
  // Of the pictures the lead's is the last to go.
  expect(/<img /.test(html)).toBe(edition.lead?.image !== undefined)
})

test('a whole article too long for a letter becomes its summary', async () => {
  const newsletter = aNewsletter({ every: 'article' })
  const pictures = '<p><img src="https://meridian.example/a.png" alt=""></p>'
  const body = (size: number) => `<p>Begin.</p>${`<p>${long}</p>`.repeat(size)}${pictures}<p>The end.</p>`
  const fitting = await aLetter(anEdition([anArticle({ body: body(100) })], { newsletter, id: 'a' }))
  expect(fitting.html).toContain('The end.')
  const card = await aLetter(
    anEdition([anArticle({ body: body(2000), summary: 'In short.' })], { newsletter, id: 'a' }),
  )
  expect(card.html).not.toContain('Begin.')
  expect(card.html).toContain('In short.')
})

test('a note that alone is too long is an error that says so', async () => {
  const edition = anEdition([anArticle()], { note: aNote(long.repeat(2000)) })
  await expect(aLetter(edition)).rejects.toThrow('letter weekly/2026-W05: with a single article it is longer')
})

test('what counts is the letter as the reader gets it', () => {
  const html = (size: number) => `${'x'.repeat(size)}⟦0123456789ab:unsubscribe_url⟧`
  expect(roomIn(html(89_900), '0123456789ab')).toBeGreaterThanOrEqual(0)
  expect(roomIn(html(90_100), '0123456789ab')).toBeLessThan(0)
  expect(roomIn(`${html(10)}${'x'.repeat(102_400)}`, '0123456789ab')).toBeLessThan(0)
})
