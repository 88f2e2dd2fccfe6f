// A DKIM key and what DNS says under its selector → is the public half that receivers will find there ours?

import { createPublicKey } from 'node:crypto'
import { UserError } from '../../errors.ts'
import type { DkimKey } from './sign-message.ts'

/** As `dns.promises.resolveTxt`: records, each in pieces. */
export type ResolveTxt = (name: string) => Promise<string[][]>

/** RFC 2606, RFC 6761: names that are for examples and tests are in nobody's DNS. */
const NEVER_IN_DNS = /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$/i

/**
 * @returns a warning when nobody could be asked, undefined when all is well
 * @throws UserError when there is no record, or it is another key's, revoked, or not for SHA-256
 */
export async function checkPublished(
  domain: string,
  key: DkimKey,
  resolveTxt: ResolveTxt,
): Promise<string | undefined> {
  if (NEVER_IN_DNS.test(domain)) return undefined
  const name = `${key.selector}._domainkey.${domain}`
  const hint = `Publish this TXT record at ${name}, and wait until it is seen:\n${recordFor(key)}`
  let records: string[]
  try {
    records = (await resolveTxt(name)).map(pieces => pieces.join(''))
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException
    if (code !== 'ENOTFOUND' && code !== 'ENODATA') {
      return `DNS could not be asked for the DKIM key at ${name} (${code}): whether it matches is not known.`
    }
    records = []
  }
  const found = records.map(tagsOf).filter(tags => tags.has('p') && (tags.get('v') ?? 'DKIM1') === 'DKIM1')
  if (found.length === 0) throw new UserError(`There is no DKIM key at ${name}`, hint)
  const why = found.map(tags => mismatch(tags, key))
  if (why.every(reason => reason !== undefined))
    throw new UserError(`The DKIM key at ${name} ${why[0]}`, hint)
  return undefined
}

/** What receivers need to check the signatures of a key. RFC 6376 §3.6.1, RFC 8463 §4. */
export function recordFor({ key, algorithm }: DkimKey): string {
  const der = createPublicKey(key as never).export({ type: 'spki', format: 'der' })
  return algorithm === 'rsa-sha256'
    ? `v=DKIM1; k=rsa; p=${der.toString('base64')}`
    : `v=DKIM1; k=ed25519; p=${der.subarray(-32).toString('base64')}`
}

/** RFC 6376 §3.2: name=value pairs between semicolons; white space inside a value means nothing here. */
function tagsOf(record: string): Map<string, string> {
  const pairs = record.split(';').map(pair => pair.replace(/\s+/g, ''))
  return new Map(
    pairs
      .filter(pair => pair.includes('='))
      .map(pair => [pair.split('=', 1)[0]!, pair.slice(pair.indexOf('=') + 1)]),
  )
}

function mismatch(tags: Map<string, string>, { key, algorithm }: DkimKey): string | undefined {
  const published = tags.get('p')!
  if (published === '') return 'is revoked (p= is empty)'
  const kind = algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'
  if ((tags.get('k') ?? 'rsa') !== kind) return `is of type ${tags.get('k') ?? 'rsa'}, and ours is ${kind}`
  if (tags.has('h') && !tags.get('h')!.split(':').includes('sha256')) return 'is not for SHA-256'
  const ours = createPublicKey(key as never)
  const spki = ours.export({ type: 'spki', format: 'der' })
  // RFC 6376 §3.6.1 speaks of RSAPublicKey, and everybody publishes the other form.
  const forms = kind === 'rsa' ? [spki, ours.export({ type: 'pkcs1', format: 'der' })] : [spki.subarray(-32)]
  const bytes = Buffer.from(published, 'base64')
  return forms.some(form => form.equals(bytes)) ? undefined : 'is another one than ours'
}
