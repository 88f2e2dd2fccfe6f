// One zone that is right, and what is said of it once one thing in it is wrong: each check of DNS fails for its own reason.

import { expect, test } from 'vitest'
import { dkim } from '../../../src/commands/doctor/dkim-checks.ts'
import { dmarc } from '../../../src/commands/doctor/dmarc-checks.ts'
import { returning } from '../../../src/commands/doctor/return-checks.ts'
import { spf } from '../../../src/commands/doctor/spf-checks.ts'
import { alarmsOf, dmarcRecord, facts, RIGHT, settings, spfRecord, zone } from './a-right-zone.ts'
import { alarms, found } from './a-setup.ts'

test('nothing is wrong with the right one', async () => {
  expect(await alarmsOf()).toEqual([])
})

const includes = (count: number) =>
  Array.from({ length: count }, (_, at) => `include:i${at}.gazette.org`).join(' ')
const included = (count: number) =>
  Array.from({ length: count }, (_, at) => `i${at}.gazette.org TXT "v=spf1 ip4:203.0.113.${at} -all"\n`).join(
    '',
  )

const ZONES: readonly (readonly [name: string, zone: string, alarms: readonly string[]])[] = [
  ['no SPF', RIGHT.replace(/.*v=spf1.*\n/, ''), ['spf-record fail: gazette.org has no SPF record']],
  [
    'two SPF records',
    `${RIGHT}gazette.org TXT "v=spf1 include:x.org -all"\n`,
    ['spf-record fail: gazette.org has 2 SPF records, which counts as an error'],
  ],
  [
    'a word that is none',
    spfRecord('v=spf1 a:out.gazette.org ipv4:1.2.3.4 ~all'),
    [
      expect.stringContaining(
        'spf-valid fail: the record of gazette.org is in error: Unknown mechanism ipv4',
      ),
      expect.stringContaining('spf-permits warn'),
    ] as never,
  ],
  [
    'an include of nothing',
    spfRecord('v=spf1 a:out.gazette.org include:gone.gazette.org ~all'),
    [
      expect.stringContaining('spf-valid fail: the record of gazette.org is in error: no SPF records found'),
    ] as never,
  ],
  [
    'eleven look-ups',
    `${spfRecord(`v=spf1 a:out.gazette.org ${includes(10)} ~all`)}${included(10)}`,
    [
      expect.stringMatching(
        /^spf-lookups fail: 11 look-ups, and 10 are allowed: gazette\.org → i0\.gazette\.org, i1/,
      ),
    ] as never,
  ],
  [
    'three void look-ups',
    spfRecord('v=spf1 a:out.gazette.org a:x.gazette.org a:y.gazette.org mx:z.gazette.org ~all'),
    ['spf-void fail: 3 look-ups find nothing, and 2 are allowed'],
  ],
  ['everybody', spfRecord('v=spf1 a:out.gazette.org +all'), ['spf-all fail: everybody may send']],
  ['all addresses', spfRecord('v=spf1 ip4:0.0.0.0/0 -all'), ['spf-all fail: everybody may send']],
  ['no all', spfRecord('v=spf1 a:out.gazette.org'), ['spf-all warn: nothing is said of everybody else']],
  [
    'another server',
    spfRecord('v=spf1 mx ~all'),
    ['spf-permits warn: out.gazette.org (198.51.100.2) is not in the record of gazette.org'],
  ],
  [
    'no key',
    RIGHT.replace(/.*_domainkey.*\n/, ''),
    [
      'dkim-key fail: There is no DKIM key at s1._domainkey.gazette.org',
      expect.stringContaining('dkim-verifies fail'),
    ] as never,
  ],
  [
    'another key',
    zone('{ours}', 'v=DKIM1; k=rsa; p={2048}'),
    [
      'dkim-key fail: The DKIM key at s1._domainkey.gazette.org is another one than ours',
      expect.stringContaining('dkim-verifies fail'),
    ] as never,
  ],
  [
    'a short key',
    zone('{ours}', 'v=DKIM1; k=rsa; p={512}'),
    [
      expect.stringContaining('dkim-key fail'),
      'dkim-length fail: RSA of 512 bits at s1._domainkey.gazette.org',
      expect.stringContaining('dkim-verifies fail'),
    ] as never,
  ],
  [
    'no key at all under the name',
    zone('{ours}', 'v=DKIM1; p=notakey'),
    [
      expect.stringContaining('dkim-key fail'),
      'dkim-length fail: what is at s1._domainkey.gazette.org is no key',
      expect.stringContaining('dkim-verifies fail'),
    ] as never,
  ],
  ['a key on trial', zone('{ours}', '{ours}; t=y'), ['dkim-testing warn: s1 is marked as a test']],
  [
    'no DMARC',
    RIGHT.replace(/_dmarc.*\n/, ''),
    ['dmarc-record warn: no policy for gazette.org; looked at _dmarc.gazette.org, _dmarc.org'],
  ],
  [
    'two policies',
    `${RIGHT}_dmarc.gazette.org TXT "v=DMARC1; p=none"\n`,
    ['dmarc-record fail: _dmarc.gazette.org has several records, which counts as none'],
  ],
  [
    'a policy that is none',
    dmarcRecord('v=DMARC1; p=block'),
    [
      'dmarc-valid fail: p=block at _dmarc.gazette.org means nothing',
      expect.stringContaining('bimi-policy warn'),
    ] as never,
  ],
  [
    'no policy in it',
    dmarcRecord('v=DMARC1; rua=mailto:d@gazette.org'),
    [
      'dmarc-valid fail: the record at _dmarc.gazette.org has no p=',
      expect.stringContaining('bimi-policy warn'),
    ] as never,
  ],
  [
    'a tag that is none',
    dmarcRecord('v=DMARC1; p=reject; policy=x'),
    ['dmarc-valid warn: policy at _dmarc.gazette.org is no tag of DMARC'],
  ],
  [
    'half of the mail',
    dmarcRecord('v=DMARC1; p=reject; pct=50'),
    [
      'dmarc-valid warn: pct=50 at _dmarc.gazette.org is read by fewer and fewer receivers: the others apply the policy to all mail',
    ],
  ],
  [
    'reports to others',
    dmarcRecord('v=DMARC1; p=reject; rua=mailto:x@vendor.net'),
    ['dmarc-reports warn: vendor.net has not said that it wants reports on gazette.org'],
  ],
  [
    'a logo with p=none',
    dmarcRecord('v=DMARC1; p=none'),
    ['bimi-policy warn: a logo is published, and the policy of gazette.org is p=none'],
  ],
  [
    'a logo without an address',
    zone('l=https://gazette.org/logo.svg', 'a=x'),
    [expect.stringContaining('bimi-record fail')] as never,
  ],
  [
    'no mail here',
    zone('MX 10 mx.gazette.org', 'MX 0 .'),
    ['from-domain fail: gazette.org says that it takes no mail (null MX)'],
  ],
  [
    'not there',
    'other.org A 198.51.100.1\n',
    [
      'spf-record fail: gazette.org has no SPF record',
      expect.stringContaining('dkim-key fail'),
      expect.stringContaining('dkim-verifies fail'),
      'dmarc-record warn: no policy for gazette.org; looked at _dmarc.gazette.org, _dmarc.org',
      'from-domain fail: gazette.org is not in DNS, or takes no mail',
    ] as never,
  ],
  [
    'a server without an address',
    `${RIGHT}gazette.org MX 20 gone.gazette.org\n`,
    [
      'mx-hosts warn: gone.gazette.org, in MX of gazette.org, has no address that others reach',
      expect.stringContaining('mta-sts fail'),
    ] as never,
  ],
  [
    'an address for a server',
    zone('MX 10 mx.gazette.org', 'MX 10 198.51.100.1'),
    [
      expect.stringContaining('spf-valid fail'),
      expect.stringContaining('spf-permits warn'),
      expect.stringContaining('mx-hosts fail: MX of gazette.org is an address, not a name'),
      expect.stringContaining('mta-sts fail'),
    ] as never,
  ],
  [
    'two policies of transport',
    `${RIGHT}_mta-sts.gazette.org TXT "v=STSv1; id=2;"\n`,
    ['mta-sts fail: _mta-sts.gazette.org has several records'],
  ],
  [
    'a server that the policy does not name',
    `${RIGHT}gazette.org MX 20 out.gazette.org\n`,
    ['mta-sts fail: the policy does not name out.gazette.org'],
  ],
  [
    'reports to nowhere',
    zone('rua=mailto:tls@gazette.org"', 'rua="'),
    ['tls-reports fail: _smtp._tls.gazette.org is in error'],
  ],
  [
    'DNS that fails',
    `${RIGHT}_dmarc.gazette.org SERVFAIL\n`,
    ['dmarc-record warn: DNS does not answer for _dmarc.gazette.org (ESERVFAIL)'],
  ],
]

