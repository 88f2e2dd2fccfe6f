// The publication's own templates/ → files of it that nothing reads, and words that nothing says: misspelt names, mostly,
// which would leave everything as it was without a word.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { didYouMean } from '../did-you-mean.ts'
import type { Diagnostic } from '../model.ts'
import { builtinTemplates } from '../templates.ts'

const { basename, dirname } = posix

/** @param root absolute path of the publication's folder */
export function templateProblems(root: string): Diagnostic[] {
  const own = join(root, 'templates')
  if (own === resolve(builtinTemplates)) return []
  const files = filesIn(own)
  if (files.length === 0) return []
  const known = filesIn(builtinTemplates)
  const texts = files.filter(file => file.endsWith('.hbs')).map(file => textOf(join(own, file)))
  return [
    ...files.flatMap(file => fileProblem(file, known, texts)),
    ...files.filter(isCatalogue).flatMap(file => wordProblems(file, textOf(join(own, file)), texts)),
  ]
}

function fileProblem(file: string, known: readonly string[], texts: readonly string[]): Diagnostic[] {
  if (known.includes(file) || !/\.(?:hbs|css)$/.test(file)) return []
  const partial = /^partials\/([^.]*)/.exec(file)?.[1]
  if (partial !== undefined && texts.some(text => new RegExp(`\\{\\{#?>\\s*${partial}\\b`).test(text)))
    return []
  const folder = dirname(file)
  const beside = known.filter(name => dirname(name) === folder && /\.(?:hbs|css)$/.test(name))
  const meant = known.find(name => basename(name) === basename(file)) ?? nearest(file, beside)
  // Other tools have a templates/ too: what lies where none of the program's do, and is called like none, is theirs.
  if (meant === undefined && folder !== 'pages' && folder !== 'feed') return []
  const advice = meant
    ? `Did you mean templates/${meant}?`
    : `Of ${folder}/ are read: ${beside.map(name => basename(name)).join(', ')}.`
  return [warning(file, 0, 'nothing reads this template', advice)]
}

/** By the name up to its first dot. */
function nearest(file: string, others: readonly string[]): string | undefined {
  const stem = (name: string) => basename(name).replace(/\..*$/, '')
  const meant = didYouMean(stem(file), others.map(stem))
  return others.find(name => stem(name) === meant)
}

/** Words that own templates ask for by their name are not the program's, and right. */
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
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map(name => name.replaceAll('\\', '/'))
      .sort()
  } catch {
    return []
  }
}

/** What cannot be read is told by whoever fills it. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
