// Lines for a `.gitignore` that somebody has already → the same file with those that it lacked at its end.

import { appendFileSync, readFileSync } from 'node:fs'
import { missingRules } from './missing-rules.ts'

/**
 * What is there stays byte for byte, and its line ends go on.
 *
 * @returns the lines that were added
 * @throws the file system's error
 */
export function addRules(path: string, wanted: readonly string[]): string[] {
  const text = readFileSync(path, 'latin1') // Every byte is a character, whatever it is encoded in.
  const missing = missingRules(text, wanted)
  if (missing.length === 0) return []
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const gap = text === '' || text.endsWith('\n') ? '' : end
  appendFileSync(path, gap + missing.map(rule => rule + end).join(''))
  return missing
}
