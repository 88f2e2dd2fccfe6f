// A bounce or a complaint about a reader, or what she asked for by mail → the list changed, by the same rules as the form.

import { addressHash, HOUR_MS, parseAddress } from '../base/index.ts'
import type { Publication } from '../model.ts'
import {
  CONSENT_WORDING,
  confirmRequest,
  countRequests,
  type Database,
  editionOfTag,
  recordBounce,
  removeSubscriber,
  saveRequest,
  subscriberByKey,
  suppress,
} from '../store/index.ts'
import type { MailCommand } from './mail-commands.ts'

/** A bounce, a complaint or a request to leave. */
export interface Notice {
  readonly kind: 'hard' | 'soft' | 'complaint' | 'unsubscribe'
  /** Who, by a verified link; else by the address. */
  readonly subscriber?: number | undefined
  readonly address?: string | undefined
  /** '<newsletter>/<id>', or `tag`, the short form of an envelope sender. */
  readonly edition?: string | undefined
  readonly tag?: string | undefined
  /** RFC 3463; empty when unknown. */
  readonly status: string
  /** What the server wrote. */
  readonly text?: string | undefined
}

export type NoticeResult = 'suppressed' | 'counted' | 'unsubscribed' | 'known' | 'nobody'

export async function applyNotice(db: Database, notice: Notice, now: number): Promise<NoticeResult> {
  const { kind, edition, tag, status, text } = notice
  const key = notice.address === undefined ? undefined : parseAddress(notice.address)?.key
  const subscriber =
    notice.subscriber ?? (key === undefined ? undefined : (await subscriberByKey(db, key))?.id)
  if (kind === 'unsubscribe') {
    if (subscriber === undefined) return 'nobody'
    const named = edition ?? (tag === undefined ? undefined : await editionOfTag(db, { subscriber, tag }))
    const newsletter = named?.split('/')[0]
    return (await removeSubscriber(db, { subscriber, newsletter, now })) ? 'unsubscribed' : 'known'
  }
  if (subscriber !== undefined) {
    const recorded = await recordBounce(db, { subscriber, edition, tag, kind, status, text, now })
    if (recorded !== 'gone') return recorded
  }
  // Not on the list: a mistyped address that was asked to confirm, or somebody who complains after erasure.
  if (key === undefined || kind === 'soft') return 'nobody'
  const reason = kind === 'complaint' ? 'complaint' : 'bounce'
  await suppress(db, { hash: addressHash(key), reason, since: now })
  return 'suppressed'
}

export type CommandResult =
  /** A mail that asks her to confirm will go, or has gone lately; which of the two is a secret of the list. */
  | 'asked'
  | 'confirmed'
  /** Confirmed before. */
  | 'known'
  /** Nobody is helped by an answer: it names no newsletter, is too old, or came from ourselves. */
  | 'nothing'
  /** So many have asked by mail within the hour that somebody may be misusing it. */
  | 'later'

/** From fields are forged easily; what comes by mail has no network to count by. */
const MAX_REQUESTS_PER_HOUR = 100

export async function applyMailCommand(
  db: Database,
  publication: Publication,
  command: MailCommand,
  now: number,
): Promise<CommandResult> {
  if (command.kind === 'confirm') {
    const done = await confirmRequest(db, { id: command.request, now })
    return !done ? 'nothing' : done.now ? 'confirmed' : 'known'
  }
  const { newsletters } = publication
  const named = newsletters.filter(({ id }) => command.newsletters.includes(id))
  const wanted = command.newsletters.length === 0 && newsletters.length === 1 ? newsletters : named
  if (wanted.length === 0 || isOwnMailbox(publication, command.key)) return 'nothing'
  const lately = await countRequests(db, { source: 'mail', since: now - HOUR_MS })
  if (lately >= MAX_REQUESTS_PER_HOUR) return 'later'
  await saveRequest(db, {
    purpose: 'subscribe',
    email: command.email,
    key: command.key,
    newsletters: Object.fromEntries(wanted.map(({ id }) => [id, []])),
    language: wanted[0]!.language,
    source: 'mail',
    network: '',
    wording: CONSENT_WORDING,
    expires: now + 7 * 24 * HOUR_MS,
    now,
  })
  return 'asked'
}

/** A mail from one of our own mailboxes would be answered to it, for ever. */
function isOwnMailbox({ newsletters, mail }: Publication, key: string): boolean {
  const own = newsletters.flatMap(({ from, replyTo }) => [from.address, replyTo?.address])
  return [...own, mail.bounces].some(address => address !== undefined && parseAddress(address)?.key === key)
}
