// The ledger and the server that counted → whether they agree about every reader, and the figures in one line.

import { expect } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { countDeliveries, listDeliveries } from '../../src/store/read-deliveries.ts'
import type { SmtpServer } from '../a-smtp-server.ts'
import { EDITION } from '../deliver/a-ledger.ts'

export interface Accounted {
  readonly accepted: number
  readonly rejected: number
  readonly unknown: number
  readonly line: string
}

/** Fails unless everybody is accounted for, whoever is accepted got one, and whoever got two is called unknown. */
export async function account(db: Database, { mails }: SmtpServer, readers: number): Promise<Accounted> {
  const counts = await countDeliveries(db, EDITION)
  const emails = async (state: 'accepted' | 'rejected' | 'unknown') =>
    (await listDeliveries(db, EDITION, state)).map(({ email }) => email)
  const accepted = await emails('accepted')
  const rejected = await emails('rejected')
  const unknown = await emails('unknown')
  const got = (email: string) => mails.get(email)?.taken ?? 0

  expect(counts.pending + counts.deferred, 'nobody is left').toBe(0)
  expect(accepted.length + rejected.length + unknown.length, 'everybody is accounted for').toBe(readers)
  expect(
    accepted.filter(email => got(email) !== 1),
    'accepted is one, by the server’s own count',
  ).toEqual([])
  expect(
    rejected.filter(email => got(email) !== 0),
    'rejected is none',
  ).toEqual([])
  expect(
    unknown.filter(email => got(email) > 1),
    'unknown is none or one',
  ).toEqual([])
  for (const { messageIds } of mails.values()) expect(new Set(messageIds).size).toBe(1)

  const dots = [...mails.values()].reduce((sum, mail) => sum + mail.dots, 0)
  const arrived = unknown.filter(email => got(email) === 1).length
  const line =
    `${readers} readers: ${counts.accepted} accepted, ${counts.rejected} rejected, ${counts.unknown} unknown ` +
    `(${arrived} of these had arrived); ${dots} final dots; nobody lost, nobody twice`
  return { accepted: accepted.length, rejected: rejected.length, unknown: unknown.length, line }
}
