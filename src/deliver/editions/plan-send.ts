// An edition's audience, or what is left of it in the ledger → the plan of a send: who gets it, who does not, and why. Pure.

import type { LedgerCounts } from '../../model.ts'
import type { Audience } from '../../store/index.ts'

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

type About = Pick<SendPlan, 'edition' | 'subject' | 'articles'>

export function planNew(about: About, { audience, skipped, unsubscribed, unconfirmed }: Audience): SendPlan {
  return {
    ...about,
    kind: 'new',
    audience,
    recipients: audience - sum(skipped),
    skipped,
    outside: withoutZeros({ unsubscribed, unconfirmed }),
  }
}

/** @param resend whether the unknown are to be sent once more */
export function planResumed(about: About, counts: LedgerCounts, resend: boolean): SendPlan {
  const { audience, pending, deferred, accepted, rejected, unknown, skipped } = counts
  return {
    ...about,
    kind: 'resumed',
    audience,
    recipients: pending + deferred + (resend ? unknown : 0),
    skipped,
    outside: {},
    settled: { accepted, rejected, unknown: resend ? 0 : unknown },
  }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
