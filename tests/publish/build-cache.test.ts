// Whatever happened to the folder, the clock and the cache since the last build: the next one makes what a first one would.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BuildCache,
  type FinishedBuild,
  readSealed,
  writeSealed,
} from '../../src/publish/cache/build-cache.ts'
import { takeSnapshot, trustedStamps } from '../../src/publish/cache/folder-snapshot.ts'
import { buildHorizon } from '../../src/publish/last-build.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aLoaded, anArticle } from '../builders.ts'
import { png } from '../content/a-load.ts'
import { THOROUGH } from '../thorough.ts'
import { outTree } from './out-tree.ts'

const start = Date.parse('2026-02-01T00:00:00Z')
const day = 86_400_000

function build(folder: string, at = start) {
  return aRun(folder, ['build', '--json', '--now', new Date(at).toISOString()])
}

/** What a first build of the same folder makes, and what it reports. */
async function afresh(folder: string, at: number) {
  const other = aFolder()
  for (const part of ['articles', 'templates', 'static', 'public', '_config.yml', 'data']) {
    rmSync(join(other, part), { recursive: true, force: true })
    if (existsSync(join(folder, part)))
      cpSync(join(folder, part), join(other, part), { recursive: true, verbatimSymlinks: true })
  }
  const { code, stdout } = await build(other, at)
  return { code, report: reportOf(stdout), files: outTree(other) }
}

/** Without what differs by nature: how much was written, and what changed since the build before. */
function reportOf(stdout: string) {
  const { files, diagnostics, ...rest } = JSON.parse(stdout)
  const lasting = diagnostics?.filter(({ rule }: { rule: string }) => !/^changed-/.test(rule))
  return { ...rest, diagnostics: lasting, count: files && files.written + files.unchanged }
}

async function expectLikeAfresh(folder: string, at: number) {
  const { code, stdout } = await build(folder, at)
  const clean = await afresh(folder, at)
  expect(reportOf(stdout)).toEqual(clean.report)
  expect(code).toBe(clean.code)
  // Settings that are wrong stop the build: what stands in out/ stays.
  if (code === 2) return
  const made = outTree(folder)
  expect(Object.keys(made)).toEqual(Object.keys(clean.files))
  for (const path of Object.keys(made)) expect(made[path] === clean.files[path], path).toBe(true)
}

const names = ['a', 'b', 'c', 'deep/d', 'deep/e']
const article = (title: string, more: string, body: string) => `---\ntitle: ${title}\n${more}---\n\n${body}\n`
const heads = fc.constantFrom(
  'date: 2026-01-01\ntags: [x]\n',
  'date: 2026-01-02\ntags: [x, y]\nauthors: [ada]\n',
  'date: 2026-01-30\nsection: world\nimage: images/p.png\n',
  'date: 2026-02-03\ntags: [y]\n',
  'date: 2026-01-05\nupdated: 2026-02-02\n',
  'date: 2026-01-05\nexpires: 2026-02-02\n',
  'date: 2026-01-05\nupdated: 2026-01-06\nsummary: "A: b"\n',
  'date: 2026-01-05\nunlisted: true\n',
  // Where both are in use, it is the other that has `tags/x/`.
  'date: 2026-01-04\ntags: ["x!"]\n',
  'date: 2026-01-04\nunlisted: true\ntags: [x]\n',
  'date: 2026-01-05\nwithdrawn: wrong\n',
  'date: 2026-01-05\nlive: true\nextra: { a: [1, 2] }\n',
  'draft: true\n',
  'date: 2026-01-05\ndraft: true\n',
  'date: nonsense\n',
)
const bodies = fc.constantFrom(
  'Text.',
  'Tent.',
  'See [the other](b.md) and [that](deep/d.md).',
  '![A picture](images/p.png)',
  '![A picture](images/q.png) and <b>HTML</b> <img src="images/q.png" alt="">',
  '## 10:05 First\n\nOne.\n\n## 11:05 Second\n\nTwo.',
)
const titles = fc.constantFrom('One', 'Two', 'Long *title*')

type Step = (folder: string, clock: { at: number }) => void
const put =
  (path: string, text: string | Uint8Array): Step =>
  folder => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
const settings = (more: string) =>
  `title: The Test\nurl: https://test.example/\ntimezone: Asia/Kolkata\nsections: { world: World }\n${more}`

