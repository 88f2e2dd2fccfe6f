// Our DKIM key and its record in DNS → whether a receiver would accept the signature of a letter (RFC 6376, RFC 8301).

import { createPublicKey } from 'node:crypto'
import { checkPublished, isGivenAway, isNeverInDns, recordFor } from '../../deliver/index.ts'
import type { Message } from '../../model.ts'
import { DnsTrouble, type NameServer, tagsOf } from './network.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Setup } from './setup.ts'
import { isLoopback } from './smtp-checks.ts'
import { txt } from './spf-checks.ts'

export const dkim: Group = {
  title: 'DKIM',
  checks: [
    {
      name: 'dkim-signed',
      why: 'Gmail, Yahoo and Microsoft want a signature from the domain in From; with it a letter survives being forwarded.',
      needs: ['newsletter', 'smtp', 'domain'],
      find: whoSigns,
    },
    {
      name: 'dkim-key',
      why: 'With no key in DNS, or another one, every signature fails, and many receivers refuse the letter.',
      needs: ['newsletter', 'dkim'],
      fatal: true,
      find: eachKey(async (setup, key, domain) => {
        const problem = await checkPublished(
          domain,
          key,
          name => setup.dns.ask(name, 'TXT') as Promise<string[][]>,
        ).then(
          doubt => (doubt === undefined ? undefined : warn(doubt, 'Try again, or ask another name server.')),
          (error: Error) =>
            fail(
              error.message,
              `Publish at ${key.selector}._domainkey.${domain}, as TXT:`,
              txt(recordFor(key)),
            ),
        )
        return problem ?? pass(`${key.selector}._domainkey.${domain} is our key`)
      }),
    },
    {
      name: 'dkim-length',
      why: 'Keys of fewer than 1024 bits are refused, and 2048 are wanted (RFC 8301 §3.2).',
      needs: ['newsletter', 'smtp', 'domain'],
      find: async setup => {
        const keys = await publishedKeys(setup)
        return keys.length === 0 ? skip('no key is known') : keys.map(keyLength)
      },
    },
    {
      name: 'dkim-testing',
      why: 'A key that is marked as a test (t=y) makes receivers treat letters as if they were not signed.',
      needs: ['newsletter', 'dkim', 'domain'],
      find: eachKey(async ({ dns }, { selector }, domain) => {
        const [record] = await dns.txt(`${selector}._domainkey.${domain}`)
        if (record === undefined) return skip('no key is published')
        const flags = tagsOf(record).get('t')?.toLowerCase().split(':') ?? []
        if (!flags.some(flag => flag.trim() === 'y')) return pass('not marked as a test')
        return warn(
          `${selector} is marked as a test`,
          'Take t=y out of the record:',
          // t=s stays, and so does what a key ends with.
          txt(record.replace(/(;\s*)t\s*=\s*([^;]*)/i, (_, before: string) => withoutTest(before, flags))),
        )
      }),
    },
    {
      name: 'dkim-verifies',
      why: 'The next letter is signed and checked as a receiver does, by other software than ours.',
      needs: ['newsletter', 'dkim', 'domain'],
      find: signatureVerifies,
    },
    {
      name: 'dkim-covers-lists',
      why: 'One-click counts only when both List-Unsubscribe fields are signed (RFC 8058 §4).',
      needs: ['newsletter', 'dkim', 'service'],
      find: async setup => {
        const message = await signedSample(setup)
        if (!message) return skip('no edition has an article yet')
        const text = Buffer.from(message.bytes)
          .toString('latin1')
          .replace(/\r\n[ \t]+/g, '')
        const covered =
          /^DKIM-Signature:.*?;\s*h=([^;]*)/im
            .exec(text)?.[1]
            ?.toLowerCase()
            .split(':')
            .map(name => name.trim()) ?? []
        const open = ['from', 'list-unsubscribe', 'list-unsubscribe-post'].filter(
          name => !covered.includes(name),
        )
        return open.length === 0
          ? pass('covers the fields to leave by')
          : fail(`does not cover ${open.join(', ')}`, 'This is a fault of Broadsheet’s: please report it.')
      },
    },
  ],
}

type Key = NonNullable<ReturnType<Setup['signing']>>['keys'][number]

function eachKey(look: (setup: Setup, key: Key, domain: string) => Promise<Finding>) {
  return async (setup: Setup): Promise<Finding[]> => {
    const signing = setup.signing()
    if (!signing) return [skip('mail.dkim is not set')]
    if (isNeverInDns(signing.domain)) return [skip(`${signing.domain} is a name for examples`)]
    return Promise.all(signing.keys.map(key => look(setup, key, signing.domain)))
  }
}

