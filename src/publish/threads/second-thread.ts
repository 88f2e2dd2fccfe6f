// The thread that a large build has beside the main one → orders to it: how it comes by the articles, and what it is to make
// of them; and its answers.

import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import {
  type Batch,
  fastPathsAllowed,
  makeSharedWork,
  openSharedWork,
  ReceivedBatches,
} from '../../base/index.ts'
import {
  chunksOf,
  type FeedReport,
  isMarkdown,
  isMostShown,
  type Listing,
  type LoadMemory,
  type LoadShare,
  STAMP_LENGTH,
} from '../../content/index.ts'
import type { KeptText, WholeText } from '../../render/index.ts'

/** What the other thread is given when it starts. */
export interface Started {
  /** Absolute path of the publication's folder. */
  readonly dir: string
  /** ms since epoch. */
  readonly now: number
}

/** What it is sent then: first how it comes by the articles, then what it is to make of them. */
export type Order =
  | {
      readonly kind: 'load'
      readonly listing: Listing
      readonly settings: LoadMemory['settings']
      readonly share: LoadShare
    }
  | { readonly kind: 'recall'; readonly listing: Listing; readonly memory: LoadMemory }
  | {
      readonly kind: 'make'
      readonly wanted: Wanted
      readonly work: SharedArrayBuffer
      readonly port: MessagePort
    }

/** What the other thread is to make, in the order in which it is asked for. */
export type Wanted =
  | ({ readonly kind: 'contents' } & WantedContents)
  | { readonly kind: 'letters'; readonly editions: readonly WantedLetter[] }
  | ({ readonly kind: 'pages' } & WantedPages)

interface WantedContents {
  /** Of articles. */
  readonly files: readonly string[]
  /** So many of the first have an item; of the others only their text is wanted. */
  readonly items: number
  /** Whether the other thread is to keep all texts whole, for pages. */
  readonly pages: boolean
  /** So many of the first are wanted whole here. */
  readonly whole: number
}

export interface WantedLetter {
  /** '<newsletter>/<id>' */
  readonly name: string
  readonly inFeed: boolean
}

/** Pages of articles, each a batch, which it writes as well. */
interface WantedPages {
  readonly pages: readonly (readonly [file: string, path: string])[]
  /** Of those of their texts that the other thread has not made, by file. */
  readonly texts: ReadonlyMap<string, { readonly text: KeptText; readonly whole: WholeText }>
  readonly feeds: readonly FeedReport[]
}

/**
 * V8 makes code fast that ran for so many bytes of it, on threads of its own. Where two threads work they compile everything twice,
 * and take the cores from both: what is over in a second is better never made fast, and all else after six times the bytes
 * that V8 would wait for. It is set for good, since V8 does not tell what it was: the process of a build ends with it, and `preview`
 * has no second thread.
 */
const BYTES_RUN_BEFORE_FAST = { shortWork: 4_000_000, longWork: 400_000 }

/** The V8 of later versions of Node has no such flag, and says so on standard error. */
const MAX_NODE_WITH_BUDGET = 20

function makeFastAfter(bytes: number): void {
  if (Number.parseInt(process.versions.node, 10) > MAX_NODE_WITH_BUDGET) return
  setFlagsFromString(`--interrupt-budget=${bytes}`)
}

/** Of fewer files, and fewer bytes of Markdown, all is made before a thread has started. */
const MIN_FILES = 2000
const MIN_BYTES = 6_000_000
/**
 * How much of the memory a folder takes, by the number and the bytes of its articles. Of a large one there is nothing twice: no second
 * thread, and letters wait compressed.
 */
export type FolderSize = 'small' | 'medium' | 'large'

/** In articles. With pages and letters in two threads a medium folder takes 450 MiB, and a large one would take 600. */
const FOLDER_SIZES = { medium: 13_000, large: 18_000 }
/** So many take as much memory as what else is known of an article. */
const BYTES_PER_ARTICLE = 5000
/** The texts of more are not kept for their pages. */
const MAX_BYTES_KEPT = 60_000_000
/** How many articles take as much memory as one that is shown, where most are in no page, letter or feed: their texts are not kept. */
const ARTICLES_NOT_SHOWN = 3

export function sizeOf({ paths, stamps }: Listing, settings: LoadMemory['settings']['value']): FolderSize {
  let articles = 0
  let bytes = 0
  for (const [at, path] of paths.entries()) {
    if (!isMarkdown(path)) continue
    articles++
    bytes += stamps[at * STAMP_LENGTH]!
  }
  const size = isMostShown(settings, articles)
    ? articles + Math.min(bytes, MAX_BYTES_KEPT) / BYTES_PER_ARTICLE
    : articles / ARTICLES_NOT_SHOWN
  return size > FOLDER_SIZES.large ? 'large' : size > FOLDER_SIZES.medium ? 'medium' : 'small'
}

/** Started by whoever needs it first; whatever becomes of it, what it has not made is made here. */
export class SecondThread {
  readonly #dir: string
  readonly #now: number
  readonly #cores: number
  #worker: Worker | undefined
  readonly #ports: MessagePort[] = []
  /** Whether it has the articles, or will have them by its next order. */
  #isLoaded = false

  /** @param cores that are there for it */
  constructor(dir: string, now: number, cores = availableParallelism() - 1) {
    this.#dir = dir
    this.#now = now
    // Source that was not compiled cannot be run by a thread.
    this.#cores = import.meta.url.endsWith('.ts') || !fastPathsAllowed() ? 0 : cores
  }

