// What the preview does to a letter so that it looks as a client would show it.

import { expect, test } from 'vitest'
import { asShown, type Look } from '../../src/commands/preview/view.ts'

const usual: Look = { scheme: 'light', images: true, styles: true, remote: false }
const LETTER = `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark">
<style>:root{color-scheme:light dark}p{color:#111111}@media (prefers-color-scheme: dark){p{color:#eeeeee}}
[data-ogsc] p{color:#dddddd}</style></head>
<body style="background-color:#ffffff"><p style="color:#222;border:1px solid #ccc">Write color:#ffffff at https://a.example/x</p>
<a href="https://a.example/x/">x</a><img src="https://a.example/p.png"><td bgcolor="#FFFFFF"></td></body></html>`

const shown = (look: Partial<Look>) => asShown(LETTER, { ...usual, ...look }, 'https://a.example/')

test('own addresses lead to the preview, and text stays as it is', () => {
  expect(shown({})).toContain('<a href="/site/x/">')
  expect(shown({})).toContain('<img src="/site/p.png">')
  for (const scheme of ['light', 'dark', 'gmail', 'outlook'] as const)
    expect(shown({ scheme })).toContain('Write color:#ffffff at https://a.example/x')
})

test('light and dark are what was asked for, whatever the machine prefers', () => {
  for (const scheme of ['light', 'dark'] as const) {
    expect(shown({ scheme })).not.toMatch(/prefers-color-scheme|light dark/)
    expect(shown({ scheme })).toContain(`content="${scheme}"`)
  }
  expect(shown({ scheme: 'dark' })).toContain('@media (min-width:0)')
})

test('forced dark turns light backgrounds and dark text; Outlook leaves what is dark already', () => {
  for (const scheme of ['gmail', 'outlook'] as const) {
    const html = shown({ scheme })
    expect(html).not.toMatch(/background-color:#f/i)
    expect(html).not.toContain('bgcolor="#FFFFFF"')
    expect(html).not.toMatch(/<p style="color:#222/)
  }
  expect(shown({ scheme: 'outlook' })).toContain('<html data-ogsc data-ogsb lang="en">')
  const dark = '<p style="background:#101010;color:rgb(250, 250, 250)">'
  expect(asShown(dark, { ...usual, scheme: 'outlook' }, 'https://a.example/')).toContain('background:#101010')
  expect(asShown(dark, { ...usual, scheme: 'gmail' }, 'https://a.example/')).not.toContain(
    'background:#101010',
  )
})

test('without styles there is none in the head', () => {
  expect(shown({ styles: false })).not.toContain('<style')
})
