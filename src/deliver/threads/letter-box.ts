// Things to tell another thread → one message for all that came in the same turn of the event loop: each has its price.

import type { MessagePort, Worker } from 'node:worker_threads'

export function letterBox<Thing>(to: Pick<MessagePort | Worker, 'postMessage'>): (thing: Thing) => void {
  let waiting: Thing[] = []
  return thing => {
    if (waiting.push(thing) > 1) return
    setImmediate(() => {
      const things = waiting
      waiting = []
      to.postMessage(things)
    })
  }
}
