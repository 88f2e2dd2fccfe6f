// A way to open a transport, here and in a thread → a transport that leaves the sending to other threads once there is
// much of it, so that all cores work: one writes the ledger, the others sign and talk to the server.

import { availableParallelism } from 'node:os'
import type { Message, Outcome } from '../../model.ts'
import type { SendHooks, Transport } from '../transports/transport.ts'
import type { ThreadSettings } from './protocol.ts'
import { type SenderThread, senderThread } from './sender-thread.ts'

/** A list that is shorter is done before threads have started. */
const WORTH_IT = 300

/** For how long a thread that the server gave no connection is left alone while others have some, in ms. */
const LEFT_ALONE = 60_000

export interface Threading {
  readonly threads?: number | undefined
  /** Messages that are sent here first. */
  readonly after?: number | undefined
}

/** @param open the transport of this thread; a thread opens the same from its settings */
export function threadedTransport(
  open: () => Transport,
  settings: ThreadSettings,
  { threads = threadsHere(), after = WORTH_IT }: Threading = {},
): Transport {
  // Source that was not compiled cannot be run by a thread.
  if (threads < 1 || import.meta.url.endsWith('.ts')) return open()
  const file = new URL('./sending-thread.js', import.meta.url)
  const workers: SenderThread[] = []
  const leftAlone = new Map<SenderThread, NodeJS.Timeout>()
  /** Those whose last message was answered. */
  const well = new Set<SenderThread>()
  const closing: Promise<void>[] = []
  let here = open()
  let flying = 0
  let sent = 0
  let over = false

  function begin(): void {
    for (let i = 0; i < threads; i++) workers.push(senderThread(file, settings))
  }

  /** The one with the least to do, so that together they have no more connections than messages are in flight. */
  function idlest(): SenderThread | undefined {
    const willing = workers.filter(worker => worker.alive() && !leftAlone.has(worker))
    return willing.sort((a, b) => a.inFlight() - b.inFlight())[0]
  }

  async function sendHere(message: Message, hooks: SendHooks): Promise<Outcome> {
    flying++
    try {
      return await here.send(message, hooks)
    } finally {
      // The server counts connections: those of the beginning are given back as soon as the threads have taken over.
      if (--flying === 0 && idlest() && !over) {
        closing.push(here.close())
        here = open()
      }
    }
  }

  async function send(message: Message, hooks: SendHooks): Promise<Outcome> {
    if (++sent === after + 1 && !over) begin()
    for (;;) {
      const worker = idlest()
      if (!worker) return sendHere(message, hooks)
      let asked = false
      const outcome = await worker.send(message, {
        beforeLastByte() {
          asked = true
          return hooks.beforeLastByte()
        },
      })
      if (outcome.kind !== 'host-trouble') well.add(worker)
      else well.delete(worker)
      // Not a byte of it has left. Where the server gives this thread no connection, another may have one.
      const elsewhere = [...well].some(other => other.alive() && !leftAlone.has(other))
      if (outcome.kind !== 'host-trouble' || asked || over || !elsewhere) return outcome
      leave(worker)
    }
  }

  function leave(worker: SenderThread): void {
    clearTimeout(leftAlone.get(worker))
    leftAlone.set(
      worker,
      setTimeout(() => leftAlone.delete(worker), LEFT_ALONE),
    )
  }

  return {
    name: here.name,
    prove: () => here.prove(),
    send,
    async close(how) {
      over = true
      for (const timer of leftAlone.values()) clearTimeout(timer)
      await Promise.all([here.close(how), ...closing, ...workers.map(worker => worker.close(how))])
    },
  }
}

/**
 * One core is for the ledger; beyond eight it would be the one that is too slow. On two cores a thread has been measured to
 * cost a third more than it saves: each message is told to it, and back.
 */
function threadsHere(): number {
  const cores = availableParallelism()
  return cores < 3 ? 0 : Math.min(8, cores - 1)
}
