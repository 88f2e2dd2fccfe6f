// Archives that were made to do harm, or were damaged → a clear error, and nothing written.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readElements } from '../../../src/commands/import/records.ts'
import { aFolder } from '../../a-folder.ts'
import { aZip, type Packed } from '../../a-zip.ts'
import { anExport, anImport, exports, filesOf } from './an-import.ts'

const page = (name: string): Packed => ({ name, data: Buffer.from('<p>x</p>') })

test.each([
  ['leads out of it', aZip([page('../../evil.html')]), /invalid relative path|relative/],
  ['has an absolute path', aZip([page('/etc/evil.html')]), /absolute path/],
  ['has a backslash', aZip([page('..\\evil.html')]), /invalid characters|relative/],
  ['holds a link', aZip([{ ...page('posts/a.html'), attributes: 0o120777 * 65_536 }]), /is a link/],
  ['is encrypted', aZip([{ ...page('a.html'), isDeflated: true, flags: 1 }]), /encrypted/],
  [
    'is a bomb',
    aZip([{ name: 'a.xml', data: Buffer.alloc(40_000_000), isDeflated: true }]),
    /more than 500 times/,
  ],
  [
    'lies about a size',
    aZip([{ name: 'a.xml', data: Buffer.alloc(400_000), isDeflated: true, size: 4000 }]),
    /too many bytes|cannot be read/,
  ],
  [
    'has two names for the same bytes',
    aZip([page('a.html'), { ...page('b.html'), place: 0 }]),
    /b\.html is packed in the same bytes/,
  ],
  [
    'was damaged',
    aZip([{ name: 'a.html', data: Buffer.from('<article><p>Words.</p></article>'), sum: 1 }]),
    /a\.html cannot be read: its bytes have changed/,
  ],
  [
    'holds nothing but an archive',
    aZip([{ name: 'in.zip', data: aZip([page('a.html')]) }]),
    /unpack export\.zip, and import in\.zip/,
  ],
  ['holds too many files', aZip([page('a.html')], 65_000), /more than 60,000 files/],
  ['is cut', aZip([page('a.html')]).subarray(0, 60), /cannot be read/],
])('an archive that %s', async (_, bytes, message) => {
  const folder = anExport({ 'export.zip': bytes })
  const imported = await anImport(join(folder, 'export.zip'))
  expect(imported.stderr).toMatch(message)
  expect(imported.code).toBe(2)
  expect(Object.keys(imported.files())).toEqual(['articles/publication.yaml'])
})

test('an archive is imported as its folder is', async () => {
  const entries = Object.entries(filesOf(join(exports, 'ghost'))).map(
    ([name, text]): Packed => ({ name: `blog/${name}`, data: Buffer.from(text, 'latin1'), isDeflated: true }),
  )
  const folder = anExport({ 'export.zip': aZip(entries) })
  const [packed, open] = [await anImport(join(folder, 'export.zip')), await anImport(join(exports, 'ghost'))]
  const { '.broadsheet/imported.json': _, ...files } = packed.files()
  const { '.broadsheet/imported.json': __, ...expected } = open.files()
  expect(files).toEqual(expected)
})

test('a feed in an archive is recognised, and an archive beside it is named', async () => {
  const entry =
    '<entry><id>tag:blogger.com,1999:blog-1.post-2</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status><title>T</title><content type="html">x</content><published>2026-01-30T05:06:00Z</published></entry>'
  const feed = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:blogger="http://schemas.google.com/blogger/2018">${entry}</feed>`
  const folder = anExport({
    'takeout.zip': aZip([
      { name: 'Takeout/Blogger/Blogs/T/feed.atom', data: Buffer.from(feed), isDeflated: true },
      { name: 'Takeout/old.zip', data: aZip([page('a.html')]) },
    ]),
  })
  const { report } = await anImport(join(folder, 'takeout.zip'))
  expect([report.system, report.read, report.lost]).toEqual(['blogger', 1, { 'archives in the export': 1 }])
  expect(report.findings[0]).toMatchObject({ file: 'Takeout/old.zip' })
})

test('what is no export, and what is not there, is said', async () => {
  const folder = anExport({ 'a.bin': Buffer.from([1, 2, 3]), 'empty.xml': '' })
  expect((await anImport(join(folder, 'a.bin'))).stderr).toContain('no export that is known')
  expect((await anImport(join(folder, 'none.xml'))).stderr).toContain('does not exist')
  expect((await anImport(join(folder, 'empty.xml'))).code).toBe(2)
  expect((await anImport(join(folder, 'a.bin'), { from: 'gohst' })).stderr).toContain('wordpress')
  expect((await anImport(join(exports, 'blogger.xml'), { into: '../out' })).stderr).toContain(
    'below articles/',
  )
})

test('what the file system refuses is said, and the same command continues', async () => {
  const item = (name: string) =>
    `<item><title>${name}</title><link>https://o.example/${name}</link><guid>https://o.example/${name}</guid><pubDate>Fri, 30 Jan 2026 05:06:00 GMT</pubDate><description>&lt;p&gt;Words.&lt;/p&gt;</description></item>`
  const feed = `<rss><channel><link>https://o.example/</link>${item('a')}${item('b')}</channel></rss>`
  const folder = anExport({ 'feed.xml': feed })
  const dir = aFolder({
    'articles/publication.yaml': 'title: T\nurl: https://new.example/\n',
    '.broadsheet': '',
  })
  const refused = await anImport(join(folder, 'feed.xml'), {}, dir)
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('cannot be written')])
  rmSync(join(dir, '.broadsheet'))
  const { report } = await anImport(join(folder, 'feed.xml'), {}, dir)
  expect([report.written, report.unchanged]).toEqual([[], 2])
})

