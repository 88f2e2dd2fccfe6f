// The built-in templates → their names, each with whether a publication has one of its own; and one of them, copied into the
// publication's `templates/`, where it takes the place of the built-in one.

import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { didYouMean } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { builtinTemplates } from './template-files.ts'

export interface ListedTemplate {
  /** As it is called in `templates/`: 'partials/letter-card.mjml.hbs'. */
  readonly name: string
  /** Whether the publication has its own. */
  readonly own: boolean
}

/** Folders of the package with nothing to replace: what `demo`, `init` and `preview` need. */
const OTHER_FOLDERS = new Set(['demo', 'preview', 'starter'])

/** @param own absolute path of the publication's `templates/`, which need not exist */
export function listTemplates(own: string): ListedTemplate[] {
  // The demo in the package's own repository.
  const isPackage = join(own, sep) === builtinTemplates
  return readdirSync(builtinTemplates, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(builtinTemplates.length).split(sep).join('/'))
    .filter(name => !OTHER_FOLDERS.has(name.split('/')[0]!))
    .sort()
    .map(name => ({ name, own: !isPackage && existsSync(join(own, name)) }))
}

/**
 * @param wanted its name, with or without folder and extension, if no other has it
 * @returns its name in `templates/`
 * @throws UserError for a name that no template has or several have, and for one that is there already
 */
export function copyTemplate(own: string, wanted: string): string {
  const names = listTemplates(own).map(({ name }) => name)
  const short = (name: string) => name.slice(name.lastIndexOf('/') + 1).replace(/\..*$/, '')
  const found = names.includes(wanted) ? [wanted] : names.filter(name => short(name) === wanted)
  if (found.length === 0) {
    const meant = didYouMean(wanted, [...names, ...names.map(short)])
    throw new UserError(
      `there is no template "${wanted}"`,
      meant ? `Did you mean "${meant}"?` : 'See them all: broadsheet templates',
    )
  }
  if (found.length > 1)
    throw new UserError(
      `"${wanted}" is the name of ${found.length} templates`,
      `Use one of ${found.join(', ')}.`,
    )
  const [name] = found as [string]
  const path = join(own, name)
  if (existsSync(path))
    throw new UserError(`${path} exists already`, 'Rename it first, or edit it: it is used as it is.')
  mkdirSync(dirname(path), { recursive: true })
  cpSync(join(builtinTemplates, name), path)
  return name
}
