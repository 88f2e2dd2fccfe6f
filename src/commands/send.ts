// `send`: editions are chosen, planned and confirmed; then every reader is mailed once, and the outcome reported.

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { figure } from '../base/index.ts'
import type { NoEdition, Prepared, SendingMeans, Sent } from '../deliver/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Loaded } from '../model.ts'
import type { Database } from '../store/index.ts'
import type { Context } from './context.ts'
import {
  describeComplaints,
  describeEnd,
  describeFinished,
  describePlan,
  describeRate,
  describeWarmUp,
  verdictOf,
} from './describe-send.ts'
import { describeNext, nextEditions } from './edition.ts'
import {
  fileInCiWarning,
  openLedgerToRead,
  openLedgerToSend,
  openOutgoing,
  refuseForgottenSlots,
} from './environment.ts'
import { newslettersAsked, openLog, type SendOptions, sendOptions } from './send-options.ts'

export async function run(context: Context): Promise<ExitCode> {
  const options = sendOptions(context)
  const { openPublication } = await import('../content/index.ts')
  const loaded = await openPublication(context.dir, { now: context.now() })
  newslettersAsked(loaded.publication, options)
  if (options.to !== undefined) return sendToOne(context, loaded, options, options.to)
  if (options.dryRun) return dryRun(context, loaded, options)
  if (options.steering === undefined) return send(context, loaded, options)
  const { steerEdition } = await import('./send-options.ts')
  const resumed = await steerEdition(context, options, options.steering)
  return resumed === undefined ? EXIT.done : send(context, loaded, { ...options, ...resumed })
}

/** Looks, and makes nothing: no ledger, no row, no connection. */
async function dryRun(context: Context, loaded: Loaded, options: SendOptions): Promise<ExitCode> {
  const { prepareComing, recipientsOf } = await import('../deliver/index.ts')
  const db = await openLedgerToRead(context)
  try {
    const { prepared: now, none } = await prepare(context, loaded, options, db)
    const isIdle = now.every(({ plan }) => plan.finishedAt !== undefined)
    // Of an edition that is to come the plan is wanted more than of one that is done.
    const wantsNext = isIdle && options.id === undefined && !options.resendUnknown
    const newsletters = newslettersAsked(loaded.publication, options)
    const next = wantsNext ? await prepareComing(newsletters, { loaded, db, now: context.now() }) : []
    const prepared = [...now, ...next]
    if (prepared.length === 0) return await nothing(context, loaded, options, none, db)
    await warn(context, loaded, prepared, undefined)
    if (db) await warnOfDay(context, loaded, db, prepared)
    const plans = await Promise.all(
      prepared.map(async one => ({
        ...one.plan,
        dryRun: true,
        ...(options.list && db ? { list: await recipientsOf(db, one) } : {}),
      })),
    )
    const reading = { timezone: loaded.publication.timezone, now: context.now() }
    context.result(plans.length === 1 ? plans[0] : { editions: plans }, () => {
      const texts = plans.map((plan, index) => {
        const list = 'list' in plan ? (plan.list ?? []).map(email => `\n    ${email}`).join('') : ''
        const { edition, finishedAt, settled } = plan
        if (finishedAt !== undefined)
          return `${describeFinished(edition, settled?.accepted ?? 0, finishedAt, reading)}\n`
        return `${describePlan(prepared[index]!, loaded.publication, undefined)}${list}\n`
      })
      const paused = none.filter(one => one.paused !== undefined).map(describePaused)
      return `${texts.join('')}${paused.join('')}Nothing was sent.\n`
    })
    return EXIT.done
  } finally {
    await db?.close()
  }
}

