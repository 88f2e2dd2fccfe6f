// The zone of a domain whose mail is right in everything, and what doctor says of it once something in it is changed.

import { expect } from 'vitest'
import { dkim } from '../../../src/commands/doctor/dkim-checks.ts'
import { bimi, dmarc } from '../../../src/commands/doctor/dmarc-checks.ts'
import { returning } from '../../../src/commands/doctor/return-checks.ts'
import { spf } from '../../../src/commands/doctor/spf-checks.ts'
import { alarms, found, type SetupFacts } from './a-setup.ts'

export const RIGHT = `gazette.org MX 10 mx.gazette.org
gazette.org TXT "v=spf1 mx a:out.gazette.org ~all"
mx.gazette.org A 198.51.100.1
out.gazette.org A 198.51.100.2
s1._domainkey.gazette.org TXT "{ours}"
_dmarc.gazette.org TXT "v=DMARC1; p=reject; rua=mailto:dmarc@gazette.org"
default._bimi.gazette.org TXT "v=BIMI1; l=https://gazette.org/logo.svg"
_mta-sts.gazette.org TXT "v=STSv1; id=1;"
_smtp._tls.gazette.org TXT "v=TLSRPTv1; rua=mailto:tls@gazette.org"
`

const LOGO = '<svg version="1.2" baseProfile="tiny-ps"><title>The Gazette</title></svg>'
const POLICY = 'version: STSv1\nmode: enforce\nmx: mx.gazette.org\nmax_age: 86400\n'

export const settings = (mail = 'dkim: { domain: gazette.org, selector: s1 }', more = '') =>
  `service: https://letters.gazette.org/
newsletters: [{ id: weekly, title: The Weekly, every: week, on: friday, from: The Gazette <news@gazette.org>${more} }]
mail: { bounces: bounces@gazette.org${mail ? `, ${mail}` : ''} }
`

export const facts = (changes: Partial<SetupFacts> = {}): SetupFacts => ({
  settings: settings(),
  zone: RIGHT,
  env: { BROADSHEET_SMTP: 'smtp://news:password@out.gazette.org:587' },
  web: {
    'https://gazette.org/logo.svg': { text: LOGO },
    'https://mta-sts.gazette.org/.well-known/mta-sts.txt': { text: POLICY },
  },
  ...changes,
})

export const alarmsOf = async (changes?: Partial<SetupFacts>) =>
  alarms(await found([spf, dkim, dmarc, bimi, returning], facts(changes)))

/** The right zone with one line in place of another. */
export const zone = (before: string | RegExp, after: string) => {
  const changed = RIGHT.replace(before, after)
  expect(changed).not.toBe(RIGHT)
  return changed
}
export const spfRecord = (record: string) => zone(/"v=spf1 .*"/, `"${record}"`)
export const dmarcRecord = (record: string) => zone(/"v=DMARC1.*"/, `"${record}"`)