test.each(ZONES)('%s', async (_, changed, wanted) => {
  expect(await alarmsOf({ zone: changed })).toEqual(wanted)
})

test('servers in MX that nobody reaches, or that are aliases', async () => {
  const loopback = zone('mx.gazette.org A 198.51.100.1', 'mx.gazette.org A 127.0.0.1')
  expect(await alarmsOf({ zone: loopback })).toEqual([
    'mx-hosts fail: no server of gazette.org has an address that others reach: mx.gazette.org',
  ])
  const alias = zone('mx.gazette.org A 198.51.100.1', 'mx.gazette.org CNAME out.gazette.org')
  expect(await alarmsOf({ zone: alias })).toEqual([
    'mx-hosts warn: mx.gazette.org, in MX of gazette.org, is an alias (CNAME), which some servers refuse',
  ])
})

test('a key of a company that was revoked, and a wildcard that is none', async () => {
  const env = { BROADSHEET_SMTP: 'smtp://news:password@in.mailjet.com:587' }
  const none = RIGHT.replace(/.*_domainkey.*\n/, '')
  for (const record of [
    'mailjet._domainkey.gazette.org TXT "v=DKIM1; k=rsa; p="',
    '*._domainkey.gazette.org TXT "v=DMARC1; p=reject"',
  ])
    expect(await alarmsOf({ settings: settings(''), env, zone: `${none}${record}\n` })).toEqual([
      'dkim-signed warn: no key of Mailjet is at gazette.org under a usual name (mailjet)',
    ])
})

