// What people ask for with an address that is not yet proved to be theirs: kept, limited, mailed once, confirmed.

import { addressHash, parseAddress } from '../base/index.ts'
import { type Database, jsonText } from './database.ts'
import { joinNewsletters } from './subscriptions.ts'
import { unsuppress } from './suppressions.ts'

/** Of the text beside the button, as consent is recorded. Change it with the words of serve.consent. */
export const CONSENT_WORDING = '2026-01'

export interface Asking {
  readonly purpose: 'subscribe' | 'data'
  /** Both of parseAddress. */
  readonly email: string
  readonly key: string
  /** Newsletter id → topics; an empty list is everything. */
  readonly newsletters: Readonly<Record<string, readonly string[]>>
  /** BCP 47: of the mail, and of the letters if she confirms. */
  readonly language: string
  /** 'form', 'api', 'mail' */
  readonly source: string
  /** Where it came from; empty unless the publication keeps that. */
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

const HOUR = 3_600_000

const DAY = 24 * HOUR

/**
 * Keeps what was asked. One mail an hour and three a day to one address, one in all to somebody who has complained;
 * what is asked beyond that is added to what she can already confirm. Every way through it reads twice and writes once,
 * so that how long it takes does not tell whether an address is known.
 *
 * @returns whether a mail will go; not for the ears of who asked
 */
export function keepRequest(db: Database, asking: Asking): Promise<boolean> {
  const { purpose, key, newsletters, now } = asking
  const hash = addressHash(key)
  return db.transaction(async tx => {
    const known = await recentRequests(tx, purpose, hash, now)
    const [complaint] = await tx.query<{ reason: string }>(
      "SELECT reason FROM suppressions WHERE hash = $1 AND reason = 'complaint'",
      [hash],
    )
    const lately = known.filter(({ asked }) => asked > now - DAY)
    const mayMail =
      lately.length < 3 && !lately.some(({ asked }) => asked > now - HOUR) && !(complaint && known.length > 0)
    if (mayMail && (await insertRequest(tx, hash, asking))) return true
    const open = known.at(-1) ?? (await recentRequests(tx, purpose, hash, now)).at(-1)
    if (open) await joinRequest(tx, open, newsletters)
    return false
  })
}

function recentRequests(db: Database, purpose: string, hash: string, now: number): Promise<RequestRow[]> {
  return db.query<RequestRow>(
    `SELECT ${COLUMNS} FROM requests WHERE purpose = $1 AND hash = $2 AND hour > $3 ORDER BY hour`,
    [purpose, hash, Math.floor(now / HOUR) - 7 * 24],
  )
}

/** Two that come in the same instant are one: the second finds the hour taken. */
async function insertRequest(db: Database, hash: string, asking: Asking): Promise<boolean> {
  const { purpose, email, newsletters, language, source, network, wording, expires, now } = asking
  const rows = await db.query<{ id: number }>(
    `INSERT INTO requests
  (purpose, hash, email, newsletters, language, source, network, wording, asked, hour, times, expires, mail_at, tries)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $9, 0)
ON CONFLICT (purpose, hash, hour) DO NOTHING RETURNING id`,
    [
      purpose,
      hash,
      email,
      jsonText(newsletters),
      language,
      source,
      network,
      wording,
      now,
      Math.floor(now / HOUR),
      expires,
    ],
  )
  return rows.length > 0
}

async function joinRequest(db: Database, row: RequestRow, asked: Asking['newsletters']): Promise<void> {
  const known = JSON.parse(row.newsletters) as Record<string, readonly string[]>
  const all = row.confirmed === null ? { ...known, ...asked } : known
  await db.query('UPDATE requests SET newsletters = $2, times = times + 1 WHERE id = $1', [
    row.id,
    jsonText(all),
  ])
}

export async function requestById(db: Database, id: number): Promise<AddressRequest | undefined> {
  const rows = await db.query<RequestRow>(`SELECT ${COLUMNS} FROM requests WHERE id = $1`, [id])
  return rows.map(requestOf)[0]
}

/**
 * Takes requests whose mail is due, oldest first, and puts their next try off, so that no other process takes them.
 *
 * @param nextAt when they are due again unless `markMailed` comes first
 */
export async function takeUnmailed(
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

/** Whether a mail waits to be sent. */
export async function mailIsDue(db: Database, now: number): Promise<boolean> {
  const rows = await db.query('SELECT 1 FROM requests WHERE mail_at <= $1 AND expires > $1 LIMIT 1', [now])
  return rows.length > 0
}

/** How many asked in one way since then. */
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

/** The mail has gone, or never will. */
export async function markMailed(db: Database, id: number): Promise<void> {
  await db.query('UPDATE requests SET mail_at = NULL WHERE id = $1', [id])
}

/** The server was busy: the mail is due again then. */
export async function putOffMail(db: Database, id: number, at: number): Promise<void> {
  await db.query('UPDATE requests SET mail_at = $2 WHERE id = $1 AND mail_at IS NOT NULL', [id, at])
}

/** Addresses that nobody proved are not ours to keep. */
export async function dropExpiredRequests(db: Database, now: number): Promise<number> {
  const rows = await db.query<{ id: number }>(
    'DELETE FROM requests WHERE confirmed IS NULL AND expires <= $1 RETURNING id',
    [now],
  )
  return rows.length
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

export interface Confirmed {
  readonly subscriber: number
  /** False when the link had been followed before: nothing was changed. */
  readonly now: boolean
}

/**
 * @param id of the request, out of a verified link
 * @returns undefined when there is no such request, or it is too old
 */
export function confirmRequest(
  db: Database,
  { id, now }: { readonly id: number; readonly now: number },
): Promise<Confirmed | undefined> {
  return db.transaction(async tx => {
    const taken = await takeRequest(tx, id, now)
    if (!taken) return confirmedBefore(tx, id)
    const { email, hash, newsletters, language, source } = taken
    const key = parseAddress(email)?.key
    if (key === undefined) throw new Error('a request was kept without an address')
    const subscriber = await upsertSubscriber(tx, { email, key, hash, language, source, now })
    await joinNewsletters(tx, subscriber, JSON.parse(newsletters) as Record<string, string[]>, now)
    await unsuppress(tx, hash)
    await tx.query('DELETE FROM bounces WHERE subscriber = $1', [subscriber])
    // What is left is the record of consent; the address itself is the subscriber's own now.
    await tx.query("UPDATE requests SET subscriber = $2, email = '', mail_at = NULL WHERE id = $1", [
      id,
      subscriber,
    ])
    return { subscriber, now: true }
  })
}

interface TakenRow {
  readonly email: string
  readonly hash: string
  readonly newsletters: string
  readonly language: string
  readonly source: string
}

async function takeRequest(db: Database, id: number, now: number): Promise<TakenRow | undefined> {
  const [row] = await db.query<TakenRow>(
    `UPDATE requests SET confirmed = $2
WHERE id = $1 AND purpose = 'subscribe' AND confirmed IS NULL AND expires > $2
RETURNING email, hash, newsletters, language, source`,
    [id, now],
  )
  return row
}

async function confirmedBefore(db: Database, id: number): Promise<Confirmed | undefined> {
  const [row] = await db.query<{ subscriber: number }>(
    'SELECT subscriber FROM requests WHERE id = $1 AND confirmed IS NOT NULL AND subscriber IS NOT NULL',
    [id],
  )
  return row && { subscriber: row.subscriber, now: false }
}

interface Confirming {
  readonly email: string
  readonly key: string
  readonly hash: string
  readonly language: string
  readonly source: string
  readonly now: number
}

/** Somebody on the list keeps the consent that she gave first; somebody who had left gives a new one. */
async function upsertSubscriber(db: Database, confirming: Confirming): Promise<number> {
  const { email, key, hash, language, source, now } = confirming
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
