// An address of BROADSHEET_SMTP → the transport that it names; for whole editions signed where the settings say so, and on
// several threads where that pays. What lists the transports reads the table: the errors here, and the documentation.

import { domainToASCII } from 'node:url'
import { domainOf } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { MailSettings } from '../model.ts'
import { type DkimOptions, type DkimSigning, dkimSigning, withDkim } from './dkim/signing.ts'
import { smtp } from './smtp/index.ts'
import { type Threading, threadedTransport } from './threads/index.ts'
import type { Transport, TransportKind, TransportOptions } from './transport.ts'
import { emlFolder } from './transports/eml-folder.ts'
import { sendmail } from './transports/sendmail.ts'
import { ses } from './transports/ses.ts'

export const transports: readonly TransportKind[] = [smtp, emlFolder, sendmail, ses]

/** @throws UserError for an address that none of them knows, or that lacks something */
export function openTransport(address: string, options: TransportOptions): Transport {
  return transportKind(address).open(address, options)
}

/** @throws UserError for an address that none of them knows */
export function transportKind(address: string): TransportKind {
  const scheme = schemeOf(address).toLowerCase()
  const kind = transports.find(({ prefixes }) => prefixes.some(prefix => schemeOf(prefix) === scheme))
  if (kind) return kind
  const prefixes = transports.flatMap(kind => kind.prefixes)
  // The address may contain a password, so it is not repeated.
  throw new UserError(
    `BROADSHEET_SMTP does not begin with ${prefixes.slice(0, -1).join(', ')} or ${prefixes.at(-1)}`,
    `Write it like BROADSHEET_SMTP=${smtp.example}`,
  )
}

function schemeOf(address: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.exec(address)?.[0] ?? ''
}

export interface OpenSending extends DkimOptions, TransportOptions {
  readonly mail: Pick<MailSettings, 'dkim' | 'rate'>
  readonly threading?: Threading | undefined
}

/** @throws UserError where BROADSHEET_SMTP is not set */
export function sendingAddress(env: OpenSending['env']): string {
  const address = env.BROADSHEET_SMTP?.trim()
  if (address) return address
  throw new UserError(
    'BROADSHEET_SMTP is not set: there is no mail server to send through',
    `Set it in the environment or in .env:\nBROADSHEET_SMTP=${smtp.example}\nor BROADSHEET_SMTP=${emlFolder.example} to write .eml files and mail nobody.`,
  )
}

/** Below this rate, in messages a second, one core has time to spare. */
const MIN_RATE_FOR_THREADS = 200

/** For whole editions. @throws UserError for an address or a key that cannot be used */
export function openSending(address: string, options: OpenSending): Transport {
  const { dir, mail, timeouts } = options
  const dkim = signingFor(address, options)
  const open = () => withDkim(openTransport(address, options), dkim)
  const slow = (mail.rate ?? MIN_RATE_FOR_THREADS) < MIN_RATE_FOR_THREADS
  if (slow || !transportKind(address).threads) return open()
  const signing = dkim && { domain: dkim.domain, keys: dkim.keys }
  return threadedTransport(open, { address, dir, timeouts, dkim: signing }, options.threading)
}

/** For single mails. The same errors. */
export function openSigned(address: string, options: Omit<OpenSending, 'threading'>): Transport {
  const dkim = signingFor(address, options)
  return withDkim(openTransport(address, options), dkim)
}

function signingFor(address: string, options: DkimOptions): DkimSigning | undefined {
  const dkim = dkimSigning(options)
  const { breaksDkim } = transportKind(address)
  if (dkim && breaksDkim) throw new UserError(breaksDkim.why, breaksDkim.hint)
  return dkim
}

// DMARC asks that the address a letter is from, the domain that signs and the server that sends belong together.

/** @param from addresses; one may be there several times @param through a transport's name: 'smtp://user@host:587' */
export function senderWarnings(
  from: readonly string[],
  signing: string | undefined,
  through: string | undefined,
): string[] {
  const warnings = [...new Set(from)].flatMap(address => [
    signing === undefined ? undefined : misaligned(address, signing),
    through === undefined ? undefined : borrowedFrom(address, through),
  ])
  return [...new Set(warnings)].filter(warning => warning !== undefined)
}

/**
 * `d=` and the domain of From belong together: relaxed, which is what all but a few ask for, that means to the same
 * organisation. Where they do not, the signature is valid and counts for nothing.
 */
export function misaligned(address: string, signing: string): string | undefined {
  const from = ascii(domainOf(address))
  const domain = ascii(signing)
  if (from === domain || from.endsWith(`.${domain}`) || domain.endsWith(`.${from}`)) return undefined
  if (organisation(from) === organisation(domain)) return undefined
  return `DKIM signs as ${domain}, and letters are from ${from}: DMARC takes no notice of such a signature. Sign as ${organisation(from)}, or write from an address at ${domain}.`
}

function ascii(domain: string): string {
  const lower = domain.toLowerCase()
  return domainToASCII(lower) || lower
}

/** Without the public list of suffixes: two labels, or three below one like co.uk or com.au. For a warning that will do. */
function organisation(domain: string): string {
  const labels = domain.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  return labels.slice(top.length === 2 && second.length <= 3 ? -3 : -2).join('.')
}

/** Who gives addresses away, and what its own servers are called. All of them ask receivers to turn away the others' mail. */
const PROVIDERS: readonly (readonly [domains: RegExp, servers: RegExp])[] = [
  [/^(gmail|googlemail)\.com$/, /(^|\.)(gmail|google|googlemail)\.com$/],
  [/^(yahoo|ymail|rocketmail|aol)\.[a-z.]+$/, /(^|\.)(yahoo|aol)\.[a-z.]+$/],
  [/^(outlook|hotmail|live|msn)\.[a-z.]+$/, /(^|\.)(outlook|office365|hotmail|live)\.com$/],
  [/^(icloud|me|mac)\.com$/, /(^|\.)(me|icloud)\.com$/],
  [/^(gmx\.[a-z.]+|web\.de)$/, /(^|\.)(gmx\.[a-z.]+|web\.de)$/],
]

/** Whether it is at a provider that gives addresses away: its records in DNS are the provider's. */
export function isGivenAway(address: string): boolean {
  return PROVIDERS.some(([domains]) => domains.test(domainOf(address)))
}

/** An address at a provider that lets only its own servers send. */
export function borrowedFrom(address: string, through: string): string | undefined {
  const domain = domainOf(address)
  const server = /^smtps?:\/\/(?:[^/]*@)?([^/@]*):\d+$/.exec(through)?.[1]?.toLowerCase() ?? ''
  const provider = PROVIDERS.find(([domains]) => domains.test(domain))
  if (!provider || provider[1].test(server)) return undefined
  return `Letters are from ${domain}, and do not go out through its servers: most receivers refuse them (DMARC). Write from a domain of your own.`
}