/** Broadsheet itself, or the company whose servers are used: then a key of its usual name is looked for. */
async function whoSigns(setup: Setup): Promise<Finding | Finding[]> {
  const { publication, relay, senders, dns, host } = setup
  if (publication.mail.dkim) return pass(`signed as ${publication.mail.dkim.domain}`)
  if (!relay) {
    const keys = await Promise.all(
      senders.map(async ({ domain }) => ({
        domain,
        selector: await selectorAt(domain, USUAL_SELECTORS, dns),
      })),
    )
    if (keys.every(({ selector }) => selector !== undefined))
      return keys.map(({ domain, selector }) =>
        skip(
          `a key is at ${selector}._domainkey.${domain}: --send-test shows whether letters are signed by it`,
        ),
      )
    const remedy =
      'Make a key with `openssl genrsa -out dkim.pem 2048`, set BROADSHEET_DKIM_KEY=dkim.pem, and in publication.yaml:'
    const settings = `mail: { dkim: { domain: ${senders[0]?.domain}, selector: s1 } }`
    const server = host === undefined || isLoopback(host) ? 'your server' : host
    const says = `not signed by Broadsheet, and whether ${server} signs is not seen from here`
    return warn(says, `If it does not: ${remedy}`, settings)
  }
  const { selectors, name } = relay
  if (!selectors) return skip(`${name} signs: --send-test shows with which domain`)
  return Promise.all(
    senders.map(async ({ domain, address }) => {
      if (isGivenAway(address)) return pass(`${name} signs for its own addresses`)
      const selector = await selectorAt(domain, selectors, dns)
      return selector === undefined
        ? warn(
            `no key of ${name} is at ${domain} under a usual name (${selectors.join(', ')})`,
            `Switch DKIM on for ${domain} at ${name}, and publish the records that it shows. --send-test tells whether letters are signed.`,
          )
        : pass(`${name} signs as ${domain} (${selector})`)
    }),
  )
}

function withoutTest(before: string, flags: readonly string[]): string {
  const left = flags.map(flag => flag.trim()).filter(flag => flag !== 'y' && flag !== '')
  return left.length > 0 ? `${before}t=${left.join(':')}` : ''
}

/** Names that servers give to the first key they make. */
const USUAL_SELECTORS = ['default', 'dkim', 'mail', 's1', 'x', 'key1', 'selector1']

/** The first one with a key. */
async function selectorAt(
  domain: string,
  selectors: readonly string[],
  { txt }: NameServer,
): Promise<string | undefined> {
  const found = await Promise.all(
    selectors.map(async selector =>
      (await txt(`${selector}._domainkey.${domain}`)).some(isKey) ? selector : undefined,
    ),
  )
  return found.find(selector => selector !== undefined)
}

/** One that was not revoked; a wildcard may answer with something else. RFC 6376 §3.6.1. */
function isKey(record: string): boolean {
  const tags = tagsOf(record)
  return (tags.get('v') ?? 'DKIM1') === 'DKIM1' && (tags.get('p') ?? '') !== ''
}

interface PublishedKey {
  readonly name: string
  readonly record: string
}

/** Ours, or those of the company that signs, as far as they are in DNS. */
async function publishedKeys(setup: Setup): Promise<PublishedKey[]> {
  const { relay, senders, dns } = setup
  const signing = setup.signing()
  const names = signing
    ? signing.keys.map(({ selector }) => `${selector}._domainkey.${signing.domain}`)
    : senders.flatMap(({ domain }) =>
        (relay?.selectors ?? []).map(selector => `${selector}._domainkey.${domain}`),
      )
  const found = await Promise.all(
    names.map(async name => (await dns.txt(name)).map(record => ({ name, record }))),
  )
  return found.flat().filter(({ record }) => isKey(record))
}

function keyLength({ name, record }: PublishedKey): Finding {
  const tags = tagsOf(record)
  if (tags.get('k') === 'ed25519') return pass('Ed25519')
  const bits = bitsOf(tags.get('p')!.replace(/\s+/g, ''))
  if (bits === undefined) return fail(`what is at ${name} is no key`, 'Publish it anew, in one piece.')
  const says = `RSA of ${bits} bits`
  if (bits >= 2048) return pass(says)
  return bits >= 1024
    ? pass(`${says}, where 2048 are better`)
    : fail(`${says} at ${name}`, 'Make a key of 2048 bits, and publish it.')
}

/** RFC 6376 §3.6.1 speaks of RSAPublicKey, and everybody publishes the other form. */
function bitsOf(p: string): number | undefined {
  const key = Buffer.from(p, 'base64')
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key, format: 'der', type }).asymmetricKeyDetails?.modulusLength
    } catch {
      // It may be the other form.
    }
  }
  return undefined
}

async function signedSample(setup: Setup): Promise<Message | undefined> {
  const signing = setup.signing()
  const message = (await setup.samples()).find(sample => sample.message)?.message
  return signing && message ? { ...message, bytes: await signing.sign(message.bytes) } : undefined
}

async function signatureVerifies(setup: Setup): Promise<Finding> {
  const message = await signedSample(setup)
  if (!message) return skip('no edition has an article yet')
  const verdicts = await verdictsOn(message.bytes, setup)
  const bad = verdicts.find(({ result }) => result !== 'pass')
  if (verdicts.length === 0)
    return fail('the letter has no signature', 'This is a fault of Broadsheet’s: please report it.')
  if (bad?.result === 'temperror') throw new DnsTrouble(`DNS does not answer for the key at ${bad.domain}`)
  return bad
    ? fail(
        `the signature of the next letter does not verify: ${bad.why}`,
        'See dkim-key: most often the key in DNS is another one.',
      )
    : pass('the next letter verifies')
}

export interface SignatureVerdict {
  readonly domain: string
  readonly selector: string
  readonly result: string
  readonly why: string
}

/** As a receiver sees them. */
export async function verdictsOn(
  bytes: Uint8Array,
  { dns }: Pick<Setup, 'dns'>,
): Promise<SignatureVerdict[]> {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js')
  const { results } = await dkimVerify(Buffer.from(bytes), { resolver: dns.ask } as never)
  return results
    .filter(({ status }) => status.result !== 'none')
    .map(({ signingDomain, selector, status }) => ({
      domain: String(signingDomain ?? ''),
      selector: String(selector ?? ''),
      result: status.result,
      why: String(status.comment || status.result),
    }))
}
