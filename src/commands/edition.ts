// `edition`: which editions there are; or what is in one, and what was left out and why.

import { readableTime } from '../base/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type { EditionJson } from '../letter/index.ts'
import type { Edition, Loaded, Newsletter, Slot } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { openLedgerToRead } from './environment.ts'

interface Shown {
  readonly context: Context
  readonly loaded: Loaded
  /** Undefined where nothing was ever sent. */
  readonly db: Database | undefined
}

export async function run(context: Context) {
  const { openPublication } = await import('../content/index.ts')
  const loaded = await openPublication(context.dir, { now: context.now() })
  const [name = '', ...rest] = (context.args[0] ?? '').split('/')
  const newsletters = loaded.publication.newsletters.filter(({ id }) => name === '' || id === name)
  if (name && newsletters.length === 0) {
    const known = loaded.publication.newsletters.map(({ id }) => id).join(', ')
    throw new UserError(
      `There is no newsletter ${name}`,
      known ? `There are: ${known}.` : 'The settings name none.',
    )
  }
  const shown = { context, loaded, db: await openLedgerToRead(context) }
  try {
    if (rest.length > 0) await showOne(shown, newsletters[0]!, rest.join('/'))
    else await showAll(shown, newsletters)
  } finally {
    await shown.db?.close()
  }
  return EXIT.done
}

async function showOne({ context, loaded, db }: Shown, newsletter: Newsletter, id: string): Promise<void> {
  const { editionAt, findSlot, newestSlot } = await import('../edition/index.ts')
  const { editionJson, editionSubject } = await import('../letter/index.ts')
  const slot = findSlot(loaded, newsletter, id)
  if (!slot) {
    const newest = newestSlot(loaded, newsletter, context.now())?.id
    throw new UserError(
      `${newsletter.id} has no edition ${id}`,
      newest ? `The newest is ${newsletter.id}/${newest}.` : 'There is none yet.',
    )
  }
  const edition = editionAt(loaded, newsletter, slot, await historyOf(db, newsletter, slot))
  const subject = editionSubject(edition, loaded.publication)
  const value = editionJson(edition, subject, loaded.publication.timezone)
  context.result(value, () => describeEdition(value, edition, loaded))
}

/**
 * What the ledger says was sent; nothing, where there is none.
 *
 * @param shown of an edition that was sent: it is shown as it was chosen then; one that was not, as it would be chosen now
 */
async function historyOf(db: Database | undefined, newsletter: Newsletter, shown?: Slot) {
  if (!db) return { carried: new Set<string>() }
  const { frozenEdition, sentHistory } = await import('../store/index.ts')
  const frozen = shown && (await frozenEdition(db, `${newsletter.id}/${shown.id}`))
  const wasSent = frozen !== undefined && frozen.state !== 'skipped'
  return sentHistory(db, newsletter.id, wasSent ? shown?.until : undefined)
}

async function showAll({ context, loaded, db }: Shown, newsletters: readonly Newsletter[]): Promise<void> {
  const { editionName, editionsOf } = await import('../edition/index.ts')
  const { listEditions } = await import('../store/index.ts')
  const records = new Map((db ? await listEditions(db) : []).map(record => [record.edition, record]))
  const now = context.now()
  const editions = newsletters.flatMap(newsletter =>
    editionsOf(loaded, newsletter, now).map(edition => {
      const id = editionName(newsletter, edition.id)
      return {
        id,
        articles: edition.articles.length,
        until: edition.until,
        state: records.get(id)?.state ?? 'not sent',
      }
    }),
  )
  const next = await nextEditions(loaded, newsletters, db, now)
  context.result({ editions, next }, () => describeEditions(editions, next, loaded.publication.timezone))
}

/** Of each newsletter the edition that comes next, with what is in the folder for it so far. */
export async function nextEditions(
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  db: Database | undefined,
  now: number,
): Promise<Listed[]> {
  const { comingEdition, editionName } = await import('../edition/index.ts')
  const next: Listed[] = []
  for (const newsletter of newsletters) {
    const coming = comingEdition(loaded, newsletter, now, await historyOf(db, newsletter))
    if (!coming) continue
    const { id, articles, sendAt, hold } = coming
    const state = hold ? 'on hold' : 'next'
    next.push({ id: editionName(newsletter, id), articles: articles.length, until: sendAt, state })
  }
  return next
}

/** 'Next: weekly/2026-W49, due on Fri 4 Dec 2026, 07:00 (UTC), 1 article so far', a line for each. */
export function describeNext(next: readonly Listed[], timezone: string): string {
  return next
    .map(({ id, until, articles, state }) => {
      const hold = state === 'on hold' ? ', on hold' : ''
      return `Next: ${id}, due on ${readableTime(until, timezone)}, ${countArticles(articles)} so far${hold}\n`
    })
    .join('')
}

function countArticles(count: number): string {
  return `${count} article${count === 1 ? '' : 's'}`
}

function describeEdition(value: EditionJson, edition: Edition, { articles }: Loaded): string {
  const titles = new Map(articles.map(({ id, title }) => [id, title]))
  const head = [
    ['edition', `${value.newsletter}/${value.id}`],
    ['subject', value.subject],
    ['window', `after ${value.from}, until ${value.until}`],
    ...(edition.hold ? [['held', 'by the editor: hold: true in its note']] : []),
  ]
  const carried = edition.articles.map((article, n) => `${String(n + 1).padStart(4)}  ${article.title}\n`)
  const left = edition.leftOut.map(({ article, why }) => `   –  ${titles.get(article) ?? article}: ${why}\n`)
  return [
    head.map(([name, text]) => `${name!.padEnd(9)}${text}\n`).join(''),
    `\n${carried.join('') || '   nothing new\n'}`,
    left.length > 0 ? `\nleft out\n${left.join('')}` : '',
  ].join('')
}

export interface Listed {
  readonly id: string
  readonly articles: number
  readonly until: number
  readonly state: string
}

/** The next ones first. @param timezone IANA: times are the publication's own */
function describeEditions(editions: readonly Listed[], next: readonly Listed[], timezone: string): string {
  const style = { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' } as const
  const format = new Intl.DateTimeFormat('en-GB', style)
  const width = Math.max(0, ...[...editions, ...next].map(({ id }) => id.length)) + 2
  const row = (so: string) => (edition: Listed) => {
    const { id, until, articles, state } = edition
    return `${id.padEnd(width)}${format.format(until)}  ${countArticles(articles)}${so}, ${state}\n`
  }
  return [...next.map(row(' so far')), ...editions.map(row(''))].join('') || 'no edition yet\n'
}
