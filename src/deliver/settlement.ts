// The outcome of one attempt → what the ledger writes: the reader's new state, and when to try again. Pure.

import type { Outcome } from '../model.ts'
import type { Settlement } from '../store/index.ts'

export interface Circumstances {
  readonly subscriber: number
  /** Attempts counted before this one. */
  readonly attempts: number
  readonly now: number
  readonly random: () => number
  /** From here on nobody is tried again; ms since epoch. */
  readonly staleAt: number
  /** How often in this run the host failed on this very message, this time included. */
  readonly hostFailures: number
}

/** A message on which the host fails again and again is deferred like any other: alone it would stop everybody. */
const MAX_HOST_FAILURES = 3

export function settlementOf(outcome: Outcome, at: Circumstances): Settlement {
  const { subscriber, now } = at
  switch (outcome.kind) {
    case 'accepted':
    case 'rejected':
    case 'unknown': {
      const { kind, ...said } = outcome
      return { subscriber, state: kind, ...said, countAttempt: true }
    }
    case 'deferred': {
      const { kind, ...said } = outcome
      const nextAt = nextAttempt(at.attempts + 1, now, at.random)
      if (nextAt >= at.staleAt) return stale(subscriber, said)
      return { subscriber, state: kind, ...said, nextAt, countAttempt: true }
    }
    case 'host-trouble': {
      const { reply } = outcome
      const countAttempt = at.hostFailures >= MAX_HOST_FAILURES
      const nextAt = nextAttempt(countAttempt ? at.attempts + 1 : 1, now, at.random)
      if (countAttempt && nextAt >= at.staleAt) return stale(subscriber, { reply })
      // The second time it steps back, so that the next one to try the host carries another message.
      if (at.hostFailures > 1) return { subscriber, state: 'deferred', reply, nextAt, countAttempt }
      return { subscriber, state: 'pending', reply, countAttempt: false }
    }
  }
}

function stale(subscriber: number, said: { code?: number | undefined; reply: string }): Settlement {
  return { subscriber, state: 'rejected', ...said, reply: `stale: ${said.reply}`, countAttempt: true }
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

// RFC 5321 §4.5.4.1 asks for growing intervals. The first two are short, for a server that was only busy; greylisting,
// usually five minutes, is met by the third.
const PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
]

/** News that is three days old is not sent any more: a reader deferred for so long is given up. */
export const STALE_AFTER_MS = 72 * HOUR_MS

/**
 * When to try again: growing pauses, jittered so that they do not come back together.
 *
 * @param attempts made so far, at least 1
 * @param now ms since epoch
 * @param random chance in [0, 1)
 * @returns ms since epoch: the pause, and up to a quarter of it more
 */
export function nextAttempt(attempts: number, now: number, random: () => number): number {
  const pause = PAUSES_MS[Math.min(Math.max(attempts, 1), PAUSES_MS.length) - 1]!
  return now + Math.round(pause * (1 + random() / 4))
}
