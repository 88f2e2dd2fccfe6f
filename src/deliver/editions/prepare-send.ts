// The editions that were asked for → for each its letter, the plan of who gets it, and what the ledger will freeze; and why
// the others are not sent. Changes nothing.

import { type EditionVariants, editionVariants, recordedArticles } from '../../edition/index.ts'
import type { Edition, LedgerCounts, Letter, Loaded, Newsletter } from '../../model.ts'
import {
  type Audience,
  countDeliveries,
  type Database,
  type Freeze,
  listAudience,
  listDeliveries,
  NOTHING_ON_TOPICS,
  previewAudience,
  recordSkipped,
  topicReaders,
} from '../../store/index.ts'
import {
  type Asked,
  chooseEditions,
  type FrozenEdition,
  type NewEdition,
  type NoEdition,
} from './choose-editions.ts'

export interface SendPlan {
  /** '<newsletter>/<id>' */
  readonly edition: string
  readonly subject: string
  /** How many articles it carries; undefined once it is frozen. */
  readonly articles?: number | undefined
  /** 'new' freezes with the first hand-over; 'resumed' was frozen, and goes on with its own letter. */
  readonly kind: 'new' | 'resumed'
  readonly audience: number
  /** How many this send will try to reach. */
  readonly recipients: number
  /** Those of the audience who get nothing: reason → how many. */
  readonly skipped: Readonly<Record<string, number>>
  /** Not in the audience at all: reason → how many. */
  readonly outside: Readonly<Record<string, number>>
  /** Of a resumed one: what is settled already. */
  readonly settled?: Pick<LedgerCounts, 'accepted' | 'rejected' | 'unknown'> | undefined
}

export interface Prepared {
  readonly plan: SendPlan
  readonly newsletter: Newsletter
  readonly letter: Letter
  /** Undefined when the ledger has it already. */
  readonly freeze: Freeze | undefined
  /** ms since epoch */
  readonly frozenAt: number
}

interface Preparing {
  readonly loaded: Loaded
  readonly asked: Asked
  /** Undefined where there is no ledger yet, and none is to be made. */
  readonly db: Database | undefined
  readonly now: number
  /** Only the plan is wanted: also of an edition that nobody would get. */
  readonly dryRun: boolean
}

export async function prepareSends(
  newsletters: readonly Newsletter[],
  preparing: Preparing,
): Promise<{ readonly prepared: readonly Prepared[]; readonly none: readonly NoEdition[] }> {
  const { loaded, asked, db, now, dryRun } = preparing
  const prepared: Prepared[] = []
  const none: NoEdition[] = []
  const chosen = []
  for (const newsletter of newsletters)
    chosen.push(...(await chooseEditions({ loaded, newsletter, asked, db, now })))
  for (const one of chosen) {
    if (one.kind === 'none') {
      none.push(one)
      continue
    }
    const { newsletter } = one
    const ready =
      one.kind === 'frozen' ? await prepareFrozen(one, preparing) : await prepareNew(one, preparing)
    // An edition frozen for nobody would be sent, and those who subscribe tomorrow would never see its articles.
    const forNobody = ready.freeze !== undefined && ready.plan.audience === 0 && !dryRun
    if (forNobody) none.push({ kind: 'none', newsletter, why: `nobody subscribes to ${newsletter.id}` })
    else prepared.push(ready)
  }
  return { prepared, none }
}

async function prepareFrozen(
  { newsletter, record }: FrozenEdition,
  { db, asked }: Preparing,
): Promise<Prepared> {
  const { edition, letter, frozenAt } = record
  const { resendUnknown } = asked
  const { audience, pending, deferred, accepted, rejected, unknown, skipped } = await countDeliveries(
    db!,
    edition,
  )
  const plan: SendPlan = {
    edition,
    subject: letter.subject,
    kind: 'resumed',
    audience,
    recipients: pending + deferred + (resendUnknown ? unknown : 0),
    skipped,
    outside: {},
    settled: { accepted, rejected, unknown: resendUnknown ? 0 : unknown },
  }
  return { plan, newsletter, letter, freeze: undefined, frozenAt }
}

async function prepareNew(
  { newsletter, edition }: NewEdition,
  { loaded, db, now }: Preparing,
): Promise<Prepared> {
  const { letterHash } = await import('../../letter/index.ts')
  const rendered = await renderEdition(edition, loaded)
  const { letter } = rendered
  const variants = editionVariants(edition)
  const { audience, skipped, unsubscribed, unconfirmed } = await audienceOf(db, newsletter, variants)
  const plan: SendPlan = {
    edition: letter.edition,
    subject: letter.subject,
    articles: edition.articles.length,
    kind: 'new',
    audience,
    recipients: audience - sum(skipped),
    skipped,
    outside: withoutZeros({ unsubscribed, unconfirmed }),
  }
  const freeze: Freeze = {
    edition: letter.edition,
    newsletter: newsletter.id,
    from: edition.from,
    until: edition.until,
    letter,
    letterHash: letterHash(letter),
    variants: {
      variantOf: variants.variantOf,
      async letter(variant) {
        const part = await rendered.letterOf(variants.edition(variant))
        return { letter: part, letterHash: letterHash(part) }
      },
    },
    ...recordedArticles(edition),
    now,
  }
  return { plan, newsletter, letter, freeze, frozenAt: now }
}

/** With the publication's own templates. */
export async function renderEdition(edition: Edition, loaded: Loaded) {
  const { join } = await import('node:path')
  const { createRenderer } = await import('../../render/index.ts')
  const { openTemplates } = await import('../../templates/index.ts')
  const letter = await import('../../letter/index.ts')
  const templates = openTemplates(join(loaded.publication.dir, 'templates'))
  return letter.renderEdition(edition, loaded, createRenderer(loaded), templates)
}

/** Those on whose topics there is nothing are of the audience, and skipped. */
async function audienceOf(
  db: Database | undefined,
  { id }: Newsletter,
  { variantOf }: EditionVariants,
): Promise<Audience> {
  if (!db) return { audience: 0, skipped: {}, unsubscribed: 0, unconfirmed: 0 }
  const audience = await previewAudience(db, id)
  const without = (await topicReaders(db, id)).filter(({ topics }) => variantOf(topics) === undefined)
  const nothing = without.reduce((sum, { readers }) => sum + readers, 0)
  return nothing === 0
    ? audience
    : { ...audience, skipped: { ...audience.skipped, [NOTHING_ON_TOPICS]: nothing } }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

/** The addresses of whoever will get it. */
export async function recipientsOf(db: Database, { plan, newsletter }: Prepared): Promise<string[]> {
  if (plan.kind === 'new') {
    return (await listAudience(db, newsletter.id, plan.audience)).map(({ email }) => email)
  }
  const left = [
    ...(await listDeliveries(db, plan.edition, 'pending')),
    ...(await listDeliveries(db, plan.edition, 'deferred')),
  ]
  return left.map(({ email }) => email)
}

/** So that the ledger knows that a slot without news was looked at. */
export async function recordSkips(db: Database, none: readonly NoEdition[], now: number): Promise<void> {
  for (const { newsletter, skipped, why } of none) {
    if (!skipped) continue
    const { id, from, until } = skipped
    const edition = `${newsletter.id}/${id}`
    await recordSkipped(db, { edition, newsletter: newsletter.id, from, until, why, now })
  }
}
