// HTML nested without end, and code spans without end: nothing of a text is lost, and no step looks at everything before it.

import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { isMisnested, MAX_DEPTH, withinDepth } from '../../src/render/html-depth.ts'
import { render } from './a-render.ts'

test('HTML as people write it stays as it is, with or without the tags that may be left out', () => {
  const texts = [
    '<p>One'.repeat(500),
    `<ul>${'<li>One'.repeat(500)}</ul>`,
    `<table>${'<tr><td>a<td>b'.repeat(300)}</table>`,
    '<div title="<b>" class=\'>\'><br>text</div>'.repeat(300),
    '<!-- <div> -->'.repeat(500),
    `${'<div>'.repeat(MAX_DEPTH)}deep${'</div>'.repeat(MAX_DEPTH)}`.repeat(3),
    '<a href=x>link</a>'.repeat(400),
    `<svg>${'<path d="M0 0"/><title>a</title>'.repeat(400)}</svg>`,
    'a < b '.repeat(500),
  ]
  for (const text of texts) expect(withinDepth(text)).toBe(text)
})

test('the parser never has more elements open than that, whatever closes what', () => {
  const { Parser } = require('htmlparser2') as typeof import('htmlparser2')
  const names = 'a p td tfoot optgroup dd h1 mi svg'.split(' ')
  for (const outer of names)
    for (const inner of names) {
      for (const shape of [
        `<${outer}><${inner}>x`,
        `<${outer}><${inner}>x</${outer}>`,
        `<${outer}/><${inner} a=b/>`,
      ]) {
        let [open, most] = [0, 0]
        const parser = new Parser({
          onopentag() {
            most = Math.max(most, ++open)
          },
          onclosetag() {
            open--
          },
        })
        parser.end(withinDepth(shape.repeat(MAX_DEPTH + 20)))
        // An empty one is open for a moment.
        expect([shape, most <= MAX_DEPTH + 1]).toEqual([shape, true])
      }
    }
})
/** That of the library that cleans HTML. */
const require = createRequire(createRequire(import.meta.url).resolve('sanitize-html'))

test('a picture without an address costs no other element its end', () => {
  expect(render('<div><img alt="A"> <b>B</b> <a href="https://a.example/">C</a></div>\n\nD').html).toBe(
    '<div> <b>B</b> <a href="https://a.example/">C</a></div>\n<p>D</p>',
  )
})

test('tags that are too deep are named', () => {
  const { html, notes } = render(`${'<b><i>'.repeat(500)}deep`)
  expect(html).toContain('deep')
  expect(notes).toMatchObject([
    { rule: 'raw-html-removed', message: expect.stringContaining('more than 200 elements') },
  ])
})

test('what lies deeper loses its tags, both of them, and none of its words', () => {
  const deep = `${'<div>'.repeat(1000)}deep${'</div>'.repeat(1000)}<p>after</p>`
  expect(withinDepth(deep)).toBe(`${'<div>'.repeat(MAX_DEPTH)}deep${'</div>'.repeat(MAX_DEPTH)}<p>after</p>`)
  expect(withinDepth('<b>x</i>'.repeat(1000)).replace(/<[^>]*>/g, '')).toBe('x'.repeat(1000))
  const mixed = withinDepth(`${'<i><b>'.repeat(300)}x${'</b></i>'.repeat(300)}`)
  expect(mixed).toBe(`${'<i><b>'.repeat(100)}x${'</b></i>'.repeat(100)}`)
})

test('a tag or a comment that does not end takes nothing with it', () => {
  for (const end of ['<a title="', '<a ', '<!-- ', '<'])
    expect(withinDepth(`${'<b>x</b>'.repeat(300)}${end.repeat(300)}`)).toContain('<b>x</b>')
})

test('what browsers would move is where they move it, in feeds and in letters', () => {
  const cases: [written: string, read: string][] = [
    ['<p>one <b>two<p>three</b>', '<p>one <b>two</b></p><p><b>three</b></p>'],
    ['<h2>One <h3>Two</h3></h2>', '<h2>One </h2><h3>Two</h3>'],
    ['<div><a href="https://a.example/">one <a href="https://b.example/">two</a></a></div>', '</a><a href'],
    [
      '<table><p>Lost</p><tr><td>x</td></tr></table>',
      '<p>Lost</p><table><tbody><tr><td>x</td></tr></tbody></table>',
    ],
    ['<p>one <i><div>two</div></i></p>', '<p>one <i></i></p><div><i>two</i></div>'],
  ]
  for (const [written, read] of cases) {
    const { html, letterHtml } = render(written)
    expect(html).toContain(read)
    expect(isMisnested(html)).toBe(false)
    expect(isMisnested(letterHtml)).toBe(false)
  }
})

test('what lies well stays as it is written', () => {
  const texts = [
    '<table><caption>C</caption><colgroup><col></colgroup><tbody><tr><td><p>x</p><ul><li>y</li></ul></td></tr></tbody></table>',
    '<details><summary>A</summary><p>b</p></details><figure><img src="x"><figcaption><p>x</p></figcaption></figure>',
    '<ul><li><p>x</p><ol><li><a href="x"><b>y</b></a></li></ol></li></ul><dl><dt>a</dt><dd><p>x</p></dd></dl>',
    '<p>漢<ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby><br><math><mtable><mtr><mtd><mi>x</mi></mtd></mtr></mtable></math></p>',
  ]
  for (const text of texts) expect(isMisnested(text)).toBe(false)
})

test('marks without an end do not become more than the text', () => {
  const { html } = render(`<div>${'<b>x<i>y<u>z'.repeat(30)}${'<p>next'.repeat(2000)}`)
  expect(html.length).toBeLessThan(100_000)
})

test('a long text of such HTML is rendered', () => {
  for (const shape of ['<b></i>', '<div>', '<svg>', '<details><summary>'])
    expect(() => render(shape.repeat(Math.ceil(60_000 / shape.length)))).not.toThrow()
})
