// A domain → what it publishes about mail from it, as receivers read it: its DMARC policy and its SPF record.

import { isIP } from 'node:net'
import { type NameServer, tagsOf } from './network.ts'

// ─── DMARC ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// The policy that receivers find by walking up the tree of DNS, and the organisational domain. RFC 9989 §4.10.

type Requested = 'none' | 'quarantine' | 'reject'

interface DmarcRecord {
  /** Whose record it is: that of `_dmarc.<domain>`. */
  readonly domain: string
  readonly text: string
  readonly tags: ReadonlyMap<string, string>
}

export interface DmarcPolicy {
  readonly domain: string
  /** What belongs together in relaxed alignment. */
  readonly organisation: string
  /** Undefined where there is none at all. */
  readonly record: DmarcRecord | undefined
  /** What is asked of receivers for mail from this domain that does not pass. */
  readonly requested: Requested
  readonly strictSpf: boolean
  readonly strictDkim: boolean
  /** Domains with several records, which count as none. */
  readonly doubled: readonly string[]
  /** Texts that were meant as records, and are none. */
  readonly broken: readonly { readonly domain: string; readonly text: string }[]
}

/** RFC 9989 §4.10: at most so many names are asked for, however many labels a domain has. */
const MAX_NAMES = 8

/** @throws DnsTrouble */
export async function findPolicy(domain: string, dns: NameServer): Promise<DmarcPolicy> {
  const doubled: string[] = []
  const broken: { domain: string; text: string }[] = []
  const found: DmarcRecord[] = []
  const names = namesAbove(domain)
  for (const name of names) {
    const all = await dns.txt(`_dmarc.${name}`)
    const texts = all.filter(isDmarc)
    if (texts.length === 0)
      broken.push(...all.filter(text => /dmarc/i.test(text)).map(text => ({ domain: name, text })))
    if (texts.length > 1) doubled.push(name)
    if (texts.length !== 1) continue
    const record = { domain: name, text: texts[0]!, tags: tagsOf(texts[0]!) }
    found.push(record)
    if (record.tags.get('psd') === 'n' || (record.tags.get('psd') === 'y' && name !== domain)) break
  }
  const organisation = organisationOf(domain, names, found)
  const record =
    found.find(one => one.domain === domain) ??
    found.find(one => one.domain === organisation) ??
    found.find(({ tags }) => tags.get('psd') === 'y')
  return {
    domain,
    organisation,
    record,
    requested: record ? await requestedOf(record, domain, dns) : 'none',
    strictSpf: record?.tags.get('aspf')?.toLowerCase() === 's',
    strictDkim: record?.tags.get('adkim')?.toLowerCase() === 's',
    doubled,
    broken,
  }
}

/** RFC 9989 §4.7: the version is first, and written so. */
function isDmarc(text: string): boolean {
  return /^v\s*=\s*DMARC1\s*(;|$)/.test(text)
}

/** The domain itself, then those above it; of a very long one those in between are left out. */
export function namesAbove(domain: string): string[] {
  const labels = domain.split('.')
  const names = [domain]
  let rest = labels.length >= MAX_NAMES ? labels.slice(-(MAX_NAMES - 1)) : labels.slice(1)
  for (; rest.length > 0; rest = rest.slice(1)) names.push(rest.join('.'))
  return names
}

/** RFC 9989 §4.10.2. */
function organisationOf(domain: string, names: readonly string[], found: readonly DmarcRecord[]): string {
  const own = found.find(({ tags }) => tags.get('psd') === 'n')
  if (own) return own.domain
  const suffix = found.find(record => record.tags.get('psd') === 'y' && record.domain !== domain)
  if (suffix) return names[names.indexOf(suffix.domain) - 1] ?? domain
  // The one with the fewest labels.
  return found.at(-1)?.domain ?? domain
}

/** RFC 9989 §4.7: sp is for subdomains, np for those that do not exist, and t=y asks for one step less. */
async function requestedOf(
  { domain: of, tags }: DmarcRecord,
  domain: string,
  dns: NameServer,
): Promise<Requested> {
  const p = asRequested(tags.get('p')) ?? 'none'
  const sp = asRequested(tags.get('sp')) ?? p
  const requested =
    of === domain ? p : (await isThere(domain, dns)) ? sp : (asRequested(tags.get('np')) ?? sp)
  if (tags.get('t')?.toLowerCase() !== 'y') return requested
  return requested === 'reject' ? 'quarantine' : 'none'
}

function asRequested(text: string | undefined): Requested | undefined {
  const word = text?.toLowerCase()
  return word === 'none' || word === 'quarantine' || word === 'reject' ? word : undefined
}

async function isThere(domain: string, dns: NameServer): Promise<boolean> {
  const found = await Promise.all([dns.mx(domain), dns.addresses(domain), dns.txt(domain)])
  return found.some(({ length }) => length > 0)
}

/** Whether a domain that was authenticated speaks for the one in From. RFC 9989 §4.4. */
export async function isAligned(
  authenticated: string,
  { domain, organisation }: DmarcPolicy,
  strict: boolean,
  policyOf: (domain: string) => Promise<DmarcPolicy>,
): Promise<boolean> {
  if (authenticated === domain) return true
  if (strict) return false
  return (await policyOf(authenticated)).organisation === organisation
}

// ─── SPF ────────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// By mailauth: how many look-ups a record takes at most, which records it leads to, and whether an address may send.

/** RFC 7208 §4.6.4. */
export const MAX_LOOKUPS = 10
export const MAX_VOID_LOOKUPS = 2

type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror'

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

interface SpfLink {
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
