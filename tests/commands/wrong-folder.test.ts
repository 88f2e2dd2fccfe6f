// A folder that is none, or not the right one: said as a mistake, with what to name instead, never as a bug.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const article = '---\ntitle: One\ndate: 2026-01-30\n---\n\nText.\n'
const now = ['--now', '2026-02-01T00:00Z']

test.each([
  ['a file', 'note.txt', 'note.txt'],
  ['a folder behind a file', 'note.txt/site', 'note.txt'],
  ['a folder whose articles/ is a file', 'odd', 'odd/articles'],
])('%s is told as a file: exit 2', async (_, dir, file) => {
  const folder = aFolder({ 'note.txt': 'x', 'odd/articles': 'x' })
  for (const command of ['build', 'check']) {
    const { code, stderr } = await aRun(folder, [command, '--dir', dir])
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      `broadsheet: ${join(folder, file)} is a file, not a folder`,
    ])
    expect(stderr).toContain('--dir')
  }
})

test('a file where out/ was is told, though nothing else has changed', async () => {
  const folder = aFolder({ 'articles/a.md': article })
  expect((await aRun(folder, ['build', ...now])).code).toBe(0)
  rmSync(join(folder, 'out'), { recursive: true })
  writeFileSync(join(folder, 'out'), 'x')
  const { code, stderr } = await aRun(folder, ['build', ...now])
  expect(code).toBe(2)
  expect(stderr).toContain('out is not a folder')
})

test('in a subfolder of a publication that publication is named, and nobody is sent to make another', async () => {
  const folder = aFolder({ 'articles/2026/a.md': article })
  for (const inner of ['articles', 'articles/2026', 'elsewhere']) {
    mkdirSync(join(folder, inner), { recursive: true })
    const { code, stderr } = await aRun(join(folder, inner), ['build'])
    expect(code).toBe(2)
    expect(stderr).toBe(
      `broadsheet: ${join(folder, inner)} is inside the publication ${folder}\n  Run it there, or with --dir ${folder}\n`,
    )
  }
})

test('a file called articles makes no publication of the folder', async () => {
  const folder = aFolder({ 'work/articles': 'x', 'work/sub/note.txt': 'x' })
  const { code, stderr } = await aRun(join(folder, 'work'), ['build', '--dir', 'sub'])
  expect(code).toBe(2)
  expect(stderr).not.toContain(`publication ${join(folder, 'work')}\n`)
})

test('the list of a publication is not looked for in its subfolders, and none is made there', async () => {
  const folder = aFolder({ 'articles/a.md': article })
  for (const argv of [['list'], ['add', 'anna@test.example']]) {
    const { code, stderr } = await aRun(join(folder, 'articles'), ['subscribers', ...argv])
    expect(code).toBe(2)
    expect(stderr).toContain(`is inside the publication ${folder}\n`)
  }
  expect(existsSync(join(folder, 'articles/.broadsheet'))).toBe(false)
})

test('a path is relative to where the command is called, not to --dir', async () => {
  const settings = 'title: T\nurl: https://t.example/\n'
  const folder = aFolder({ 'site/articles/publication.yaml': settings, 'mail.mbox': '' })
  const env = { BROADSHEET_SECRET: 'a-secret-of-more-than-sixteen-characters' }
  const { code, stderr } = await aRun(folder, ['bounces', 'mail.mbox', '--dir', 'site'], { env })
  expect([code, stderr]).toEqual([0, ''])
})
