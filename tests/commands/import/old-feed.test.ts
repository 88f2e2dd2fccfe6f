// A reader's programme that read the old feed reads ours after the import: by the id of an item it shows nothing again.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as build from '../../../src/commands/build.ts'
import { aFolder } from '../../a-folder.ts'
import { aCommand } from '../a-command.ts'
import { anExport, anImport, exports, NOW } from './an-import.ts'

/** As readers tell items apart: by guid or id, else by the link. */
function idsOf(feed: string): string[] {
  if (feed.startsWith('{')) return (JSON.parse(feed) as { items: { id: string }[] }).items.map(({ id }) => id)
  return [...feed.matchAll(/<(item|entry)[\s>][\s\S]*?<\/\1>/g)].map(([item]) => {
    const id = /<(?:guid|id)[^>]*>([^<]*)</.exec(item) ?? /<link>([^<]*)</.exec(item)
    return id![1]!.replaceAll('&amp;', '&')
  })
}

const SETTINGS = 'title: The Post\nurl: https://new.example/\narticles: { id: guid }\n'

test.each([
  ['feed', ['rss.xml', 'archive-1.xml', 'feed.json']],
  ['wordpress.xml', []],
])('what was in the feeds of %s is in ours by the same id', async (place, feeds) => {
  const dir = aFolder({ 'articles/publication.yaml': SETTINGS })
  const imported = await anImport(join(exports, place), {}, dir)
  const built = await aCommand(build, dir, { clock: () => NOW }).done
  expect(built.code, built.stderr).toBe(0)
  const before = feeds.flatMap(name => idsOf(readFileSync(join(exports, place, name), 'utf8')))
  if (feeds.length === 0) before.push('https://old.example/?p=12', 'https://old.example/?p=13')
  expect(imported.report.plainIds).toBe(place === 'feed' ? 2 : 0)
  for (const format of ['rss.xml', 'atom.xml', 'feed.json']) {
    const ids = idsOf(readFileSync(join(dir, 'out', format), 'utf8'))
    // RSS has any id as it is. One of Atom is an IRI, and JSON Feed has the same.
    const expected = format === 'rss.xml' ? before : before.filter(id => /^(?:https?|tag):/.test(id))
    expect([format, expected.filter(id => !ids.includes(id))]).toEqual([format, []])
  }
})

test('feeds: what the whole says counts for each item, and a text without tags is one', async () => {
  const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/"><author><name>Ida Berg</name></author>
<entry><id>urn:1</id><title>A &lt; b</title><link href="one/"/><updated>2026-01-30T05:06:00Z</updated><content>Say &lt;boat&gt; twice</content></entry>
<entry><id>urn:2</id><title>T</title><link href="two/"/><updated>2026-01-30T05:06:00Z</updated><author><name>Al</name></author><content type="text/html" src="two.html"/></entry></feed>`
  const json = {
    version: 'https://jsonfeed.org/version/1.1',
    next_url: 'https://j.example/2.json',
    authors: [{ name: 'Top' }],
    items: [
      {
        id: 'https://j.example/1',
        title: 'J',
        date_published: '2026-01-30T05:06:00Z',
        content_text: 'Plain <b>\n\nNext',
        attachments: [{ url: 'https://j.example/b.pdf', mime_type: 'application/pdf', title: 'Plan' }],
      },
    ],
  }
  const folder = anExport({ 'a.xml': atom, 'j.json': JSON.stringify(json) })
  const entries = await anImport(join(folder, 'a.xml'))
  const [one, two] = [entries.article('urn:1'), entries.article('urn:2')]
  expect([one.url, one.title, one.body.trim(), one.authors[0]?.name, two.authors[0]?.name]).toEqual([
    'https://new.example/blog/one/',
    'A < b',
    'Say \\<boat> twice',
    'Ida Berg',
    'Al',
  ])
  expect(entries.report.findings).toMatchObject([{ line: 3, message: expect.stringContaining('no text') }])
  const items = await anImport(join(folder, 'j.json'))
  expect(items.article('https://j.example/1').body.trim().split('\n\n')).toEqual([
    'Plain \\<b>',
    'Next',
    '[Plan](https://j.example/b.pdf)',
  ])
  expect(items.report.lost).toEqual({ 'parts of the feed that are missing': 1 })
})
