// A folder with many articles, loaded by two threads at once → in both, what each of its files says. Each parses the chunks of
// files that the other has not begun, the main one from the first on and the other from the last, and recalls the rest from
// what that one made, as a later build would.

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { ArticleLoader } from '../articles/load-articles.ts'
import { FILES_PER_CHUNK, type KnownArticle, type LoadMemory, openMemory, openPacker } from '../memory.ts'

/** One side of it. */
export interface LoadShare {
  readonly isMain: boolean
  /** `makeSharedWork` of as many chunks as there are, or more. */
  readonly work: SharedArrayBuffer
  readonly port: MessagePort
}

/** How many chunks so many articles have. */
export function chunksOf(files: number): number {
  return Math.ceil(files / FILES_PER_CHUNK)
}

interface SharedFiles {
  readonly files: readonly KnownArticle[]
  /** Of the memory of them all. */
  readonly chunks: readonly Uint8Array[]
}

/**
 * @param paths of all articles
 * @throws ChangedMeanwhile when a file is no longer what was listed
 */
export function loadTogether(
  share: LoadShare,
  paths: readonly string[],
  authors: LoadMemory['authors'],
  { load, fresh }: ArticleLoader,
): SharedFiles {
  const side = new Side(share, chunksOf(paths.length))
  const pack = openPacker(authors)
  const chunks: Uint8Array[] = []
  const parsed: (readonly KnownArticle[])[] = []
  for (const chunk of side.order()) {
    const ofChunk = filesOf(chunk, paths)
    const given = side.isMine(chunk) ? undefined : side.receive(chunk)
    if (given) {
      chunks[chunk] = given
      const recall = openMemory({ authors, chunks: [given] })
      parsed[chunk] = ofChunk.map((_, at) => recall(at, fresh))
    } else {
      parsed[chunk] = side.make(chunk, () => {
        const files = ofChunk.map(load)
        chunks[chunk] = pack(ofChunk, files)
        return [files, chunks[chunk]]
      })
    }
  }
  return { files: parsed.flat(), chunks }
}

function filesOf(chunk: number, paths: readonly string[]): readonly string[] {
  return paths.slice(chunk * FILES_PER_CHUNK, (chunk + 1) * FILES_PER_CHUNK)
}

class Side {
  readonly #share: LoadShare
  readonly #work: SharedWork
  readonly #chunks: number
  readonly #received: ReceivedBatches<Uint8Array>

  constructor(share: LoadShare, chunks: number) {
    this.#share = share
    this.#received = new ReceivedBatches(share.port)
    this.#chunks = chunks
    this.#work = openSharedWork(share.work)
  }

  *order(): Generator<number> {
    for (let at = 0; at < this.#chunks; at++) yield this.#share.isMain ? at : this.#chunks - 1 - at
  }

  isMine(chunk: number): boolean {
    return this.#share.isMain ? this.#work.takeByMain(chunk) : this.#work.takeBySecond(chunk)
  }

  /** @param make the files of a chunk, and their bytes for the other side */
  make<Files>(chunk: number, make: () => readonly [Files, Uint8Array]): Files {
    try {
      const [files, packed] = make()
      this.#share.port.postMessage({ batch: chunk, made: packed } satisfies Batch<Uint8Array>)
      this.#work.settle(chunk, true)
      return files
    } catch (error) {
      this.#work.settle(chunk, false)
      throw error
    }
  }

  /** @returns undefined for a chunk that the other side has not made: it is to be made here */
  receive(chunk: number): Uint8Array | undefined {
    return this.#received.has(chunk) || this.#work.waitFor(chunk) ? this.#received.take(chunk) : undefined
  }
}

// ─── Work that two threads share ─────────────────────────────────────────────────────────────────────────────────────
//
// So many batches of work → which of two threads makes which, in memory that both see: the main one takes them from the first
// on, the second from the last, and where they meet, all are taken.

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