const steps: fc.Arbitrary<[string, Step]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...names), titles, heads, bodies)
      .map(([name, title, head, body]): [string, Step] => [
        `write ${name}: ${title}, ${head.trim()}, ${body}`,
        put(`articles/${name}.md`, article(title, head, body)),
      ]),
  },
  fc
    .constantFrom(...names)
    .map((name): [string, Step] => [
      `delete ${name}`,
      folder => rmSync(join(folder, `articles/${name}.md`), { force: true }),
    ]),
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).map(([from, to]): [string, Step] => [
    `rename ${from} to ${to}`,
    folder => {
      if (!existsSync(join(folder, `articles/${from}.md`))) return
      mkdirSync(dirname(join(folder, `articles/${to}.md`)), { recursive: true })
      renameSync(join(folder, `articles/${from}.md`), join(folder, `articles/${to}.md`))
    },
  ]),
  fc.constantFrom(...names).map((name): [string, Step] => [
    `touch ${name}`,
    folder => {
      if (existsSync(join(folder, `articles/${name}.md`)))
        utimesSync(join(folder, `articles/${name}.md`), 1, 1)
    },
  ]),
  // One letter for another, the time put back: size and mtime stay.
  fc.constantFrom(...names).map((name): [string, Step] => [
    `swap a letter of ${name} without a trace`,
    folder => {
      const path = join(folder, `articles/${name}.md`)
      if (!existsSync(path)) return
      const { atime, mtime } = statSync(path)
      writeFileSync(path, readFileSync(path, 'utf8').replace(/T/g, 'B'))
      utimesSync(path, atime, mtime)
    },
  ]),
  fc
    .tuple(fc.constantFrom('p', 'q'), fc.integer({ min: 1, max: 3 }))
    .map(([name, width]): [string, Step] => [
      `picture ${name}, ${width} wide`,
      put(`articles/images/${name}.png`, png(width, 2)),
    ]),
  fc
    .constantFrom('p', 'q')
    .map((name): [string, Step] => [
      `no picture ${name}`,
      folder => rmSync(join(folder, `articles/images/${name}.png`), { force: true }),
    ]),
  fc
    .constantFrom('Ada', 'Ada L.', 'Adb')
    .map((name): [string, Step] => [
      `author ${name}`,
      put(
        'articles/authors/ada.md',
        `---\nname: ${name}\nphoto: images/p.png\n---\nWrites. [One](../a.md)\n`,
      ),
    ]),
  fc
    .constantFrom(
      '',
      'feeds: { items: 2 }\n',
      'articles: { pages: false }\n',
      'feeds: { items: 2, archive: true, tombstones: true }\n',
      'feeds: { items: 3, content: summary, per: [tag] }\n',
      'language: hi\n',
      'url: wrong\n',
    )
    .map((more): [string, Step] => [`settings ${more}`, put('articles/publication.yaml', settings(more))]),
  fc
    .constantFrom('.a { }', '.b { }')
    .map((css): [string, Step] => [`feed.css ${css}`, put('templates/feed.css', css)]),
  fc
    .constantFrom(
      ['feed/content.html.hbs', '<p>{{article.title}}</p>{{{body}}}{{#each related}}{{title}}{{/each}}'],
      ['feed/content.html.hbs', '{{t "feed.minutes" count=minutes}}'],
      [
        'pages/article.html.hbs',
        '{{article.title}}{{#each tags}} {{name}} {{#if url}}linked{{/if}}{{/each}}{{{body}}}',
      ],
      ['pages/channel.html.hbs', '{{name}}{{#each stories}} {{title}} {{minutes}}{{/each}}'],
      ['strings/en.yaml', 'feed.minutes: "{count} min"\npage.tag: Label\n'],
      ['strings/en.yaml', '{}\n'],
    )
    .map(([path, text]): [string, Step] => [`template ${path}: ${text}`, put(`templates/${path}`, text!)]),
  fc
    .constantFrom('feed', 'pages', 'strings')
    .map((part): [string, Step] => [
      `no templates/${part}`,
      folder => rmSync(join(folder, 'templates', part), { recursive: true, force: true }),
    ]),
  fc.integer({ min: -60, max: 60 }).map((hours): [string, Step] => [
    `clock ${hours} h`,
    (_, clock) => {
      clock.at += (hours * day) / 24
    },
  ]),
  fc
    .constantFrom(
      'rss.xml',
      'feed.json',
      'index.html',
      'tags/x/atom.xml',
      'images/p.png',
      'feed.css',
      'a/index.html',
    )
    .map((path): [string, Step] => [
      `somebody alters out/${path}`,
      folder => {
        if (existsSync(join(folder, 'out', path))) writeFileSync(join(folder, 'out', path), 'x')
      },
    ]),
  fc.constant<[string, Step]>([
    'out/ is deleted',
    folder => rmSync(join(folder, 'out'), { recursive: true, force: true }),
  ]),
  fc.constantFrom('state', 'articles', 'editions', 'layouts', 'texts', 'feeds', 'pages').chain(part =>
    fc.constantFrom('cut', 'bit', 'gone', 'empty').map((how): [string, Step] => [
      `cache: ${part} ${how}`,
      folder => {
        const path = join(folder, '.broadsheet/build', part)
        if (!existsSync(path)) return
        if (how === 'gone') rmSync(path)
        else if (how === 'empty') writeFileSync(path, '')
        else if (how === 'cut') truncateSync(path, Math.floor(statSync(path).size / 2))
        else {
          const bytes = readFileSync(path)
          bytes[Math.floor(bytes.length / 3)]! ^= 4
          writeFileSync(path, bytes)
        }
      },
    ]),
  ),
)

