// A place that has the newest snapshot of the ledger, for everybody → a SQLite database opened from it, in a private folder, and
// saved back by compare-and-swap: of two runs that changed it at once, one has to stop.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { Sealer, unseal } from './sealed-snapshot.ts'
import { isRunning, listSenderLocks, type SenderLock } from './senders.ts'
import { openSqlite, type SqliteDatabase } from './sqlite.ts'

/** What lies in a place: the encrypted database, and a text beside it that everybody can read. */
export interface SnapshotFiles {
  readonly note: string
  readonly sealed: Uint8Array
}

/** Somewhere that keeps one snapshot: a branch of git, or an object store that knows conditional writes. */
export interface SnapshotPlace {
  /** For people, without a password: 'origin#broadsheet-ledger'. */
  readonly name: string
  /** @returns undefined when there is none yet @throws PlaceUnreachable; UserError when something else is there */
  read(): Promise<{ readonly version: string; readonly files: SnapshotFiles } | undefined>
  /**
   * @param expected the version to be replaced; undefined when there was none
   * @returns the version that is there now
   * @throws PlaceUnreachable: it may have been replaced, or not; trying again finds out
   */
  compareAndSwap(
    expected: string | undefined,
    files: SnapshotFiles,
  ): Promise<{ readonly swapped: boolean; readonly version: string | undefined }>
  /** The note of the newest snapshot. */
  describe(): Promise<string | undefined>
}

export class PlaceUnreachable extends UserError {}

/** The run of this program that has the ledger open. */
export interface Run {
  /** In CI: what it is called there, and how often it was tried: 'github-4711-send' and 2. */
  readonly ci: { readonly id: string; readonly attempt: string } | undefined
  readonly host: string
}

/** What a sender needs to know of a ledger that other machines use too. */
export interface SharedLedger {
  /** Whether the sender that has this lock died: it was a process of this machine, or the same run of CI, tried before. */
  hasEnded(lock: SenderLock): boolean
  /** A name for one sender of this run. @param id another one each time */
  ownerOf(id: string): string
  /**
   * Puts all that was changed where everybody finds it.
   *
   * @param doing what everybody may read: 'sending weekly/2026-W05'
   * @param patience how long to wait for a place that cannot be reached, in ms
   * @throws UserError when another run has changed the ledger: whatever was to be done with this one must not be done
   */
  save(doing: string, patience: number): Promise<void>
  /** Saves, if that is long ago, so that others see that we live; a place that cannot be reached is tried again later. */
  keepAlive(doing: string): Promise<void>
}

export interface SharedOptions {
  /** BROADSHEET_SECRET */
  readonly secret: string
  readonly run: Run
  now(): number
}

export interface OpenedLedger {
  readonly db: SqliteDatabase
  readonly shared: SharedLedger
  /** What was changed until now is not worth a new snapshot: the tables of this program, and no more. */
  ignoreChanges(): Promise<void>
  /** For those who do not send. @throws UserError as `save`, and while another run is sending */
  saveChanges(doing: string): Promise<void>
}

/** @param folder private; removed by `close` @throws UserError for a wrong secret, before anything else */
export async function openSharedLedger(
  place: SnapshotPlace,
  folder: string,
  options: SharedOptions,
): Promise<OpenedLedger> {
  const found = await readPatiently(place)
  const file = join(folder, 'ledger.db')
  if (found) {
    const bytes = await unseal(found.files.sealed, options.secret, found.files.note, place.name)
    writeFileSync(file, bytes, { mode: 0o600 })
  }
  const db = openSqlite(file, { temporary: true })
  const saver = new Saver(place, db, options, found)
  return {
    db: {
      ...db,
      async close() {
        await db.close()
        rmSync(folder, { recursive: true, force: true })
      },
    },
    shared: {
      hasEnded: lock => hasEnded(lock, options.run),
      ownerOf: id => ownerOf(id, options.run),
      save: (doing, patience) => saver.save(doing, patience),
      keepAlive: doing => saver.keepAlive(doing),
    },
    ignoreChanges: () => saver.ignoreChanges(),
    saveChanges: doing => saver.saveChanges(doing),
  }
}

const FOLDER = 'broadsheet-ledger-'

/** Only this user can look into it. What a killed process of this machine left, a list in the clear, is removed. */
export function privateFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length).split('-')[0]) : 0
    if (pid > 0 && !isRunning(pid)) discard(join(tmpdir(), name))
  }
  return mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
}

function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Another user's.
  }
}

/** A network that is away for a moment is no reason to give up a run. */
async function readPatiently(place: SnapshotPlace) {
  for (let tries = 1; ; tries++) {
    try {
      return await place.read()
    } catch (error) {
      if (!(error instanceof PlaceUnreachable) || tries === 2) throw error
      await pause(1000)
    }
  }
}

function ownerOf(id: string, { ci }: Run): string {
  return ci ? `${ci.id}#${ci.attempt} ${id}` : id
}

function hasEnded({ host, pid, owner }: SenderLock, run: Run): boolean {
  if (host === run.host && !isRunning(pid)) return true
  const [, id, attempt] = /^(\S+)#(\S+) /.exec(owner) ?? []
  return run.ci !== undefined && id === run.ci.id && attempt !== run.ci.attempt
}

