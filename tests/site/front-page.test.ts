// index.html: what it announces, what it offers, what it never holds.

import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { contrast } from '../../src/base/colour.ts'
import type { Loaded, Picture } from '../../src/model.ts'
import { buildPages } from '../../src/site/pages/build-pages.ts'
import { shownFiles } from '../../src/site/pages/open-site.ts'
import { readableAccent } from '../../src/site/pages/page-frames.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aLoaded, aNewsletter, anArticle, anAuthor, aPicture, aPublication, aRenderer } from '../builders.ts'
import { report } from './a-site.ts'

const templates = openTemplates('/no/templates/of/its/own')
const feeds = [report({ scope: 'main', name: '', slug: '', path: '', articles: [] })]

function page(loaded: Loaded): string {
  const [file] = buildPages(loaded, aRenderer(), templates, feeds)
  expect(file!.path).toBe('index.html')
  return file!.body as string
}

const newsletters = [aNewsletter(), aNewsletter({ id: 'daily', title: 'Daily', every: 'day' })]
const articles = [
  anArticle({ slug: 'one', title: 'One & <two>', image: aPicture({ alt: '"quoted"', credit: 'ANI' }) }),
  anArticle({ slug: 'urdu', title: 'نیا پُل', language: 'ur', direction: 'rtl' }),
  anArticle({ slug: 'draft', title: 'SECRET', state: 'draft' }),
  anArticle({ slug: 'unlisted', title: 'SECRET', state: 'unlisted' }),
]
let html: string
beforeAll(() => {
  html = page(aLoaded(articles, aPublication({ newsletters, service: 'https://letters.meridian.example/' })))
})

test('every feed is announced by absolute address, the main one first, titles distinct', () => {
  const links = [...html.matchAll(/<link rel="alternate" type="([^"]*)" title="([^"]*)" href="([^"]*)">/g)]
  expect(links.map(([, type, , href]) => [type, href])).toEqual([
    ['application/atom+xml', 'https://meridian.example/atom.xml'],
    ['application/rss+xml', 'https://meridian.example/rss.xml'],
    ['application/feed+json', 'https://meridian.example/feed.json'],
  ])
  expect(new Set(links.map(([, , title]) => title)).size).toBe(3)
})

test('only published articles are shown, their text escaped, other languages marked', () => {
  expect(html).not.toContain('SECRET')
  expect(html).toContain('One &amp; &lt;two&gt;')
  expect(html).toContain('alt="&quot;quoted&quot;"')
  expect(html).toContain('<article lang="ur" dir="rtl">')
  expect(html).toContain('Picture: ANI')
})

test('with a service, a plain form; without one, a mail', () => {
  expect(html).toContain('<form method="post" action="https://letters.meridian.example/subscribe">')
  expect(html).toMatch(/<input type="checkbox" name="newsletter" value="weekly" checked>/)
  expect(html).toMatch(/name="email" type="email" required/)
  expect(html).toMatch(
    /<div class="trap" aria-hidden="true">.*name="website" tabindex="-1" autocomplete="off"/,
  )
  const without = page(aLoaded(articles, aPublication({ newsletters })))
  expect(without).not.toContain('<form')
  expect(without).toContain('mailto:news@meridian.example?subject=subscribe%20weekly')
  expect(page(aLoaded(articles))).not.toContain('mailto:')
})

test('of tags and authors, the forty that are written about most, in the order of their addresses', () => {
  const names = Array.from({ length: 44 }, (_, n) => `name-${String(n).padStart(2, '0')}`)
  const busy = names.slice(4)
  const all = anArticle({ slug: 'all', tags: names, authors: names.map(name => anAuthor({ name })) })
  const again = anArticle({ slug: 'again', tags: busy, authors: busy.map(name => anAuthor({ name })) })
  const html = page(aLoaded([all, again]))
  for (const folder of ['tags', 'authors']) {
    const links = html.matchAll(new RegExp(`href="https://meridian.example/${folder}/([^"/]*)/"`, 'g'))
    expect([...new Set([...links].map(([, slug]) => slug))]).toEqual(busy)
  }
})

