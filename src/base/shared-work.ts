// Work in batches → which of two threads makes which, by memory that both see: the main thread takes them from the first on,
// the second from the last, until none is left. And the batches that one of them receives from the other.

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

const FREE = 0
const TAKEN_BY_MAIN = 1
const TAKEN_BY_SECOND = 2
const READY = 3
const FAILED = 4
/** In the place behind the batches. */
const STOPPED = 1

/** Who has taken which batch. */
export interface SharedWork {
  /** How many batches there are. */
  readonly count: number
  /** @returns whether the main thread is to make the batch: nobody has begun it, or the other failed at it */
  takeByMain(batch: number): boolean
  /** @returns whether the second thread is to make it: nobody has begun it */
  takeBySecond(batch: number): boolean
  /** By whoever makes it: its message was sent, or never will be. */
  settle(batch: number, isReady: boolean): void
  /** Waits for whoever makes it. @returns false when nothing will come */
  waitFor(batch: number): boolean
  /** Whether it was made and its message sent. */
  isReady(batch: number): boolean
  /** By the main thread: the second begins no more of it. */
  stop(): void
  isStopped(): boolean
}

/** Longer than any batch takes, for a thread that has died says nothing. */
const MAX_WAIT_MS = 10_000

/** @param count of batches @returns what both threads open */
export function makeSharedWork(count: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (count + 1))
}

export function openSharedWork(shared: SharedArrayBuffer): SharedWork {
  const states = new Int32Array(shared)
  const count = states.length - 1
  return {
    count,
    takeByMain(batch) {
      const was = Atomics.compareExchange(states, batch, FREE, TAKEN_BY_MAIN)
      return was === FREE || was === TAKEN_BY_MAIN || was === FAILED
    },
    takeBySecond: batch => Atomics.compareExchange(states, batch, FREE, TAKEN_BY_SECOND) === FREE,
    settle(batch, isReady) {
      Atomics.store(states, batch, isReady ? READY : FAILED)
      Atomics.notify(states, batch)
    },
    waitFor(batch) {
      const state = Atomics.load(states, batch)
      const isTaken = state === TAKEN_BY_MAIN || state === TAKEN_BY_SECOND
      if (isTaken) Atomics.wait(states, batch, state, MAX_WAIT_MS)
      return Atomics.load(states, batch) === READY
    },
    isReady: batch => Atomics.load(states, batch) === READY,
    stop: () => void Atomics.store(states, count, STOPPED),
    isStopped: () => Atomics.load(states, count) === STOPPED,
  }
}

/** What the other thread passes on: one batch. */
export interface Batch<Made> {
  readonly batch: number
  readonly made: Made
}

/** Batches that came through a port, in whatever order. */
export class ReceivedBatches<Made> {
  readonly #port: MessagePort
  readonly #made = new Map<number, Made>()

  constructor(port: MessagePort) {
    this.#port = port
  }

  has(batch: number): boolean {
    return this.#made.has(batch)
  }

  /** @returns undefined for one that has not come */
  take(batch: number): Made | undefined {
    while (!this.#made.has(batch)) {
      const found = receiveMessageOnPort(this.#port)
      if (!found) return undefined
      const message = found.message as Batch<Made>
      this.#made.set(message.batch, message.made)
    }
    return this.#made.get(batch)
  }
}
