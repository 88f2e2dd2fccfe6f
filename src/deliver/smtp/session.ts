// One connection to an SMTP server, opened, greeted and logged in by nodemailer → carries one message at a time.

import type { Socket } from 'node:net'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection'
import type { Message, Outcome } from '../../model.ts'
import type { SendHooks, SmtpTimeouts } from '../transports/transport.ts'
import { heldBody } from './held-body.ts'
import { outcomeOf, type SendError } from './outcome.ts'

export interface SmtpSession {
  /** Messages carried so far. */
  carried(): number
  /** False once it cannot take another message. */
  usable(): boolean
  /** Never rejects. `wanted`: the server asked for the body. */
  send(message: Message, hooks: SendHooks): Promise<{ outcome: Outcome; wanted: boolean }>
  /** QUIT, and a second to answer it. RFC 5321 §4.1.1.10. */
  quit(): Promise<void>
  /** Drops the connection; a send in flight resolves. */
  cut(why: string): void
}

/** @param connection greeted, and logged in where needed @param extensions what EHLO offered, in capitals */
export function smtpSession(
  connection: SMTPConnection,
  extensions: ReadonlySet<string>,
  timeouts: SmtpTimeouts,
): SmtpSession {
  let carried = 0
  let resting: Promise<void> = Promise.resolve()
  let giveUp: (error: SendError) => void = () => {}

  function cut(why: string): void {
    connection.close()
    // nodemailer forgets the send of a connection that we close.
    giveUp({ message: why, code: 'ECONNECTION', command: 'CONN' })
  }

  /** RFC 5321 §4.1.1.5: after a refusal the transaction is ended before the next one begins. */
  function rest(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(() => cut('no answer to RSET'), timeouts.connect)
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

  async function send({ envelope, bytes }: Message, hooks: SendHooks) {
    await resting
    carried++
    const { from, to } = envelope
    if (/\p{Cc}/u.test(to)) return refused('ECONTROL')
    // RFC 6531 §3.4: such an address may only be spoken where SMTPUTF8 was offered; nodemailer would speak it anyway.
    if (/[^ -~]/.test(to) && !extensions.has('SMTPUTF8')) return refused('ENOUTF8')
    let timer: NodeJS.Timeout | undefined
    const within = (ms: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => cut(`no answer within ${Math.round(ms / 1000)} s`), ms)
    }
    const leave = () => {
      // RFC 5321 §4.3.2: only 354 asks for the message. After any other answer, which nodemailer takes for one, its lines
      // would be read as commands.
      const reply = String(connection.lastServerResponse || '')
      if (!reply.startsWith('3')) throw new Error(`DATA was not answered with 354: ${reply}`)
      return hooks.beforeLastByte()
    }
    const body = heldBody(bytes, leave, () => within(timeouts.reply))
    const answer = await new Promise<{ error?: SendError; response?: string }>(resolve => {
      giveUp = error => resolve({ error })
      within(timeouts.message)
      const done = (error: SendError | null, info?: SMTPConnectionSendInfo) =>
        resolve(error ? { error } : { response: info?.response ?? '' })
      connection.send({ from, to, size: bytes.length }, body.stream, done)
    })
    // Whatever the leave says from now on comes too late: what was not let go stays.
    body.stop()
    clearTimeout(timer)
    giveUp = () => {}
    const outcome = outcomeOf({ released: body.released(), unsent: unsentBytes(connection), ...answer })
    const half = body.wanted() && !body.released()
    if (half || outcome.kind === 'host-trouble' || outcome.kind === 'unknown') connection.close()
    else if (outcome.kind !== 'accepted') resting = rest()
    body.stream.destroy()
    return { outcome, wanted: body.wanted() }
  }

  return {
    carried: () => carried,
    usable: () => !connection.destroyed,
    send,
    cut,
    quit: () =>
      new Promise(resolve => {
        if (connection.destroyed) return resolve()
        const timer = setTimeout(() => connection.close(), 1000)
        connection.once('end', () => {
          clearTimeout(timer)
          resolve()
        })
        connection.quit()
      }),
  }
}

/** What waits in this process: while there is something, the server cannot have the final dot. */
function unsentBytes(connection: SMTPConnection): number {
  return (connection as unknown as { readonly _socket?: Socket })._socket?.writableLength ?? 0
}

/** What nodemailer would send and no server should be told. */
function refused(code: 'ECONTROL' | 'ENOUTF8'): { outcome: Outcome; wanted: boolean } {
  return { outcome: outcomeOf({ released: false, error: { message: code, code } }), wanted: false }
}
