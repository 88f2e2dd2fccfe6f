// The good and the bad example in each rule's doc comment are its documentation; here they are run.

import { expect, test, vi } from 'vitest'
import { notesOf } from '../../src/check/articles/component-left-out.ts'
import { letterRules } from '../../src/check/check-letters.ts'
import { check, rules } from '../../src/check/check-publication.ts'
import type { CheckedArticle } from '../../src/check/rule.ts'
import { loadPublication } from '../../src/content/load-publication.ts'
import type { Diagnostic } from '../../src/model.ts'
import { createRenderer } from '../../src/render/index.ts'
import { aFolder } from '../a-folder.ts'
import { busyTime } from '../busy-time.ts'
import { example, filesIn } from './rule-examples.ts'

const now = Date.parse('2026-02-01T00:00:00Z')

function run(text: string): Diagnostic[] {
  const article = text.startsWith('---') ? text : `---\ntitle: An example\ndate: 2026-01-30\n---\n${text}`
  const dir = aFolder({
    'articles/example.md': article,
    'articles/authors/desk.md': '---\nname: The Desk\n---\n',
    'articles/harbour.md': '---\ntitle: Harbour\ndate: 2026-01-29\n---\nText.',
    'articles/images/harbour.png': 'not measured',
    'articles/files/figures.js': 'let figures',
  })
  const loaded = loadPublication(dir, { now })
  return [...loaded.diagnostics, ...check(loaded, createRenderer(loaded))]
}

test.each(rules.map(({ name }) => name))('%s finds its bad example and not its good one', name => {
  const good = example(name, 'Good')
  const bad = example(name, 'Bad')
  expect(good.trim()).not.toBe('')
  expect(bad.trim()).not.toBe('')
  expect(run(good)).toEqual([])
  const found = run(bad).filter(({ rule }) => rule === name)
  expect(found.length).toBeGreaterThan(0)
  for (const { file, line, message, advice } of found) {
    expect(file).toBe('articles/example.md')
    expect(line).toBeGreaterThan(0)
    expect(message && advice).toBeTruthy()
  }
})

test('every file of the folders of rules is a rule of that name, and is in the table', () => {
  expect(rules.map(({ name }) => name).sort()).toEqual(filesIn('articles', 'feeds'))
  expect(letterRules.map(({ name }) => name).sort()).toEqual(filesIn('letters'))
})

test('a finding stands on its line of the file, below the front matter', () => {
  const found = run('---\ntitle: A\ndate: 2026-01-30\n---\n\nText.\n\n![](https://x.example/a.png)\n')
  expect(found).toMatchObject([{ rule: 'picture-alt', line: 8 }])
})

test('a picture without words is found however it is written', () => {
  const head = '---\ntitle: A\ndate: 2026-01-30\n---\n\n'
  const alts = (body: string) => run(`${head}${body}`).filter(({ rule }) => rule === 'picture-alt')
  expect(alts('Text ![][sea]\n\n[sea]: https://x.example/a.png\n')).toMatchObject([{ line: 6 }])
  expect(alts('![ ](<https://x.example/a b.png>)\n')).toHaveLength(1)
  expect(alts('Text\n\n<img\n  src="https://x.example/a.png">\n')).toMatchObject([{ line: 8 }])
  expect(alts('<img\n  src="https://x.example/a.png"\n  alt="">\n')).toEqual([])
  expect(alts('![](https://www.youtube.com/watch?v=abc)\n')).toEqual([])
})

test('a tag too long for a message is seen to be cut', () => {
  const [found] = run(`Text {{ ${'tide|'.repeat(20)} }} and {{ b }}.`).filter(
    ({ rule }) => rule === 'template-tags',
  )
  expect(found?.message).toBe(`{{ ${'tide|'.repeat(11)}t… has no meaning here, and is left out`)
})

test('code is not judged', () => {
  expect(
    run('Write `![](a.png)` or `{{ tag }}`:\n\n```html\n<script>1</script>\n![](b.png)\n{% tag %}\n```\n'),
  ).toEqual([])
})

test('of scripts, a gist’s becomes a link, and nothing is lost without those that only dress words', () => {
  const script = (src: string) => `<script async src="${src}"></script>\n\n`
  const body = ['platform.twitter.com/widgets.js', 'gist.github.com/ann/0a1b.js', 'x.example/a.js']
  expect(run(body.map(src => script(`https://${src}`)).join(''))).toMatchObject([
    { rule: 'raw-html-removed', severity: 'info', line: 7, message: 'the script of a gist becomes a link' },
    { rule: 'raw-html-removed', severity: 'warning', line: 9, message: '<script> is left out' },
  ])
})

