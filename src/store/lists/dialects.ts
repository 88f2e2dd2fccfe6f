// The header of another system's export → which system it is, and how its rows say who is subscribed and since when.

import type { Standing } from './cell-values.ts'
import { ofFilled, ofWords, ofYesNo, type StateReader } from './state-columns.ts'

/** Names of columns are in the form of `fieldName`: 'Email Address' is 'email_address'. */
export interface Dialect {
  readonly name: string
  /** Columns that together occur in no other export; '|' between names that the same system has used for one. */
  readonly marks: readonly string[]
  /** What else must be true of the header, where the columns alone are not enough. */
  fits?(header: Header): boolean
  /** Which of its files it is, and what the file says of everybody in it. */
  file?(header: Header): { readonly name: string; readonly everybody?: Standing }
  /** The column of addresses, where its name does not say so. */
  readonly email?: string
  readonly states: Readonly<Record<string, StateReader>>
  /** When consent was given: the first of them that is filled. */
  readonly since: readonly string[]
  /**
   * Columns that are kept as fields and say nothing about states, whatever their names and values look like; or all
   * that are not named here.
   */
  readonly fields?: readonly string[] | 'all others'
  /** Columns that are not imported: ids, places and devices, nothing that a letter needs. */
  readonly drops: readonly string[]
  /** Columns of JSON: each plain value in them becomes a field. */
  readonly json?: readonly string[]
  /** What the file cannot say about who left, and where to find it. A person has to agree before it is imported. */
  readonly silence?: string
}

export interface Header {
  readonly titles: readonly string[]
  has(...names: readonly string[]): boolean
  /** The file's name. */
  readonly file: string
}

export function dialectOf(header: Header): Dialect | undefined {
  return DIALECTS.find(
    ({ marks, fits }) => marks.every(mark => header.has(...mark.split('|'))) && (!fits || fits(header)),
  )
}

const LEFT = 'unsubscribed'
const EMAIL = 'email|email_address'

