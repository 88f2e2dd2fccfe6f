// The path of a request → a file inside out/, or nothing. Neither dots, escapes nor symlinks lead out of it.

import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

export interface FoundFile {
  /** Absolute, without symlinks. */
  readonly path: string
  readonly size: number
  /** Changes with every change of the file. */
  readonly version: string
}

/** 'slash': it is a folder with a page, and its address ends in a slash. */
export async function findFile(root: string, urlPath: string): Promise<FoundFile | 'slash' | undefined> {
  const names = segments(urlPath)
  if (!names) return undefined
  try {
    const top = await realpath(root)
    const path = await realpath(join(top, ...names))
    if (path !== top && !path.startsWith(top + sep)) return undefined
    // A symlink inside out/ may still lead to a hidden file there.
    if (
      path
        .slice(top.length)
        .split(sep)
        .some(name => name.startsWith('.'))
    )
      return undefined
    const found = await stat(path)
    if (found.isDirectory()) {
      const index = await findFile(root, `${urlPath.replace(/\/*$/, '/')}index.html`)
      return typeof index === 'object' && !urlPath.endsWith('/') ? 'slash' : index
    }
    if (!found.isFile() || urlPath.endsWith('/')) return undefined
    return { path, size: found.size, version: `${found.ino} ${found.mtimeMs} ${found.ctimeMs} ${found.size}` }
  } catch {
    return undefined
  }
}

/** '/a%20b/c' → ['a b', 'c']; undefined for whatever is no plain path. */
function segments(urlPath: string): string[] | undefined {
  const names: string[] = []
  for (const part of urlPath.split('/')) {
    if (part === '') continue
    let name: string
    try {
      name = decodeURIComponent(part)
    } catch {
      return undefined
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL ends a path for the system
    if (name.startsWith('.') || /[/\\\u0000]/.test(name)) return undefined
    names.push(name)
  }
  return names
}
