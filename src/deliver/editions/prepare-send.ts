// The editions that were asked for → for each its letter, the plan of who gets it, and what the ledger will freeze; and
// why the others are not sent; and the letter that a test is made of. Changes nothing.

import { hostname } from 'node:os'
import {
  articleEdition,
  comingEdition,
  type EditionVariants,
  editionAt,
  editionsOf,
  editionVariants,
  findSlot,
  recordedArticles,
} from '../../edition/index.ts'
import { UserError } from '../../errors.ts'
import type { Edition, LedgerCounts, Letter, Loaded, Newsletter } from '../../model.ts'
import {
  type Audience,
  countDeliveries,
  type Database,
  type Freeze,
  frozenEdition,
  listAudience,
  listDeliveries,
  NOTHING_ON_TOPICS,
  previewAudience,
  type Segment,
  topicReaders,
} from '../../store/index.ts'
import {
  type Asked,
  chooseComing,
  chooseEditions,
  type FrozenEdition,
  historyOf,
  type NewEdition,
  type NoEdition,
} from './choose-editions.ts'
import { countInDoubt } from './edition-figures.ts'

interface SendPlan {
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
  /** Of one that nobody is left of: when that was; ms since epoch. */
  readonly finishedAt?: number | undefined
  /** Of one that is not due yet: when it will be; ms since epoch. */
  readonly dueAt?: number | undefined
  /** Of one that is not due yet: whether its note holds it back. */
  readonly hold?: boolean | undefined
  /** Of an extra edition: only these readers. */
  readonly segment?: Segment | undefined
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
    chosen.push(...(await chooseEditions({ loaded, newsletter, asked, db, now, dryRun })))
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

/** Of each newsletter the edition that comes next, to be looked at; none for one without an article. */
export async function prepareComing(
  newsletters: readonly Newsletter[],
  preparing: Pick<Preparing, 'loaded' | 'db' | 'now'>,
): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = []
  for (const newsletter of newsletters) {
    const chosen = await chooseComing({ ...preparing, newsletter })
    if (chosen?.kind === 'new') prepared.push(await prepareNew(chosen, preparing))
  }
  return prepared
}

async function prepareFrozen(
  { newsletter, record }: FrozenEdition,
  { db, asked, now, dryRun }: Preparing,
): Promise<Prepared> {
  const { edition, letter, frozenAt, state, finishedAt } = record
  const { resendUnknown } = asked
  const { audience, pending, deferred, accepted, rejected, unknown, skipped } = await countDeliveries(
    db!,
    edition,
  )
  // A send finds those of a sender that died, too, before it sends anything; what changes nothing can only count them.
  const lost = dryRun ? await countInDoubt(db!, record, { now, host: hostname() }) : 0
  const recipients = pending + deferred + (resendUnknown ? unknown : -lost)
  const plan: SendPlan = {
    edition,
    subject: letter.subject,
    kind: 'resumed',
    audience,
    recipients,
    skipped,
    outside: {},
    ...(state === 'sent' && recipients === 0 ? { finishedAt: finishedAt ?? frozenAt } : {}),
    settled: { accepted, rejected, unknown: resendUnknown ? 0 : unknown + lost },
  }
  return { plan, newsletter, letter, freeze: undefined, frozenAt }
}

async function prepareNew(
  { newsletter, edition, dueAt, extra }: NewEdition,
  { loaded, db, now, asked }: Pick<Preparing, 'loaded' | 'db' | 'now'> & Partial<Pick<Preparing, 'asked'>>,
): Promise<Prepared> {
  const { letterHash } = await import('../../letter/index.ts')
  const rendered = await renderEdition(edition, loaded)
  const { letter } = rendered
  const variants = editionVariants(edition)
  const segment = extra ? segmentOf(asked?.segment, newsletter) : undefined
  const recorded = recordedArticles(edition)
  const { audience, skipped, unsubscribed, unconfirmed } = await audienceOf(db, newsletter, variants, segment)
  const plan: SendPlan = {
    edition: letter.edition,
    subject: letter.subject,
    articles: edition.articles.length,
    kind: 'new',
    ...(dueAt === undefined ? {} : { dueAt, hold: edition.hold }),
    ...(segment ? { segment } : {}),
    audience,
    recipients: audience - sum(skipped),
    skipped,
    outside: withoutZeros({ unsubscribed, unconfirmed }),
  }
  const freeze: Freeze = {
    edition: letter.edition,
    newsletter: newsletter.id,
    // No window: were it the article's date, everything since then would be new to the next edition.
    from: extra ? now : edition.from,
    until: extra ? now : edition.until,
    segment,
    letter,
    letterHash: letterHash(letter),
    variants: {
      variantOf: variants.variantOf,
      async letter(variant) {
        const part = await rendered.letterOf(variants.edition(variant))
        return { letter: part, letterHash: letterHash(part) }
      },
    },
    // All others have not had what a part of the readers gets: it comes in the next edition as well.
    ...(segment ? { carried: [], omitted: [] } : extra ? { ...recorded, omitted: [] } : recorded),
    now,
  }
  return { plan, newsletter, letter, freeze, frozenAt: now }
}