const DIALECTS: readonly Dialect[] = [
  {
    name: 'Broadsheet',
    marks: ['email', 'newsletters', 'subscription', 'consent_since'],
    // An empty cell is somebody who was typed into the list, and meant to be on it.
    states: {
      subscription: {
        ...ofWords(),
        read: cell =>
          cell === ''
            ? 'active'
            : /^(active|pending|unsubscribed)$/.test(cell)
              ? (cell as Standing)
              : undefined,
      },
    },
    since: [],
    fields: 'all others',
    drops: [],
  },
  {
    // Three files in one ZIP, and a fourth of people who never subscribed, with the columns of the first. The column of
    // addresses has any name that the owner chose, and not every export has LEID and EUID.
    name: 'Mailchimp',
    marks: ['member_rating', 'optin_time', 'last_changed|unsub_time|clean_time'],
    file: ({ has, file }) => {
      // LAST_CHANGED is in the first file only: there the other two columns, in old exports, are not filled for all.
      if (has('unsub_time') && !has('last_changed')) return { name: 'unsubscribed', everybody: LEFT }
      if (has('clean_time') && !has('last_changed')) return { name: 'cleaned', everybody: 'bounce' }
      if (/non-?subscribed/i.test(file)) return { name: 'non-subscribed', everybody: 'pending' }
      return { name: 'subscribed' }
    },
    states: { unsub_time: ofFilled(LEFT), clean_time: ofFilled('bounce') },
    since: ['confirm_time', 'optin_time'],
    drops:
      `member_rating optin_ip confirm_ip latitude longitude gmtoff dstoff timezone cc region last_changed leid euid
unsub_campaign_title unsub_campaign_id unsub_reason unsub_reason_other clean_campaign_title clean_campaign_id`.split(
        /\s/,
      ),
  },
  {
    // `active_subscription` is who pays; `email_disabled` is who does not want mail.
    name: 'Substack',
    marks: [EMAIL, 'active_subscription', 'email_disabled'],
    file: () => ({ name: 'all subscribers' }),
    states: { email_disabled: ofYesNo({ yes: LEFT }) },
    since: ['created_at'],
    fields: ['active_subscription', 'expiry', 'plan'],
    drops: ['prefer_digests', 'first_payment_at'],
  },
  {
    name: 'Substack',
    marks: [EMAIL, 'expiry', 'email_disabled', 'type'],
    file: () => ({ name: 'paying subscribers' }),
    states: { email_disabled: ofYesNo({ yes: LEFT }) },
    since: ['created_at'],
    fields: ['expiry', 'type'],
    drops: ['prefer_digests', 'stripe_connected_customer_id'],
  },
  {
    // Its enumeration SubscriberType; those that only say who pays are all subscribed.
    name: 'Buttondown',
    marks: [EMAIL, 'creation_date', 'type|subscriber_type'],
    states: each(
      ['type', 'subscriber_type'],
      ofWords({
        ...Object.fromEntries(
          'regular premium gifted trialed churning churned past_due paused unpaid upcoming'
            .split(' ')
            .map(type => [type.replace('_', ' '), 'active']),
        ),
        unactivated: 'pending',
        spammy: 'manual',
        removed: LEFT,
      }),
    ),
    since: ['creation_date'],
    fields: ['notes', 'tags'],
    drops: ['id', 'secondary_id', 'referrer_url', 'ip_address'],
    json: ['metadata'],
  },
  {
    name: 'Ghost',
    marks: [EMAIL, 'subscribed_to_emails', 'complimentary_plan', 'created_at'],
    states: { subscribed_to_emails: ofYesNo({ no: LEFT, blank: LEFT }), deleted_at: ofFilled(LEFT) },
    since: ['created_at'],
    fields: ['complimentary_plan', 'note', 'labels', 'tiers'],
    drops: ['id', 'stripe_customer_id', 'gift_id'],
  },
  {
    name: 'listmonk',
    marks: ['uuid', EMAIL, 'attributes', 'status'],
    states: { status: ofWords({ enabled: 'active', disabled: LEFT, blocklisted: 'manual' }) },
    since: ['created_at'],
    drops: ['uuid', 'updated_at'],
    json: ['attributes'],
    silence:
      'it has only the state of the whole subscriber: whoever left one list, or never confirmed it, is still "enabled". Export each list by itself, with the query subscriber_lists.status = \'confirmed\'',
  },
  {
    name: 'Keila',
    marks: [EMAIL, 'first_name', 'last_name', 'data', 'status'],
    states: { status: ofWords({ unreachable: 'bounce' }) },
    since: [],
    drops: ['external_id'],
    json: ['data'],
  },
  {
    name: 'beehiiv',
    marks: [EMAIL, 'status', 'created_at'],
    fits: ({ has }) =>
      has(
        'tier',
        'free_tier',
        'utm_source',
        'utm_medium',
        'utm_campaign',
        'utm_channel',
        'referring_site',
        'acquisition_source',
        'subscriber_id',
        'unsubscribed_at',
      ),
    states: {
      status: ofWords({
        inactive: LEFT,
        validating: 'pending',
        'needs attention': 'pending',
        invalid: 'bounce',
      }),
      unsubscribed_at: ofFilled(LEFT),
    },
    since: ['created_at'],
    fields: ['tier', 'subscription_date_substack'],
    drops: ['stripe_customer_id', 'subscriber_id'],
  },
  {
    // `inactive` has not confirmed. Drip, where it means something else, has a score of each reader.
    name: 'Kit',
    marks: [EMAIL, 'first_name', 'status|state', 'created_at'],
    fits: ({ has }) => !has('lead_score', 'prospect'),
    states: each(['status', 'state'], ofWords({ inactive: 'pending', cancelled: LEFT })),
    since: ['created_at'],
    drops: ['id'],
  },
  {
    // The column names of the table, or their descriptions, as the export has them. Whoever bounced too often is
    // blacklisted or not confirmed there, so that the count says nothing more.
    name: 'phpList',
    marks: [
      EMAIL,
      'confirmed|is_this_subscriber_confirmed|is_this_user_confirmed',
      'blacklisted|is_this_subscriber_blacklisted|is_this_user_blacklisted',
      `htmlemail|send_this_subscriber_html_emails|send_this_user_html_emails|optedin|bouncecount|uniqid|entered`,
    ],
    states: {
      ...each(
        ['confirmed', 'is_this_subscriber_confirmed', 'is_this_user_confirmed'],
        ofYesNo({ no: 'pending', blank: 'pending' }),
      ),
      ...each(
        ['blacklisted', 'is_this_subscriber_blacklisted', 'is_this_user_blacklisted'],
        ofYesNo({ yes: 'manual' }),
      ),
      ...each(['disabled', 'is_this_account_disabled'], ofYesNo({ yes: LEFT })),
    },
    since: ['entered'],
    drops: `htmlemail optedin bouncecount uniqid modified id rssfrequency foreignkey subscribepage
did_this_subscriber_manually_confirm number_of_bounces last_modified unique_id send_this_subscriber_html_emails`.split(
      /\s/,
    ),
  },
  {
    name: 'Sendy',
    marks: ['name', 'email', 'status'],
    fits: ({ titles }) => titles[0] === 'Name' && titles[1] === 'Email' && titles.includes('Status'),
    states: { status: ofWords({ 'marked as spam': 'complaint' }) },
    since: ['joined'],
    drops: ['last_activity'],
  },
  {
    // DOUBLE_OPT-IN is a category: 1 is yes, 2 is no.
    name: 'Brevo',
    marks: ['contact_id', EMAIL, 'email_blacklisted'],
    states: brevoStates(),
    since: ['added_time'],
    drops: ['contact_id', 'sms', 'whatsapp', 'landline_number', 'ext_id', 'modified_time', 'sms_blacklisted'],
  },
  {
    name: 'Brevo',
    marks: ['contact_id', EMAIL, 'added_time|modified_time|double_opt_in|ext_id|sms'],
    states: brevoStates(),
    since: ['added_time'],
    drops: ['contact_id', 'sms', 'whatsapp', 'landline_number', 'ext_id', 'modified_time', 'sms_blacklisted'],
    silence:
      'it has no column EMAIL_BLACKLISTED, and does not say who is blocklisted. Export it with that column',
  },
  {
    name: 'MailerLite',
    marks: ['subscriber', 'sent', 'opened', 'clicked', 'subscribed'],
    email: 'subscriber',
    states: { status: ofWords({ junk: 'complaint' }), unsubscribed: ofFilled(LEFT) },
    since: ['subscribed'],
    drops: ['sent', 'opened', 'clicked', 'location'],
  },
  {
    // Its numbers for a reason are those of DoNotContact in its LeadBundle.
    name: 'Mautic',
    marks: [EMAIL, 'firstname', 'lastname', 'donotcontact|do_not_contact'],
    states: each(['donotcontact', 'do_not_contact'], {
      ...ofWords({
        0: 'nothing',
        false: 'nothing',
        no: 'nothing',
        1: LEFT,
        true: LEFT,
        yes: LEFT,
        2: 'bounce',
        3: 'manual',
      }),
      blank: () => 'nothing',
    }),
    since: ['date_added', 'dateadded'],
    drops: ['id'],
  },
  {
    // What its own export of contacts has: no word about who must not be contacted (issue 11679 of mautic/mautic).
    name: 'Mautic',
    marks: [EMAIL, 'firstname', 'lastname', 'attribution_date|preferred_locale|preferred_profile_image'],
    states: {},
    since: ['date_added', 'dateadded'],
    drops: ['id'],
    silence:
      'it does not say who unsubscribed, bounced or must not be contacted. Make a report of contacts with that reason instead',
  },
  {
    name: 'HubSpot',
    marks: [
      EMAIL,
      'email_marketing_status|unsubscribed_from_all_email|email_hard_bounce_reason|marketing_contact_status',
    ],
    states: {
      email_marketing_status: ofWords(),
      unsubscribed_from_all_email: ofYesNo({ yes: LEFT }),
      email_hard_bounce_reason: ofFilled('bounce'),
      email_address_quarantined: ofYesNo({ yes: 'manual' }),
      marketing_contact_status: ofWords({
        'marketing contact': 'active',
        'non marketing contact': 'pending',
      }),
    },
    since: ['create_date'],
    fields: ['lead_status', 'lifecycle_stage'],
    drops: ['record_id'],
  },
  {
    name: 'Revue',
    marks: [EMAIL, 'first_name', 'last_name', 'subscribed_at', 'state|status'],
    states: each(['state', 'status'], ofWords()),
    since: ['subscribed_at'],
    drops: ['id'],
  },
  {
    name: 'Curated',
    marks: [EMAIL, 'subscribed_at', 'utm_last_path'],
    file: () => ({ name: 'subscribers' }),
    states: {},
    since: ['subscribed_at'],
    drops: `utm_source utm_medium utm_term utm_content utm_campaign utm_last_path utm_referrer`.split(' '),
  },
  {
    // Tiny News has the same columns.
    name: 'TinyLetter',
    marks: [EMAIL, 'date_added', 'last_modified', 'status', 'clicks', 'opens'],
    states: { status: ofWords() },
    since: ['date_added'],
    drops: ['last_modified', 'clicks', 'opens'],
  },
]

function brevoStates(): Record<string, StateReader> {
  return {
    email_blacklisted: ofYesNo({ yes: 'manual' }),
    opt_in: ofYesNo({ no: 'pending' }),
    double_opt_in: {
      ...ofWords({
        1: 'active',
        yes: 'active',
        true: 'active',
        2: 'pending',
        no: 'pending',
        false: 'pending',
      }),
      blank: () => 'nothing',
    },
  }
}

function each(columns: readonly string[], reader: StateReader): Record<string, StateReader> {
  return Object.fromEntries(columns.map(column => [column, reader]))
}
