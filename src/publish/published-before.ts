// `out/` as the last build left it → the texts of the feeds in which articles stand there, in one format.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readManifest } from './output/manifest.ts'

/**
 * @param file name of the format's files
 * @param stands whether a file is for certain made of the same articles as now: it would tell nothing
 */
export function* publishedBefore(
  out: string,
  file: string,
  stands: (path: string) => boolean = () => false,
): Generator<string> {
  for (const path of readManifest(out)) {
    // The feeds of newsletters carry editions.
    if (basename(path) !== file || path.startsWith('editions/') || stands(path)) continue
    const text = textOf(join(out, path))
    if (text !== undefined) yield text
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // Somebody took it away.
  }
}