test('a link to a draft is told, and judged drafts are not', () => {
  const dir = aFolder({
    'articles/a.md': '---\ntitle: A\ndate: 2026-01-30\n---\n[B](b.md)',
    'articles/b.md': '---\ntitle: B\ndraft: true\n---\n![](none.png) [here](https://x.example)',
  })
  const loaded = loadPublication(dir, { now })
  expect(check(loaded, createRenderer(loaded))).toMatchObject([
    { file: 'articles/a.md', rule: 'broken-internal-link', severity: 'info', line: 5 },
  ])
})

test('a link that differs in capitals only says which was meant', () => {
  const found = run('See [it](Harbour.md).')
  expect(found).toMatchObject([
    { rule: 'broken-internal-link', advice: expect.stringContaining('mean harbour.md?') },
  ])
})

test.each([
  '[x](.htaccess)',
  '[x](data.parquet "The data")',
  '[x](main.c)',
  '[x](<a paper.pdf>)',
  '[x][r]\n\n[r]: paper.pdf',
  '![x][r]\n\n[r]: <boat.png> "Boat"',
  '<a href="paper.pdf">x</a>',
  "A <img alt=x src='boat.png'>",
  '<img src="blank.gif" data-src="boat.png">',
  '<video controls src=film.mp4></video>',
])('what is not there is named, however it is written: %s', markdown => {
  const name = /[\w. ]*\.(?:htaccess|parquet|c|pdf|png|mp4)\b/
    .exec(markdown.replace('blank.gif', ''))![0]
    .trim()
  const found = run(markdown).filter(({ rule }) => rule === 'broken-internal-link')
  expect(found).toMatchObject([{ message: `refers to ${name}, which does not exist` }])
})

test.each([
  '[x](v1.2) [y](other) [z](./2026/) [a](#b) [m](mailto:a@b.example)',
  '[^1]: paper.pdf is a note[^1]',
  '<a href="https://a.example/x.pdf">x</a> <a href="{{ x }}.pdf">y</a> <b title="a.pdf">z</b>',
  '`<img src="boat.png">`',
])('what is no file of the folder is not looked for: %s', markdown => {
  expect(run(markdown).filter(({ rule }) => rule === 'broken-internal-link')).toEqual([])
})

test('for a broken link the articles are not walked again', () => {
  const dir = aFolder({
    'articles/a.md': `---\ntitle: A\ndate: 2026-01-30\n---\n${'[x](none.md)\n'.repeat(50)}`,
  })
  const loaded = loadPublication(dir, { now })
  const renderer = createRenderer(loaded)
  const walks = vi.spyOn(Map.prototype, 'keys')
  const found = check(loaded, renderer)
  const count = walks.mock.calls.length
  walks.mockRestore()
  expect(found).toHaveLength(50)
  expect(count).toBeLessThan(10)
})

test('only pictures are pictures written as data:', () => {
  const data = (body: string) => run(body).filter(({ rule }) => rule === 'data-picture')
  for (const text of [
    'See [it][note].\n\n[note]: data:text/plain,hi',
    '<a title="x" src="data:x">Text</a>',
    '<a href="data:image/png;base64,aGk=">Text</a>',
  ])
    expect(data(text)).toEqual([])
  for (const text of [
    '![Sea][sea]\n\n[sea]: data:image/png;base64,aGk=',
    '<img alt="Sea" src="data:image/png;base64,aGk=">',
    '<img src=data:image/png;base64,aGk= alt="Sea">',
    '<picture><source media="print" srcset="data:image/png;base64,aGk="></picture>',
    "<video controls poster='data:image/png;base64,aGk='></video>",
  ])
    expect(data(text)).toHaveLength(1)
})

test('a byline in small letters is told once, and only where authors have files', () => {
  const by = (day: number) =>
    `---\ntitle: On day ${day}\ndate: 2026-01-0${day}\nauthor: al-jazeera\n---\nText.`
  const articles = { 'articles/a.md': by(3), 'articles/b.md': by(2), 'articles/c.md': by(4) }
  const found = (files: Record<string, string>) => {
    const loaded = loadPublication(aFolder(files), { now })
    return check(loaded, createRenderer(loaded))
  }
  expect(found(articles)).toEqual([])
  const desk = { 'articles/authors/desk.md': '---\nname: The Desk\n---\n' }
  expect(found({ ...articles, ...desk })).toMatchObject([
    {
      rule: 'unknown-author',
      file: 'articles/b.md',
      line: 4,
      message: expect.stringContaining('al-jazeera'),
    },
  ])
})

test('the same said of a hundred thousand places is said once, in a time that grows with their number', async () => {
  const note = { rule: 'template-tags', message: 'x is left out', advice: '' } as const
  const notes = Array.from({ length: 100_000 }, (_, at) => ({ ...note, line: at + 1 }))
  const checked = { article: { bodyLine: 5 }, body: { notes } } as unknown as CheckedArticle
  let found: unknown
  const took = await busyTime(() => {
    found = notesOf('template-tags')(checked)
  })
  expect(found).toEqual([{ line: 5, message: 'x is left out (and 99999 more of the same)', advice: '' }])
  expect(took).toBeLessThan(3000)
})
