// The outcome of one attempt → what the ledger writes: the reader's new state, and when to try again. Pure.

import type { Outcome } from '../model.ts'
import type { Settlement } from '../store/index.ts'
import { nextAttempt } from './retry.ts'

export interface Circumstances {
  readonly subscriber: number
  /** Attempts counted before this one. */
  readonly attempts: number
  readonly now: number
  readonly random: () => number
  /** From here on nobody is tried again; ms since epoch. */
  readonly staleAt: number
  /** How often in this run the host failed on this very message, this time included. */
  readonly troubles: number
}

/** A message on which the host fails again and again is deferred like any other: alone it would stop everybody. */
const PATIENCE_WITH_ONE = 3

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
      const countAttempt = at.troubles >= PATIENCE_WITH_ONE
      const nextAt = nextAttempt(countAttempt ? at.attempts + 1 : 1, now, at.random)
      if (countAttempt && nextAt >= at.staleAt) return stale(subscriber, { reply })
      // The second time it steps back, so that the next one to try the host carries another message.
      if (at.troubles > 1) return { subscriber, state: 'deferred', reply, nextAt, countAttempt }
      return { subscriber, state: 'pending', reply, countAttempt: false }
    }
  }
}

function stale(subscriber: number, said: { code?: number | undefined; reply: string }): Settlement {
  return { subscriber, state: 'rejected', ...said, reply: `stale: ${said.reply}`, countAttempt: true }
}
