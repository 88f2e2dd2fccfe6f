// A domain → its SPF record as receivers read it, by mailauth: how many look-ups it takes at most, which records it leads
// to, and whether an address may send.

import { isIP } from 'node:net'
import type { NameServer } from './network.ts'

/** RFC 7208 §4.6.4. */
export const MAX_LOOKUPS = 10
export const MAX_VOID_LOOKUPS = 2

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror'

export interface SpfEvaluation {
  /** Records that begin with v=spf1; more than one is an error. */
  readonly records: readonly string[]
  /** For an address that is nobody's: what becomes of everybody who is not named. */
  readonly others: SpfResult
  /** Why it cannot be evaluated. */
  readonly problem: string | undefined
  readonly lookups: number
  readonly voids: number
  /** The domains whose records are part of it, in the order in which they are asked for, each with how deep it is. */
  readonly chain: readonly SpfLink[]
  allows(ip: string): Promise<SpfResult>
}

export interface SpfLink {
  readonly domain: string
  /** 0 is the domain itself. */
  readonly depth: number
}

/** RFC 5737, RFC 3849: nobody sends from there, so that every mechanism is looked at. */
const NOBODY = '192.0.2.99'

const OF_NOBODY = /192\.0\.2\.99|99\.2\.0\.192/

/** So that one that takes more than ten is counted to its end. */
const COUNT_TO = 60

/** @throws DnsTrouble where the record itself cannot be had */
export async function evaluateSpf(domain: string, dns: NameServer): Promise<SpfEvaluation> {
  const records = (await dns.txt(domain)).filter(isSpf)
  const chain = records.length === 1 ? await chainOf(domain, dns) : []
  const all = await verify(domain, NOBODY, dns, COUNT_TO)
  const { result, comment } = all
  return {
    records,
    others: result,
    problem: result === 'permerror' || result === 'temperror' ? comment : undefined,
    lookups: all.lookups,
    voids: all.voids,
    chain,
    allows: async ip => (isIP(ip) === 0 ? 'neutral' : (await verify(domain, ip, dns, MAX_LOOKUPS)).result),
  }
}

export function isSpf(record: string): boolean {
  return /^v=spf1(\s|$)/i.test(record.trim())
}

async function verify(domain: string, ip: string, dns: NameServer, maxLookups: number) {
  const { spf } = await import('mailauth/lib/spf/index.js')
  // A name that is made from the address by a macro is not there for an address that is nobody's, and would be for one that sends.
  let macros = 0
  const resolver = (name: string, type: string) => {
    const answer = dns.ask(name, type)
    if (OF_NOBODY.test(name)) answer.catch(() => macros++)
    return answer
  }
  const found = await spf({
    sender: `postmaster@${domain}`,
    ip,
    helo: domain,
    mta: 'a receiver',
    maxResolveCount: maxLookups,
    maxVoidCount: COUNT_TO,
    resolver,
  } as never)
  const { status, lookups } = found as unknown as {
    readonly status: { readonly result: SpfResult; readonly comment?: string }
    readonly lookups?: { readonly count: number; readonly void: number }
  }
  const comment = status.comment?.replace(/^a receiver: .*? of postmaster@\S+: /, '')
  return {
    result: status.result,
    comment,
    lookups: lookups?.count ?? 0,
    voids: (lookups?.void ?? 0) - macros,
  }
}

/** Depth first, as it is evaluated: include and redirect. RFC 7208 §5.2, §6.1. */
async function chainOf(domain: string, dns: NameServer): Promise<SpfLink[]> {
  const chain: SpfLink[] = []
  async function follow(name: string, depth: number): Promise<void> {
    if (chain.length >= COUNT_TO) return
    chain.push({ domain: name, depth })
    const record = (await dns.txt(name).catch(() => [])).find(isSpf)
    if (record === undefined || depth >= MAX_LOOKUPS) return
    for (const [, next] of record.matchAll(/(?<=\s)(?:[+?~-]?include:|redirect=)(\S+)/gi)) {
      // A macro stands for something else in each mail.
      if (next !== undefined && !next.includes('%')) await follow(next.toLowerCase(), depth + 1)
    }
  }
  await follow(domain, 0)
  return chain
}
