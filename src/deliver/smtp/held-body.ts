// A message's bytes → a stream that gives all but the last byte, and the last one only with leave. RFC 5321 §4.1.1.4:
// without it there is no final dot, and without a final dot the receiver has nothing. And the server's answer → the outcome.

import { Readable, type Transform } from 'node:stream'
import type { Outcome } from '../../model.ts'
import { replyText } from '../transport.ts'

/** The last byte of a message that ends its last line, and the final dot. */
const END = Buffer.from('\n.\r\n')

export class HeldBody {
  readonly stream: Readable
  readonly #bytes: Uint8Array
  readonly #leave: () => Promise<boolean>
  readonly #onRelease: () => void
  #wanted = false
  #released = false
  #stopped = false

  /**
   * @param leave asked once, as soon as the first byte is wanted, so that it takes its time while the others travel; when it
   * throws instead of promising, not a byte travels
   * @param onRelease called just before the last byte goes
   */
  constructor(bytes: Uint8Array, leave: () => Promise<boolean>, onRelease: () => void) {
    this.#bytes = bytes
    this.#leave = leave
    this.#onRelease = onRelease
    this.stream = new Readable({ read: () => this.#read() })
    this.stream.pipe = to => this.#pipe(to)
  }

  /** Did the receiver ask for the body? */
  wanted(): boolean {
    return this.#wanted
  }

  /** Was the last byte let go? */
  released(): boolean {
    return this.#released
  }

  /** From here on the last byte stays, whatever the leave says. */
  stop(): void {
    this.#stopped = true
  }

  #read(): void {
    if (this.#wanted) return
    this.#begin(
      this.#bytes.subarray(0, -1),
      () => {
        this.stream.push(this.#bytes.subarray(-1))
        this.stream.push(null)
      },
      this.stream,
    )
  }

  /**
   * nodemailer pipes us into a transform of its own that looks at every byte in search of dots and of line ends that are
   * none, which takes longer than all the rest of sending. What needs neither passes it by: the same bytes, and its dot.
   */
  #pipe<To extends NodeJS.WritableStream>(to: To): To {
    const ready = wireForm(this.#bytes)
    if (!ready) return Readable.prototype.pipe.call(this.stream, to) as unknown as To
    const data = to as unknown as Transform
    data._flush = done => done(null, END)
    this.#begin(ready.subarray(0, -1), () => data.end(), data)
    return to
  }

  #begin(most: Uint8Array, rest: () => void, to: Readable): void {
    this.#wanted = true
    try {
      this.#leave().then(
        granted => this.#decide(granted, rest),
        (error: Error) => this.stream.destroy(error),
      )
    } catch (error) {
      this.stream.destroy(error as Error)
      return
    }
    to.push(most)
  }

  #decide(granted: boolean, rest: () => void): void {
    if (this.#stopped || this.stream.destroyed) return
    if (!granted) {
      this.stream.destroy(new Error('withheld'))
      return
    }
    this.#released = true
    this.#onRelease()
    rest()
  }
}

/**
 * A message's bytes → the same as they are sent between DATA and the final dot: dots stuffed, whole lines. RFC 5321 §4.5.2.
 * A search for line ends is the machine’s own, and several times faster than a look at each byte.
 *
 * @returns undefined with a bare CR or LF (RFC 5321 §2.3.8) or the last line has no end: that takes more than
 * dots
 */
export function wireForm(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (!text.endsWith('\r\n')) return undefined
  let dots = text.startsWith('.')
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    if (end < 1 || text.indexOf('\r', at) !== end - 1) return undefined
    at = end + 1
    if (text.charCodeAt(at) === 0x2e) dots = true
  }
  return dots ? Buffer.from(text.replace(/^\./gm, '..'), 'latin1') : bytes
}

// Only a reply code is certain; silence after the last byte is the one thing that nobody can know.

/** The parts of nodemailer's error that say what happened. */
export interface SendError {
  readonly message: string
  /** ECONNECTION, ETIMEDOUT, EENVELOPE, EMESSAGE, EPROTOCOL, …; our own ECONTROL and ENOUTF8. */
  readonly code?: string | undefined
  /** 'MAIL FROM', 'RCPT TO', 'DATA', 'CONN'; 'API' when nodemailer refused before saying anything. */
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

interface Attempt {
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
    return rejected(553, '5.1.3', 'not sent: this address is not allowed in an SMTP command')
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
