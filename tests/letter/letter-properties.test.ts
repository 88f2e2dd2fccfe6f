// Whatever an article says, in any characters: strict MJML passes, it stands there as text, and nothing breaks out.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast } from '../../src/base/colour.ts'
import { textWidth } from '../../src/base/text.ts'
import { parseLetter } from '../../src/check/parse-letter.ts'
import { wrapText } from '../../src/letter/letter.ts'
import { styleProse } from '../../src/letter/letter-prose.ts'
import { sendableLine, sendableView, shorten } from '../../src/letter/mail-text.ts'
import { mailPalette } from '../../src/letter/mail-theme.ts'
import { aNewsletter, anArticle, anAuthor, aPicture, aPublication } from '../builders.ts'
import { aLetter, aNote, anEdition } from './letter-edition.ts'

const hostile = fc.constantFrom(
  '</mj-text><mj-raw><script>alert(1)</script></mj-raw>',
  '{{subject}}',
  '{{{note.html}}}',
  '{{> letter-footer}}',
  '{{reader "name" "x"}}',
  '⟦0123456789ab:email⟧',
  '⟦0123456789ab#0⟧',
  '<!--[if mso]>',
  '<![endif]-->',
  ']]>',
  '"><img src=x onerror=alert(1)>',
  "' onclick='x",
  '&lt;script&gt;',
  '&#123;&#123;',
  '<mj-include path="/etc/passwd" />',
  '$& $1 $$',
  '\u202egnp.exe',
  '\ud800',
  '\u0000\u0092',
)
const anyText = fc
  .array(
    fc.oneof(
      hostile,
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map(parts => parts.join(' '))

const escaped = (text: string) =>
  text.replace(/[&<>"'`=]/g, sign => `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`)
const known: Record<string, string> = {
  '&#x26;': '&amp;',
  '&#x3C;': '&lt;',
  '&#x3E;': '&gt;',
  '&#x22;': '&quot;',
}
const asHandlebars = (text: string) =>
  escaped(text).replace(
    /&#x[0-9A-F]+;/g,
    mark => known[mark] ?? mark.toLowerCase().replace('&#x3d;', '&#x3D;'),
  )

test('any text in title, summary, author, place, caption, alt and section', async () => {
  const ask = fc.record({
    title: anyText,
    summary: anyText,
    author: anyText,
    place: anyText,
    caption: anyText,
    alt: anyText,
    section: anyText,
  })
  await fc.assert(
    fc.asyncProperty(ask, async said => {
      const make = (slug: string) =>
        anArticle({
          slug,
          title: said.title,
          summary: said.summary,
          authors: [anAuthor({ name: said.author })],
          place: said.place,
          section: { slug: 'x', title: said.section },
          image: aPicture({ caption: said.caption, alt: said.alt, credit: said.author }),
        })
      const letter = await aLetter(anEdition([make('a'), make('b')]))
      const { html, marker } = letter
      const tags = html.replace(/"[^"]*"/g, '""')
      expect(tags).not.toMatch(/<script|<mj-|<[^>]* on\w+=/i)
      expect(tags).not.toMatch(/<img(?!(?: class="")? src="" alt="" width="" height="" style="">)/)
      expect([...html.matchAll(/<h2[\s>]/g)]).toHaveLength(2)
      const title = sendableLine(said.title)
      if (title) expect(html).toContain(`>${asHandlebars(title)}</a></h2>`)
      for (const part of [html, letter.text]) {
        const slots = [...part.matchAll(new RegExp(`⟦${marker}[^⟧]*⟧`, 'g'))].map(match => match[0])
        expect([...new Set(slots)]).toEqual([`⟦${marker}:unsubscribe_url⟧`])
        expect(part).not.toMatch(/\p{Cs}/u)
      }
      expect(letter.subject).not.toMatch(/[\r\n]/)
    }),
    { numRuns: 60 },
  )
})

test('any text in what a publication, a newsletter and an author say of themselves', async () => {
  const ask = fc.record({ title: anyText, tagline: anyText, address: anyText, name: anyText, role: anyText })
  await fc.assert(
    fc.asyncProperty(ask, fc.boolean(), async (said, whole) => {
      const article = anArticle({
        authors: [
          anAuthor({
            name: said.name,
            role: said.role,
            photo: aPicture({ alt: said.role }),
            social: [{ name: said.name, url: 'https://social.example/@a' }],
          }),
        ],
        audio: { url: 'https://meridian.example/a.mp3', type: 'audio/mpeg' },
        source: { url: 'https://example.org/?a=1&b=2', title: said.tagline },
        extra: { mood: said.role },
      })
      const newsletter = aNewsletter({
        title: said.title,
        every: whole ? 'article' : 'week',
      })
      const publication = aPublication({
        title: said.title,
        tagline: said.tagline,
        address: said.address,
        rights: said.role,
        logo: aPicture({ alt: said.name, type: 'image/png' }),
        social: [{ name: said.name, url: 'https://social.example/@b' }],
      })
      const { html, text, marker } = await aLetter(anEdition([article], { newsletter }), { publication })
      const tags = html.replace(/"[^"]*"/g, '""')
      expect(tags).not.toMatch(/<script|<mj-|<[^>]* on\w+=/i)
      expect([...html.matchAll(/<h1[\s>]/g)]).toHaveLength(1)
      const { leftOpen, strayEnds } = parseLetter(html)
      expect([...leftOpen, ...strayEnds]).toEqual([])
      for (const part of [html, text]) {
        const slots = [...part.matchAll(new RegExp(`⟦${marker}[^⟧]*⟧`, 'g'))].map(match => match[0])
        expect([...new Set(slots)]).toEqual([`⟦${marker}:unsubscribe_url⟧`])
      }
    }),
    { numRuns: 60 },
  )
})

test('any text in a note: only {{reader}} means anything', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async said => {
      const { html, marker } = await aLetter(anEdition([anArticle()], { note: aNote(`Text ${said}`) }))
      const names = [...html.matchAll(new RegExp(`⟦${marker}:(\\w+)`, 'g'))].map(match => match[1]!)
      expect(names.filter(name => !['name', 'unsubscribe_url'].includes(name))).toEqual([])
      expect(html).not.toMatch(/<script|<mj-/i)
    }),
    { numRuns: 40 },
  )
})

const GROUNDS = ['warm', 'cool', 'plain'] as const

test('whatever the accent and the ground, everything can be read, light and dark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom(...GROUNDS), (accent, tint) => {
      const colors = mailPalette(`#${accent.toString(16).padStart(6, '0')}`, tint)
      for (const { page, paper, code, ...shades } of [colors, colors.dark])
        for (const text of [shades.ink, shades.soft, shades.accent]) {
          expect(text).toMatch(/^#[0-9a-f]{6}$/)
          for (const ground of [page, paper, code]) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
        }
    }),
  )
  expect(mailPalette('#9a1b2f', 'warm').accent).toBe('#9a1b2f')
})

