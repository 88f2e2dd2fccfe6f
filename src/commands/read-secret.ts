// The environment → BROADSHEET_SECRET, long enough that nobody guesses it.

import { UserError } from '../errors.ts'
import type { Context } from './context.ts'

/** Its keys are separated by commas or spaces: the first signs, all verify. */
export function readSecret(env: Context['env']): string {
  const secret = env.BROADSHEET_SECRET?.trim()
  const hint =
    'Make one and keep it for good, in the environment or in .env:\necho "BROADSHEET_SECRET=$(openssl rand -base64 32)" >> .env'
  if (!secret) {
    throw new UserError(
      'BROADSHEET_SECRET is not set: nothing could sign or read the readers’ own links',
      hint,
    )
  }
  if (secret.split(/[\s,]+/).some(key => key.length < 16)) {
    throw new UserError(
      'BROADSHEET_SECRET holds a key of fewer than 16 characters: it could be guessed',
      hint,
    )
  }
  return secret
}