test('no script, nothing from another host', () => {
  expect(html).not.toMatch(/<script|\son\w+=|@import|url\(/i)
  const loads = [...html.matchAll(/(?:src|<link rel="(?:icon|stylesheet)" href)="([^"]*)"/g)].map(
    ([, src]) => src!,
  )
  expect(loads.length).toBeGreaterThan(0)
  expect(loads.filter(src => /^\w+:|^\/\//.test(src))).toEqual([])
})

test('a picture that is less wide than a card is not enlarged', () => {
  const small = anArticle({ slug: 'small', image: aPicture({ width: 60, height: 60 }) })
  const large = anArticle({ slug: 'large', image: aPicture({ width: 240, height: 160 }) })
  const unknown = anArticle({ slug: 'unknown', image: { url: 'https://x.example/a.jpg', alt: '' } })
  const classes = (article: typeof small) =>
    /<figure><img( class="small")?/.exec(page(aLoaded([article])))![1]
  expect([small, large, unknown].map(article => classes(article) !== undefined)).toEqual([true, false, false])
})

test('a chart is not cut on its card, and a photograph keeps its focus', () => {
  const card = (image: Partial<Picture>) =>
    /<figure><img( class="\w+"| style="[^"]*")?/.exec(
      page(aLoaded([anArticle({ image: aPicture(image) })])),
    )![1]
  expect(card({})).toBeUndefined()
  expect(card({ type: 'image/png' })).toBe(' class="whole"')
  expect(card({ fit: 'contain', focus: [0, 0] })).toBe(' class="whole"')
  expect(card({ fit: 'cover', type: 'image/png' })).toBeUndefined()
  expect(card({ focus: [0.7, 0.256] })).toBe(' style="object-position:70% 26%"')
  expect(card({ file: undefined, type: undefined })).toBeUndefined()
  expect(html).toMatch(/img\.whole \{ object-fit: contain; \}/)
})

test('an empty publication has a page too', () => {
  expect(page(aLoaded([]))).toContain('Nothing has been published yet.')
})

test.each(['#ffffff', '#000000', '#9a1b2f', '#ffee00', '#808080', '#1e90ff'])('%s can be read', accent => {
  const { light, dark } = readableAccent(accent)
  for (const ground of ['#ffffff', '#f5f4f0']) expect(contrast(light, ground)).toBeGreaterThanOrEqual(4.5)
  for (const ground of ['#141417', '#1b1b20']) expect(contrast(dark, ground)).toBeGreaterThanOrEqual(4.5)
})

test('a logo for dark backgrounds takes the place of the other there', () => {
  const logo = (width: number) => ({
    logo: aPicture({ file: 'images/logo.png', width, height: 120 }),
    logoDark: aPicture({ file: 'images/night.png' }),
  })
  for (const width of [120, 600])
    expect(page(aLoaded(articles, aPublication(logo(width))))).toMatch(
      /<picture><source media="\(prefers-color-scheme: dark\)" srcset="images\/night.png"><img class="(?:logo|wordmark)" src="images\/logo.png"[^>]*><\/picture>/,
    )
  expect(html).not.toContain('<picture>')
})

test('a logo that the dark would swallow gets a rim there, one that is opaque or has a twin for the dark does not', () => {
  const logo = aPicture({ file: 'images/logo.png', width: 600, height: 120 })
  const image = (fields: object) =>
    /<img class="(wordmark[^"]*)"/.exec(page(aLoaded([], aPublication(fields))))?.[1]
  expect(image({ logo })).toBe('wordmark rim')
  expect(image({ logo: { ...logo, opaque: true } })).toBe('wordmark')
  expect(image({ logo, logoDark: logo })).toBe('wordmark')
})

test('the pages of the demo keep their budget: no script, one style sheet in the page, so many bytes', () => {
  const out = new URL('../../out/', import.meta.url)
  const pages = (readdirSync(out, { recursive: true }) as string[]).filter(
    path => path.endsWith('index.html') && !/^editions.[^/\\]+.[^/\\]+./.test(path),
  )
  expect(pages.length).toBeGreaterThan(60)
  for (const path of pages) {
    const made = readFileSync(new URL(path.replaceAll('\\', '/'), out), 'utf8')
    expect(made).not.toMatch(
      /<script(?! type="application\/ld\+json")|<link rel="(?:stylesheet|preload)|@import|@font-face/,
    )
    expect(made.match(/<style/g)).toHaveLength(1)
    expect(/<style>[\s\S]*<\/style>/.exec(made)![0].length).toBeLessThan(14_000)
    expect([path, gzipSync(made).length < 12_000]).toEqual([path, true])
    // What is not in the first view waits.
    const [first, ...others] = made.match(/<main[\s\S]*<\/main>/)?.[0].match(/<img [^>]*>/g) ?? []
    expect(first ?? '').not.toMatch(/loading="lazy".*loading=/)
    expect(others.filter(image => !/loading="lazy"/.test(image)).length).toBeLessThanOrEqual(2)
  }
})

test('only files that readers see are copied: once each, in order', () => {
  const desk = anAuthor({ id: 'desk', photo: aPicture({ file: 'images/desk.jpg' }), biography: 'Bio.' })
  const used = [
    anArticle({ authors: [desk], image: aPicture({ file: 'images/a.jpg' }) }),
    anArticle({
      authors: [desk],
      audio: { url: 'https://meridian.example/audio/one.mp3', file: 'audio/one.mp3', type: 'audio/mpeg' },
    }),
  ]
  const draft = anArticle({ state: 'draft', image: aPicture({ file: 'images/secret.jpg' }) })
  const loaded = aLoaded(
    [...used, draft],
    aPublication({
      logo: aPicture({ file: 'images/logo.png' }),
      logoDark: aPicture({ file: 'images/night.png' }),
    }),
  )
  expect(shownFiles(loaded, aRenderer({ files: ['images/map.png'] }), used).copies).toEqual(
    [
      'audio/one.mp3',
      'images/a.jpg',
      'images/desk.jpg',
      'images/logo.png',
      'images/map.png',
      'images/night.png',
    ].map(path => ({
      path,
      body: { copy: path },
    })),
  )
})

test('golden index.html', async () => {
  const golden = new URL('../golden/page/index.html', import.meta.url)
  if (process.env.UPDATE_GOLDEN) {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    mkdirSync(new URL('.', golden), { recursive: true })
    writeFileSync(golden, html)
  }
  expect(html).toBe(readFileSync(golden, 'utf8'))
})