test('the record to publish is the one that is there, and what it lacks', async () => {
  const examined = await found([spf, dkim, dmarc], facts({ zone: spfRecord('v=spf1 mx ~all') }))
  const { remedy } = examined.find(({ name }) => name === 'spf-permits')!
  expect(remedy?.copy).toBe('"v=spf1 mx a:out.gazette.org ~all"')
})

test('a key on trial keeps its other flags', async () => {
  const examined = await found([dkim], facts({ zone: zone('{ours}', '{ours}; t=y:s') }))
  const { copy = '' } = examined.find(({ name }) => name === 'dkim-testing')!.remedy!
  expect(copy.replaceAll(/" ?"/g, '')).toMatch(/^"v=DKIM1; k=rsa; p=[\w+/]+=*; t=s"$/)
})

test('a key to publish comes in strings that DNS takes', async () => {
  const examined = await found([dkim], facts({ zone: RIGHT.replace(/.*_domainkey.*\n/, '') }))
  const { copy = '' } = examined.find(({ name }) => name === 'dkim-key')!.remedy!
  const strings = [...copy.matchAll(/"([^"]*)"/g)].map(match => match[1]!)
  expect(strings.every(text => text.length <= 255)).toBe(true)
  expect(strings.join('')).toMatch(/^v=DKIM1; k=rsa; p=[\w+/]{390,}=*$/)
})

test('whoever is signed by nobody we know is told how to sign', async () => {
  const unsigned = RIGHT.replace(/.*_domainkey.*\n/, '')
  // A key under a usual name is the server's own.
  expect(await alarmsOf({ settings: settings('') })).toEqual([])
  expect(await alarmsOf({ settings: settings(''), zone: unsigned })).toEqual([
    'dkim-signed warn: not signed by Broadsheet, and whether out.gazette.org signs is not seen from here',
  ])
  const env = { BROADSHEET_SMTP: 'smtp://news:password@smtp.sendgrid.net:587' }
  const zone = RIGHT.replace(/.*_domainkey.*\n/, '')
  expect(await alarmsOf({ settings: settings(''), env, zone })).toEqual([
    'dkim-signed warn: no key of SendGrid is at gazette.org under a usual name (s1, s2)',
  ])
})

test('a company whose servers are not in SPF', async () => {
  const env = { BROADSHEET_SMTP: 'smtp://news:password@smtp.gmail.com:587' }
  const google = '_spf.google.com TXT "v=spf1 ip4:35.190.247.0/24 ~all"\n'
  expect(await alarmsOf({ env, zone: RIGHT + google })).toEqual([
    'spf-permits fail: Google Workspace may not send for gazette.org',
  ])
})

