// A Database → the same, whose transactions that begin at the same moment are committed together: the disk is waited for
// once. For a service, where many people do small things at once. What is answered is as durable as before.

import type { Database } from './database.ts'

interface Waiting {
  readonly work: (db: Database) => Promise<unknown>
  readonly done: (result: unknown) => void
  readonly failed: (error: unknown) => void
}

/** More would make the last of them wait for the first. */
const MOST = 64

export function commitTogether(db: Database): Database {
  const waiting: Waiting[] = []
  let running = false

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST)
      try {
        const results = await db.transaction(async tx => {
          const each: unknown[] = []
          for (const { work } of batch) each.push(await work(tx))
          return each
        })
        for (const [index, { done }] of batch.entries()) done(results[index])
      } catch {
        // One of them failed, or the database did: each alone says which.
        for (const { work, done, failed } of batch) await db.transaction(work).then(done, failed)
      }
    }
    running = false
  }

  return {
    ...db,
    transaction: work =>
      new Promise((resolve, reject) => {
        waiting.push({ work, done: result => resolve(result as never), failed: reject })
        if (running) return
        running = true
        // Whatever else has arrived by now comes along.
        setImmediate(() => void run())
      }),
  }
}
