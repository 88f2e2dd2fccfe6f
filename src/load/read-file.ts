// Path and parser → what the parser makes of the file's text; or nothing, and told why it cannot be read.

import { join } from 'node:path'
import type { Diagnostic } from '../model.ts'
import { readText } from './read-text.ts'

export function readFile<T>(
  root: string,
  path: string,
  parse: (file: string, text: string) => T | undefined,
  report: (diagnostic: Diagnostic) => void,
): T | undefined {
  const content = readText(join(root, path))
  if ('text' in content) return parse(path, content.text)
  report({ file: path, severity: 'error', ...content })
  return undefined
}
