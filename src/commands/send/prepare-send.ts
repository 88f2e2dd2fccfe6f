// A chosen edition → its letter, the plan of who gets it, and what the ledger will freeze. Changes nothing.

import { planNew, planResumed, type SendPlan } from '../../deliver/index.ts'
import type { EditionVariants } from '../../edition/index.ts'
import type { Edition, Letter, Loaded, Newsletter } from '../../model.ts'
import type { Audience, Database, Freeze } from '../../store/index.ts'
import type { FrozenEdition, NewEdition } from './choose-editions.ts'

export interface Prepared {
  readonly plan: SendPlan
  readonly newsletter: Newsletter
  readonly letter: Letter
  /** Undefined when the ledger has it already. */
  readonly freeze: Freeze | undefined
  readonly frozenAt: number
}

interface Desk {
  readonly loaded: Loaded
  readonly db: Database | undefined
  readonly now: number
  readonly resend: boolean
}

export async function prepareSend(chosen: NewEdition | FrozenEdition, desk: Desk): Promise<Prepared> {
  const { newsletter } = chosen
  if (chosen.kind === 'frozen') {
    const { countDeliveries } = await import('../../store/index.ts')
    const { edition, letter, frozenAt } = chosen.record
    const counts = await countDeliveries(desk.db!, edition)
    const plan = planResumed({ edition, subject: letter.subject }, counts, desk.resend)
    return { plan, newsletter, letter, freeze: undefined, frozenAt }
  }
  const { edition } = chosen
  const rendered = await renderChosen(edition, desk.loaded)
  const { letter } = rendered
  const { editionVariants, recordedArticles } = await import('../../edition/index.ts')
  const { letterHash } = await import('../../letter/index.ts')
  const variants = editionVariants(edition)
  const audience = await audienceOf(desk.db, newsletter, variants)
  const about = { edition: letter.edition, subject: letter.subject, articles: edition.articles.length }
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
    now: desk.now,
  }
  return { plan: planNew(about, audience), newsletter, letter, freeze, frozenAt: desk.now }
}

export async function renderEdition(edition: Edition, loaded: Loaded): Promise<Letter> {
  return (await renderChosen(edition, loaded)).letter
}

async function renderChosen(edition: Edition, loaded: Loaded) {
  const { join } = await import('node:path')
  const { createRenderer } = await import('../../render/index.ts')
  const { openTemplates } = await import('../../templates/index.ts')
  const templates = openTemplates(join(loaded.publication.dir, 'templates'))
  const { renderEdition: render } = await import('../../letter/index.ts')
  return render(edition, loaded, createRenderer(loaded), templates)
}

/** Those on whose topics there is nothing are of the audience, and skipped. */
async function audienceOf(
  db: Database | undefined,
  { id }: Newsletter,
  { variantOf }: EditionVariants,
): Promise<Audience> {
  if (!db) return { audience: 0, skipped: {}, unsubscribed: 0, unconfirmed: 0 }
  const { previewAudience } = await import('../../store/index.ts')
  const { NOTHING, topicReaders } = await import('../../store/index.ts')
  const audience = await previewAudience(db, id)
  const without = (await topicReaders(db, id)).filter(({ topics }) => variantOf(topics) === undefined)
  const nothing = without.reduce((sum, { readers }) => sum + readers, 0)
  return nothing === 0 ? audience : { ...audience, skipped: { ...audience.skipped, [NOTHING]: nothing } }
}