async function play(sequence: readonly (readonly [string, Step][])[], more = '') {
  const folder = aFolder({
    'articles/publication.yaml': settings(more),
    'articles/a.md': article('One', 'date: 2026-01-01\ntags: [x]\n', 'See [the other](b.md).'),
    'articles/b.md': article('Two', 'date: 2026-01-20\nauthors: [ada]\n', '![A picture](images/p.png)'),
    'articles/images/p.png': png(2, 2),
  })
  const clock = { at: start }
  await pause(50) // what was written a moment ago is not believed
  await expectLikeAfresh(folder, clock.at)
  for (const change of sequence) {
    for (const [, step] of change) step(folder, clock)
    await expectLikeAfresh(folder, clock.at)
  }
  rmSync(folder, { recursive: true })
}

const sequences = (changes: number) =>
  fc.array(fc.array(steps, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: changes })

test('an article that breaks takes its address with it: a page that links to it is made again', async () => {
  const write =
    (path: string, text: string): Step =>
    folder =>
      writeFileSync(join(folder, 'articles', path), text)
  await play([
    [['b breaks', write('b.md', article('Two', 'date: nonsense\n', 'Text.'))]],
    [['b is mended', write('b.md', article('Two', 'date: 2026-01-20\n', 'Text.'))]],
    [
      [
        'b is a double',
        write('b.md', article('Two', 'date: 2026-01-20\nid: tag:test.example,2026:a\n', 'Text.')),
      ],
    ],
  ])
})

test('any sequence of changes: the same files and the same report as a first build', async () => {
  await fc.assert(
    fc.asyncProperty(sequences(6), sequence => play(sequence)),
    { numRuns: THOROUGH ? 100 : 3 },
  )
})

test('the same where feeds and their archive hold everything, and every tag, section and author has a page', async () => {
  const all = 'feeds: { items: 2, archive: true, tombstones: true, per: [section, tag, author] }\n'
  await fc.assert(
    fc.asyncProperty(sequences(8), sequence => play(sequence, all)),
    { numRuns: THOROUGH ? 50 : 2 },
  )
})

test('the same where most articles are shown by nothing', async () => {
  const little = 'feeds: { items: 1, per: [] }\narticles: { pages: false }\n'
  await fc.assert(
    fc.asyncProperty(sequences(6), sequence => play(sequence, little)),
    { numRuns: THOROUGH ? 50 : 2 },
  )
})

test('the same with a newsletter', async () => {
  const newsletter =
    'newsletters: [{ id: weekly, every: week, from: news@test.example }]\nfeeds: { items: 1, per: [] }\narticles: { pages: false }\n'
  await fc.assert(
    fc.asyncProperty(sequences(3), sequence => play(sequence, newsletter)),
    { numRuns: THOROUGH ? 20 : 1 },
  )
})

