// What a person asked for by mail → the list, by the same rules as the form.

import { parseAddress } from '../base/index.ts'
import type { Publication } from '../model.ts'
import { CONSENT_WORDING, confirmRequest, countRequests, type Database, keepRequest } from '../store/index.ts'
import type { Wish } from './bounces/read-mail-command.ts'

export type Granted =
  /** A mail that asks her to confirm will go, or has gone lately; which, nobody is told. */
  | 'asked'
  | 'confirmed'
  /** Confirmed before. */
  | 'known'
  /** Nobody is helped by an answer: it names no newsletter, is too old, or came from ourselves. */
  | 'nothing'
  /** So many have asked by mail within the hour that somebody may be misusing it. */
  | 'later'

const HOUR = 3_600_000
/** From fields are forged easily; what comes by mail has no network to count by. */
const MOST_PER_HOUR = 100

export async function applyWish(
  db: Database,
  publication: Publication,
  wish: Extract<Wish, { readonly kind: 'subscribe' | 'confirm' }>,
  now: number,
): Promise<Granted> {
  if (wish.kind === 'confirm') {
    const done = await confirmRequest(db, { id: wish.request, now })
    return !done ? 'nothing' : done.now ? 'confirmed' : 'known'
  }
  const { newsletters } = publication
  const asked = newsletters.filter(({ id }) => wish.newsletters.includes(id))
  const wanted = wish.newsletters.length === 0 && newsletters.length === 1 ? newsletters : asked
  if (wanted.length === 0 || isOurs(publication, wish.key)) return 'nothing'
  if ((await countRequests(db, { source: 'mail', since: now - HOUR })) >= MOST_PER_HOUR) return 'later'
  await keepRequest(db, {
    purpose: 'subscribe',
    email: wish.email,
    key: wish.key,
    newsletters: Object.fromEntries(wanted.map(({ id }) => [id, []])),
    language: wanted[0]!.language,
    source: 'mail',
    network: '',
    wording: CONSENT_WORDING,
    expires: now + 7 * 24 * HOUR,
    now,
  })
  return 'asked'
}

/** A mail from one of our own mailboxes would be answered to it, for ever. */
function isOurs({ newsletters, mail }: Publication, key: string): boolean {
  const own = newsletters.flatMap(({ from, replyTo }) => [from.address, replyTo?.address])
  return [...own, mail.bounces].some(address => address !== undefined && parseAddress(address)?.key === key)
}
