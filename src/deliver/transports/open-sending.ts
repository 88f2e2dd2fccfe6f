// BROADSHEET_SMTP, the settings of mail and the environment → the transport that a whole edition goes out by: signed where
// the settings say so, on several threads where that pays.

import { UserError } from '../../errors.ts'
import type { MailSettings } from '../../model.ts'
import { type DkimOptions, type DkimSigning, dkimSigning, withDkim } from '../dkim/signing.ts'
import { smtp } from '../smtp/index.ts'
import { type Threading, threadedTransport } from '../threads/index.ts'
import { emlFolder } from './eml-folder.ts'
import { openTransport, transportKind } from './open-transport.ts'
import type { Transport, TransportOptions } from './transport.ts'

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

/** @throws UserError for an address or a key that cannot be used */
export function openSending(address: string, options: OpenSending): Transport {
  const { dir, mail, timeouts } = options
  const { open, dkim } = openSigned(address, options)
  const slow = (mail.rate ?? MIN_RATE_FOR_THREADS) < MIN_RATE_FOR_THREADS
  if (slow || !transportKind(address).threads) return open()
  const signing = dkim && { domain: dkim.domain, keys: dkim.keys }
  return threadedTransport(open, { address, dir, timeouts, dkim: signing }, options.threading)
}

/** For single mails, and for each thread of `openSending`. The same errors. */
export function openSigned(
  address: string,
  options: Omit<OpenSending, 'threading'>,
): { open(): Transport; readonly dkim: DkimSigning | undefined } {
  const dkim = dkimSigning(options)
  const { breaksDkim } = transportKind(address)
  if (dkim && breaksDkim) throw new UserError(breaksDkim.why, breaksDkim.hint)
  return { open: () => withDkim(openTransport(address, options), dkim), dkim }
}
