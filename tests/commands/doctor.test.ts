// `doctor` as a person and a machine see it, with DNS, mail server, service and mailbox on loopback; what stops a `send`; and the
// test message from the letter to the mailbox.

import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readToken } from '../../src/base/index.ts'
import { authResults, sendToBounces } from '../../src/commands/doctor/test-message.ts'
import { openPublication } from '../../src/content/index.ts'
import { openSending, recordFor } from '../../src/deliver/index.ts'
import { listen } from '../../src/serve/listen.ts'
import { aFolder } from '../a-folder.ts'
import { aRun, type RunOptions } from '../a-run.ts'
import { aSmtpServer, type Script, type SmtpServer } from '../a-smtp-server.ts'
import { anImapServer } from './an-imap-server.ts'
import { type ANameServer, aNameServer } from './doctor/a-name-server.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const KEY = recordFor({ algorithm: 'rsa-sha256', selector: 's1', key: privateKey })

const SECRET = 'a-secret-that-only-tests-know'

const ZONE = `gazette-in-tests.org MX 10 mx.gazette-in-tests.org
gazette-in-tests.org TXT "v=spf1 mx -all"
mx.gazette-in-tests.org A 198.51.100.1
s1._domainkey.gazette-in-tests.org TXT "${KEY}"
_dmarc.gazette-in-tests.org TXT "v=DMARC1; p=reject; rua=mailto:dmarc@gazette-in-tests.org"
`

/** What answers there, changed from test to test. */
let answer: (request: Request) => Response
const right = (request: Request): Response => {
  const { pathname } = new URL(request.url)
  const headers = {
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
    'x-content-type-options': 'nosniff',
  }
  if (pathname === '/health') return Response.json({ status: 'ok' })
  if (pathname.startsWith('/u/') && request.method === 'GET')
    return new Response('<form method="post">', { headers })
  if (pathname.startsWith('/u/')) {
    const isSigned = readToken(SECRET, 'unsubscribe', pathname.slice(3)) !== undefined
    return new Response('left', { status: isSigned ? 200 : 404, headers })
  }
  return new Response('<html>', { headers })
}
let dns: ANameServer
let url: string
let stop: () => Promise<void>
let smtp: SmtpServer | undefined
beforeAll(async () => {
  dns = await aNameServer(ZONE)
  const listening = await listen(async request => answer(request), { host: '127.0.0.1', port: 0, grace: 0 })
  url = listening.url
  stop = listening.close
})
afterAll(() => Promise.all([dns.close(), stop(), smtp?.close()]))

const NOW = ['--now', '2026-02-06T08:00:00Z']

async function aGazette({
  zone = ZONE,
  script = {} as Script,
  settings = '',
  env = {} as Record<string, string>,
  from = 'news@gazette-in-tests.org',
} = {}) {
  dns.serve(zone)
  answer = right
  await smtp?.close()
  smtp = await aSmtpServer({ keep: true, ...script })
  const folder = aFolder({
    'articles/publication.yaml': `title: The Gazette
url: https://gazette.example/
address: 1 Main Street
service: ${url}
newsletters: [{ id: weekly, title: The Weekly, every: week, on: friday, from: The Gazette <${from}> }]
mail: { bounces: bounces@gazette-in-tests.org, dkim: { domain: gazette-in-tests.org, selector: s1 } }
${settings}`,
    'articles/bridge.md':
      '---\ntitle: A bridge at dawn\ndate: 2026-02-03T08:00:00Z\n---\n\nThe first train crossed it.\n',
  })
  const all = {
    BROADSHEET_SMTP: smtp.address,
    BROADSHEET_SECRET: SECRET,
    BROADSHEET_DKIM_KEY: PEM,
    ...env,
  }
  const run = (argv: readonly string[], options: RunOptions = {}) =>
    aRun(folder, [...argv, ...NOW], { env: all, nameServers: [dns.address], ...options })
  const send = async (...more: string[]) => {
    await run(['subscribers', 'add', 'anna@reader.example'])
    const ran = await run(['send', 'weekly', '--yes', ...more])
    return { ...ran, mails: smtp!.mails.get('anna@reader.example')?.dots ?? 0 }
  }
  return { folder, run, send, env: all }
}

