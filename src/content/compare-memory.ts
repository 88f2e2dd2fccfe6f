// An earlier load and the folder as it is now → what of the earlier one still holds.

import { isMarkdown } from './find-files.ts'
import type { Listing } from './list-folder.ts'
import type { LoadMemory } from './memory.ts'

export interface Known {
  readonly memory: LoadMemory
  /** Of `articles/`, as it was then. */
  readonly listing: Listing
  /** Whether a file is for certain what it was then. Paths relative to the publication's folder. */
  isSame(path: string): boolean
}

export interface Same {
  readonly memory: LoadMemory
  isSame(path: string): boolean
  /** Whether all files that are not Markdown are the same, and no other: pictures are found and measured as before. */
  readonly sameOthers: boolean
}

/** @returns undefined when nothing holds: every article is read by the settings */
export function compareMemory(
  known: Known | undefined,
  settings: LoadMemory['settings'],
  listing: Listing,
): Same | undefined {
  if (!known) return undefined
  const { memory, isSame } = known
  const before = memory.settings
  if (before.file !== settings.file || before.text !== settings.text) return undefined
  const others = ({ paths }: Listing) => paths.filter(path => !isMarkdown(path))
  const [now, then] = [others(listing), others(known.listing)]
  const sameOthers =
    now.length === then.length &&
    now.every((path, at) => path === then[at] && isSame(path)) &&
    listing.links.join('\n') === known.listing.links.join('\n')
  return { memory, isSame, sameOthers }
}
