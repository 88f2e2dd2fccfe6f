// The systems that articles come from: one file and one word in this table each. An export tells which system it is of.

import { UserError } from '../../errors.ts'
import type { ExportFile, ExportFiles } from './export-files.ts'
import type { Importer } from './imported.ts'
import { beehiiv } from './importers/beehiiv.ts'
import { blogger } from './importers/blogger.ts'
import { buttondown } from './importers/buttondown.ts'
import { feed } from './importers/feed.ts'
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
