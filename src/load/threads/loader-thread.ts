// A folder with many articles → a second thread that loads them together with the main one, as the main one sees it. What
// comes out is the same as without it, whichever of the two has loaded what.

import { availableParallelism } from 'node:os'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Author } from '../../model.ts'
import type { ArticleLoader } from '../article-loader.ts'
import type { KnownArticle } from '../columns.ts'
import { type Job, type Loads, SHARE, TAKEN, TOLD } from './protocol.ts'

export interface LoaderThread {
  /** It begins at once; whoever began it takes part by `load`. */
  begin(job: Job): void
  /** Every path's article, in their order. @param authors by id; articles name these very objects */
  load(paths: readonly string[], loader: ArticleLoader, authors: ReadonlyMap<string, Author>): KnownArticle[]
  end(): void
}

/** Fewer files are loaded before a thread has started. */
const MANY = 2000
/** A thread that tells nothing for so many ms has died of something that no thread hears, or its disk has. */
const PATIENCE = 5000

export function startLoaderThread(files: number): LoaderThread | undefined {
  if (files < MANY || availableParallelism() < 2) return undefined
  const { port1: port, port2 } = new MessageChannel()
  const numbers = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL('./loading-thread.js', import.meta.url), {
    workerData: { port: port2, numbers },
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
  // Whatever happens to it: what it has not told is loaded here.
  worker.on('error', () => {})
  worker.unref()
  port.unref()

  function load(paths: readonly string[], loader: ArticleLoader, authors: ReadonlyMap<string, Author>) {
    const shares: KnownArticle[][] = []
    const count = Math.ceil(paths.length / SHARE)
    const own = (share: number) => paths.slice(share * SHARE, (share + 1) * SHARE).map(loader.load)
    const listen = () => {
      for (let told = receiveMessageOnPort(port); told; told = receiveMessageOnPort(port)) {
        const { share, loaded, bodies } = told.message as Loads
        shares[share] ??= loaded ? loader.adopt(loaded.columns, loaded.authors, bodies, authors) : own(share)
      }
    }
    for (let share = next(); share < count; share = next()) shares[share] = own(share)
    for (let share = 0; share < count; share++) {
      while (!shares[share]) {
        const told = Atomics.load(numbers, TOLD)
        listen()
        if (!shares[share] && Atomics.wait(numbers, TOLD, told, PATIENCE) === 'timed-out')
          shares[share] = own(share)
      }
    }
    return shares.flat()
  }

  function next(): number {
    return Atomics.add(numbers, TAKEN, 1)
  }

  return {
    begin: job => port.postMessage(job),
    load,
    end() {
      port.close()
      void worker.terminate()
    },
  }
}
