// `work`: one more sender on PostgreSQL; takes part in every edition that is being sent, until it is stopped.

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Context } from './context.ts'
import { openOutgoing } from './environment.ts'
import { openLog } from './send-options.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { openStore, storeAddress } = await import('../store/index.ts')
  const address = storeAddress(context.dir, context.env)
  if (!/^postgres(ql)?:\/\//i.test(address)) {
    throw new UserError(
      '`work` is for PostgreSQL and needs a database of its own there: a ledger in a file or in a branch has one sender, which is `broadsheet send`',
      'Set BROADSHEET_DATABASE=postgres://user:password@host:5432/broadsheet on every machine.',
    )
  }
  const { openPublication } = await import('../content/index.ts')
  const { openEngine, realClock, work } = await import('../deliver/index.ts')
  const { now, signal, say, sayError } = context
  const { publication } = await openPublication(context.dir, { now: now() })
  const { transport, secret } = await openOutgoing(context, publication)
  const log = openLog(context)
  const { db } = await openStore(address)
  try {
    const engine = await openEngine(address, db)
    try {
      await transport.verify()
      say(`Working; mail goes out through ${transport.name}.`)
      const worked = await work({
        publication,
        db,
        engine,
        transport,
        secret,
        clock: realClock(now),
        random: Math.random,
        signal,
        sender: { host: hostname(), pid: process.pid, newId: randomUUID },
        once: context.options.once === true,
        ...(log ? { onAttempt: log.write } : {}),
        onShare(edition, settled, ms) {
          const seconds = Math.max(0.001, ms / 1000)
          say(`${edition}: ${settled} settled, ${(settled / seconds).toFixed(1)} a second`)
        },
        onUnknownNewsletter: (edition, newsletter) =>
          say(`${edition}: this folder has no newsletter ${newsletter}; left to the others.`),
        onRecovered: (edition, unknown) =>
          say(`${edition}: a sender was cut off; ${unknown} may or may not have received it.`),
        onHostTrouble: reply => sayError(`Gave up on the mail server: ${reply}`),
      })
      context.result(
        worked,
        () => `Stopped in order: ${worked.settled} messages settled, nothing left in hand.\n`,
      )
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
