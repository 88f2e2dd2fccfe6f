// `templates`: what can be replaced, and a copy to start from.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtinTemplates } from '../../src/templates/template-files.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const PUBLICATION = { 'articles/publication.yaml': 'title: T\nurl: https://test.example/\n' }

test('lists every template by the name of its file, and says which are the publication’s own', async () => {
  const folder = aFolder({ ...PUBLICATION, 'templates/partials/letter-card.mjml.hbs': '<p></p>' })
  const { templates } = (await aRun(folder, ['templates', '--json'])).json() as {
    templates: { name: string; own: boolean }[]
  }
  for (const name of [
    'letter.mjml.hbs',
    'letter.txt.hbs',
    'pages/index.html.hbs',
    'strings/en.yaml',
    'feed.css',
  ])
    expect(templates).toContainEqual({ name, own: false })
  expect(templates.filter(({ own }) => own)).toEqual([{ name: 'partials/letter-card.mjml.hbs', own: true }])
  expect(templates.filter(({ name }) => /^(?:ci|demo|starter)\//.test(name))).toEqual([])
  for (const { name } of templates) expect(existsSync(join(builtinTemplates, name)), name).toBe(true)
  expect((await aRun(folder, ['templates', 'list'])).stdout).toContain(
    'own       partials/letter-card.mjml.hbs\n',
  )
})

test('knows a partial for blocks of the publication’s own kind', async () => {
  const folder = aFolder({ ...PUBLICATION, 'templates/partials/block-event.mjml.hbs': '<mj-text></mj-text>' })
  expect((await aRun(folder, ['templates'])).stdout).toContain('own       partials/block-event.mjml.hbs\n')
  expect((await aRun(folder, ['templates', 'data', 'block-event'])).stdout).toContain('\n  kind  ')
  expect((await aRun(folder, ['templates', 'copy', 'block-event'])).stderr).toContain('exists already')
})

test('copies one by its short name or its whole one, and never over another', async () => {
  const folder = aFolder(PUBLICATION)
  expect((await aRun(folder, ['templates', 'copy', 'letter-card'])).stdout).toBe(
    'copied  templates/partials/letter-card.mjml.hbs\n',
  )
  const copy = join(folder, 'templates/partials/letter-card.mjml.hbs')
  const builtin = readFileSync(join(builtinTemplates, 'partials/letter-card.mjml.hbs'), 'utf8')
  expect(readFileSync(copy, 'utf8')).toBe(builtin)
  expect((await aRun(folder, ['templates', 'copy', 'letter.txt.hbs'])).code).toBe(0)
  expect((await aRun(folder, ['build', '--now', '2026-01-01T00:00Z'])).code).toBe(0)
  const again = await aRun(folder, ['templates', 'copy', 'letter-card'])
  expect(again.code).toBe(2)
  expect(again.stderr).toContain('exists already')
})

test.each([
  [['copy', 'letter-crad'], 'Did you mean "letter-card"?'],
  [['copy', 'letter'], 'Use one of letter.mjml.hbs, letter.txt.hbs.'],
  [['copy', '../../../etc/passwd'], 'there is no template'],
  [['copy', 'starter/publication.yaml'], 'there is no template'],
  [['copy'], 'needs a name'],
  [['remove', 'letter-card'], 'Use list, copy or data'],
])('templates %j: %s', async (args, said) => {
  const ran = await aRun(aFolder(PUBLICATION), ['templates', ...args])
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain(said)
})

test('data: what a template of letters can say, and one of pages, by name and in plain words', async () => {
  const folder = aFolder(PUBLICATION)
  const letter = await aRun(folder, ['templates', 'data', 'letter-card'])
  expect(letter.stdout).toMatch(/^ {2}readOn +whether the article says more than its summary$/m)
  expect(letter.stdout).toMatch(/^ {2}gap +what separates/m)
  const page = await aRun(folder, ['templates', 'data', 'pages/index.html.hbs', '--json'])
  expect(page.json()).toMatchObject({
    template: 'pages/index.html.hbs',
    data: [{ names: { title: '', logo: expect.stringContaining('alt') } }, { names: { tags: '' } }, {}],
  })
  const wrong = await aRun(folder, ['templates', 'data', 'letter-crad'])
  expect([wrong.code, wrong.stderr.includes('Did you mean "letter-card"?')]).toEqual([2, true])
})
