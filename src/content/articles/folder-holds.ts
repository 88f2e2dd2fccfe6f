// Front matter that a folder has for all that lies in it → which of its articles are held back: Hugo's `cascade:` in
// `_index.md`, Eleventy's `<folder>.json`.

import { join } from 'node:path'
import { once } from '../../base/index.ts'
import { readText } from '../read-file.ts'
import { sortFields } from './fields.ts'
import { type Hold, truth } from './held-back.ts'
import { type Fields, parseFrontMatter } from './parse-front-matter.ts'
import { splitFrontMatter } from './split-front-matter.ts'

/** @returns what an article's folders say of it; nothing for nearly all */
export type FolderHolds = (file: string) => readonly Hold[]

const NOTHING: readonly Hold[] = []

/** @param files those with a folder's front matter, relative to the publication's folder */
export function folderHolds(root: string, files: readonly string[]): FolderHolds {
  if (files.length === 0) return () => NOTHING
  const byFolder = once(() => readHolds(root, files))
  return file => {
    const holds = byFolder()
    if (holds.size === 0) return NOTHING
    const found: Hold[] = []
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1))
      found.push(...(holds.get(file.slice(0, at)) ?? []))
    return found
  }
}

function readHolds(root: string, files: readonly string[]): Map<string, Hold[]> {
  const found = new Map<string, Hold[]>()
  for (const file of files) {
    const content = readText(join(root, file))
    const holds = 'text' in content ? parts(file, content.text).flatMap(holdsOf) : []
    const folder = file.slice(0, file.lastIndexOf('/'))
    if (holds.length > 0) found.set(folder, [...(found.get(folder) ?? []), ...holds])
  }
  return found
}

/** The tables of fields that are everybody's in the folder. */
function parts(file: string, text: string): Fields[] {
  const split = file.endsWith('.json') ? { language: 'json', block: text } : splitFrontMatter(text)
  const parsed = 'problem' in split ? undefined : parseFrontMatter(split.language, split.block)
  if (parsed === undefined || 'message' in parsed) return []
  if (file.endsWith('.json')) return [parsed.fields]
  const { cascade } = parsed.fields
  const tables = (Array.isArray(cascade) ? cascade : [cascade]) as unknown[]
  return tables.filter(isTable).filter(({ target, _target }) => target === undefined && _target === undefined)
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function holdsOf(fields: Fields): Hold[] {
  const { values, holds } = sortFields(fields)
  return [
    ...holds.filter(({ isGuess }) => !isGuess).map(({ hold }) => hold),
    ...(truth(values.draft) === true ? (['draft'] as const) : []),
    ...(truth(values.unlisted) === true ? (['unlisted'] as const) : []),
  ]
}
