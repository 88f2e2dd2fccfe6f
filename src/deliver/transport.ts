// The interface of a transport: every way of sending a message implements it. A new transport is one file with a
// `TransportKind`, and one line in the table of open-transport.ts.

import type { Message, Outcome } from '../model.ts'

export interface Transport {
  /** What it sends through, for people; without the password: 'smtp://news@mail.example:587'. */
  readonly name: string
  /** Tries all that sending needs but sends nothing. Throws UserError: refused, wrong password, no such folder. */
  verify(): Promise<void>
  /**
   * May be called while others are in flight: each takes a connection of its own. Never rejects. Once it says accepted, the
   * buffer of the message may be written over: whoever keeps the bytes copies them.
   */
  send(message: Message, hooks: SendHooks): Promise<Outcome>
  /** Lets idle connections go politely. `cut`: also those in flight, at once; their sends resolve. */
  close(how?: 'cut'): Promise<void>
}

export interface SendHooks {
  /**
   * Called at most once, when the receiver wants the message. Until it resolves, the last byte stays here; when it
   * says false or rejects, the last byte never leaves, and the outcome is host-trouble.
   */
  beforeLastByte(): Promise<boolean>
}

export interface TransportOptions {
  /** Folder that relative paths start from. */
  readonly dir: string
  /** In ms; tests shorten them. */
  readonly timeouts?: Partial<Timeouts> | undefined
  /** ms since epoch, for those whose requests carry their time. */
  readonly now?: (() => number) | undefined
}

export interface Timeouts {
  /** TCP, TLS, greeting, EHLO and AUTH together. */
  readonly connect: number
  /** From MAIL until the last byte may leave. RFC 5321 §4.5.3.2.2 to .5. */
  readonly message: number
  /** From the last byte to the reply. RFC 5321 §4.5.3.2.6: ten minutes; a shorter one makes unknowns. */
  readonly reply: number
}

/** One row of the table of transports. */
export interface TransportKind {
  /** How an address of it begins, up to the colon at least: 'smtp://', 'eml:'. */
  readonly prefixes: readonly string[]
  /** An address of it: 'eml:outbox'. */
  readonly example: string
  /** What it does with mail, for the documentation. */
  readonly summary: string
  /** Sending takes so much work in this process that threads are worth it. */
  readonly threads?: true
  /** Why a DKIM signature of ours would not survive, and what to do instead. */
  readonly breaksDkim?: { readonly why: string; readonly hint: string }
  /** @throws UserError for an address that lacks something */
  open(address: string, options: TransportOptions): Transport
}

const MAX_REPLY_LENGTH = 500

/**
 * A server's reply, of any number of lines → one line fit for the ledger, of at most 500 characters; the code is kept once:
 * '550 5.1.1 no such user here'.
 */
export function replyText(response: string): string {
  const [first = '', ...rest] = response.split(/\r?\n/)
  const lines = [
    first.replace(/^(\d{3})-/, '$1 '),
    ...rest.map(line => line.replace(/^\d{3}[ -]?(?:[245]\.\d{1,3}\.\d{1,3}\s)?/, '')),
  ]
  const text = lines
    .join(' ')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return text.length > MAX_REPLY_LENGTH ? `${text.slice(0, MAX_REPLY_LENGTH - 1)}…` : text
}

/** Messages of one letter differ by a name, an address and a link or two. */
const SLACK_BYTES = 1024

/**
 * Buffers of messages that were accepted, which nobody reads any more → where the next messages are written.
 *
 * As many buffers as messages are in flight at once, each as long as the longest message that it was used for. A process
 * that allocates anew for each message spends more on the memory than on writing the message.
 */
export class BufferPool {
  readonly #free: Uint8Array[] = []

  /** Undefined where there is none: whoever writes allocates. */
  take(): Uint8Array | undefined {
    return this.#free.pop()
  }

  /** @param length of the message whose bytes are free now, in this buffer or elsewhere */
  give(buffer: Uint8Array | undefined, length: number): void {
    this.#free.push(buffer && buffer.length >= length ? buffer : new Uint8Array(length + SLACK_BYTES))
  }
}
