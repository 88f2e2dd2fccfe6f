// A folder → what its `.env` says, with a warning for each line that says nothing or not what was meant.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { UserError } from '../errors.ts'
import { tidyEnv } from './tidy-env.ts'

/**
 * @param warn is given file and line, never a value
 * @throws UserError when there is one that cannot be read
 */
export function readEnvFile(dir: string, warn: (line: string) => void): Record<string, string | undefined> {
  let text: string
  try {
    text = readFileSync(join(dir, '.env'), 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {}
    throw new UserError(`.env cannot be read: ${(error as Error).message}`)
  }
  // Node's parser would take a byte order mark for a part of the first name.
  const tidy = tidyEnv(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'))
  for (const { line, message } of tidy.problems)
    warn(`.env:${line}: warning: ${message}. Right is NAME=value or NAME="value".`)
  return parseEnv(tidy.text)
}