test('what is wrong is shown with why, what to do and the record; what is right in a line', async () => {
  const { run } = await aGazette({ zone: ZONE.replace('v=spf1 mx -all', 'v=spf1 mx') })
  const ran = await run(['doctor'])
  expect(ran.stdout).toContain(`SPF
  ✓ ok: one record at gazette-in-tests.org · can be read · 1 of 10 look-ups ·
    none that finds nothing
  ! warning: nothing is said of everybody else
      What is said of everybody else is what keeps others from writing in your
      name.
      End the record at gazette-in-tests.org with ~all:
      "v=spf1 mx ~all"
`)
  // A service that is not https, and so no fields for one click.
  expect([ran.code, ran.stderr]).toEqual([1, ''])
  expect(ran.stdout).toMatch(
    /\n\d\d checks: \d+ ok, \d+ warnings, 2 errors, \d+ not checked \(--all says why\)\.\n$/,
  )
  const prose = ran.stdout.split('\n').filter(line => !/^ {6}\S/.test(line))
  expect(prose.filter(line => line.length > 80)).toEqual([])
  expect(ran.stdout).not.toContain('\u001b')
})

test('colour on a terminal, and none where it is not wanted', async () => {
  const { run } = await aGazette()
  expect((await run(['doctor'], { page: true })).stdout).toContain(
    '\u001b[32m✓\u001b[0m \u001b[32mok\u001b[0m: ',
  )
  const env = { NO_COLOR: '1' }
  expect((await run(['doctor'], { page: true, env })).stdout).not.toContain('\u001b')
})

test('--all has every check on a line of its own; --json the same for machines', async () => {
  const { run } = await aGazette()
  const { stdout } = await run(['doctor', '--all'])
  expect(stdout).toContain('  ✓ ok: dkim-key: s1._domainkey.gazette-in-tests.org is our key\n')
  expect(stdout).toContain('  – not checked: site-answers: gazette.example is a name for examples\n')
  const ran = await run(['doctor', '--json'])
  const { result, counts, checks } = ran.json()
  expect([result, counts.fail, ran.code]).toEqual(['fail', 2, 1])
  expect(checks.length).toBeGreaterThanOrEqual(60)
  expect(checks.find(({ name }: { name: string }) => name === 'service-set')).toEqual({
    name: 'service-set',
    group: 'Settings',
    result: 'fail',
    says: 'service is not an https address',
    why: expect.stringContaining('RFC 8058'),
    fatal: false,
    remedy: { text: expect.stringContaining('https'), copy: `service: ${url.replace('http:', 'https:')}` },
  })
})

test('nothing is written, and no secret is shown', async () => {
  const script = { login: { user: 'news', password: 'a-password' } }
  const { folder, run } = await aGazette({ script })
  const address = `smtp://news:a-password@127.0.0.1:${smtp!.port}`
  const env = {
    BROADSHEET_SMTP: address,
    BROADSHEET_SECRET: SECRET,
    BROADSHEET_DKIM_KEY: PEM,
  }
  const { stdout, stderr } = await run(['doctor', '--json'], { env })
  expect(stdout + stderr).not.toMatch(/a-password|a-secret|PRIVATE/)
  expect(stdout).toContain('the login is right')
  expect(() => readFileSync(join(folder, '.broadsheet/broadsheet.db'))).toThrow('ENOENT')
  expect(smtp!.mails.size).toBe(0)
})

test('a publication without a newsletter has feeds to look at, and no mail', async () => {
  const folder = aFolder()
  const { code, json } = await aRun(folder, ['doctor', '--json'], { nameServers: [dns.address] })
  expect([code, json().counts.fail]).toEqual([0, 0])
})

test('settings that cannot be read end it, as they end every command', async () => {
  const folder = aFolder({ 'articles/publication.yaml': 'title: T\nurl: nowhere\n' })
  const { code, stderr } = await aRun(folder, ['doctor'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('publication.yaml')])
})

test('a send goes out when nothing fatal is wrong', async () => {
  const { send } = await aGazette()
  const { code, mails, stderr } = await send()
  expect([code, mails, stderr.match(/warning/g)]).toEqual([0, 1, null])
})

const FATAL: readonly (readonly [
  name: string,
  zone: string,
  answer: ((request: Request) => Response) | undefined,
])[] = [
  ['from-domain', ZONE.replace('MX 10 mx.gazette-in-tests.org', 'MX 0 .'), undefined],
  [
    'one-click',
    ZONE,
    request => (request.method === 'POST' ? new Response('no', { status: 405 }) : right(request)),
  ],
]

