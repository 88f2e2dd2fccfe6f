// The publication's own templates/ → files in it that nothing reads, and words that nothing uses: misspelt names, mostly,
// which would change nothing, and nobody would know why.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { didYouMean } from '../base/index.ts'
import type { Diagnostic } from '../model.ts'
import { builtinTemplates, calledPartials } from '../templates/index.ts'
import { isInside } from './settings/settings-file.ts'

const { basename, dirname } = posix

/** Those below templates/ that are read. */
const FOLDERS = ['.', 'feed', 'pages', 'partials', 'strings']

/** @param root absolute path of the publication's folder */
export function templateProblems(root: string): Diagnostic[] {
  const own = join(root, 'templates')
  if (own === resolve(builtinTemplates)) return []
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
  const beside = known.filter(name => dirname(name) === folder)
  // A partial is known by its name up to the first dot, whatever follows.
  if (folder === 'partials' && (called.has(stem(file)) || beside.some(name => stem(name) === stem(file))))
    return []
  const meant = nearest(file, beside)
  // Other tools have a templates/ too: what lies where none of the program's do, or is called like none there, is theirs.
  if (meant === undefined && folder !== 'pages' && folder !== 'feed') return []
  const advice = meant
    ? `Did you mean templates/${meant}?`
    : `Of ${folder}/ are read: ${beside.map(name => basename(name)).join(', ')}.`
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
