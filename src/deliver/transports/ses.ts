// A message → Amazon SES by its API, version 2; its answer → the outcome.
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html

import { type IncomingMessage, request as overHttp } from 'node:http'
import { Agent, request as overHttps } from 'node:https'
import { parseUrl } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import type { Message, Outcome } from '../../model.ts'
import { replyText } from './reply.ts'
import { type AwsKey, amzDate, authorization } from './sign-v4.ts'
import type { SendHooks, Transport, TransportOptions } from './transport.ts'

const PATH = '/v2/email/'
const TIMEOUTS = { connect: 60_000, message: 300_000, reply: 300_000 }

/** What speaks of this one message or its reader; all other refusals are of the account, its limits or the service. */
const REJECTED = new Set(['MessageRejected', 'InvalidParameterValue'])

/**
 * @param address 'ses://KEY-ID:SECRET@eu-west-1', percent-encoded; `?endpoint=` for another place than Amazon's
 * @throws UserError when a part is missing; the secret is not repeated
 */
export function openSes(address: string, { timeouts, now }: TransportOptions): Transport {
  const { key, region, endpoint } = parse(address)
  if (!now) throw new Error('a request to SES carries its time')
  const within = { ...TIMEOUTS, ...timeouts }
  const agent = new Agent({ keepAlive: true })
  const open = new Set<{ destroy(error: Error): void }>()

  /** @param hooks asked before the last byte of the body leaves; without it the service has no request */
  function call(method: string, what: string, body: Buffer, hooks?: SendHooks) {
    let released = false
    const path = `${PATH}${what}`
    const headers = {
      'content-type': 'application/json',
      host: endpoint.host,
      'x-amz-date': amzDate(now!()),
    }
    const Authorization = authorization(key, { method, path, region, service: 'ses', headers, body })
    const secure = endpoint.protocol === 'https:'
    const options = {
      method,
      headers: { ...headers, Authorization, 'content-length': body.length },
      ...(secure ? { agent } : {}),
    }
    const answer = new Promise<{ status: number; text: string; type: string }>((resolve, reject) => {
      const send = secure ? overHttps : overHttp
      const request = send(new URL(path, endpoint), options, (response: IncomingMessage) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', chunk => {
          text = `${text}${chunk}`.slice(0, 10_000)
        })
        response.on('error', reject)
        const type = String(response.headers['x-amzn-errortype'] ?? '').split(':')[0]!
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, type }))
      })
      open.add(request)
      request.on('close', () => open.delete(request))
      request.on('error', reject)
      request.setTimeout(within.reply, () => request.destroy(new Error('no answer in time')))
      if (!hooks) {
        request.end(body)
        return
      }
      request.write(body.subarray(0, -1))
      hooks.beforeLastByte().then(
        granted => {
          if (!granted || request.destroyed) return request.destroy(new Error('withheld'))
          released = true
          request.end(body.subarray(-1))
        },
        (error: Error) => request.destroy(error),
      )
    })
    return { answer, released: () => released }
  }

  async function send({ envelope, bytes }: Message, hooks: SendHooks): Promise<Outcome> {
    const body = Buffer.from(
      JSON.stringify({
        FromEmailAddress: envelope.from,
        FeedbackForwardingEmailAddress: envelope.from,
        Destination: { ToAddresses: [envelope.to] },
        Content: { Raw: { Data: Buffer.from(bytes).toString('base64') } },
      }),
    )
    const calling = call('POST', 'outbound-emails', body, hooks)
    try {
      return sesOutcome(await calling.answer)
    } catch (error) {
      const reply = replyText((error as Error).message)
      return { kind: calling.released() ? 'unknown' : 'host-trouble', reply }
    }
  }

  return {
    name: `ses:${region}`,
    async prove() {
      const { status, text, type } = await call('GET', 'account', Buffer.alloc(0)).answer.catch(
        (error: Error) => {
          throw new UserError(
            `Amazon SES cannot be reached: ${error.message}`,
            `The address says ${endpoint.host}.`,
          )
        },
      )
      if (status !== 200) {
        throw new UserError(
          `Amazon SES does not let us in: ${replyText(`${status} ${type} ${messageOf(text)}`)}`,
          'Check key, secret and region in BROADSHEET_SMTP; the key needs ses:SendEmail and ses:GetAccount.',
        )
      }
    },
    send,
    async close(how) {
      if (how === 'cut') for (const request of open) request.destroy(new Error('stopped'))
      agent.destroy()
    },
  }
}

/** An answer is certain, whatever it says: what was not taken with 200 was not taken. */
export function sesOutcome({ status, text, type }: { status: number; text: string; type: string }): Outcome {
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

function parse(address: string): { key: AwsKey; region: string; endpoint: URL } {
  const url = parseUrl(address)
  const region = url?.hostname ?? ''
  if (!url?.username || !url.password || !/^[a-z0-9-]+$/.test(region)) {
    throw new UserError(
      'BROADSHEET_SMTP does not hold key, secret and region of Amazon SES',
      'Write it like BROADSHEET_SMTP=ses://KEY-ID:SECRET@eu-west-1; signs such as / + = in the secret are written %2F %2B %3D.',
    )
  }
  const endpoint = url.searchParams.get('endpoint') ?? `https://email.${region}.amazonaws.com`
  const key = { id: decodeURIComponent(url.username), secret: decodeURIComponent(url.password) }
  return { key, region, endpoint: new URL(endpoint) }
}
