// Every letter of the demo in a real browser: without the white space that nobody sees it looks the same to the pixel, its
// lines have a length that eyes can follow, everything is there where neither styles nor pictures are, and axe finds nothing.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { allowFastPaths } from '../../src/base/index.ts'
import { THOROUGH } from '../thorough.ts'
import { aMailClient, type Look, type MailClient } from './a-mail-client.ts'
import { filled } from './letter-edition.ts'
import { demoLetters, root } from './the-demo.ts'

const state = vi.hoisted(() => ({ collapsing: true }))
vi.mock('../../src/letter/tidy-html.ts', async original => {
  const actual = await original<typeof import('../../src/letter/tidy-html.ts')>()
  return { ...actual, collapse: (html: string) => (state.collapsing ? actual.collapse(html) : html) }
})

const demo = await demoLetters()
const made = demo.letters.map(({ letter }) => letter)
state.collapsing = false
// Known layouts have lost their white space already.
allowFastPaths(false)
const loose = (await demoLetters()).letters.map(({ letter }) => letter)
allowFastPaths(true)
const all = made.map((letter, at) => [letter.edition, letter.html, loose[at]!.html] as const)
/** The shortest and the longest of each newsletter, unless there is time for all. */
const letters = THOROUGH
  ? all
  : [...new Set(made.map(({ edition }) => edition.split('/')[0]))].flatMap(newsletter => {
      const its = all.filter(([edition]) => edition.startsWith(`${newsletter}/`))
      const byLength = its.toSorted(([, a], [, b]) => a.length - b.length)
      return [...new Set([byLength[0]!, byLength.at(-1)!])]
    })

let client: MailClient
beforeAll(async () => {
  client = await aMailClient({
    file: path => demo.files.get(path.slice(1)) ?? readFileSync(join(root, 'articles', path)),
  })
})
afterAll(() => client?.close())

const looks: readonly Look[] = [
  { width: 640 },
  { width: 640, scheme: 'dark' },
  { width: 360 },
  { width: 360, pictures: false },
]

async function pixels(html: string, look: Look): Promise<Buffer> {
  const page = await client.show(html, look)
  return page.screenshot({ fullPage: true })
}

test('a space too few is seen', async () => {
  const [, html] = letters[0]!
  expect(html).toContain(' &#183; ')
  const [one, other] = [
    await pixels(html, looks[0]!),
    await pixels(html.replace(' &#183; ', '&#183; '), looks[0]!),
  ]
  expect(one.equals(other)).toBe(false)
})

test.each(letters)('%s: as MJML wrote it and as it is sent look the same', async (_, html, before) => {
  expect(before.length).toBeGreaterThan(html.length * 1.05)
  for (const look of looks) {
    const [sent, written] = [await pixels(html, look), await pixels(before, look)]
    expect(sent.equals(written), JSON.stringify(look)).toBe(true)
  }
})

/** em: a letter or a space of English text in Georgia, on average. Which typefaces this machine has does not count. */
const CHARACTER_WIDTH = 0.48

test.each(letters)('%s: no line of text is much longer than 75 characters', async (_, html) => {
  const page = await client.show(html, { width: 900 })
  const longest =
    await page.evaluate(`Math.max(...[...document.querySelectorAll('p, li, td > div')].map(block => {
      // Bylines and captions are small, and short.
      const size = parseFloat(getComputedStyle(block).fontSize)
      if (size < 15) return 0
      if (!block.textContent.trim() || block.querySelector('p, table, div')) return 0
      const range = document.createRange()
      range.selectNodeContents(block)
      const [, second] = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 6)))
      // A line that ends by itself says nothing of how long they may become.
      return second === undefined ? 0 : block.getBoundingClientRect().width / (size * ${CHARACTER_WIDTH})
    }))`)
  expect(longest).toBeGreaterThan(40)
  expect(longest).toBeLessThanOrEqual(80)
})

test.each(letters)('%s: all of its words are seen without styles and pictures', async (_, html) => {
  const bare = html.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
  const page = await client.show(bare, { width: 360, pictures: false })
  const seen = (await page.evaluate('document.body.innerText')) as string
  const spaced = (text: string) => text.replace(/[\s\u00a0]+/g, ' ').toLowerCase()
  const titles = [...filled(html).matchAll(/<h2[^>]*><a[^>]*>([^<]*)<\/a>/g)].map(match => match[1]!)
  for (const title of titles)
    expect(spaced(seen)).toContain(spaced(title.replaceAll('&amp;', '&').replaceAll('&#x27;', "'")))
  const words = (await page.evaluate(
    `[...document.images].filter(image => image.alt && (image.clientWidth < 20 || image.clientHeight < 12)).map(image => image.alt)`,
  )) as string[]
  expect(words).toEqual([])
})

test.each(letters)('%s: axe finds nothing, and nothing scrolls sideways', async (_, html) => {
  const narrow = await client.show(html, { width: 320 })
  expect(await narrow.evaluate('document.documentElement.scrollWidth')).toBe(320)
  for (const [width, scheme] of [
    [360, 'light'],
    [640, 'dark'],
  ] as const) {
    await client.show(html, { width, scheme })
    expect(await client.violations(), `${width} ${scheme}`).toEqual([])
  }
})
