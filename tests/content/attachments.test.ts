// Files beside articles that browsers or servers would run: not published, with a word, unless the settings allow them.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { attachmentDanger } from '../../src/content/attachments.ts'
import { buildPublication } from '../../src/publish/index.ts'
import { aFolder } from '../a-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'broadsheet-attachments-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function danger(name: string, bytes: string | Uint8Array, allowed: readonly string[] = []) {
  writeFileSync(join(folder, name), bytes)
  return attachmentDanger(join(folder, name), allowed)
}

const svg = (inner: string, head = '') => `${head}<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`

test.each([
  ['page.html', 'anything', 'html'],
  ['PAGE.HTM', 'anything', 'htm'],
  ['page.xhtml', '', 'xhtml'],
  ['page.xht', '', 'xht'],
  ['page.html.fr', '', 'html'],
  ['page.html. ', '', 'html'],
  ['page.html.gz', gzipSync('<p>'), 'html'],
  ['page.xhtml.br', '', 'xhtml'],
  ['app.min.js.zst', '', 'js'],
  ['form.php.gz', '', 'php'],
  ['a.svg.gz', gzipSync('<svg><script/></svg>'), 'svg'],
  ['a.svg.br', Uint8Array.of(139, 0, 0), 'svg'],
  ['app.js', '', 'js'],
  ['app.mjs', '', 'mjs'],
  ['app.wasm', '', 'wasm'],
  ['old.swf', '', 'swf'],
  ['mail.mhtml', '', 'mhtml'],
  ['form.php', '', 'php'],
  ['form.php.jpg', '', 'php'],
  ['form.aspx', '', 'aspx'],
  ['include.shtml', '', 'shtml'],
  ['noname', '<!DOCTYPE html><p>Words', 'none'],
  ['page.unknown', '\n <script>1</script>', 'unknown'],
  ['a.svg', svg('<script>alert(1)</script>'), 'svg'],
  ['b.svg', svg('<x:script xmlns:x="http://www.w3.org/2000/svg" href="a.js"/>'), 'svg'],
  ['c.svg', svg('<g onload="alert(1)"/>'), 'svg'],
  ['d.svg', svg("<g\nonClick = 'alert(1)'/>"), 'svg'],
  ['e.svg', svg('<a href="javascript:alert(1)"><text>x</text></a>'), 'svg'],
  ['f.svg', svg('<a href="java&#x73;cript&#58;alert(1)"/>'), 'svg'],
  ['g.svg', svg('<a href="java\n script:alert(1)"/>'), 'svg'],
  ['h.svg', svg('<foreignObject><iframe srcdoc="&lt;script>1&lt;/script>"/></foreignObject>'), 'svg'],
  ['i.svg', svg('<a href="&a;"/>', '<!DOCTYPE svg [<!ENTITY a "java"><!ENTITY b "&a;script:">]>'), 'svg'],
  ['j.svg', svg('', '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>'), 'svg'],
  ['k.svg', svg('', '<?xml-stylesheet type="text/xsl" href="#x"?>'), 'svg'],
  ['l.svg', Buffer.from(`\ufeff${svg('')}`, 'utf16le'), 'svg'],
  ['m.svg', `<?xml version="1.0" encoding="utf-7"?>${svg('')}`, 'svg'],
  ['n.svgz', gzipSync(svg('<script/>')), 'svgz'],
  ['o.svg', svg('<animate attributeName="onclick" to="x"/>'), 'svg'],
  ['p.svg', svg('<handler type="x"/>'), 'svg'],
  ['data.xml', '<a xmlns:h="http://www.w3.org/1999/xhtml"><h:script>1</h:script></a>', 'xml'],
  ['sheet.xsl', '<xsl:stylesheet><script/></xsl:stylesheet>', 'xsl'],
  ['formula.mml', '<math><maction xlink:href="javascript:1"/></math>', 'mml'],
  ['walk.gpx', '<gpx><form xmlns="http://www.w3.org/1999/xhtml" action="x"/></gpx>', 'gpx'],
])('%s is not published', (name, bytes, key) => {
  expect(danger(name, bytes)).toMatchObject({ key })
  expect(danger(name, bytes, [key])).toBeUndefined()
})

