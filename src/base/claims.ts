// So many batches of work → which of two threads makes which, in memory that both see: the main one takes them from the first
// on, the other from the last, and where they meet, all are taken.

const FREE = 0
const TAKEN = 1
const PROMISED = 2
const READY = 3
const FAILED = 4

/** Who has taken which batch. */
export interface Claims {
  readonly batches: number
  /** By the main thread. @returns whether the batch is its own to make */
  take(batch: number): boolean
  /** By the other. @returns whether the batch is its own to make */
  promise(batch: number): boolean
  /** By whoever makes it: its message was sent, or never will be. */
  settle(batch: number, isReady: boolean): void
  /** Waits for whoever makes it. @returns false when nothing will come */
  waitFor(batch: number): boolean
  /** By the main thread. */
  stop(): void
  /** By the other. */
  isStopped(): boolean
}

/** Longer than any batch takes, for a thread that has died says nothing. */
const MAX_WAIT_MS = 10_000

export function sharedClaims(batches: number): SharedArrayBuffer {
  // And one that says whether all is over.
  return new SharedArrayBuffer(4 * (batches + 1))
}

export function openClaims(shared: SharedArrayBuffer): Claims {
  const states = new Int32Array(shared)
  const batches = states.length - 1
  return {
    batches,
    take(batch) {
      const was = Atomics.compareExchange(states, batch, FREE, TAKEN)
      return was === FREE || was === TAKEN || was === FAILED
    },
    promise: batch => Atomics.compareExchange(states, batch, FREE, PROMISED) === FREE,
    settle(batch, isReady) {
      Atomics.store(states, batch, isReady ? READY : FAILED)
      Atomics.notify(states, batch)
    },
    waitFor(batch) {
      const state = Atomics.load(states, batch)
      if (state === TAKEN || state === PROMISED) Atomics.wait(states, batch, state, MAX_WAIT_MS)
      return Atomics.load(states, batch) === READY
    },
    stop: () => void Atomics.store(states, batches, TAKEN),
    isStopped: () => Atomics.load(states, batches) === TAKEN,
  }
}