test.each(FATAL)('%s stops a send, unless it is named', async (name, zone, changed) => {
  const { send } = await aGazette({ zone })
  if (changed) answer = changed
  const stopped = await send()
  expect([stopped.code, stopped.mails]).toEqual([2, 0])
  expect(stopped.stderr).toContain('Nothing was sent')
  expect(stopped.stderr).toContain(`${name}: `)
  expect(stopped.stderr).toContain(`--despite ${name}`)
  const sent = await send('--despite', name)
  expect([sent.code, sent.mails]).toEqual([0, 1])
  expect(sent.stderr).toContain(`warning: ${name}: `)
})

test('dmarc-alignment stops a send', async () => {
  const zone = `${ZONE}elsewhere-in-tests.net MX 10 mx.gazette-in-tests.org\n_dmarc.elsewhere-in-tests.net TXT "v=DMARC1; p=reject"\n`
  const { send } = await aGazette({ zone, from: 'news@elsewhere-in-tests.net' })
  const stopped = await send()
  expect([stopped.code, stopped.mails]).toEqual([2, 0])
  expect(stopped.stderr).toContain(
    'dmarc-alignment: letters from elsewhere-in-tests.net are signed as gazette-in-tests.org',
  )
})

test('dkim-key and the login stop a send, whatever is named', async () => {
  const { send } = await aGazette({ zone: ZONE.replace(/s1\._domainkey.*\n/, '') })
  const stopped = await send()
  expect([stopped.code, stopped.mails, stopped.stderr]).toEqual([
    2,
    0,
    expect.stringContaining('There is no DKIM key at s1._domainkey'),
  ])
  const unknown = await send('--despite', 'dkim-key')
  expect([unknown.code, unknown.mails]).toEqual([2, 0])
  const script = { login: { user: 'news', password: 'right' } }
  const { run } = await aGazette({ script })
  const env = {
    BROADSHEET_SMTP: `smtp://news:wrong@127.0.0.1:${smtp!.port}`,
    BROADSHEET_SECRET: SECRET,
    BROADSHEET_DKIM_KEY: PEM,
  }
  await run(['subscribers', 'add', 'anna@reader.example'])
  const refused = await run(['send', 'weekly', '--yes'], { env })
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('rejected the login of news')])
})

test('a check that stops nothing cannot be named', async () => {
  const { send } = await aGazette()
  const { code, stderr } = await send('--despite', 'spf-record')
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('--despite spf-record: no such check stops a send'),
  ])
})

test('DNS that does not answer stops no send', async () => {
  const { send } = await aGazette({
    zone: '*.gazette-in-tests.org SERVFAIL\ngazette-in-tests.org SERVFAIL\n',
  })
  const { code, mails } = await send()
  expect([code, mails]).toEqual([0, 1])
})

// ─── The test message ────────────────────────────────────────────────────────────────────────────────────────────────

const TO = 'bounces@gazette-in-tests.org'
const HEAD = `Authentication-Results: mx.gazette-in-tests.org (a (nested) comment; spf=fail);
 spf=pass (sender is authorised) smtp.mailfrom="bounces+x@gazette-in-tests.org";
 dkim=pass header.d=gazette-in-tests.org header.s=s1;
 dmarc=pass header.from=gazette-in-tests.org
`

/** A mailbox that has what the server was given, with these fields on top. */
async function aMailbox(head: string, change = (raw: string) => raw) {
  const imap = await anImapServer({
    user: 'b',
    password: 'p',
    get mails() {
      return (smtp?.mails.get(TO)?.raw ?? []).map(raw => head.replace(/\n/g, '\r\n') + change(raw))
    },
  })
  return { imap, env: { BROADSHEET_IMAP: `imap://b:p@127.0.0.1:${imap.port}/INBOX` } }
}

test('--send-test: the letter arrives, and what its receiver found is explained', async () => {
  const { imap, env } = await aMailbox(HEAD)
  try {
    const { run } = await aGazette({ env })
    const { stdout, stderr } = await run(['doctor', '--send-test'])
    expect(stderr).toContain(`A test is on its way to ${TO}`)
    expect(stdout.slice(stdout.indexOf('Test message'))).toEqual(
      expect.stringMatching(
        /^Test message\n {2}✓ ok: sent to bounces@gazette-in-tests\.org · arrived within \d+ s · SPF: pass\n {4}for gazette-in-tests\.org · DKIM: pass for gazette-in-tests\.org · DMARC: pass\n {4}for gazette-in-tests\.org · arrived as it was signed\n/,
      ),
    )
    // `bounces` leaves it alone.
    expect(imap.seen()).toEqual([true])
    expect(smtp!.mails.get(TO)!.raw[0]).toContain('X-Broadsheet-Test: yes')
  } finally {
    await imap.close()
  }
})

