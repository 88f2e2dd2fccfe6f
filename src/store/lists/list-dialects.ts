// The header of another system's export → how its rows say who is subscribed and since when, and what is not imported.

import type { SubscriberState } from '../../model.ts'

/** The cell in a column of this name, in the form of `fieldName`; empty if there is no such column. */
type Cell = (column: string) => string

export interface Dialect {
  readonly name: string
  /** Columns that together occur in no other export. */
  readonly marks: readonly string[]
  state(cell: Cell): SubscriberState
  /** When consent was given, as ISO 8601; empty when the file does not say. */
  since(cell: Cell): string
  /** Columns that are not imported: ids, places and devices, nothing that a letter needs. */
  readonly drops: readonly string[]
  /** Columns of JSON: each plain value in them becomes a field. */
  readonly json: readonly string[]
}

const LEFT = 'unsubscribed'

/**
 * Bounced, complained and whatever is not in the table is 'unsubscribed': where they would not mail, we do not
 * either.
 */
function oneOf(states: Readonly<Record<string, SubscriberState>>, cell: string): SubscriberState {
  return states[cell.toLowerCase()] ?? LEFT
}

const DIALECTS: readonly Dialect[] = [
  {
    // Three files in one ZIP: subscribed, unsubscribed, cleaned; their columns differ. The column of addresses has any
    // name that the owner chose, and not every export has LEID and EUID.
    name: 'Mailchimp',
    marks: ['email_address', 'member_rating', 'optin_time', 'last_changed'],
    state: cell => (cell('unsub_time') || cell('clean_time') ? LEFT : 'active'),
    since: cell => utc(cell('confirm_time') || cell('optin_time')),
    drops: [
      'member_rating',
      'optin_time',
      'optin_ip',
      'confirm_time',
      'confirm_ip',
      'latitude',
      'longitude',
      'gmtoff',
      'dstoff',
      'timezone',
      'cc',
      'region',
      'last_changed',
      'leid',
      'euid',
      'unsub_time',
      'unsub_campaign_title',
      'unsub_campaign_id',
      'unsub_reason',
      'unsub_reason_other',
      'clean_time',
      'clean_campaign_title',
      'clean_campaign_id',
    ],
    json: [],
  },
  {
    // `active_subscription` is who pays; `email_disabled` is who does not want mail.
    name: 'Substack',
    marks: ['email', 'active_subscription', 'email_disabled', 'created_at'],
    state: cell => (isTrue(cell('email_disabled')) ? LEFT : 'active'),
    since: cell => utc(cell('created_at')),
    drops: ['email_disabled', 'prefer_digests', 'created_at', 'first_payment_at'],
    json: [],
  },
  {
    name: 'Buttondown',
    marks: ['email_address', 'creation_date', 'type'],
    state: cell =>
      oneOf(
        {
          regular: 'active',
          premium: 'active',
          gifted: 'active',
          trialed: 'active',
          churning: 'active',
          churned: 'active',
          past_due: 'active',
          paused: 'active',
          unpaid: 'active',
          upcoming: 'active',
          unactivated: 'pending',
        },
        cell('type') || cell('subscriber_type'),
      ),
    since: cell => utc(cell('creation_date')),
    drops: [
      'id',
      'creation_date',
      'secondary_id',
      'type',
      'subscriber_type',
      'referrer_url',
      'metadata',
      'ip_address',
    ],
    json: ['metadata'],
  },
  {
    name: 'Ghost',
    marks: ['email', 'subscribed_to_emails', 'complimentary_plan', 'created_at'],
    state: cell => (isTrue(cell('subscribed_to_emails')) && !cell('deleted_at') ? 'active' : LEFT),
    since: cell => utc(cell('created_at')),
    drops: ['id', 'subscribed_to_emails', 'stripe_customer_id', 'gift_id', 'created_at', 'deleted_at'],
    json: [],
  },
  {
    name: 'listmonk',
    marks: ['uuid', 'email', 'attributes', 'status'],
    state: cell => oneOf({ enabled: 'active' }, cell('status')),
    since: cell => utc(cell('created_at')),
    drops: ['uuid', 'status', 'created_at', 'updated_at', 'attributes'],
    json: ['attributes'],
  },
  {
    name: 'Kit',
    marks: ['email', 'first_name', 'status', 'created_at'],
    state: cell =>
      oneOf(
        { active: 'active', confirmed: 'active', inactive: 'pending', unconfirmed: 'pending' },
        cell('status'),
      ),
    since: cell => utc(cell('created_at')),
    drops: ['id', 'status', 'created_at'],
    json: [],
  },
]

/** Other names that the same system has used for a mark. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  type: ['type', 'subscriber_type'],
  created_at: ['created_at', 'subscribed_at'],
  email: ['email', 'email_address'],
  email_address: ['email_address', 'email'],
}

/** @param names of the header, in the form of `fieldName` */
export function dialectOf(names: readonly string[]): Dialect | undefined {
  const has = (mark: string) => (OTHER_NAMES[mark] ?? [mark]).some(name => names.includes(name))
  return DIALECTS.find(({ marks }) => marks.every(has))
}

function isTrue(cell: string): boolean {
  return /^(true|yes|1)$/i.test(cell)
}

/** '2020-01-30 07:00:00' and the like are UTC in all of these exports; empty for what is no time. */
function utc(cell: string): string {
  const [, day, time = '00:00:00', zone = ''] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?/.exec(cell) ?? []
  if (!day) return ''
  const text = `${day}T${time}${zone === '' ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`
  return Number.isNaN(Date.parse(text)) ? '' : text
}
