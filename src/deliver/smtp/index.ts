// smtp:// and smtps:// → a transport that carries each message over a session of its own; and what BROADSHEET_SMTP says of the
// server → how to reach it, or what is wrong with it and what to do. No error repeats the password.

import { setMaxListeners } from 'node:events'
import { isIP } from 'node:net'
import { ENCODE_PASSWORD, readSecretUrl, shownUser } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { Message, Outcome } from '../../model.ts'
import {
  replyText,
  type SendHooks,
  type Timeouts,
  type Transport,
  type TransportKind,
  type TransportOptions,
} from '../transport.ts'
import type { SendError } from './held-body.ts'
import { openSession, type ServerFacts, type SmtpAddress, type SmtpSession } from './session.ts'

const EXAMPLE = 'smtp://user:password@mail.example.org:587'

export const smtp: TransportKind = {
  prefixes: ['smtp://', 'smtps://'],
  example: EXAMPLE,
  summary: 'a mail server; `smtps://` where TLS begins with the first byte (port 465)',
  threads: true,
  open: (address, options) => new SmtpTransport(smtpAddress(address), options),
}

const TIMEOUTS: Timeouts = { connect: 60_000, message: 300_000, reply: 600_000 }

class SmtpTransport implements Transport {
  readonly name: string
  readonly #address: SmtpAddress
  readonly #stopped = new AbortController()
  readonly #pool: SessionPool

