// What the main thread and a sending thread tell each other: lists of these, one for all that came in the same turn of the
// event loop.

import type { MessagePort, Worker } from 'node:worker_threads'
import type { Message, Outcome } from '../../model.ts'
import type { DkimKey } from '../dkim/sign-message.ts'
import type { Timeouts } from '../transports/transport.ts'

/** What a thread needs to open its own transport. */
export interface ThreadSettings {
  readonly address: string
  readonly dir: string
  readonly timeouts?: Partial<Timeouts> | undefined
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

/** Posts to the other side, many at a time: each message between threads has its price. */
export function batchedPost<Item>(to: Pick<MessagePort | Worker, 'postMessage'>): (item: Item) => void {
  let waiting: Item[] = []
  return item => {
    if (waiting.push(item) > 1) return
    setImmediate(() => {
      const items = waiting
      waiting = []
      to.postMessage(items)
    })
  }
}
