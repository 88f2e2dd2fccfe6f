// Why no session could be opened → the error for the person who set BROADSHEET_SMTP, with what to do.

import { UserError } from '../../errors.ts'
import { replyText } from '../transports/reply.ts'
import type { SmtpAddress } from './address.ts'
import { maskPassword } from './mask-password.ts'
import type { SendError } from './outcome.ts'

type Failure = SendError & { readonly originalCode?: string | undefined }

export function smtpRefusal(error: Failure, address: SmtpAddress): UserError {
  const { message, hint } = explain(error, address)
  return new UserError(maskPassword(message, address), hint)
}

function explain(
  error: Failure,
  { host, port, shown, user }: SmtpAddress,
): { message: string; hint: string } {
  const said = replyText(error.response ?? error.message)
  const system = error.originalCode ?? error.code
  const at = `${host}:${port}`
  if (error.code === 'EAUTH') {
    return {
      message: `${at} does not let ${user} in: ${said}`,
      hint: 'Check the user name and the password in BROADSHEET_SMTP; signs such as @ : / # ? % in them are written %40 %3A %2F %23 %3F %25.',
    }
  }
  if (error.code === 'ETLS' && error.response) {
    return {
      message: `${at} does not offer TLS (STARTTLS): ${said}`,
      hint: `Without it anybody on the way could read what we say. Use the port that has it: smtp:// and 587, or smtps:// and 465 (BROADSHEET_SMTP says ${shown}).`,
    }
  }
  if (error.response) {
    return {
      message: `${at} does not take mail now: ${said}`,
      hint: `Ask whoever runs it, or try again later (${shown}).`,
    }
  }
  if (system === 'ECONNREFUSED') {
    return {
      message: `Nobody answers at ${at}: connection refused`,
      hint: `Is the mail server running, and is that its port? BROADSHEET_SMTP says ${shown}.`,
    }
  }
  if (error.code === 'EDNS' || system === 'ENOTFOUND') {
    return { message: `There is no host ${host}`, hint: `Check its name in BROADSHEET_SMTP (${shown}).` }
  }
  if (/wrong version number|packet length too long/.test(said)) {
    return {
      message: `${at} does not speak TLS from the first byte, as smtps:// wants`,
      hint: 'smtps:// is for port 465; for 587 and 25 write smtp://, which changes to TLS by STARTTLS.',
    }
  }
  if (error.code === 'ETLS' || /certificate|self.signed|CERT|SSL|TLS/i.test(`${said} ${system}`)) {
    return {
      message: `No safe connection to ${at}: ${said}`,
      hint: 'smtps:// is for port 465, smtp:// for 587 and 25; a server on this machine may have tls=self-signed.',
    }
  }
  return {
    message: `${at} cannot be reached: ${said}`,
    hint: `Check host and port in BROADSHEET_SMTP (${shown}): many networks close port 25, and port 465 is silent until it is spoken to by smtps://.`,
  }
}
