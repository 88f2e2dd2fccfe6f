// What the person named → the absolute path of a publication's folder.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { articlesElsewhere, linkTo } from './articles/articles-elsewhere.ts'
import { fileInTheWay } from './file-in-the-way.ts'
import { isInside } from './settings/is-inside.ts'
import { publicationAbove } from './settings/publication-above.ts'

/** @throws UserError when it has no `articles/` of its own */
export function openFolder(dir: string): string {
  const root = resolve(dir)
  const file = fileInTheWay(join(root, 'articles'))
  if (file)
    throw new UserError(
      `${file} is a file, not a folder`,
      'Name the folder that holds articles/ with --dir: broadsheet build --dir site',
    )
  if (!existsSync(join(root, 'articles'))) throw nothingThere(root)
  if (!isInside(root, join(root, 'articles')))
    throw new UserError(
      `${join(root, 'articles')} is a link out of the publication; nothing behind it was read`,
      'Name the folder that it lies in with --dir.',
    )
  return root
}

/** `init` in a subfolder of a publication would put a second one into the first. */
function nothingThere(root: string): UserError {
  const above = publicationAbove(root)
  if (above)
    return new UserError(`${root} is inside the publication ${above}`, `Run it there, or with --dir ${above}`)
  const elsewhere = articlesElsewhere(root)
  if (elsewhere) return new UserError(`${root} has no articles/ folder`, linkTo(elsewhere))
  return new UserError(
    `${root} has no articles/ folder`,
    'Run `broadsheet init` there, or name another folder with --dir.',
  )
}
