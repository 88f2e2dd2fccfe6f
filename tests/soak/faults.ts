// A seed → the script of a bad mail server: every refusal, every silence, at every phase; and what it did, counted.

import type { Fault, Moment, Phase, Script } from '../a-smtp-server.ts'

/** Each of these at MAIL, RCPT, DATA and after the dot. */
const REFUSALS = [
  '421 4.7.0 closing, try later',
  '450 4.2.1 mailbox busy',
  '451 4.7.1 greylisted',
  '452 4.2.2 mailbox full for now',
  '550 5.1.1 no such user',
  '552 5.2.2 mailbox full',
  '554 5.7.1 refused',
  '571 5.7.1 not authorised',
] as const

const REFUSING: readonly Phase[] = ['MAIL', 'RCPT', 'DATA', 'dot']
const BREAKING: readonly Phase[] = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'body', 'dot', 'RSET', 'QUIT']

export interface BadServer {
  readonly script: Script
  /** How often each was done: '550 RCPT', 'silence dot', 'slow DATA', 'greylisted'. */
  readonly done: Map<string, number>
  /** 5yz that were said of a reader. */
  refused(): number
  /** Ends without an answer after the final dot: nobody can know. With `body`, also before it was read. */
  unanswered(body?: 'body'): number
}

/** @param often of a thousand moments, how many go wrong */
export function badServer(random: () => number, often: number): BadServer {
  const done = new Map<string, number>()
  const seen = new Set<string>()
  const note = (what: string) => done.set(what, (done.get(what) ?? 0) + 1)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const sum = (wanted: (what: string) => boolean) =>
    [...done].reduce((total, [what, count]) => (wanted(what) ? total + count : total), 0)

  function fault({ phase, recipient }: Moment): Fault | undefined {
    // One in twenty is greylisted: unknown here at the first time, welcome at the second.
    if (phase === 'RCPT' && /[05]\d?5@/.test(recipient) && !seen.has(recipient)) {
      seen.add(recipient)
      note('greylisted')
      return '451 4.7.1 greylisted, come back later'
    }
    if (random() * 1000 >= often) return undefined
    const refusing = REFUSING.includes(phase)
    const kind = random()
    if (refusing && kind < 0.6) {
      const refusal = pick(REFUSALS)
      note(`${refusal.slice(0, 3)} ${phase}`)
      return refusal
    }
    if (!BREAKING.includes(phase)) return undefined
    if (kind < 0.8) {
      note(`close ${phase}`)
      return 'close'
    }
    if (kind < 0.88) {
      note(`silence ${phase}`)
      return 'silence'
    }
    note(`slow ${phase}`)
    return Math.ceil(random() * 300)
  }

  return {
    script: { fault },
    done,
    refused: () => sum(what => /^5\d\d /.test(what)),
    unanswered: body =>
      sum(what => (body ? /^(close|silence) (dot|body)$/ : /^(close|silence) dot$/).test(what)),
  }
}

/** Mulberry32: the same seed, the same faults. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
