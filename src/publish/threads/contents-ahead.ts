// Articles whose contents a feed is to carry → the contents, of which a second thread makes those at the end while this
// one makes those at the beginning: where they meet, all are made.

import { availableParallelism } from 'node:os'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { fastPathsAllowed } from '../../base/index.ts'
import type { Listing, LoadMemory } from '../../content/index.ts'
import type { Article } from '../../model.ts'
import type { KeptText } from '../../render/index.ts'

/** What the other thread is given: enough to load the same articles without reading a file. */
export interface ContentsJob {
  readonly dir: string
  readonly now: number
  readonly listing: Listing
  readonly memory: LoadMemory
  /** Of the articles, in the order in which they are asked for. */
  readonly files: readonly string[]
  /** Whether this run takes them. */
  readonly fastPaths: boolean
  readonly claims: SharedArrayBuffer
  readonly port: import('node:worker_threads').MessagePort
}

/** What it answers: one batch. */
export interface ContentsBatch {
  readonly batch: number
  /** Of all contents, one behind the other. */
  readonly bytes: ArrayBuffer
  readonly made: readonly { readonly length: number; readonly text: KeptText }[]
}

/** Of fewer, the thread would make too few while it starts to be worth its memory. */
const MIN_ARTICLES = 1500

interface MadeAhead {
  readonly content: Buffer
  readonly text: KeptText
}

export interface ContentsAhead {
  /** @returns undefined for an article that is to be rendered here */
  take(article: Article): MadeAhead | undefined
  close(): void
}

export interface Threading {
  readonly threads?: number
  readonly minArticles?: number
}

/** @returns undefined where a second thread is not worth it, or there is no core for it */
export function contentsAhead(
  job: () => Omit<ContentsJob, 'claims' | 'fastPaths' | 'files' | 'port'>,
  articles: readonly Article[],
  { threads = availableParallelism() - 1, minArticles = MIN_ARTICLES }: Threading = {},
): ContentsAhead | undefined {
  // Source that was not compiled cannot be run by a thread.
  if (threads < 1 || articles.length < minArticles || import.meta.url.endsWith('.ts')) return undefined
  const shared = sharedClaims(articles.length)
  const claims = openClaims(shared)
  const { port1, port2 } = new MessageChannel()
  const files = articles.map(({ file }) => file)
  const workerData: ContentsJob = {
    ...job(),
    files,
    fastPaths: fastPathsAllowed(),
    claims: shared,
    port: port2,
  }
  const worker = new Worker(new URL('./contents-thread.js', import.meta.url), {
    workerData,
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  })
  // What fails there is made here, where the failure can be reported.
  worker.on('error', () => {})
  worker.unref()
  port1.unref()
  const places = new Map(articles.map((article, place) => [article, place]))
  const batches = new Map<number, MadeAhead[]>()

  function receive(batch: number): MadeAhead[] | undefined {
    while (!batches.has(batch)) {
      const found = receiveMessageOnPort(port1)
      if (!found) return undefined
      const message = found.message as ContentsBatch
      batches.set(message.batch, unpack(message))
    }
    return batches.get(batch)
  }

  return {
    take(article) {
      const place = places.get(article)
      if (place === undefined) return undefined
      const batch = Math.floor(place / BATCH_ARTICLES)
      if (!batches.has(batch) && (claims.take(batch) || !claims.waitFor(batch))) return undefined
      return receive(batch)?.[place % BATCH_ARTICLES]
    },
    close() {
      port1.close()
      void worker.terminate()
    },
  }
}

function unpack({ bytes, made }: ContentsBatch): MadeAhead[] {
  let at = 0
  return made.map(({ length, text }) => {
    const content = Buffer.from(bytes, at, length)
    at += length
    return { content, text }
  })
}

/** Little to wait for, enough that passing them on costs nothing. */
export const BATCH_ARTICLES = 16

const FREE = 0
const TAKEN = 1
const PROMISED = 2
const READY = 3
const FAILED = 4

/** Who has taken which batch, in memory that both threads see. */
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

/** Longer than any batch takes, for a thread that has died says nothing. */
const MAX_WAIT_MS = 10_000

export function sharedClaims(articles: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * Math.ceil(articles / BATCH_ARTICLES))
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
      Atomics.wait(states, batch, PROMISED, MAX_WAIT_MS)
      return Atomics.load(states, batch) === READY
    },
  }
}
