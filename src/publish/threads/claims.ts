// Batches of articles, each to be rendered by one of two threads → who has taken which, in memory that both see.

/** Articles a batch: little to wait for, enough that passing them on costs nothing. */
export const BATCH = 16

const FREE = 0
const TAKEN = 1
const PROMISED = 2
const READY = 3
const FAILED = 4

export interface Claims {
  /** By the main thread. @returns whether the batch is its own to render */
  take(batch: number): boolean
  /** By the other. @returns whether the batch is its own to render */
  promise(batch: number): boolean
  /** By the other: its message was sent, or never will be. */
  settle(batch: number, isReady: boolean): void
  /** By the main thread: waits for the other. @returns false when nothing will come */
  waitFor(batch: number): boolean
}

/** In ms: longer than any batch takes, for a thread that has died says nothing. */
const PATIENCE = 10_000

export function sharedClaims(articles: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * Math.ceil(articles / BATCH))
}

export function openClaims(shared: SharedArrayBuffer): Claims {
  const states = new Int32Array(shared)
  return {
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
      Atomics.wait(states, batch, PROMISED, PATIENCE)
      return Atomics.load(states, batch) === READY
    },
  }
}
