// The row about texts of hostile shapes: each ten times as long, and the worst of what that costs in rendering and checking.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Standing } from './in-turns.ts'
import { median } from './in-turns.ts'
import type { Bench, Row } from './rows.ts'

/** What the row uses of the package's library. */
interface Library {
  loadPublication(dir: string, options: { now: number }): { readonly articles: readonly object[] }
  createRenderer(loaded: object): {
    body(article: object): Readonly<Record<'html' | 'letterHtml' | 'text' | 'summary', string>>
  }
  check(loaded: object, renderer: object): unknown
}

export const shapeRows: readonly Row[] = [
  {
    name: 'shapes',
    what: 'a text of 1 MB of any shape, against the same of 100 kB: rendered for feed, page and letter, and checked',
    goal: '≤ 15 × for the worst',
    async run(bench) {
      const library = (await import(join(dirname(bench.program[1]!), 'index.js'))) as Library
      const found = Object.entries(SHAPES).map(([name, part], at, all) => {
        const [short, long] = [100_000, 1_000_000].map(length => cost(bench, library, part, length))
        // Below that the clock measures itself.
        const ratio = long! / Math.max(short!, 30)
        bench.say(
          `${at + 1} of ${all.length}: ${name}, ${Math.round(short!)} ms, ${Math.round(long!)} ms, ${ratio.toFixed(1)} ×`,
        )
        return { name, short: short!, long: long!, ratio }
      })
      const worst = found.sort((a, b) => b.ratio - a.ratio).slice(0, 3)
      const usual: Standing = {
        name: `${found.length} shapes, 100 kB`,
        wall: median(found.map(({ short }) => short)),
        ratio: 1,
        memory: undefined,
      }
      return [
        usual,
        ...worst.map(({ name, long, ratio }) => ({
          name: `1 MB of ${name}`,
          wall: long,
          ratio,
          memory: undefined,
        })),
      ]
    },
  },
]

/** ms of processor time. */
function cost(
  bench: Bench,
  { loadPublication, createRenderer, check }: Library,
  part: string,
  length: number,
): number {
  const dir = join(bench.scratch, 'shape')
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(join(dir, 'articles'), { recursive: true })
  writeFileSync(join(dir, 'articles/publication.yaml'), 'title: Shapes\nurl: https://shapes.example/\n')
  const text = Array.from({ length: Math.ceil(length / part.length) }, (_, n) =>
    part.replaceAll('%n', `${n}`),
  ).join('')
  writeFileSync(join(dir, 'articles/shape.md'), `---\ntitle: Shape\ndate: 2026-01-30\n---\n${text}\n`)
  const before = process.cpuUsage()
  const loaded = loadPublication(dir, { now: Date.parse('2026-02-01T00:00:00Z') })
  const renderer = createRenderer(loaded)
  for (const article of loaded.articles) {
    const { html, letterHtml, text: plain, summary } = renderer.body(article)
    void [html, letterHtml, plain, summary]
  }
  check(loaded, renderer)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** What a text consists of, over and over, with its number for `%n`: what opens and never ends, what ends and never began, what nests, what is only long. */
const SHAPES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...[
      '*',
      '**a *b ',
      '_a_ *',
      '~~x',
      '==x',
      '[',
      '![',
      '[x](',
      '[x](<y',
      '[x](y "',
      '[x][y]',
      '[^1]',
      '^[note',
      '](',
      '[[',
    ],
    ...[
      '`',
      '``a` ',
      '~~~\n',
      '$x',
      '$$',
      '\\',
      '\\(',
      '&amp',
      '&',
      '>',
      '> > ',
      '>\n',
      '- ',
      '- [ ] x\n',
      '1. ',
      '# x\n',
      'x\n-\n',
    ],
    ...[
      '|',
      '|a|b|\n',
      'a|b\n-|-\n',
      '-',
      '=',
      '\t',
      ' ',
      '\u00a0',
      '\n',
      'x  \n',
      ':::',
      '::: note\n',
      '!!! note\n\n',
      ': x\n',
    ],
    ...[
      '+ x\n\n\n',
      '1. a\n   1. b\n',
      '|-|-|\n',
      'a\n: b\n: c\n\n',
      '!!! note "x"\n    y\n',
      '[[x|y]]',
      '[^x]: y\n\n',
      '*_*_',
      '\r',
    ],
    ...[
      '<x%n>',
      '<X%n>x</X%n>',
      '[[note %n]]',
      '![[a%n.png]]',
      '![a%n](b%n.png)',
      '<img src=x%n.png>',
      '<a href=x%n>',
    ],
    ...[
      '<',
      '<x ',
      '<p>',
      '</p>',
      '<b><i>',
      '<b></i>',
      '<div>\n\n',
      '<div id=x%n>\n\n',
      '<a href=x>',
      '<a href="',
      '<!--',
      '<![CDATA[',
      '<?',
      '<!X ',
    ],
    ...[
      '<img src=x>',
      '<img srcset="x 1x, ',
      '<svg>',
      '<script>',
      '<style>',
      '<textarea>',
      '<table><tr><td>',
      '<details>',
      '<li><p>',
    ],
    ...[
      '<svg/>',
      '<b><mi></b>',
      '<svg><path d=x/>',
      '<dl><dt>a<dd>b',
      '<h1><h2>',
      '<select><option>x',
      '<ruby>x<rt>y',
      '<table>\n<tr>\n\n',
      '<noscript><img data-src=x>',
    ],
    ...[
      '{{',
      '{%',
      '{{< x >}}',
      '{{< x%n.inline >}}',
      '{% if x %}',
      '{% for a in b %}',
      '{% raw %}',
      '{/*',
      '%%',
      '{.x}',
      '{: .x}\n',
      '<X y={1}>',
      '@[x](y)',
    ],
    ...[
      'http://x.example/ ',
      'a@b.example ',
      'www.',
      'x',
      '\u4e2d',
      'e\u0301',
      '\u202e',
      '\u{1f468}\u200d',
      '"\'',
      ':tada:',
      'word ',
    ],
  ].map(part => [JSON.stringify(part), part]),
)
