// Whatever an article holds, what is made of it can stand in XML, runs nothing and holds only absolute addresses.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Article, Body } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { anArticle, aPublication } from '../builders.ts'
import { busyTime } from '../busy-time.ts'

const renderer = () => createRenderer({ publication: aPublication({ dir: '/nowhere' }), articles: [] })

function bodyOf(body: string): Body {
  return renderer().body({ ...anArticle(), body, live: true } as Article)
}

const pieces = fc.constantFrom(
  '<script>',
  '</script>',
  '<b onclick="x()">',
  '<img src=x onerror=x()>',
  '<a href="javascript:x()">',
  '<a href="java\tscript:x()">',
  '</a>',
  '<iframe src="data:text/html,x">',
  '<style>',
  '<svg onload=x()>',
  '<math><mi xlink:href="data:x">',
  '<form action=/x>',
  '<input>',
  '<object data="x.swf">',
  '<p style="x">',
  '<div class=x>',
  '</div>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?php',
  '?>',
  '[a](javascript:x)',
  '![a](data:image/png;base64,AA)',
  '[a](b "c")',
  '[a]: //x.example\n',
  '[a]',
  '<javascript:x>',
  '<https://x.example/?a&b>',
  '&#106;avascript:',
  '&lt;script&gt;',
  '&#0;',
  '&#xFFFE;',
  '&#xD800;',
  '\u0000',
  '\u0008',
  '\ud800',
  '\udc00',
  '\ufffe',
  '\u202e',
  '\n',
  '\n\n',
  '    ',
  '> ',
  '- ',
  '1. ',
  '- [ ] ',
  '```\n',
  '`',
  '*',
  '**',
  '_',
  '~~',
  '| a | b |\n|---|---|\n',
  '|',
  '[^1]',
  '[^1]: ',
  '^[',
  '## 14:05 x\n',
  '"',
  "'",
  '>',
  '<',
  '&',
  '\\',
  'text',
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const illegal = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u

function assertClean(html: string, letter: boolean): void {
  expect(html).not.toMatch(illegal)
  for (const [tag, name] of html.matchAll(/<\/?([a-z][a-z0-9]*)\b[^<>]*>/gi)) {
    expect(name).not.toMatch(/^(?:script|style|form|input|button|iframe|object|embed|svg|link|meta|base)$/i)
    const attributes = tag.slice(name!.length + 1).replace(/"[^"]*"/g, '""')
    expect(attributes).not.toMatch(/\s(?:on\w+|style)\s*=/i)
    expect(tag).not.toMatch(/\sclass=(?!"language-)/i)
    if (letter) expect(name).not.toMatch(/^m(?:ath|i|o|n|row)$/i)
    if (letter) expect(attributes).not.toMatch(/\s(?:id|name|srcset)\s*=/i)
    for (const [, address] of tag.matchAll(/\s(?:href|src|poster|cite)="([^"]*)"/g))
      expect(address).toMatch(/^(?:https?|mailto|tel|ftp):/)
  }
  // Every other < is escaped.
  expect(html.replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?>/gi, '')).not.toContain('<')
}

test('pieces of attack, in any order', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), parts => {
      const body = bodyOf(parts.join(''))
      assertClean(body.html, false)
      assertClean(body.letterHtml, true)
      for (const text of [body.text, body.summary]) expect(text).not.toMatch(illegal)
      const { intro, entries, sections, notes } = body.live!
      for (const part of [intro, ...entries, sections, notes]) assertClean(part.html, false)
    }),
    { numRuns: 1500 },
  )
})

test('any text at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
      const body = bodyOf(text)
      assertClean(body.html, false)
      assertClean(body.letterHtml, true)
      expect(body.minutes).toBeGreaterThanOrEqual(1)
    }),
    { numRuns: 500 },
  )
})

/** Found by trying: each took seconds, minutes or the stack in some engine or in this one. */
const pathological: Record<string, string> = {
  'nested quotations': '>'.repeat(3000),
  'nested lists': '- '.repeat(3000),
  'a table of 3,000 columns': `|${'a|'.repeat(3000)}\n|${'-|'.repeat(3000)}\n${`|${'b|'.repeat(3000)}\n`.repeat(5)}`,
  'nested inline footnotes': `${'^['.repeat(3000)}x`,
  'footnotes of footnotes': `${Array.from({ length: 500 }, (_, at) => `[^${at}]: [^${at + 1}]`).join('\n')}\n\n[^0]`,
  'open brackets': '['.repeat(20_000),
  'open emphasis': '*a_'.repeat(20_000),
  'open HTML': '<div>'.repeat(5000),
  'open comments': 'x <!--'.repeat(10_000),
  'a long srcset': `<img srcset="${'a'.repeat(50_000)} x">`,
  'many srcsets': `<img srcset="${'a, '.repeat(10_000)}">`,
  'one long word': 'a'.repeat(1_000_000),
}

test.each(Object.keys(pathological))('%s neither crash nor hang', async name => {
  let body = bodyOf('')
  const took = await busyTime(() => {
    body = bodyOf(pathological[name]!)
  })
  assertClean(body.html, false)
  expect(typeof body.letterHtml + typeof body.text + typeof body.summary + typeof body.words).toBe(
    'stringstringstringnumber',
  )
  expect(took).toBeLessThan(60_000)
})

test('lists longer than a call may have arguments are no fault', () => {
  const rows = bodyOf(`|a|\n|-|\n${'|b|\n'.repeat(150_000)}`)
  expect(rows.text.length).toBeGreaterThan(300_000)
  expect(rows.letterHtml.length).toBeGreaterThan(300_000)
  const code = bodyOf(`{% highlight js %}\n${'`a` '.repeat(150_000)}\n{% endhighlight %}`)
  expect(code.html.length).toBeGreaterThan(300_000)
})
