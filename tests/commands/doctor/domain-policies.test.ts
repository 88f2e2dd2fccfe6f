// The walk up the tree: whose policy is found, and what belongs together (RFC 9989 §4.10 and its examples); and records in error.

import { expect, test } from 'vitest'
import { dmarc } from '../../../src/commands/doctor/dmarc-checks.ts'
import { findPolicy, isAligned, namesAbove } from '../../../src/commands/doctor/domain-policies.ts'
import { type NameServer, openNameServer } from '../../../src/commands/doctor/network.ts'
import { aNameServer } from './a-name-server.ts'
import { found } from './a-setup.ts'

async function withZone<T>(zone: string, work: (dns: NameServer) => Promise<T>): Promise<T> {
  const server = await aNameServer(zone)
  const dns = openNameServer([server.address])
  try {
    return await work(dns)
  } finally {
    dns.close()
    await server.close()
  }
}

test('at most eight names are asked for', () => {
  expect(namesAbove('mail.example.com')).toEqual(['mail.example.com', 'example.com', 'com'])
  const long = namesAbove('a.b.c.d.e.f.g.h.i.j.mail.example.com')
  expect(long).toEqual([
    'a.b.c.d.e.f.g.h.i.j.mail.example.com',
    'g.h.i.j.mail.example.com',
    'h.i.j.mail.example.com',
    'i.j.mail.example.com',
    'j.mail.example.com',
    'mail.example.com',
    'example.com',
    'com',
  ])
})

const CASES: readonly (readonly [
  name: string,
  zone: string,
  domain: string,
  organisation: string,
  requested: string,
  of: string | undefined,
])[] = [
  ['its own', '_dmarc.a.org TXT "v=DMARC1; p=reject"', 'a.org', 'a.org', 'reject', 'a.org'],
  ['nothing', 'x.org A 192.0.2.1', 'a.org', 'a.org', 'none', undefined],
  [
    'from above, by sp',
    '_dmarc.a.org TXT "v=DMARC1; p=none; sp=quarantine"\nm.a.org A 192.0.2.1',
    'm.a.org',
    'a.org',
    'quarantine',
    'a.org',
  ],
  [
    'from above, by np for a name that is not there',
    '_dmarc.a.org TXT "v=DMARC1; p=none; sp=quarantine; np=reject"',
    'm.a.org',
    'a.org',
    'reject',
    'a.org',
  ],
  [
    'from above, without sp',
    '_dmarc.a.org TXT "v=DMARC1; p=reject"\nm.a.org A 192.0.2.1',
    'm.a.org',
    'a.org',
    'reject',
    'a.org',
  ],
  [
    'one step less on trial',
    '_dmarc.a.org TXT "v=DMARC1; p=reject; t=y"',
    'a.org',
    'a.org',
    'quarantine',
    'a.org',
  ],
  ['nothing on trial', '_dmarc.a.org TXT "v=DMARC1; p=quarantine; t=y"', 'a.org', 'a.org', 'none', 'a.org'],
  [
    'the topmost is the organisation',
    '_dmarc.m.a.org TXT "v=DMARC1; p=none"\n_dmarc.a.org TXT "v=DMARC1; p=reject"',
    'm.a.org',
    'a.org',
    'none',
    'm.a.org',
  ],
  [
    'psd=n ends the walk',
    '_dmarc.m.a.org TXT "v=DMARC1; p=none; psd=n"\n_dmarc.a.org TXT "v=DMARC1; p=reject"',
    'x.m.a.org',
    'm.a.org',
    'none',
    'm.a.org',
  ],
  [
    'psd=y: the one below is the organisation',
    '_dmarc.bank TXT "v=DMARC1; p=reject; psd=y"\na.bank A 192.0.2.1',
    'a.bank',
    'a.bank',
    'reject',
    'bank',
  ],
  [
    'psd=y, from further below',
    '_dmarc.co.bank TXT "v=DMARC1; p=quarantine; psd=y"\nm.a.co.bank A 192.0.2.1',
    'm.a.co.bank',
    'a.co.bank',
    'quarantine',
    'co.bank',
  ],
  [
    'two records are none',
    '_dmarc.a.org TXT "v=DMARC1; p=reject"\n_dmarc.a.org TXT "v=DMARC1; p=none"',
    'a.org',
    'a.org',
    'none',
    undefined,
  ],
  ['another version is none', '_dmarc.a.org TXT "v=DMARC2; p=reject"', 'a.org', 'a.org', 'none', undefined],
  ['the version must be first', '_dmarc.a.org TXT "p=reject; v=DMARC1"', 'a.org', 'a.org', 'none', undefined],
  [
    'white space is allowed',
    '_dmarc.a.org TXT "v = DMARC1 ; p = reject"',
    'a.org',
    'a.org',
    'reject',
    'a.org',
  ],
]

test.each(CASES)('%s', async (_, zone, domain, organisation, requested, of) => {
  const policy = await withZone(zone, dns => findPolicy(domain, dns))
  expect([policy.organisation, policy.requested, policy.record?.domain]).toEqual([
    organisation,
    requested,
    of,
  ])
})

test('domains are aligned when they are of one organisation, or the same where that is asked for', async () => {
  const zone = '_dmarc.a.org TXT "v=DMARC1; p=reject"\n_dmarc.b.org TXT "v=DMARC1; p=reject"'
  await withZone(zone, async dns => {
    const policyOf = (domain: string) => findPolicy(domain, dns)
    const policy = await policyOf('news.a.org')
    const aligned = (domain: string, strict = false) => isAligned(domain, policy, strict, policyOf)
    expect(await aligned('mail.a.org')).toBe(true)
    expect(await aligned('a.org')).toBe(true)
    expect(await aligned('b.org')).toBe(false)
    expect(await aligned('a.org', true)).toBe(false)
    expect(await aligned('news.a.org', true)).toBe(true)
  })
})

const recordOf = async (record: string) =>
  (
    await found([dmarc], {
      settings:
        'newsletters: [{ id: weekly, title: W, every: week, on: friday, from: W <news@a.org> }]\nmail: { dkim: { domain: a.org, selector: s1 } }\n',
      zone: `_dmarc.a.org TXT "${record}"\n`,
    })
  ).filter(({ result }) => result === 'fail' || result === 'warn')

test.each([
  ['v=DMARC1 p=reject', 'dmarc-record', 'the record at _dmarc.a.org counts as none'],
  ['v=dmarc1; p=reject', 'dmarc-record', 'the record at _dmarc.a.org counts as none'],
  ['v=DMARC1; p=reject; rua=d@a.org', 'dmarc-valid', 'rua=d@a.org at _dmarc.a.org is no address of reports'],
  [
    'v=DMARC1; p=reject; rua=mailto:d@a.org; mailto:e@a.org',
    'dmarc-valid',
    '“mailto:e@a.org” at _dmarc.a.org is no tag',
  ],
])('a record in error: %s', async (record, name, says) => {
  expect(await recordOf(record)).toEqual([
    expect.objectContaining({ name, result: 'fail', says: expect.stringContaining(says) }),
  ])
})

test('a record that counts as none is repaired', async () => {
  const [problem] = await recordOf('v=DMARC1 p=reject; adkim=s')
  expect(problem!.remedy?.copy).toBe('"v=DMARC1; p=reject; adkim=s"')
})
