// `send`: which editions, to whom, asked or not; then every reader once, and what became of them.

import { borrowedFrom, misaligned } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Loaded } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import { describePlan, figure } from './describe-send.ts'
import { openExistingLedger, openLedgerToSend } from './open-ledger.ts'
import { type Chosen, chooseEditions, type NoEdition } from './send/choose-editions.ts'
import { openOutgoing } from './send/outgoing.ts'
import { type Prepared, prepareSend } from './send/prepare-send.ts'
import { reportSends, sendPrepared } from './send/send-prepared.ts'
import { newslettersAsked, type SendOptions, sendOptions } from './send-options.ts'

export async function run(context: Context): Promise<ExitCode> {
  const options = sendOptions(context)
  const { loadPublication } = await import('../content/index.ts')
  const loaded = loadPublication(context.dir, { now: context.now() })
  const newsletters = newslettersAsked(loaded.publication, options)
  if (options.to !== undefined) {
    const { sendTest } = await import('./send/send-test.ts')
    return sendTest(context, loaded, newsletters, options)
  }
  if (options.dryRun) return dryRun(context, loaded, options)
  if (options.word === undefined) return send(context, loaded, options)
  const { steerEdition } = await import('./send/steer-edition.ts')
  const resumed = await steerEdition(context, options, options.word)
  return resumed === undefined ? EXIT.done : send(context, loaded, { ...options, ...resumed })
}

/** Looks, and makes nothing: no ledger, no row, no connection. */
async function dryRun(context: Context, loaded: Loaded, options: SendOptions): Promise<ExitCode> {
  const db = await openExistingLedger(context)
  try {
    const { prepared, none } = await prepareAll(context, loaded, options, db)
    if (prepared.length === 0) return nothing(context, none)
    warnOfFrom(context, loaded, prepared, undefined)
    const plans = await Promise.all(
      prepared.map(async ({ plan, newsletter }) => ({
        ...plan,
        dryRun: true,
        ...(options.list && db ? { list: await recipients(db, plan, newsletter.id) } : {}),
      })),
    )
    context.result(plans.length === 1 ? plans[0] : { editions: plans }, () => {
      const texts = plans.map((plan, index) => {
        const list = 'list' in plan ? (plan.list ?? []).map(email => `\n    ${email}`).join('') : ''
        return `${describePlan(prepared[index]!, loaded.publication.mail, undefined)}${list}\n`
      })
      return `${texts.join('')}Nothing was sent.\n`
    })
    return EXIT.done
  } finally {
    await db?.close()
  }
}

async function send(context: Context, loaded: Loaded, options: SendOptions): Promise<ExitCode> {
  const { transport, secret } = await openOutgoing(context, loaded.publication)
  const db = await openLedgerToSend(context, options)
  try {
    if (options.enqueue && db.kind !== 'postgres') throw needsWorkers()
    const { prepared, none } = await prepareAll(context, loaded, options, db)
    await recordSkips(db, none, context.now())
    if (prepared.length === 0) return nothing(context, none)
    const open = prepared.filter(({ plan }) => plan.recipients > 0 || plan.kind === 'new')
    if (open.length > 0) {
      await transport.prove()
      for (const one of open) context.say(describePlan(one, loaded.publication.mail, transport.name))
      warnOfFrom(context, loaded, open, transport.name)
      const named = open.map(({ plan }) => plan.edition).join(', ')
      const count = open.reduce((sum, { plan }) => sum + plan.recipients, 0)
      const question = `Send ${named} to ${figure(count)} reader${count === 1 ? '' : 's'}?`
      // Nobody is there to be asked when the schedule says so: that is what --due is for. --resume is the answer already.
      const told = context.options.due === true || options.word === 'resume'
      if (!told && !(await context.confirm(question))) {
        context.say('Nothing was sent.')
        return EXIT.usage
      }
    }
    const sends = []
    for (const one of prepared) {
      if (context.signal.aborted) {
        context.say('Interrupted before the first message.')
        if (sends.length === 0) return EXIT.interrupted
        break
      }
      sends.push(await sendPrepared(one, { context, loaded, options, db, transport, secret }))
    }
    return reportSends(context, sends)
  } finally {
    await transport.close()
    await db.close()
  }
}

/** Once for each sender's address, however many of its editions there are. */
function warnOfFrom(
  { say }: Context,
  { publication }: Loaded,
  prepared: readonly Prepared[],
  through: string | undefined,
): void {
  const { dkim } = publication.mail
  const warnings = prepared.flatMap(({ letter: { from } }) => [
    dkim && misaligned(from.address, dkim.domain),
    through && borrowedFrom(from.address, through),
  ])
  for (const warning of new Set(warnings)) if (warning) say(warning)
}

async function prepareAll(context: Context, loaded: Loaded, options: SendOptions, db: Database | undefined) {
  const now = context.now()
  const chosen: Chosen[] = []
  for (const newsletter of newslettersAsked(loaded.publication, options)) {
    chosen.push(...(await chooseEditions({ loaded, newsletter, options, db, now })))
  }
  const prepared: Prepared[] = []
  const none: NoEdition[] = []
  for (const one of chosen) {
    if (one.kind === 'none') none.push(one)
    else {
      const ready = await prepareSend(one, { loaded, db, now, resend: options.resend })
      // An edition frozen for nobody would be sent, and those who subscribe tomorrow would never see its articles.
      const nobody = ready.freeze !== undefined && ready.plan.audience === 0 && !options.dryRun
      if (nobody)
        none.push({
          kind: 'none',
          newsletter: one.newsletter,
          why: `nobody subscribes to ${one.newsletter.id}`,
        })
      else prepared.push(ready)
    }
  }
  return { prepared, none }
}

async function recordSkips(db: Database, none: readonly NoEdition[], now: number): Promise<void> {
  const { recordSkipped } = await import('../store/index.ts')
  for (const { newsletter, skipped, why } of none) {
    if (!skipped) continue
    const { id, from, until } = skipped
    await recordSkipped(db, {
      edition: `${newsletter.id}/${id}`,
      newsletter: newsletter.id,
      from,
      until,
      why,
      now,
    })
  }
}

/** The gravest reason first: a slot that a later one stands for is no reason of its own. */
function nothing(context: Context, none: readonly NoEdition[]): ExitCode {
  const whys = [...new Set(none.map(({ why }) => why))].filter(why => why !== 'a later edition stands for it')
  const why = whys.includes('nothing new') ? 'nothing new' : whys.join('; ') || 'nothing is due'
  const paused = none.filter(one => one.paused !== undefined)
  const goOn = paused.map(one => `Go on: broadsheet send ${one.paused} --resume\n`).join('')
  context.result({ edition: null, why }, () => `Nothing to send: ${why}.\n${goOn}`)
  return EXIT.done
}

function needsWorkers(): UserError {
  return new UserError(
    '--enqueue leaves the sending to workers, which a database in a file has not',
    'Leave --enqueue out, or set BROADSHEET_DATABASE=postgres://user:password@host:5432/broadsheet.',
  )
}

/** Asked for with --list: whoever will get it, by address. */
async function recipients(db: Database, plan: Prepared['plan'], newsletter: string): Promise<string[]> {
  const { listAudience, listDeliveries } = await import('../store/index.ts')
  if (plan.kind === 'new') {
    return (await listAudience(db, newsletter, plan.audience)).map(({ email }) => email)
  }
  const left = [
    ...(await listDeliveries(db, plan.edition, 'pending')),
    ...(await listDeliveries(db, plan.edition, 'deferred')),
  ]
  return left.map(({ email }) => email)
}
