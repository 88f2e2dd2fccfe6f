// A rule's name and 'Good' or 'Bad' → the example of its doc comment.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

const folder = new URL('../../src/check/', import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))

/** Of every file of these folders of rules, without its ending. */
export function filesIn(...folders: readonly ('articles' | 'feeds' | 'letters')[]): string[] {
  return files
    .filter(file => folders.some(name => dirname(file) === name))
    .map(file => basename(file, '.ts'))
    .sort()
}

/** ' *     text' lines behind `label:` → the text, with `\u0008` as that character. */
export function example(rule: string, label: 'Good' | 'Bad'): string {
  const file = files.find(name => basename(name, '.ts') === rule)
  if (!file) throw new Error(`no file is called ${rule}.ts`)
  const source = readFileSync(new URL(file, folder), 'utf8')
  const lines = source
    .slice(source.indexOf(` * ${label}:`))
    .split('\n')
    .slice(2)
  const end = lines.findIndex(line => line !== ' *' && !line.startsWith(' *     '))
  return lines
    .slice(0, end)
    .map(line => line.slice(7))
    .join('\n')
    .replace(/\\u([0-9A-F]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
