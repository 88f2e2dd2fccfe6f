// A build by the fast paths and one by the libraries alone (BROADSHEET_PLAIN=1) write the same bytes and report the same.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { article } from '../bench/make-corpus.ts'
import { anyInline, anyMarkdown } from '../render/any-markdown.ts'
import { THOROUGH } from '../thorough.ts'
import { outTree } from './out-tree.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const NOW = ['--now', '2026-02-08T09:00:00Z']

type Build = (folder: string, argv: readonly string[], BROADSHEET_PLAIN: string) => Promise<Ran>
type Ran = Readonly<Record<'stdout' | 'stderr', string>> & { readonly code: number | null }

const bySource: Build = (folder, argv, BROADSHEET_PLAIN) => aRun(folder, argv, { env: { BROADSHEET_PLAIN } })

/** As it is installed: nothing else has the templates of letters as one function each. */
const byBundle: Build = async (folder, argv, BROADSHEET_PLAIN) => {
  const { status, stdout, stderr } = spawnSync('node', [join(ROOT, 'dist/cli.js'), ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, BROADSHEET_PLAIN },
  })
  return { code: status, stdout, stderr }
}

async function expectSame(folder: string, build = bySource): Promise<Record<string, string>> {
  const made = []
  for (const BROADSHEET_PLAIN of ['', '1']) {
    for (const path of ['out', '.broadsheet']) rmSync(join(folder, path), { recursive: true, force: true })
    const { code, stdout, stderr } = await build(folder, ['build', '--json', ...NOW], BROADSHEET_PLAIN)
    // How long it took stands in the report.
    made.push({
      code,
      stdout: stdout.replace(/"[a-z]*(?:ms|seconds)": [\d.]+/gi, ''),
      stderr,
      files: outTree(folder),
    })
  }
  expect(made[0]).toEqual(made[1])
  return made[0]!.files
}

test('the switch reaches both: the libraries alone read what no fast path may', async () => {
  const { allowFastPaths } = await import('../../src/base/index.ts')
  const { quickSplit } = await import('../../src/content/fast/plain-front-matter.ts')
  const bytes = Buffer.from('---\ntitle: A\n---\nText\n')
  allowFastPaths(true)
  expect(quickSplit(bytes)).toBeDefined()
  await aRun(aFolder(), ['build'], { env: { BROADSHEET_PLAIN: '1' } })
  expect(quickSplit(bytes)).toBeUndefined()
  await aRun(aFolder(), ['build'])
  expect(quickSplit(bytes)).toBeDefined()
})

test('the demo, out of the bundle', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(ROOT, 'articles'), join(folder, 'articles'), { recursive: true })
  const files = await expectSame(folder, byBundle)
  expect(Object.keys(files).length).toBeGreaterThan(50)
})

/** As other tools have them: settings of a blog, and posts whose dates stand in their names. */
const POSTS = Object.fromEntries(
  Array.from({ length: THOROUGH ? 400 : 60 }, (_, n) => {
    const { text } = article(n * 7)
    const more = [
      '\n```ruby\nputs "{{ no }}"\n```\n',
      '\n| a | b |\n| :- | -: |\n| 1 | `2` |\n\n- one\n\n   \tindented by a tab\n- two\n\t- three\n',
      '\n1. first\n2. second[^n]\n\n[^n]: A *note* on it.\n\n[link]: https://example.org/a_b "T"\n\nSee [link] and <https://example.org>.\n',
      '\n<div class="box">\n\n**bold**\n\n</div>\n\nA line  \nbroken, user@example.org, and &copy; &#8212; end\\\nagain\n',
    ][n % 4]
    return [`articles/2010/post-${n}.md`, `${text}${more}`]
  }),
)

test('a blog with lists, tabs, tables, code, notes, references and HTML', async () => {
  const files = await expectSame(
    aFolder({
      ...POSTS,
      'articles/publication.yaml':
        'title: The Blog\nurl: https://blog.example/\nfeeds: { items: 50, content: full, per: [tag] }\n',
    }),
  )
  expect(Object.keys(files).length).toBeGreaterThan(60)
})

/** A folder of articles to try besides, by its path. */
const CORPUS = process.env.BROADSHEET_CORPUS
if (CORPUS)
  test('a folder given by path', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'broadsheet-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    cpSync(CORPUS, folder, { recursive: true })
    await expectSame(folder)
  })

const value = fc.oneof(
  anyInline,
  fc.constantFrom(
    'Plain words',
    '"quoted"',
    "'it''s'",
    '[a, "b", c]',
    '[]',
    'true',
    '12:30',
    '1.10',
    '~',
    '- x',
    'a: b',
    '# c',
  ),
)
const frontMatter = fc
  .array(
    fc.tuple(
      fc.constantFrom('summary', 'tags', 'place', 'x', 'image', 'updated', 'authors'),
      fc.constantFrom(': ', ':', ':\n  - ', ': |\n  '),
      value,
    ),
    { maxLength: 4 },
  )
  .map(fields => fields.map(([key, colon, text]) => `${key}${colon}${text.replaceAll('\n', ' ')}\n`).join(''))
const tabs = fc
  .array(fc.constantFrom('- a', '1. b', '\tc', '   \td', '> e', '    f', '', ' \t- g', '* h\t', '\t\ti'), {
    maxLength: 9,
  })
  .map(lines => lines.join('\n'))
const close = fc.constantFrom('---\n', '--- \n', '...\n', '---\r\n', '---')
const anyArticle = fc
  .tuple(frontMatter, close, fc.oneof(anyMarkdown, tabs))
  .map(([fields, end, body]) => `---\ntitle: Any\ndate: 2026-02-01\n${fields}${end}${body}`)

test('any front matter and any text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyArticle, { minLength: 20, maxLength: 40 }), async articles => {
      const files = Object.fromEntries(articles.map((text, n) => [`articles/a-${n}.md`, text]))
      const settings = {
        'articles/publication.yaml': 'title: Any\nurl: https://any.example/\nfeeds: { content: full }\n',
      }
      await expectSame(aFolder({ ...settings, ...files }))
    }),
    { numRuns: THOROUGH ? 300 : 10 },
  )
})
