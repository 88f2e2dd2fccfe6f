// What PostgreSQL or its socket reported → whether it may be tried again, and words for the person who can put it
// right.

import { UserError } from '../errors.ts'

// PostgreSQL, Appendix A: class 08 is the connection, 57P01 to 57P03 are shutdown, crash and "starting up".
const LOST_STATES = /^(08|57P0[1-3])/
const LOST_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EAI_AGAIN|ENOENT)$/
const LOST_MESSAGES =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/

/** The connection broke, or the server cannot be reached now. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = partsOf(error)
  return LOST_STATES.test(code) || LOST_CODES.test(code) || LOST_MESSAGES.test(message)
}

/** The transaction was rolled back because of another: serialization failure, deadlock. */
export function isConflict(error: unknown): boolean {
  return /^40(001|P01)$/.test(partsOf(error).code)
}

export function notAnAddress(): UserError {
  return new UserError(
    'BROADSHEET_DATABASE is not a PostgreSQL address',
    'Write it as postgres://user:password@host:5432/database, signs of the password as %40 and so on.',
  )
}

export function explainPostgres(error: unknown, address: string): unknown {
  if (error instanceof UserError) return error
  const { code, message } = partsOf(error)
  const server = hostAndDatabase(address)
  const problem = (what: string, hint: string) => new UserError(`PostgreSQL at ${server}: ${what}`, hint)
  if (/^28/.test(code))
    return problem('user or password refused', 'Put the right ones into BROADSHEET_DATABASE.')
  if (code === '3D000') return problem('no such database', 'Make it: createdb broadsheet')
  if (code === '42501')
    return problem('not allowed', 'Give this user the right to create tables in its schema.')
  if (code === '25006') return problem('it is read-only', 'Name the primary server in BROADSHEET_DATABASE.')
  if (code === '53300') return problem('too many connections', 'Raise max_connections, or run fewer workers.')
  if (code === '53100') return problem('its disk is full', 'Make room; what was saved before is safe.')
  if (code === 'ENOTFOUND') return problem('no such host', 'Check the host in BROADSHEET_DATABASE.')
  if (isConnectionLost(error)) {
    const hint = 'Start the server or check host and port; then run the command again: nothing saved is lost.'
    return problem(`it cannot be reached (${code || message})`, hint)
  }
  if (/SSL|certificate/i.test(message) && !/^[0-9A-Z]{5}$/.test(code)) {
    return problem(
      `no secure connection (${message})`,
      'See sslmode: postgres://…?sslmode=verify-full or no-verify',
    )
  }
  return error
}

/** host:port/database of an address, without user and password. */
function hostAndDatabase(address: string): string {
  try {
    const { host, pathname } = new URL(address)
    return `${host}${pathname}`
  } catch {
    return 'the address in BROADSHEET_DATABASE'
  }
}

function partsOf(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return { code: String(code ?? ''), message: String(message ?? '') }
}
