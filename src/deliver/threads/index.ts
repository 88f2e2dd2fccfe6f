// A way to open a transport, here and in a thread → a transport that leaves the sending to other threads once there is
// much of it, so that all cores work: one writes the ledger, the others sign and talk to the server.

import { availableParallelism } from 'node:os'
import { type MessagePort, Worker } from 'node:worker_threads'
import type { Message, Outcome } from '../../model.ts'
import type { DkimKey } from '../dkim/sign-message.ts'
import { replyText, type SendHooks, type Timeouts, type Transport } from '../transport.ts'

export interface Threading {
  readonly threads?: number | undefined
  /** Messages that are sent here first. */
  readonly after?: number | undefined
}

/** A list that is shorter is done before threads have started. */
const MESSAGES_BEFORE_THREADS = 300

/** For how long a thread that the server gave no connection is left alone while others have some. */
const LEFT_ALONE_MS = 60_000

/** @param open the transport of this thread; a thread opens the same from its settings */
export function threadedTransport(
  open: () => Transport,
  settings: ThreadSettings,
  { threads = threadsHere(), after = MESSAGES_BEFORE_THREADS }: Threading = {},
): Transport {
  // Source that was not compiled cannot be run by a thread.
  if (threads < 1 || import.meta.url.endsWith('.ts')) return open()
  return new ThreadedTransport(open, settings, { threads, after })
}

class ThreadedTransport implements Transport {
  readonly name: string
  readonly #open: () => Transport
  readonly #settings: ThreadSettings
  readonly #threading: { readonly threads: number; readonly after: number }
  readonly #threads: SenderThread[] = []
  /** Threads without a connection, each with the timer that brings it back. */
  readonly #leftAlone = new Map<SenderThread, NodeJS.Timeout>()
  /** Those whose last message was answered. */
  readonly #answered = new Set<SenderThread>()
  readonly #closing: Promise<void>[] = []
  #here: Transport
  #inFlightHere = 0
  #sent = 0
  #closed = false

  constructor(
    open: () => Transport,
    settings: ThreadSettings,
    threading: { readonly threads: number; readonly after: number },
  ) {
    this.#open = open
    this.#settings = settings
    this.#threading = threading
    this.#here = open()
    this.name = this.#here.name
  }

  verify(): Promise<void> {
    return this.#here.verify()
  }

  async send(message: Message, hooks: SendHooks): Promise<Outcome> {
    if (++this.#sent === this.#threading.after + 1 && !this.#closed) this.#startThreads()
    for (;;) {
      const thread = this.#idlest()
      if (!thread) return this.#sendHere(message, hooks)
      let asked = false
      const outcome = await thread.send(message, {
        beforeLastByte() {
          asked = true
          return hooks.beforeLastByte()
        },
      })
      if (outcome.kind !== 'host-trouble') this.#answered.add(thread)
      else this.#answered.delete(thread)
      // Not a byte of it has left. Where the server gives this thread no connection, another may have one.
      const elsewhere = [...this.#answered].some(other => this.#willing(other))
      if (outcome.kind !== 'host-trouble' || asked || this.#closed || !elsewhere) return outcome
      this.#leaveAlone(thread)
    }
  }

  async close(how?: 'cut'): Promise<void> {
    this.#closed = true
    for (const timer of this.#leftAlone.values()) clearTimeout(timer)
    await Promise.all([
      this.#here.close(how),
      ...this.#closing,
      ...this.#threads.map(thread => thread.close(how)),
    ])
  }

  #startThreads(): void {
    const file = new URL('./sending-thread.js', import.meta.url)
    for (let i = 0; i < this.#threading.threads; i++)
      this.#threads.push(new SenderThread(file, this.#settings))
  }

  /** The one with the least to do, so that together they have no more connections than messages are in flight. */
  #idlest(): SenderThread | undefined {
    const willing = this.#threads.filter(thread => this.#willing(thread))
    return willing.sort((a, b) => a.inFlight() - b.inFlight())[0]
  }

  #willing(thread: SenderThread): boolean {
    return thread.alive() && !this.#leftAlone.has(thread)
  }

  async #sendHere(message: Message, hooks: SendHooks): Promise<Outcome> {
    this.#inFlightHere++
    try {
      return await this.#here.send(message, hooks)
    } finally {
      // The server counts connections: those of the beginning are given back as soon as the threads have taken over.
      if (--this.#inFlightHere === 0 && this.#idlest() && !this.#closed) {
        this.#closing.push(this.#here.close())
        this.#here = this.#open()
      }
    }
  }

  #leaveAlone(thread: SenderThread): void {
    clearTimeout(this.#leftAlone.get(thread))
    this.#leftAlone.set(
      thread,
      setTimeout(() => this.#leftAlone.delete(thread), LEFT_ALONE_MS),
    )
  }
}

/**
 * One core is for the ledger; beyond eight it would be the one that is too slow. On two cores a thread has been measured to
 * cost a third more than it saves: each message is passed to it, and its outcome back.
 */
function threadsHere(): number {
  const cores = availableParallelism()
  return cores < 3 ? 0 : Math.min(8, cores - 1)
}

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
