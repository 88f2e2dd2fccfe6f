// Data tables in letters: no figure and no ordinary word is broken, and a phone shows a wide table row by row.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { fitTables, isTooWide, leastTableWidth } from '../../src/letter/letter-prose.ts'
import { aNewsletter, anArticle } from '../builders.ts'
import { aMailClient, type MailClient } from './a-mail-client.ts'
import { aLetter, anEdition } from './letter-edition.ts'

const table = (head: readonly string[], ...rows: readonly (readonly string[])[]) =>
  `<table border="1" width="100%"><thead><tr>${head.map(cell => `<th>${cell}</th>`).join('')}</tr></thead>` +
  `<tbody>${rows.map(row => `<tr>${row.map(cell => `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`

const results = table(
  ['Constituency', 'Turnout', 'Share, %', 'Seats', 'Majority', 'Declared'],
  ['Birmingham', '1,234,567', '14,9 / 29', '12', '−3.4 %', '2026-11-20'],
  ['Stoke-on-Trent', '987,654', '8,1 / 31', '7', '€ 12 Mio.', '23:40'],
)
const letterOf = (body: string) =>
  aLetter(anEdition([anArticle({ body })], { newsletter: aNewsletter({ every: 'article' }), id: 'a' }))
const { html } = await letterOf(`<p>Counted.</p>${results}`)

let client: MailClient
beforeAll(async () => {
  client = await aMailClient()
})
afterAll(() => client?.close())

/** Words of cells that take more than one line box. */
const BROKEN_WORDS = `[...document.querySelectorAll('.prose .data td, .prose .data th')].flatMap(cell => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
  const broken = []
  for (let text = walker.nextNode(); text; text = walker.nextNode())
    for (const { 0: word, index } of text.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange()
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      if (new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom))).size > 1) broken.push(word)
    }
  return broken
})`

test('no figure and no word of a table breaks at any width, with styles and without', async () => {
  for (const source of [html, html.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')])
    for (const width of [320, 360, 640]) {
      const page = await client.show(source, { width })
      expect(await page.evaluate(BROKEN_WORDS), `${width}`).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    }
})

test('a phone shows a wide table as records, each cell with its heading; a wide window shows the table', async () => {
  const shown = async (width: number) =>
    (await (
      await client.show(html, { width })
    ).evaluate(`document.querySelector('.prose .data').innerText`)) as string
  const narrow = await shown(360)
  expect(narrow).toContain('Turnout: 1,234,567')
  expect(narrow).toContain('Declared: 23:40')
  expect(narrow).not.toContain('Constituency')
  const wide = await shown(640)
  expect(wide).not.toContain('Turnout: ')
  expect(wide).toContain('Constituency')
  expect(await client.violations()).toEqual([])
  await client.show(html, { width: 360, scheme: 'dark' })
  expect(await client.violations()).toEqual([])
})

test('a narrow table stays a table; one with merged cells or without headings scrolls', () => {
  expect(fitTables(table(['City', 'Seats'], ['Pune', '12']))).toMatch(/^<table class="data" /)
  const merged = results.replace('<td>12</td>', '<td colspan="2">12</td>')
  expect(fitTables(merged)).toMatch(/^<table class="data wide"/)
  expect(fitTables(merged)).not.toContain('label')
  expect(fitTables(results.replaceAll('thead', 'tbody'))).toMatch(/^<table class="data wide"/)
})

test.each([
  ['1,234.56', true],
  ['−3.4 %', true],
  ['14,9 / 29', true],
  ['१२३', true],
  ['٤٥٫٦', true],
  ['€ 12 Mio.', true],
  ['12 of the members of the council', false],
  ['Birmingham', false],
  ['', false],
])('%j is kept on one line: %j', (text, isKept) => {
  expect(fitTables(table(['A', 'B'], [text, 'x'])).includes('white-space:nowrap')).toBe(isKept)
})

test('a word that is longer than any column may break, and markup in a cell stays as it is', () => {
  const word = 'Donaudampfschifffahrtsgesellschaft'
  expect(fitTables(table(['A', 'B'], [word, '<a href="https://e.example/?a=1&amp;b=2">x</a>']))).toContain(
    `<td style="overflow-wrap:anywhere">${word}</td><td><a href="https://e.example/?a=1&amp;b=2">x</a></td>`,
  )
})

test('the width of a table is that of its longest words; a script without spaces needs little', () => {
  expect(leastTableWidth([['ab cdef', '12'], ['x']])).toBe((4 + 2) * 8 + 2 * 16)
  expect(leastTableWidth([['東京都千代田区丸の内一丁目九番']])).toBeLessThan(120)
  expect(isTooWide([Array.from({ length: 8 }, () => 'Constituencies')])).toBe(true)
})
