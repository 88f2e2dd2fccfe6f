// Names of templates and languages → the text of a template, the words of a catalogue. A publication's own `templates/`
// wins over the built-in ones file by file, and in a catalogue word by word; copies of built-in templates for a publication
// to change; and what nothing reads of its own.

import { isUtf8 } from 'node:buffer'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, posix, sep } from 'node:path'
import { didYouMean, isInside, once, packageFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Diagnostic } from '../model.ts'
import { calledPartials, parsedAhead } from './handlebars.ts'

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
  return files.sort().map(file => [stem(file), `partials/${file}`])
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
      "Write a line for each word, in quotes where it contains a colon: article.by: 'by {name}'",
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

// ─── Copies of the built-in templates ────────────────────────────────────────────────────────────────────────────────
//
// The built-in templates, and partials of a publication's own → their names, each with whose it is; and one of them, copied into the
// publication's `templates/`, where it takes the place of the built-in one.

interface ListedTemplate {
  /** As it is called in `templates/`: 'partials/letter-card.mjml.hbs'. */
  readonly name: string
  /** Whether the publication has its own. */
  readonly own: boolean
}

/** Folders of the package with nothing to replace: what `demo`, `init` and `preview` need. */
const OTHER_FOLDERS = new Set(['ci', 'demo', 'preview', 'starter'])

/** @param own absolute path of the publication's `templates/`, which need not exist */
export function listTemplates(own: string): ListedTemplate[] {
  const builtin = readdirSync(builtinTemplates, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(builtinTemplates.length).split(sep).join('/'))
    .filter(name => !OTHER_FOLDERS.has(name.split('/')[0]!))
  return [...new Set([...builtin, ...ownTemplates(own)])]
    .sort()
    .map(name => ({ name, own: !isBuiltin(own) && existsSync(join(own, name)) }))
}

/** The demo in the package's own repository has no others. */
function isBuiltin(own: string): boolean {
  return join(own, sep) === builtinTemplates
}

/** What other tools have in such a folder has other endings. */
const OWN_KIND = /\.(?:mjml|html|txt|css)\.hbs$/

/** Names of all that a publication has, partials of its own kinds among them; none in the package's own repository. */
export function ownTemplates(own: string): string[] {
  if (isBuiltin(own) || !existsSync(own)) return []
  return (readdirSync(own, { recursive: true }) as string[])
    .map(name => name.split(sep).join('/'))
    .filter(
      name =>
        OWN_KIND.test(name) && (name.startsWith('partials/') || existsSync(join(builtinTemplates, name))),
    )
    .sort()
}

/**
 * @param wanted its name, with or without folder and extension, if no other has it
 * @returns its name in `templates/`
 * @throws UserError for a name that no template has or several have
 */
