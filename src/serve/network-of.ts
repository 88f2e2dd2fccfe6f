// Address of a peer, and what a proxy says → the visitor's network: IPv4 by /24, IPv6 by /56.

import { isIP } from 'node:net'

export interface Peer {
  /** Of the socket; empty when unknown. */
  readonly address: string
}

/**
 * @param forwarded the X-Forwarded-For field
 * @param proxies how many proxies of ours stand in front; only what the outermost of them wrote is believed
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
