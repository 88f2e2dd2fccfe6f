// Set-ups as providers' own guides describe them, each recorded as a zone: no false alarm on any.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dkim } from '../../../src/commands/doctor/dkim-checks.ts'
import { bimi, dmarc } from '../../../src/commands/doctor/dmarc-checks.ts'
import { returning } from '../../../src/commands/doctor/return-checks.ts'
import { spf } from '../../../src/commands/doctor/spf-checks.ts'
import { alarms, found, type SetupFacts } from './a-setup.ts'

const folder = new URL('zones/', import.meta.url)
const zones = readdirSync(folder).map(
  name => [name.replace('.zone', ''), readFileSync(new URL(name, folder), 'utf8')] as const,
)

const LOGO =
  '<svg version="1.2" baseProfile="tiny-ps" viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"><title>Die Zeitung</title><path d="M0 0h1v1H0z"/></svg>'

const web: NonNullable<SetupFacts['web']> = {
  'https://mta-sts.bounces.gazette-fourteen.co.uk/.well-known/mta-sts.txt': {
    text: 'version: STSv1\r\nmode: enforce\r\nmx: *.gazette-fourteen.co.uk\r\nmax_age: 604800\r\n',
  },
  'https://xn--zeitung-fr-tests-rzb.de/logo.svg': {
    text: LOGO,
    headers: { 'content-type': 'image/svg+xml' },
  },
}

/** The comments on top of a zone → settings and environment. */
function factsOf(zone: string): SetupFacts {
  const said = (name: string) => new RegExp(`^; ${name}: (.*)$`, 'm').exec(zone)?.[1]
  const [domain, selector, second] = said('dkim')?.split(' ') ?? []
  const ed25519 = second ? `, ed25519: { selector: ${second} }` : ''
  const mail = [
    ...(said('bounces') ? [`bounces: ${said('bounces')}`] : []),
    ...(domain ? [`dkim: { domain: ${domain}, selector: ${selector}${ed25519} }`] : []),
  ]
  const settings = `newsletters: [{ id: weekly, title: The Weekly, every: week, on: friday, from: '${said('from')}' }]
mail: { ${mail.join(', ')} }
`
  return { settings, zone, web, env: { BROADSHEET_SMTP: `smtp://news:password@${said('smtp')}:587` } }
}

test('there are twenty at least', () => {
  expect(zones.length).toBeGreaterThanOrEqual(20)
})

test.each(zones)('%s: no alarm', async (_, zone) => {
  const examined = await found([spf, dkim, dmarc, bimi, returning], factsOf(zone))
  expect(alarms(examined)).toEqual([])
  const right = examined.filter(({ result }) => result === 'pass').map(({ name }) => name)
  // Where a server on this machine sends from is not seen.
  const seen = /^; smtp: localhost$/m.test(zone) ? [] : ['spf-permits']
  expect(right).toEqual(expect.arrayContaining([...seen, 'dmarc-record', 'dmarc-valid', 'from-domain']))
})
