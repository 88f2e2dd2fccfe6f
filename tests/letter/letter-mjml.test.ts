// MJML is fenced in: what a `.mjmlconfig` names does not run, and what its strict mode lets pass is found by line.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkMjml } from '../../src/letter/mjml.ts'
import { collapse } from '../../src/letter/tidy-html.ts'
import { builtinTemplates, openTemplates, takeOrigins } from '../../src/templates/index.ts'
import { anArticle } from '../builders.ts'
import { aLetter, anEdition } from './letter-edition.ts'

const folder = mkdtempSync(join(tmpdir(), 'letter-'))
afterAll(() => rmSync(folder, { recursive: true }))

// The first in this file: MJML is imported once.
test('a .mjmlconfig in the working folder runs nothing', async () => {
  writeFileSync(join(folder, '.mjmlconfig'), JSON.stringify({ packages: ['./evil.cjs'] }))
  writeFileSync(join(folder, 'evil.cjs'), `require('fs').writeFileSync(__dirname + '/ran', '')`)
  const mjml = createRequire(import.meta.url).resolve('mjml')
  execFileSync(process.execPath, ['-e', `require(${JSON.stringify(mjml)})`], { cwd: folder, stdio: 'ignore' })
  expect(existsSync(join(folder, 'ran')), 'by itself MJML runs it').toBe(true)
  rmSync(join(folder, 'ran'))

  const before = process.cwd()
  process.chdir(folder)
  try {
    await aLetter(anEdition([anArticle()]))
    expect(process.cwd()).toBe(folder)
  } finally {
    process.chdir(before)
  }
  expect(existsSync(join(folder, 'ran'))).toBe(false)
})

const check = (mjml: string) =>
  checkMjml(mjml, [{ template: 'a', line: 1 }], origin => `${origin?.template}:${origin?.line}`)

test.each([
  ['<mjml><mj-body>stray</mj-body></mjml>', 'text outside of mj-text: "stray"'],
  ['<mjml><mj-body><mj-section></mj-body></mjml>', '<mj-section> is not closed before </mj-body>'],
  ['<mjml><mj-body><mj-text>a</mj-body></mjml>', '<mj-text> is not closed'],
  ['<mjml><mj-text>a<mj-text>b</mj-text></mjml>', '<mj-text> is not closed'],
  ['<mjml><mj-body></mj-body>', '<mjml> is not closed'],
  ['<mjml></mj-body></mjml>', '<mjml> is not closed before </mj-body>'],
  ['<mjml></mjml></mjml>', '</mjml> closes nothing'],
  ['<mjml><mj-text><p>a</p><mj-button>b</mj-button></mj-text></mjml>', '<mj-button> is inside <mj-text>'],
  ['<mjml></mjml>after', 'text outside of mj-text: "after"'],
  ['<mjml><mj-body><mj-txt>a</mj-txt></mj-body></mjml>', 'unknown element <mj-txt>, did you mean <mj-text>?'],
  ['<mjml><mj-boddy>a</mj-boddy></mjml>', 'unknown element <mj-boddy>, did you mean <mj-body>?'],
  ['<mjml><mj-picture-of-it src="a" /></mjml>', 'unknown element <mj-picture-of-it>'],
])('%s', (mjml, message) => {
  expect(() => check(mjml)).toThrow(message)
})

test('comments, void tags and any HTML inside of text are nobody’s mistake', () => {
  expect(() =>
    check(
      '<mjml><!-- a --><mj-body><mj-image src="a>b" /><mj-text><p>a <b>b</p> 1 < 2</mj-text></mj-body></mjml>',
    ),
  ).not.toThrow()
})

test('a mistake in an own template is told by its file and line', async () => {
  const own = join(folder, 'templates')
  mkdirSync(join(own, 'partials'), { recursive: true })
  /** @param off lines from the change to the tag that is named */
  const broken = async (name: string, from: string, to: string, off = 0) => {
    const source = readFileSync(join(builtinTemplates, name), 'utf8')
    expect(source).toContain(from)
    writeFileSync(join(own, name), source.replace(from, to))
    const line = source.slice(0, source.indexOf(from)).split('\n').length + off
    try {
      await expect(aLetter(anEdition([anArticle()]), { using: openTemplates(own) })).rejects.toThrow(
        `${join(own, name)}:${line}: `,
      )
    } finally {
      rmSync(join(own, name))
    }
  }
  await broken('letter.mjml.hbs', '<mj-title>', '<mj-titel>')
  await broken(
    'letter.mjml.hbs',
    '<mj-column>\n        {{> letter-masthead}}',
    'stray <mj-column>{{> letter-masthead}}',
    -1,
  )
  await broken('partials/letter-lead.mjml.hbs', '<mj-text padding-bottom="10px"', '<mj-text colour="red"')
  await broken('partials/letter-footer.mjml.hbs', '{{publication.title}}', '{{publication.titel}}')
  await broken('partials/letter-footer.mjml.hbs', '{{publication.rights}}', '{{nohelper publication.rights}}')
  await broken('partials/letter-footer.mjml.hbs', '{{t "letter.why"', '{{t "letter.wy"')
  await broken('partials/letter-lead.mjml.hbs', '{{> letter-feature', '<mj-spacer />{{> letter-feature')
  await broken('partials/letter-meta.mjml.hbs', '{{#each metaLines}}', '{{#each metaLines')
  await broken('letter.txt.hbs', '{{weekday edition.sendAt}}', '{{weekday edition.id}}')
})

test('origins are taken out again', () => {
  const { mjml, origins } = takeOrigins(
    '<mjml data-origin="a.hbs:1"><mj-body data-origin="b.hbs:7" width="1px"></mj-body></mjml>',
  )
  expect(mjml).toBe('<mjml><mj-body width="1px"></mj-body></mjml>')
  expect(origins).toEqual([
    { template: 'a.hbs', line: 1 },
    { template: 'b.hbs', line: 7 },
  ])
})

test('white space that nobody sees goes, the rest stays', () => {
  expect(
    collapse(
      '<body>\n  <div  class="a"\n style="x;" >  <b>a</b>\n <i>b</i>  </div> <pre>  a\n b</pre>\n</body>',
    ),
  ).toBe('\n<body><div class="a" style="x"><b>a</b> <i>b</i></div><pre>  a\n b</pre></body>'.trimStart())
  expect(collapse('<!-- gone --><!--[if mso]> <p>a</p> <![endif]-->')).toBe(
    '<!--[if mso]>\n<p>a</p><![endif]-->',
  )
  const quoted = '<img alt="She said &quot;yes&quot;" style="border:0">'
  expect(collapse(quoted)).toBe(quoted)
})