test('an export that breaks off gives what it has, and says that it is not all', async () => {
  const whole = readFileSync(join(exports, 'wordpress.xml'), 'utf8')
  const folder = anExport({})
  writeFileSync(join(folder, 'cut.xml'), whole.slice(0, whole.indexOf('<title>Private')))
  const imported = await anImport(join(folder, 'cut.xml'))
  expect(imported.code).toBe(1)
  expect(imported.report.lost).toMatchObject({ 'faults of the export': 1 })
  expect(imported.report.read).toBe(3)
})

test.each([1, 5, 13, 100_000])('a bare & in a feed is a sign, read %i bytes at a time', async bytes => {
  const feed = Buffer.from(
    '<rss><item><title>Fish & chips &amp; tea &#38; é</title><description><![CDATA[<p>A&B, &amp; Q&A &nbsp;]]> & end</description></item></rss>',
  )
  async function* chunks() {
    for (let at = 0; at < feed.length; at += bytes) yield feed.subarray(at, at + bytes)
  }
  const problems: unknown[] = []
  const found = []
  for await (const element of readElements(chunks(), new Set(['item']), problem => problems.push(problem)))
    found.push(element.children.map(({ text }) => text))
  expect(problems).toEqual([])
  expect(found).toEqual([['Fish & chips & tea & é', '<p>A&B, &amp; Q&A &nbsp; & end']])
})

test.each([
  [
    'Ghost',
    '{"db":[{"meta":{},"data":{"posts":[null,5,{"id":"1","title":"A","slug":"a","html":"<p>x</p>","status":"published","published_at":"2026-01-01T00:00:00Z"}],"users":[null]}}]}',
  ],
  [
    'a feed',
    '{"version":"https://jsonfeed.org/version/1.1","items":[null,{"id":"https://o.example/a","date_published":"2026-01-01T00:00:00Z","content_html":"<p>x</p>","authors":[null],"attachments":{}}]}',
  ],
  [
    'Buttondown',
    '[null,{"subject":"A","publish_date":"2026-01-01","slug":"a","absolute_url":"https://o.example/a","body":"x"}]',
  ],
])('rows of %s that are none cost only themselves', async (_, json) => {
  const imported = await anImport(join(anExport({ 'export.json': json }), 'export.json'))
  expect([imported.code, imported.report.written.length]).toEqual([0, 1])
})

test('a table with semicolons, and a feed with a document type', async () => {
  const table =
    'id;web_title;status;audience;url;content_html;created_at\na;T;confirmed;free;https://n.example/p/a;<p>x</p>;2026-01-01\n'
  const feed =
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><link>https://o.example/</link><item><title>&x; T</title><guid>https://o.example/1</guid><pubDate>Fri, 30 Jan 2026 05:06:00 GMT</pubDate><description><![CDATA[<p>x</p>]]></description></item></channel></rss>'
  const folder = anExport({ 'posts.csv': table, 'feed.xml': feed })
  expect((await anImport(join(folder, 'posts.csv'))).report).toMatchObject({ system: 'beehiiv', read: 1 })
  const imported = await anImport(join(folder, 'feed.xml'))
  expect(imported.article('https://o.example/1').title).toBe('&x; T')
})