interface Note {
  readonly format: 1
  /** Counts the snapshots. */
  readonly generation: number
  readonly run: string
  /** When it was saved, and when its run began; ISO 8601. */
  readonly at: string
  readonly since: string
  readonly doing: string
}

/** The longest that a sender is not heard of while all is well, but for a place that cannot be reached. */
const KEEP_ALIVE_MS = 60_000

class Saver {
  readonly #place: SnapshotPlace
  readonly #db: SqliteDatabase
  readonly #options: SharedOptions
  readonly #since: number
  readonly #sealer = new Sealer()
  #version: string | undefined
  #generation: number
  /** How many changes of the database the place has. */
  #changes = 0
  #savedAt: number
  #hasSaved = false
  #lastTurn: Promise<unknown> = Promise.resolve()

  constructor(
    place: SnapshotPlace,
    db: SqliteDatabase,
    options: SharedOptions,
    found: { readonly version: string; readonly files: SnapshotFiles } | undefined,
  ) {
    this.#place = place
    this.#db = db
    this.#options = options
    this.#since = options.now()
    this.#savedAt = this.#since
    this.#version = found?.version
    this.#generation = readNote(found?.files.note)?.generation ?? 0
  }

  async ignoreChanges(): Promise<void> {
    this.#changes = await this.#db.changes()
  }

  /** One after the other: each replaces the one before. */
  save(doing: string, patience: number): Promise<void> {
    const saved = this.#lastTurn.then(() => this.#save(doing, patience))
    this.#lastTurn = saved.catch(() => undefined)
    return saved
  }

  async keepAlive(doing: string): Promise<void> {
    if (this.#options.now() - this.#savedAt < KEEP_ALIVE_MS) return
    try {
      await this.save(doing, 0)
    } catch (error) {
      if (!(error instanceof PlaceUnreachable)) throw error
    }
  }

  /** A sender whose ledger was changed meanwhile would have to stop. */
  async saveChanges(doing: string): Promise<void> {
    const { now, run } = this.#options
    const lock = (await listSenderLocks(this.#db, now())).find(one => !hasEnded(one, run))
    if (lock) {
      throw new UserError(
        `another run is sending ${lock.edition} since ${shortTime(lock.since, now())}: nothing was saved`,
        `Run this again when it has ended. If it was killed: after ${shortTime(lock.expires, now())}.`,
      )
    }
    await this.save(doing, 0)
  }

  async #save(doing: string, patience: number): Promise<void> {
    // The whole file is read only when there is something to save.
    if ((await this.#db.changes()) === this.#changes) return
    const { bytes, changes } = await this.#db.snapshot()
    const { now, run, secret } = this.#options
    const note: Note = {
      format: 1,
      generation: this.#generation + 1,
      run: run.ci ? `${run.ci.id}#${run.ci.attempt}` : 'no CI',
      at: new Date(now()).toISOString(),
      since: new Date(this.#since).toISOString(),
      doing,
    }
    const text = `${JSON.stringify(note, null, 2)}\n`
    await this.#swap({ note: text, sealed: await this.#sealer.seal(bytes, secret, text) }, patience)
    this.#generation = note.generation
    this.#changes = changes
    this.#savedAt = now()
    this.#hasSaved = true
  }

  async #swap(files: SnapshotFiles, patience: number): Promise<void> {
    for (let waited = 0; ; ) {
      try {
        const { swapped, version } = await this.#place.compareAndSwap(this.#version, files)
        if (!swapped) throw await this.#lost()
        this.#version = version
        return
      } catch (error) {
        if (!(error instanceof PlaceUnreachable) || waited >= patience) throw error
        const wait = Math.min(1000 + waited, 30_000, patience - waited)
        await pause(wait)
        waited += wait
      }
    }
  }

  async #lost(): Promise<UserError> {
    const note = readNote(await this.#place.describe())
    const time = (iso: string) => shortTime(Date.parse(iso), this.#options.now())
    const hint = this.#hasSaved
      ? 'This run has stopped. Readers it has handed over since its last save are listed as unknown by the next send, which continues with the rest.'
      : 'Nobody was mailed by this run, and nothing was saved. Run it again when the other has ended.'
    if (!note) return new UserError(`somebody else has changed the ledger in ${this.#place.name}`, hint)
    if (note.doing.startsWith('sending '))
      return new UserError(`another run is ${note.doing} since ${time(note.since)}`, hint)
    return new UserError(
      `another run has changed the ledger in ${this.#place.name} at ${time(note.at)} (${note.doing})`,
      hint,
    )
  }
}

/** Not all that lies there need be ours. */
function readNote(text: string | undefined): Note | undefined {
  try {
    const note = JSON.parse(text ?? '') as Partial<Note> | null
    const { generation, at = '', since = '', doing } = note ?? {}
    const isNote =
      Number.isSafeInteger(generation) &&
      typeof doing === 'string' &&
      /^\d{4}-/.test(at) &&
      /^\d{4}-/.test(since)
    return isNote ? (note as Note) : undefined
  } catch {
    return undefined
  }
}

/** '07:00:12 UTC', with the day when it is not today. */
export function shortTime(at: number, now: number): string {
  const [day, time] = new Date(at).toISOString().slice(0, 19).split('T')
  return new Date(now).toISOString().startsWith(day!) ? `${time} UTC` : `${day} ${time} UTC`
}
