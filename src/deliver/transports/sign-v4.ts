// A request to Amazon's services and a key → its Authorization header. AWS Signature Version 4:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHash, createHmac } from 'node:crypto'

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
export function amzDate(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