test('a change that was dated into the future is told when its time has come, and not before', async () => {
  const folder = aFolder({
    'articles/publication.yaml': settings('feeds: { items: 1 }\n'),
    'articles/a.md': article('A', 'date: 2026-01-30\ntags: [x]\nupdated: 2026-02-02\n', 'Text.'),
    'articles/b.md': article('B', 'date: 2026-01-20\ntags: [x]\nupdated: 2026-02-02\n', 'Text.'),
  })
  await pause(50)
  // Its time has come in the very millisecond that it names.
  const due = Date.parse('2026-02-02T00:00+05:30')
  for (const at of [start, start, due, start + 2 * day, start]) await expectLikeAfresh(folder, at)
  await expectLikeAfresh(folder, start + 2 * day)
  expect(outTree(folder)['/feed.json']).toContain('2026-02-02')
})

test('what one file changes elsewhere: titles beside others, links, biographies, channels, sizes of pictures', async () => {
  const all = 'feeds: { items: 2, archive: true, per: [section, tag, author] }\n'
  const dated = (day: number, more = '') => `date: 2026-01-0${day}\ntags: [x]\n${more}`
  const folder = aFolder({
    'articles/publication.yaml': settings(all),
    'articles/a.md': article('One', dated(1), 'Text.'),
    'articles/b.md': article('Two', dated(2, 'authors: [ada]\n'), '![A picture](images/p.png)'),
    'articles/c.md': article('Three', dated(3), 'See [it](a.md).'),
    'articles/d.md': article('Four', dated(4, 'image: images/p.png\n'), 'Text.'),
    // In another language: beside none of the others.
    'articles/old.md': article('Alt', `date: 2025-01-01\nlanguage: de\ntags: [x]\n`, 'Text.'),
    'articles/authors/ada.md': '---\nname: Ada\n---\nWrites [Four](../d.md).\n',
    'articles/images/p.png': png(2, 2),
  })
  const changes: [string, string | Uint8Array][] = [
    ['articles/a.md', article('Won', dated(1), 'Text.')],
    ['articles/a.md', article('Won', dated(1, 'slug: won\n'), 'Text.')],
    ['articles/d.md', article('Four', dated(4, 'image: images/p.png\nslug: for\n'), 'Text.')],
    ['articles/old.md', article('Alt', `date: 2025-01-01\nlanguage: de\ntags: [X]\n`, 'Text.')],
    ['articles/images/p.png', png(3, 2)],
    ['articles/b.md', article('Two', dated(2, 'authors: [ada]\n').replace('[x]', '[x, y]'), 'Text.')],
    ['articles/authors/ada.md', '---\nname: Ada\n---\nWrites [One](../a.md) and [Three](../c.md).\n'],
    ['articles/c.md', article('Three', `${dated(3)}unlisted: true\n`, 'See [it](a.md).')],
    ['articles/e.md', article('Five', dated(5), 'Text.')],
    ['articles/a.md', article('Won', `${dated(1)}draft: true\n`, 'Text.')],
  ]
  for (const [path, text] of [['articles/feed.txt', ''] as const, ...changes]) {
    put(path, text)(folder, { at: start })
    await pause(50) // what was written a moment ago is not believed
    await expectLikeAfresh(folder, start)
  }
})

test('a file that is put into live coverage, which letters read whole, whatever becomes of it', async () => {
  const folder = aFolder({
    'articles/publication.yaml': settings(
      'newsletters: [{ id: weekly, every: week, from: news@test.example }]\n',
    ),
    'articles/a.md': article(
      'One',
      'date: 2026-01-20\nlive: true\n',
      '## 14:05 Tea\n\n<<< @/code/tea.js\n<<< @/code/none.js',
    ),
    'articles/code/tea.js': 'pour()\n',
  })
  const file = join(folder, 'articles/code/tea.js')
  const page = () => readFileSync(join(folder, 'out/2026/a/index.html'), 'utf8')
  await pause(50) // what was written a moment ago is not believed
  await expectLikeAfresh(folder, start)
  expect(existsSync(join(folder, 'out/editions/weekly/2026-W04/letter.html'))).toBe(true)
  expect(page()).toContain('pour')
  writeFileSync(file, 'drink()\n')
  await pause(50)
  await expectLikeAfresh(folder, start)
  expect(page()).toContain('drink')
  rmSync(file)
  await expectLikeAfresh(folder, start)
  expect(page()).not.toContain('drink')
})

