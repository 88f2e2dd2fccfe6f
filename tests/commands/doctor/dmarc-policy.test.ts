// The walk up the tree: whose policy is found, and what belongs together (RFC 9989 §4.10 and its examples).

import { expect, test } from 'vitest'
import { findPolicy, isAligned, namesAbove } from '../../../src/commands/doctor/dmarc-policy.ts'
import { type NameServer, openNameServer } from '../../../src/commands/doctor/network.ts'
import { aNameServer } from './a-name-server.ts'

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
  wish: string,
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

test.each(CASES)('%s', async (_, zone, domain, organisation, wish, of) => {
  const policy = await withZone(zone, dns => findPolicy(domain, dns))
  expect([policy.organisation, policy.wish, policy.record?.domain]).toEqual([organisation, wish, of])
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
