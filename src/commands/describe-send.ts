// A plan, a running send and its result → lines for people, and the exit code.

import { duration, figure, readableDay, readableTime } from '../base/index.ts'
import type { ComplaintRate, Delivered, Prepared, Sent, WarmUpToday } from '../deliver/index.ts'
import { EXIT, type ExitCode } from '../errors.ts'
import type { LedgerCounts, MailSettings, Publication, WarmUp } from '../model.ts'
import type { FailureGroup, Segment } from '../store/index.ts'

export function describePlan(
  { plan, newsletter }: Pick<Prepared, 'plan' | 'newsletter'>,
  { mail, timezone }: Pick<Publication, 'mail' | 'timezone'>,
  through: string | undefined,
): string {
  const { edition, subject, kind, articles, settled, dueAt, hold, segment } = plan
  const reasons = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([why, count]) => `${figure(count)} ${why}`)
  const due = dueAt === undefined ? '' : `  not due until ${readableTime(dueAt, timezone)}`
  const lines = [
    `${edition} “${printable(subject)}”`,
    ...(due ? [hold ? `${due}, but on hold: hold: true in its note` : due] : []),
    kind === 'new'
      ? `  ${figure(articles ?? 0)} article${articles === 1 ? '' : 's'}; the letter is locked with the first message`
      : '  resuming; the letter was locked when sending began',
    `  audience ${figure(plan.audience)}, will be sent to ${figure(plan.recipients)}`,
  ]
  if (segment)
    lines.push(
      `  only to readers with ${describeSegment(segment)}; its articles come again in the next edition, for all`,
    )
  if (settled) lines.push(`  has been sent: ${reasons(withoutZeros(settled)).join(', ') || 'to nobody yet'}`)
  if (Object.keys(plan.skipped).length > 0) lines.push(`  not sent to: ${reasons(plan.skipped).join(', ')}`)
  if (Object.keys(plan.outside).length > 0)
    lines.push(`  not in the audience: ${reasons(plan.outside).join(', ')}`)
  if (through) lines.push(`  through ${through}, ${rateLimit(plan.recipients, mail, newsletter.rate)}`)
  return lines.join('\n')
}

function describeSegment({ topic, language, domain, fields }: Segment): string {
  const all = { topic, language, domain, ...fields }
  const known = Object.entries(all).filter(([, value]) => value !== undefined)
  return known.map(([name, value]) => `${name} ${printable(String(value))}`).join(', ')
}

function rateLimit(
  recipients: number,
  { rate: all, connections }: MailSettings,
  own: number | undefined,
): string {
  const by = `${connections} connection${connections === 1 ? '' : 's'}`
  if (all === undefined && own === undefined) return `${by}, no limit of rate`
  const rate = Math.min(all ?? Number.POSITIVE_INFINITY, own ?? Number.POSITIVE_INFINITY)
  return `${by}, ${rate} a second: about ${duration(recipients / rate)}`
}

/** '18/s, 2 min left' */
export function describeRate(done: number, total: number, ms: number): string {
  const rate = ms > 0 ? (done * 1000) / ms : 0
  if (rate === 0) return ''
  return `${rate < 10 ? rate.toFixed(1) : figure(Math.round(rate))}/s, ${duration((total - done) / rate)} left`
}

/** Where and when it is read. */
export interface Reading {
  readonly timezone: string
  readonly now: number
}

