// Exports of other systems, by their headers: who is subscribed, since when, and nothing that a letter does not need.

import { expect, test } from 'vitest'
import type { SubscriberRow } from '../../src/store/lists/read-subscribers.ts'
import { readAList, statesOf } from './read-a-list.ts'

const at = (iso: string) => Date.parse(iso)
const read = async (text: string) => (await readAList(text, { newsletters: ['weekly'] })).rows

const MAILCHIMP =
  '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION'

const anna =
  'anna@example.org,Anna,B,2,"2020-01-30 07:00:00",192.0.2.1,"2020-01-30 07:01:00",192.0.2.1,28.6,77.2,5,5,Asia/Kolkata,IN,DL'

test('Mailchimp: subscribed, with the fields that a letter may need', async () => {
  const rows = await read(
    `${MAILCHIMP},LAST_CHANGED,LEID,EUID,NOTES,TAGS\n${anna},2021-01-01 00:00:00,1,a,,"""Reader"""\n`,
  )
  expect(rows).toMatchObject([
    {
      email: 'anna@example.org',
      name: 'Anna B',
      state: 'active',
      since: at('2020-01-30T07:01:00Z'),
      source: 'Mailchimp export',
      newsletters: { weekly: [] },
    },
  ])
  expect((rows[0] as SubscriberRow).fields).toEqual({
    first_name: 'Anna',
    last_name: 'B',
    notes: '',
    tags: '"Reader"',
  })
})

