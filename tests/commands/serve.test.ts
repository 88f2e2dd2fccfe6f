// `serve`: starts empty with one command, does its work through real SMTP, and stops when told.

import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { simpleParser } from 'mailparser'
import { expect, onTestFinished, test } from 'vitest'
import { run, sayFault } from '../../src/commands/serve.ts'
import { openMailbox } from '../../src/deliver/transports/eml-folder.ts'
import { openStore } from '../../src/store/open-store.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aCommand, type CommandOptions } from './a-command.ts'

const SETTINGS = `title: The Meridian
url: https://meridian.example/
newsletters:
  - id: weekly
    title: The Weekly
    every: week
    on: friday
    at: '07:00'
    from: The Meridian <news@meridian.example>
`
const SECRET = 'a-secret-for-tests-only'

async function started(dir: string, given: CommandOptions = {}) {
  const stop = new AbortController()
  const running = aCommand({ run }, dir, {
    ...given,
    env: { BROADSHEET_SECRET: SECRET, ...given.env },
    options: { port: '0', ...given.options },
    signal: stop.signal,
  })
  onTestFinished(async () => {
    stop.abort()
    await running.done
  })
  while (!running.stdout() && !running.stderr()) await pause(20)
  const url = /Serving .* at (\S+)/.exec(running.stdout())?.[1] ?? ''
  return { ...running, url, stop: () => stop.abort() }
}

test('starts in an empty publication, says where, and stops with nothing lost', async () => {
  const dir = aFolder()
  const service = await started(dir)
  expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  expect(service.stdout()).toContain('BROADSHEET_SMTP is not set')
  expect((await fetch(`${service.url}health`)).status).toBe(200)
  expect((await fetch(`${service.url}metrics`)).status).toBe(200)
  service.stop()
  expect((await service.done).code).toBe(0)
  await expect(fetch(service.url)).rejects.toThrow()
})

test('a fault has its stack, and none where another program was installed under the service', () => {
  const said: string[] = []
  const say = (replaced: boolean) =>
    sayFault({ sayError: line => said.push(line) }, 'a mail', new Error('no such module'), replaced)
  say(false)
  say(true)
  expect(said[0]).toMatch(/^a fault in a mail: Error: no such module\n {4}at /)
  expect(said[1]).toMatch(
    /another Broadsheet was installed.*Start the service again.*\n {2}Error: no such module$/,
  )
})

test('from the form through SMTP to the button', async () => {
  const dir = aFolder({ 'articles/publication.yaml': SETTINGS })
  const mailbox = await openMailbox(`${dir}/inbox`)
  onTestFinished(() => mailbox.close())
  const service = await started(dir, { env: { BROADSHEET_SMTP: mailbox.address } })
  const body = new URLSearchParams({ email: 'anna@example.org', newsletter: 'weekly' })
  expect((await fetch(`${service.url}subscribe`, { method: 'POST', body })).status).toBe(200)
  const inbox = () => readdirSync(`${dir}/inbox`).filter(name => /^\d.*\.eml$/.test(name))
  while (inbox().length === 0) await pause(20)
  const mail = await simpleParser(readFileSync(`${dir}/inbox/${inbox()[0]}`))
  const link = mail.text!.split(/\s+/).find(word => word.startsWith(service.url))!
  expect((await fetch(link, { method: 'POST', body: new URLSearchParams({ confirm: 'yes' }) })).status).toBe(
    200,
  )
  const { db } = await openStore(`${dir}/.broadsheet/broadsheet.db`)
  onTestFinished(() => db.close())
  expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({ state: 'active' })
  expect(service.stderr()).toBe('')
  expect(inbox()).toHaveLength(1)
})

