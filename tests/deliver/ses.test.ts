// Amazon SES as its documentation describes it, on loopback: signatures are checked, requests kept.

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { openSending, openTransport } from '../../src/deliver/open-transport.ts'
import { authorization, sesOutcome } from '../../src/deliver/transports/ses.ts'
import { transportContract } from '../contracts/transport.ts'
import { aMessage } from './a-message.ts'

const SECRET = 'wJalr/UtnFEMI+K7='
const NOW = Date.parse('2026-01-30T01:30:00Z')

async function aService(fault?: 'close') {
  const mails = new Map<string, string[]>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return
    }
    const body = Buffer.concat(chunks)
    if (request.headers.authorization !== expected(request, body)) {
      response.writeHead(403, { 'x-amzn-errortype': 'InvalidSignatureException:http://x/' })
      response.end('{"message":"The request signature we calculated does not match"}')
    } else if (request.method === 'GET') response.end('{"SendingEnabled":true}')
    else {
      const { Destination, Content } = JSON.parse(body.toString())
      const [to] = Destination.ToAddresses
      mails.set(to, [...(mails.get(to) ?? []), Buffer.from(Content.Raw.Data, 'base64').toString()])
      if (fault) request.socket.destroy()
      else response.end('{"MessageId":"0100-abc"}')
    }
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const open = (secret = SECRET) =>
    openTransport(`ses://AKID:${encodeURIComponent(secret)}@eu-west-1?endpoint=${endpoint}`, {
      dir: '/',
      now: () => NOW,
    })
  const stop = () =>
    new Promise<void>(closed => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { open, mails, stop }
}

function expected({ method, url, headers }: IncomingMessage, body: Buffer): string {
  const signed = { 'content-type': 'application/json', host: headers.host!, 'x-amz-date': '20260130T013000Z' }
  const about = { method: method!, path: url!, region: 'eu-west-1', service: 'ses', headers: signed, body }
  return authorization({ id: 'AKID', secret: SECRET }, about)
}

transportContract('Amazon SES', async () => {
  const { open, mails, stop } = await aService()
  return { transport: open(), arrived: async () => mails, stop }
})

// Two of the examples that AWS publishes: aws-sig-v4-test-suite, get-vanilla and post-vanilla.
it.each([
  ['GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
])('signs %s as the test suite of AWS does', (method, signature) => {
  const header = authorization(
    { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    {
      method,
      path: '/',
      region: 'us-east-1',
      service: 'service',
      headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
      body: Buffer.alloc(0),
    },
  )
  expect(header).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  )
})

it.each([
  [400, 'MessageRejected', 'rejected'],
  [400, 'AccountSuspendedException', 'host-trouble'],
  [400, 'SendingPausedException', 'host-trouble'],
  [429, 'TooManyRequestsException', 'host-trouble'],
  [403, 'AccessDeniedException', 'host-trouble'],
  [500, 'InternalServiceErrorException', 'host-trouble'],
])('%s %s is %s', (status, type, kind) => {
  const outcome = sesOutcome({ status, type, text: '{"message":"why"}' })
  expect(outcome).toMatchObject({ kind, reply: expect.stringContaining(`${type} why`) })
})

it('no answer after the whole request is unknown', async () => {
  const { open, mails, stop } = await aService('close')
  const transport = open()
  const outcome = await transport.send(aMessage('asha@reader.example'), { beforeLastByte: async () => true })
  expect(outcome.kind).toBe('unknown')
  expect(mails.size).toBe(1)
  await transport.close()
  await stop()
})

it('a wrong secret is an error before the first message, and is not repeated', async () => {
  const { open, stop } = await aService()
  const error = await open('wr0ng')
    .verify()
    .catch(error => error)
  expect(error).toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('InvalidSignatureException'),
  })
  expect(`${error.message} ${error.hint}`).not.toContain('wr0ng')
  await stop()
  expect(() => openTransport('ses://AKID@eu-west-1', { dir: '/', now: () => NOW })).toThrow(
    'key, secret and region',
  )
})

it('a signature of ours, which SES would break, is refused', () => {
  const mail = { dkim: { domain: 'meridian.example', selector: 's1' } }
  const env = { BROADSHEET_DKIM_KEY: 'nowhere.pem' }
  expect(() =>
    openSending('ses://a:b@eu-west-1', { mail, env, dir: '/', say: () => {}, now: () => NOW }),
  ).toThrow(expect.objectContaining({ name: 'UserError' }))
})
