// BROADSHEET_SMTP → how to reach the server, or what is wrong with it and what to do. No error repeats the password.

import { isIP } from 'node:net'
import { ENCODE_PASSWORD, readSecretUrl, shownUser } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import { replyText } from '../transport.ts'
import type { SendError } from './held-body.ts'

export interface SmtpAddress {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (smtps://), RFC 8314 §3.3. */
  readonly secure: boolean
  /** STARTTLS: must be had, taken when offered, or never asked for. RFC 3207. */
  readonly starttls: 'required' | 'offered' | 'never'
  /** Take a certificate that nobody vouches for; on loopback only. */
  readonly selfSigned: boolean
  readonly user: string
  readonly password: string
  /** What we call ourselves in EHLO, RFC 5321 §4.1.1.1; undefined for this machine's name. */
  readonly name: string | undefined
  /** For people: 'smtp://user@host:587'. */
  readonly shown: string
}

export const EXAMPLE = 'smtp://user:password@mail.example.org:587'
const HINT = `Write it like BROADSHEET_SMTP=${EXAMPLE}`
const SETTINGS = ['name', 'tls']

export function smtpAddress(text: string): SmtpAddress {
  const read = readSecretUrl(text)
  if ('problem' in read) {
    throw new UserError(`BROADSHEET_SMTP ${read.problem}`, `${HINT}\n${ENCODE_PASSWORD}`)
  }
  const { url, user, password } = read
  for (const key of url.searchParams.keys()) {
    if (!SETTINGS.includes(key)) {
      throw new UserError(`BROADSHEET_SMTP: unknown setting ${key}`, `Known are: ${SETTINGS.join(', ')}.`)
    }
  }
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port ? Number(url.port) : secure ? 465 : 587
  const tls = url.searchParams.get('tls') ?? 'default'
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
  if (!['default', 'required', 'never', 'self-signed'].includes(tls)) {
    throw new UserError(
      `BROADSHEET_SMTP: tls=${tls} is not known`,
      'Say tls=required, tls=never or tls=self-signed.',
    )
  }
  if ((tls === 'self-signed' || (tls === 'never' && user)) && !loopback) {
    throw new UserError(
      `BROADSHEET_SMTP: tls=${tls} is for a server on this machine only`,
      `Everybody between here and ${host} could read the password. Leave tls= out.`,
    )
  }
  // A server that suddenly offers no STARTTLS would get the password in the clear. RFC 8314 §3.
  const starttls =
    tls === 'never' ? 'never' : tls === 'required' || (user && !loopback) ? 'required' : 'offered'
  return {
    host,
    port,
    secure,
    starttls,
    selfSigned: tls === 'self-signed',
    user,
    password,
    name: url.searchParams.get('name') ?? undefined,
    shown: `${secure ? 'smtps' : 'smtp'}://${user ? `${shownUser(read)}@` : ''}${url.hostname}:${port}`,
  }
}

type Failure = SendError & { readonly originalCode?: string | undefined }

/** Why no session could be opened → the error for the person who set BROADSHEET_SMTP, with what to do. */
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
      message: `${at} rejected the login of ${user}: ${said}`,
      hint: `Check the user name and the password in BROADSHEET_SMTP. ${ENCODE_PASSWORD}`,
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

const MASK = '•••'

/** What a server said → the same without our password, in clear or in base64, as RFC 4954 has it sent. */
export function maskPassword(
  text: string,
  { user, password }: Pick<SmtpAddress, 'user' | 'password'>,
): string {
  if (!password) return text
  const encoded = [`\0${user}\0${password}`, password].map(secret => Buffer.from(secret).toString('base64'))
  // A server that repeats a line may leave out what only fills up its last group.
  return [password, ...encoded.map(code => code.replace(/=+$/, ''))].reduce(
    (masked, secret) => masked.replaceAll(secret, MASK),
    text,
  )
}
