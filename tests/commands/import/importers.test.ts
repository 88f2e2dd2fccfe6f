// Every importer by the same questions: what an article must still be once it is here, and what an import must never do.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createRenderer } from '../../../src/render/create-renderer.ts'
import { run } from '../../../src/run.ts'
import { aFolder } from '../../a-folder.ts'
import { anImport, errorsOf, exports, filesOf, NOW } from './an-import.ts'

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
  {
    place: 'ghost',
    system: 'ghost',
    full: '65f000000000000000000001',
    title: 'Boats & bread',
    date: '2026-01-30T05:06:00.000Z +0',
    updated: '2026-02-02T10:00:00.000Z +0',
    url: 'https://new.example/boats-and-bread/',
    authors: ['Anna Berg', "Bo O'Neill"],
    tags: ['World', 'Bread'],
    summary: 'Two things that go together.',
    image: {
      url: 'https://new.example/images/2026/01/lead.png',
      alt: 'A loaf in a boat',
      caption: 'Photo by Jo Lund',
    },
    aliases: ['/old-boats/'],
    words: ['See the second', 'Raw words', 'The boat', 'Elsewhere What is there'],
    drafts: {
      '65f000000000000000000004': 'for members',
      '65f000000000000000000005': 'for paying readers',
      '65f000000000000000000006': 'draft',
      '65f000000000000000000007': 'sent by mail only',
    },
    published: 3,
    leftOut: { pages: 1 },
    lost: {
      'subscribe buttons': 1,
      'cards for mails and sign-ups': 1,
      'cards without a meaning here': 1,
      'articles without a title': 1,
    },
    secret: [
      'private.example',
      'hunter2',
      'sess-4711',
      'sk_live',
      'secretsecret',
      '#internal',
      '__GHOST_URL__',
    ],
  },
  {
    place: 'substack',
    system: 'substack',
    full: 'https://thepost.substack.com/p/boats-and-bread',
    title: 'Boats & bread',
    date: '2026-01-30T05:06:00.000Z +0',
    url: 'https://new.example/p/boats-and-bread',
    authors: [],
    tags: [],
    summary: 'Two things, "together"',
    words: [
      'See the second',
      'The boat. Photo: Jo Lund',
      'bold and leaning words, $10 {{ each }}.',
      'youtube',
      'The note, with marks.',
    ],
    drafts: {
      'https://thepost.substack.com/p/for-payers': 'for paying readers',
      'https://thepost.substack.com/p/untitled-draft': 'draft',
    },
    published: 3,
    leftOut: { 'posts of the type thread': 1 },
    lost: { 'subscribe buttons': 2, controls: 1, 'embeds that became links': 1 },
    secret: ['private.example', 'Thanks for reading', 'Subscribe now'],
  },
  {
    place: 'medium',
    system: 'medium',
    full: 'https://medium.com/p/0123456789ab',
    title: 'Boats & bread',
    date: '2026-01-30T05:06:00.000Z +0',
    url: 'https://new.example/@anna/boats-bread-0123456789ab',
    authors: ['Anna Berg'],
    tags: [],
    summary: 'Two things that go together.',
    words: [
      'A boat. Photo by Jo Lund',
      'See the second',
      'boldleaning.',
      'Bread first.',
      'youtube.com/watch?v=abcdefghijk',
      'gist.github.com/anna/abc123',
      'a < b',
    ],
    drafts: {
      'https://medium.com/p/0123456789ad': 'a response',
      'https://medium.com/p/0123456789ae': 'draft',
    },
    published: 2,
    leftOut: {},
    lost: { responses: 1, 'embeds that became links': 1 },
    secret: ['Exported from', 'View original'],
  },
  {
    place: 'buttondown',
    system: 'buttondown',
    full: 'https://buttondown.com/thepost/archive/boats-and-bread/',
    title: 'Boats & bread',
    date: '2026-01-30T05:06:00.000Z +0',
    url: 'https://new.example/thepost/archive/boats-and-bread/',
    authors: [],
    tags: [],
    summary: 'Two things that go together.',
    image: { url: 'https://pics.example/lead.jpg', alt: '' },
    words: ['See the second', '{{ code }} stays', 'Dear reader.', 'The note.'],
    drafts: {
      'https://buttondown.com/thepost/archive/for-payers/': 'for paying readers',
      'https://buttondown.com/thepost/archive/a-draft/': 'draft',
    },
    published: 2,
    leftOut: { 'deleted emails': 1 },
    lost: { 'tags filled for each reader': 1 },
    secret: ['subscriber.metadata.name }}reader', 'editor-mode'],
  },
  {
    place: 'beehiiv.csv',
    system: 'beehiiv',
    full: 'https://thepost.beehiiv.com/p/boats-and-bread',
    title: 'Boats & bread',
    date: '2026-01-30T05:06:00.000Z +0',
    url: 'https://new.example/p/boats-and-bread',
    authors: [],
    tags: ['World', 'Bread'],
    summary: 'Two things that go together.',
    image: { url: 'https://media.beehiiv.example/lead.jpg', alt: '' },
    words: ['See the second', 'One', 'Two'],
    drafts: { 'https://thepost.beehiiv.com/p/for-payers': 'for paying readers', 'beehiiv:post_4': 'draft' },
    published: 2,
    leftOut: {},
    lost: {},
    secret: ['View online', 'Unsubscribe'],
  },
  {
    place: 'blogger.xml',
    system: 'blogger',
    full: 'tag:blogger.com,1999:blog-1.post-2',
    title: 'Boats & bread',
    date: '2026-01-29T23:36:00.000Z +330',
    updated: '2026-02-02T02:30:00.000Z +330',
    url: 'https://new.example/2026/01/boats.html',
    authors: ['Anna Berg'],
    tags: ['World', 'Bread'],
    words: ['See the second', 'A caption'],
    drafts: { 'tag:blogger.com,1999:blog-1.post-4': 'draft' },
    published: 2,
    leftOut: { templates: 1, settings: 1, comments: 1, pages: 1 },
    lost: {},
    secret: ['private.example', 'secret-setting'],
  },
  {
    place: 'squarespace.xml',
    system: 'squarespace',
    full: 'https://the-post.squarespace.com/blog/2026/1/30/boats',
    title: 'Boats & bread',
    date: '2026-01-30T05:06:00.000Z +0',
    url: 'https://new.example/blog/2026/1/30/boats',
    authors: ['Anna Berg'],
    tags: ['World', 'Bread'],
    summary: 'Two things that go together.',
    image: { url: 'https://images.squarespace-cdn.com/content/lead.jpg', alt: '', caption: 'The caption' },
    words: ['See the second'],
    drafts: { 'https://the-post.squarespace.com/blog/second': 'draft' },
    published: 1,
    leftOut: { attachments: 1, pages: 1 },
    lost: {},
    secret: ['private.example'],
  },
  {
    place: 'feed',
    system: 'feed',
    full: 'boats-1',
    title: 'Boats & bread',
    date: '2026-01-29T23:36:00.000Z +330',
    url: 'https://new.example/boats.html',
    authors: ['Anna Berg', "Bo O'Neill"],
    tags: ['World', 'Bread'],
    summary: 'Two things that go together.',
    image: { url: 'https://old.example/lead.jpg', alt: '', caption: 'The caption', credit: 'Jo Lund' },
    words: ['See the second'],
    drafts: {},
    published: 4,
    leftOut: { 'deleted entries': 1, 'items that are in several files': 1 },
    lost: { 'texts that the feed has only a part of': 1 },
    secret: ['an older state'],
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
      updated: expected.updated,
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

    // The same again writes nothing, and what somebody edited is kept.
    const before = filesOf(imported.dir)
    const { file } = article
    const edited = `${readFileSync(join(imported.dir, file), 'utf8')}\nAn addition.\n`
    writeFileSync(join(imported.dir, file), edited)
    const again = await anImport(join(exports, expected.place), {}, imported.dir)
    expect(again.report.written).toEqual([])
    expect(again.report.kept).toEqual([file])
    expect(filesOf(imported.dir)).toEqual({ ...before, [file]: Buffer.from(edited).toString('latin1') })
  })
})

