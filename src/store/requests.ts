// Sign-ups and other requests from an address that is not yet confirmed → kept, limited, mailed once, and confirmed.

import { addressHash, DAY_MS, HOUR_MS, mailboxOf, parseAddress } from '../base/index.ts'
import { type Database, jsonText } from './database.ts'
import { joinNewsletters } from './subscriptions.ts'
import { isSuppressed, liftBounces, unsuppress } from './suppressions.ts'

/** Version of the text beside the button, as consent is recorded. Change it with the words of serve.consent. */
export const CONSENT_WORDING = '2026-01'

export interface NewRequest {
  readonly purpose: 'subscribe' | 'data'
  /** Both of parseAddress. */
  readonly email: string
  readonly key: string
  /** Newsletter id → topics; an empty list is everything. */
  readonly newsletters: Readonly<Record<string, readonly string[]>>
  /** BCP 47: of the mail, and of the letters once it is confirmed. */
  readonly language: string
  /** 'form', 'api', 'mail' */
  readonly source: string
  /** The network that it came from; empty unless the publication keeps that. */
  readonly network: string
  /** Version of the text that was agreed to. */
  readonly wording: string
  /** ms since epoch */
  readonly expires: number
  readonly now: number
}

export interface AddressRequest {
  readonly id: number
  readonly purpose: 'subscribe' | 'data'
  readonly email: string
  readonly newsletters: Readonly<Record<string, readonly string[]>>
  readonly language: string
  readonly asked: number
  readonly expires: number
  readonly confirmed: number | undefined
  readonly subscriber: number | undefined
  readonly tries: number
}

const MAX_MAILS_PER_DAY = 3
const DAYS_TO_LOOK_BACK = 7

/**
 * Keeps what was asked. To one mailbox, with whatever `+tag`, there go one mail an hour and three a day, and one in all to
 * somebody who has complained; what is asked beyond that is added to the request that is open. It always reads twice and
 * writes once, so that the time it takes does not reveal whether an address is known.
 *
 * @returns whether a mail will be sent; never shown to whoever asked
 */
export function saveRequest(db: Database, request: NewRequest): Promise<boolean> {
  const { purpose, key, newsletters, now } = request
  const hash = addressHash(key)
  const mailbox = addressHash(mailboxOf(key))
  const read = (tx: Database) => recentRequests(tx, { purpose, hash, mailbox, now })
  return db.transaction(async tx => {
    const recent = await read(tx)
    const hasComplained = (await isSuppressed(tx, hash))?.reason === 'complaint'
    const mayMail = isBelowLimit(recent, now) && !(hasComplained && recent.length > 0)
    if (mayMail && (await insertRequest(tx, { hash, mailbox }, request))) return true
    const kept = recent.length > 0 ? recent : await read(tx)
    const open = kept.findLast(one => one.hash === hash)
    if (open) await addToRequest(tx, open, newsletters)
    else if (kept.length > 0) await addToRequest(tx, kept.at(-1)!, {})
    return false
  })
}

function isBelowLimit(recent: readonly RequestRow[], now: number): boolean {
  const lastDay = recent.filter(({ asked }) => asked > now - DAY_MS)
  return lastDay.length < MAX_MAILS_PER_DAY && !lastDay.some(({ asked }) => asked > now - HOUR_MS)
}

function recentRequests(
  db: Database,
  of: Pick<NewRequest, 'purpose' | 'now'> & Whose,
): Promise<(RequestRow & Pick<Whose, 'hash'>)[]> {
  return db.query(
    `SELECT hash, ${COLUMNS} FROM requests
WHERE purpose = $1 AND (hash = $2 OR mailbox = $4) AND hour > $3 ORDER BY hour, id`,
    [of.purpose, of.hash, Math.floor(of.now / HOUR_MS) - DAYS_TO_LOOK_BACK * 24, of.mailbox],
  )
}

