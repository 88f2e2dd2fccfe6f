// A path where a folder is expected → the file that stands there, or on the way there, instead of a folder.

import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * @param path absolute
 * @returns undefined when a folder is there, or could be made
 */
export function fileInTheWay(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = statIfAny(at)
    if (stats) return stats.isDirectory() ? undefined : at
    if (dirname(at) === at) return undefined
  }
}

/** Behind a file there is nothing, as the folders above it will tell. */
function statIfAny(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}
