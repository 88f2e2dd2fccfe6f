// A text below templates/ → what was made of it when the package was built: a catalogue parsed, a template compiled. Both
// take ten times as long as reading the result. A text that is not the package's own to the letter has another name,
// under which nothing lies.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { codeFolder } from '../base/index.ts'
import { handlebars } from './handlebars.ts'

/** Of the bundle; nowhere else is such a folder. */
const AHEAD = join(codeFolder, 'ahead')

const require = createRequire(import.meta.url)

/** As Handlebars takes them. */
export interface CompilerOptions {
  /** A name that the data does not have is an error. */
  readonly strict: boolean
  readonly noEscape: boolean
}

/** @param name of the template, relative to templates/ */
export function compilerOptions(name: string): CompilerOptions {
  return { strict: /\.(mjml|txt)\.hbs$/.test(name), noEscape: name.endsWith('.txt.hbs') }
}

/** @param folder where such things are kept */
export function compiledAhead(
  text: string,
  options: CompilerOptions,
  folder = AHEAD,
): TemplateSpecification | undefined {
  return readAhead(join(folder, compiledName(text, options))) as TemplateSpecification | undefined
}

/** @param folder where such things are kept */
export function parsedAhead(text: string, folder = AHEAD): Record<string, string> | undefined {
  return readAhead(join(folder, parsedName(text))) as Record<string, string> | undefined
}

/** For the build of the package: a file's name and its contents. */
export function compileAhead(text: string, options: CompilerOptions): { name: string; source: string } {
  // It writes into the options.
  const compiled = handlebars().precompile(text, { ...options })
  return { name: compiledName(text, options), source: `module.exports = ${compiled}\n` }
}

/** The same for a catalogue. @param words it was parsed to */
export function keepParsed(
  text: string,
  words: Readonly<Record<string, string>>,
): { name: string; source: string } {
  return { name: parsedName(text), source: JSON.stringify(words) }
}

function compiledName(text: string, options: CompilerOptions): string {
  return `${hashOf(JSON.stringify(options) + text)}.js`
}

function parsedName(text: string): string {
  return `${hashOf(text)}.json`
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

function readAhead(path: string): unknown {
  return existsSync(path) ? require(path) : undefined
}
