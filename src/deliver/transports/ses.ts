// A message → Amazon SES by its API, version 2; its answer → the outcome.
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html

import { createHash, createHmac } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http'
import { Agent, request as overHttps } from 'node:https'
import { parseUrl, readSecretUrl } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { Message, Outcome } from '../../model.ts'
import {
  replyText,
  type SendHooks,
  type Timeouts,
  type Transport,
  type TransportKind,
  type TransportOptions,
} from '../transport.ts'

/** Percent-encoded; `?endpoint=` for another place than Amazon's. Errors do not repeat the secret. */
export const ses: TransportKind = {
  prefixes: ['ses:'],
  example: 'ses://KEY-ID:SECRET@eu-west-1',
  summary: 'Amazon SES, by its API; it signs by itself (Easy DKIM)',
  breaksDkim: {
    why: 'Amazon SES sets Message-ID and Date itself, which would break a signature of ours',
    hint: 'Leave mail.dkim out of the settings and let SES sign (Easy DKIM).',
  },
  open: (address, options) => new SesTransport(parseAddress(address), options),
}

const PATH = '/v2/email/'
const TIMEOUTS: Timeouts = { connect: 60_000, message: 300_000, reply: 300_000 }
const MAX_ANSWER_LENGTH = 10_000

interface SesAddress {
  readonly key: AwsKey
  readonly region: string
  readonly endpoint: URL
}

interface Answer {
  readonly status: number
  readonly text: string
  /** x-amzn-errortype: 'MessageRejected'. */
  readonly type: string
}

class SesTransport implements Transport {
  readonly name: string
  readonly #address: SesAddress
  readonly #now: () => number
  readonly #replyTimeout: number
  readonly #agent = new Agent({ keepAlive: true })
  readonly #open = new Set<ClientRequest>()

  constructor(address: SesAddress, { timeouts, now }: TransportOptions) {
    if (!now) throw new Error('a request to SES carries its time')
    this.name = `ses:${address.region}`
    this.#address = address
    this.#now = now
    this.#replyTimeout = { ...TIMEOUTS, ...timeouts }.reply
  }

  async verify(): Promise<void> {
    const { request, answer } = this.#request('GET', 'account', Buffer.alloc(0))
    request.end()
    const { status, text, type } = await answer.catch((error: Error) => {
      throw new UserError(
        `Amazon SES cannot be reached: ${error.message}`,
        `The address says ${this.#address.endpoint.host}.`,
      )
    })
    if (status !== 200) {
      throw new UserError(
        `Amazon SES rejected the login: ${replyText(`${status} ${type} ${messageOf(text)}`)}`,
        'Check key, secret and region in BROADSHEET_SMTP; the key needs ses:SendEmail and ses:GetAccount.',
      )
    }
  }

  /** Without the last byte of its body the service has no request. */
  async send({ envelope, bytes }: Message, hooks: SendHooks): Promise<Outcome> {
    const body = Buffer.from(
      JSON.stringify({
        FromEmailAddress: envelope.from,
        FeedbackForwardingEmailAddress: envelope.from,
        Destination: { ToAddresses: [envelope.to] },
        Content: { Raw: { Data: Buffer.from(bytes).toString('base64') } },
      }),
    )
    let released = false
    const { request, answer } = this.#request('POST', 'outbound-emails', body)
    request.write(body.subarray(0, -1))
    hooks.beforeLastByte().then(
      granted => {
        if (!granted || request.destroyed) return request.destroy(new Error('withheld'))
        released = true
        request.end(body.subarray(-1))
      },
      (error: Error) => request.destroy(error),
    )
    try {
      return sesOutcome(await answer)
    } catch (error) {
      const reply = replyText((error as Error).message)
      return { kind: released ? 'unknown' : 'host-trouble', reply }
    }
  }

