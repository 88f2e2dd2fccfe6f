// A folder with many articles, loaded by two threads at once → in both, what each of its files says. Each parses the chunks of
// files that the other has not begun, the main one from the first on and the other from the last, and recalls the rest from
// what that one made, as a later build would.

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { type Claims, openClaims } from '../../base/index.ts'
import type { ArticleLoader } from '../articles/load-articles.ts'
import { FILES_PER_CHUNK, type KnownArticle, type LoadMemory, openMemory, openPacker } from '../memory.ts'

/** One side of it. */
export interface LoadShare {
  readonly isMain: boolean
  /** `sharedClaims` of as many chunks as there are. */
  readonly claims: SharedArrayBuffer
  readonly port: MessagePort
  /** Whether the other thread is to have all files as well, and not only to make its share of them. */
  readonly both: boolean
}

/** @param files of all articles */
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
  const side = new Side(share)
  const chunks: Uint8Array[] = []
  const recall = openMemory({ authors, chunks })
  const pack = openPacker(authors)
  const parsed = new Map<number, readonly KnownArticle[]>()
  for (const chunk of side.order()) {
    const start = chunk * FILES_PER_CHUNK
    const ofChunk = paths.slice(start, start + FILES_PER_CHUNK)
    const given = side.isMine(chunk) ? undefined : side.receive(chunk)
    if (given) {
      chunks[chunk] = given
      parsed.set(
        chunk,
        ofChunk.map((_, at) => recall(start + at, fresh)),
      )
    } else {
      parsed.set(
        chunk,
        side.make(chunk, () => {
          const files = ofChunk.map(load)
          chunks[chunk] = pack(ofChunk, files)
          return [files, chunks[chunk]]
        }),
      )
    }
  }
  return { files: chunks.flatMap((_, chunk) => parsed.get(chunk)!), chunks }
}

/** What a thread does of it that needs none of the files itself. */
export function loadOwnShare(
  share: LoadShare,
  paths: readonly string[],
  authors: LoadMemory['authors'],
  { load }: ArticleLoader,
): void {
  const side = new Side(share)
  const pack = openPacker(authors)
  for (const chunk of side.order()) {
    if (!side.isMine(chunk)) return
    const start = chunk * FILES_PER_CHUNK
    const ofChunk = paths.slice(start, start + FILES_PER_CHUNK)
    side.make(chunk, () => [undefined, pack(ofChunk, ofChunk.map(load))])
  }
}

class Side {
  readonly #share: LoadShare
  readonly #claims: Claims
  readonly #received = new Map<number, Uint8Array>()

  constructor(share: LoadShare) {
    this.#share = share
    this.#claims = openClaims(share.claims)
  }

  *order(): Generator<number> {
    const { batches } = this.#claims
    for (let at = 0; at < batches; at++) yield this.#share.isMain ? at : batches - 1 - at
  }

  isMine(chunk: number): boolean {
    return this.#share.isMain ? this.#claims.take(chunk) : this.#claims.promise(chunk)
  }

  /** @param make the files of a chunk, and their bytes for the other side */
  make<Files>(chunk: number, make: () => readonly [Files, Uint8Array]): Files {
    try {
      const [files, packed] = make()
      const { isMain, both, port } = this.#share
      if (!isMain || both) port.postMessage({ chunk, packed } satisfies Given)
      this.#claims.settle(chunk, true)
      return files
    } catch (error) {
      this.#claims.settle(chunk, false)
      throw error
    }
  }

  /** @returns undefined for a chunk that the other side has not made: it is to be made here */
  receive(chunk: number): Uint8Array | undefined {
    if (!this.#received.has(chunk) && !this.#claims.waitFor(chunk)) return undefined
    while (!this.#received.has(chunk)) {
      const found = receiveMessageOnPort(this.#share.port)
      if (!found) return undefined
      const { chunk: other, packed } = found.message as Given
      this.#received.set(other, packed)
    }
    return this.#received.get(chunk)
  }
}

interface Given {
  readonly chunk: number
  readonly packed: Uint8Array
}