test('what lies beside the articles: pictures of the site, settings of other tools', async () => {
  const folder = aFolder({
    'articles/a.md': article('A', 'date: 2026-01-30\nimage: /p.png\n', 'Text. ![q](/img/q.png)'),
    'articles/b.md': article('B', 'date: 2026-01-29\nauthor: ann\n', 'Text.'),
    'public/p.png': png(3, 3),
  })
  const change = async (path: string, content: string | Uint8Array | undefined) => {
    const place = join(folder, path)
    mkdirSync(dirname(place), { recursive: true })
    if (content === undefined) rmSync(place)
    else writeFileSync(place, content)
    await pause(40)
    await expectLikeAfresh(folder, start)
  }
  await pause(40)
  await expectLikeAfresh(folder, start)
  await change('public/img/q.png', png(4, 4))
  expect(outTree(folder)).toHaveProperty(['/img/q.png'])
  await change('public/p.png', png(5, 5))
  await change('static/p.png', png(6, 6))
  await change('static/p.png', undefined)
  await change('_config.yml', 'defaults: [{ scope: { path: "" }, values: { tags: [harbour] } }]\n')
  await change('data/authors/ann.yaml', 'name: Ann Lee\n')
  await change('data/authors/ann.yaml', 'name: Ann Roe\n')
  expect(readFileSync(join(folder, 'out/rss.xml'), 'utf8')).toContain('Ann Roe')
  await change('_config.yml', 'defaults: [{ scope: { path: "" }, values: { published: false } }]\n')
})

test('the text of an article that nothing shows, and then its date', async () => {
  const folder = aFolder({
    'articles/publication.yaml': settings('feeds: { items: 1, per: [] }\narticles: { pages: false }\n'),
    'articles/new.md': article('New', 'date: 2026-01-30\n', 'Text.'),
    'articles/old.md': article('Old', 'date: 2026-01-01\nsummary: S\n', 'Text.'),
  })
  for (let n = 0; n < 20; n++)
    writeFileSync(
      join(folder, `articles/between-${n}.md`),
      article(`B ${n}`, 'date: 2026-01-15\nsummary: S\n', 'Text.'),
    )
  await pause(50) // what was written a moment ago is not believed
  await build(folder)
  writeFileSync(join(folder, 'articles/old.md'), article('Old', 'date: 2026-01-01\nsummary: S\n', 'Tent.'))
  await expectLikeAfresh(folder, start)
  // And once more, now from what was kept of the second.
  writeFileSync(join(folder, 'articles/old.md'), article('Old', 'date: 2026-01-31\nsummary: S\n', 'Tent.'))
  await expectLikeAfresh(folder, start)
})

/** More than articles' texts: what others show of them, too. */
const edits: fc.Arbitrary<[string, (text: string) => string]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .constantFrom('Another line.', '*More* & <more>.', 'See [a site](https://a.example/).', '\u{1f4f0}')
      .map((line): [string, (text: string) => string] => [`+ ${line}`, text => `${text}\n${line}\n`]),
  },
  fc.constantFrom<[string, (text: string) => string]>(
    ['shorter', text => text.replace(/\n[^\n]+\n*$/, '\n')],
    ['as it is', text => text],
    ['another beginning', text => text.replace('\n---\n\n', '\n---\n\nAt first.\n\n')],
    ['many words', text => `${text}\n${'word '.repeat(400)}\n`],
    ['a link', text => `${text}\n[There](a.md) and [there](deep/d.md)\n`],
    ['a picture', text => `${text}\n![P](images/p.png)\n`],
    ['another title', text => text.replace(/title: .*/, 'title: Else')],
    ['a tag', text => text.replace('tags: [x', 'tags: [z, x')],
  ),
)
const editing = fc.array(
  fc.array(fc.tuple(fc.constantFrom(...names), edits), { minLength: 1, maxLength: 2 }),
  {
    minLength: 1,
    maxLength: 6,
  },
)

