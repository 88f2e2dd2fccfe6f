// `check` over whole folders: letters are rendered and judged, and what is wrong is told by file, line and advice.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const SETTINGS = `title: The Test
url: https://test.example/
address: 1 Test Road
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`
const article = `---
title: Talks on trade begin in the capital
date: 2026-01-28T12:00:00Z
summary: The two ministers met on Thursday, days before a larger meeting elsewhere.
---

Text of the talks.
`
const now = ['--now', '2026-01-30T12:00:00Z']

async function checked(files: Record<string, string>) {
  const folder = aFolder({ 'articles/publication.yaml': SETTINGS, 'articles/talks.md': article, ...files })
  const ran = await aRun(folder, ['check', '--json', ...now])
  return {
    code: ran.code,
    found: ran.json() as { file: string; line: number; rule: string; message: string }[],
  }
}

test('nothing is wrong with what the built-in templates make', async () => {
  expect(await checked({})).toEqual({ code: 0, found: [] })
})

test('an article that is out when the next letter goes is no link to the future; one that is later is', async () => {
  const dated = (date: string) => article.replace('2026-01-28', date)
  const link = (name: string) => `[${name}](https://test.example/2026/${name}/)`
  const { found } = await checked({
    'articles/soon.md': dated('2026-02-03'),
    'articles/later.md': dated('2026-02-20'),
    'articles/editions/weekly/2026-W06.md': `---\nsubject: What opens soon\n---\n\n${link('soon')}, ${link('later')}.\n`,
  })
  expect(found.filter(({ rule }) => rule === 'letter-links').map(({ message }) => message)).toEqual([
    expect.stringMatching(/2026\/later\/ is future$/),
  ])
})

test('an own template is named with its line, the article with its title; a grave fault is an error', async () => {
  const row = `<p lang="en" style="color:#aaaaaa">{{title}}</p>\n<h2><a href="{{url url}}" class="ink">{{title}}</a></h2>\n<p>\n<a href="{{url url}}" class="accent" style="color:#9a1b2f">read more</a></p>`
  const foot = '<mj-section><mj-column><mj-text>Bye</mj-text></mj-column></mj-section>'
  const lead = `<mj-text>\n${row}\n</mj-text>`
  const { code, found } = await checked({
    'templates/partials/letter-lead.mjml.hbs': lead,
    'templates/partials/letter-footer.mjml.hbs': foot,
  })
  expect(code).toBe(1)
  expect(found).toContainEqual(
    expect.objectContaining({
      file: 'templates/partials/letter-lead.mjml.hbs',
      line: 5,
      rule: 'letter-link-text',
      message: 'letter weekly/2026-W05, “Talks on trade begin in the capital”: a link says only “read more”',
    }),
  )
  const rules = new Set(found.map(({ rule }) => rule))
  expect([...rules]).toEqual(expect.arrayContaining(['letter-contrast', 'letter-required']))
  const missing = found.filter(({ rule }) => rule === 'letter-required').map(({ message }) => message)
  expect(missing).toContain('letter weekly/2026-W05: the link to leave is missing')
})

test('a sender without a name is told where the settings name it', async () => {
  const settings = SETTINGS.replace('The Test <news@test.example>', 'news@test.example')
  const { code, found } = await checked({ 'articles/publication.yaml': settings })
  expect(code).toBe(1)
  expect(found).toEqual([
    {
      file: 'articles/publication.yaml',
      line: 5,
      rule: 'letter-required',
      severity: 'error',
      message: 'letter weekly/2026-W05: from: news@test.example says no name of who sends it',
      advice: 'Write a name before the address: from: The Test <news@test.example>',
    },
  ])
})

test('a picture that cannot be read is told once, with its article', async () => {
  const broken = article.replace('---\n\n', 'image: { src: photo.webp, alt: The table }\n---\n\n')
  const { code, found } = await checked({
    'articles/talks.md': broken,
    'articles/photo.webp': 'RIFF nothing',
  })
  expect(code).toBe(0)
  expect(found.filter(({ rule }) => rule === 'letter-picture')).toMatchObject([{ file: 'articles/talks.md' }])
})

test('a coming edition is judged before it is due', async () => {
  const spoilt = article.replace('Talks on trade begin in the capital', 'Short').replace('01-28', '01-30')
  const { found } = await checked({ 'articles/talks.md': spoilt })
  expect(found).toMatchObject([{ rule: 'letter-subject', file: 'articles/talks.md' }])
  expect(found[0]!.message).toContain('letter weekly/2026-W06')
})

test('words that a language lacks are named, with the line of the language', async () => {
  const dutch = SETTINGS.replace('}\n', ', language: nl }\n')
  const some = "letter.view: 'Bekijk in de browser'\nletter.note: Van de redactie\n"
  const language = async (files: Record<string, string>) =>
    (await checked({ 'articles/publication.yaml': dutch, ...files })).found.filter(
      ({ rule }) => rule === 'letter-language',
    )
  const [none] = await language({})
  expect(none).toMatchObject({ file: 'articles/publication.yaml', line: 5 })
  expect(none!.message).toMatch(
    /^newsletter weekly is in nl, .* English: letter\.number, letter\.view, (?:letter\.\w+, )+letter\.preferences$/,
  )
  const [half] = await language({ 'templates/strings/nl.yaml': some })
  expect(half!.message).toContain('English: letter.number, letter.by, ')
})

test('a field that a note or its block does not have is named, and a block without text', async () => {
  const note = `---
sponser: Tea House
blocks:
  - { text: Read on., plaice: top }
  - { title: Empty }
  - { text: Somewhere., place: middle }
---

Dear reader.
`
  const { found } = await checked({ 'articles/editions/weekly/2026-W05.md': note })
  const named = found.filter(({ rule }) => rule === 'edition-note').map(({ message }) => message)
  expect(named.sort()).toEqual([
    'a block has no field "plaice": it is ignored',
    'an editor\'s note has no field "sponser": it is ignored',
    'the block {"title":"Empty"} has no text: it is left out',
    'there is no place "middle" in a letter: the block is at the bottom',
  ])
})

test('blocks of settings and note are in the letter of a build', async () => {
  const folder = aFolder({
    'articles/publication.yaml': SETTINGS.replace('}\n', ", blocks: [{ text: 'From the *settings*.' }] }\n"),
    'articles/talks.md': article,
    'articles/editions/weekly/2026-W05.md': '---\nblocks: { text: From the note., place: top }\n---\n',
  })
  expect((await aRun(folder, ['build', ...now])).code).toBe(0)
  const text = readFileSync(join(folder, 'out/editions/weekly/2026-W05/letter.txt'), 'utf8')
  expect(text).toMatch(/From the note\.[\s\S]*Talks on trade[\s\S]*From the settings\./)
})
