// A template's text → its tree: as it was parsed when the package was built, else parsed now, which takes twenty times as
// long. A text that is not the package's own to the letter has a name of its own, under which there is nothing.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeFolder } from '../package-folder.ts'

/** Of the bundle; nowhere else is such a folder. */
const TREES = join(codeFolder, 'trees')

/** @param parse may throw: then there was no such tree @param folder of the trees */
export function templateTree(
  text: string,
  parse: (text: string) => hbs.AST.Program,
  folder = TREES,
): hbs.AST.Program {
  let kept: string
  try {
    kept = readFileSync(join(folder, treeName(text)), 'utf8')
  } catch {
    return parse(text)
  }
  return JSON.parse(kept) as hbs.AST.Program
}

export function treeName(text: string): string {
  return `${createHash('sha1').update(text).digest('hex')}.json`
}
