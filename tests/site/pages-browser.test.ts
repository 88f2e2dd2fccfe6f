// Every kind of page of the demo in a real browser: axe finds nothing, nothing scrolls sideways and nothing is asked of
// another host, at 320 and 1000 pixels, in the light and in the dark.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { loadPublication } from '../../src/content/load-publication.ts'
import type { Theme } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { aBrowser } from '../a-browser.ts'
import { anArticle } from '../builders.ts'
import { aSite } from './a-site.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** 3 × 2 grey pixels. */
const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2" fill="#888888"/></svg>'
const home = 'https://meridian.example/'
const word = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'

const demo = loadPublication(new URL('../../', import.meta.url).pathname, {
  now: Date.parse('2026-02-07T12:00:00+05:30'),
})
const long = anArticle({
  url: `${home}long/`,
  title: `${word} ${word}`,
  summary: word,
  tags: [word],
  place: word,
  body: `# ${word}\n\n${word} \`${word}\`\n\n| ${word} | ${word} |\n| --- | --- |\n| ${word} | 1 |\n\n\`\`\`\n${'x '.repeat(90)}\n\`\`\`\n\n<video src="a.mp4" width="900" controls></video>`,
})
const loaded = { ...demo, articles: [...demo.articles, long] }
const editions = ['2026-W05', '2026-W06'].map((id, week) => ({
  id,
  newsletter: 'weekly',
  subject: `The week <${week}>`,
  preheader: '',
  until: Date.UTC(2026, 0, 30 + 7 * week),
  articles: 4,
}))
const site = aSite(loaded, createRenderer(loaded), editions)
const kinds = {
  'front page': 'index.html',
  'live blog': 'cities/2026/fog-live/index.html',
  'long read': 'science/2026/how-a-monsoon-forecast-is-made/index.html',
  'right to left': 'culture/2026/qalam-ki-nok/index.html',
  Hindi: 'culture/2026/itwar-ki-kitabein/index.html',
  podcast: 'cities/2026/first-train-bell/index.html',
  withdrawn: 'business/2026/heritage-tram-fares/index.html',
  'long words': 'long/index.html',
  tag: 'tags/trains/index.html',
  author: 'authors/urdu-desk/index.html',
  archive: 'editions/index.html',
}

const browser = aBrowser()

async function open(html: string): Promise<{ tab: Page; foreign: string[] }> {
  const foreign: string[] = []
  const tab = await browser().newPage({ viewport: { width: 320, height: 900 }, colorScheme: 'light' })
  await tab.route('**/*', (route, request) => {
    const url = request.url()
    if (!url.startsWith(home)) foreign.push(url)
    if (request.resourceType() === 'document')
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
    return request.resourceType() === 'image'
      ? route.fulfill({ contentType: 'image/svg+xml', body: picture })
      : route.abort()
  })
  await tab.goto(`${home}a/b/c/`, { waitUntil: 'load' })
  await tab.evaluate(axe)
  return { tab, foreign }
}

async function violations(tab: Page, only?: string): Promise<string[]> {
  return tab.evaluate<string[]>(
    `axe.run(document, ${only ? `{ runOnly: { type: 'rule', values: ['${only}'] } }` : '{}'})
      .then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.html)))`,
  )
}

const themed = (theme: Partial<Theme>, accent: string) => {
  const publication = { ...loaded.publication, accent, theme: { ...loaded.publication.theme, ...theme } }
  return aSite({ ...loaded, publication }, createRenderer(loaded), editions)
}
const themes = {
  'another theme': themed({ headings: 'slab', text: 'sans', masthead: 'start', ground: 'cool' }, '#f2b705'),
  'a third': themed({ headings: 'sans', labels: 'humanist', ground: 'plain', corners: 'round' }, '#0b6e4f'),
}

const overflow = (tab: Page) => tab.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

test('axe sees grey on white, and in the dark', async () => {
  const html = site.get(kinds.podcast)!
  const { tab } = await open(html.replaceAll('#5b5b62', '#b0b0b0').replaceAll('#a7a7b0', '#505050'))
  expect((await violations(tab, 'color-contrast')).length).toBeGreaterThan(0)
  await tab.emulateMedia({ colorScheme: 'dark' })
  expect((await violations(tab, 'color-contrast')).length).toBeGreaterThan(0)
  await tab.close()
})

test.each(Object.entries(kinds))(
  '%s',
  async (_, path) => {
    const { tab, foreign } = await open(site.get(path)!)
    expect(await violations(tab)).toEqual([])
    expect(await overflow(tab)).toBeLessThanOrEqual(0)
    await tab.setViewportSize({ width: 1000, height: 900 })
    await tab.emulateMedia({ colorScheme: 'dark' })
    expect(await violations(tab, 'color-contrast')).toEqual([])
    expect(await overflow(tab)).toBeLessThanOrEqual(0)
    expect(foreign).toEqual([])
    await tab.close()
  },
  30_000,
)

test.each(Object.entries(themes))(
  '%s',
  async (_, pages) => {
    for (const path of [kinds['front page'], kinds['long read']]) {
      const { tab } = await open(pages.get(path)!)
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme })
        expect(await violations(tab, 'color-contrast'), `${path} ${colorScheme}`).toEqual([])
      }
      expect(await overflow(tab)).toBeLessThanOrEqual(0)
      await tab.close()
    }
  },
  30_000,
)

test('separators of a line from right to left are before each part, whatever its own direction', async () => {
  const parts = '<bdi>Ann Mare</bdi><bdi>21 בנובמבר</bdi><bdi>2 min read</bdi>'
  const { tab } = await open(
    site
      .get(kinds['front page'])!
      .replace(/<body[^>]*>/, `$&<p id="probe" class="line parts" dir="rtl">${parts}</p>`),
  )
  const paddings = await tab.evaluate<string[]>(
    `[...document.querySelectorAll('#probe > bdi')].map(e => getComputedStyle(e)).map(s => s.paddingLeft + ' ' + s.paddingRight)`,
  )
  expect(paddings).toEqual(['0px 13px', '0px 13px', '0px 13px'])
  await tab.close()
})

test('opened from a disk, before anything is published: letters, editions and pages show all their pictures', async () => {
  const out = new URL('../../out/', import.meta.url)
  const tab = await browser().newPage()
  const asked: string[] = []
  tab.on('request', request => request.url().startsWith('file:') || asked.push(request.url()))
  let pictures = 0
  for (const path of [
    'index.html',
    'editions/weekly/index.html',
    'editions/weekly/2026-W06/index.html',
    'editions/weekly/2026-W06/letter.html',
    'editions/weekly/2026-W05/letter.html',
  ]) {
    await tab.goto(new URL(path, out).href)
    const widths = await tab.evaluate<[string, number][]>(
      '[...document.images].map(image => (image.loading = "eager", image)).map(image => image.decode().catch(() => {}).then(() => [image.getAttribute("src"), image.naturalWidth])).reduce(async (all, one) => [...(await all), await one], [])',
    )
    expect(widths.filter(([, width]) => width === 0)).toEqual([])
    pictures += widths.length
  }
  expect(pictures).toBeGreaterThan(5)
  expect(asked).toEqual([])
  await tab.close()
})