async function send(context: Context, loaded: Loaded, options: SendOptions): Promise<ExitCode> {
  const { finishedSend, realClock, recordSkips } = await import('../deliver/index.ts')
  const { transport, secret } = await openOutgoing(context, loaded.publication)
  const { db, address, shared, save } = await openLedgerToSend(context, options, loaded)
  try {
    if (options.enqueue && db.kind !== 'postgres') throw needsWorkers()
    const { prepared, none } = await prepare(context, loaded, options, db)
    const recorded = [...prepared.filter(({ freeze }) => freeze), ...none.filter(({ skipped }) => skipped)]
    const newsletters = recorded.map(({ newsletter }) => newsletter)
    await refuseForgottenSlots(context, options, db, loaded, newsletters)
    await recordSkips(db, none, context.now())
    if (prepared.length === 0) {
      await save('send')
      return await nothing(context, loaded, options, none, db)
    }
    const open = prepared.filter(({ plan }) => plan.recipients > 0 || plan.kind === 'new')
    if (open.length > 0) {
      await Promise.all([transport.verify(), refuseFatal(context, loaded, options)])
      for (const one of open) context.say(describePlan(one, loaded.publication, transport.name))
      await warn(context, loaded, open, transport.name)
      const risk = await fileInCiWarning(context, address)
      if (risk !== undefined) context.say(risk)
      await warnOfDay(context, loaded, db, open)
      if (!(await isConfirmed(context, options, open))) {
        context.say('Nothing was sent.')
        return EXIT.usage
      }
    }
    const means: SendingMeans = {
      publication: loaded.publication,
      db,
      transport,
      secret,
      clock: realClock(context.now),
      random: Math.random,
      signal: context.signal,
      shared,
      sender: { host: hostname(), pid: process.pid, newId: randomUUID },
    }
    const sends: Sent[] = []
    for (const one of prepared) {
      if (context.signal.aborted) {
        context.say('Interrupted before the first message.')
        if (sends.length === 0) return EXIT.interrupted
        break
      }
      const isFinished = one.plan.finishedAt !== undefined
      sends.push(await (isFinished ? finishedSend(one, db) : sendOne(context, options, one, means, address)))
    }
    await save('send')
    // Who names the newsletter asks for the next edition as well: it is not its time yet.
    const isTooEarly = options.id === undefined && sends.every(sent => sent.finishedAt !== undefined)
    const asked = isTooEarly ? newslettersAsked(loaded.publication, options) : []
    const next = await nextEditions(loaded, asked, db, context.now())
    return report(context, sends, next, loaded.publication.timezone)
  } finally {
    await transport.close()
    await db.close()
  }
}

async function prepare(context: Context, loaded: Loaded, options: SendOptions, db: Database | undefined) {
  const { prepareSends } = await import('../deliver/index.ts')
  const { dryRun } = options
  const newsletters = newslettersAsked(loaded.publication, options)
  return prepareSends(newsletters, { loaded, asked: options, db, now: context.now(), dryRun })
}

/**
 * What `doctor` would find, as far as every letter would be refused, or nobody could leave. Only where mail really leaves.
 *
 * @throws UserError that names each check, and what mends it
 */
async function refuseFatal(context: Context, loaded: Loaded, { despite }: SendOptions): Promise<void> {
  const { env, now, nameServers, signal } = context
  if (/^eml:/i.test(env.BROADSHEET_SMTP?.trim() ?? '')) return
  const { fatalChecks, findFatal } = await import('./doctor/index.ts')
  const unknown = despite.find(name => name !== 'complaints' && !fatalChecks.includes(name))
  if (unknown !== undefined)
    throw new UserError(
      `--despite ${unknown}: no such check stops a send`,
      `There are: ${[...fatalChecks, 'complaints'].join(', ')}.`,
    )
  const openDatabase = async () => undefined
  const found = await findFatal({ loaded, env, now, nameServers, signal, openDatabase }).catch(
    (error: Error) => {
      // A fault in what only looks must not keep the news from going out.
      context.say(
        `warning: what \`broadsheet doctor\` checks could not be checked before the send: ${error.message}`,
      )
      return []
    },
  )
  const left = found.filter(({ name }) => !despite.includes(name))
  for (const { name, says } of found) if (despite.includes(name)) context.say(`warning: ${name}: ${says}`)
  if (left.length === 0) return
  const remedies = left.map(({ name, says, why, remedy }) =>
    [`${name}: ${says}`, why, remedy?.text, remedy?.copy].filter(Boolean).join('\n'),
  )
  throw new UserError(
    'Nothing was sent: every letter would be refused, or readers could not leave',
    `${remedies.join('\n\n')}\n\nSee all checks: broadsheet doctor. To send all the same: --despite ${left.map(({ name }) => name).join(',')}`,
  )
}

