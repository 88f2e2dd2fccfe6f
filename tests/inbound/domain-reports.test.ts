// DMARC and TLS reports as receivers mail them: packed in several ways, in two versions, broken, and made to be a burden.

import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReport } from '../../src/inbound/read-report.ts'
import { aZip } from '../a-zip.ts'
import { busyTime } from '../busy-time.ts'
import { SECRET } from '../serve/a-service.ts'

const zipOf = (files: Readonly<Record<string, string | Uint8Array>>) =>
  aZip(Object.entries(files).map(([name, data]) => ({ name, data: Buffer.from(data), isDeflated: true })))

interface Attachment {
  readonly type: string
  readonly bytes: Uint8Array | string
  readonly name?: string
}

function aMailWith(
  { type, bytes, name }: Attachment,
  fields = 'Subject: Report Domain: meridian.example',
): Buffer {
  const packed = Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n')
  const file = name === undefined ? '' : `; name="${name}"`
  return Buffer.from(`From: reports@receiver.example\r
To: bounces@meridian.example\r
${fields}\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
This is a report.\r
--b\r
Content-Type: ${type}${file}\r
Content-Transfer-Encoding: base64\r
\r
${packed}\r
--b--\r
`)
}

const NOW = Date.UTC(2026, 10, 29)
const read = (mail: Uint8Array) => readReport(SECRET, { bytes: mail, now: NOW })

interface Row {
  readonly ip: string
  readonly count: number | string
  readonly dkim?: string
  readonly spf?: string
  readonly disposition?: string
  readonly reason?: string
}

const record = ({ ip, count, dkim = 'pass', spf = 'pass', disposition = 'none', reason }: Row) => `
<record><row><source_ip>${ip}</source_ip><count>${count}</count>
<policy_evaluated><disposition>${disposition}</disposition><dkim>${dkim}</dkim><spf>${spf}</spf>${
  reason ? `<reason><type>${reason}</type><comment>x &amp; y</comment></reason>` : ''
}</policy_evaluated></row>
<identifiers><header_from>meridian.example</header_from></identifiers>
<auth_results><dkim><domain>meridian.example</domain><result>${dkim}</result></dkim><spf><domain>meridian.example</domain><result>${spf}</result></spf></auth_results></record>`

const ROWS: readonly Row[] = [
  { ip: '192.0.2.1', count: 100 },
  { ip: '192.0.2.2', count: 20, dkim: 'fail' },
  { ip: '192.0.2.3', count: 5, spf: 'fail' },
  { ip: '198.51.100.1', count: 7, dkim: 'fail', spf: 'fail', disposition: 'reject' },
  { ip: '198.51.100.1', count: 2, dkim: 'fail', spf: 'fail', disposition: 'reject' },
  { ip: '203.0.113.1', count: 1, dkim: 'fail', spf: 'fail', reason: 'forwarded' },
]

/** RFC 7489 appendix C */
const dmarc = (rows = ROWS, changed: (xml: string) => string = xml => xml) =>
  changed(`<?xml version="1.0" encoding="UTF-8" ?>
<feedback><version>1.0</version>
<report_metadata><org_name>receiver.example</org_name><email>d@receiver.example</email>
<report_id>2026.330</report_id><date_range><begin>1795651200</begin><end>1795737599</end></date_range></report_metadata>
<policy_published><domain>Meridian.example</domain><adkim>r</adkim><aspf>r</aspf><p>reject</p><sp>reject</sp><pct>100</pct></policy_published>
${rows.map(record).join('')}
</feedback>`)

/** RFC 9990: a namespace, here with a prefix, and elements that are new. */
const dmarc2 = () =>
  dmarc(ROWS, xml =>
    xml
      .replace(/<(\/?)([a-z_]+)>/g, '<$1d:$2>')
      .replace('<d:feedback>', '<d:feedback xmlns:d="urn:ietf:params:xml:ns:dmarc-2.0">')
      .replace('<d:pct>100</d:pct>', '<d:np>reject</d:np><d:discovery_method>treewalk</d:discovery_method>')
      .replace('<d:disposition>none', '<d:disposition>pass'),
  )

const SUMMED = {
  kind: 'dmarc',
  reporter: 'receiver.example',
  id: '2026.330',
  domain: 'meridian.example',
  from: Date.UTC(2026, 10, 26),
  until: Date.UTC(2026, 10, 26, 23, 59, 59),
  passed: 125,
  failed: 10,
  failures: [
    { source: '198.51.100.1', why: 'reject', count: 9 },
    { source: '203.0.113.1', why: 'none (forwarded)', count: 1 },
  ],
}