export function findTemplate(own: string, wanted: string): string {
  const names = listTemplates(own).map(({ name }) => name)
  const found = names.includes(wanted) ? [wanted] : names.filter(name => stem(name) === wanted)
  if (found.length === 0) {
    const meant = didYouMean(wanted, [...names, ...names.map(stem)])
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
  return found[0]!
}

/**
 * @param wanted as for `findTemplate`
 * @returns its name in `templates/`
 * @throws what `findTemplate` throws, and UserError for one that is there already
 */
export function copyTemplate(own: string, wanted: string): string {
  const name = findTemplate(own, wanted)
  const path = join(own, name)
  if (existsSync(path))
    throw new UserError(`${path} exists already`, 'Rename it first, or edit it: it is used as it is.')
  mkdirSync(dirname(path), { recursive: true })
  cpSync(join(builtinTemplates, name), path)
  return name
}

// ─── What nothing reads ──────────────────────────────────────────────────────────────────────────────────────────────
//
// The publication's own templates/ → files in it that nothing reads, and words that nothing uses: misspelt names, mostly, which
// would change nothing, and nobody would know why.

/** As only the program's templates end: what it is made into, and `.hbs`. */
const OWN_ENDING = /\.(?:html|mjml|txt|xml|css)\.hbs$/

/** Those below templates/ that are read. */
const FOLDERS = ['.', 'feed', 'pages', 'partials', 'strings']

/** @param root absolute path of the publication's folder */
export function templateProblems(root: string): Diagnostic[] {
  const own = join(root, 'templates')
  if (isBuiltin(own)) return []
  const files = filesIn(own).filter(file => isWithin(root, join(own, file)))
  if (files.length === 0) return []
  const known = filesIn(builtinTemplates).filter(isTemplate)
  const texts = files.filter(file => file.endsWith('.hbs')).map(file => textOf(join(own, file)))
  const called = new Set(texts.flatMap(calledPartials))
  return [
    ...files.flatMap(file => fileProblem(file, known, called)),
    ...files.filter(isCatalogue).flatMap(file => wordProblems(file, textOf(join(own, file)), texts)),
  ]
}

/**
 * @param known the program's own templates
 * @param called names of partials
 */
function fileProblem(file: string, known: readonly string[], called: ReadonlySet<string>): Diagnostic[] {
  if (known.includes(file) || !isTemplate(file)) return []
  const folder = dirname(file)
  // The partial of a kind of block: its name is only in the settings or in a note.
  if (folder === 'partials' && stem(file).startsWith('block-')) return []
  const beside = known.filter(name => dirname(name) === folder)
  // A partial is known by its name up to the first dot, whatever follows.
  if (folder === 'partials' && (called.has(stem(file)) || beside.some(name => stem(name) === stem(file))))
    return []
  const meant = nearest(file, beside)
  // Other tools have a templates/ too: what lies where none of the program's do, or is called like none there, is theirs.
  const isOurs = folder === 'pages' || folder === 'feed' || (folder === '.' && OWN_ENDING.test(file))
  if (meant === undefined && !isOurs) return []
  const advice = meant
    ? `Did you mean templates/${meant}?`
    : `Of ${folder === '.' ? 'templates' : folder}/ are read: ${beside.map(name => basename(name)).join(', ')}.`
  return [warning(file, 0, 'nothing reads this template', advice)]
}

/** By the name up to its first dot. */
function nearest(file: string, others: readonly string[]): string | undefined {
  const meant = didYouMean(stem(file), others.map(stem))
  return others.find(name => stem(name) === meant)
}

function stem(file: string): string {
  return basename(file).replace(/\..*$/, '')
}

function isTemplate(file: string): boolean {
  return /\.(?:hbs|css)$/.test(file)
}

/** Words that the publication's own templates ask for by name are right, although they are none of the program's. */
function wordProblems(file: string, text: string, texts: readonly string[]): Diagnostic[] {
  const known = keysOf(textOf(join(builtinTemplates, 'strings/en.yaml'))).map(({ key }) => key)
  return keysOf(text)
    .filter(
      ({ key }) =>
        !known.includes(key) && !texts.some(one => one.includes(`"${key}"`) || one.includes(`'${key}'`)),
    )
    .map(({ key, line }) => {
      const meant = didYouMean(key, known)
      const advice = meant
        ? `Did you mean ${meant}?`
        : 'The words there are: templates/strings/en.yaml of the package.'
      return warning(file, line, `${key}: nothing says this word`, advice)
    })
}

function isCatalogue(file: string): boolean {
  return /^strings\/[^/]+\.yaml$/.test(file)
}

function keysOf(text: string): { key: string; line: number }[] {
  return text.split('\n').flatMap((line, at) => {
    const key = /^(["']?)([\w.-]+)\1[ \t]*:/.exec(line)?.[2]
    return key === undefined ? [] : [{ key, line: at + 1 }]
  })
}

function warning(file: string, line: number, message: string, advice: string): Diagnostic {
  return { file: `templates/${file}`, line, rule: 'own-templates', severity: 'warning', message, advice }
}

/** Relative, with forward slashes, sorted. */
function filesIn(templates: string): string[] {
  const namesIn = (folder: string): string[] => {
    try {
      return readdirSync(join(templates, folder))
    } catch {
      return []
    }
  }
  return FOLDERS.flatMap(folder => namesIn(folder).map(name => posix.join(folder, name))).sort()
}

/** Nothing is printed of a file that a symlink finds elsewhere. */
function isWithin(root: string, path: string): boolean {
  try {
    return isInside(root, path)
  } catch {
    return false
  }
}

/** A template that cannot be read is reported when it is filled. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
