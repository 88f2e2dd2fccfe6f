// Address on the publication's site → the file below `out/` that a web server answers with; and what of `out/` is taken, by
// the program, by channels and newsletters, and by the publication's own files.

import { foldedName } from '../../base/index.ts'
import { type Channelled, channelsOf } from './channels.ts'
import { FEED_LIST, feedPaths } from './feed-formats.ts'

/**
 * @param home the publication's address, ending in a slash
 * @returns 'world/2026/a/index.html', or undefined for an address that no file can have
 */
export function pagePath(url: string, home: string): string | undefined {
  if (!url.startsWith(home)) return undefined
  const parts = decodeParts(url.slice(home.length).replace(/[?#].*$/s, ''))
  if (!parts) return undefined
  if (parts.at(-1) === '') parts.pop()
  if (!/\.html?$/i.test(parts.at(-1) ?? '')) parts.push('index.html')
  return parts.every(isName) ? parts.join('/') : undefined
}

/** From a page below `out/` to the top of it: '' or '../../'. */
export function prefixOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** The other way: `sections/world/` → its absolute address. */
export function pageUrl(home: string, path: string): string {
  return home + path.split('/').map(encodeURIComponent).join('/')
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path.split('/').map(part => (part.includes('%') ? decodeURIComponent(part) : part))
  } catch {
    return undefined
  }
}

/** No file system takes a longer name. */
const MAX_NAME_BYTES = 255

function isName(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file may have one in its name
  return !/[/\\\0-\x1f]/.test(part) && (part.length < 80 || Buffer.byteLength(part) <= MAX_NAME_BYTES)
}

/** Paths below `out/` that are taken; on disks, too, that make no difference between capitals and small letters. */
export interface ReservedPaths {
  reserve(path: string): void
  /** @returns the file or folder that is already where a file of this path would be */
  rivalOf(path: string): string | undefined
}

/** What of the top of `out/` is the program's, besides the folders of channels. */
export const PROGRAM_FILES = [
  '.broadsheet',
  '_headers',
  '_redirects',
  'feed.css',
  FEED_LIST,
  'editions/index.html',
] as const
export const ARCHIVE_FOLDER = 'archive/'
/** What lies in the folder of each channel. */
export const CHANNEL_FILES: readonly string[] = ['index.html', ...feedPaths('')]

/** @param own paths of the publication's own files that are copied to where they lie in its folder */
export function reservedPaths(loaded: Channelled, own: Iterable<string>): ReservedPaths {
  const { newsletters } = loaded.publication
  const wholeFolders = [ARCHIVE_FOLDER, ...newsletters.map(({ id }) => `editions/${id}/`)]
  const files = new Map<string, string>()
  const folders = new Map<string, string>()

  function reserve(path: string): void {
    const key = foldedName(path)
    files.set(key, path)
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1))
      folders.set(key.slice(0, at), path)
  }

  function rivalOf(path: string): string | undefined {
    const key = foldedName(path)
    const folder = wholeFolders.find(name => key.startsWith(foldedName(name)))
    if (folder !== undefined) return folder
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) {
      const file = files.get(key.slice(0, at))
      if (file !== undefined) return file
    }
    return files.get(key) ?? folders.get(key)
  }

  for (const path of PROGRAM_FILES) reserve(path)
  for (const { path } of channelsOf(loaded)) for (const name of CHANNEL_FILES) reserve(path + name)
  for (const path of own) reserve(path)
  return { reserve, rivalOf }
}