test.each([
  [
    'Mailchimp, unsubscribed',
    `${MAILCHIMP},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS
${anna},2022-05-06 18:40:00,Autumn,7,NORMAL,,2,b,,
${anna.replace('anna', 'ben')},,,,,,3,c,,`,
    // It is the file of those who left: a time that is missing changes nothing.
    ['unsubscribed', 'unsubscribed'],
  ],
  [
    'Mailchimp, cleaned',
    `${MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS
${anna},2023-01-02 03:04:05,,,3,z,,`,
    ['bounce'],
  ],
  [
    'Mailchimp, subscribed',
    // An older or trimmed export, and a column of addresses that somebody renamed.
    `Adresse,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,TAGS,UNSUB_TIME
anna@example.org,Anna,2,2020-01-30 07:00:00,,2021-01-01 00:00:00,,
ben@example.org,Ben,2,2020-01-30 07:00:00,,2021-01-01 00:00:00,,2022-01-01 00:00:00`,
    ['active', 'unsubscribed'],
  ],
  [
    'Substack, all subscribers',
    `email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at
anna@example.org,false,,other,false,2022-03-04T05:06:07.000Z,
ben@example.org,true,2027-01-01T00:00:00.000Z,yearly,true,2022-03-04T05:06:07.000Z,2022-03-05T00:00:00.000Z`,
    ['active', 'unsubscribed'],
  ],
  [
    'Substack, paying subscribers',
    `email,expiry,email_disabled,stripe_connected_customer_id,type
anna@example.org,2028-01-01T00:00:00.000Z,false,cus_1,comp
ben@example.org,2028-01-01T00:00:00.000Z,true,cus_2,gift`,
    ['active', 'unsubscribed'],
  ],
  [
    'Buttondown',
    `id,email_address,creation_date,type,notes,metadata,tags
1,anna@example.org,2023-01-02T03:04:05Z,regular,,{},a
2,ben@example.org,2023-01-02T03:04:05Z,unactivated,,{},
3,cho@example.org,2023-01-02T03:04:05Z,undeliverable,,not json,
4,dee@example.org,2023-01-02T03:04:05Z,past_due,,,
5,eve@example.org,2023-01-02T03:04:05Z,spammy,,,
6,fay@example.org,2023-01-02T03:04:05Z,removed,,,`,
    ['active', 'pending', 'bounce', 'active', 'manual', 'unsubscribed'],
  ],
  [
    'Ghost',
    `id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers,gift_id
1,anna@example.org,Anna,unsubscribed by mistake once,true,false,,2023-01-02T03:04:05.000Z,,vip,,g1
2,ben@example.org,Ben,,false,false,,2023-01-02T03:04:05.000Z,,,,
3,cho@example.org,Cho,,true,false,,2023-01-02T03:04:05.000Z,2024-01-02T03:04:05.000Z,,,`,
    ['active', 'unsubscribed', 'unsubscribed'],
  ],
  [
    'listmonk',
    `uuid,email,name,attributes,status,created_at,updated_at
u1,anna@example.org,Anna,"{""city"": ""Delhi""}",enabled,2023-01-02 03:04:05.123456+00:00,2023-01-02
u2,ben@example.org,Ben,{},blocklisted,2023-01-02,2023-01-02
u3,cho@example.org,Cho,{},disabled,,`,
    ['active', 'manual', 'unsubscribed'],
  ],
  [
    'Keila',
    `Email,First name,Last name,Data,Status,External ID
anna@example.org,Anna,B,"{""city"":""Delhi""}",active,7
ben@example.org,Ben,B,{},unsubscribed,
cho@example.org,Cho,B,{},unreachable,
dee@example.org,Dee,B,{},,`,
    ['active', 'unsubscribed', 'bounce', 'pending'],
  ],
  [
    'beehiiv',
    `email,First Name,Last Name,status,tier,created_at,stripe_customer_id,unsubscribed_at
anna@example.org,,,active,free,2023-03-24 10:23:10 UTC,,
ben@example.org,,,inactive,free,2023-03-24 10:23:10 UTC,,
cho@example.org,,,pending,free,2023-03-24 10:23:10 UTC,,
dee@example.org,,,active,premium,2023-03-24 10:23:10 UTC,cus_1,2024-03-13 11:33:53 UTC`,
    ['active', 'unsubscribed', 'pending', 'unsubscribed'],
  ],
  [
    'Kit',
    `first_name,email,status,created_at,tags
Anna,anna@example.org,active,2023-01-02 03:04:05 UTC,a
Ben,ben@example.org,inactive,2023-01-02,
Cho,cho@example.org,cancelled,2023-01-02,
Dee,dee@example.org,bounced,2023-01-02,
Eve,eve@example.org,complained,2023-01-02,`,
    ['active', 'pending', 'unsubscribed', 'bounce', 'complaint'],
  ],
  [
    'phpList',
    `email,confirmed,blacklisted,optedin,bouncecount,entered,modified,uniqid,htmlemail,disabled
anna@example.org,1,0,0,3,2020-01-02 03:04:05,2020-01-02 03:04:05,x,1,0
ben@example.org,0,0,0,0,2020-01-02 03:04:05,2020-01-02 03:04:05,x,1,0
cho@example.org,1,1,1,9,2020-01-02 03:04:05,2020-01-02 03:04:05,x,1,0
dee@example.org,1,0,1,0,2020-01-02 03:04:05,2020-01-02 03:04:05,x,1,1`,
    ['active', 'pending', 'manual', 'unsubscribed'],
  ],
  [
    'phpList',
    `Email\tIs this subscriber confirmed\tIs this subscriber blacklisted\tNumber of bounces\tEntered
anna@example.org\t1\t0\t2\t2020-01-02 03:04:05
ben@example.org\t0\t1\t0\t2020-01-02 03:04:05`,
    ['active', 'manual'],
  ],
  [
    'Sendy',
    `Name,Email,Status
Anna,anna@example.org,Subscribed
Ben,ben@example.org,Unsubscribed
Cho,cho@example.org,Bounced
Dee,dee@example.org,Marked as spam
Eve,eve@example.org,Unconfirmed`,
    ['active', 'unsubscribed', 'bounce', 'complaint', 'pending'],
  ],
  [
    'Brevo',
    `CONTACT ID;EMAIL;FIRSTNAME;LASTNAME;SMS;DOUBLE_OPT-IN;OPT_IN;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME
1;anna@example.org;Anna;B;;1;;No;Yes;2023-01-02
2;ben@example.org;Ben;B;;1;;Yes;No;2023-01-02
3;cho@example.org;Cho;B;;2;;No;No;2023-01-02`,
    ['active', 'manual', 'pending'],
  ],
  [
    'MailerLite',
    `Subscriber,Status,Name,Sent,Opened,Clicked,Subscribed,Location
anna@example.org,Active,Anna,1,1,0,2023-01-02 03:04:05,X
ben@example.org,Unsubscribed,Ben,1,1,0,2023-01-02,X
cho@example.org,Junk,Cho,1,1,0,2023-01-02,X
dee@example.org,Unconfirmed,Dee,0,0,0,,X`,
    ['active', 'unsubscribed', 'complaint', 'pending'],
  ],
  [
    'Mautic',
    `id,email,firstname,lastname,doNotContact
1,anna@example.org,Anna,B,0
2,ben@example.org,Ben,B,1
3,cho@example.org,Cho,B,2
4,dee@example.org,Dee,B,3
5,eve@example.org,Eve,B,`,
    ['active', 'unsubscribed', 'bounce', 'manual', 'active'],
  ],
  [
    'HubSpot',
    `Record ID,Email,Email Marketing Status,Unsubscribed from all email,Email hard bounce reason,Lead Status
1,anna@example.org,Subscribed,,,Open
2,ben@example.org,Subscribed,true,,Open
3,cho@example.org,Subscribed,,UNKNOWN_USER,New
4,dee@example.org,Unsubscribed,,,`,
    ['active', 'unsubscribed', 'bounce', 'unsubscribed'],
  ],
  [
    'Revue',
    `email,first_name,last_name,subscribed_at,state
anna@example.org,Anna,B,2020-01-02,subscribed
ben@example.org,Ben,B,2020-01-02,unsubscribed`,
    ['active', 'unsubscribed'],
  ],
  [
    'Curated, subscribers',
    `Email Address,Subscribed at,UTM Source,UTM Medium,UTM Term,UTM Content,UTM Campaign,UTM Last Path,UTM Referrer
anna@example.org,2021-02-04 07:55:20 +0000,,,,,,,`,
    ['active'],
  ],
  [
    'TinyLetter',
    `email,First name,Last name,Date added,Last modified,status,clicks,opens
anna@example.org,Anna,,2022-01-02T03:04:05.000Z,2022-02-03T04:05:06.000Z,Subscribed,0,3
ben@example.org,Ben,,2022-01-02T03:04:05.000Z,2022-02-03T04:05:06.000Z,Unsubscribed,0,0`,
    ['active', 'unsubscribed'],
  ],
])('%s', async (readAs, text, states) => {
  expect((await readAList(text)).columns.readAs).toBe(readAs)
  expect(await statesOf(text)).toEqual(states)
})

