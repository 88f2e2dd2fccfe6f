// A private key → its copies, each lent to one signature at a time.

import { createPrivateKey, type KeyObject } from 'node:crypto'

/** Node's thread pool has so many threads unless it is told otherwise. */
const THREADS = 4

/**
 * Node locks a key for as long as somebody signs with it, and so do the thread that asks for the next signature and all
 * other threads of the pool: with one key they take turns, and whoever asks stands still. With a copy each they do not.
 */
export function keyCopies(
  key: KeyObject,
): <Result>(work: (key: KeyObject) => Promise<Result>) => Promise<Result> {
  const free: KeyObject[] = [key]
  const waiting: ((copy: KeyObject) => void)[] = []
  let copies = 1

  function take(): KeyObject | Promise<KeyObject> {
    const copy = free.pop()
    if (copy) return copy
    if (copies === THREADS) return new Promise(resolve => waiting.push(resolve))
    copies++
    return createPrivateKey({
      key: key.export({ type: 'pkcs8', format: 'der' }),
      type: 'pkcs8',
      format: 'der',
    })
  }

  function give(copy: KeyObject): void {
    const next = waiting.shift()
    if (next) next(copy)
    else free.push(copy)
  }

  return async work => {
    const copy = await take()
    try {
      return await work(copy)
    } finally {
      give(copy)
    }
  }
}
