// A bounce, a complaint or a wish to leave, and whom it is about → the list.

import { addressHash, parseAddress } from '../base/index.ts'
import { type Database, recordBounce, removeSubscriber, showSubscriber, suppress } from '../store/index.ts'

export interface Told {
  readonly kind: 'hard' | 'soft' | 'complaint' | 'unsubscribe'
  /** Who, by a verified link; else by the address. */
  readonly subscriber?: number | undefined
  readonly address?: string | undefined
  /** '<newsletter>/<id>', or the short form of an envelope sender. */
  readonly edition?: string | undefined
  readonly tag?: string | undefined
  /** RFC 3463 */
  readonly status: string
}

export type Applied = 'suppressed' | 'counted' | 'unsubscribed' | 'known' | 'nobody'

export async function applyNotice(db: Database, told: Told, now: number): Promise<Applied> {
  const { kind, edition, tag, status } = told
  const key = told.address === undefined ? undefined : parseAddress(told.address)?.key
  const subscriber = told.subscriber ?? (key === undefined ? undefined : (await showSubscriber(db, key))?.id)
  if (kind === 'unsubscribe') {
    if (subscriber === undefined) return 'nobody'
    const newsletter = edition?.split('/')[0]
    return (await removeSubscriber(db, { subscriber, newsletter, now })) ? 'unsubscribed' : 'known'
  }
  if (subscriber !== undefined) {
    const recorded = await recordBounce(db, { subscriber, edition, tag, kind, status, now })
    if (recorded !== 'gone') return recorded
  }
  // Not on the list: a mistyped address that was asked to confirm, or somebody who complains after erasure.
  if (key === undefined || kind === 'soft') return 'nobody'
  const reason = kind === 'complaint' ? 'complaint' : 'bounce'
  await suppress(db, { hash: addressHash(key), reason, since: now })
  return 'suppressed'
}
