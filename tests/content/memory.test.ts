// What one load found comes back whole for the next: every field of an article, in the same order.

import { expect, test } from 'vitest'
import { listFolder } from '../../src/content/list-folder.ts'
import { loadFolder } from '../../src/content/load-folder.ts'
import { type KnownArticle, noBody, openMemory, packMemory, sameChunks } from '../../src/content/memory.ts'
import { parseSettings } from '../../src/content/settings/parse-settings.ts'
import type { Article } from '../../src/model.ts'
import { aFolder } from '../a-folder.ts'
import { anArticle, anAuthor, aPicture } from '../builders.ts'
import { now, png } from './a-load.ts'

/** A new field of an article must be written here, or this does not compile. */
const everyField: { readonly [Key in keyof Required<Article>]: NonNullable<Article[Key]> } = {
  id: 'tag:test.example,2026:every',
  file: 'articles/every.md',
  slug: 'every',
  url: 'https://test.example/2026/every/',
  state: 'withdrawn',
  title: 'Every field',
  date: { at: 1, offset: 330 },
  updated: { at: 2, offset: -60 },
  authors: [anAuthor({ id: 'desk', role: 'Desk' }), anAuthor({ name: 'Anna Berg' })],
  section: { slug: 'world', title: 'World' },
  tags: ['rail', 'नदी'],
  summary: 'A summary.',
  place: 'New Delhi',
  image: aPicture({ credit: 'An agency' }),
  audio: { url: 'https://test.example/a.mp3', file: 'a.mp3', bytes: 1, type: 'audio/mpeg', duration: 2 },
  language: 'ar',
  direction: 'rtl',
  live: true,
  expires: { at: 4, offset: 0 },
  withdrawn: { at: { at: 3, offset: 0 }, reason: 'Wrong' },
  comments: 'https://test.example/talk',
  source: { url: 'https://other.example/', title: 'Other', feed: 'https://other.example/feed' },
  canonical: 'https://test.example/canonical/',
  extra: { layout: 'post', nested: { list: [1, null] } },
  body: 'Text.',
  bodyLine: 9,
}

const aFile = (known: Partial<KnownArticle>): KnownArticle => ({
  article: undefined,
  draft: false,
  unlisted: false,
  undated: false,
  problems: [],
  skipped: false,
  usesOwnFiles: false,
  ...known,
})

const settings = (text = 'title: The Test\nurl: https://test.example/\n') => ({
  file: 'articles/publication.yaml',
  text,
  value: parseSettings(text, ''),
})

function packAndOpen(files: readonly KnownArticle[]): KnownArticle[] {
  const authors = new Map(
    files
      .flatMap(({ article }) => article?.authors ?? [])
      .flatMap(each => (each.id ? [[each.id, each]] : [])),
  )
  const paths = files.map(({ article }, at) => article?.file ?? `articles/${at}.md`)
  const memory = packMemory(
    { settings: settings(), authors, authorProblems: [], paths, renamed: new Map() },
    files,
  )
  const recall = openMemory(structuredClone(memory))
  const body = { ...noBody, value: 'Text.' }
  return files.map((_, at) => recall(at, { now: 10, sections: new Map(), body }))
}

test('every field of an article comes back', () => {
  const file = aFile({ article: everyField, usesOwnFiles: true })
  expect(packAndOpen([file])).toEqual([file])
})

test('what an article does not have is not there, whoever stands beside it', () => {
  const bare = anArticle({ date: { at: 1, offset: 0 }, authors: [], body: 'Text.' })
  const files = [aFile({ article: everyField }), aFile({ article: bare }), aFile({})]
  expect(packAndOpen(files)).toEqual(files)
})

test('all that is known of a file besides its article comes back', () => {
  const problem = {
    file: 'articles/a.md',
    line: 1,
    rule: 'front-matter',
    severity: 'error',
    message: 'm',
    advice: 'a',
  } as const
  const files = (['draft', 'unlisted', 'undated', 'skipped', 'usesOwnFiles'] as const).map(flag =>
    aFile({ [flag]: true }),
  )
  const all = [...files, aFile({ problems: [problem] })]
  expect(packAndOpen(all)).toEqual(all)
})

