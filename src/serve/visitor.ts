// Who asks → the network that she is in, how often it may ask, and the language that she reads.

import { isIP } from 'node:net'

export interface Peer {
  /** Of the socket; empty when unknown. */
  readonly address: string
}

/**
 * @param forwarded the X-Forwarded-For field
 * @param proxies how many reverse proxies of ours are in front; only what the outermost of them wrote is trusted
 */
export function networkOf({ address }: Peer, forwarded: string | null, proxies: number): string {
  const chain = proxies > 0 && forwarded ? forwarded.slice(-1000).split(',') : []
  const claimed = chain
    .at(-proxies)
    ?.trim()
    .replace(/^\[|\]$/g, '')
  return network(claimed !== undefined && isIP(claimed) ? claimed : address)
}

export function isLoopback({ address }: Peer): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (isIP(plain) !== 6) return 'unknown'
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(Boolean)
  if (tail !== undefined) {
    const rest = tail.split(':').filter(Boolean)
    while (groups.length + rest.length < 8) groups.push('0')
    groups.push(...rest)
  }
  const words = groups.slice(0, 4).map(group => Number.parseInt(group, 16))
  words[3] = (words[3] ?? 0) & 0xff00
  return `${words.map(word => word.toString(16)).join(':')}::/56`
}

export interface RateLimit {
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
export function createRateLimit(burst: number, perHour: number, now: () => number): RateLimit {
  const rate = perHour / 3_600_000
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
    .map((range, place) => {
      const [tag = '', ...parameters] = range.split(';').map(part => part.trim())
      const quality = Number(/^q=([\d.]+)$/i.exec(parameters[0] ?? '')?.[1] ?? 1)
      return { base: baseOf(tag), quality: Number.isFinite(quality) ? quality : 0, place }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.place - b.place)
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