test('the mail that asks to confirm is signed as letters are; a key that cannot sign stops it all', async () => {
  const dir = aFolder({
    'articles/publication.yaml': `${SETTINGS}mail: { dkim: { domain: meridian.example, selector: s1 } }\n`,
  })
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const mailbox = await openMailbox(`${dir}/inbox`)
  onTestFinished(() => mailbox.close())
  const env = {
    BROADSHEET_SMTP: mailbox.address,
    BROADSHEET_DKIM_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  const service = await started(dir, { env })
  const body = new URLSearchParams({ email: 'anna@example.org', newsletter: 'weekly' })
  await fetch(`${service.url}subscribe`, { method: 'POST', body })
  const inbox = () => readdirSync(`${dir}/inbox`).filter(name => /^\d.*\.eml$/.test(name))
  while (inbox().length === 0) await pause(20)
  const record = `v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const { results } = await dkimVerify(readFileSync(`${dir}/inbox/${inbox()[0]}`), {
    resolver: async () => [[record]],
  } as never)
  expect(results.map(({ status }: { status: { result: string } }) => status.result)).toEqual(['pass'])

  const broken = { ...env, BROADSHEET_DKIM_KEY: 'no key', BROADSHEET_SECRET: SECRET }
  const { code, stderr } = await aCommand({ run }, dir, { env: broken, options: { port: '0' } }).done
  expect(code).toBe(2)
  expect(stderr).toContain('BROADSHEET_DKIM_KEY')
})

test('what people ask for goes through Amazon SES too, and SES signs it', async () => {
  const asked: string[] = []
  const service = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.method === 'POST') asked.push(JSON.parse(body).Destination.ToAddresses[0])
    response.end('{"MessageId":"0100-abc","SendingEnabled":true}')
  })
  await new Promise<void>(listening => service.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void service.close())
  const { port } = service.address() as AddressInfo
  const env = { BROADSHEET_SMTP: `ses://AKID:secret@eu-west-1?endpoint=http://127.0.0.1:${port}` }
  const dir = aFolder({ 'articles/publication.yaml': SETTINGS })
  const { url } = await started(dir, { env })
  const body = new URLSearchParams({ email: 'anna@example.org', newsletter: 'weekly' })
  await fetch(`${url}subscribe`, { method: 'POST', body })
  while (asked.length === 0) await pause(20)
  expect(asked).toEqual(['anna@example.org'])

  writeFileSync(
    `${dir}/articles/publication.yaml`,
    `${SETTINGS}mail: { dkim: { domain: meridian.example, selector: s1 } }\n`,
  )
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const BROADSHEET_DKIM_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const signing = { ...env, BROADSHEET_DKIM_KEY, BROADSHEET_SECRET: SECRET }
  const { code, stderr } = await aCommand({ run }, dir, { env: signing, options: { port: '0' } }).done
  expect(code).toBe(2)
  expect(stderr).toContain('Leave mail.dkim out')
})

test('from the form to the next edition to leaving with one click', async () => {
  const folder = aFolder({
    'articles/bridge.md': '---\ntitle: A bridge opens\ndate: 2026-02-02T07:00:00Z\n---\nThe bridge opened.\n',
  })
  const probe = await started(folder)
  const port = new URL(probe.url).port
  probe.stop()
  await probe.done
  writeFileSync(`${folder}/articles/publication.yaml`, `${SETTINGS}service: http://127.0.0.1:${port}/\n`)
  const inbox = await openMailbox(`${folder}/inbox`)
  onTestFinished(() => inbox.close())
  const env = { BROADSHEET_SMTP: inbox.address, BROADSHEET_SECRET: SECRET }
  const service = await started(folder, { env, options: { port } })
  const mails = () =>
    readdirSync(`${folder}/inbox`)
      .filter(name => /^\d.*\.eml$/.test(name))
      .sort()
  const read = async (name: string) => simpleParser(readFileSync(`${folder}/inbox/${name}`))
  const post = (url: string, fields: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'error' })

  await post(`${service.url}subscribe`, { email: 'anna@example.org', newsletter: 'weekly' })
  while (mails().length === 0) await pause(20)
  const link = (await read(mails()[0]!)).text!.split(/\s+/).find(word => word.startsWith(service.url))!
  await post(link, { confirm: 'yes' })

  const friday = ['--yes', '--now', '2026-02-06T08:00Z']
  const sent = await aRun(folder, ['send', 'weekly', ...friday], { env })
  expect([sent.code, sent.stderr]).toEqual([0, expect.anything()])
  expect(mails()).toHaveLength(2)
  const letter = readFileSync(`${folder}/inbox/${mails()[1]}`, 'utf8')
  const leave = /^List-Unsubscribe: <(http[^>]+)>/m.exec(letter)![1]!
  expect((await fetch(leave)).status).toBe(200)
  const answer = await post(leave, { 'List-Unsubscribe': 'One-Click' })
  expect(answer.status).toBe(200)
  const { db } = await openStore(`${folder}/.broadsheet/broadsheet.db`)
  onTestFinished(() => db.close())
  expect(await subscriberByKey(db, 'anna@example.org')).toMatchObject({
    state: 'unsubscribed',
    left: ['weekly'],
  })
})

test('what was asked for while there was no mail server is mailed when there is one', async () => {
  const dir = aFolder({ 'articles/publication.yaml': SETTINGS })
  const first = await started(dir)
  const body = new URLSearchParams({ email: 'anna@example.org', newsletter: 'weekly' })
  await fetch(`${first.url}subscribe`, { method: 'POST', body })
  first.stop()
  await first.done
  const mailbox = await openMailbox(`${dir}/inbox`)
  onTestFinished(() => mailbox.close())
  await started(dir, { env: { BROADSHEET_SMTP: mailbox.address } })
  const inbox = () => readdirSync(`${dir}/inbox`).filter(name => /^\d.*\.eml$/.test(name))
  while (inbox().length === 0) await pause(20)
  expect(inbox()).toHaveLength(1)
})

test('the answer of --json says where it is', async () => {
  const dir = aFolder({ 'articles/publication.yaml': SETTINGS })
  const service = await started(dir, { options: { json: true } })
  expect(JSON.parse(service.stdout())).toEqual({
    url: expect.stringMatching(/^http:/),
    service: expect.stringMatching(/^http:/),
    mail: null,
    newsletters: 1,
  })
})

test('no secret, a short one, a bad port, a wrong mail server: said at once, with what to do', async () => {
  const dir = aFolder()
  const fails = async (env: Record<string, string>, options = {}) => {
    const { code, stderr } = await aCommand({ run }, dir, { env, options }).done
    expect(code).toBe(2)
    return stderr
  }
  expect(await fails({})).toContain('openssl rand')
  expect(await fails({ BROADSHEET_SECRET: 'short' })).toContain('fewer than 16')
  expect(await fails({ BROADSHEET_SECRET: `${SECRET},x` })).not.toContain(SECRET)
  expect(await fails({ BROADSHEET_SECRET: SECRET }, { port: 'http' })).toContain('--port 8080')
  expect(await fails({ BROADSHEET_SECRET: SECRET, BROADSHEET_SMTP: 'ftp://x' })).toContain('smtp://')
})
