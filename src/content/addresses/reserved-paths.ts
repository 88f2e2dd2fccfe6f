// Channels, newsletters and own files of a publication → what of `out/` is taken, and by which file.

import { foldedName } from '../../base/index.ts'
import { type Channelled, channelsOf } from './channels.ts'
import { FEED_LIST, feedPaths } from './feed-formats.ts'

export interface PageGround {
  take(path: string): void
  /** @returns the file or folder that stands where a file of this path would */
  rivalOf(path: string): string | undefined
}

/** What of the top of `out/` is the program's, besides the folders of channels. */
export const RESERVED = [
  '.broadsheet',
  '_headers',
  '_redirects',
  'feed.css',
  FEED_LIST,
  'editions/index.html',
] as const
export const ARCHIVE = 'archive/'
/** What lies in the folder of each channel. */
export const CHANNEL_FILES: readonly string[] = ['index.html', ...feedPaths('')]

/**
 * On disks too that tell no capitals apart.
 *
 * @param own paths of the publication's own files that are copied to where they lie in its folder
 */
export function openGround(loaded: Channelled, own: Iterable<string>): PageGround {
  const files = new Map<string, string>()
  const folders = new Map<string, string>()
  const kept: string[] = [ARCHIVE]

  function take(path: string): void {
    const key = foldedName(path)
    files.set(key, path)
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1))
      folders.set(key.slice(0, at), path)
  }

  function rivalOf(path: string): string | undefined {
    const key = foldedName(path)
    const folder = kept.find(name => key.startsWith(foldedName(name)))
    if (folder !== undefined) return folder
    for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) {
      const file = files.get(key.slice(0, at))
      if (file !== undefined) return file
    }
    return files.get(key) ?? folders.get(key)
  }

  for (const path of RESERVED) take(path)
  for (const { path } of channelsOf(loaded)) for (const name of CHANNEL_FILES) take(path + name)
  for (const { id } of loaded.publication.newsletters) kept.push(`editions/${id}/`)
  for (const path of own) take(path)
  return { take, rivalOf }
}