/** @param rest ms before each build: what was written a moment ago is not believed */
async function edit(
  sequence: readonly (readonly [string, readonly [string, (text: string) => string]][])[],
  more: string,
  rest = 0,
) {
  const folder = aFolder({
    'articles/publication.yaml': settings(more),
    'articles/a.md': article(
      'One',
      'date: 2026-01-01\ntags: [x]\nsummary: First\n',
      'See [the other](b.md).',
    ),
    'articles/b.md': article(
      'Two',
      'date: 2026-01-20\nauthors: [ada]\ntags: [x, X, y]\nsummary: Second\n',
      '![A picture](images/p.png)',
    ),
    'articles/c.md': article(
      'Three',
      'date: 2026-01-21\nsection: world\nlanguage: hi\n',
      `${'One. '.repeat(90)}\n\nTwo.`,
    ),
    'articles/deep/d.md': article(
      'Four',
      'date: 2026-01-22\ntags: [x, y]\nupdated: 2026-02-02\nsummary: Fourth\nunlisted: true\n',
      'Four.',
    ),
    'articles/deep/e.md': article(
      'Five',
      'date: 2026-01-22\nauthors: [ada]\nimage: images/p.png\nsummary: Fifth\n',
      'Five.',
    ),
    'articles/authors/ada.md': '---\nname: Ada\nphoto: images/p.png\n---\nWrites. [One](../a.md)\n',
    'articles/images/p.png': png(2, 2),
  })
  await pause(50) // what was written a moment ago is not believed
  await expectLikeAfresh(folder, start)
  for (const changes of sequence) {
    for (const [name, [, change]] of changes) {
      const path = join(folder, `articles/${name}.md`)
      writeFileSync(path, change(readFileSync(path, 'utf8')))
    }
    await pause(rest)
    await expectLikeAfresh(folder, start)
  }
  rmSync(folder, { recursive: true })
}

test('any edits of texts: the same files and the same report as a first build', async () => {
  for (const more of [
    'feeds: { items: 2, archive: true, per: [section, tag, author] }\n',
    'articles: { pages: false }\nfeeds: { items: 3, content: summary, per: [tag] }\n',
    'newsletters: [{ id: weekly, every: week, from: news@test.example }]\nfeeds: { items: 1 }\n',
  ])
    await fc.assert(
      fc.asyncProperty(editing, fc.constantFrom(0, 50), async (sequence, rest) => edit(sequence, more, rest)),
      { numRuns: THOROUGH ? 20 : 1 },
    )
})

test('edits of texts that move what stands behind them, that refer to others, and that lists tell of', async () => {
  const line: [string, (text: string) => string] = ['', text => `${text}\nAnother line.\n`]
  const link: typeof line = ['', text => `${text}\n[There](b.md) and [there](deep/d.md)\n`]
  const words: typeof line = ['', text => `${text}\n${'word '.repeat(400)}\n`]
  const moved: typeof line = ['', text => text.replace('tags:', 'slug: moved\ntags:')]
  const all = 'feeds: { items: 2, archive: true, per: [section, tag, author] }\n'
  const sequence = names.map((name): [string, typeof line][] => [[name, line]])
  await edit([...sequence, [['a', link]], [['deep/d', words]], [['a', line]], [['deep/d', line]]], all)
  await edit([[['c', link]], [['b', moved]]], all, 50)
  await edit([[['a', words]], [['a', line]]], all)
})

test('a template of its own sees no text of what stands beside an article', async () => {
  const folder = aFolder({
    'articles/publication.yaml': settings(''),
    'articles/a.md': article('One', 'date: 2026-01-01\ntags: [x]\nsummary: First\n', 'Early.'),
    'articles/b.md': article('Two', 'date: 2026-01-20\ntags: [x]\n', 'Later.'),
    'templates/pages/article.html.hbs':
      '{{article.body}}{{#each beside}}{{#each stories}} beside {{title}} {{body}}{{bodyLine}}{{/each}}{{/each}}',
  })
  await pause(50)
  await expectLikeAfresh(folder, start)
  expect(readFileSync(join(folder, 'out/2026/b/index.html'), 'utf8').trim()).toMatch(/^Later\.\s+beside One$/)
  put('articles/a.md', article('One', 'date: 2026-01-01\ntags: [x]\nsummary: First\n', 'Now.'))(folder, {
    at: start,
  })
  await expectLikeAfresh(folder, start)
})

