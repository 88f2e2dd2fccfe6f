// A reader's programme that read the old feed reads ours after the import: by the id of an item it shows nothing again.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as build from '../../../src/commands/build.ts'
import { aFolder } from '../../a-folder.ts'
import { aCommand } from '../a-command.ts'
import { anImport, exports, NOW } from './an-import.ts'

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
