// The seam through which a message leaves: what every way out does, and what it is given.

import type { Message, Outcome } from '../../model.ts'

export interface Transport {
  /** What it sends through, for people; without the password: 'smtp://news@mail.example:587'. */
  readonly name: string
  /** Tries all that sending needs but sends nothing. Throws UserError: refused, wrong password, no such folder. */
  prove(): Promise<void>
  /**
   * May be called while others are in flight: each takes a connection of its own. Never rejects. Once it says accepted, the
   * memory of the message belongs to another one: whoever keeps the bytes copies them.
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
  readonly timeouts?: Partial<SmtpTimeouts>
  /** ms since epoch, for those whose requests carry their time. */
  readonly now?: (() => number) | undefined
}

export interface SmtpTimeouts {
  /** TCP, TLS, greeting, EHLO and AUTH together. */
  readonly connect: number
  /** From MAIL until the last byte may leave. RFC 5321 §4.5.3.2.2 to .5. */
  readonly message: number
  /** From the last byte to the reply. RFC 5321 §4.5.3.2.6: ten minutes; a shorter one makes unknowns. */
  readonly reply: number
}
