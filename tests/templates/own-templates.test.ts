// What is wrong with a publication's own templates is told: names that no data has, what no feed may hold, files that nothing
// reads.

import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtinTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const SETTINGS = `title: The Test
url: https://test.example/
address: 1 Test Road
newsletters: [{ id: weekly, from: The Test <news@test.example> }]
`
const article = (date: string, more = '') =>
  `---\ntitle: Talks on trade begin in the capital\ndate: ${date}\n${more}---\n\nText of the talks.\n`
const ARTICLES = {
  'articles/publication.yaml': SETTINGS,
  'articles/talks.md': article('2026-01-28T12:00:00Z', 'section: world\nauthor: Ada\ntags: [a]\n'),
  'articles/gone.md': article('2026-01-29T12:00:00Z', 'withdrawn: was wrong\n'),
}
const now = ['--now', '2026-01-30T12:00:00Z']

async function built(templates: Record<string, string>) {
  const placed = Object.entries(templates).map(([name, text]) => [`templates/${name}`, text])
  const ran = await aRun(aFolder({ ...ARTICLES, ...Object.fromEntries(placed) }), ['build', ...now])
  return { code: ran.code, said: ran.stderr }
}

test('the built-in templates, taken for one\u2019s own, say nothing that there is not', async () => {
  const folder = aFolder(ARTICLES)
  cpSync(builtinTemplates, join(folder, 'templates'), { recursive: true })
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect([code, stderr]).toEqual([0, ''])
})

test.each([
  [
    'pages/article.html.hbs',
    'a\n{{article.titel}}',
    'there is no article.titel, did you mean article.title? article has',
  ],
  ['pages/article.html.hbs', 'a\n{{nope.nope.nope}}', 'there is no nope; there are publication, article,'],
  [
    'pages/article.html.hbs',
    'a\n{{#each tags}}{{../updatd}}{{/each}}',
    'there is no updatd, did you mean updated?',
  ],
  ['pages/article.html.hbs', 'a\n{{#with article.image}}{{alternative}}{{/with}}', 'there is no alternative'],
  ['pages/withdrawn.html.hbs', 'a\n{{article.withdrawn.wy}}', 'there is no article.withdrawn.wy'],
  ['pages/index.html.hbs', 'a\n{{#if publication.logo.nope}}{{/if}}', 'there is no publication.logo.nope'],
  [
    'pages/channel.html.hbs',
    'a\n{{t "page.empty" x=strories}}',
    'there is no strories, did you mean stories?',
  ],
  ['feed/content.html.hbs', 'a\n{{#article}}{{titel}}{{/article}}', 'there is no titel, did you mean title?'],
  ['pages/article.html.hbs', 'a\n{{> nope}}', 'there is no partial "nope" in templates/partials/'],
  ['feed/content.html.hbs', 'a\n{{article.nope}}', 'there is no article.nope'],
  ['feed/content.html.hbs', 'a\n<script>x()</script>', '<script> is not allowed in a feed'],
  ['feed/content.html.hbs', 'a\n<p class="b" style="color:red">', 'style= is not allowed in a feed'],
  ['feed/content.html.hbs', 'a\n<p {{> page-turn}} onclick="x()">', 'onclick= is not allowed in a feed'],
  [
    'feed/content.html.hbs',
    '<!-- a\n--><p title="b > c" onclick="x()">',
    'onclick= is not allowed in a feed',
  ],
  ['feed/content.html.hbs', '<p title="a\nb" style=c>', 'style= is not allowed in a feed'],
  ['feed/content.html.hbs', "<p title='<!--'>\n<script>", '<script> is not allowed in a feed'],
  ['feed/content.html.hbs', 'a\n<a href="javascript:x()">', 'javascript: is not allowed in a feed'],
  ['feed/edition.html.hbs', 'a\n<form>', '<form> is not allowed in a feed'],
])('%s: %j', async (name, text, message) => {
  const { code, said } = await built({ [name]: text })
  expect(code).toBe(2)
  expect(said).toContain(`templates/${name}:2: ${message}`)
})

test('check names what is broken in a template that no letter of today needs', async () => {
  const cases: [text: string, line: number, message: string][] = [
    ['{{#if x}}', 1, 'Expecting'],
    ['a\n{{nohelper title}}', 2, 'there is no helper "nohelper"'],
    ['{{> nothing}}', 1, 'there is no partial "nothing"'],
    ['[[name]]', 1, 'nothing fills [[name]] in'],
  ]
  const files = cases.map(([text], at) => [`templates/partials/block-kind${at}.mjml.hbs`, text])
  const folder = aFolder({
    ...ARTICLES,
    ...Object.fromEntries(files),
    'templates/partials/letter-more.mjml.hbs': '{{> block-kind0}}',
    'templates/partials/card.hbs': '{{asset "of another tool"}}',
  })
  const { code, stdout } = await aRun(folder, ['check', '--json', '--rule', 'own-templates', ...now])
  expect(code).toBe(1)
  const errors = JSON.parse(stdout).filter(({ severity }: { severity: string }) => severity === 'error')
  expect(errors).toMatchObject(
    cases.map(([, line, message], at) => ({
      file: `templates/partials/block-kind${at}.mjml.hbs`,
      line,
      message: expect.stringContaining(message),
    })),
  )
})

