// Path of a Markdown file and keys of its front matter → the line on which the first of them stands. For the few problems
// that are seen only when the file has long been read.

import { readFileSync } from 'node:fs'

/** @returns 1 where none of them is there, or the file cannot be read */
export function frontMatterLine(path: string, keys: readonly string[]): number {
  let lines: string[]
  try {
    lines = readFileSync(path, 'utf8').split(/\r\n?|\n/)
  } catch {
    return 1
  }
  const end = lines.findIndex((line, at) => at > 0 && /^(?:---|\+\+\+|;;;|\.\.\.)[ \t]*$/.test(line))
  const head = lines.slice(0, Math.max(0, end))
  const places = keys.map(key => head.findIndex((line, at) => at > 0 && startsWithKey(line, key)))
  return 1 + (places.find(at => at !== -1) ?? 0)
}

/** `tags:`, `"tags":`, `tags = `; capitals, `-` and `_` make no difference. */
function startsWithKey(line: string, key: string): boolean {
  const written = /^[{\s]*["']?([\w-]+)["']?\s*[:=]/.exec(line)?.[1]
  return written !== undefined && bareKey(written) === bareKey(key)
}

/** As front matter is read: tools differ in how they write one key. */
export function bareKey(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '')
}
