// The systems that articles come from: one file and one word in this table each. An export tells which system it is of.

import { UserError } from '../../errors.ts'
import type { ExportFile, ExportFiles } from './export-files.ts'
import { type Importer, LeftOut, type OpenExport } from './imported.ts'
import { beehiiv } from './importers/beehiiv.ts'
import { blogger } from './importers/blogger.ts'
import { buttondown } from './importers/buttondown.ts'
import { feed, feedsOf, itemsOf } from './importers/feed.ts'
import { ghost } from './importers/ghost.ts'
import { medium } from './importers/medium.ts'
import { page } from './importers/page/index.ts'
import { squarespace } from './importers/squarespace.ts'
import { substack } from './importers/substack.ts'
import { wordpress } from './importers/wordpress.ts'

/** The first that recognises an export has it: the more special ones come first. */
export const importers: readonly Importer[] = [
  squarespace,
  wordpress,
  blogger,
  ghost,
  substack,
  beehiiv,
  buttondown,
  medium,
  feed,
  page,
]

/** @param from as `--from` says; from the files themselves when it is undefined */
export function importerFor(files: ExportFiles, from: string | undefined): Importer {
  const names = importers.map(({ name }) => name).join(', ')
  if (from !== undefined) {
    const named = importers.find(({ name }) => name === from.toLowerCase())
    if (!named) throw new UserError(`--from ${from} is not one of the systems`, `It is one of ${names}.`)
    return named
  }
  const found = importers.find(importer => importer.recognises(files))
  if (found) return found
  const [archive] = packedFiles(files)
  throw new UserError(
    `${files.name} is no export that is known`,
    archive
      ? `It holds an archive: unpack ${files.name}, and import ${archive.path}.`
      : `If you know the system, name it: --from, one of ${names}.`,
  )
}

/** Archives in an archive or a folder. They are not opened: one in another without end is a trap. */
export function packedFiles({ files }: ExportFiles): readonly ExportFile[] {
  return files.filter(({ path }) => /\.(?:zip|tar|t?gz|tgz|7z|rar)$/i.test(path))
}

/**
 * An export beside which its old feed was saved: the feed says by which ids readers know the articles, whatever the export says.
 */
export async function withFeedIds(open: OpenExport, { files }: ExportFiles): Promise<OpenExport> {
  const ids = new Map<string, string>()
  for (const file of feedsOf({ files }).filter(({ head }) => !NOT_A_FEED.test(head)))
    for await (const { url, id } of itemsOf(file, new LeftOut()))
      if (url !== undefined && id !== '') ids.set(pathKey(url), id)
  if (ids.size === 0) return open
  return {
    ...open,
    async *articles() {
      for await (const article of open.articles()) {
        const id = article.url === undefined ? undefined : ids.get(pathKey(article.url))
        // Its body is made when it is asked for, as before.
        const own = { ...Object.getOwnPropertyDescriptors(article), id: { value: id, enumerable: true } }
        yield id === undefined ? article : Object.create(article, own)
      }
    },
  }
}

/** Exports that have the form of one. */
const NOT_A_FEED =
  /xmlns:wp=["']|<wp:wxr_version>|schemas\.google\.com\/blogger|tag:blogger\.com,\d+:blog-\d+\.(?:archive|settings)|kind#(?:settings|template)/

function pathKey(url: string): string {
  return url
    .replace(/^(?:https?:)?\/\/[^/?#]*/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '')
    .toLowerCase()
}
