// What the main thread and a sending thread tell each other; each list that is posted is of these.

import type { Message, Outcome } from '../../model.ts'
import type { DkimKey } from '../dkim/sign-message.ts'
import type { SmtpTimeouts } from '../transports/transport.ts'

/** What a thread needs to open its own way out. */
export interface ThreadSettings {
  readonly address: string
  readonly dir: string
  readonly timeouts?: Partial<SmtpTimeouts> | undefined
  readonly dkim?: { readonly domain: string; readonly keys: readonly DkimKey[] } | undefined
}

export type ToThread =
  | { readonly send: Message; readonly id: number }
  /** May the last byte of this one leave? */
  | { readonly granted: boolean; readonly id: number }
  | { readonly close: 'cut' | undefined }

export type FromThread =
  | { readonly asks: number }
  | { readonly outcome: Outcome; readonly id: number }
  | { readonly closed: true }