test.each([
  ['gzip', { type: 'application/gzip', bytes: gzipSync(dmarc()) }],
  ['zip', { type: 'application/zip', bytes: zipOf({ 'r!meridian.example!1!2.xml': dmarc() }) }],
  [
    'zip of a Mac',
    { type: 'application/x-zip-compressed', bytes: zipOf({ '__MACOSX/r': '', 'r.xml': dmarc() }) },
  ],
  ['a type that says nothing', { type: 'application/octet-stream', bytes: gzipSync(dmarc()) }],
  ['unpacked', { type: 'text/xml', bytes: dmarc() }],
  ['with a byte order mark', { type: 'application/xml', bytes: `\uFEFF${dmarc()}` }],
  ['RFC 9990', { type: 'application/gzip', bytes: gzipSync(dmarc2()) }],
])('a DMARC report is read and summed: %s', async (_, attachment) => {
  expect(await read(aMailWith(attachment))).toEqual({ kind: 'domain', report: SUMMED })
})

test('the report may be the whole mail, and its subject may say nothing', async () => {
  const mail = `From: r@receiver.example\r\nSubject: hello\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${gzipSync(dmarc()).toString('base64')}\r\n`
  expect(await read(Buffer.from(mail))).toMatchObject({ kind: 'domain', report: SUMMED })
})

const tls = (changed: object = {}) =>
  JSON.stringify({
    'organization-name': 'Receiver Ltd',
    'date-range': { 'start-datetime': '2026-11-26T00:00:00Z', 'end-datetime': '2026-11-26T23:59:59Z' },
    'contact-info': 'tls@receiver.example',
    'report-id': '2026-11-26T00:00:00Z_meridian.example',
    policies: [
      {
        policy: {
          'policy-type': 'sts',
          'policy-domain': 'meridian.example',
          'mx-host': ['mx.meridian.example'],
        },
        summary: { 'total-successful-session-count': 5326, 'total-failure-session-count': 303 },
        'failure-details': [
          {
            'result-type': 'certificate-expired',
            'receiving-mx-hostname': 'mx1.meridian.example',
            'failed-session-count': 100,
          },
          {
            'result-type': 'starttls-not-supported',
            'receiving-ip': '192.0.2.9',
            'failed-session-count': 200,
          },
        ],
      },
    ],
    ...changed,
  })

test('a TLS report is read and summed, and what names no reason is counted too', async () => {
  const fields =
    'Subject: Report Domain: meridian.example Submitter: receiver.example\r\nTLS-Report-Domain: meridian.example'
  const mail = aMailWith({ type: 'application/tlsrpt+gzip', bytes: gzipSync(tls()) }, fields)
  expect(await read(mail)).toEqual({
    kind: 'domain',
    report: {
      kind: 'tls',
      reporter: 'Receiver Ltd',
      id: '2026-11-26T00:00:00Z_meridian.example',
      domain: 'meridian.example',
      from: Date.UTC(2026, 10, 26),
      until: Date.UTC(2026, 10, 26, 23, 59, 59),
      passed: 5326,
      failed: 303,
      failures: [
        { source: '192.0.2.9', why: 'starttls-not-supported', count: 200 },
        { source: 'mx1.meridian.example', why: 'certificate-expired', count: 100 },
        { source: 'meridian.example', why: 'no reason given', count: 3 },
      ],
    },
  })
  const plain = aMailWith({ type: 'application/tlsrpt+json', bytes: tls({ policies: [] }) }, fields)
  expect(await read(plain)).toMatchObject({
    kind: 'unknown',
    why: 'a TLS report: "" is not the name of a domain',
  })
})

const gz = (text: string) => ({ type: 'application/gzip', bytes: gzipSync(text) })

test.each([
  ['no time', gz(dmarc(ROWS, xml => xml.replace('1795651200', 'yesterday'))), /<begin> is "yesterday"/],
  [
    'no number',
    gz(dmarc(ROWS, xml => xml.replace(/<report_id>.*<\/report_id>/, ''))),
    /no <report_metadata><report_id>/,
  ],
  [
    'a count that is none',
    gz(dmarc([{ ip: '192.0.2.1', count: '-5' }])),
    /line \d+: a record's <count> is "-5"/,
  ],
  [
    'a time to come',
    gz(dmarc(ROWS, xml => xml.replace('1795737599', '19795737599'))),
    /its time is not past/,
  ],
  [
    'an end before its beginning',
    gz(dmarc(ROWS, xml => xml.replace('1795737599', '1795651199'))),
    /its time is not past/,
  ],
  ['half of it', gz(dmarc().slice(0, 900)), /a DMARC report: line \d+: /],
  [
    'more than anybody is sent',
    gz(
      dmarc([
        { ip: '192.0.2.1', count: 9e11 },
        { ip: '192.0.2.1', count: 9e11 },
      ]),
    ),
    /counts more than/,
  ],
  [
    'half of the gzip',
    { type: 'application/gzip', bytes: gzipSync(dmarc()).subarray(0, 200) },
    /unexpected end of file/,
  ],
  [
    'a broken zip',
    { type: 'application/zip', bytes: zipOf({ 'a.xml': dmarc() }).subarray(0, 300) },
    /archive is broken/,
  ],
  ['an empty zip', { type: 'application/zip', bytes: zipOf({ 'a/': '' }) }, /archive contains no file/],
  [
    'an entity of its own',
    gz(dmarc(ROWS, xml => xml.replace('?>', '?><!DOCTYPE f [<!ENTITY a "b">]>').replace('2026.330', '&a;'))),
    /undefined entity/,
  ],
  ['nothing at all', { type: 'text/plain', bytes: 'see you' }, /no report is attached/],
  [
    'a count of TLS',
    { type: 'application/tlsrpt+json', bytes: tls().replace('5326', '"many"') },
    /total-successful-session-count is "many"/,
  ],
  [
    'broken JSON',
    { type: 'application/tlsrpt+json', bytes: tls().slice(0, -3) },
    /a TLS report: its JSON is broken/,
  ],
])('one that cannot be used is named: %s', async (_, attachment, why) => {
  expect(await read(aMailWith(attachment))).toEqual({
    kind: 'unknown',
    why: expect.stringMatching(why),
    leaving: false,
  })
})