test('--send-test: what failed on the way, and what was changed', async () => {
  const failed = HEAD.replace('spf=pass', 'spf=softfail')
    .replace('dkim=pass', 'dkim=fail')
    .replace('dmarc=pass', 'dmarc=fail')
  const { imap, env } = await aMailbox(failed, raw => raw.replace(/^Subject: /m, 'Subject: [List] '))
  try {
    const { run } = await aGazette({ env })
    const { checks } = (await run(['doctor', '--send-test', '--json'])).json()
    const results = checks
      .filter(({ group }: { group: string }) => group === 'Test message')
      .map(({ name, result }: Record<string, string>) => `${name} ${result}`)
    expect(results).toEqual([
      'test-sent pass',
      'test-arrived pass',
      'test-spf fail',
      'test-dkim fail',
      'test-dmarc fail',
      'test-intact fail',
    ])
  } finally {
    await imap.close()
  }
})

test('--send-test without a mailbox to look into, without one to send to, and refused', async () => {
  const { run } = await aGazette()
  const { checks } = (await run(['doctor', '--send-test', '--json'])).json()
  expect(checks.slice(-2).map(({ name, result }: Record<string, string>) => `${name} ${result}`)).toEqual([
    'test-sent pass',
    'test-arrived skip',
  ])
  const refused = await aGazette({
    script: { fault: ({ phase }) => (phase === 'RCPT' ? '550 5.1.1 no such user' : undefined) },
  })
  const { stdout } = await refused.run(['doctor', '--send-test'])
  expect(stdout).toContain('✗ error: the server did not take it: 550 5.1.1 no such user')
  const nowhere = aFolder({
    'articles/publication.yaml':
      'title: T\nurl: https://gazette.example/\nnewsletters: [{ id: w, title: W, every: week, on: friday, from: W <w@gazette.example> }]\n',
  })
  const env = { BROADSHEET_SMTP: smtp!.address, BROADSHEET_SECRET: SECRET }
  const none = await aRun(nowhere, ['doctor', '--send-test'], { env })
  expect([none.code, none.stdout]).toEqual([1, expect.stringContaining('mail.bounces is not set')])
})

test('--send-test: a letter that does not arrive, and a mailbox that is lost', async () => {
  for (const [fault, said] of [
    [false, `test-arrived fail: it has not arrived at ${TO}`],
    [true, 'test-arrived warn: the mailbox was lost: '],
  ] as const) {
    const imap = await anImapServer({ user: 'b', password: 'p', mails: [] })
    const { folder, env } = await aGazette({
      env: { BROADSHEET_IMAP: `imap://b:p@127.0.0.1:${imap.port}/INBOX` },
    })
    const now = () => Date.parse(NOW[1]!)
    const loaded = await openPublication(folder, { now: now() })
    const address = env.BROADSHEET_SMTP
    const examined = await sendToBounces({
      loaded,
      env,
      now,
      nameServers: [dns.address],
      signal: new AbortController().signal,
      openDatabase: async () => undefined,
      openOutgoing: async () => ({
        transport: openSending(address, { mail: {}, env, dir: folder, say: () => {}, now }),
        secret: SECRET,
      }),
      onSent: () => {
        if (fault) imap.cut()
      },
      patience: 2,
      pause: 1,
    })
    const [sent, arrived] = examined.map(({ name, result, says }) => `${name} ${result}: ${says}`)
    expect(sent).toBe(`test-sent pass: sent to ${TO}`)
    expect(arrived).toContain(said)
    await imap.close()
  }
})

test('only what the receiver itself wrote counts', () => {
  const forged = 'Authentication-Results: other.example; dkim=pass header.d=bank.example\n'
  expect(
    authResults(`${HEAD}${forged}Subject: x`).map(({ method, result }) => `${method} ${result}`),
  ).toEqual(['spf pass', 'dkim pass', 'dmarc pass'])
  expect(authResults(`${forged}${HEAD}`).map(({ properties }) => properties['header.d'])).toEqual([
    'bank.example',
  ])
  expect(authResults('Subject: x')).toEqual([])
  const [spf] = authResults(HEAD)
  expect(spf!.properties['smtp.mailfrom']).toBe('bounces+x@gazette-in-tests.org')
})