async function warn(
  { say }: Context,
  { publication }: Loaded,
  prepared: readonly Prepared[],
  through: string | undefined,
): Promise<void> {
  const { senderWarnings } = await import('../deliver/index.ts')
  const from = prepared.map(({ letter }) => letter.from.address)
  for (const warning of senderWarnings(from, publication.mail.dkim?.domain, through)) say(warning)
}

/** What keeps some of the readers from being mailed today. */
async function warnOfDay(
  { say, now }: Context,
  { publication }: Loaded,
  db: Database,
  prepared: readonly Prepared[],
): Promise<void> {
  const { complaintRates, warmUpSettings, warmUpToday } = await import('../deliver/index.ts')
  const { warmUp } = publication.mail
  const today = await warmUpToday(db, warmUpSettings(publication), now())
  const recipients = prepared.reduce((sum, { plan }) => sum + plan.recipients, 0)
  if (warmUp && today && recipients > 0) say(describeWarmUp(today, warmUp, recipients))
  for (const line of describeComplaints(await complaintRates(db, now()))) say(line)
}

/** Nobody is there to be asked when the schedule says so: that is what --due is for. --resume is the answer already. */
async function isConfirmed(
  { confirm, options }: Context,
  { steering }: SendOptions,
  open: readonly Prepared[],
): Promise<boolean> {
  if (options.due === true || steering === 'resume') return true
  const named = open.map(({ plan }) => plan.edition).join(', ')
  const count = open.reduce((sum, { plan }) => sum + plan.recipients, 0)
  return confirm(`Send ${named} to ${figure(count)} reader${count === 1 ? '' : 's'}?`)
}

/** One edition, with a bar. */
async function sendOne(
  context: Context,
  { wait, resendUnknown, despite, enqueue }: SendOptions,
  prepared: Prepared,
  means: SendingMeans,
  database: string,
): Promise<Sent> {
  const { now, say } = context
  const { sendEdition } = await import('../deliver/index.ts')
  const { edition, recipients } = prepared.plan
  const log = openLog(context)
  const began = now()
  const progress = context.progress(`Sending ${edition}`, recipients)
  try {
    return await sendEdition(prepared, {
      ...means,
      ...(log ? { onAttempt: log.write } : {}),
      wait,
      resendUnknown,
      despiteComplaints: despite.includes('complaints'),
      enqueue,
      database,
      onRecovered: unknown =>
        say(
          means.db.kind === 'postgres'
            ? `${edition}: a sender was cut off; ${unknown} may or may not have received it.`
            : `An earlier send was cut off: ${unknown} may or may not have received it.`,
        ),
      onManyRefused: () =>
        say('More addresses than usual were refused, and none was suppressed. See them: broadsheet bounces'),
      onResent: resent => say(`Resending to ${resent} whose delivery was uncertain.`),
      onProgress: settled => progress.at(settled, describeRate(settled, recipients, now() - began)),
    })
  } finally {
    progress.stop()
    log?.close()
  }
}

