// What somebody typed as an address of mail or of the web → the address to write to and the key that says who it is; a URL;
// or nothing.

import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'

export interface Address {
  /** Local part as given, domain in lower case and as A-labels: 'Anna.B@xn--bcher-kva.example'. */
  readonly address: string
  /** The same with the local part in lower case: two people have two keys, however they are written. */
  readonly key: string
}

// RFC 5322 §3.2.3 dot-atom, and RFC 6531 §3.3 for what is not ASCII: letters, marks, digits and signs, but no space, no
// control and no invisible character. Quoted local parts are refused: nobody has one, and parsers have been fooled by them.
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~\-.\u0080-\u{10FFFF}]+$/u
const UNSEEN = /[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Trims, brings to NFC, and writes the domain as A-labels (RFC 5891). Dots and plus signs are left alone: they are the
 * mailbox's business. Refuses CR, LF, NUL, spaces, quotes, angle brackets, comments, groups, lists of addresses and
 * address literals; within the limits of RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all.
 */
export function parseAddress(text: string): Address | undefined {
  const whole = text.trim().normalize('NFC')
  const at = whole.lastIndexOf('@')
  const local = whole.slice(0, at)
  if (at < 1 || !LOCAL.test(local) || UNSEEN.test(whole)) return undefined
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined
  if (Buffer.byteLength(local) > 64) return undefined
  const domain = asciiDomain(whole.slice(at + 1))
  if (domain === undefined || Buffer.byteLength(local) + 1 + domain.length > 254) return undefined
  return {
    address: `${local}@${domain}`,
    key: `${local.toLowerCase().normalize('NFC')}@${domain}`,
  }
}

/** SHA-256 of a key, hex: what a suppression remembers of an address, and all that is left of it after erasure. */
export function addressHash(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex')
}

function asciiDomain(text: string): string | undefined {
  // What is not a letter, digit, mark, dot or hyphen would be read as part of a URL by domainToASCII.
  if (!/^[\p{L}\p{N}\p{M}.\-\u3002\uFF0E\uFF61\u00B7\u0375\u05F3\u05F4\u30FB]+$/u.test(text)) return undefined
  const domain = domainToASCII(text)
  const labels = domain.split('.')
  const named = labels.length > 1 || domain === 'localhost'
  // A last label of digits is an IPv4 address, which needs brackets and is never a subscriber.
  if (!named || /^(?:\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? '')) return undefined
  return labels.every(label => LABEL.test(label)) && domain.length <= 253 ? domain : undefined
}

/** What is after the last @, in lower case; of an address that need not be one of ours. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** Domains of the large mailbox providers, which judge a sender by all of their domains together. */
const PROVIDERS: readonly (readonly [provider: string, domains: RegExp])[] = [
  ['Gmail', /^(?:gmail|googlemail)\.com$/],
  ['Microsoft', /^(?:outlook|hotmail|live|msn|passport)\.[a-z.]{2,6}$|^windowslive\.com$/],
  [
    'Yahoo',
    /^(?:yahoo|ymail|myyahoo)\.[a-z.]{2,6}$|^(?:rocketmail|aol|aim|verizon|att|sbcglobal)\.(?:com|net)$/,
  ],
  ['Apple', /^(?:icloud|me|mac)\.com$/],
  ['GMX and WEB.DE', /^gmx\.[a-z.]{2,6}$|^(?:web|email)\.de$|^mail\.com$/],
  ['Proton', /^(?:proton|protonmail)\.(?:com|me|ch)$|^pm\.me$/],
  ['Yandex', /^(?:yandex|ya)\.[a-z.]{2,6}$/],
  ['Mail.ru', /^(?:mail|inbox|list|bk|internet)\.ru$/],
  ['QQ', /^(?:qq|foxmail)\.com$/],
  ['NetEase', /^(?:163|126|yeah)\.(?:com|net)$/],
  ['Orange', /^(?:orange|wanadoo)\.fr$/],
  ['Comcast', /^(?:comcast|xfinity)\.(?:net|com)$/],
]

/** Who runs the mailboxes of a domain, as far as its name tells; else the domain itself. @param domain in lower case */
export function providerOf(domain: string): string {
  return PROVIDERS.find(([, domains]) => domains.test(domain))?.[0] ?? domain
}

/**
 * Addresses that reach the same person → one text, to count by: without `+tag`, and without the dots that Gmail does not
 * look at. Never to mail to: where `+` means nothing, these are two people.
 *
 * @param key of parseAddress
 */
export function mailboxOf(key: string): string {
  const at = key.lastIndexOf('@')
  const domain = key.slice(at + 1)
  const local = key.slice(0, at).replace(/(?<=^[^"+].*)\+.*$/s, '')
  return /^(gmail|googlemail)\.com$/.test(domain)
    ? `${local.replaceAll('.', '')}@gmail.com`
    : `${local}@${domain}`
}

// ─── Web addresses ───────────────────────────────────────────────────────────────────────────────────────────────────
//
// Text → an address, or undefined where it is none. In place of `URL.canParse`, which in Node 20, once it has been
// called some thousand times, takes `https://münchen.de/` for no address: a folder of many links lost some of them.

export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

const NORMAL_URL =
  /^https?:\/\/(?![^/]*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?:\/(?!\.\.?(?:[/?#]|$))[\w\-.~]*)+(?:[?#][\w\-.~=&/]*)?$/

/**
 * Whether a text is certainly an address in its normal form, found at a tenth of the cost of parsing it:
 * nothing in it is encoded, short for something or in capitals that mean nothing.
 */
export function isNormalUrl(text: string): boolean {
  return NORMAL_URL.test(text)
}

/** A path without percent signs; as it is where they mean nothing. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** An address with a user name and a password in it, both decoded. */
export interface SecretUrl {
  readonly url: URL
  readonly user: string
  readonly password: string
}

/**
 * Text with a password in it → its parts, or what is wrong with it in words that repeat nothing of it.
 *
 * A `/`, `?` or `#` that is not percent-encoded ends the host early, so that a part of the password would be taken for the
 * host's name, and be printed wherever the host is: an `@` behind it gives it away.
 */
export function readSecretUrl(text: string): SecretUrl | { readonly problem: string } {
  const [, behind = ''] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/is.exec(text) ?? []
  const end = behind.search(/[/?#]/)
  if (end !== -1 && behind.includes('@', end))
    return { problem: 'has a /, ? or # before its @ that is not percent-encoded' }
  if (/\p{Cc}/u.test(text)) return { problem: 'has a control character in it' }
  const url = parseUrl(text)
  // PostgreSQL's are without a host where it is reached through a socket: postgres:///broadsheet?host=/run/postgresql
  if (!url || (!url.hostname && !/^postgres/i.test(text))) return { problem: 'is not an address' }
  try {
    return { url, user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  } catch {
    return { problem: 'has a % in its user name or password that is not percent-encoded' }
  }
}

/** What a `problem` needs to be put right. */
export const ENCODE_PASSWORD =
  'In a user name or password write @ as %40, / as %2F, # as %23, ? as %3F, : as %3A, % as %25 and a space as %20.'

/** A user name for people: some providers want the same secret in both places. */
export function shownUser({ user, password }: Pick<SecretUrl, 'user' | 'password'>): string {
  return user !== '' && user === password ? '•••' : user
}
