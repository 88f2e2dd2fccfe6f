// The good and the bad example in the doc comment of each rule over letters, put into a letter without fault, and run.

import { expect, test } from 'vitest'
import { checkLetters, letterRules } from '../../src/check/check-letters.ts'
import { parseLetter, textOf } from '../../src/check/parse-letter.ts'
import type { Diagnostic, Letter } from '../../src/model.ts'
import { aLetter } from '../letter/letter-edition.ts'
import { edition, judged, letter, loaded, own, publication, traced } from './a-checked-letter.ts'
import { example } from './rule-examples.ts'

/** HTML goes to the end of the paper, `<html …>` in its place; `subject: text` and the like say what else to change. */
function run(text: string): Diagnostic[] {
  const [, key = '', value = ''] = /^([a-z]+): ([\s\S]*)$/.exec(text) ?? []
  const link = 'style="color:#9a1b2f;text-decoration:underline"'
  const fragment = text.replace(/<a (href="[^"]*")>/g, `<a $1 ${link}>`)
  const picture = '<img src="https://meridian.example/a.png" alt="" width="552" height="368">'
  const changes: Record<string, (html: string) => string> = {
    '': text.startsWith('<html')
      ? html => html.replace(/<html[^>]*>/, text)
      : html => html.replace(/class="prose"[^>]*>/, found => found + fragment),
    bytes: html => html.replace('</body>', `<!--${'x'.repeat(Number(value))}--></body>`),
    styles: html =>
      html.replace('</style>', `${'.a { color: #1a1a1a; }\n'.repeat(Number(value) / 20)}</style>`),
    pictures: html =>
      html
        .replace(/<p [^>]*>The two ministers[^<]*<\/p>/, '')
        .replace('</body>', `${picture.repeat(Number(value) * 10)}</body>`),
    without: html => html.replaceAll(value, ''),
  }
  const change = changes[key] ?? ((html: string) => html)
  const parts: Partial<Letter> =
    key === 'subject'
      ? { subject: value }
      : key === 'preheader'
        ? { preheader: value }
        : key === 'text'
          ? { text: value }
          : {}
  const links = [...text.matchAll(/href="([^"]*)"/g)].map(match => `<${match[1]}>`).join('\n')
  const [dark, light] = key === 'logo' ? value.split(' ').map(Number) : []
  const pictures = new Map([
    [own.url, { ...own, ...(light === undefined ? {} : { shades: { dark: dark!, light } }) }],
    ['https://meridian.example/images/heavy.png', { ...own, url: '', bytes: 400_000 }],
  ])
  const edited = (html: string) => {
    const made = change(html)
    const named = key === 'subject' ? made.replace(/<title>[^<]*/, `<title>${value}`) : made
    return key === 'preheader' ? named.replace(/(mso-hide:all">)[^<]*/, `$1${value}`) : named
  }
  const changed = { text: `${letter.text}${links}\n`, ...parts }
  return judged(edited, changed, pictures)
}

test('the letter that examples are put into has no fault', () => {
  expect(run('')).toEqual([])
})

test.each(letterRules.map(({ name }) => name))('%s finds its bad example and not its good one', name => {
  const [good, bad] = [example(name, 'Good').trim(), example(name, 'Bad').trim()]
  expect(good && bad).toBeTruthy()
  expect(run(good)).toEqual([])
  const found = run(bad).filter(({ rule }) => rule === name)
  expect(found.length).toBeGreaterThan(0)
  for (const { message, advice } of found) {
    expect(message).toMatch(/^letter weekly\/2026-W05/)
    expect(advice).toBeTruthy()
  }
})

test('a fault is told by article and by line of the template, once for all letters that have it', async () => {
  const spoilt = (html: string) => html.replaceAll('#595650', '#a0a0a0')
  const one = { edition, letter: { ...letter, html: spoilt(letter.html) }, traced: spoilt(traced) }
  const next = { ...one, letter: { ...one.letter, edition: 'weekly/2026-W06' } }
  const desk = { loaded, pictures: new Map(), locate: (name: string) => `templates/${name}` }
  const found = checkLetters([one, next], desk).filter(({ rule }) => rule === 'letter-contrast')
  const byline = found.filter(({ message }) => /“New Delhi” is .* in the light/.test(message))
  expect(byline).toMatchObject([
    { file: 'templates/partials/letter-meta.mjml.hbs', line: 1, rule: 'letter-contrast' },
  ])
  expect(byline[0]!.message).toMatch(
    /^letter weekly\/2026-W05, “Ministers speak of trade & minerals”: “New Delhi” is #a0a0a0 on #ffffff/,
  )
  const said = found.map(
    ({ file, line, message }) => `${file}:${line} ${message.replace(/weekly\/\S+,/, '')}`,
  )
  expect(new Set(said).size).toBe(said.length)
})

test('marks of where a tag was written are not in the letter, and change nothing else', async () => {
  const plain = await aLetter(edition, { publication })
  expect(traced).toContain('data-origin="partials/letter-card.mjml.hbs:')
  expect(letter).toEqual(plain)
})

test('the parser: quotes, entities, comments, what is not closed', () => {
  const { elements, doctype } = parseLetter(
    '<!doctype html><p title="a > b">1 &lt; 2 &#8212; &amp;<br>x<!--[if mso]><table><![endif]--><b>y</p><i>z',
  )
  expect(doctype).toBe(true)
  expect(elements.map(({ name, parent }) => [name, parent?.name])).toEqual([
    ['p', ''],
    ['br', 'p'],
    ['b', 'p'],
    ['i', ''],
  ])
  expect(elements[0]!.attributes.title).toBe('a > b')
  expect(textOf(elements[0]!)).toBe('1 < 2 — &xy')
})

test('bold text is large from 14 points on, 18.66 pixels, and then needs a contrast of 3 to 1 alone', () => {
  const grey = (style: string) => {
    // 3.5 to 1 on white.
    const words = `<p style="${style};line-height:30px;color:#8a8a8a">Grey words</p>`
    const found = judged(html => html.replace(/class="prose"[^>]*>/, tag => tag + words))
    return found.filter(({ message }) => message.includes('in the light')).map(({ advice }) => advice)
  }
  const tooGrey = ['Make it 4.5 to 1: a darker text, or another ground.']
  expect(grey('font-size:14px;font-weight:bold')).toEqual(tooGrey)
  expect(grey('font-size:18px;font-weight:bold')).toEqual(tooGrey)
  expect(grey('font-size:19px;font-weight:bold')).toEqual([])
  expect(grey('font-size:19px')).toEqual(tooGrey)
  expect(grey('font-size:24px')).toEqual([])
})

test.each([
  ['<p style="clear:both">Text</p>', 'clear:both on <p>: Outlook for Windows'],
  ['<p style="display:flex">Text</p>', 'display:flex on <p>'],
  ['<p style="opacity:1;position:absolute">Text</p>', 'position:absolute on <p>: Gmail on the web'],
  ['<p style="margin-inline-start:4px">Text</p>', 'margin-inline-start:4px on <p>'],
  ['<p style="width:calc(100% - 2px)">Text</p>', 'calc(100% - 2px) on <p>'],
  [
    '<p style="font-size:1.2rem">Text</p>',
    'font-size:1.2rem on <p>: Outlook for Windows, Yahoo Mail, and GMX',
  ],
  ['<p style="background-image:url(https://a.example/b.png)">Text</p>', 'background-image:url('],
  [
    '<img alt="" src="https://a.example/b.png" style="max-width:60px">',
    'max-width:60px on <img>: Outlook for Win',
  ],
  [
    '<img alt="" src="https://a.example/b.webp" width="60">',
    'a picture of type webp on <img>: Outlook for Win',
  ],
  ['<p dir="rtl">نص <bdi>A</bdi></p>', 'the element on <bdi>'],
  ['<aside>Text</aside>', 'an element of HTML 5 on <aside>: Outlook for Windows'],
])('%s: a client lacks it', (html, message) => {
  const found = run(html).filter(({ rule }) => rule === 'letter-client-support')
  expect(found.map(one => one.message).join('\n')).toContain(message)
})

test.each([
  '<p style="display:none;mso-hide:all">Text</p>',
  '<p style="text-decoration:underline;text-wrap:balance;border-radius:4px">Text</p>',
  '<img alt="" src="https://a.example/b.png" width="60" style="max-width:60px;height:auto">',
  '<p dir="rtl" style="text-align:right">نص</p>',
  '<p style="background-image:url(https://a.example/b.png);background-color:#ffffff">Text</p>',
])('%s: something stands in for what a client lacks', html => {
  expect(run(html).filter(({ rule }) => rule === 'letter-client-support')).toEqual([])
})

test('what is only in <style> is lost where <style> is', () => {
  const styled = (css: string) =>
    judged(html =>
      html.replace('</style>', `.own { ${css} }</style>`).replace('class="prose"', 'class="prose own"'),
    )
      .filter(({ rule }) => rule === 'letter-client-support')
      .map(({ message }) => message)
  expect(styled('background-color: #ffeedd').join()).toContain('.own { background-color } is only in <style>')
  expect(styled('border-radius: 4px')).toEqual([])
})
