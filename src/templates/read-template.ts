// A file below templates/ → its text, or the words of its catalogue; whatever is wrong with it is told with its path.

import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { UserError } from '../errors.ts'
import { parsedAhead } from './parsed-ahead.ts'

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

/** @throws UserError, with the line, when it is not a list of `key: text` lines */
export function readCatalogue(path: string): Record<string, string> {
  return parsedAhead(readTemplate(path), text => parseCatalogue(text, path))
}

export function parseCatalogue(text: string, path: string): Record<string, string> {
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
  return words as Record<string, string>
}

function yaml(): typeof import('js-yaml') {
  return createRequire(import.meta.url)('js-yaml')
}