  async close(how?: 'cut'): Promise<void> {
    if (how === 'cut') for (const request of this.#open) request.destroy(new Error('stopped'))
    this.#agent.destroy()
  }

  /** @param body what it will have: the signature covers it, and whoever asks writes it */
  #request(method: string, what: string, body: Buffer): { request: ClientRequest; answer: Promise<Answer> } {
    const { key, region, endpoint } = this.#address
    const path = `${PATH}${what}`
    const headers = {
      'content-type': 'application/json',
      host: endpoint.host,
      'x-amz-date': amzDate(this.#now()),
    }
    const Authorization = authorization(key, { method, path, region, service: 'ses', headers, body })
    const secure = endpoint.protocol === 'https:'
    const request = (secure ? overHttps : overHttp)(new URL(path, endpoint), {
      method,
      headers: { ...headers, Authorization, 'content-length': body.length },
      ...(secure ? { agent: this.#agent } : {}),
    })
    this.#open.add(request)
    request.on('close', () => this.#open.delete(request))
    request.setTimeout(this.#replyTimeout, () => request.destroy(new Error('no answer in time')))
    return { request, answer: answerTo(request) }
  }
}

function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response: IncomingMessage) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text = `${text}${chunk}`.slice(0, MAX_ANSWER_LENGTH)
      })
      response.on('error', reject)
      const type = String(response.headers['x-amzn-errortype'] ?? '').split(':')[0]!
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, type }))
    })
  })
}

/** What speaks of this one message or its reader; all other refusals are of the account, its limits or the service. */
const REJECTED = new Set(['MessageRejected', 'InvalidParameterValue'])

/** An answer is certain, whatever it says: what was not taken with 200 was not taken. */
export function sesOutcome({ status, text, type }: Answer): Outcome {
  if (status === 200) {
    const id = /"MessageId"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
    return { kind: 'accepted', code: 250, reply: replyText(`250 2.0.0 ${id}`) }
  }
  const said = replyText(`${type} ${messageOf(text)}`)
  if (REJECTED.has(type))
    return { kind: 'rejected', code: 554, enhanced: '5.6.0', reply: `554 5.6.0 ${said}` }
  return { kind: 'host-trouble', reply: replyText(`${status} ${said}`) }
}

function messageOf(text: string): string {
  return /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/i.exec(text)?.[1] ?? ''
}

/** @throws UserError when a part is missing */
function parseAddress(address: string): SesAddress {
  const read = readSecretUrl(address)
  const region = 'url' in read ? read.url.hostname : ''
  if ('problem' in read || !read.user || !read.password || !/^[a-z0-9-]+$/.test(region)) {
    throw new UserError(
      'BROADSHEET_SMTP has no key, secret and region of Amazon SES that can be read',
      `Write it like BROADSHEET_SMTP=${ses.example}; in the secret write / as %2F, + as %2B and = as %3D.`,
    )
  }
  const { url, user, password } = read
  const endpoint = url.searchParams.get('endpoint') ?? `https://email.${region}.amazonaws.com`
  const parsed = parseUrl(endpoint)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new UserError(
      'BROADSHEET_SMTP: endpoint= is not an address',
      `Leave it out, or write it like ${ses.example}?endpoint=https://email.eu-west-1.amazonaws.com`,
    )
  }
  return { key: { id: user, secret: password }, region, endpoint: parsed }
}

// AWS Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

export interface AwsKey {
  readonly id: string
  readonly secret: string
}

export interface AwsRequest {
  readonly method: string
  /** Encoded already, without a query. */
  readonly path: string
  readonly region: string
  readonly service: string
  /** Names in lower case; host and x-amz-date among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The Authorization header of a request. */
export function authorization({ id, secret }: AwsKey, request: AwsRequest): string {
  const { method, path, region, service, headers, body } = request
  const names = Object.keys(headers).sort()
  const time = headers['x-amz-date'] ?? ''
  const fields = names.map(name => `${name}:${headers[name]!.trim()}\n`).join('')
  const canonical = [method, path, '', fields, names.join(';'), sha256(body)].join('\n')
  const scope = [time.slice(0, 8), region, service, 'aws4_request']
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(Buffer.from(canonical))].join('\n')
  const key = scope.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`))
  const signature = hmac(key, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=${id}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`
}

/** ms since epoch → '20150830T123600Z' */
function amzDate(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
