// The address of an SMTP server → a session with it: TCP, TLS, greeting, EHLO, STARTTLS and AUTH, all by nodemailer.

import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SmtpTimeouts } from '../transports/transport.ts'
import type { SmtpAddress } from './address.ts'
import type { SendError } from './outcome.ts'
import { type SmtpSession, smtpSession } from './session.ts'

/**
 * @param signal drops what is being opened
 * @throws nodemailer's error, a SendError
 */
export async function openSmtpSession(
  address: SmtpAddress,
  timeouts: SmtpTimeouts,
  signal: AbortSignal,
): Promise<SmtpSession> {
  const connection = new SMTPConnection({
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
  let stop: () => void = () => {}
  try {
    const extensions = await new Promise<Set<string>>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(failure('ETIMEDOUT', `no answer within ${Math.round(timeouts.connect / 1000)} s`)),
        timeouts.connect,
      )
      const dropped = () => reject(failure('ECONNECTION', 'stopped'))
      const ended = () => reject(failure('ECONNECTION', 'the server closed the connection'))
      stop = () => {
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
        const offered = extensionsOf(connection.lastServerResponse || '')
        if (!address.user) return resolve(offered)
        connection.login({ user: address.user, pass: address.password }, error => {
          if (error) reject(error)
          else resolve(offered)
        })
      })
    })
    return smtpSession(connection, extensions, timeouts)
  } catch (error) {
    connection.close()
    throw error
  } finally {
    stop()
  }
}

/** RFC 5321 §4.1.1.1: the keywords of EHLO's reply, after its first line. */
function extensionsOf(reply: string): Set<string> {
  const lines = reply.split(/\r?\n/).slice(1)
  return new Set(lines.map(line => line.slice(4).trim().split(' ')[0]!.toUpperCase()))
}

function failure(code: string, message: string): Error & SendError {
  return Object.assign(new Error(message), { code, command: 'CONN' })
}
