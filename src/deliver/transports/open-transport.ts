// An address of BROADSHEET_SMTP → the transport that it names; for whole editions signed where the settings say so, and on
// several threads where that pays. What lists the transports reads the table: the errors here, and the documentation.

import { UserError } from '../../errors.ts'
import type { MailSettings } from '../../model.ts'
import { type DkimOptions, type DkimSigning, dkimSigning, withDkim } from '../dkim/signing.ts'
import { smtp } from '../smtp/index.ts'
import { type Threading, threadedTransport } from '../threads/index.ts'
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
function transportKind(address: string): TransportKind {
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

export interface OpenSending extends DkimOptions, TransportOptions {
  readonly mail: Pick<MailSettings, 'dkim' | 'rate'>
  readonly threading?: Threading | undefined
}

/** @throws UserError where BROADSHEET_SMTP is not set */
export function sendingAddress(env: OpenSending['env']): string {
  const address = env.BROADSHEET_SMTP?.trim()
  if (address) return address
  throw new UserError(
    'BROADSHEET_SMTP is not set: there is no mail server to send through',
    `Set it in the environment or in .env:\nBROADSHEET_SMTP=${smtp.example}\nor BROADSHEET_SMTP=${emlFolder.example} to write .eml files and mail nobody.`,
  )
}

/** Below this rate, in messages a second, one core has time to spare. */
const MIN_RATE_FOR_THREADS = 200

/** For whole editions. @throws UserError for an address or a key that cannot be used */
export function openSending(address: string, options: OpenSending): Transport {
  const { dir, mail, timeouts } = options
  const dkim = signingFor(address, options)
  const open = () => withDkim(openTransport(address, options), dkim)
  const slow = (mail.rate ?? MIN_RATE_FOR_THREADS) < MIN_RATE_FOR_THREADS
  if (slow || !transportKind(address).threads) return open()
  const signing = dkim && { domain: dkim.domain, keys: dkim.keys }
  return threadedTransport(open, { address, dir, timeouts, dkim: signing }, options.threading)
}

/** For single mails. The same errors. */
export function openSigned(address: string, options: Omit<OpenSending, 'threading'>): Transport {
  const dkim = signingFor(address, options)
  return withDkim(openTransport(address, options), dkim)
}

function signingFor(address: string, options: DkimOptions): DkimSigning | undefined {
  const dkim = dkimSigning(options)
  const { breaksDkim } = transportKind(address)
  if (dkim && breaksDkim) throw new UserError(breaksDkim.why, breaksDkim.hint)
  return dkim
}
