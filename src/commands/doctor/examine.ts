// A folder and an environment → what would go wrong on the day of the send: every check of every group, within five seconds.

import { type Check, type Examined, examine, type Group } from './check.ts'
import { database } from './database-checks.ts'
import { dkim } from './dkim-checks.ts'
import { bimi, dmarc } from './dmarc-checks.ts'
import { returning } from './return-checks.ts'
import { letters, settings } from './settings-checks.ts'
import { openSetup, type SetupOptions } from './setup.ts'
import { smtp } from './smtp-checks.ts'
import { spf } from './spf-checks.ts'
import { clock, service, site } from './web-checks.ts'

/** In the order in which they are shown: what is wrong at the top is often why something below is. */
export const groups: readonly Group[] = [
  settings,
  letters,
  smtp,
  spf,
  dkim,
  dmarc,
  bimi,
  returning,
  service,
  site,
  database,
  clock,
]

/** All of it must be seen within five seconds, of which the work of this process takes one or two. */
const LIMIT_MS = 3500

export async function examineSetup(options: SetupOptions): Promise<Examined[]> {
  const setup = openSetup(options)
  try {
    return await examine(groups, setup, LIMIT_MS)
  } finally {
    await setup.close()
  }
}

/** What a transport tries by itself before a send. */
const TRIED_BY_TRANSPORT = ['smtp-connection', 'smtp-login', 'dkim-key']

const isAsked = ({ fatal, name }: Check) => fatal === true && !TRIED_BY_TRANSPORT.includes(name)

/** The names of those that `findFatal` makes. */
export const fatalChecks: readonly string[] = groups.flatMap(({ checks }) =>
  checks.filter(isAsked).map(({ name }) => name),
)

/**
 * The fatal checks that a transport does not make by itself, before a real send: none is a failure unless it is certain.
 *
 * @returns those that fail
 */
export async function findFatal(options: SetupOptions): Promise<Examined[]> {
  const fatal = groups.map(({ title, checks }) => ({ title, checks: checks.filter(isAsked) }))
  const setup = openSetup(options)
  try {
    return (await examine(fatal, setup, LIMIT_MS)).filter(({ result }) => result === 'fail')
  } finally {
    await setup.close()
  }
}
