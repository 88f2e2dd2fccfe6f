// The edition that comes next: `edition` lists it first, with when it is due and what it holds so far.

import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { FILES } from './a-preview.ts'

const NOW = ['--now', '2026-02-04T12:00:00Z']

test('is listed first, with what is dated before it is due; drafts are not in it', async () => {
  const { stdout } = await aRun(aFolder(FILES), ['edition', ...NOW])
  expect(stdout.split('\n')[0]).toBe('weekly/2026-W06  6 Feb 2026, 07:00  2 articles so far, next')
  expect(stdout.split('\n')[1]).toMatch(/^weekly\/2026-W05 .*1 article, not sent$/)
})

test('named by its id, it holds the same', async () => {
  const { stdout } = await aRun(aFolder(FILES), ['edition', 'weekly/2026-W06', ...NOW])
  expect(stdout).toContain('The bridge is open')
  expect(stdout).toMatch(/\d {2}On Thursday/)
  expect(stdout).toMatch(/A plan: draft/)
})

test('one whose note holds it is on hold, and one whose note gives it another time is due then', async () => {
  const note = 'articles/editions/weekly/2026-W06.md'
  const held = await aRun(aFolder({ ...FILES, [note]: '---\nhold: true\n---\n\nHello.\n' }), [
    'edition',
    ...NOW,
  ])
  expect(held.stdout.split('\n')[0]).toMatch(/on hold$/)
  const later = { ...FILES, [note]: '---\nsend_at: 2026-02-06T18:00:00Z\n---\n\nHello.\n' }
  const { next } = (await aRun(aFolder(later), ['edition', '--json', ...NOW])).json()
  expect(next).toEqual([
    { id: 'weekly/2026-W06', articles: 2, until: Date.parse('2026-02-06T18:00:00Z'), state: 'next' },
  ])
})
