// A letter in a real browser: nothing scrolls sideways at 320 px, and axe finds nothing in the light and in the dark.

import { createRequire } from 'node:module'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aNewsletter, anArticle, aPicture } from '../builders.ts'
import { aLetter, aNote, anEdition, filled, someArticles, world } from './letter-edition.ts'

const axe = createRequire(import.meta.url).resolve('axe-core')
// Neither in one process nor without its helpers: a second page would take the first down.
const args = chromium.args.filter(flag => !['--single-process', '--no-zygote'].includes(flag))
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** 3 × 2 grey pixels. */
const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2" fill="#888888"/></svg>'

let browser: Browser
beforeAll(async () => {
  browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: [...args, ...quiet],
  })
})
afterAll(() => browser?.close())

const word = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'
const whole =
  `<p>A <a href="https://e.example/">link</a>, <code>${word}</code>.</p><h3>Part</h3><pre>${'x '.repeat(90)}</pre>` +
  `<table border="1" width="100%"><thead><tr><th>A</th><th>${word}</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>` +
  `<blockquote><p>Said.</p></blockquote><ul><li>One</li></ul><p><img src="https://meridian.example/a.png" alt="A" width="1200" height="800"></p>`

const letters = {
  cards: await aLetter(anEdition(someArticles(), { note: aNote('A week of talks.') })),
  compact: await aLetter(
    anEdition(
      Array.from({ length: 12 }, (_, n) =>
        anArticle({ slug: `n${n}`, title: `${word} ${n}`, section: world, image: aPicture() }),
      ),
    ),
  ),
  whole: await aLetter(
    anEdition([anArticle({ body: whole })], { newsletter: aNewsletter({ every: 'article' }), id: 'a' }),
  ),
  arabic: await aLetter(
    anEdition(someArticles(), { newsletter: aNewsletter({ language: 'ar', title: 'الأسبوع' }) }),
  ),
}

async function open(html: string, width: number, colorScheme: 'light' | 'dark') {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
  await page.route('**/*', route =>
    new URL(route.request().url()).hostname === 'meridian.example'
      ? route.fulfill({ contentType: 'image/svg+xml', body: picture })
      : route.abort(),
  )
  await page.setContent(filled(html), { waitUntil: 'load' })
  return page
}

async function violations(html: string, scheme: 'light' | 'dark'): Promise<string[][]> {
  const page = await open(html, 360, scheme)
  await page.addScriptTag({ path: axe })
  const found = await page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
  }).then(result => result.violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))`)
  await page.close()
  return found as string[][]
}

test('axe sees grey on white, in the dark too, and a picture without words', async () => {
  const { html } = letters.cards
  const faults = async (faulty: string, scheme: 'light' | 'dark') =>
    (await violations(faulty, scheme)).map(([rule]) => rule)
  expect(await faults(html.replaceAll('#595650', '#b0b0b0'), 'light')).toEqual(['color-contrast'])
  expect(await faults(html.replaceAll('#b8b4ac', '#505050'), 'dark')).toEqual(['color-contrast'])
  expect(await faults(html.replaceAll('alt="A bridge at dawn"', ''), 'light')).toContain('image-alt')
})

test.each(Object.keys(letters) as (keyof typeof letters)[])('%s', async name => {
  const { html } = letters[name]
  const bare = html.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
  for (const [what, source, width] of [
    ['styled', html, 320],
    ['without styles', bare, 320],
    ['without styles', bare, 640],
  ] as const) {
    const page = await open(source, width, 'light')
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    expect(wide, `${what} at ${width}`).toBe(width)
    await page.close()
  }
  for (const scheme of ['light', 'dark'] as const) expect(await violations(html, scheme), scheme).toEqual([])
})
