// A domain → the DMARC policy that receivers find for it by walking up the tree of DNS, and its organisational domain. RFC 9989 §4.10.

import { type NameServer, tagsOf } from './network.ts'

export type Wish = 'none' | 'quarantine' | 'reject'

export interface DmarcRecord {
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
  readonly wish: Wish
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
    wish: record ? await wishOf(record, domain, dns) : 'none',
    strictSpf: record?.tags.get('aspf')?.toLowerCase() === 's',
    strictDkim: record?.tags.get('adkim')?.toLowerCase() === 's',
    doubled,
    broken,
  }
}

/** RFC 9989 §4.7: the version is first, and written so. */
export function isDmarc(text: string): boolean {
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
async function wishOf({ domain: of, tags }: DmarcRecord, domain: string, dns: NameServer): Promise<Wish> {
  const p = asWish(tags.get('p')) ?? 'none'
  const sp = asWish(tags.get('sp')) ?? p
  const wish = of === domain ? p : (await isThere(domain, dns)) ? sp : (asWish(tags.get('np')) ?? sp)
  if (tags.get('t')?.toLowerCase() !== 'y') return wish
  return wish === 'reject' ? 'quarantine' : 'none'
}

function asWish(text: string | undefined): Wish | undefined {
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
