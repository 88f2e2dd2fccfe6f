// Text of articles and settings → what they load to.

import { loadPublication } from '../../src/content/load-publication.ts'
import type { Article, Diagnostic, Loaded } from '../../src/model.ts'
import { aFolder } from '../a-folder.ts'

export const now = Date.parse('2026-02-01T00:00:00Z')

/** Paths below articles/ → text; `settings` are lines behind title and url. */
export function load(files: Readonly<Record<string, string | Uint8Array>>, settings = ''): Loaded {
  const placed = Object.entries(files).map(([path, text]) => [`articles/${path}`, text] as const)
  return loadPublication(
    aFolder({
      'articles/publication.yaml': `title: The Test\nurl: https://test.example/\n${settings}`,
      ...Object.fromEntries(placed),
    }),
    { now },
  )
}

/** One article of YAML front matter lines (title and date are there unless given). */
export function read(
  lines: string,
  {
    settings = '',
    body = 'Text.',
    file = 'hello.md',
    files = {},
  }: { settings?: string; body?: string; file?: string; files?: Record<string, string | Uint8Array> } = {},
): { article: Article | undefined; diagnostics: readonly Diagnostic[]; loaded: Loaded } {
  const title = /^title:/m.test(lines) ? '' : 'title: Hello\n'
  const date = /^(?:date|published|pubDate(?:time)?|publishDate):/m.test(lines)
    ? ''
    : 'date: 2026-01-30T05:06:00+05:30\n'
  const loaded = load({ [file]: `---\n${title}${date}${lines}\n---\n${body}`, ...files }, settings)
  return {
    article: loaded.articles.find(found => found.file === `articles/${file}`),
    diagnostics: loaded.diagnostics,
    loaded,
  }
}

/** A PNG of this size in pixels, all black. Only its header is ever read. */
export function png(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(33)
  header.write('\x89PNG\r\n\x1a\n', 'latin1')
  header.writeUInt32BE(13, 8)
  header.write('IHDR', 12)
  header.writeUInt32BE(width, 16)
  header.writeUInt32BE(height, 20)
  header.set([8, 2, 0, 0, 0], 24)
  return header
}