/** Hashes of the address, and of what is the same mailbox. */
interface Whose {
  readonly hash: string
  readonly mailbox: string
}

/** @returns false when another request of the same hour has just been kept: two in the same instant are one */
async function insertRequest(db: Database, { hash, mailbox }: Whose, request: NewRequest): Promise<boolean> {
  const { purpose, email, newsletters, language, source, network, wording, expires, now } = request
  const hour = Math.floor(now / HOUR_MS)
  const topics = jsonText(newsletters)
  const rows = await db.query<{ id: number }>(
    `INSERT INTO requests
  (purpose, hash, email, newsletters, language, source, network, wording, asked, hour, times, expires, mail_at, tries,
  mailbox)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $9, 0, $12)
ON CONFLICT (purpose, hash, hour) DO NOTHING RETURNING id`,
    [purpose, hash, email, topics, language, source, network, wording, now, hour, expires, mailbox],
  )
  return rows.length > 0
}

async function addToRequest(db: Database, open: RequestRow, asked: NewRequest['newsletters']): Promise<void> {
  const before = JSON.parse(open.newsletters) as Record<string, readonly string[]>
  const newsletters = open.confirmed === null ? { ...before, ...asked } : before
  await db.query('UPDATE requests SET newsletters = $2, times = times + 1 WHERE id = $1', [
    open.id,
    jsonText(newsletters),
  ])
}

export async function requestById(db: Database, id: number): Promise<AddressRequest | undefined> {
  const rows = await db.query<RequestRow>(`SELECT ${COLUMNS} FROM requests WHERE id = $1`, [id])
  return rows.map(requestOf)[0]
}

/**
 * Takes requests whose mail is due, oldest first, and postpones their next attempt, so that no other process takes
 * them.
 *
 * @param nextAt when they are due again, unless `markMailed` is called before
 */
export async function claimUnmailedRequests(
  db: Database,
  { now, nextAt, limit }: { readonly now: number; readonly nextAt: number; readonly limit: number },
): Promise<AddressRequest[]> {
  const rows = await db.query<RequestRow>(
    `UPDATE requests SET mail_at = $2, tries = tries + 1
WHERE mail_at <= $1 AND id IN
  (SELECT id FROM requests WHERE mail_at <= $1 AND expires > $1 ORDER BY mail_at LIMIT $3 {skip locked})
RETURNING ${COLUMNS}`,
    [now, nextAt, limit],
  )
  return rows.map(requestOf).sort((a, b) => a.id - b.id)
}

/** Whether there is a mail to be sent. */
export async function mailIsDue(db: Database, now: number): Promise<boolean> {
  const rows = await db.query('SELECT 1 FROM requests WHERE mail_at <= $1 AND expires > $1 LIMIT 1', [now])
  return rows.length > 0
}

/** How many requests came by this way since then. */
export async function countRequests(
  db: Database,
  { source, since }: { readonly source: string; readonly since: number },
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'SELECT COUNT(*) AS count FROM requests WHERE source = $1 AND asked > $2',
    [source, since],
  )
  return row!.count
}

/** The mail has been sent, or never will be. */
export async function markMailed(db: Database, id: number): Promise<void> {
  await db.query('UPDATE requests SET mail_at = NULL WHERE id = $1', [id])
}

/** The server was busy: the mail is due again then. */
export async function postponeMail(db: Database, id: number, at: number): Promise<void> {
  await db.query('UPDATE requests SET mail_at = $2 WHERE id = $1 AND mail_at IS NOT NULL', [id, at])
}

/** An address that nobody has confirmed may not be kept. */
export async function deleteExpiredRequests(db: Database, now: number): Promise<number> {
  const rows = await db.query<{ id: number }>(
    'DELETE FROM requests WHERE confirmed IS NULL AND expires <= $1 RETURNING id',
    [now],
  )
  return rows.length
}

