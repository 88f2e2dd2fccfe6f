// Whatever a publication's theme: no rule finds anything in its letters, and two of them look different. The newest edition
// of the demo in two themes is a picture of the README.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageSize } from 'image-size'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { checkLetters } from '../../src/check/check-letters.ts'
import { parseLetter } from '../../src/check/parse-letter.ts'
import { traceLetter } from '../../src/letter/letter.ts'
import { mailFonts } from '../../src/letter/mail-theme.ts'
import type { Publication, Theme, Typeface } from '../../src/model.ts'
import { builtinTemplates, openTemplates } from '../../src/templates/index.ts'
import { aLoaded, aNewsletter, anArticle, aPublication, aRenderer } from '../builders.ts'
import { aMailClient } from './a-mail-client.ts'
import { aLetter, aNote, anEdition, someArticles } from './letter-edition.ts'
import { demoLetters, loaded, root } from './the-demo.ts'

const usual = aPublication().theme
const faces: readonly Typeface[] = ['serif', 'old-style', 'slab', 'sans', 'humanist']
const themes: readonly Theme[] = (['warm', 'cool', 'plain'] as const).flatMap((ground, at) =>
  (['center', 'start'] as const).flatMap((masthead, beside) =>
    faces.map((headings, face) => ({
      ground,
      masthead,
      headings,
      text: faces[(face + at) % 5]!,
      labels: faces[(face + at + beside) % 5]!,
      corners: face % 2 ? ('round' as const) : ('square' as const),
    })),
  ),
)
const accents = ['#9a1b2f', '#f2b705', '#0b6e4f']

test('no rule finds anything in any theme', async () => {
  const templates = openTemplates(builtinTemplates, { trace: true })
  const digest = anEdition(someArticles(), {
    note: aNote('## Talks\n\nA week of [talks](https://e.example/).'),
  })
  const body = '<p>Text of the talks.</p><h2>Part</h2><pre>code</pre>'
  const whole = anEdition([anArticle({ body })], { newsletter: aNewsletter({ every: 'article' }), id: 'a' })
  for (const [at, theme] of themes.entries()) {
    const publication = aPublication({
      theme,
      accent: accents[at % 3]!,
      service: 'https://letters.meridian.example/',
    })
    for (const edition of [digest, whole]) {
      const articles = aLoaded(edition.articles, publication)
      const made = await traceLetter(edition, articles, aRenderer(), templates, new Map())
      const desk = { loaded: articles, pictures: new Map(), locate: (name: string) => name }
      const found = checkLetters([{ edition, ...made }], desk)
      expect(found, JSON.stringify(theme)).toEqual([])
    }
  }
})

test('each setting changes what it says, and nothing else', async () => {
  const of = async (theme: Partial<Theme>) => {
    const { html: made, marker } = await aLetter(
      anEdition(someArticles(), { note: aNote('## Part\n\nText.') }),
      {
        publication: aPublication({ theme: { ...usual, ...theme } }),
      },
    )
    const html = made.replaceAll(marker, '')
    const { elements } = parseLetter(html)
    const style = (name: string) =>
      elements.filter(element => element.name === name).map(({ attributes }) => attributes.style ?? '')
    return { html, headings: [...style('h1'), ...style('h2')], pictures: style('img') }
  }
  const plain = await of({})
  expect(plain.headings.join()).not.toContain('font-family')
  const slab = await of({ headings: 'slab' })
  const { heading } = mailFonts({ ...usual, headings: 'slab' })
  expect(slab.headings.length).toBeGreaterThan(5)
  expect(slab.headings.every(style => style.startsWith(heading))).toBe(true)
  expect(slab.html.replaceAll(heading, '')).toBe(plain.html)
  expect((await of({ text: 'old-style', headings: 'old-style' })).html).not.toContain('Times New Roman')
  expect((await of({ labels: 'humanist' })).html).not.toContain('Helvetica')
  expect((await of({ masthead: 'start' })).html).not.toContain('text-align:center')
  const round = await of({ corners: 'round' })
  expect(round.pictures.length).toBeGreaterThan(1)
  expect(round.pictures.every(style => style.includes('border-radius:8px'))).toBe(true)
  expect(round.html.replaceAll(';border-radius:8px', '')).toBe(plain.html)
  expect((await of({ ground: 'cool' })).html).not.toContain('#f4f2ed')
})

test('themes.png: the newest edition in two themes', async () => {
  const golden = join(root, 'tests/golden/shots/themes.png')
  if (process.env.UPDATE_GOLDEN) {
    const looks: readonly Partial<Publication>[] = [
      {
        accent: '#0b6e4f',
        theme: {
          headings: 'sans',
          text: 'serif',
          labels: 'sans',
          masthead: 'start',
          ground: 'plain',
          corners: 'round',
        },
      },
      {
        accent: '#f2b705',
        theme: {
          headings: 'slab',
          text: 'sans',
          labels: 'sans',
          masthead: 'center',
          ground: 'cool',
          corners: 'square',
        },
      },
    ]
    const client = await aMailClient({ scale: 2, file: path => readFileSync(join(root, 'out', path)) })
    const shots: Buffer[] = []
    for (const [at, look] of looks.entries()) {
      const publication = { ...loaded.publication, ...look, logo: undefined }
      const { letters } = await demoLetters({ ...loaded, publication })
      const newest = letters.filter(({ letter }) => letter.newsletter === 'weekly').at(-1)!
      const page = await client.show(newest.letter.html, {
        width: 360,
        height: 842,
        scheme: at === 0 ? 'light' : 'dark',
      })
      shots.push(await page.screenshot())
    }
    await client.close()
    const both = sharp({
      create: { width: 1488, height: 1684, channels: 3, background: '#8a8780' },
    }).composite(shots.map((input, at) => ({ input, left: at * 768, top: 0 })))
    mkdirSync(join(golden, '..'), { recursive: true })
    writeFileSync(golden, await both.png({ palette: true, colours: 200, effort: 10 }).toBuffer())
  }
  const bytes = readFileSync(golden)
  expect(imageSize(bytes)).toMatchObject({ type: 'png', width: 1488, height: 1684 })
  expect(bytes.length).toBeLessThanOrEqual(300_000)
})
