// What a large build makes one by one (contents of items, letters of editions) → of which a second thread makes those at
// the end while this one makes those at the beginning: where they meet, all are made. Letters stay where they were made, and
// each thread writes the files of its own.

import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { fastPathsAllowed } from '../../base/index.ts'
import type { Listing, LoadMemory } from '../../content/index.ts'
import type { Article } from '../../model.ts'
import type { KeptText, WholeText } from '../../render/index.ts'
import type { DrawnEdition } from '../draw-edition.ts'

/** Enough to load the same articles without reading a file. */
export interface FolderInMemory {
  readonly dir: string
  readonly now: number
  readonly listing: Listing
  readonly memory: LoadMemory
}

/** What the other thread is to make, in the order in which it is asked for. */
export type Wanted =
  | ({ readonly kind: 'contents' } & WantedContents)
  | { readonly kind: 'letters'; readonly editions: readonly WantedLetter[] }

interface WantedContents {
  /** Of articles. */
  readonly files: readonly string[]
  /** So many of the first have an item; of the others only their text is wanted. */
  readonly items: number
  /** Whether the texts are wanted whole, for pages. */
  readonly whole: boolean
}

export interface WantedLetter {
  /** '<newsletter>/<id>' */
  readonly name: string
  readonly inFeed: boolean
}

/** What the other thread is given. */
export interface Job extends FolderInMemory {
  readonly wanted: Wanted
  /** Whether this run takes them. */
  readonly fastPaths: boolean
  readonly claims: SharedArrayBuffer
  readonly port: MessagePort
}

/** What it answers: one batch. */
export interface Batch<Made> {
  readonly batch: number
  readonly made: Made
}

export interface Threading {
  readonly threads?: number
  /** Of fewer, the thread would make too few while it starts to be worth its memory. */
  readonly min?: number
}

/**
 * V8 makes code fast that ran for so many bytes of it, on threads of its own: by default after a third of this. Where two threads
 * work they would compile everything twice, and take the cores from both.
 */
const BYTES_RUN_BEFORE_FAST = 400_000

interface Ahead<Made> {
  /** The batch that the other thread made; undefined where it is to be made here. */
  take(batch: number): Made | undefined
  /** Has it do something with what it made. @returns its answer; undefined when it has failed */
  ask(order: unknown): Promise<Answer | undefined>
  /** Has it leave the rest undone, where nobody wants it any more. */
  stop(): void
  close(): void
}

/** Of how many files it wrote. */
export interface Answer {
  readonly written: number
}

/** @returns undefined where a second thread is not worth it, or there is no core for it */
function workAhead<Made>(
  job: () => FolderInMemory & { readonly wanted: Wanted },
  count: number,
  perBatch: number,
  { threads = availableParallelism() - 1, min = 0 }: Threading,
): Ahead<Made> | undefined {
  // Source that was not compiled cannot be run by a thread.
  if (threads < 1 || count < min || import.meta.url.endsWith('.ts')) return undefined
  setFlagsFromString(`--interrupt-budget=${BYTES_RUN_BEFORE_FAST}`)
  const shared = sharedClaims(Math.ceil(count / perBatch))
  const claims = openClaims(shared)
  const { port1, port2 } = new MessageChannel()
  const workerData: Job = { ...job(), fastPaths: fastPathsAllowed(), claims: shared, port: port2 }
  const worker = new Worker(new URL('./making-thread.js', import.meta.url), {
    workerData,
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  })
  // What fails there is made here, where the failure can be reported.
  worker.on('error', () => {})
  worker.unref()
  port1.unref()
  const received = new Map<number, Made>()
  return {
    take(batch) {
      if (!received.has(batch) && (claims.take(batch) || !claims.waitFor(batch))) return undefined
      while (!received.has(batch)) {
        const found = receiveMessageOnPort(port1)
        if (!found) return undefined
        const message = found.message as Batch<Made>
        received.set(message.batch, message.made)
      }
      return received.get(batch)
    },
    ask: order =>
      new Promise(resolve => {
        port1.on('message', (answer: Answer | Batch<Made>) => {
          // A batch that nobody waited for any more is no answer.
          if ('written' in answer) resolve(answer)
        })
        port1.once('close', () => resolve(undefined))
        port1.ref()
        port1.postMessage(order)
      }),
    stop: claims.stop,
    close() {
      port1.close()
      void worker.terminate()
    },
  }
}

// ─── Contents of items ───────────────────────────────────────────────────────────────────────────────────────────────

/** Little to wait for, enough that passing them on costs nothing. */
export const CONTENTS_PER_BATCH = 16
const MIN_CONTENTS = 1500

