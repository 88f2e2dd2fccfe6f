// The mail that asks to confirm is looked at as letters are: axe finds nothing, light and dark, in any theme and direction,
// and its hidden first words are no small grey ones, which filters distrust.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { directionOf } from '../../src/base/index.ts'
import { mailFonts, mailPalette } from '../../src/letter/mail-theme.ts'
import { finishMjml } from '../../src/letter/mjml.ts'
import type { Theme } from '../../src/model.ts'
import { aPublication } from '../builders.ts'
import { aMailClient, type MailClient } from '../letter/a-mail-client.ts'
import { templates } from '../letter/letter-edition.ts'

let client: MailClient
beforeAll(async () => {
  client = await aMailClient()
})
afterAll(() => client?.close())

const usual = aPublication().theme
const looks: readonly [string, string, Theme][] = [
  ['en', '#9a1b2f', usual],
  ['ar', '#f2b705', { ...usual, headings: 'slab', text: 'sans', ground: 'cool' }],
  ['hi', '#0b6e4f', { ...usual, headings: 'humanist', ground: 'plain', corners: 'round' }],
]

test.each(looks)(
  '%s, %s',
  async (language, accent, theme) => {
    const publication = aPublication({ accent, theme })
    const words = templates.words(language)
    const said = (key: string) => words(`serve.mail_confirm_${key}`, { title: publication.title })
    const data = {
      publication,
      colors: mailPalette(accent, theme.ground),
      fonts: mailFonts(theme),
      language,
      direction: directionOf(language),
      subject: said('subject'),
      heading: said('heading'),
      lead: said('lead'),
      newsletters: ['The Meridian Weekly'],
      button: said('button'),
      link: 'https://link.invalid/',
      byMail: undefined,
      until: said('until'),
      ignore: said('ignore'),
    }
    const shown = { language, timezone: publication.timezone }
    const name = 'confirm.mjml.hbs'
    const html = await finishMjml(templates.render(name, data, shown), name, data.direction, templates)
    expect(html).toMatch(/<div lang="\w+" dir="\w+" style="display:none[^"]*mso-hide:all">/)
    expect(html).not.toContain('font-size:1px')
    for (const width of [320, 640])
      for (const scheme of ['light', 'dark'] as const) {
        const page = await client.show(html, { width, scheme })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        expect(await client.violations(), `${width} ${scheme}`).toEqual([])
      }
  },
  60_000,
)