test('the file of people who never subscribed looks like the first, but for its name', async () => {
  const text = `${MAILCHIMP},LAST_CHANGED\n${anna},2021-01-01 00:00:00\n`
  const { columns } = await readAList(text, { file: 'nonsubscribed_email_audience_export_1.csv' })
  expect(columns).toMatchObject({ readAs: 'Mailchimp, non-subscribed', everybody: 'pending' })
})

test('a column that the owner added to an export is asked, too', async () => {
  const text = `email,active_subscription,email_disabled,created_at,Opted out
anna@example.org,true,false,2022-03-04T05:06:07.000Z,yes
ben@example.org,true,false,2022-03-04T05:06:07.000Z,`
  expect(await statesOf(text)).toEqual(['unsubscribed', 'active'])
})

test('a value that the system did not have yet stops the import', async () => {
  const text = 'first_name,email,status,created_at\nAnna,anna@example.org,snoozed,2023-01-02\n'
  await expect(readAList(text)).rejects.toThrow(/column 'status'.*'snoozed' \(line 2\)/)
})

test('a file that cannot say who left says so', async () => {
  const listmonk = await readAList('uuid,email,attributes,status\nu1,a@example.org,{},enabled\n')
  expect(listmonk.columns.dialect?.silence).toMatch(/whoever left one list/)
  const brevo = await readAList('CONTACT ID;EMAIL;ADDED_TIME\n1;a@example.org;2023-01-02\n')
  expect(brevo.columns.dialect?.silence).toMatch(/EMAIL_BLACKLISTED/)
  const mautic = await readAList('id,firstname,lastname,email,preferred_locale\n1,Anna,B,a@example.org,en\n')
  expect(mautic.columns).toMatchObject({
    readAs: 'Mautic',
    dialect: { silence: expect.stringMatching(/must not be contacted/) },
  })
})

test('since when, and metadata as fields', async () => {
  const [buttondown] = await read(
    'id,email_address,creation_date,type,metadata,tags\n1,anna@example.org,2023-01-02T03:04:05Z,regular,"{""City"": ""Delhi"", ""n"": 3, ""deep"": {}}",a\n',
  )
  expect(buttondown).toMatchObject({ since: at('2023-01-02T03:04:05Z'), source: 'Buttondown export' })
  expect((buttondown as SubscriberRow).fields).toEqual({ tags: 'a', city: 'Delhi', n: '3' })
  const [listmonk] = await read(
    'uuid,email,attributes,status,created_at\nu1,anna@example.org,"{""city"": ""Delhi""}",enabled,2023-01-02 03:04:05.123456+00:00\n',
  )
  expect(listmonk).toMatchObject({ since: at('2023-01-02T03:04:05.123Z'), fields: { city: 'Delhi' } })
  const [mailerlite] = await read(
    'Subscriber,Name,Sent,Opened,Clicked,Subscribed\nanna@example.org,Anna,1,1,0,2023-01-02 03:04:05\n',
  )
  expect(mailerlite).toMatchObject({ since: at('2023-01-02T03:04:05Z'), name: 'Anna' })
})

test('when somebody left is kept where the file says so', async () => {
  const [row] = await read('email,unsubscribed_at\nanna@example.org,2024-01-02 03:04:05\n')
  expect(row).toMatchObject({ state: 'unsubscribed', ended: at('2024-01-02T03:04:05Z') })
})
