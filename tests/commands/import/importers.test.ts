// Every importer by the same questions: what an article must still be once it is here, and what an import must never do.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createRenderer } from '../../../src/render/create-renderer.ts'
import { anImport, errorsOf, exports, filesOf } from './an-import.ts'

interface Expected {
  readonly place: string
  readonly system: string
  /** Id of the article that has everything. */
  readonly full: string
  readonly title: string
  readonly date: string
  readonly updated?: string
  readonly url: string
  readonly authors: readonly string[]
  readonly tags: readonly string[]
  readonly summary?: string
  readonly image?: {
    readonly url: string
    readonly alt: string
    readonly caption?: string
    readonly credit?: string
  }
  readonly aliases?: readonly string[]
  /** Words of its body, as readers see them, in order. */
  readonly words: readonly string[]
  /** Id → why it is a draft. */
  readonly drafts: Readonly<Record<string, string>>
  readonly published: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly lost: Readonly<Record<string, number>>
  /** Texts of the export that must be nowhere: neither in a file nor in what is printed. */
  readonly secret: readonly string[]
}

const all: readonly Expected[] = [
  {
    place: 'wordpress.xml',
    system: 'wordpress',
    full: 'https://old.example/?p=12',
    title: 'Blocks & lamps: 5 < 6',
    date: '2026-01-29T23:36:00.000Z +330',
    updated: '2026-02-02T02:30:00.000Z +330',
    url: 'https://new.example/2026/01/blocks/',
    authors: ['Anna Berg', "Bo O'Neill"],
    tags: ['World', 'Light & sea'],
    summary: 'What the lamps showed.',
    image: {
      url: 'https://old.example/wp-content/uploads/2026/01/lamp.jpg',
      alt: 'A lamp above the quay',
      caption: 'The lamp at dusk',
      credit: 'Agency/Jo Lund',
    },
    aliases: ['/2026/01/lamps/'],
    words: [
      'First & foremost',
      'A heading',
      'Caption with marks',
      'youtube.com/watch?v=abcdefghijk',
      'From the shared box',
      '4|5',
      'The note.',
    ],
    drafts: {
      'https://old.example/?p=14': 'draft',
      'https://old.example/?p=15': 'private',
      'https://old.example/?p=16': 'pending review',
      'https://old.example/?p=17': 'scheduled',
      'https://old.example/?p=18': 'has a password',
    },
    published: 2,
    leftOut: { attachments: 1, comments: 1, pages: 1, 'posts in the trash': 1, 'reusable blocks': 1 },
    lost: { 'blocks that WordPress fills': 1, shortcodes: 1, forms: 1, scripts: 1 },
    secret: ['private.example', 'open sesame', 'alert(1)', 'contact-form-7 id'],
  },
]

describe.each(all)('$system', expected => {
  test('an article keeps what it had; what was not public is a draft; nothing vanishes without a word', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'))
    const imported = await anImport(join(exports, expected.place))
    expect(imported.stderr).not.toContain('bug')
    expect(imported.report.system).toBe(expected.system)
    const article = imported.article(expected.full)
    expect({
      title: article.title,
      date: stamp(article.date),
      updated: stamp(article.updated),
      url: article.url,
      authors: article.authors.map(({ name }) => name),
      tags: [...article.tags].sort(),
      summary: article.summary,
      aliases: article.extra.aliases ?? [],
    }).toEqual({
      title: expected.title,
      date: expected.date,
      updated: expected.updated ?? expected.date,
      url: expected.url,
      authors: expected.authors,
      tags: [...expected.tags].sort(),
      summary: expected.summary,
      aliases: expected.aliases ?? [],
    })
    if (expected.image) expect(article.image).toMatchObject(expected.image)
    const text = createRenderer(imported.loaded).body(article).text.replace(/\s+/g, ' ')
    let at = 0
    for (const words of expected.words) {
      const found = text.indexOf(words, at)
      expect(found, `${words} in ${text}`).toBeGreaterThanOrEqual(at)
      at = found
    }
    const { report, loaded } = imported
    for (const [id, why] of Object.entries(expected.drafts)) {
      const { file, state } = imported.article(id)
      expect([id, state]).toEqual([id, 'draft'])
      expect(imported.files()[file]).toContain(`draft: true${why === 'draft' ? '' : ` # ${why}`}\n`)
    }
    expect(loaded.articles.filter(({ state }) => state === 'published')).toHaveLength(expected.published)
    expect(report.leftOut).toEqual(expected.leftOut)
    expect(report.lost).toEqual(expected.lost)
    for (const { file, message } of report.findings) expect([file, message].every(Boolean)).toBe(true)
    expect(errorsOf(imported)).toEqual([])
    const said = JSON.stringify(imported.files()) + imported.stdout + imported.stderr
    for (const secret of expected.secret) expect(said).not.toContain(secret)
    expect(fetched).not.toHaveBeenCalled()
    fetched.mockRestore()
  })

  test('the same again writes nothing, and what somebody edited is kept', async () => {
    const place = join(exports, expected.place)
    const first = await anImport(place)
    const before = filesOf(first.dir)
    const again = await anImport(place, {}, first.dir)
    expect(again.report.written).toEqual([])
    expect(again.report.unchanged).toBe(first.report.written.length)
    expect(filesOf(first.dir)).toEqual(before)
    const { file } = first.article(expected.full)
    const edited = `${readFileSync(join(first.dir, file), 'utf8')}\nAn addition.\n`
    writeFileSync(join(first.dir, file), edited)
    const third = await anImport(place, {}, first.dir)
    expect(third.report.kept).toEqual([file])
    expect(readFileSync(join(first.dir, file), 'utf8')).toBe(edited)
    const fourth = await anImport(place, { overwrite: true }, first.dir)
    expect(fourth.report.written).toEqual([file])
    expect(filesOf(first.dir)).toEqual(before)
  })
})

test('a dry run writes nothing, and says what it would write', async () => {
  const imported = await anImport(join(exports, 'wordpress.xml'), { dryRun: true })
  expect(Object.keys(imported.files())).toEqual(['articles/publication.yaml'])
  expect(imported.report.written).toContain('articles/blocks.md')
})

function stamp(time: { readonly at: number; readonly offset: number } | undefined): string | undefined {
  return time && `${new Date(time.at).toISOString()} +${time.offset}`
}
