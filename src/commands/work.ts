// `work`: one more sender on PostgreSQL; takes part in every edition that is being sent, until it is told to stop.

import type { AttemptLog, Engine, Transport } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Loaded } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { attemptLog } from './send/attempt-log.ts'
import { openOutgoing } from './send/outgoing.ts'

/** How long a mail server in trouble is waited for before its readers go back to the others, in ms. */
const PATIENCE = 120_000

export async function run(context: Context): Promise<ExitCode> {
  const { openStore, storeAddress } = await import('../store/index.ts')
  const address = storeAddress(context.dir, context.env)
  if (!/^postgres(ql)?:\/\//i.test(address)) {
    throw new UserError(
      '`work` is for PostgreSQL: a database in a file has one sender, which is `broadsheet send`',
      'Set BROADSHEET_DATABASE=postgres://user:password@host:5432/broadsheet on every machine.',
    )
  }
  const { loadPublication } = await import('../content/index.ts')
  const loaded = loadPublication(context.dir, { now: context.now() })
  const { transport, secret } = await openOutgoing(context, loaded.publication)
  const log = attemptLog(context)
  const { db } = await openStore(address)
  try {
    const { openEngine } = await import('../deliver/index.ts')
    const engine = await openEngine(address, db)
    try {
      await transport.prove()
      context.say(`Working; mail goes out through ${transport.name}.`)
      report(context, await workWith(context, loaded, { db, engine, transport, secret, log }))
      return EXIT.done
    } finally {
      await engine.close()
    }
  } finally {
    log?.close()
    await transport.close()
    await db.close()
  }
}

interface Means {
  readonly db: Database
  readonly engine: Engine
  readonly transport: Transport
  readonly secret: string
  readonly log: AttemptLog | undefined
}

interface Worked {
  readonly tasks: number
  readonly settled: number
  readonly editions: readonly string[]
}

async function workWith(context: Context, loaded: Loaded, means: Means): Promise<Worked> {
  const { db, engine, transport, secret, log } = means
  const { publication } = loaded
  const { work } = await import('../deliver/index.ts')
  const { databaseClock } = await import('../deliver/index.ts')
  const { realClock } = await import('../deliver/index.ts')
  const { STALE_AFTER } = await import('../deliver/index.ts')
  const { frozenEdition } = await import('../store/index.ts')
  const { takePartIn } = await import('./send/together.ts')
  const editions = new Set<string>()
  let [tasks, settled] = [0, 0]
  await work({
    db,
    engine,
    clock: await databaseClock(db, realClock(context.now)),
    signal: context.signal,
    once: context.options.once === true,
    isStale: frozenAt => context.now() - frozenAt >= STALE_AFTER,
    async send(edition, most) {
      const record = await frozenEdition(db, edition)
      const newsletter = publication.newsletters.find(({ id }) => id === record?.newsletter)
      if (!record?.letter) return undefined
      if (!newsletter) {
        context.say(`${edition}: this folder has no newsletter ${record.newsletter}; left to the others.`)
        return undefined
      }
      const began = context.now()
      let mine = 0
      const { letter, frozenAt } = record
      const delivered = await takePartIn(
        { edition, newsletter, letter, frozenAt },
        { context, publication, db, transport, secret },
        {
          wait: 0,
          patience: PATIENCE,
          most,
          stay: false,
          ...(log ? { onAttempt: log.write } : {}),
          onProgress: done => {
            mine = done
          },
        },
      )
      tasks++
      settled += mine
      if (mine > 0) {
        editions.add(edition)
        const seconds = Math.max(0.001, (context.now() - began) / 1000)
        context.say(`${edition}: ${mine} settled, ${(mine / seconds).toFixed(1)} a second`)
      }
      if (delivered.ended === 'host-trouble')
        context.sayError(`The mail server was given up: ${delivered.reply}`)
      return delivered
    },
  })
  return { tasks, settled, editions: [...editions] }
}

function report(context: Context, worked: Worked): void {
  context.result(
    worked,
    () => `Stopped in order: ${worked.settled} messages settled, nothing left in hand.\n`,
  )
}