test('text is wrapped without losing anything but spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), text => {
      const wrapped = wrapText(text)
      expect(wrapped.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
    }),
  )
})

test('lines are at most 76 columns, East Asian ones too, and addresses stay whole', () => {
  const japanese = '日本の首都で大臣たちが貿易と鉱物について話し合った。'.repeat(6)
  for (const line of wrapText(japanese).split('\n')) {
    expect(textWidth(line)).toBeLessThanOrEqual(78)
    expect(line).not.toMatch(/^[。、]/)
  }
  const address = `https://meridian.example/${'a'.repeat(100)}`
  expect(wrapText(`${'word '.repeat(20)}<${address}>`).split('\n')).toContain(`<${address}>`)
  expect(wrapText(`- ${'word '.repeat(20)}`).split('\n')[1]).toMatch(/^ {2}word/)
  expect(wrapText(`> ${'word '.repeat(20)}`).split('\n')[1]).toMatch(/^> word/)
})

test('however East Asian words and signs follow each other, no line is longer, and signs stand where they may', () => {
  const sign = fc.constantFrom(...'日本語한국。、」）「（ーっ！'.split(''), ' ', 'word ', 'A', '12')
  fc.assert(
    fc.property(fc.array(sign, { minLength: 40, maxLength: 160 }), signs => {
      const said = signs.join('').trim()
      const wrapped = wrapText(said)
      expect(wrapped.replace(/\s/g, '')).toBe(said.replace(/\s/g, ''))
      for (const line of wrapped.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(76)
    }),
  )
  const rows = wrapText(`「${'大臣は「はい。」と言った。'.repeat(12)}」`).split('\n')
  expect(rows.length).toBeGreaterThan(3)
  for (const row of rows) {
    expect(row).not.toMatch(/^[。」]/)
    expect(row).not.toMatch(/「$/)
    expect(textWidth(row)).toBeLessThanOrEqual(76)
  }
})

test('a shortened text is a beginning of it, and no character is cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 0, max: 100 }),
      (text, most) => {
        const short = shorten(text, most)
        expect(text.startsWith(short.replace(/…$/, '')) || short === text).toBe(true)
      },
    ),
  )
  expect(shorten('One sentence here. And another one that is longer.', 24)).toBe('One sentence here.')
  expect(shorten('Several words without any end', 20)).toBe('Several words…')
  expect(shorten('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 2)).toBe('👨‍👩‍👧…')
})

test('styling prose leaves its text alone', () => {
  const html = '<h3>A</h3><p>{{x}} $& <a href="https://e.example/?a=1&amp;b=2">b</a></p><h2>C</h2><h6>D</h6>'
  const styled = styleProse(html, new Map([['p', 'margin:0']]))
  expect(styled).toBe(
    '<h2>A</h2><p style="margin:0">{{x}} $& <a href="https://e.example/?a=1&amp;b=2">b</a></p><h2>C</h2><h3>D</h3>',
  )
})

test('every string of a view is made fit for mail, in whatever field it is, and nothing else is changed', () => {
  const date = new Date(0)
  const view = {
    title: ' A\u0092\n  title \u202eb',
    text: 'Two\r\nlines\u0000',
    stories: [{ names: ['\ud800a', 'b'], at: 1, live: false, latest: undefined, date }],
    extra: { mood: ['a  b\u2067'] },
  }
  expect(sendableView(view, new Set(['text', 'extra']))).toEqual({
    title: 'A title \u202eb\u202c',
    text: 'Two\nlines',
    stories: [{ names: ['a', 'b'], at: 1, live: false, latest: undefined, date }],
    extra: { mood: ['a  b\u2067\u2069'] },
  })
})
