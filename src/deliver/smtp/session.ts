// The address of an SMTP server → a session with it, opened by nodemailer, that carries one message at a time.

import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection'
import type { Message, Outcome } from '../../model.ts'
import type { SendHooks, Timeouts } from '../transport.ts'
import { HeldBody, outcomeOf, type SendError } from './held-body.ts'

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

/**
 * TCP, TLS, greeting, EHLO, STARTTLS and AUTH.
 *
 * @param signal drops what is being opened
 * @throws nodemailer's error, a SendError
 */
export async function openSession(
  address: SmtpAddress,
  timeouts: Timeouts,
  signal: AbortSignal,
): Promise<SmtpSession> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection')
  const connection = new Connection({
    host: address.host,
    port: address.port,
    secure: address.secure,
    requireTLS: address.starttls === 'required' && !address.secure,
    ignoreTLS: address.starttls === 'never',
    allowInternalNetworkInterfaces: true,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.connect,
    dnsTimeout: timeouts.connect,
    // A message has its own, shorter or longer, in the session.
    socketTimeout: timeouts.reply + timeouts.message,
    // What was not sent when we drop a connection must not leave after all.
    socketCloseTimeout: 0,
    tls: { rejectUnauthorized: !address.selfSigned, minVersion: 'TLSv1.2' },
    ...(address.name ? { name: address.name } : {}),
  })
  // An error without a listener would end the process; a session that is lost says so by 'end'.
  connection.on('error', () => {})
  try {
    const greeted = await connect(connection, address, timeouts.connect, signal)
    return new SmtpSession(connection, greeted, timeouts)
  } catch (error) {
    connection.close()
    throw error
  }
}

/**
 * Whatever comes first: logged in, an error, the end of the connection, the timeout in ms, or the signal.
 *
 * @returns the reply to EHLO
 */
async function connect(
  connection: SMTPConnection,
  { user, password }: SmtpAddress,
  timeout: number,
  signal: AbortSignal,
): Promise<string> {
  let stopListening = () => {}
  try {
    return await new Promise<string>((resolve, reject) => {
      const dropped = () => reject(failure('ECONNECTION', 'stopped'))
      const ended = () => reject(failure('ECONNECTION', 'the server closed the connection'))
      const late = () => reject(failure('ETIMEDOUT', `no answer within ${Math.round(timeout / 1000)} s`))
      const timer = setTimeout(late, timeout)
      stopListening = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', dropped)
        connection.off('error', reject)
        connection.off('end', ended)
      }
      if (signal.aborted) return dropped()
      signal.addEventListener('abort', dropped)
      connection.on('error', reject)
      connection.on('end', ended)
      connection.connect(error => {
        if (error) return reject(error)
        const greeted = connection.lastServerResponse || ''
        if (!user) return resolve(greeted)
        connection.login({ user, pass: password }, error => (error ? reject(error) : resolve(greeted)))
      })
    })
  } finally {
    stopListening()
  }
}

/** RFC 5321 §4.1.1.1: what follows the first line of EHLO's reply, by keyword in capitals. */
function extensionsOf(reply: string): ReadonlyMap<string, string> {
  const lines = reply.split(/\r?\n/).slice(1)
  return new Map(
    lines.map(line => {
      const [keyword = '', ...parameters] = line.slice(4).trim().split(' ')
      return [keyword.toUpperCase(), parameters.join(' ')]
    }),
  )
}

function failure(code: string, message: string): Error & SendError {
  return Object.assign(new Error(message), { code, command: 'CONN' })
}

/** What became of a message, and whether the server asked for its body. */
export interface Carried {
  readonly outcome: Outcome
  readonly wanted: boolean
}

interface Answer {
  readonly error?: SendError
  readonly response?: string
}

/** What a server shows of itself before the first message. */
export interface ServerFacts {
  readonly ip: string | undefined
  /** What it calls itself in its reply to EHLO. */
  readonly name: string
  /** RFC 1870; undefined where it names no limit. */
  readonly maxBytes: number | undefined
  /** What we call ourselves in EHLO. */
  readonly ourName: string
  /** Undefined where nothing is encrypted. */
  readonly tls: { readonly protocol: string /** ms since epoch */; readonly validUntil: number } | undefined
}

function tlsOf(socket: Socket | undefined): ServerFacts['tls'] {
  if (!(socket instanceof TLSSocket)) return undefined
  const validUntil = Date.parse(socket.getPeerCertificate().valid_to ?? '')
  return { protocol: socket.getProtocol() ?? 'TLS', validUntil }
}

/** How long the server may take to answer QUIT. */
const QUIT_MS = 1000

export class SmtpSession {
  readonly #connection: SMTPConnection
  readonly #greeted: string
  readonly #extensions: ReadonlyMap<string, string>
  readonly #timeouts: Timeouts
  #messages = 0
  /** A RSET that is not answered yet. */
  #resetting: Promise<void> = Promise.resolve()
  /** Ends the send that is in flight: nodemailer forgets those of a connection that we close. */
  #abandon: (error: SendError) => void = () => {}
  #timer: NodeJS.Timeout | undefined