test('what somebody edited is replaced only when it is asked for', async () => {
  const place = join(exports, 'wordpress.xml')
  const first = await anImport(place)
  const before = filesOf(first.dir)
  const { file } = first.article('https://old.example/?p=12')
  writeFileSync(join(first.dir, file), `${readFileSync(join(first.dir, file), 'utf8')}\nAn addition.\n`)
  const again = await anImport(place, { overwrite: true }, first.dir)
  expect(again.report.written).toEqual([file])
  expect(filesOf(first.dir)).toEqual(before)
})

test('the lists of an export are imported only when that is asked for', async () => {
  const place = join(exports, 'substack')
  const without = await anImport(place)
  expect(without.report).toMatchObject({ lists: ['email_list.thepost.csv'] })
  expect(Object.keys(without.files()).some(file => file.endsWith('.db'))).toBe(false)
  const dir = aFolder({
    'articles/publication.yaml':
      'title: The Post\nurl: https://new.example/\nnewsletters: [{ id: weekly, from: a@new.example }]\n',
  })
  const imported = await anImport(place, { subscribers: true, yes: true }, dir)
  expect(imported.report).toMatchObject({ readers: [{}] })
  expect(imported.code, imported.stderr).toBe(0)
})

test('a dry run writes nothing, and says what it would write', async () => {
  const imported = await anImport(join(exports, 'wordpress.xml'), { dryRun: true })
  expect(Object.keys(imported.files())).toEqual(['articles/publication.yaml'])
  expect(imported.report.written).toContain('articles/blocks.md')
})

