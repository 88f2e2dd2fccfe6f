// The settings of a way out → a thread that sends, as the main thread sees it: a promise for each message.

import { Worker } from 'node:worker_threads'
import type { Message, Outcome } from '../../model.ts'
import { replyText } from '../transports/reply.ts'
import type { SendHooks } from '../transports/transport.ts'
import { letterBox } from './letter-box.ts'
import type { FromThread, ThreadSettings, ToThread } from './protocol.ts'

export interface SenderThread {
  /** Messages that are with it now. */
  inFlight(): number
  /** False once it has ended. */
  alive(): boolean
  send(message: Message, hooks: SendHooks): Promise<Outcome>
  close(how: 'cut' | undefined): Promise<void>
}

interface Flight {
  readonly hooks: SendHooks
  readonly resolve: (outcome: Outcome) => void
  /** Once leave was given, a thread that ends takes with it what became of the message. */
  granted: boolean
}

export function senderThread(file: URL, settings: ThreadSettings): SenderThread {
  const worker = new Worker(file, { workerData: settings })
  const tell = letterBox<ToThread>(worker)
  const flights = new Map<number, Flight>()
  let last = 0
  let over = false
  let closed: () => void = () => {}

  worker.on('message', (things: readonly FromThread[]) => {
    for (const thing of things) {
      if ('asks' in thing) void ask(thing.asks)
      else if ('outcome' in thing) land(thing.id, thing.outcome)
      else closed()
    }
  })
  worker.on('error', error => ended(`the thread that sent it failed: ${error.message}`))
  worker.on('exit', () => ended('the thread that sent it ended'))

  async function ask(id: number): Promise<void> {
    const flight = flights.get(id)
    const granted = (await flight?.hooks.beforeLastByte().catch(() => false)) ?? false
    if (!flights.has(id)) return
    if (flight) flight.granted = granted
    tell({ granted, id })
  }

  function land(id: number, outcome: Outcome): void {
    const flight = flights.get(id)
    flights.delete(id)
    flight?.resolve(outcome)
  }

  function ended(why: string): void {
    over = true
    closed()
    for (const [id, { granted }] of [...flights]) {
      land(id, { kind: granted ? 'unknown' : 'host-trouble', reply: replyText(why) })
    }
  }

  return {
    inFlight: () => flights.size,
    alive: () => !over,
    send: (message, hooks) =>
      new Promise(resolve => {
        const id = ++last
        flights.set(id, { hooks, resolve, granted: false })
        if (over) ended('the thread that sends has ended')
        else tell({ send: message, id })
      }),
    async close(how) {
      if (!over) {
        const answered = new Promise<void>(resolve => {
          closed = resolve
        })
        tell({ close: how })
        await answered
      }
      await worker.terminate()
    },
  }
}
