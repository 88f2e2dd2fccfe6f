// A letter in a real browser, however it is looked at: nothing scrolls sideways, axe finds nothing, everything can be read
// and hit with a thumb.

import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseLetter } from '../../src/check/parse-letter.ts'
import { aNewsletter, anArticle, aPicture, aPublication } from '../builders.ts'
import { aMailClient, type MailClient } from './a-mail-client.ts'
import { aLetter, aNote, anEdition, filled, someArticles, world } from './letter-edition.ts'

let [client, dark]: MailClient[] = []
beforeAll(async () => {
  ;[client, dark] = await Promise.all([aMailClient(), aMailClient({ forceDark: true })])
})
afterAll(() => Promise.all([client?.close(), dark?.close()]))

const word = 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz'
const whole =
  `<p>A <a href="https://e.example/">link</a>, <code>${word}</code>.</p><h3>Part</h3><pre>${'x '.repeat(90)}</pre>` +
  `<table border="1" width="100%"><thead><tr><th>A</th><th>${word}</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>` +
  `<blockquote><p>Said.</p></blockquote><ul><li>One</li></ul><p><img src="https://meridian.example/a.png" alt="A" width="1200" height="800"></p>`
const publication = aPublication({
  service: 'https://letters.meridian.example/',
  logo: aPicture({ alt: '', width: 600, height: 120, type: 'image/png' }),
})
const author = {
  name: 'Asha Rao',
  role: 'Reporter',
  biography: 'She reports.',
  social: [{ name: 'Mastodon', url: 'https://social.example/@asha' }],
  photo: aPicture(),
}
const arabic = someArticles().map(article => ({
  ...article,
  language: 'ar',
  direction: 'rtl' as const,
  title: 'خبر اليوم من العاصمة',
}))

const letters = {
  cards: await aLetter(anEdition(someArticles(), { note: aNote('A week of [talks](https://e.example/).') }), {
    publication,
  }),
  compact: await aLetter(
    anEdition(
      Array.from({ length: 12 }, (_, n) =>
        anArticle({ slug: `n${n}`, title: `${word} ${n}`, section: world, image: aPicture() }),
      ),
    ),
  ),
  whole: await aLetter(
    anEdition(
      [
        anArticle({
          body: whole,
          authors: [author],
          image: aPicture({ caption: 'At dawn', credit: 'AP' }),
          live: true,
        }),
      ],
      {
        newsletter: aNewsletter({ every: 'article' }),
        id: 'a',
      },
    ),
    { publication },
  ),
  themed: await aLetter(
    anEdition(someArticles(), { note: aNote('A week of [talks](https://e.example/).') }),
    {
      publication: {
        ...publication,
        accent: '#f2b705',
        theme: {
          headings: 'slab',
          text: 'sans',
          labels: 'humanist',
          masthead: 'start',
          ground: 'plain',
          corners: 'round',
        },
      },
    },
  ),
  arabic: await aLetter(
    anEdition(arabic, {
      newsletter: aNewsletter({ language: 'ar', title: 'الأسبوع' }),
      note: aNote('ملاحظة.'),
    }),
    { publication },
  ),
}
type Name = keyof typeof letters
const names = Object.keys(letters) as Name[]
const bare = (html: string) => html.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')

test('axe sees grey on white, in the dark too, and a picture without words', async () => {
  const { html } = letters.cards
  const faults = async (faulty: string, scheme: 'light' | 'dark') => {
    await client!.show(faulty, { width: 360, scheme })
    return (await client!.violations()).map(([rule]) => rule)
  }
  expect(await faults(html.replaceAll('#595650', '#b0b0b0'), 'light')).toEqual(['color-contrast'])
  expect(await faults(html.replaceAll('#b8b4ac', '#505050'), 'dark')).toEqual(['color-contrast'])
  expect(await faults(html.replaceAll('alt="A bridge at dawn"', ''), 'light')).toContain('image-alt')
})

test.each(names)('%s: nothing scrolls sideways', async name => {
  const { html } = letters[name]
  for (const [what, source, pictures] of [
    ['as it is', html, true],
    ['without pictures', html, false],
    ['without styles', bare(html), true],
  ] as const)
    for (const width of [320, 360, 640]) {
      const page = await client!.show(source, { width, pictures })
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${what} at ${width}`).toBe(width)
    }
})

test.each(names)('%s: axe finds nothing', async name => {
  const { html } = letters[name]
  for (const [width, scheme] of [
    [360, 'light'],
    [640, 'light'],
    [360, 'dark'],
    [640, 'dark'],
  ] as const) {
    await client!.show(html, { width, scheme })
    expect(await client!.violations(), `${width} ${scheme}`).toEqual([])
  }
  await client!.show(bare(html), { width: 360, pictures: false })
  expect(await client!.violations(), 'without styles and pictures').toEqual([])
})

test.each(names)('%s: dark where a client darkens it, in its own dark and in theirs', async name => {
  const { html } = letters[name]
  const lightness = async (mail: MailClient, source: string, scheme: 'light' | 'dark') => {
    const page = await mail.show(source, { width: 360, scheme, pictures: false })
    const { channels } = await sharp(await page.screenshot())
      .greyscale()
      .stats()
    return channels[0]!.mean
  }
  expect(await lightness(client!, html, 'light')).toBeGreaterThan(170)
  expect(await lightness(client!, html, 'dark')).toBeLessThan(90)
  const naked = bare(html).replace(/<meta name="(supported-)?color-schemes?"[^>]*>/g, '')
  expect(await lightness(dark!, naked, 'light')).toBeLessThan(90)
})

test('what the rules read is what a browser reads', async () => {
  for (const name of names) {
    const { html } = letters[name]
    const page = await client!.show(html, { width: 640 })
    const seen = await page.evaluate('[...document.querySelectorAll("*")].map(element => element.localName)')
    const read = parseLetter(filled(html)).elements.map(element => element.name)
    const same = (list: readonly string[]) => list.filter(tag => tag !== 'tbody')
    expect(same(read), name).toEqual(same(seen as string[]))
  }
})

test('in Arabic the full stop is the last on the left', async () => {
  const page = await client!.show(letters.arabic.html, { width: 360 })
  const [paragraph, stop] = (await page.evaluate(`(() => {
    const text = [...document.querySelectorAll('.prose p')].find(p => p.textContent.includes('ملاحظة.')).firstChild
    const range = document.createRange()
    range.selectNodeContents(text)
    const whole = range.getBoundingClientRect()
    range.setStart(text, text.length - 1)
    return [whole.left, range.getBoundingClientRect().left]
  })()`)) as number[]
  expect(stop).toBeCloseTo(paragraph!, 0)
})