/** @param retry what to type to go on: 'broadsheet send weekly/2026-W05' */
export function describeEnd(end: Sent, retry: string, reading: Reading): string {
  const { edition, counts, seconds, ended, failures, finishedAt } = end
  const lines = [
    finishedAt === undefined
      ? `${edition}: ${figure(counts.accepted)} of ${figure(counts.audience)} accepted, in ${duration(seconds)}`
      : describeFinished(edition, counts.accepted, finishedAt, reading),
  ]
  lines.push(...describeCounts(counts), ...failures.slice(0, 5).map(describeFailure))
  if (isBeyondLimit(counts))
    lines.push('Too many were rejected: look at the replies before the next edition.')
  if (ended === 'interrupted') lines.push(`Interrupted; everything is saved. To continue: ${retry}`)
  if (ended === 'host-trouble')
    lines.push(`Gave up on the mail server: ${printable(end.reply ?? '')}`, `To continue: ${retry}`)
  if (ended === 'taken-over') lines.push('Another send has taken over and continues.')
  if (ended === 'paused') lines.push(`Paused. To continue: ${retry} --resume`)
  if (ended === 'cancelled') lines.push('Cancelled: the others will not receive it.')
  if (ended === 'enqueued')
    lines.push(`Left to the workers (broadsheet work). See how it goes: broadsheet status ${edition}`)
  if (ended === 'waiting') lines.push(...describeWaiting(end, retry, reading))
  if (counts.unknown > 0) {
    lines.push(
      `${figure(counts.unknown)} may or may not have received it: no answer came. See who: broadsheet status ${edition} --list unknown`,
      `Resend to them (some may get it twice): broadsheet send ${edition} --resend-unknown`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** 'weekly/2026-W49 was already sent on 4 Dec to 4 readers; nothing to do' */
export function describeFinished(edition: string, accepted: number, at: number, reading: Reading): string {
  const day = readableDay(at, reading.timezone, reading.now)
  return `${edition} was already sent on ${day} to ${figure(accepted)} reader${accepted === 1 ? '' : 's'}; nothing to do`
}

function describeWaiting(
  { counts, nextAt, held = 0, warmUp }: Sent,
  retry: string,
  reading: Reading,
): string[] {
  const deferred = counts.deferred - held
  const lines = deferred > 0 ? [`${describeDeferred(deferred, nextAt, reading.timezone)}: ${retry}`] : []
  if (held > 0) {
    lines.push(
      `Too many complained at their provider, which may turn you away: ${people(held)} not mailed. Find out why they complain.`,
      `To send to them all the same: ${retry} --despite complaints`,
    )
  }
  if (warmUp) lines.push(`${describeWarmUpWait(warmUp.waiting, warmUp.nextAt, reading.timezone)}: ${retry}`)
  return lines
}

/** 'Warming up: 350 readers wait for another day; after Sat 31 Jan 2026, 00:00 (Asia/Kolkata)' */
export function describeWarmUpWait(waiting: number, nextAt: number, timezone: string): string {
  return `Warming up: ${people(waiting)} left for another day: go on after ${readableTime(nextAt, timezone)}`
}

/** Before a send: what of it is for today, and how many days all of it takes. */
export function describeWarmUp(today: WarmUpToday, { growth, end }: WarmUp, recipients: number): string {
  const left = Math.max(0, today.allowed - today.sent)
  if (left >= recipients) return `Warming up: ${figure(left)} of today's ${figure(today.allowed)} are left`
  let days = left > 0 ? 1 : 0
  let [sum, limit] = [left, today.allowed]
  while (sum < recipients) {
    limit = Math.ceil(limit * growth)
    sum += limit >= end ? Number.POSITIVE_INFINITY : limit
    days += 1
  }
  return `Warming up: ${figure(left)} of ${people(recipients)} today, all of them within about ${days} days`
}

function people(count: number): string {
  return count === 1 ? '1 reader' : `${figure(count)} readers`
}

/** A line for each provider where too many complained, and what follows from it. */
export function describeComplaints(rates: readonly ComplaintRate[]): string[] {
  const lines = rates
    .filter(({ verdict }) => verdict !== 'well')
    .map(({ provider, complaints, accepted, rate, verdict }) => {
      const share = `${figure(complaints)} complained of ${figure(accepted)} (${(100 * rate).toFixed(2)} %)`
      const what = verdict === 'held' ? 'not mailed: 0.3 % is too many' : 'keep it below 0.1 %'
      return `  ${provider || 'domains of few readers'}: ${share}; ${what}`
    })
  return lines.length > 0 ? ['Complaints of the last 30 days, by provider:', ...lines] : []
}

export function describeDeferred(deferred: number, nextAt: number | undefined, timezone: string): string {
  const readers = deferred === 1 ? '1 reader was' : `${figure(deferred)} readers were`
  const when = nextAt === undefined ? 'later' : `after ${readableTime(nextAt, timezone)}`
  return `${readers} deferred by the mail server: try again ${when}`
}

export function verdictOf({
  ended,
  counts,
  held = 0,
}: Pick<Delivered, 'ended' | 'counts' | 'held'>): ExitCode {
  if (ended === 'interrupted') return EXIT.interrupted
  if (['host-trouble', 'taken-over', 'paused', 'cancelled'].includes(ended)) return EXIT.attention
  if (held > 0) return EXIT.attention
  // Whoever is deferred waits for time and not for a person.
  return counts.unknown > 0 || isBeyondLimit(counts) ? EXIT.attention : EXIT.done
}

/**
 * More rejections than any list has by itself: ten and more than one in twenty, or more than half. Fewer are the bounces
 * of a living list, and `status` shows them.
 */
function isBeyondLimit({ accepted, rejected }: LedgerCounts): boolean {
  const tried = accepted + rejected
  return (rejected >= 10 && rejected > tried * 0.05) || rejected > tried / 2
}

/** One line for every state that somebody is in. */
export function describeCounts(counts: LedgerCounts): string[] {
  const { pending, rejected, deferred, unknown, skipped } = counts
  const states = Object.entries(withoutZeros({ pending, rejected, deferred, unknown }))
  const skips = Object.entries(skipped).map(([why, count]) => `skipped ${figure(count)} (${why})`)
  const parts = [...states.map(([state, count]) => `${state} ${figure(count)}`), ...skips]
  return parts.length > 0 ? [`  ${parts.join(', ')}`] : []
}

export function describeFailure({ state, reply, count }: FailureGroup): string {
  return `  ${figure(count)} × ${state}: ${printable(reply)}`
}

/** What an article or a server says must not steer the terminal that shows it. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD')
}

function withoutZeros(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
