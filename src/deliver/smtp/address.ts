// BROADSHEET_SMTP → how to reach the server. Errors never repeat the password.

import { isIP } from 'node:net'
import { parseUrl } from '../../base/index.ts'
import { UserError } from '../../errors.ts'

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

const HINT = 'Write it like BROADSHEET_SMTP=smtp://user:password@mail.example.org:587'
const SETTINGS = ['name', 'tls']

export function smtpAddress(text: string): SmtpAddress {
  const url = parseUrl(text)
  // A password with / or # or ? in it ends the host early: the commonest mistake, and the port is then no number.
  if (!url?.hostname) {
    throw new UserError(
      'BROADSHEET_SMTP is not an address',
      `${HINT}\nIn a user name or password write @ as %40, / as %2F, # as %23, ? as %3F, : as %3A and % as %25.`,
    )
  }
  for (const key of url.searchParams.keys()) {
    if (!SETTINGS.includes(key)) {
      throw new UserError(`BROADSHEET_SMTP: unknown setting ${key}`, `Known are: ${SETTINGS.join(', ')}.`)
    }
  }
  const secure = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port ? Number(url.port) : secure ? 465 : 587
  const user = decode(url.username)
  const password = decode(url.password)
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
  // A server that suddenly offers no STARTTLS would be told the password in the clear. RFC 8314 §3.
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
    shown: `${secure ? 'smtps' : 'smtp'}://${user ? `${user}@` : ''}${url.hostname}:${port}`,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new UserError('BROADSHEET_SMTP: the user name or password has a stray %', 'Write a % in it as %25.')
  }
}