test('what did not survive is told with its line, in classic posts and in JSON, too', async () => {
  const wxr = `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>A</title><link>https://o.example/a/</link><guid>https://o.example/a/</guid>
<wp:post_id>1</wp:post_id><wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status>
<content:encoded><![CDATA[First line,
and a second.

Another.
<form><input></form>

Last.]]></content:encoded></item></channel></rss>`
  const json = JSON.stringify(
    {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'F',
      items: [1, 2].map(id => ({
        id: `https://o.example/${id}`,
        date_published: '2020-01-01T00:00:00Z',
        content_html: '<p>Words.</p><form><input></form>',
      })),
    },
    null,
    1,
  )
  const folder = aFolder({ 'blog.xml': wxr, 'feed.json': json })
  const linesOf = async (name: string) =>
    (await anImport(join(folder, name))).report.findings
      .filter(({ kind }) => kind === 'forms')
      .map(({ line }) => line)
  expect(await linesOf('blog.xml')).toEqual([8])
  const line = (id: number) => json.split('\n').findIndex(each => each.includes(`/${id}"`)) + 1
  expect(await linesOf('feed.json')).toEqual([line(1), line(2)])
})

test('the words of a text in Markdown are compared, too', async () => {
  const mails = [
    {
      id: 'a',
      subject: 'A',
      publish_date: '2020-01-01',
      slug: 'a',
      absolute_url: 'https://o.example/a',
      body: 'All *words*[^1] are ==here==.\n\n[^1]: A note.',
    },
    {
      id: 'b',
      subject: 'B',
      publish_date: '2020-01-02',
      slug: 'b',
      absolute_url: 'https://o.example/b',
      body: 'Some <Widget text="x">%%gone%% words.',
    },
  ]
  const folder = aFolder({ 'emails.json': JSON.stringify(mails) })
  const { report } = await anImport(join(folder, 'emails.json'))
  expect(report.findings.map(({ article, message }) => [article, message])).toEqual([
    ['articles/b.md', 'the text is not the same: "gone" is not shown'],
  ])
})

test('a bar while the export is read, and while articles are written', async () => {
  let [at, stderr] = [NOW, '']
  const dir = aFolder()
  const code = await run({
    argv: ['import', join(exports, 'wordpress.xml'), '--dry-run'],
    env: {},
    cwd: dir,
    stdin: (async function* () {})(),
    stdout: { write() {} },
    stderr: { write: text => (stderr += text), isTTY: true, columns: 80 },
    clock: () => (at += 700),
    signal: new AbortController().signal,
  })
  expect(code).toBeLessThan(2)
  expect(stderr).toMatch(/read █+░* \d+\/\d+ MB/)
  expect(stderr).toMatch(/import █+░* \d+\/\d+/)
})

function stamp(time: { readonly at: number; readonly offset: number } | undefined): string | undefined {
  return time && `${new Date(time.at).toISOString()} +${time.offset}`
}
