// Edition × subscriber → the addresses and the Message-ID that are that reader's own, the same on every attempt.
// A token is `<purpose>.<subject…>.<mac>`, signed by HMAC-SHA256 for one purpose; it holds no address.

import { createHmac, timingSafeEqual } from 'node:crypto'

export type Purpose = 'unsubscribe' | 'preferences'

/** What a token speaks of: the subscriber, and the edition whose letter carried it. */
export interface Claim {
  readonly subscriber: number
  /** '<newsletter>/<id>' */
  readonly edition: string
}

/**
 * @param secret BROADSHEET_SECRET
 * @returns URL-safe text of [A-Za-z0-9._~-]
 */
export function signToken(secret: string, purpose: Purpose, { subscriber, edition }: Claim): string {
  const claim = Buffer.from(`${subscriber} ${edition}`).toString('base64url')
  return `${claim}.${mac(secret, `${purpose} ${claim}`)}`
}

/** @returns the claim, or undefined for whatever was forged, altered or signed for another purpose */
export function readToken(secret: string, purpose: Purpose, token: string): Claim | undefined {
  const [claim, signature, ...rest] = token.split('.')
  if (!claim || !signature || rest.length > 0) return undefined
  const expected = Buffer.from(mac(secret, `${purpose} ${claim}`))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const match = /^(\d+) (\S+)$/.exec(Buffer.from(claim, 'base64url').toString('utf8'))
  return match ? { subscriber: Number(match[1]), edition: match[2]! } : undefined
}

/** RFC 5322 §3.6.4: globally unique, and the same on every attempt for one edition and one subscriber. */
export function messageId(secret: string, claim: Claim, domain: string): string {
  const name = mac(secret, `message-id ${claim.subscriber} ${claim.edition}`).slice(0, 32)
  return `<${claim.edition.replace(/[^A-Za-z0-9-]+/g, '.')}.${name}@${domain}>`
}

function mac(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}
