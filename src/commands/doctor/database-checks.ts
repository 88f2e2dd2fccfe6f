// The database of subscribers and deliveries → whether it can be written, has room, and has a copy.

import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DAY_MS, figure } from '../../base/index.ts'
import {
  countDeliveries,
  databaseTime,
  databaseVersion,
  editionsToSend,
  isFileAddress,
  missingSafeguards,
  storeAddress,
} from '../../store/index.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Setup } from './setup.ts'

/** Which remembers whether a commit whose answer was lost has happened. */
const OLDEST_POSTGRES = 13

export const database: Group = {
  title: 'Database',
  checks: [
    {
      name: 'database-opens',
      why: 'It has the list, and who has received what.',
      needs: ['newsletter'],
      find: async setup => {
        const db = await setup.database()
        if (!db) return skip('made with the first reader')
        const version = await databaseVersion(db)
        const [kind, major] = version.split(/[ .]/)
        if (kind === 'PostgreSQL' && Number(major) < OLDEST_POSTGRES)
          return fail(`${version} is too old`, `Take PostgreSQL ${OLDEST_POSTGRES} or newer.`)
        const [missing] = await missingSafeguards(db)
        if (missing === undefined) return pass(version)
        return warn(
          `${version} with ${missing} off: a power failure damages it`,
          'Turn it on, and let the server read its settings again:',
          `ALTER SYSTEM SET ${missing} = on; SELECT pg_reload_conf()`,
        )
      },
    },
    {
      name: 'readers',
      why: 'A send to an empty list mails nobody.',
      needs: ['newsletter'],
      find: async setup => {
        const readers = await setup.readers()
        return readers > 0
          ? pass(`${figure(readers)} active ${readers === 1 ? 'reader' : 'readers'}`)
          : warn(
              'no active reader',
              'Import a list, or have people subscribe:',
              'broadsheet subscribers import readers.csv',
            )
      },
    },
    {
      name: 'in-doubt',
      why: 'Readers who may or may not have received an edition wait for your decision.',
      needs: ['newsletter'],
      find: async setup => {
        const db = await setup.database()
        if (!db) return skip('nothing was sent yet')
        const open = await editionsToSend(db)
        for (const { edition } of open) {
          const { unknown } = await countDeliveries(db, edition)
          if (unknown > 0)
            return warn(
              `${edition}: ${unknown} may or may not have received it`,
              'See them, then decide:',
              `broadsheet status ${edition} --list unknown`,
            )
        }
        return pass('nobody in doubt')
      },
    },
    {
      name: 'disk-space',
      why: 'On a full disk a send stops.',
      needs: ['newsletter'],
      find: setup => diskSpace(ledgerOf(setup), setup.publication.dir),
    },
    {
      name: 'backup',
      why: 'Without the ledger there is no record of who has received what, and the list is lost.',
      needs: ['newsletter'],
      find: async setup => {
        const file = ledgerOf(setup)
        const db = await setup.database()
        if (db?.kind === 'postgres') return skip('PostgreSQL is backed up by who runs it')
        if (file === undefined) return skip('the ledger is in a branch')
        return db ? backup(file, setup.now()) : skip('nothing to copy yet')
      },
    },
    {
      name: 'database-clock',
      why: 'Workers on several machines agree by the clock of the database.',
      needs: ['newsletter'],
      find: async setup => {
        const db = await setup.database()
        if (db?.kind !== 'postgres') return skip('one machine')
        const off = Math.abs((await databaseTime(db)) - setup.now())
        return off <= MAX_OFF_MS
          ? pass('its clock is ours')
          : fail(
              `its clock and ours are ${Math.round(off / 1000)} s apart`,
              'Have both set by the network:',
              'timedatectl set-ntp true',
            )
      },
    },
  ],
}

const MAX_OFF_MS = 30_000
const MIN_FREE_BYTES = 100_000_000
const LITTLE_FREE_BYTES = 1_000_000_000

/** Undefined where it is no file. */
function ledgerOf({ publication, env }: Setup): string | undefined {
  const address = storeAddress(publication.dir, env)
  return isFileAddress(address) ? address : undefined
}

/** Room for the ledger to double, besides. */
function diskSpace(file: string | undefined, dir: string): Finding {
  const at = file !== undefined && existsSync(dirname(file)) ? dirname(file) : dir
  const { bavail, bsize } = statfsSync(at)
  const free = bavail * bsize
  const size = file !== undefined && existsSync(file) ? statSync(file).size : 0
  const says = `${(free / 1e9).toFixed(1)} GB free`
  if (free < MIN_FREE_BYTES + size) return fail(says, `Make room on the disk of ${at}.`)
  return free < LITTLE_FREE_BYTES + size ? warn(says, `Make room on the disk of ${at}.`) : pass(says)
}

const MAX_BACKUP_DAYS = 7

/** A copy beside it, or in backups/, by any name that has the ledger's in it. */
function backup(file: string, now: number): Finding {
  const folders = [dirname(file), join(dirname(file), 'backups')]
  const stem = basename(file).replace(/\.[^.]*$/, '')
  const copies = folders.flatMap(folder =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter(
        name => name.startsWith(stem) && join(folder, name) !== file && !/-(wal|shm|journal)$/.test(name),
      )
      .map(name => statSync(join(folder, name)).mtimeMs),
  )
  if (copies.length === 0) return skip('no copy beside the ledger; one elsewhere is not seen from here')
  const days = Math.floor((now - Math.max(...copies)) / DAY_MS)
  const says = days <= 0 ? 'copied today' : `copied ${days} ${days === 1 ? 'day' : 'days'} ago`
  return days <= MAX_BACKUP_DAYS
    ? pass(says)
    : warn(says, 'Copy it, safely also while it is used:', `sqlite3 ${file} ".backup '${file}.copy'"`)
}
