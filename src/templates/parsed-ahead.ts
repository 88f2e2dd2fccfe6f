// A text below templates/ → what it parses to: as it was parsed when the package was built, else parsed now, which takes
// twenty times as long. A text that is not the package's own to the letter has another name, under which nothing is kept.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeFolder } from '../base/index.ts'

/** Of the bundle; nowhere else is such a folder. */
const PARSED = join(codeFolder, 'parsed')

/**
 * @param parse may throw, and may check what it makes: what was kept has passed
 * @param folder of what was parsed
 */
export function parsedAhead<Parsed>(text: string, parse: (text: string) => Parsed, folder = PARSED): Parsed {
  let kept: string
  try {
    kept = readFileSync(join(folder, parsedName(text)), 'utf8')
  } catch {
    return parse(text)
  }
  return JSON.parse(kept) as Parsed
}

export function parsedName(text: string): string {
  return `${createHash('sha1').update(text).digest('hex')}.json`
}