  /** @param connection greeted, and logged in where needed @param greeted the reply to EHLO */
  constructor(connection: SMTPConnection, greeted: string, timeouts: Timeouts) {
    this.#connection = connection
    this.#greeted = greeted
    this.#extensions = extensionsOf(greeted)
    this.#timeouts = timeouts
  }

  /** Carried so far. */
  get messages(): number {
    return this.#messages
  }

  /** False once it cannot take another message. */
  usable(): boolean {
    return !this.#connection.destroyed
  }

  /** What the server has shown of itself. */
  server(): ServerFacts {
    const socket = this.#socket()
    // RFC 1870 §3: 0, or no number, is no limit that the server knows of.
    const size = Number(this.#extensions.get('SIZE') ?? 0)
    return {
      ip: socket?.remoteAddress?.replace(/^::ffff:/, ''),
      name: /^250[ -](\S*)/.exec(this.#greeted)?.[1] ?? '',
      maxBytes: size > 0 ? size : undefined,
      // The name that nodemailer says in EHLO.
      ourName: (this.#connection as unknown as { readonly name: string }).name,
      tls: tlsOf(socket),
    }
  }

  /** Never rejects. */
  async send({ envelope, bytes }: Message, hooks: SendHooks): Promise<Carried> {
    await this.#resetting
    this.#messages++
    const unspeakable = this.#unspeakable(envelope.to)
    if (unspeakable) return unspeakable
    const releasing = () => this.#limit(this.#timeouts.reply)
    const body = new HeldBody(bytes, () => this.#askLeave(hooks), releasing)
    const answer = await this.#answerTo({ ...envelope, size: bytes.length }, body.stream)
    // Whatever the leave says from now on comes too late: what was not let go stays.
    body.stop()
    clearTimeout(this.#timer)
    this.#abandon = () => {}
    const outcome = outcomeOf({ released: body.released(), unsent: this.#unsentBytes(), ...answer })
    const incomplete = body.wanted() && !body.released()
    if (incomplete || outcome.kind === 'host-trouble' || outcome.kind === 'unknown') this.#connection.close()
    else if (outcome.kind !== 'accepted') this.#resetting = this.#reset()
    body.stream.destroy()
    return { outcome, wanted: body.wanted() }
  }

  /** RFC 5321 §4.1.1.10. */
  quit(): Promise<void> {
    const connection = this.#connection
    return new Promise(resolve => {
      if (connection.destroyed) return resolve()
      const timer = setTimeout(() => connection.close(), QUIT_MS)
      connection.once('end', () => {
        clearTimeout(timer)
        resolve()
      })
      connection.quit()
    })
  }

  /** Drops the connection; a send in flight resolves. */
  cut(why: string): void {
    this.#connection.close()
    this.#abandon({ message: why, code: 'ECONNECTION', command: 'CONN' })
  }

  /** An address that nodemailer would send and no server should get. */
  #unspeakable(to: string): Carried | undefined {
    if (/\p{Cc}/u.test(to)) return refused('ECONTROL')
    // RFC 6531 §3.4: only where SMTPUTF8 was offered; nodemailer would speak it anyway.
    if (/[^ -~]/.test(to) && !this.#extensions.has('SMTPUTF8')) return refused('ENOUTF8')
    return undefined
  }

  /**
   * RFC 5321 §4.3.2: only 354 asks for the message. After any other answer, which nodemailer takes for one, its lines would
   * be read as commands.
   */
  #askLeave(hooks: SendHooks): Promise<boolean> {
    const reply = String(this.#connection.lastServerResponse || '')
    if (!reply.startsWith('3')) throw new Error(`DATA was not answered with 354: ${reply}`)
    return hooks.beforeLastByte()
  }

  #answerTo(envelope: { from: string; to: string; size: number }, body: Readable): Promise<Answer> {
    return new Promise(resolve => {
      this.#abandon = error => resolve({ error })
      this.#limit(this.#timeouts.message)
      this.#connection.send(envelope, body, (error: SendError | null, info?: SMTPConnectionSendInfo) =>
        resolve(error ? { error } : { response: info?.response ?? '' }),
      )
    })
  }

  #limit(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.cut(`no answer within ${Math.round(ms / 1000)} s`), ms)
  }

  /** RFC 5321 §4.1.1.5: after a refusal the transaction is ended before the next one begins. */
  #reset(): Promise<void> {
    const connection = this.#connection
    return new Promise(resolve => {
      const timer = setTimeout(() => this.cut('no answer to RSET'), this.#timeouts.connect)
      const done = () => {
        clearTimeout(timer)
        connection.off('end', done)
        resolve()
      }
      connection.once('end', done)
      connection.reset(error => {
        if (error) connection.close()
        done()
      })
    })
  }

  /** What waits in this process: while there is something, the server cannot have the final dot. */
  #unsentBytes(): number {
    return this.#socket()?.writableLength ?? 0
  }

  #socket(): Socket | undefined {
    return (this.#connection as unknown as { readonly _socket?: Socket })._socket
  }
}

function refused(code: 'ECONTROL' | 'ENOUTF8'): Carried {
  return { outcome: outcomeOf({ released: false, error: { message: code, code } }), wanted: false }
}
