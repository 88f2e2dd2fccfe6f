// A letter of a known layout is what MJML makes of it, whatever its texts hold; and MJML is not asked again.

import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { allowFastPaths } from '../../src/base/index.ts'
import {
  compileLayout,
  type KnownLayouts,
  knownLayouts,
  recallLayouts,
} from '../../src/letter/fast/known-layouts.ts'
import { finishMjml } from '../../src/letter/mjml.ts'
import { openTemplates } from '../../src/templates/index.ts'

afterEach(() => allowFastPaths(true))

const templates = openTemplates('nowhere')
const finish = (mjml: string) => finishMjml(mjml, 'letter.mjml.hbs', 'ltr', templates)

async function plainly(mjml: string): Promise<string> {
  allowFastPaths(false)
  try {
    return await finish(mjml)
  } finally {
    allowFastPaths(true)
  }
}

const document = (title: string, raw: string, first: string, second: string, attribute: string) =>
  `<mjml><mj-head><mj-title>${title}</mj-title><mj-style>.x > p { color: red }</mj-style></mj-head><mj-body>
  <mj-raw>${raw}</mj-raw><mj-section><mj-column><mj-text css-class="a > b">
  ${first}
  </mj-text><mj-image src="https://x.example/${attribute}.png" alt="" /><mj-text>${second}</mj-text>
  <mj-button href="https://x.example/">${second}</mj-button></mj-column></mj-section></mj-body></mjml>`

/** What may be between two tags, and what only looks as if it could be moved by itself. */
const content = fc
  .array(
    fc.constantFrom(
      ...[
        'word',
        ' ',
        '\n  ',
        '\u00a0',
        '<p>a  b</p>',
        '<b> c </b>',
        '<td>d</td>',
        '<br>',
        '&amp;',
        '&#8212;',
        '…',
      ],
      ...[
        '<p title="a > b"',
        '>',
        '<i',
        '"',
        '<!-- e -->',
        '<!--[if mso]> <p>f</p> <![endif]-->',
        '<pre> g\n  h </pre>',
      ],
      ...[
        '<style> p { } </style>',
        ' style="color:red;"',
        '<img src="x" height="auto">',
        '⟦abcdefabcdef#1⟧',
        '$&',
      ],
    ),
    { maxLength: 6 },
  )
  .chain(parts => fc.constantFrom(parts.join(''), `a${parts.join('')}z`, `<p>${parts.join('')}</p>`))
const title = fc.constantFrom('Title', 'A  b', '&quot;Yes&quot; &amp; no', '"', '')

test('whatever the texts: as MJML makes it, from the first edition of a layout to the last', async () => {
  const texts = fc.tuple(title, content, content, content)
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 3, maxLength: 6 }), async editions => {
      for (const edition of editions) {
        const mjml = document(...edition, 'a')
        const way = (made: Promise<string>) => made.catch((error: Error) => error.message)
        expect(await way(finish(mjml))).toBe(await way(plainly(mjml)))
      }
    }),
    { numRuns: 60 },
  )
})

/** Counts what is compiled; every mark is shown in brackets. */
function counting(compile = (mjml: string) => mjml) {
  let count = 0
  const makers = {
    compile: (mjml: string) => {
      count++
      return Promise.resolve(compile(mjml))
    },
    tidy: (text: string) => text,
  }
  return { make: (mjml: string) => compileLayout(mjml, 'ltr', makers), count: () => count }
}

test('the third of a layout is not compiled', async () => {
  const { make, count } = counting()
  const made = []
  for (const text of ['one', 'two', 'three', '<b>f</b>']) made.push(await make(`<mj-text>${text}</mj-text>`))
  // The last has another shape: white space beside a tag may count.
  expect([made.at(-2), count()]).toEqual(['<mj-text>three</mj-text>', 1 + 2 + 0 + 1])
})

test('what an earlier build knew of a layout is not found out again', async () => {
  const { make, count } = counting()
  const kept: KnownLayouts = structuredClone(
    new Map<string, 'met once' | string[]>([
      ['ltr <mj-text>⟦content:0:..⟧</mj-text><mj-kept/>', ['<mj-text>', '0', '</mj-text><mj-kept/>']],
      ['ltr <mj-text>⟦content:0:..⟧</mj-text><mj-once/>', 'met once'],
    ]),
  )
  recallLayouts(kept)
  expect(await make('<mj-text>one</mj-text><mj-kept/>')).toBe('<mj-text>one</mj-text><mj-kept/>')
  expect(count()).toBe(0)
  await make('<mj-text>one</mj-text><mj-once/>')
  await make('<mj-text>two</mj-text><mj-once/>')
  expect(count()).toBe(2)
  // What this one has found out since is not lost to what another left.
  recallLayouts(kept)
  await make('<mj-text>three</mj-text><mj-once/>')
  expect([count(), [...knownLayouts().keys()]]).toEqual([2, expect.arrayContaining([...kept.keys()])])
})

test('a compiler that reads the texts, or hides them from most programs, is asked each time', async () => {
  const reading = counting(mjml => mjml.replace('two', 'zwei'))
  const hiding = counting(mjml => `<!--[if mso]>${mjml}<![endif]-->`)
  for (const [name, { make, count }] of Object.entries({ 'mj-table': reading, 'mj-raw': hiding })) {
    const made = []
    for (const text of ['one', 'two', 'three', 'four']) made.push(await make(`<${name}>${text}</${name}>`))
    expect([made.length, count()]).toEqual([4, 1 + 2 + 1 + 1])
  }
})

test('styles that are written into tags are never taken apart', async () => {
  const { make, count } = counting()
  for (const text of ['one', 'two', 'three'])
    await make(`<mj-style inline="inline">p { }</mj-style><mj-text>${text}</mj-text>`)
  expect(count()).toBe(3)
})
