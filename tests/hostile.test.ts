// Folders that are hostile, or unlucky: what can be built is built and breaks no rule, the rest is told with its file and
// what to do, and nothing is a bug.

import { Buffer } from 'node:buffer'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aFolder } from './a-folder.ts'
import { aRun } from './a-run.ts'
import { png } from './content/a-load.ts'
import { checkAtom, checkJson, checkRss } from './feed/checker.ts'

const article = (title: string, more = '', body = 'Text.') =>
  `---\ntitle: ${title}\ndate: 2026-01-30\n${more}---\n\n${body}\n`
const now = ['--now', '2026-02-01T00:00Z']
const build = (folder: string) => aRun(folder, ['build', '--json', ...now])

function expectValidFeeds(folder: string) {
  const read = (name: string) => readFileSync(join(folder, 'out', name), 'utf8')
  expect(checkRss(read('rss.xml'))).toEqual([])
  expect(checkAtom(read('atom.xml'))).toEqual([])
  expect(checkJson(read('feed.json'))).toEqual([])
}

const many = 20_000
const texts: Record<string, string> = {
  quotations: `${'>'.repeat(many)} deep`,
  'quotations on lines of their own': Array.from({ length: 300 }, (_, n) => `${'>'.repeat(n)} x`).join('\n'),
  emphasis: `${'*'.repeat(many)}a`,
  'open brackets': '['.repeat(many),
  'nested pictures': `${'!['.repeat(many)}${'](x)'.repeat(many)}`,
  lists: `${'- '.repeat(many)}x`,
  'a staircase of lists': Array.from({ length: 300 }, (_, n) => `${'  '.repeat(n)}- x`).join('\n'),
  'open elements': '<div>'.repeat(many),
  'open comments': '<!--'.repeat(many),
  'open tags': '<b '.repeat(many),
  'open code': '`'.repeat(many + 1),
  'a wide table': `${'| a '.repeat(2000)}|\n${'|-'.repeat(2000)}|\n${'| b '.repeat(2000)}|`,
  'links in links': '[a](<'.repeat(many),
  footnotes: `${'[^1]'.repeat(2000)}\n\n[^1]: x`,
  ampersands: '&'.repeat(many),
  addresses: 'http://a.'.repeat(2000),
  'ends of CDATA': ']]>'.repeat(many),
}

test('Markdown that is made to break programs', async () => {
  const folder = aFolder(
    Object.fromEntries(
      Object.entries(texts).map(([name, text], n) => [`articles/${n}.md`, article(name, '', text)]),
    ),
  )
  const { code, stderr } = await build(folder)
  expect(stderr.match(/error|bug/g)).toBeNull()
  expect(code).toBe(0)
  expectValidFeeds(folder)
})

test.each([
  [
    'YAML, in brackets',
    `---\ntitle: A\ndate: 2026-01-30\nx: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n---\n`,
  ],
  [
    'YAML, indented',
    `---\ntitle: A\n${Array.from({ length: 3000 }, (_, n) => `${' '.repeat(n)}k:`).join('\n')}\n---\n`,
  ],
  ['YAML that holds itself', '---\ntitle: A\ndate: 2026-01-30\nx: &x { a: *x }\n---\n'],
  ['JSON', `;;;\n{ "title": "A", "x": ${'['.repeat(10_000)}${']'.repeat(10_000)} }\n;;;\n`],
  ['TOML', `+++\ntitle = "A"\nx = ${'['.repeat(10_000)}${']'.repeat(10_000)}\n+++\n`],
])('front matter without a ground: %s', async (_, text) => {
  const folder = aFolder({ 'articles/bad.md': text, 'articles/good.md': article('Good') })
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  expect(ran.json().articles.built).toBe(1)
  const [problem, ...others] = ran.json().diagnostics
  expect(others).toEqual([])
  expect(problem).toMatchObject({ file: 'articles/bad.md', rule: 'front-matter', severity: 'error' })
  expect(problem.message).toMatch(/unfolds into more than 10000 values, or 50 levels|excessively nested/)
})

test('a file or a folder whose name is not UTF-8 is told, and not passed over', async () => {
  const folder = aFolder({ 'articles/good.md': article('Good') })
  const named = (bytes: number[]) => Buffer.concat([Buffer.from(`${folder}/articles/`), Buffer.from(bytes)])
  writeFileSync(named([0x61, 0xff, 0x2e, 0x6d, 0x64]), article('A'))
  mkdirSync(named([0x62, 0xe9]))
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  expect(ran.json().articles.built).toBe(1)
  expect(ran.json().diagnostics).toMatchObject([
    { file: 'articles/a\uFFFD.md', message: 'cannot be read: its name is not UTF-8' },
    { file: 'articles/b\uFFFD', message: 'cannot be read: its name is not UTF-8' },
  ])
})

test('names that mean something to a shell, a terminal or a browser', async () => {
  const names = [
    'new\nline',
    'back\\slash',
    'q?#',
    'per%41cent',
    'sp ace',
    '-',
    '\u202egnp',
    '🎉',
    'quote"',
    "'",
    '<b>',
    '\x1b[2J',
  ]
  const folder = aFolder(
    Object.fromEntries(
      names.map((name, n) => [
        `articles/${name}.md`,
        article(`T ${n}`, `slug: t${n}\ntags: [a]\nupdated: 2025-01-01\n`),
      ]),
    ),
  )
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect(code).toBe(0)
  expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  expectValidFeeds(folder)
})

/** Root may read everything: the test is run as somebody else. */
function asNobody(...folders: string[]) {
  for (const folder of folders) chmodSync(folder, 0o777)
  if (process.geteuid!() !== 0) return
  process.seteuid!(65_534)
  onTestFinished(() => void process.seteuid!(0))
}