export interface ContentsMade {
  /** Of all contents, one behind the other. */
  readonly bytes: ArrayBuffer
  readonly made: readonly TextMade[]
}

interface TextMade {
  /** Of its content. */
  readonly length: number
  readonly text: KeptText
  readonly whole: WholeText | undefined
}

interface ContentAhead extends TextMade {
  /** Empty where none was wanted. */
  readonly content: Buffer
}

export interface ContentsAhead {
  /** @returns undefined for an article that is to be rendered here */
  take(article: Article): ContentAhead | undefined
  close(): void
}

/**
 * @param articles whose contents are wanted
 * @param others whose texts are wanted, with those of the articles, for pages; undefined where there are none
 * @returns undefined where a second thread is not worth it, or there is no core for it
 */
export function contentsAhead(
  folder: () => FolderInMemory,
  articles: readonly Article[],
  others: readonly Article[] | undefined,
  threading: Threading = {},
): ContentsAhead | undefined {
  const all = [...articles, ...(others ?? [])]
  const files = () => all.map(({ file }) => file)
  const wanted = () => ({ files: files(), items: articles.length, whole: others !== undefined })
  const job = () => ({ ...folder(), wanted: { kind: 'contents', ...wanted() } as const })
  const options = { min: MIN_CONTENTS, ...threading }
  const ahead = workAhead<ContentsMade>(job, all.length, CONTENTS_PER_BATCH, options)
  if (!ahead) return undefined
  const places = new Map(all.map((article, place) => [article, place]))
  const unpacked = new Map<ContentsMade, ContentAhead[]>()
  return {
    take(article) {
      const place = places.get(article)
      if (place === undefined) return undefined
      const made = ahead.take(Math.floor(place / CONTENTS_PER_BATCH))
      if (!made) return undefined
      if (!unpacked.has(made)) unpacked.set(made, unpack(made))
      return unpacked.get(made)![place % CONTENTS_PER_BATCH]
    },
    close: ahead.close,
  }
}

function unpack({ bytes, made }: ContentsMade): ContentAhead[] {
  let at = 0
  return made.map(each => {
    const content = Buffer.from(bytes, at, each.length)
    at += each.length
    return { ...each, content }
  })
}

// ─── Letters of editions ─────────────────────────────────────────────────────────────────────────────────────────────

const MIN_LETTERS = 150
/** Of more articles, what is known of them takes most of the memory: nothing is kept twice beside it. */
export const LARGE_FOLDER_ARTICLES = 30_000

/** What another thread says of an edition whose letter it made and keeps. */
export interface LetterMade extends Omit<DrawnEdition, 'letter'> {
  /** Of the articles in it, by file. */
  readonly texts: readonly (readonly [file: string, text: KeptText])[]
}

export interface LettersAhead {
  /** @param place among those that were asked for @returns undefined for one that is to be made here */
  take(place: number): LetterMade | undefined
  /** Has the files of the editions that were taken written to `out/`. @returns how many were; undefined when it has failed */
  write(): Promise<number | undefined>
  /** Before the next edition. */
  stop(): void
  close(): void
}

/** @returns undefined where a second thread is not worth it, or there is no core for it */
export function lettersAhead(
  folder: () => FolderInMemory,
  articles: number,
  editions: readonly WantedLetter[],
  threading: Threading = {},
): LettersAhead | undefined {
  if (articles > LARGE_FOLDER_ARTICLES) return undefined
  const job = () => ({ ...folder(), wanted: { kind: 'letters', editions } as const })
  const ahead = workAhead<LetterMade>(job, editions.length, 1, { min: MIN_LETTERS, ...threading })
  if (!ahead) return undefined
  const taken: number[] = []
  return {
    take(place) {
      const made = ahead.take(place)
      if (made) taken.push(place)
      return made
    },
    write: async () => (await ahead.ask(taken))?.written,
    stop: ahead.stop,
    close: ahead.close,
  }
}

// ─── Claims ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const FREE = 0
const TAKEN = 1
const PROMISED = 2
const READY = 3
const FAILED = 4

/** Who has taken which batch, in memory that both threads see. */
export interface Claims {
  readonly batches: number
  /** By the main thread. @returns whether the batch is its own to make */
  take(batch: number): boolean
  /** By the other. @returns whether the batch is its own to make */
  promise(batch: number): boolean
  /** By the other: its message was sent, or never will be. */
  settle(batch: number, isReady: boolean): void
  /** By the main thread: waits for the other. @returns false when nothing will come */
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
      Atomics.wait(states, batch, PROMISED, MAX_WAIT_MS)
      return Atomics.load(states, batch) === READY
    },
    stop: () => void Atomics.store(states, batches, TAKEN),
    isStopped: () => Atomics.load(states, batches) === TAKEN,
  }
}