/** Who named no language reads that of the newsletter. */
function segmentOf(segment: Segment | undefined, { language }: Newsletter): Segment | undefined {
  const wanted = segment?.language?.toLowerCase()
  if (segment === undefined || wanted === undefined) return segment
  const usual = language.toLowerCase()
  return { ...segment, isUsualLanguage: usual === wanted || usual.startsWith(`${wanted}-`) }
}

/** With the publication's own templates. */
async function renderEdition(edition: Edition, loaded: Loaded) {
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
  segment: Segment | undefined,
): Promise<Audience> {
  if (!db) return { audience: 0, skipped: {}, unsubscribed: 0, unconfirmed: 0 }
  const audience = await previewAudience(db, id, segment)
  const without = (await topicReaders(db, id, segment)).filter(
    ({ topics }) => variantOf(topics) === undefined,
  )
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
export async function recipientsOf(db: Database, { plan, newsletter, freeze }: Prepared): Promise<string[]> {
  if (plan.kind === 'new') {
    const listed = await listAudience(db, newsletter.id, plan.audience, freeze?.segment)
    const isOn = (topics: string) => freeze?.variants?.variantOf(JSON.parse(topics) as string[]) !== undefined
    return listed.filter(({ topics }) => isOn(topics)).map(({ email }) => email)
  }
  const left = [
    ...(await listDeliveries(db, plan.edition, 'pending')),
    ...(await listDeliveries(db, plan.edition, 'deferred')),
  ]
  return left.map(({ email }) => email)
}

export interface TestLetter {
  readonly letter: Letter
  readonly newsletter: Newsletter
}

/**
 * The edition that was named, due or not, held or not, sent or not; else the next one, and where that has no article yet, the
 * newest that has one.
 *
 * @param asked an edition of the first newsletter
 * @returns undefined when no edition has an article
 */
export async function letterToTest(
  loaded: Loaded,
  newsletters: readonly Newsletter[],
  { id, extra }: Pick<Asked, 'id' | 'extra'>,
  db: Database | undefined,
  now: number,
): Promise<TestLetter | undefined> {
  if (id !== undefined) return namedLetter(loaded, newsletters[0]!, { id, extra }, db)
  const coming: Edition[] = []
  for (const newsletter of newsletters) {
    const edition = comingEdition(loaded, newsletter, now, await historyOf(db, newsletter))
    if (edition) coming.push(edition)
  }
  const next = coming.filter(({ articles }) => articles.length > 0).sort((a, b) => a.until - b.until)[0]
  const newest = newsletters
    .flatMap(newsletter => editionsOf(loaded, newsletter, now).slice(-1))
    .sort((a, b) => a.until - b.until)
    .at(-1)
  const edition = next ?? newest
  return edition && { letter: (await renderEdition(edition, loaded)).letter, newsletter: edition.newsletter }
}

async function namedLetter(
  loaded: Loaded,
  newsletter: Newsletter,
  { id, extra }: { readonly id: string; readonly extra: boolean | undefined },
  db: Database | undefined,
): Promise<TestLetter | undefined> {
  const frozen = db && (await frozenEdition(db, `${newsletter.id}/${id}`))
  if (frozen?.letter) return { letter: frozen.letter, newsletter }
  const slot = findSlot(loaded, newsletter, id)
  const edition = slot
    ? editionAt(loaded, newsletter, slot, await historyOf(db, newsletter))
    : extra && articleEdition(loaded, newsletter, id, { carried: new Set() })
  if (!edition) throw new UserError(`${newsletter.id} has no edition ${id}`, 'See `broadsheet edition`.')
  if (edition.articles.length === 0) return undefined
  return { letter: (await renderEdition(edition, loaded)).letter, newsletter }
}
