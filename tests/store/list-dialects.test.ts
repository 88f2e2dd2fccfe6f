// Exports of other systems, by their headers: who is subscribed, since when, and nothing that a letter does not need.

import { expect, test } from 'vitest'
import {
  type BadLine,
  readSubscribersCsv,
  type SubscriberRow,
} from '../../src/store/lists/read-subscribers.ts'

async function read(text: string): Promise<(SubscriberRow | BadLine)[]> {
  const rows: (SubscriberRow | BadLine)[] = []
  async function* chunks() {
    yield text
  }
  for await (const row of readSubscribersCsv(chunks(), { file: 'list.csv', newsletters: ['weekly'] }))
    rows.push(row)
  return rows
}

const at = (iso: string) => Date.parse(iso)

const MAILCHIMP =
  '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS'

test('Mailchimp: subscribed, unsubscribed and cleaned', async () => {
  const line =
    'anna@example.org,Anna,B,2,"2020-01-30 07:00:00",192.0.2.1,"2020-01-30 07:01:00",192.0.2.1,28.6,77.2,5,5,Asia/Kolkata,IN,DL,"2021-01-01 00:00:00",123,abc,,"""Reader"""'
  expect(await read(`${MAILCHIMP}\n${line}\n`)).toMatchObject([
    {
      email: 'anna@example.org',
      name: 'Anna B',
      state: 'active',
      since: at('2020-01-30T07:01:00Z'),
      source: 'Mailchimp export',
      newsletters: { weekly: [] },
      fields: { first_name: 'Anna', last_name: 'B', notes: '', tags: '"Reader"' },
    },
  ])
  const [row] = await read(`${MAILCHIMP}\n${line}\n`)
  expect(Object.keys((row as SubscriberRow).fields)).toEqual(['first_name', 'last_name', 'notes', 'tags'])
  const unsubscribed = `${MAILCHIMP},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER`
  expect(await read(`${unsubscribed}\n${line},"2022-01-01 00:00:00",x,1,NORMAL,\n`)).toMatchObject([
    { state: 'unsubscribed' },
  ])
  const cleaned = `${MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID`
  expect(await read(`${cleaned}\n${line},"2022-01-01 00:00:00",x,1\n`)).toMatchObject([
    { state: 'unsubscribed' },
  ])
})

test('Mailchimp: an older or trimmed export, without its own numbers', async () => {
  const rows =
    await read(`Email,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,TAGS,UNSUB_TIME
anna@example.org,Anna,2,2020-01-30 07:00:00,192.0.2.1,,,2021-01-01 00:00:00,,
ben@example.org,Ben,2,2020-01-30 07:00:00,192.0.2.1,,,2021-01-01 00:00:00,,2022-01-01 00:00:00
`)
  expect(rows).toMatchObject([
    { state: 'active', since: at('2020-01-30T07:00:00Z'), source: 'Mailchimp export' },
    { state: 'unsubscribed' },
  ])
})

test('Substack: who does not want mail has left, who does not pay has not', async () => {
  const rows = await read(`email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at
anna@example.org,false,,other,false,2022-03-04T05:06:07.000Z,
ben@example.org,true,2027-01-01T00:00:00.000Z,yearly,true,2022-03-04T05:06:07.000Z,2022-03-05T00:00:00.000Z
`)
  expect(rows).toMatchObject([
    { state: 'active', since: at('2022-03-04T05:06:07Z'), fields: { plan: 'other' } },
    { state: 'unsubscribed' },
  ])
})

test('Buttondown: its types, and its metadata as fields', async () => {
  const rows = await read(`id,email_address,creation_date,type,notes,metadata,tags
1,anna@example.org,2023-01-02T03:04:05Z,regular,,"{""City"": ""Delhi"", ""n"": 3, ""deep"": {}}",a
2,ben@example.org,2023-01-02T03:04:05Z,unactivated,,{},
3,cho@example.org,2023-01-02T03:04:05Z,undeliverable,,not json,
4,dee@example.org,2023-01-02T03:04:05Z,something new,,,
`)
  expect(rows).toMatchObject([
    { state: 'active', fields: { city: 'Delhi', n: '3', tags: 'a' } },
    { state: 'pending' },
    { state: 'unsubscribed' },
    { state: 'unsubscribed' },
  ])
  expect(Object.keys((rows[0] as SubscriberRow).fields)).toEqual(['notes', 'tags', 'city', 'n'])
})

test('Ghost', async () => {
  const rows =
    await read(`id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers,gift_id
1,anna@example.org,Anna,,true,false,,2023-01-02T03:04:05.000Z,,vip,,g1
2,ben@example.org,Ben,,false,false,,2023-01-02T03:04:05.000Z,,,,
`)
  expect(rows).toMatchObject([
    { name: 'Anna', state: 'active', fields: { labels: 'vip' } },
    { state: 'unsubscribed' },
  ])
})

test('listmonk: blocklisted is not subscribed, and its attributes are fields', async () => {
  const rows = await read(`uuid,email,name,attributes,status,created_at,updated_at
u1,anna@example.org,Anna,"{""city"": ""Delhi""}",enabled,2023-01-02 03:04:05.123456+00:00,2023-01-02
u2,ben@example.org,Ben,{},blocklisted,2023-01-02,2023-01-02
u3,cho@example.org,Cho,{},disabled,,
`)
  expect(rows).toMatchObject([
    { state: 'active', since: at('2023-01-02T03:04:05Z'), fields: { city: 'Delhi' } },
    { state: 'unsubscribed', since: at('2023-01-02T00:00:00Z') },
    { state: 'unsubscribed', since: undefined },
  ])
})

test('Kit: unconfirmed is pending; cancelled, bounced and complained have left', async () => {
  const rows = await read(`first_name,email,status,created_at,tags
Anna,anna@example.org,active,2023-01-02 03:04:05 UTC,a
Ben,ben@example.org,inactive,2023-01-02,
Cho,cho@example.org,cancelled,2023-01-02,
Dee,dee@example.org,bounced,2023-01-02,
Eve,eve@example.org,complained,2023-01-02,
`)
  expect(rows.map(row => ('state' in row ? row.state : row.why))).toEqual([
    'active',
    'pending',
    'unsubscribed',
    'unsubscribed',
    'unsubscribed',
  ])
  expect(rows[0]).toMatchObject({ name: 'Anna', since: at('2023-01-02T03:04:05Z'), source: 'Kit export' })
})

test('a plain list is nobody’s dialect, and bad lines are still told', async () => {
  expect(await read('email,name,status\nanna@example.org,Anna,x\nnonsense,B,y\n')).toMatchObject([
    { state: 'active', source: undefined, fields: { status: 'x' } },
    { line: 3, why: 'not an e-mail address' },
  ])
})