  /** As soon as it is certain that all is to be made of so many files, which nobody has looked at yet. */
  beginForMany(paths: readonly string[]): void {
    if (paths.length < MIN_FILES) return
    const { large } = FOLDER_SIZES
    if (paths.length <= large || paths.filter(isMarkdown).length <= large) this.begin()
  }

  /**
   * For each collection of young objects V8 would wake threads of its own, and wait for them where both cores are taken: up to
   * ten milliseconds instead of one.
   */
  begin(): void {
    if (this.#worker || this.#cores < 1) return
    makeFastAfter(BYTES_RUN_BEFORE_FAST.shortWork)
    if (this.#cores === 1) setFlagsFromString('--no-parallel-scavenge')
    const workerData: Started = { dir: this.#dir, now: this.#now }
    const worker = new Worker(new URL('./making-thread.js', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
    })
    // What fails there is made here, where the failure can be reported.
    worker.on('error', () => {})
    // Whoever waits for an answer learns that none will come.
    worker.on('exit', () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      for (const port of this.#ports) port.close()
    })
    worker.unref()
    this.#worker = worker
  }

  /** To load a folder together of which nothing is known. @returns undefined where there is nobody to do it with */
  share(listing: Listing, settings: LoadMemory['settings'], size: FolderSize): LoadShare | undefined {
    // It was begun for the number of files alone.
    if (size === 'large') this.close()
    else if (isWorthSharing(listing)) this.begin()
    if (!this.#worker) return undefined
    // More than there are articles.
    const files = listing.paths.length
    const { port1, port2 } = new MessageChannel()
    const given = { work: makeSharedWork(chunksOf(files)) }
    this.#tell({ kind: 'load', listing, settings, share: { ...given, isMain: false, port: port2 } }, port2)
    this.#isLoaded = true
    port1.unref()
    return { ...given, isMain: true, port: port1 }
  }

  /** Once the folder is loaded. @param isLong whether what is made of it takes longer than a second */
  hasLoaded(isLong: boolean): void {
    if (this.#worker && isLong) makeFastAfter(BYTES_RUN_BEFORE_FAST.longWork)
  }

  /**
   * @param folder for a thread that has not loaded it
   * @param min of less it makes too little while it starts
   * @returns undefined where it is not worth it, or there is no core for it
   */
  ahead<Made>(
    folder: FolderInMemory,
    wanted: () => Wanted,
    count: number,
    { perBatch = 1, min }: { readonly perBatch?: number; readonly min: number },
  ): Ahead<Made> | undefined {
    if (!this.#isLoaded && (count < min || folder.size === 'large')) return undefined
    this.begin()
    if (!this.#worker) return undefined
    if (count >= min) makeFastAfter(BYTES_RUN_BEFORE_FAST.longWork)
    if (!this.#isLoaded) this.#tell({ kind: 'recall', listing: folder.listing, memory: folder.memory() })
    this.#isLoaded = true
    const shared = makeSharedWork(Math.ceil(count / perBatch))
    const { port1, port2 } = new MessageChannel()
    this.#ports.push(port1)
    this.#tell({ kind: 'make', wanted: wanted(), work: shared, port: port2 }, port2)
    return openAhead(shared, port1)
  }

  close(): void {
    if (this.#worker) setFlagsFromString('--parallel-scavenge')
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  #tell(order: Order, ...transferred: MessagePort[]): void {
    this.#worker!.postMessage(order, transferred)
  }
}

/** Enough to have the same articles without reading a file. */
export interface FolderInMemory {
  readonly listing: Listing
  readonly size: FolderSize
  memory(): LoadMemory
}

function isWorthSharing({ paths, stamps }: Listing): boolean {
  if (paths.length >= MIN_FILES) return true
  let bytes = 0
  for (const [at, path] of paths.entries()) if (isMarkdown(path)) bytes += stamps[at * STAMP_LENGTH]!
  return bytes >= MIN_BYTES
}

export interface Ahead<Made> {
  /** The batch that the other thread made; undefined where it is to be made here. */
  take(batch: number): Made | undefined
  /** Whether it has made a batch that is here. */
  has(batch: number): boolean
  /** Whether a batch is to be made here: what it has begun is its own. */
  isHere(batch: number): boolean
  /** Whether it has done all of a batch, of which nothing comes here. */
  isDone(batch: number): boolean
  /** Has it do something with what it made, or waits for what it does. @returns its answer; undefined when it has failed */
  ask(order?: unknown): Promise<Answer | undefined>
  /** Has it leave the rest undone, where nobody wants it any more. */
  stop(): void
  close(): void
}

/** Of how many files it wrote. */
export interface Answer {
  readonly written: number
}

function openAhead<Made>(shared: SharedArrayBuffer, port: MessagePort): Ahead<Made> {
  const work = openSharedWork(shared)
  const received = new ReceivedBatches<Made>(port)
  port.unref()
  return {
    take(batch) {
      if (!received.has(batch) && (work.takeByMain(batch) || !work.waitFor(batch))) return undefined
      return received.take(batch)
    },
    has: batch => received.has(batch),
    isHere: work.takeByMain,
    isDone: work.isReady,
    ask: order =>
      new Promise(resolve => {
        port.on('message', (answer: Answer | Batch<Made>) => {
          // A batch that nobody waited for any more is no answer.
          if ('written' in answer) resolve(answer)
        })
        port.once('close', () => resolve(undefined))
        port.ref()
        port.postMessage(order)
      }),
    stop: work.stop,
    close: () => port.close(),
  }
}