test('more files than one chunk holds come back in their order', () => {
  const files = Array.from({ length: 600 }, (_, at) =>
    aFile({
      article: anArticle({ slug: `article-${at}`, date: { at, offset: 0 }, authors: [], body: 'Text.' }),
    }),
  )
  const found = packAndOpen(files).map(({ article }) => article!.slug)
  expect(found).toEqual(files.map(({ article }) => article!.slug))
})

test('a folder loads to the same from memory, field by field and in the same order', () => {
  const text = 'title: The Test\nurl: https://test.example/\nsections: { world: World }\n'
  const dir = aFolder({
    'articles/publication.yaml': text,
    'articles/authors/desk.md': '---\nname: World Desk\nrole: Desk\n---\nWho we are.',
    'articles/every.md': `---
title: Every field
date: 2026-01-30T05:06:00+05:30
updated: 2026-01-31T05:06:00+05:30
authors: [desk, Anna Berg]
section: world
tags: [rail, river]
summary: A summary.
place: New Delhi
image: { src: images/a.png, alt: A picture, credit: An agency }
audio: { src: https://other.example/a.mp3, duration: "34:10" }
language: ar
slug: every-field
live: true
expires: 2027-01-01
comments: https://test.example/talk
source: { url: https://other.example/, title: Other }
canonical: https://test.example/canonical/
layout: post
---
## 14:05 An entry

Text.
`,
    'articles/bare.md': '---\ntitle: Bare\ndate: 2026-01-29\n---\nText.',
    'articles/withdrawn.md': '---\ntitle: Withdrawn\ndate: 2026-01-28\nwithdrawn: Wrong\n---\nText.',
    'articles/images/a.png': png(10, 10),
  })
  const listing = listFolder(dir, 'articles')
  const first = loadFolder(dir, { now, settings: settings(text), listing })
  const earlier = { memory: structuredClone(first.memory()), listing, isUnchanged: () => true }
  const second = loadFolder(dir, { now, settings: settings(text), listing, earlier })
  expect(second.differences).toMatchObject({ renewed: new Map(), gone: false, otherFilesUnchanged: true })
  expect(first.loaded.diagnostics).toEqual([])
  expect(JSON.stringify(second.loaded.articles)).toBe(JSON.stringify(first.loaded.articles))
  expect(second.loaded.articles).toHaveLength(3)
})

test('a chunk stays as it is where its files are the very same, at the same places', () => {
  const paths = Array.from({ length: 600 }, (_, at) => `articles/${String(at).padStart(3, '0')}.md`)
  const files = paths.map(() => aFile({}))
  const shared = { settings: settings(), authors: new Map(), authorProblems: [], renamed: new Map() }
  const memory = packMemory({ ...shared, paths }, files)
  const same = (now: readonly string[], renewed = '') =>
    sameChunks(memory, now, path => path === renewed).map((chunk, at) => chunk === memory.chunks[at])
  expect(same(paths)).toEqual([true, true, true])
  expect(same(paths, 'articles/300.md')).toEqual([true, false, true])
  // One is gone, one is new, one at each end.
  expect(same(paths.filter(path => path !== 'articles/300.md'))).toEqual([true, false, false])
  expect(same(paths.toSpliced(300, 0, 'articles/299b.md'))).toEqual([true, false, false])
  expect(same(paths.slice(0, -1))).toEqual([true, true, false])
  expect(same([...paths, 'articles/x.md'])).toEqual([true, true, false])
  expect(same(paths.slice(0, 256))).toEqual([true, false, false])
  const again = packMemory(
    { ...shared, paths },
    files,
    sameChunks(memory, paths, () => false),
  )
  expect(again).toEqual(memory)
})