/**
 * A link was followed by the owner of the address → an active subscriber. The only way back for whoever left or is
 * suppressed.
 *
 * @param id of the request, out of a verified link
 * @returns undefined when there is no such request or it is too old; `now` is false when the link had been followed
 *   before and nothing was changed
 */
export function confirmRequest(
  db: Database,
  { id, now }: { readonly id: number; readonly now: number },
): Promise<{ readonly subscriber: number; readonly now: boolean } | undefined> {
  return db.transaction(async tx => {
    const request = await markConfirmed(tx, id, now)
    if (!request) {
      const before = await confirmedBefore(tx, id)
      return before === undefined ? undefined : { subscriber: before, now: false }
    }
    const subscriber = await upsertSubscriber(tx, request, now)
    await joinNewsletters(tx, subscriber, JSON.parse(request.newsletters) as Record<string, string[]>, now)
    await unsuppress(tx, request.hash)
    // They stay, or a refusal in the ledger would be recorded once more.
    await liftBounces(tx, request.hash, now)
    // The row stays as the record of consent. The address is kept with the subscriber.
    await tx.query("UPDATE requests SET subscriber = $2, email = '', mail_at = NULL WHERE id = $1", [
      id,
      subscriber,
    ])
    return { subscriber, now: true }
  })
}

interface ConfirmedRow {
  readonly email: string
  readonly hash: string
  readonly newsletters: string
  readonly language: string
  readonly source: string
}

async function markConfirmed(db: Database, id: number, now: number): Promise<ConfirmedRow | undefined> {
  const [row] = await db.query<ConfirmedRow>(
    `UPDATE requests SET confirmed = $2
WHERE id = $1 AND purpose = 'subscribe' AND confirmed IS NULL AND expires > $2
RETURNING email, hash, newsletters, language, source`,
    [id, now],
  )
  return row
}

async function confirmedBefore(db: Database, id: number): Promise<number | undefined> {
  const [row] = await db.query<{ subscriber: number }>(
    'SELECT subscriber FROM requests WHERE id = $1 AND confirmed IS NOT NULL AND subscriber IS NOT NULL',
    [id],
  )
  return row?.subscriber
}

/** Somebody who is on the list keeps the consent that was given first; somebody who had left gives a new one. */
async function upsertSubscriber(
  db: Database,
  { email, hash, language, source }: ConfirmedRow,
  now: number,
): Promise<number> {
  const key = parseAddress(email)?.key
  if (key === undefined) throw new Error('a request was kept without an address')
  const [row] = await db.query<{ id: number }>(
    `INSERT INTO subscribers (email, key, hash, name, language, fields, state, source, since, changed)
VALUES ($1, $2, $3, '', $4, '{}', 'active', $5, $6, $6)
ON CONFLICT (key) DO UPDATE SET
  source = CASE WHEN subscribers.state = 'active' THEN subscribers.source ELSE excluded.source END,
  since = CASE WHEN subscribers.state = 'active' THEN subscribers.since ELSE excluded.since END,
  language = CASE WHEN subscribers.language = '' THEN excluded.language ELSE subscribers.language END,
  state = 'active', changed = excluded.changed
RETURNING id`,
    [email, key, hash, language, source, now],
  )
  return row!.id
}

const COLUMNS = 'id, purpose, email, newsletters, language, asked, expires, confirmed, subscriber, tries'

interface RequestRow {
  readonly id: number
  readonly purpose: 'subscribe' | 'data'
  readonly email: string
  readonly newsletters: string
  readonly language: string
  readonly asked: number
  readonly expires: number
  readonly confirmed: number | null
  readonly subscriber: number | null
  readonly tries: number
}

function requestOf(row: RequestRow): AddressRequest {
  return {
    ...row,
    newsletters: JSON.parse(row.newsletters) as Record<string, string[]>,
    confirmed: row.confirmed ?? undefined,
    subscriber: row.subscriber ?? undefined,
  }
}