/** `--to ADDRESS`: a test that touches no ledger. */
async function sendToOne(
  context: Context,
  loaded: Loaded,
  options: SendOptions,
  to: string,
): Promise<ExitCode> {
  const { letterToTest, refuseSuppressed, sendTest, testAddressee } = await import('../deliver/index.ts')
  const { now, result } = context
  const newsletters = newslettersAsked(loaded.publication, options)
  const addressee = testAddressee(to)
  const db = await openLedgerToRead(context)
  try {
    if (db) await refuseSuppressed(addressee, db)
    const { transport, secret } = await openOutgoing(context, loaded.publication)
    try {
      const found = await letterToTest(loaded, newsletters, options, db, now())
      if (!found) {
        const why = 'no edition has an article'
        result({ edition: null, why }, () => `Nothing to send: ${why}.\n`)
        return EXIT.done
      }
      const { edition, subject } = found.letter
      const { kind, reply } = await sendTest(found, addressee, {
        publication: loaded.publication,
        transport,
        secret,
        now,
      })
      result(
        { edition, test: true, outcome: kind, reply },
        () => `${edition} “${subject}”: test ${kind}: ${reply}\n`,
      )
      return kind === 'accepted' ? EXIT.done : EXIT.attention
    } finally {
      await transport.close()
    }
  } finally {
    await db?.close()
  }
}

/** The gravest reason first: a slot that is covered by a later one is no reason of its own. */
async function nothing(
  context: Context,
  loaded: Loaded,
  options: SendOptions,
  none: readonly NoEdition[],
  db: Database | undefined,
): Promise<ExitCode> {
  const whys = [...new Set(none.map(({ why }) => why))].filter(why => why !== 'a later edition replaces it')
  const why = whys.includes('nothing new') ? 'nothing new' : whys.join('; ') || 'nothing is due'
  const paused = none.filter(one => one.paused !== undefined)
  const hints = paused.map(one => `To continue: broadsheet send ${one.paused} --resume\n`).join('')
  const { publication } = loaded
  const next = await nextEditions(loaded, newslettersAsked(publication, options), db, context.now())
  const text = () => `Nothing to send: ${why}.\n${hints}${describeNext(next, publication.timezone)}`
  context.result({ edition: null, why }, text)
  return EXIT.done
}

function describePaused({ paused }: NoEdition): string {
  return `${paused} is paused. To continue: broadsheet send ${paused} --resume\n`
}

function needsWorkers(): UserError {
  return new UserError(
    '--enqueue leaves the sending to workers, which a database in a file does not have',
    'Leave --enqueue out, or set BROADSHEET_DATABASE=postgres://user:password@host:5432/broadsheet.',
  )
}

/** One edition is one object; more are `{ editions: [...] }`. The exit code is the gravest of them. */
function report(
  { result, now }: Context,
  sends: readonly Sent[],
  next: Parameters<typeof describeNext>[0],
  timezone: string,
): ExitCode {
  const values = sends.map(({ edition, counts, seconds, ended, nextAt, reply, held, warmUp }) => {
    const { audience, pending, accepted, rejected, deferred, unknown, skipped } = counts
    const numbers = { audience, pending, accepted, rejected, deferred, unknown, skipped, seconds }
    const more = {
      ...(nextAt === undefined ? {} : { nextAt: new Date(nextAt).toISOString() }),
      ...(reply === undefined ? {} : { reply }),
      ...(held ? { held } : {}),
      ...(warmUp
        ? { warmUp: { waiting: warmUp.waiting, nextAt: new Date(warmUp.nextAt).toISOString() } }
        : {}),
    }
    return { edition, ...numbers, state: ended, ...more }
  })
  result(values.length === 1 ? values[0] : { editions: values }, () =>
    sends
      .map(sent => describeEnd(sent, `broadsheet send ${sent.edition}`, { timezone, now: now() }))
      .concat(describeNext(next, timezone))
      .join(''),
  )
  const verdicts = sends.map(verdictOf)
  return [EXIT.interrupted, EXIT.attention].find(code => verdicts.includes(code)) ?? EXIT.done
}
