// A postgres:// address → queues of coarse tasks for all workers: take a share of this edition, look at it again later.
// What was sent is in the ledger alone; a task that is lost, or done twice, changes nothing.

import type PgBoss from 'pg-boss'
import { UserError } from '../../errors.ts'
import {
  type Database,
  engineVersion,
  explainPostgres,
  isConnectionLost,
  withEngineSetupLock,
} from '../../store/index.ts'

/** Take part in sending this edition. */
export interface Task {
  readonly edition: string
  /** How many readers to take on at most. */
  readonly share: number
  done(): Promise<void>
}

export interface Engine {
  /** As many tasks as there are shares, so that as many workers can take part. */
  enqueue(edition: string, readers: number): Promise<void>
  /** One task for an edition, in so many ms; only one waits at a time. */
  later(edition: string, ms: number): Promise<void>
  /** Shares that nobody has taken yet, of all editions. */
  waiting(): Promise<number>
  /** Undefined when there is nothing to do now. */
  take(): Promise<Task | undefined>
  close(): Promise<void>
}

export const SCHEMA = 'broadsheet_jobs'

/** The tables of pg-boss 10.4. */
export const ENGINE_VERSION = 24

const SHARES = 'send-share'
const RETRIES = 'send-retry'

/** @throws UserError when a newer program has made the engine's tables, or they cannot be made */
export async function openEngine(address: string, db: Database): Promise<Engine> {
  const version = (await engineVersion(db, SCHEMA)) ?? 0
  if (version > ENGINE_VERSION) {
    throw new UserError(
      `the engine's tables were made by a newer Broadsheet (their version is ${version}, this program's ${ENGINE_VERSION})`,
      'Install the newer program on every machine that sends: npm install broadsheet@latest',
    )
  }
  const { default: Boss } = await import('pg-boss')
  const boss = new Boss({
    connectionString: address,
    schema: SCHEMA,
    max: 2,
    application_name: 'broadsheet-engine',
    schedule: false,
    maintenanceIntervalSeconds: 60,
    archiveCompletedAfterSeconds: 3600,
    deleteAfterDays: 1,
  })
  // Whoever asks hears of it; without a listener it would end the process.
  boss.on('error', () => {})
  try {
    await withEngineSetupLock(db, async () => {
      await boss.start()
      await makeQueue(boss, SHARES, 'standard')
      // No more than one waits for an edition.
      await makeQueue(boss, RETRIES, 'short')
    })
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {})
    throw explainPostgres(error, address)
  }
  return new PgBossEngine(boss)
}

/** A task that was cut off is not repeated by the queue: the ledger knows better what is left. */
async function makeQueue(boss: PgBoss, name: string, policy: PgBoss.QueuePolicy): Promise<void> {
  if (await boss.getQueue(name)) return
  await boss.createQueue(name, { name, policy, retryLimit: 0, expireInHours: 1 })
}

class PgBossEngine implements Engine {
  readonly #boss: PgBoss

  constructor(boss: PgBoss) {
    this.#boss = boss
  }

  async enqueue(edition: string, readers: number): Promise<void> {
    const share = shareOf(readers)
    // A small edition need not wait for a large one.
    const priority = -Math.ceil(Math.log10(readers + 1))
    const tasks = Array.from({ length: Math.ceil(readers / share) }, () => ({
      name: SHARES,
      data: { edition, share },
      priority,
    }))
    if (tasks.length > 0) await unlessLost(this.#boss.insert(tasks), undefined)
  }

  async later(edition: string, ms: number): Promise<void> {
    const startAfter = Math.max(0, Math.ceil(ms / 1000))
    const options = { singletonKey: edition, ...(startAfter > 0 ? { startAfter } : {}) }
    await unlessLost(this.#boss.send(RETRIES, { edition, share: shareOf(1) }, options), null)
  }

  waiting(): Promise<number> {
    return unlessLost(this.#boss.getQueueSize(SHARES), 0)
  }

  async take(): Promise<Task | undefined> {
    return (await this.#fetch(RETRIES)) ?? (await this.#fetch(SHARES))
  }

  close(): Promise<void> {
    return this.#boss.stop({ graceful: false })
  }

  async #fetch(queue: string): Promise<Task | undefined> {
    const [job] = await this.#boss.fetch<{ edition: string; share: number }>(queue)
    return job && { ...job.data, done: () => unlessLost(this.#boss.complete(queue, job.id), undefined) }
  }
}

/** Small enough that several workers get one, large enough that asking for the next costs nothing. */
function shareOf(readers: number): number {
  return Math.min(10_000, Math.max(250, Math.ceil(readers / 32)))
}

/** What cannot be told to the queue now is found at the next check of the ledger. */
async function unlessLost<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (isConnectionLost(error)) return otherwise
    throw error
  }
}
