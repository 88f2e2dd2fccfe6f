// BROADSHEET_SMTP, the settings of mail and the environment → the way out of a whole edition: signed where the settings
// say so, on many cores where that pays.

import { UserError } from '../../errors.ts'
import type { MailSettings } from '../../model.ts'
import { type DkimOptions, type DkimSigning, dkimSigning, withDkim } from '../dkim/signing.ts'
import { type Threading, threadedTransport } from '../threads/index.ts'
import { openTransport } from './open-transport.ts'
import type { Transport } from './transport.ts'

export interface OpenSending extends DkimOptions {
  readonly mail: Pick<MailSettings, 'dkim' | 'rate'>
  now?(): number
  readonly threading?: Threading | undefined
}

/** Slower than this, in messages a second, one core has time to spare. */
const SLOW = 200

/** @throws UserError for an address or a key that cannot be used */
export function openSending(address: string, options: OpenSending): Transport {
  const { dir, mail } = options
  const { open, dkim } = openSigned(address, options)
  if (!/^smtps?:/i.test(address) || (mail.rate ?? SLOW) < SLOW) return open()
  const signing = dkim && { domain: dkim.domain, keys: dkim.keys }
  return threadedTransport(open, { address, dir, dkim: signing }, options.threading)
}

/** The way out of single mails, and of each thread of `openSending`. The same errors. */
export function openSigned(
  address: string,
  options: Omit<OpenSending, 'threading'>,
): { open(): Transport; readonly dkim: DkimSigning | undefined } {
  const { dir, now } = options
  const dkim = dkimSigning(options)
  if (dkim && /^ses:/i.test(address)) {
    throw new UserError(
      'Amazon SES sets Message-ID and Date itself, which would break a signature of ours',
      'Leave mail.dkim out of the settings and let SES sign (Easy DKIM).',
    )
  }
  return { open: () => withDkim(openTransport(address, { dir, now }), dkim), dkim }
}
