// The settings of a transport → a thread that sends, as the main thread sees it: a promise for each message; and what the
// two threads tell each other.

import { type MessagePort, Worker } from 'node:worker_threads'
import type { Message, Outcome } from '../../model.ts'
import type { DkimKey } from '../dkim/sign-message.ts'
import { replyText, type SendHooks, type Timeouts } from '../transports/transport.ts'

/** What a thread needs to open its own transport. */
export interface ThreadSettings {
  readonly address: string
  readonly dir: string
  readonly timeouts?: Partial<Timeouts> | undefined
  readonly dkim?: { readonly domain: string; readonly keys: readonly DkimKey[] } | undefined
}

/** A message that the thread has now. */
interface InFlight {
  readonly hooks: SendHooks
  readonly resolve: (outcome: Outcome) => void
  /** Once leave was given, a thread that ends takes with it what became of the message. */
  granted: boolean
}

export class SenderThread {
  readonly #worker: Worker
  readonly #post: (item: ToThread) => void
  readonly #inFlight = new Map<number, InFlight>()
  #lastId = 0
  #ended = false
  #closed: () => void = () => {}

  constructor(file: URL, settings: ThreadSettings) {
    this.#worker = new Worker(file, { workerData: settings })
    this.#post = batchedPost<ToThread>(this.#worker)
    this.#worker.on('message', (items: readonly FromThread[]) => {
      for (const item of items) {
        if ('asks' in item) void this.#ask(item.asks)
        else if ('outcome' in item) this.#settle(item.id, item.outcome)
        else this.#closed()
      }
    })
    this.#worker.on('error', error => this.#end(`the thread that sent it failed: ${error.message}`))
    this.#worker.on('exit', () => this.#end('the thread that sent it ended'))
  }

  /** How many messages are with it now. */
  inFlight(): number {
    return this.#inFlight.size
  }

  /** False once it has ended. */
  alive(): boolean {
    return !this.#ended
  }

  /** Never rejects. */
  send(message: Message, hooks: SendHooks): Promise<Outcome> {
    return new Promise(resolve => {
      const id = ++this.#lastId
      this.#inFlight.set(id, { hooks, resolve, granted: false })
      if (this.#ended) this.#end('the thread that sends has ended')
      else this.#post({ send: message, id })
    })
  }

  async close(how: 'cut' | undefined): Promise<void> {
    if (!this.#ended) {
      const closed = new Promise<void>(resolve => {
        this.#closed = resolve
      })
      this.#post({ close: how })
      await closed
    }
    await this.#worker.terminate()
  }

  async #ask(id: number): Promise<void> {
    const message = this.#inFlight.get(id)
    const granted = (await message?.hooks.beforeLastByte().catch(() => false)) ?? false
    if (!this.#inFlight.has(id)) return
    if (message) message.granted = granted
    this.#post({ granted, id })
  }

  #settle(id: number, outcome: Outcome): void {
    const message = this.#inFlight.get(id)
    this.#inFlight.delete(id)
    message?.resolve(outcome)
  }

  #end(why: string): void {
    this.#ended = true
    this.#closed()
    for (const [id, { granted }] of [...this.#inFlight]) {
      this.#settle(id, { kind: granted ? 'unknown' : 'host-trouble', reply: replyText(why) })
    }
  }
}

/** Each list that is posted is of these. */
export type ToThread =
  | { readonly send: Message; readonly id: number }
  /** May the last byte of this one leave? */
  | { readonly granted: boolean; readonly id: number }
  | { readonly close: 'cut' | undefined }

export type FromThread =
  | { readonly asks: number }
  | { readonly outcome: Outcome; readonly id: number }
  | { readonly closed: true }

/** Posts what came in one turn of the event loop as one list: each message between threads has its price. */
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