test('a build is true until something comes out or expires, and in that millisecond for itself alone', async () => {
  const date = { at: start, offset: 0 }
  const loaded = aLoaded([anArticle({ date, expires: { at: start + day, offset: 0 } })])
  const [early, late] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  expect(await buildHorizon(loaded, start - 1)).toEqual({ from: early, until: start })
  expect(await buildHorizon(loaded, start)).toEqual({ from: start, until: start + 1 })
  expect(await buildHorizon(loaded, start + 1)).toEqual({ from: start + 1, until: start + day })
  expect(await buildHorizon(loaded, start + day + 1)).toEqual({ from: start + day + 1, until: late })
})

test('what was changed in the moment in which it was looked at is not believed', () => {
  const looked = 1_700_000_000_500.25
  const stamps = [10, 1000, looked - 5, 1, 10, 1000, looked - 200.5, 2, 10, 1000, 1_700_000_000_000, 3]
  expect(
    [...trustedStamps(stamps, looked)].map(Number.isNaN).flatMap((doubt, at) => (doubt ? at / 4 : [])),
  ).toEqual([
    0, // within a tick
    2, // of a clock that knows whole seconds only
  ])
})

test('what is kept in pieces comes back whole and in its order', () => {
  const file = join(aFolder(), 'kept')
  const many = Array.from({ length: 2500 }, (_, at) => at)
  const value = {
    map: new Map(many.map(at => [`file ${at}`, { at, none: undefined }])),
    list: many,
    blocks: Array.from({ length: 25 }, (_, at) => new Uint8Array([at, at + 1])),
    numbers: Float64Array.from(many),
    record: { within: { it: { and: new Map([[1, new Map()]]) } }, empty: {}, nothing: [], none: undefined },
    noMap: new Map(),
  }
  for (const kept of [value, value.map, value.list, 'text', undefined]) {
    writeSealed(file, 'key', kept)
    const found = readSealed(file, 'key')
    expect(found).toStrictEqual(kept)
    if (kept instanceof Map) expect([...(found as typeof kept).keys()]).toEqual([...kept.keys()])
  }
})

test('what another program kept is not read', () => {
  const file = join(aFolder(), 'kept')
  writeSealed(file, 'one program', { a: 1 })
  expect(readSealed(file, 'one program')).toEqual({ a: 1 })
  expect(readSealed(file, 'another program')).toBeUndefined()
})

test('a part that stays is not written again, and one of another build is no part of this one', () => {
  const dir = aFolder({ 'articles/a.md': article('A', 'date: 2026-01-01\n', 'Text.') })
  const snapshot = takeSnapshot(dir)
  const partOf = (name: string) => join(dir, '.broadsheet/build', name)
  let at = Date.now()
  function leave(layouts: Map<string, string[]> | undefined, texts: Map<string, string> | undefined) {
    new BuildCache(dir).remember({
      ...{ snapshot, snapshotAt: ++at, from: 0, until: at + 1, made: [], upToDate: new Set(), copies: [] },
      ...{ global: '', states: new Map(), findings: new Map(), report: {} },
      parts: { layouts: () => layouts, texts: () => texts },
    } as unknown as FinishedBuild)
  }
  const found = () => {
    const last = new BuildCache(dir).lastBuild(snapshot, at)
    return [
      last.recall('layouts')?.get('a'),
      (last.recall('texts') as unknown as Map<string, string>)?.size,
      last.recall('pages'),
    ]
  }
  leave(new Map([['a', ['one']]]), new Map())
  const first = readFileSync(partOf('layouts'))
  leave(undefined, new Map())
  leave(undefined, undefined)
  expect(found()).toEqual([['one'], 0, undefined])
  expect(readFileSync(partOf('layouts'))).toEqual(first)

  // A build is killed that has written one part, and not yet what it saw.
  const state = readFileSync(partOf('state'))
  leave(new Map([['a', ['two']]]), undefined)
  expect(found()).toEqual([['two'], 0, undefined])
  writeFileSync(partOf('state'), state)
  expect(found()).toEqual([undefined, 0, undefined])
  leave(undefined, undefined)
  expect(found()).toEqual([undefined, 0, undefined])
  writeFileSync(partOf('layouts'), first)
  expect(found()).toEqual([['one'], 0, undefined])
  truncateSync(partOf('layouts'), first.length - 1)
  expect(found()).toEqual([undefined, 0, undefined])
})
