// A request to the service → the network that it comes from, how often that may ask to subscribe, and the language that the
// visitor reads.

import { isIP } from 'node:net'
import { HOUR_MS } from '../base/index.ts'

export interface Peer {
  /** Of the socket; empty when unknown. */
  readonly address: string
}

/**
 * @param forwarded the X-Forwarded-For field
 * @param proxies how many reverse proxies of ours are in front; only what the outermost of them wrote is trusted
 */
export function networkOf({ address }: Peer, forwarded: string | null, proxies: number): Network {
  const chain = proxies > 0 && forwarded ? forwarded.slice(-1000).split(',') : []
  const claimed = chain
    .at(-proxies)
    ?.trim()
    .replace(/^\[|\]$/g, '')
  return network(claimed !== undefined && isIP(claimed) ? claimed : address)
}

/** Enough to count by, too little to know somebody by. */
export interface Network {
  /** '203.0.113.0/24', '2001:db8:0:5600::/56' */
  readonly network: string
  /** What one customer of a host may have: '2001:db8::/48'; of IPv4 the same as `network`. */
  readonly site: string
}

export function isLoopback({ address }: Peer): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

function network(address: string): Network {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(plain) !== 6) {
    const network = isIP(plain) === 4 ? `${plain.split('.').slice(0, 3).join('.')}.0/24` : 'unknown'
    return { network, site: network }
  }
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean)
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  const words = groups.slice(0, 4).map(group => Number.parseInt(group, 16))
  words[3] = (words[3] ?? 0) & 0xff00
  const [first, second, third, fourth] = words.map(word => word.toString(16))
  return { network: `${first}:${second}:${third}:${fourth}::/56`, site: `${first}:${second}:${third}::/48` }
}

interface RateLimit {
  /** Takes one; false when the bucket is empty. */
  take(key: string): boolean
  /** Seconds until one may be taken. */
  wait(key: string): number
}

const MAX_NETWORKS = 20_000

/**
 * @param burst how many at once
 * @param perHour how many come back in an hour
 */
function createRateLimit(burst: number, perHour: number, now: () => number): RateLimit {
  const rate = perHour / HOUR_MS
  /** In the order of their last use. */
  const buckets = new Map<string, { level: number; at: number }>()

  function level(key: string): number {
    const bucket = buckets.get(key)
    return bucket ? Math.min(burst, bucket.level + (now() - bucket.at) * rate) : burst
  }

  return {
    take(key) {
      const left = level(key)
      if (left < 1) return false
      buckets.delete(key)
      buckets.set(key, { level: left - 1, at: now() })
      // The oldest is the fullest: forgetting it gives away the least.
      if (buckets.size > MAX_NETWORKS) buckets.delete(buckets.keys().next().value!)
      return true
    },
    wait: key => Math.ceil(Math.max(0, 1 - level(key)) / rate / 1000),
  }
}

/** How often somebody, her neighbours and everybody together may ask to subscribe. */
export interface SignUpLimit {
  /** Seconds until this visitor may ask; 0 when she may, and then it counts. */
  ask(visitor: Network): number
  /** The same for all together, once it is certain that a mail would be sent. */
  mail(): number
}

/** Of a /48 how many /56 may use all that they have. */
const NETWORKS_PER_SITE = 2

/**
 * @param burst how many at once from one network @param perHour how many come back in an hour
 * @param total how many in any hour from all networks together
 */
export function createSignUpLimit(
  burst: number,
  perHour: number,
  total: number,
  now: () => number,
): SignUpLimit {
  const networks = createRateLimit(burst, perHour, now)
  const sites = createRateLimit(burst * NETWORKS_PER_SITE, perHour * NETWORKS_PER_SITE, now)
  const mailed: number[] = []
  return {
    ask({ network, site }) {
      const wait = Math.max(networks.wait(network), sites.wait(site))
      if (wait > 0) return wait
      networks.take(network)
      sites.take(site)
      return 0
    },
    mail() {
      const time = now()
      while (mailed.length > 0 && mailed[0]! <= time - HOUR_MS) mailed.shift()
      if (mailed.length >= total) return Math.max(1, Math.ceil((mailed[0]! + HOUR_MS - time) / 1000))
      mailed.push(time)
      return 0
    },
  }
}

/** Languages that Broadsheet ships words for; a publication's own catalogue adds its language. */
const SHIPPED = ['en', 'es', 'fr', 'de', 'pt', 'hi', 'ar', 'ja']

/** @param own the publication's and its newsletters', the first being the publication's */
export function pageLanguages(own: readonly string[], speaks: (language: string) => boolean): string[] {
  const known = new Map<string, string>()
  for (const language of [...own.filter(speaks), ...SHIPPED.filter(speaks)]) {
    const base = baseOf(language)
    if (!known.has(base)) known.set(base, language)
  }
  return known.size > 0 ? [...known.values()] : ['en']
}

/** @param accepted the Accept-Language field; only its first 20 languages count */
export function chooseLanguage(languages: readonly string[], accepted: string | null): string {
  const ranges = (accepted ?? '')
    .slice(0, 500)
    .split(',')
    .slice(0, 20)
    .map(range => {
      const [tag = '', ...parameters] = range.split(';').map(part => part.trim())
      const quality = Number(/^q=([\d.]+)$/i.exec(parameters[0] ?? '')?.[1] ?? 1)
      return { base: baseOf(tag), quality: Number.isFinite(quality) ? quality : 0 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { base } of ranges) {
    if (base === '*') return languages[0]!
    const found = languages.find(language => baseOf(language) === base)
    if (found) return found
  }
  return languages[0]!
}

/** The page language for a subscriber's own, when there are words for it. */
export function ownLanguage(languages: readonly string[], own: string): string | undefined {
  return own === '' ? undefined : languages.find(language => baseOf(language) === baseOf(own))
}

function baseOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase()
}