test('words that every object of JavaScript has are words like any other', async () => {
  // Each with a word of the same length that no object has.
  const words = ['constructor', 'toString', 'valueOf', 'hasOwnProperty']
  const folderWith = (given: readonly string[]) => {
    const files = given.flatMap((word, n) => [
      [
        `articles/${n}.md`,
        article(
          `"${word} {{ ${word} }} &${word};"`,
          `permalink: ${word}\ntags: [${word}]\nsection: ${word}\nauthor: ${word}\nmood: ${word}\n`,
          `{% ${word} a %} {{ ${word} }}\n\n:::${word}\nx\n:::\n\n> [!${word}]\n> a\n\n\`\`\`${word}\nx\n\`\`\`\n\n` +
            `<${word}>x</${word}> &${word}; ![a picture](a.${word}) [a file](b.${word})`,
        ),
      ],
      [`articles/a.${word}`, 'no picture'],
      [`articles/b.${word}`, 'no document'],
    ])
    return aFolder(Object.fromEntries(files))
  }
  const feedOf = async (given: readonly string[]) => {
    const folder = folderWith(given)
    const { code, stderr } = await build(folder)
    expect(stderr).not.toMatch(/error|bug/)
    expect(code).toBe(0)
    return readFileSync(join(folder, 'out/feed.json'), 'utf8').toLowerCase()
  }
  const others = words.map(word => word.replace(/[a-z]{2}/, 'qx'))
  const feed = await feedOf(others)
  expect(await feedOf(words)).toBe(
    others.reduce((text, other, n) => text.replaceAll(other.toLowerCase(), words[n]!.toLowerCase()), feed),
  )
})

test('what may not be read is told where it is used; the rest is built', async () => {
  const folder = aFolder({
    'articles/lead.md': article('Lead', 'image: images/p.png\n'),
    'articles/body.md': article('Body', '', '![A picture](images/p.png)'),
    'articles/closed.md': article('Closed'),
    'articles/room/inside.md': article('Inside'),
    'articles/images/p.png': png(10, 10),
  })
  chmodSync(join(folder, 'articles/images/p.png'), 0)
  chmodSync(join(folder, 'articles/closed.md'), 0)
  chmodSync(join(folder, 'articles/room'), 0)
  onTestFinished(() => chmodSync(join(folder, 'articles/room'), 0o700))
  asNobody(folder, join(folder, 'articles'), join(folder, 'articles/images'))
  const ran = await build(folder)
  expect(ran.code).toBe(1)
  expect(ran.json().articles.built).toBe(2)
  expect(ran.json().diagnostics).toMatchObject([
    { file: 'articles/closed.md', message: 'cannot be read: EACCES' },
    { file: 'articles/lead.md', line: 4, message: 'image: "images/p.png" cannot be read' },
    { file: 'articles/room', message: 'cannot be read: EACCES' },
  ])
  const checked = await aRun(folder, ['check', '--json', ...now])
  expect(checked.stdout).toContain('refers to images/p.png, which cannot be read')
})

test('an article of three gigabytes is not even opened', async () => {
  const folder = aFolder({ 'articles/good.md': article('Good'), 'articles/huge.md': '' })
  truncateSync(join(folder, 'articles/huge.md'), 3e9)
  const ran = await build(folder)
  expect(ran.json().articles.built).toBe(1)
  expect(ran.json().diagnostics).toMatchObject([
    { file: 'articles/huge.md', message: 'has 3000 MB; what has more than 10 MB is not read' },
  ])
})

test.each([
  ['a file', (path: string) => writeFileSync(path, 'mine')],
  ['a link to nowhere', (path: string) => symlinkSync('nowhere', path)],
])('out/ is %s', async (_, make) => {
  const folder = aFolder({ 'articles/a.md': article('A') })
  make(join(folder, 'out'))
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect(code).toBe(2)
  expect(stderr).toContain(`${join(folder, 'out')} is not a folder`)
})

test('out/ may not be written: told, and nothing of it is touched', async () => {
  const folder = aFolder({ 'articles/a.md': article('A') })
  await build(folder)
  writeFileSync(join(folder, 'articles/a.md'), article('Another'))
  asNobody(folder)
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect(code).toBe(2)
  expect(stderr).toMatch(/out cannot be written: EACCES/)
  expect(readFileSync(join(folder, 'out/rss.xml'), 'utf8')).toContain('<title>A</title>')
})

test.each<[string, string, string | Buffer | undefined, RegExp]>([
  ['a folder', 'feed/content.html.hbs', undefined, /content\.html\.hbs cannot be read: EISDIR/],
  ['not UTF-8', 'feed/content.html.hbs', Buffer.from([0x61, 0xff]), /content\.html\.hbs is not UTF-8/],
  ['open', 'feed.css', '\n{{#if x}', /templates\/feed\.css:2: /],
  ['no YAML', 'strings/en.yaml', 'a: b\n"c: d\n', /strings\/en\.yaml:\d: /],
  ['no catalogue', 'strings/en.yaml', 'words', /strings\/en\.yaml: is not a list/],
  ['a number for a word', 'strings/en.yaml', 'article.by: 7', /article\.by is no text: 7/],
])('a template that is %s', async (_, name, text, message) => {
  const folder = aFolder({ 'articles/a.md': article('A') })
  const path = join(folder, 'templates', name)
  mkdirSync(text === undefined ? path : join(path, '..'), { recursive: true })
  if (text !== undefined) writeFileSync(path, text)
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect(stderr).toMatch(message)
  expect(code).toBe(2)
})
