// Path and parser → what the parser makes of the file's text; or nothing, and told why it cannot be read.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ChangedMeanwhile } from '../errors.ts'
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
  if (!existsSync(join(root, path))) throw new ChangedMeanwhile(join(root, path))
  report({ file: path, severity: 'error', ...content })
  return undefined
}
