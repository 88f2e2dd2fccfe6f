// Names of templates and languages → the text of a template, the words of a catalogue. A publication's own `templates/`
// wins over the built-in ones file by file, and in a catalogue word by word.

import { isUtf8 } from 'node:buffer'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { once, packageFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import { parsedAhead } from './made-ahead.ts'

export const builtinTemplates = join(packageFolder, 'templates/')

export type Catalogue = Readonly<Record<string, string>>

export interface TemplateText {
  readonly text: string
  readonly path: string
}

export class TemplateFiles {
  readonly #own: string
  readonly #catalogues = new Map<string, Catalogue>()
  /** Known by their file's name up to the first dot: `partials/card.mjml.hbs` is `{{> card}}`. */
  readonly partials = once(() => new Map(this.#builtinFirst().flatMap(partialsIn)))

  /** @param own the publication's templates folder (need not exist) */
  constructor(own: string) {
    this.#own = own
  }

  /** @throws UserError when neither folder has it */
  read(name: string): TemplateText {
    const path = [this.#own, builtinTemplates]
      .map(folder => join(folder, name))
      .find(path => existsSync(path))
    if (!path) throw new UserError(`template ${name} does not exist`, `Put it into ${this.#own}.`)
    return { text: readTemplate(path), path }
  }

  has(name: string): boolean {
    return [this.#own, builtinTemplates].some(folder => existsSync(join(folder, name)))
  }

  /** Whether a template was found in the publication's own folder. */
  isOwn(name: string, path: string): boolean {
    return path === join(this.#own, name)
  }

  /** @returns no words for a language that has no catalogue */
  catalogue(language: string): Catalogue {
    const known = this.#catalogues.get(language)
    if (known) return known
    const paths = this.#builtinFirst().map(folder => join(folder, 'strings', `${language}.yaml`))
    const words = Object.assign({}, ...paths.filter(path => existsSync(path)).map(readCatalogue)) as Catalogue
    this.#catalogues.set(language, words)
    return words
  }

  #builtinFirst(): string[] {
    return [builtinTemplates, this.#own]
  }
}

/** Name of each partial, and its file relative to the folder. */
function partialsIn(folder: string): [string, string][] {
  const path = join(folder, 'partials')
  if (!existsSync(path)) return []
  const files = readdirSync(path).filter(file => file.endsWith('.hbs'))
  return files.sort().map(file => [file.replace(/\..*$/, ''), `partials/${file}`])
}

/** @throws UserError when it cannot be read, or is not UTF-8 */
export function readTemplate(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UserError(
      `template ${path} cannot be read: ${(error as Error).message}`,
      'Correct its permissions, or remove it.',
    )
  }
  if (!isUtf8(bytes)) throw new UserError(`template ${path} is not UTF-8`, 'Save the file as UTF-8.')
  return bytes.toString().replace(/^\ufeff/, '')
}

function readCatalogue(path: string): Catalogue {
  const text = readTemplate(path)
  return parsedAhead(text) ?? parseCatalogue(text, path)
}

/** @throws UserError, with the line, when it is not a list of `key: text` lines */
export function parseCatalogue(text: string, path: string): Catalogue {
  const wrong = (line: number, message: string) =>
    new UserError(
      `${path}${line > 0 ? `:${line}` : ''}: ${message}`,
      "Write a line for each word, in quotes where it holds a colon: article.by: 'by {name}'",
    )
  let words: unknown
  try {
    words = yaml().load(text)
  } catch (error) {
    const { mark, reason, message } = error as { mark?: { line: number }; reason?: string; message: string }
    throw wrong(mark ? mark.line + 1 : 0, reason || message)
  }
  words ??= {}
  if (typeof words !== 'object' || Array.isArray(words)) throw wrong(0, 'is not a list of `key: text` lines')
  for (const [key, word] of Object.entries(words as object))
    if (typeof word !== 'string') throw wrong(0, `${key} is no text: ${JSON.stringify(word)}`)
  return words as Catalogue
}

function yaml(): typeof import('js-yaml') {
  return createRequire(import.meta.url)('js-yaml')
}
