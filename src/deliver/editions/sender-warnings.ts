// The addresses that letters are from, the domain that signs and the transport → warnings where receivers will not believe
// that the mail is ours. DMARC asks that they belong together.

import { domainToASCII } from 'node:url'

/** @param from addresses; one may stand there several times @param through a transport's name: 'smtp://user@host:587' */
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
  const from = ascii(address.slice(address.lastIndexOf('@') + 1))
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

/** An address at a provider that lets only its own servers send. */
export function borrowedFrom(address: string, through: string): string | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  const server = /^smtps?:\/\/(?:[^/]*@)?([^/@]*):\d+$/.exec(through)?.[1]?.toLowerCase() ?? ''
  const provider = PROVIDERS.find(([domains]) => domains.test(domain))
  if (!provider || provider[1].test(server)) return undefined
  return `Letters are from ${domain}, and do not go out through its servers: most receivers refuse them (DMARC). Write from a domain of your own.`
}
