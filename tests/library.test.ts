// The names that others may build on; a new one is decided here.

import { expect, test } from 'vitest'
import * as library from '../src/index.ts'
import { aFolder } from './a-folder.ts'

test('the library has these names and no other', () => {
  expect(Object.keys(library).sort()).toEqual([
    'UserError',
    'buildFeeds',
    'buildPages',
    'check',
    'composeLetter',
    'createRenderer',
    'loadPublication',
    'openTemplates',
    'planEdition',
    'renderLetter',
    'writeOutput',
  ])
})

test('it makes feeds of a folder in five lines', async () => {
  const folder = aFolder({ 'articles/a.md': '---\ntitle: One\ndate: 2026-01-30\n---\nText.\n' })
  const loaded = library.loadPublication(folder, { now: Date.parse('2026-02-01T00:00Z') })
  const renderer = library.createRenderer(loaded)
  const feeds = await library.buildFeeds(loaded, renderer, library.openTemplates(`${folder}/templates`))
  const report = await library.writeOutput(`${folder}/out`, `${folder}/articles`, feeds.files)
  expect(report.written).toBeGreaterThan(3)
})
