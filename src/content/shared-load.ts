// A folder with many articles, loaded by two threads at once → in both, what each of its files says. Each parses the chunks of
// files that the other has not begun, and recalls the rest from what the other made of them, as a later build would.

import type { MessagePort } from 'node:worker_threads'
import { type Batch, openSharedWork, ReceivedBatches, type SharedWork } from '../base/index.ts'
import type { ArticleLoader } from './articles/load-articles.ts'
import { FILES_PER_CHUNK, type KnownArticle, type LoadMemory, openMemory, openPacker } from './memory.ts'

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