  constructor(address: SmtpAddress, options: TransportOptions) {
    const timeouts = { ...TIMEOUTS, ...options.timeouts }
    this.name = address.shown
    this.#address = address
    setMaxListeners(0, this.#stopped.signal)
    this.#pool = new SessionPool(() => openSession(address, timeouts, this.#stopped.signal))
  }

  async verify(): Promise<void> {
    try {
      this.#pool.give((await this.#pool.take()).session)
    } catch (error) {
      throw smtpRefusal(error as SendError, this.#address)
    }
  }

  async send(message: Message, hooks: SendHooks): Promise<Outcome> {
    for (;;) {
      let taken: Awaited<ReturnType<SessionPool['take']>>
      try {
        taken = await this.#pool.take()
      } catch (error) {
        return notConnected(error as SendError, this.#address)
      }
      const { outcome, wanted } = await taken.session.send(message, hooks)
      this.#pool.give(taken.session)
      // A server may end a session between two messages at any time (RFC 5321 §3.8): only a new one that fails tells
      // of trouble. Nothing of the message was asked for, so it is safe to begin again.
      const again = outcome.kind === 'host-trouble' && taken.used && !wanted && !this.#stopped.signal.aborted
      if (!again) return masked(outcome, this.#address)
    }
  }

  async close(how?: 'cut'): Promise<void> {
    this.#stopped.abort()
    await this.#pool.close(how === 'cut')
  }
}

/** What a server shows of itself, or at which step it failed. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** Undefined where no session could be opened. */
  readonly facts?: ServerFacts | undefined
  readonly loggedIn: boolean
  readonly failed?: { readonly step: 'connection' | 'TLS' | 'login'; readonly error: UserError } | undefined
}

/**
 * Greets the server, logs in and says good-bye.
 *
 * @param limit ms, for all of it
 * @throws UserError for an address that lacks something
 */
export async function meetSmtpServer(text: string, limit: number, signal: AbortSignal): Promise<SmtpServer> {
  const address = smtpAddress(text)
  const { host, port, user } = address
  try {
    const session = await openSession(address, { connect: limit, message: limit, reply: limit }, signal)
    const facts = session.server()
    await session.quit()
    return { host, port, facts, loggedIn: user !== '' }
  } catch (error) {
    const { code } = error as SendError
    const refused = smtpRefusal(error as SendError, address)
    const isTls = code === 'ETLS' || /certificate|TLS|SSL/i.test(refused.message)
    const step = code === 'EAUTH' ? 'login' : isTls ? 'TLS' : 'connection'
    return { host, port, loggedIn: false, failed: { step, error: refused } }
  }
}

/** Without a session nothing was sent, whatever the server said about us. */
function notConnected(error: SendError, address: SmtpAddress): Outcome {
  return masked({ kind: 'host-trouble', reply: replyText(error.response ?? error.message) }, address)
}

/** A server that repeats the password in its answer must not bring it into the ledger. */
function masked(outcome: Outcome, address: SmtpAddress): Outcome {
  const reply = maskPassword(outcome.reply, address)
  return reply === outcome.reply ? outcome : { ...outcome, reply }
}

/** Servers count: many close a connection after a hundred messages or more, some with a reproach. */
const MESSAGES_PER_SESSION = 100

/** A session that nobody needed for so long is given back to the server. */
const IDLE_MS = 20_000

/** For how long we do with as many sessions as the server let us have, before we ask for more. */
const LIMITED_MS = 60_000

class SessionPool {
  readonly #open: () => Promise<SmtpSession>
  /** In use, or about to end: the server counts them. */
  readonly #busy = new Set<SmtpSession>()
  /** Each with the timer that ends it. */
  readonly #idle = new Map<SmtpSession, NodeJS.Timeout>()
  readonly #waiting: (() => void)[] = []
  #opening = 0
  #limit = Number.POSITIVE_INFINITY
  #liftTimer: NodeJS.Timeout | undefined
  #closed = false

  constructor(open: () => Promise<SmtpSession>) {
    this.#open = open
  }

  /**
   * A session that nobody uses, or a new one; where the server lets us have no more, the next that comes free.
   *
   * @throws what opening throws, when there is no session at all
   */
  async take(): Promise<{ readonly session: SmtpSession; readonly used: boolean }> {
    for (;;) {
      const session = this.#takeIdle()
      if (session) return { session, used: true }
      if (this.#busy.size + this.#opening >= this.#limit) {
        await new Promise<void>(resolve => this.#waiting.push(resolve))
        continue
      }
      const fresh = await this.#tryOpen()
      if (fresh) return { session: fresh, used: false }
    }
  }

  give(session: SmtpSession): void {
    const usable = session.usable()
    if (usable && (this.#closed || session.messages >= MESSAGES_PER_SESSION)) {
      void this.#end(session)
      return
    }
    this.#busy.delete(session)
    if (usable)
      this.#idle.set(
        session,
        setTimeout(() => void this.#end(session), IDLE_MS),
      )
    this.#wakeNext()
  }

  /** Ends the idle ones politely; with `cut`, the busy ones at once. Nothing can be waited for any more. */
  async close(cut: boolean): Promise<void> {
    this.#closed = true
    this.#liftLimit()
    if (cut) for (const session of this.#busy) session.cut('stopped')
    const idle = [...this.#idle]
    this.#idle.clear()
    for (const [, timer] of idle) clearTimeout(timer)
    await Promise.all(idle.map(([session]) => session.quit()))
  }

  #takeIdle(): SmtpSession | undefined {
    for (const [session, timer] of [...this.#idle].reverse()) {
      clearTimeout(timer)
      this.#idle.delete(session)
      if (!session.usable()) continue
      this.#busy.add(session)
      return session
    }
    return undefined
  }

  /** Undefined when the server gives us no more than we have: only where there is none at all is it trouble. */
  async #tryOpen(): Promise<SmtpSession | undefined> {
    this.#opening++
    try {
      const session = await this.#open()
      this.#busy.add(session)
      return session
    } catch (error) {
      if (this.#busy.size === 0 || this.#closed) throw error
      this.#limit = this.#busy.size
      this.#liftTimer ??= setTimeout(() => this.#liftLimit(), LIMITED_MS)
      return undefined
    } finally {
      this.#opening--
    }
  }

  async #end(session: SmtpSession): Promise<void> {
    this.#idle.delete(session)
    await session.quit()
    this.#busy.delete(session)
    this.#wakeNext()
  }

  #wakeNext(): void {
    if (this.#busy.size + this.#idle.size === 0) this.#liftLimit()
    else this.#waiting.shift()?.()
  }

  #liftLimit(): void {
    this.#limit = Number.POSITIVE_INFINITY
    clearTimeout(this.#liftTimer)
    this.#liftTimer = undefined
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

// ─── The address ─────────────────────────────────────────────────────────────────────────────────────────────────────

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
function smtpRefusal(error: Failure, address: SmtpAddress): UserError {
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
function maskPassword(text: string, { user, password }: Pick<SmtpAddress, 'user' | 'password'>): string {
  if (!password) return text
  const encoded = [`\0${user}\0${password}`, password].map(secret => Buffer.from(secret).toString('base64'))
  // A server that repeats a line may leave out what only fills up its last group.
  return [password, ...encoded.map(code => code.replace(/=+$/, ''))].reduce(
    (masked, secret) => masked.replaceAll(secret, MASK),
    text,
  )
}
