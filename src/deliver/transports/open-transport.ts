// An address of BROADSHEET_SMTP → the transport that it names. What lists the transports reads this table: the error for
// an address that is none, and the README.

import { UserError } from '../../errors.ts'
import { smtp } from '../smtp/index.ts'
import { emlFolder } from './eml-folder.ts'
import { sendmail } from './sendmail.ts'
import { ses } from './ses.ts'
import type { Transport, TransportKind, TransportOptions } from './transport.ts'

export const transports: readonly TransportKind[] = [smtp, emlFolder, sendmail, ses]

/** @throws UserError for an address that none of them knows, or that lacks something */
export function openTransport(address: string, options: TransportOptions): Transport {
  return transportKind(address).open(address, options)
}

/** @throws UserError for an address that none of them knows */
export function transportKind(address: string): TransportKind {
  const scheme = schemeOf(address).toLowerCase()
  const kind = transports.find(({ prefixes }) => prefixes.some(prefix => schemeOf(prefix) === scheme))
  if (kind) return kind
  const prefixes = transports.flatMap(kind => kind.prefixes)
  // What stands there may hold a password, so it is not repeated.
  throw new UserError(
    `BROADSHEET_SMTP does not begin with ${prefixes.slice(0, -1).join(', ')} or ${prefixes.at(-1)}`,
    `Write it like BROADSHEET_SMTP=${smtp.example}`,
  )
}

function schemeOf(address: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.exec(address)?.[0] ?? ''
}