test('a letter for whose From nothing speaks', async () => {
  const other = 'dkim: { domain: elsewhere.net, selector: s1 }'
  const more = 's1._domainkey.elsewhere.net TXT "{ours}"\n_dmarc.elsewhere.net TXT "v=DMARC1; p=none"\n'
  const bounces = settings(other).replace('bounces@gazette.org', 'bounces@elsewhere.net')
  const examined = await found([dmarc], facts({ settings: bounces, zone: RIGHT + more }))
  expect(alarms(examined)).toEqual([
    'dmarc-alignment fail: letters from gazette.org are signed as elsewhere.net, and come from elsewhere.net: nothing speaks for gazette.org',
  ])
  // A company signs by itself, besides.
  const env = { BROADSHEET_SMTP: 'smtp://news:password@email-smtp.eu-west-1.amazonaws.com:587' }
  expect(alarms(await found([dmarc], facts({ settings: bounces, zone: RIGHT + more, env })))).toEqual([])
  // With SPF of the domain in From it is enough.
  expect(alarms(await found([dmarc], facts({ settings: settings(other), zone: RIGHT + more })))).toEqual([])
  // And where nothing is asked of receivers, it is refused by nobody for that.
  const lax = (RIGHT + more).replace('p=reject', 'p=none')
  expect(alarms(await found([dmarc], facts({ settings: bounces, zone: lax })))).toEqual([
    expect.stringContaining('dmarc-alignment warn'),
  ])
})

test('a strict policy takes only the domain itself', async () => {
  const mail = 'dkim: { domain: mail.gazette.org, selector: s1 }'
  const more =
    's1._domainkey.mail.gazette.org TXT "{ours}"\nmail.gazette.org MX 10 mx.gazette.org\nmail.gazette.org TXT "v=spf1 a:out.gazette.org -all"\n'
  const from = settings(mail).replace('bounces@gazette.org', 'bounces@mail.gazette.org')
  expect(alarms(await found([dmarc], facts({ settings: from, zone: RIGHT + more })))).toEqual([])
  const strict = (RIGHT + more).replace('p=reject', 'p=reject; adkim=s; aspf=s')
  expect(alarms(await found([dmarc], facts({ settings: from, zone: strict })))).toEqual([
    expect.stringContaining('dmarc-alignment fail'),
  ])
})

test('a return address elsewhere: that of From is for people', async () => {
  const bounces = settings().replace('bounces@gazette.org', 'bounces@mail.gazette.org')
  const more = 'mail.gazette.org MX 10 mx.gazette.org\nmail.gazette.org TXT "v=spf1 a:out.gazette.org -all"\n'
  const away = zone('MX 10 mx.gazette.org', 'MX 0 .') + more
  expect(alarms(await found([returning], facts({ settings: bounces, zone: away })))).toEqual([
    'from-domain warn: gazette.org says that it takes no mail (null MX)',
  ])
  const gone = RIGHT
  expect(alarms(await found([returning], facts({ settings: bounces, zone: gone })))).toEqual([
    'bounce-domain fail: mail.gazette.org is not in DNS, or takes no mail',
  ])
})

test('records that never end', async () => {
  const loop = spfRecord('v=spf1 include:gazette.org include:a.gazette.org ~all')
  const around =
    'a.gazette.org TXT "v=spf1 include:b.gazette.org include:b.gazette.org -all"\nb.gazette.org TXT "v=spf1 include:a.gazette.org redirect=a.gazette.org"\n'
  const examined = await found([spf], facts({ zone: loop + around }))
  const { says } = examined.find(({ name }) => name === 'spf-lookups')!
  expect(says).toMatch(/^\d+ look-ups, and 10 are allowed: gazette\.org → gazette\.org/)
  const many = spfRecord(`v=spf1 ${includes(200)} -all`) + included(200)
  expect(alarms(await found([spf], facts({ zone: many })))).toEqual([
    expect.stringMatching(/^spf-lookups fail: \d\d look-ups/),
    expect.stringContaining('spf-permits warn'),
  ])
})

test('an answer that goes nowhere', async () => {
  const more = ', reply_to: desk@gone.net'
  expect(await alarmsOf({ settings: settings(undefined, more) })).toEqual([
    'reply-domain fail: gone.net is not in DNS, or takes no mail',
  ])
})

test('a logo and a policy that are not there, or not as they should be', async () => {
  expect(await alarmsOf({ web: {} })).toEqual([
    'bimi-logo warn: nobody answers at gazette.org',
    expect.stringContaining('mta-sts warn'),
  ])
  const web = {
    'https://gazette.org/logo.svg': { text: '<svg><title>x</title></svg>' },
    'https://mta-sts.gazette.org/.well-known/mta-sts.txt': { text: 'mode: enforce\n' },
  }
  expect(await alarmsOf({ web })).toEqual([
    expect.stringContaining('bimi-logo fail: the logo is not SVG Tiny PS'),
    expect.stringContaining('mta-sts fail'),
  ])
})

test('a name for examples is pointed out, and not asked for', async () => {
  const examined = await found(
    [returning, spf],
    facts({ settings: settings('').replaceAll('gazette.org', 'gazette.example') }),
  )
  expect(alarms(examined)).toEqual([
    'from-domain warn: gazette.example is a name for examples: nobody can answer',
  ])
})
