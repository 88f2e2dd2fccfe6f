// What the person named → the absolute path of a publication's folder.

import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { isInside } from './is-inside.ts'

/** @throws UserError when it has no `articles/` of its own */
export function openFolder(dir: string): string {
  const root = resolve(dir)
  if (!statSync(join(root, 'articles'), { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(
      `${root} has no articles/ folder`,
      'Run `broadsheet init` there, or name another folder with --dir.',
    )
  if (!isInside(root, join(root, 'articles')))
    throw new UserError(
      `${join(root, 'articles')} is a link out of the publication; nothing behind it was read`,
      'Name the folder that it lies in with --dir.',
    )
  return root
}
