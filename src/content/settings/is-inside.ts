// A folder and a path → whether what the path leads to, through every symlink, lies in that folder.

import { realpathSync } from 'node:fs'
import { sep } from 'node:path'

export function isInside(folder: string, path: string): boolean {
  return realpathSync.native(path).startsWith(realpathSync.native(folder) + sep)
}
