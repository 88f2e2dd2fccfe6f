// Address of BROADSHEET_SMTP → the way out: SMTP, a folder of .eml files, sendmail, Amazon SES. One row each.

import { UserError } from '../../errors.ts'
import { openSmtp } from '../smtp/index.ts'
import { openEmlFolder } from './eml-folder.ts'
import { openSendmail } from './sendmail.ts'
import { openSes } from './ses.ts'
import type { Transport, TransportOptions } from './transport.ts'

const transports: Readonly<Record<string, (address: string, options: TransportOptions) => Transport>> = {
  'smtp:': openSmtp,
  'smtps:': openSmtp,
  'eml:': openEmlFolder,
  'sendmail:': openSendmail,
  'ses:': openSes,
}

/** @param address BROADSHEET_SMTP: smtp://user:password@host:587, smtps://…, eml:folder, sendmail:/usr/sbin/sendmail, or ses://id:secret@region */
export function openTransport(address: string, options: TransportOptions): Transport {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(address)?.[0].toLowerCase() ?? ''
  const open = Object.hasOwn(transports, scheme) ? transports[scheme] : undefined
  if (!open) {
    // What stands there may hold a password, so it is not repeated.
    throw new UserError(
      'BROADSHEET_SMTP does not begin with smtp://, smtps://, eml:, sendmail: or ses:',
      'Write it like BROADSHEET_SMTP=smtp://user:password@mail.example.org:587',
    )
  }
  return open(address, options)
}