test.each([
  ['photo.png', '<script>'],
  ['notes.txt', '<html>'],
  ['paper.pdf', '%PDF'],
  ['data.json', '{}'],
  ['table.csv', '<a>,b'],
  ['about js.png', ''],
  ['jquery.js.zip', 'PK'],
  ['site.html.tar.gz', gzipSync('<script>')],
  ['data.json.gz', gzipSync('{}')],
  ['table.csv.br', ''],
  ['plain.svg.gz', gzipSync('<svg><g/></svg>')],
  ['notes.gz', gzipSync('<html>')],
  ['noname', 'Words'],
  ['drawing.svg', svg('<text>Upon = one, script: two, "on" and javascript</text><style>a{}</style>')],
  ['labels.svg', svg('<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">A</div></foreignObject>')],
  ['illustrator.svg', svg('', '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>')],
  ['styled.svg', svg('', '<?xml-stylesheet type="text/css" href="a.css"?>')],
  ['latin.svg', `<?xml version="1.0" encoding="ISO-8859-1"?>${svg('')}`],
  ['packed.svgz', gzipSync(svg('<g/>'))],
  ['walk.gpx', '<?xml version="1.0"?><gpx><trk/></gpx>'],
  ['formula.mml', '<math><mi>x</mi></math>'],
])('%s is', (name, bytes) => {
  expect(danger(name, bytes)).toBeUndefined()
})

test('a drawing of megabytes is judged in no time to speak of', () => {
  for (const part of ['<!ENTITY ', '<?xml-stylesheet ', ' on', 'j ', '&#', '<svg '])
    expect(() => danger('big.svg', part.repeat(300_000))).not.toThrow()
})

const article = `---
title: Figures
date: 2026-01-30
image: { src: chart.svg, alt: A chart }
---
[script](x.js) [page](page.html) [post](post.html) [secret](secret.html) ![wiki](map.svg)
<a href="y.mjs">html</a> <img src="bad.svg" alt="B"> [paper](paper.pdf)

![[bad.svg]]
`
const files = {
  'articles/2026-01-30-figures.md': article,
  'articles/x.js': '1',
  'articles/y.mjs': '1',
  'articles/page.html': '<p>Plain',
  'articles/post.html': '---\ntitle: Post\ndate: 2026-01-29\n---\n<p>Words</p>',
  'articles/secret.html': '---\ntitle: Secret\ndate: 2026-01-29\ndraft: true\n---\n<p>Words</p>',
  'articles/chart.svg': svg('<script/>'),
  'articles/bad.svg': svg('<g onload="1"/>'),
  'articles/map.svg': svg('<g/>'),
  'articles/paper.pdf': '%PDF',
}
const build = (dir: string) => buildPublication({ dir, now: () => Date.parse('2026-02-01T00:00:00Z') })
const isOut = (dir: string) => (file: string) => existsSync(join(dir, 'out', file))

test('a build leaves them out of every output, and names each with the key that allows it', async () => {
  const dir = aFolder(files)
  const { diagnostics } = await build(dir)
  expect(['map.svg', 'paper.pdf'].every(isOut(dir))).toBe(true)
  expect(
    ['x.js', 'y.mjs', 'page.html', 'post.html', 'secret.html', 'chart.svg', 'bad.svg'].some(isOut(dir)),
  ).toBe(false)
  expect(
    diagnostics
      .filter(({ severity }) => severity !== 'info')
      .map(({ message }) => message)
      .sort(),
  ).toEqual([
    'bad.svg is not published: it has a script in it',
    'image: chart.svg is not published: it has a script in it',
    'page.html is not published: it is HTML',
    'x.js is not published: it is a script',
    'y.mjs is not published: it is a script',
  ])
  expect(diagnostics.find(({ message }) => message.startsWith('x.js'))).toMatchObject({
    file: 'articles/2026-01-30-figures.md',
    rule: 'attachment',
    advice: expect.stringContaining('articles: { attachments: [js] }'),
  })
  // The next build has it in mind, though it renders nothing.
  expect((await build(dir)).diagnostics).toEqual(diagnostics)
})

test('with a key of the settings they are published, but never the source of an article', async () => {
  const settings = 'title: T\nurl: https://t.example/\narticles: { attachments: [.JS, mjs, html, svg] }\n'
  const dir = aFolder({ ...files, 'articles/publication.yaml': settings })
  const { diagnostics } = await build(dir)
  expect(['x.js', 'y.mjs', 'page.html', 'chart.svg', 'bad.svg'].every(isOut(dir))).toBe(true)
  expect(['post.html', 'secret.html'].some(isOut(dir))).toBe(false)
  expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([])
})
