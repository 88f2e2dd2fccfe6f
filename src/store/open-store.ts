// A file path, a postgres:// address or a branch of git → a database whose tables are those of this program; and every change of them so far.

import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { IGNORED } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Database } from './database.ts'
import type { OpenedLedger, SharedLedger, SharedOptions } from './shared-ledger.ts'

export interface Store {
  readonly db: Database
  /** This call made the ledger: in CI a send does not start on such a one. */
  readonly created: boolean
  /**
   * Called once everything is done: puts the changes where others find them. A file and a server have them already.
   *
   * @param doing for others to read: 'subscribers add'
   * @throws UserError when another run has changed the ledger, or is sending: then nothing is saved
   */
  save(doing: string): Promise<void>
  /** Where the ledger is a snapshot that runs on other machines change as well: what a sender must do about that. */
  readonly shared?: SharedLedger | undefined
}

/** Only a ledger in a branch needs it. */
export interface StoreOptions extends SharedOptions {
  /** The checkout. */
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * @param address a file path (its folder is made), postgres://user:password@host:port/database, or git:<remote>#<branch>
 * @throws UserError when it cannot be opened, or a newer program has written it
 */
export async function openStore(address: string, options?: StoreOptions): Promise<Store> {
  const { db, shared, ignoreChanges, saveChanges } = await open(address, options)
  try {
    const created = await migrate(db)
    await ignoreChanges?.()
    return { db, created, save: async doing => saveChanges?.(doing), shared }
  } catch (error) {
    await db.close()
    throw error
  }
}

/**
 * For those who only look: a file that cannot be written can be read.
 *
 * @throws UserError when it cannot be opened, or was written by another version that only one who may write can bring up to date
 */
export async function openStoreToRead(address: string): Promise<Database> {
  if (address.includes('://')) return (await openStore(address)).db
  const db = (await import('./sqlite.ts')).openSqliteToRead(address)
  const version = await readVersion(db).catch(() => 0)
  if (version === MIGRATIONS.length) return db
  await db.close()
  return (await openStore(address)).db
}

async function open(address: string, options: StoreOptions | undefined): Promise<Opened> {
  if (isSharedAddress(address)) return openBranch(address, options)
  if (/^postgres(ql)?:\/\//i.test(address))
    return { db: await (await import('./postgres.ts')).openPostgres(address) }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]
  if (scheme) {
    throw new UserError(
      `BROADSHEET_DATABASE: there is no database for ${scheme}:// addresses`,
      'Give the path of a file, a postgres:// address, or git:<remote>#<branch>.',
    )
  }
  return { db: (await import('./sqlite.ts')).openSqlite(address) }
}

type Opened = { readonly db: Database } & Partial<Omit<OpenedLedger, 'db'>>

async function openBranch(address: string, options: StoreOptions | undefined): Promise<Opened> {
  if (!options) throw new Error('a ledger in a branch needs the checkout and the secret')
  const { openGitBranch } = await import('./git-branch.ts')
  const { openSharedLedger, privateFolder } = await import('./shared-ledger.ts')
  const folder = privateFolder()
  try {
    const { dir, env, now } = options
    return await openSharedLedger(await openGitBranch(address, { dir, env, folder, now }), folder, options)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** git:<remote>#<branch>: read as a whole, and saved as a whole. git:// is an address of git's own. */
export function isSharedAddress(address: string): boolean {
  return /^git:(?!\/\/)/.test(address)
}

/** The path of a file, which is there or not before anything is opened. */
export function isFileAddress(address: string): boolean {
  return !address.includes('://') && !isSharedAddress(address)
}

/** BROADSHEET_DATABASE, a path in it being relative to the publication's folder; else the file in `.broadsheet/`. */
export function storeAddress(dir: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.BROADSHEET_DATABASE?.trim()
  if (!given) return join(dir, IGNORED, 'broadsheet.db')
  // As a path it would be printed, with the password in it.
  if (/^(postgres(ql)?|pgsql|psql|mysql|mariadb|sqlite3?|libsql|mongodb)(\+\w+)?:(?!\/\/)/i.test(given)) {
    throw new UserError(
      'BROADSHEET_DATABASE begins like an address, but has no // behind the colon',
      'Write it like BROADSHEET_DATABASE=postgres://user:password@host:5432/database, or give the path of a file.',
    )
  }
  return isFileAddress(given) ? resolve(dir, given) : given
}

/**
 * @returns true when there was no ledger before
 * @throws UserError when a newer program has written the database, or its tables are another program's
 */
async function migrate(db: Database): Promise<boolean> {
  // Most of the time there is nothing to do, and then a running send need not be waited for.
  const version = await readVersion(db).catch(() => 0)
  refuseNewer(version)
  if (version === MIGRATIONS.length) return false
  return db.transaction(async tx => {
    // SQLite has locked already, by BEGIN IMMEDIATE. The number is 'Broadshe' cut to 53 bits: nobody else's lock.
    if (tx.kind === 'postgres') await tx.query('SELECT pg_advisory_xact_lock(4715000233984613)')
    await tx.query(
      'CREATE TABLE IF NOT EXISTS broadsheet_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL)',
    )
    const before = await readVersion(tx)
    refuseNewer(before)
    for (const [index, { name, statements }] of MIGRATIONS.entries()) {
      if (index < before) continue
      for (const statement of statements) await apply(tx, statement)
      await tx.query('INSERT INTO broadsheet_migrations (version, name) VALUES ($1, $2)', [index + 1, name])
    }
    return before === 0
  })
}

async function readVersion(db: Database): Promise<number> {
  const [row] = await db.query<{ version: number | null }>(
    'SELECT MAX(version) AS version FROM broadsheet_migrations',
  )
  return row?.version ?? 0
}

function refuseNewer(version: number): void {
  if (version <= MIGRATIONS.length) return
  throw new UserError(
    `the database was written by a newer Broadsheet (its version is ${version}, this program's ${MIGRATIONS.length})`,
    'Install the newer program: npm install broadsheet@latest',
  )
}

async function apply(db: Database, statement: string): Promise<void> {
  try {
    await db.query(statement)
  } catch (error) {
    if (!/already exists/.test(String(error))) throw error
    throw new UserError(
      'the database has tables of another program under the same names',
      'Give Broadsheet a database of its own: createdb broadsheet',
    )
  }
}

// Every change of the tables, in order. Append only: all of it has been run on somebody's database.

interface Migration {
  readonly name: string
  /** One statement each, with the tokens of `inDialect`. */
  readonly statements: readonly string[]
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'the list and the ledger',
    statements: [
      `CREATE TABLE subscribers (
  id {identity},
  email TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  fields TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'unsubscribed')),
  source TEXT NOT NULL,
  since BIGINT NOT NULL,
  changed BIGINT NOT NULL
)`,
      // state is 'active' or 'unsubscribed'; an unsubscribed row stays, so that no import brings it back.
      `CREATE TABLE subscriptions (
  newsletter TEXT NOT NULL,
  subscriber BIGINT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
  topics TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'unsubscribed')),
  since BIGINT NOT NULL,
  ended BIGINT,
  PRIMARY KEY (newsletter, subscriber)
) {in key order}`,
      'CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber)',
      `CREATE TABLE suppressions (
  hash TEXT NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL
) {in key order}`,
      `CREATE TABLE editions (
  id {identity},
  name TEXT NOT NULL UNIQUE,
  newsletter TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'skipped', 'cancelled')),
  why TEXT,
  letter TEXT,
  letter_hash TEXT,
  frozen_at BIGINT NOT NULL,
  finished_at BIGINT
)`,
      `CREATE TABLE edition_articles (
  edition BIGINT NOT NULL REFERENCES editions (id),
  article TEXT NOT NULL,
  omitted INTEGER NOT NULL,
  PRIMARY KEY (edition, article)
) {in key order}`,
      // No foreign keys here: a million rows are written by one statement that takes the edition from its table, and
      // the subscriber may be erased while the row, made anonymous, still counts.
      `CREATE TABLE deliveries (
  edition BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  fields TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('pending', 'leased', 'handed', 'accepted', 'deferred', 'rejected', 'unknown', 'skipped')),
  reason TEXT,
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  next_at BIGINT,
  owner TEXT,
  lease_until BIGINT,
  code INTEGER,
  enhanced TEXT,
  reply TEXT,
  failure TEXT,
  changed BIGINT NOT NULL,
  PRIMARY KEY (edition, subscriber)
) {rewritten}`,
      'CREATE INDEX deliveries_state ON deliveries (edition, state, subscriber)',
      "CREATE INDEX deliveries_deferred ON deliveries (edition, next_at) WHERE state = 'deferred'",
      `CREATE TABLE attempts (
  edition BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  code INTEGER,
  enhanced TEXT,
  reply TEXT NOT NULL,
  PRIMARY KEY (edition, subscriber, number)
) {in key order}`,
      `CREATE TABLE senders (
  edition TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  since BIGINT NOT NULL,
  expires BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'asking, bouncing',
    statements: [
      // Something asked for by whoever typed an address, to be proved by a link in one mail to that address. The rows
      // that were confirmed stay, without the address: they are the record of consent.
      `CREATE TABLE requests (
  id {identity},
  purpose TEXT NOT NULL CHECK (purpose IN ('subscribe', 'data')),
  hash TEXT NOT NULL,
  email TEXT NOT NULL,
  newsletters TEXT NOT NULL,
  language TEXT NOT NULL,
  source TEXT NOT NULL,
  network TEXT NOT NULL,
  wording TEXT NOT NULL,
  asked BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  times INTEGER NOT NULL,
  expires BIGINT NOT NULL,
  mail_at BIGINT,
  tries INTEGER NOT NULL,
  confirmed BIGINT,
  subscriber BIGINT,
  UNIQUE (purpose, hash, hour)
)`,
      'CREATE INDEX requests_mail ON requests (mail_at) WHERE mail_at IS NOT NULL',
      'CREATE INDEX requests_old ON requests (expires) WHERE confirmed IS NULL',
      'CREATE INDEX requests_subscriber ON requests (subscriber) WHERE subscriber IS NOT NULL',
      // One row for each edition that came back from a reader; edition 0 where nothing says which.
      `CREATE TABLE bounces (
  subscriber BIGINT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
  edition BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
  status TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (subscriber, edition)
) {in key order}`,
      // Notices of providers that have been acted on, so that a repeated one is ignored.
      `CREATE TABLE notices (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) {in key order}`,
      'CREATE INDEX notices_at ON notices (at)',
    ],
  },
  {
    name: 'pausing, many senders',
    statements: [
      // A row here: nothing more of this edition is claimed or handed over until it is gone.
      `CREATE TABLE pauses (
  edition TEXT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
) {in key order}`,
      // When the next message may start, in microseconds: all senders reserve their places here.
      `CREATE TABLE rates (
  name TEXT NOT NULL PRIMARY KEY,
  next BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'topics',
    statements: [
      // Which letter an edition has for which topics (as subscriptions write them); NULL where it has nothing on them.
      `CREATE TABLE topic_choices (
  edition BIGINT NOT NULL,
  topics TEXT NOT NULL,
  variant INTEGER,
  PRIMARY KEY (edition, topics)
) {in key order}`,
      // One for each selection of an edition's articles but the whole, which is in editions. By name: a letter is
      // stored before its edition freezes, so that there are never two in memory.
      `CREATE TABLE letters (
  edition TEXT NOT NULL,
  variant INTEGER NOT NULL,
  letter TEXT NOT NULL,
  letter_hash TEXT NOT NULL,
  PRIMARY KEY (edition, variant)
)`,
      'ALTER TABLE deliveries ADD COLUMN variant INTEGER NOT NULL DEFAULT 0',
    ],
  },
  {
    name: 'why mail came back, and what was lifted',
    statements: [
      // What the server wrote, so that what was suppressed for one text can be found.
      "ALTER TABLE bounces ADD COLUMN text TEXT NOT NULL DEFAULT ''",
      // When a person lifted the suppression, or the reader confirmed again: from then on it does not count.
      'ALTER TABLE bounces ADD COLUMN lifted BIGINT',
      `CREATE TABLE lifted_suppressions (
  hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL,
  why TEXT NOT NULL,
  lifted BIGINT NOT NULL,
  PRIMARY KEY (hash, lifted)
) {in key order}`,
      // Mails of the bounce mailbox that were not understood, by the hash of their bytes: each is listed once.
      `CREATE TABLE kept_mails (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'mailboxes of requests',
    statements: [
      // Hash of the address without what reaches the same person: a+1@ and a+2@ are mailed as often as one.
      'ALTER TABLE requests ADD COLUMN mailbox TEXT',
      'CREATE INDEX requests_mailbox ON requests (mailbox, hour) WHERE mailbox IS NOT NULL',
    ],
  },
  {
    name: 'private feeds',
    // When the address of a reader's private feed was made, ms since epoch: one of another time is no longer hers.
    statements: ['ALTER TABLE subscribers ADD COLUMN feed BIGINT'],
  },
  {
    name: 'what receivers report of our domains',
    statements: [
      // DMARC aggregate reports and TLS reports, one row each; `passed` and `failed` count messages, or sessions.
      `CREATE TABLE domain_reports (
  id {identity},
  kind TEXT NOT NULL CHECK (kind IN ('dmarc', 'tls')),
  reporter TEXT NOT NULL,
  report TEXT NOT NULL,
  domain TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  received BIGINT NOT NULL,
  UNIQUE (kind, reporter, report, domain)
)`,
      'CREATE INDEX domain_reports_until ON domain_reports (until_at)',
      `CREATE TABLE domain_report_failures (
  report BIGINT NOT NULL REFERENCES domain_reports (id) ON DELETE CASCADE,
  source TEXT NOT NULL,
  why TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (report, source, why)
) {in key order}`,
    ],
  },
]
