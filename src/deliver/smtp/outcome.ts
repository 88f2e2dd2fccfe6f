// What nodemailer said of one attempt, and whether the last byte was free to leave → the outcome. Pure.
// Only a reply code is certain; silence after the last byte is the one thing that nobody can know.

import type { Outcome } from '../../model.ts'
import { replyText } from '../transports/transport.ts'

/** The parts of nodemailer's error that tell what happened. */
export interface SendError {
  readonly message: string
  /** ECONNECTION, ETIMEDOUT, EENVELOPE, EMESSAGE, EPROTOCOL, …; our own ECONTROL and ENOUTF8. */
  readonly code?: string | undefined
  /** 'MAIL FROM', 'RCPT TO', 'DATA', 'CONN'; 'API' when nodemailer refused before saying anything. */
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

export interface Attempt {
  /** The last byte was released to the socket: from here on, silence may mean that the message arrived. */
  readonly released: boolean
  /** Bytes of it that were still here when the answer came. */
  readonly unsent?: number | undefined
  /** The server's answer to the final dot. */
  readonly response?: string | undefined
  readonly error?: SendError | undefined
}

/**
 * Codes that speak of us and not of the reader: a command the server does not know or does not expect now, and a
 * server that wants a password first. RFC 5321 §4.2.2, RFC 4954 §6.
 */
const OURS = new Set([500, 502, 503, 504, 530, 534, 535, 538])

export function outcomeOf({ released, unsent = 0, response = '', error }: Attempt): Outcome {
  // What is said of a message that the server has not read to its end is nothing to rely on.
  if (!error && unsent > 0) return unanswered(released, `answered before the end: ${response}`)
  if (!error) return answered(Number(/^\d{3}/.exec(response)?.[0] ?? 0), response, released)
  const refusedHere = notAttempted(error)
  if (refusedHere) return refusedHere
  // An answer to nothing that we asked (EPROTOCOL) belongs to no message.
  if (error.responseCode && error.response && error.code !== 'EPROTOCOL') {
    return answered(error.responseCode, error.response, released)
  }
  return unanswered(released, error.response ?? error.message)
}

/** RFC 5321 §4.2.1: the first digit decides; §4.2: the enhanced code only explains. */
function answered(code: number, response: string, released: boolean): Outcome {
  const reply = replyText(response)
  const enhanced = enhancedCode(response)
  // RFC 5321 §3.8: the server is closing; it says nothing about the reader.
  if (code === 421 || OURS.has(code)) return { kind: 'host-trouble', reply }
  if (code >= 400 && code < 500) return { kind: 'deferred', code, enhanced, reply }
  if (code >= 500 && code < 600) return { kind: 'rejected', code, enhanced, reply }
  // An acceptance before the message was complete is of something else.
  if (code >= 200 && code < 300 && released) return { kind: 'accepted', code, reply }
  return unanswered(released, `unexpected reply: ${reply}`)
}

function unanswered(released: boolean, why: string): Outcome {
  return { kind: released ? 'unknown' : 'host-trouble', reply: replyText(why) }
}

/** nodemailer refuses by itself what no server could take; nothing was sent. */
function notAttempted(error: SendError): Outcome | undefined {
  if (error.response) return undefined
  if (error.code === 'ECONTROL' || (error.code === 'EENVELOPE' && error.command === 'API')) {
    // The text of the error would repeat the address.
    return rejected(553, '5.1.3', 'not sent: this address cannot stand in an SMTP command')
  }
  if (error.code === 'ENOUTF8') {
    return rejected(553, '5.6.7', 'not sent: the server takes no address outside ASCII')
  }
  // RFC 1870 §6.1: larger than the server's SIZE.
  if (error.code === 'EMESSAGE' && error.command === 'MAIL FROM')
    return rejected(552, '5.3.4', `not sent: ${error.message}`)
  return undefined
}

function rejected(code: number, enhanced: string, text: string): Outcome {
  return { kind: 'rejected', code, enhanced, reply: `${code} ${enhanced} ${replyText(text)}` }
}

/** RFC 3463 §2, RFC 2034 §4: class.subject.detail right after the reply code. */
export function enhancedCode(response: string): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(response)?.[1]
}