test('a broken one is known by the name of its file as well; a picture book in a zip is not', async () => {
  const bytes = gzipSync(dmarc()).subarray(0, 100)
  const name = 'receiver.example!meridian.example!1795651200!1795737599.xml.gz'
  expect(await read(aMailWith({ type: 'application/gzip', bytes, name }, 'Subject: x'))).toMatchObject({
    why: expect.stringContaining('a DMARC report: it cannot be unpacked'),
  })
  const zip = zipOf({ 'book.txt': 'pictures', 'a.xml': '<svg/>' })
  expect(await read(aMailWith({ type: 'application/zip', bytes: zip }, 'Subject: x'))).toMatchObject({
    why: 'no report, no request to unsubscribe',
  })
})

test('a bomb is refused at once, in either packing', async () => {
  const spaces = Buffer.alloc(60 * 1024 * 1024, ' ')
  const gzip = gzipSync(Buffer.concat([Buffer.from('<feedback>'), spaces]))
  const inner = Buffer.concat([Buffer.from('<feedback>'), spaces])
  const zip = zipOf({ 'r.xml': inner })
  const took = await busyTime(async () => {
    for (const [type, bytes] of [
      ['application/gzip', gzip],
      ['application/zip', zip],
    ] as const) {
      expect(await read(aMailWith({ type, bytes }))).toMatchObject({
        kind: 'unknown',
        why: expect.stringMatching(/unpacks to more than (?:32 MB|200 times)/),
      })
    }
  })
  expect(took).toBeLessThan(1500)
})

test('of many attachments only the first are unpacked, of many elements only those that count are kept', async () => {
  const spaces = gzipSync(Buffer.concat([Buffer.from('{'), Buffer.alloc(900_000, ' ')]))
  const part = `--b\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${spaces.toString('base64')}\r\n`
  const mail = Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(150)}--b--\r\n`)
  expect(await busyTime(() => read(mail))).toBeLessThan(1000)
  const names = Array.from({ length: 100_000 }, (_, i) => `<x><n${i}>1</n${i}></x>`).join('')
  const found = await read(
    aMailWith(gz(dmarc(ROWS, xml => xml.replace('</feedback>', `${names}</feedback>`)))),
  )
  expect(found).toMatchObject({ kind: 'domain', report: SUMMED })
})

test('many sources are summed in groups, and nothing is lost', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    ip: `2001:db8::${i.toString(16)}`,
    count: i + 1,
    dkim: 'fail',
    spf: 'fail',
  }))
  const found = await read(aMailWith(gz(dmarc(rows))))
  if (found.kind !== 'domain') throw new Error(found.kind)
  const { failed, failures } = found.report
  expect(failed).toBe((3000 * 3001) / 2)
  expect(failures).toHaveLength(101)
  expect(failures.at(-1)).toMatchObject({ source: 'others' })
  expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(failed)
})

test('no bytes in its place make it throw, or a report that is not whole', async () => {
  const xml = Buffer.from(dmarc())
  await fc.assert(
    fc.asyncProperty(
      fc.nat(xml.length - 1),
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom('xml', 'gzip', 'zip'),
      async (at, bytes, packing) => {
        const packed = packing === 'gzip' ? gzipSync(xml) : packing === 'zip' ? zipOf({ 'r.xml': xml }) : xml
        const broken = Buffer.from(packed)
        broken.set(bytes.subarray(0, Math.max(1, broken.length - (at % broken.length))), at % broken.length)
        const found = await read(aMailWith({ type: 'application/octet-stream', bytes: broken }))
        if (found.kind !== 'domain') {
          expect(found.kind).toBe('unknown')
          return
        }
        const { passed, failed, failures, domain, id } = found.report
        expect(passed + failed).toBeGreaterThanOrEqual(0)
        expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(failed)
        expect(`${domain}${id}`).not.toMatch(/[\p{Cc}]/u)
      },
    ),
    { numRuns: 100 },
  )
})
