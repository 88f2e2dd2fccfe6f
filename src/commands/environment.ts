// A folder's `.env` and the environment → its variables, the secret that signs links, and the transport that mail goes out by.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Transport } from '../deliver/index.ts'
import { UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import type { Context } from './context.ts'

/**
 * BROADSHEET_SECRET. Its keys are separated by commas or spaces: the first signs, all verify.
 *
 * @throws UserError when there is none, or one that could be guessed
 */
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

/**
 * Without a mail server what people ask for waits in the database.
 *
 * @throws UserError for an address that is none, and for a DKIM key that cannot sign
 */
export async function openMail(
  { env, dir, say, now }: Context,
  { mail }: Pick<Publication, 'mail'>,
): Promise<Transport | undefined> {
  const address = env.BROADSHEET_SMTP?.trim()
  if (!address) return undefined
  const { openSigned } = await import('../deliver/index.ts')
  return openSigned(address, { mail, env, dir, say, now })
}

/**
 * What whole editions go out by, and what signs their links.
 *
 * @throws UserError with an example of right where one of them is missing or wrong
 */
export async function openOutgoing(
  { env, dir, say, now }: Context,
  { mail }: Pick<Publication, 'mail'>,
): Promise<{ readonly transport: Transport; readonly secret: string }> {
  const { openSending, sendingAddress } = await import('../deliver/index.ts')
  const address = sendingAddress(env)
  const secret = readSecret(env)
  return { transport: openSending(address, { mail, env, dir, say, now }), secret }
}

/**
 * What `.env` says, with a warning for each line that says nothing or not what was meant.
 *
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

interface TidyEnv {
  readonly text: string
  /** Never their words: they may be secrets. */
  readonly problems: readonly { /** 1-based. */ readonly line: number; readonly message: string }[]
}

/** NAME=value; a value in quotes may go over several lines. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/

/**
 * The same text as Node's parser reads it right, and the lines of it that say nothing. That parser takes an indented comment,
 * a line of spaces or one without `=` for the beginning of the next name, which is then lost.
 *
 * @param text with LF line ends
 */
function tidyEnv(text: string): TidyEnv {
  const problems: { line: number; message: string }[] = []
  const tidy: string[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const report = (message: string) => problems.push({ line: at + 1, message })
    const line = lines[at]!
    if (/^\s*(?:#|$)/.test(line)) continue
    const [, name, value] = ASSIGNMENT.exec(line) ?? []
    if (line.includes('\ufffd')) report('is not UTF-8')
    else if (value === undefined) report('is not NAME=value')
    if (value === undefined) continue
    const end = /^["'`]/.test(value) ? endOfQuoted(value, at, report) : at
    tidy.push(`${name}=${value}`, ...lines.slice(at + 1, end + 1))
    at = end
  }
  return { text: tidy.map(line => `${line}\n`).join(''), problems }

  /** @returns the index of the line where the value ends */
  function endOfQuoted(value: string, at: number, report: (message: string) => void): number {
    const quote = value[0]!
    const rest = [value.slice(1), ...lines.slice(at + 1)]
    const end = rest.findIndex(part => part.includes(quote))
    if (end === -1) {
      report(`opens a quote (${quote}) that is never closed`)
      return at
    }
    const behind = rest[end]!.slice(rest[end]!.indexOf(quote) + 1)
    if (!/^\s*(?:#|$)/.test(behind)) report(`opens a quote (${quote}) after whose end more follows`)
    return at + end
  }
}