test('a partial that a feed calls may hold no more than the feed', async () => {
  const { code, said } = await built({
    'feed/content.html.hbs': '{{> mine}}',
    'partials/mine.html.hbs': '\n<style>a{}</style>',
  })
  expect(code).toBe(2)
  expect(said).toContain('templates/partials/mine.html.hbs:2: <style> is not allowed in a feed')
})

test('what an article may have and this one has not is no mistake, nor what only looks like HTML', async () => {
  const { code, said } = await built({
    'pages/article.html.hbs':
      '{{article.place}}{{article.extra.mood}}{{article.audio.duration}}{{#each article.authors}}{{photo.alt}}{{/each}}' +
      '{{#each tags}}{{anything}}{{../article.title}}{{@root.article.id}}{{this}}{{/each}}{{#with picture as |it|}}{{it.src}}{{/with}}',
    'feed/content.html.hbs':
      '{{!-- <script> --}}<p title="style">{{#if article.place}}style = on{{/if}}</p><!-- no <script> here, nor <p style="a"> -->{{{body}}}<p title="your style = mine, <form> href=javascript: > on a = b">a</p>',
  })
  expect([code, said]).toEqual([0, ''])
})

test('what Handlebars fills is taken as it is: sections, partials of the template\u2019s own, blocks', async () => {
  const { code, said } = await built({
    'pages/article.html.hbs':
      '{{#publication}}{{title}}{{../article.title}}{{/publication}}{{#article.authors}}{{name}}{{/article.authors}}' +
      '{{#*inline "mine"}}z{{/inline}}{{> mine}}{{#> frame}}inside{{/frame}}',
    'partials/frame.html.hbs': '<b>{{> @partial-block}}</b>',
    'feed/content.html.hbs': '{{#article}}<p>{{title}}</p>{{/article}}{{{body}}}',
  })
  expect([code, said]).toEqual([0, ''])
})

test('a file that nothing reads and a word that nothing says are told', async () => {
  const { code, said } = await built({
    'pages/artcle.html.hbs': 'a',
    'pages/about.html.hbs': 'a',
    'partials/page-naw.html.hbs': 'a',
    'partials/letter-crad.mjml.hbs': 'a',
    'partials/mine.html.hbs': 'a',
    'partials/other.html.hbs': '{{> mine}}{{t "my.word"}}',
    'elsewhere/thing.hbs': 'a',
    'README.md': 'a',
    'strings/en.yaml': 'page.more: Also\npage.publishd: a\nmy.word: b\n',
  })
  expect(code).toBe(0)
  expect(said).toContain('templates/pages/artcle.html.hbs')
  expect(said).toContain('Did you mean templates/pages/article.html.hbs?')
  expect(said).toContain('Of pages/ are read: article.html.hbs, channel.html.hbs')
  expect(said).toContain('Did you mean templates/partials/letter-card.mjml.hbs?')
  expect(said).toContain('Did you mean templates/partials/page-nav.html.hbs?')
  expect(said).toContain('2: page.publishd: nothing says this word')
  expect(said).toContain('Did you mean page.published?')
  for (const right of ['mine.html', 'other.html', 'thing.hbs', 'README', 'my.word', 'page.more'])
    expect(said).not.toContain(right)
})

test('a name of nothing beside letter.mjml.hbs is told, with the names that are read there', async () => {
  const { code, said } = await built({ 'page.html.hbs': 'a', 'index.hbs': 'a', 'base.html': 'a' })
  expect(code).toBe(0)
  expect(said).toContain('templates/page.html.hbs: nothing reads this template')
  expect(said).toContain('Of templates/ are read: confirm.mjml.hbs, confirm.txt.hbs')
  expect(said).not.toMatch(/index|base/)
})

test('partials with any name, called in any way, and what other tools have in templates/ are no mistake', async () => {
  const { code, said } = await built({
    'partials/c++.hbs': 'a',
    'partials/page-nave.html.hbs': 'a',
    'partials/page-heads.html.hbs': 'a',
    'partials/page-nav.hbs': 'a',
    'partials/calls.hbs': '{{~> page-nave}}{{> "page-heads"}}{{> [c++]}}',
    'includes/article.html.hbs': 'a',
    'index.hbs': 'a',
  })
  expect([code, said]).toEqual([0, ''])
})

test('what leads out of the publication is not printed', async () => {
  const elsewhere = aFolder({ 'outside.yaml': 'secret.key: a\n', 'pages/secret.html.hbs': 'a' })
  const folder = aFolder({ ...ARTICLES, 'templates/strings/en.yaml': 'page.more: Also\n' })
  symlinkSync(join(elsewhere, 'outside.yaml'), join(folder, 'templates/strings/de.yaml'))
  symlinkSync(join(elsewhere, 'pages'), join(folder, 'templates/pages'))
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect([code, stderr]).toEqual([0, ''])
})
