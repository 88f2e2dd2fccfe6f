// A name → the records that DNS has of it, each asked for once; an address of the web → what answers there, or why nothing does.

import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { domainToASCII } from 'node:url'

/** DNS did not answer, which says nothing about the name. */
export class DnsTrouble extends Error {}

export interface Mx {
  readonly exchange: string
  readonly priority: number
}

/** No record is an empty list. All throw DnsTrouble. */
export interface NameServer {
  /** Each in one piece. */
  txt(name: string): Promise<readonly string[]>
  /** As in DNS; a single one without a name is RFC 7505's “no mail here”. By priority. */
  mx(name: string): Promise<readonly Mx[]>
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<readonly string[]>
  names(address: string): Promise<readonly string[]>
  /** As node:dns: throws its errors. */
  ask(name: string, type: string): Promise<unknown>
  /** What is still being asked is given up. */
  close(): void
}

/** All are cut when nobody waits any more: these are for machines that are busy. */
const DNS_TIMEOUT_MS = 2000
const DNS_TRIES = 2

/** @param servers 'address:port'; those of this machine if left out */
export function openNameServer(servers: readonly string[] | undefined): NameServer {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
  if (servers) resolver.setServers([...servers])
  const asked = new Map<string, Promise<unknown>>()

  function ask(name: string, type: string): Promise<unknown> {
    const plain = asciiName(name)
    const key = `${type} ${plain}`
    const known = asked.get(key)
    if (known) return known
    const answer = type === 'PTR' && isIP(name) > 0 ? resolver.reverse(name) : resolver.resolve(plain, type)
    // Whoever asked may have stopped waiting.
    answer.catch(() => undefined)
    asked.set(key, answer)
    return answer
  }

  async function all<Record>(name: string, type: string): Promise<readonly Record[]> {
    try {
      return (await ask(name, type)) as Record[]
    } catch (error) {
      const { code = 'no answer' } = error as NodeJS.ErrnoException
      if (code === 'ENOTFOUND' || code === 'ENODATA') return []
      // No text of somebody else's becomes a question.
      if (code === 'EBADNAME' || code === 'ERR_INVALID_ARG_TYPE') return []
      throw new DnsTrouble(`DNS does not answer for ${name} (${code})`)
    }
  }

  return {
    txt: async name => (await all<string[]>(name, 'TXT')).map(pieces => pieces.join('')),
    mx: async name => [...(await all<Mx>(name, 'MX'))].sort((a, b) => a.priority - b.priority),
    addresses: async name => {
      if (isIP(name) > 0) return [name]
      return (await Promise.all([all<string>(name, 'A'), all<string>(name, 'AAAA')])).flat()
    },
    names: address => all<string>(address, 'PTR'),
    ask,
    close: () => resolver.cancel(),
  }
}

/** As DNS has it: A-labels, lower case, no dot at the end. */
export function asciiName(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, '')
  // Underscores are of DNS and not of IDNA.
  return /^[ -~]*$/.test(lower) ? lower : domainToASCII(lower) || lower
}

/** Text of tags between semicolons → tag → value; of a tag that is there twice, the first. RFC 6376 §3.2, RFC 9989 §4.7. */
export function tagsOf(record: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const pair of record.split(';')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim().toLowerCase()
    if (at > 0 && !tags.has(name)) tags.set(name, pair.slice(at + 1).trim())
  }
  return tags
}

// ─── The web ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface WebAnswer {
  readonly status: number
  readonly headers: Headers
  /** Its beginning. */
  readonly text: string
}

/** Nothing answered. `certain`: trying again would not help. */
export class WebTrouble extends Error {
  readonly certain: boolean
  readonly aboutTls: boolean
  constructor(message: string, { certain = false, aboutTls = false } = {}) {
    super(message)
    this.certain = certain
    this.aboutTls = aboutTls
  }
}

export interface Web {
  /** No redirect is followed. @throws WebTrouble */
  ask(url: string, init?: RequestInit): Promise<WebAnswer>
  /** ms since epoch. @throws WebTrouble */
  validUntil(url: string): Promise<number>
}

const WEB_TIMEOUT_MS = 10_000
const MAX_TEXT_BYTES = 262_144

export function openWeb(signal: AbortSignal): Web {
  const limited = () => AbortSignal.any([signal, AbortSignal.timeout(WEB_TIMEOUT_MS)])
  return {
    async ask(url, init = {}) {
      try {
        const headers = { 'User-Agent': 'Broadsheet doctor', ...(init.headers as Record<string, string>) }
        const response = await fetch(url, { ...init, headers, redirect: 'manual', signal: limited() })
        return { status: response.status, headers: response.headers, text: await beginningOf(response) }
      } catch (error) {
        throw troubleOf(error as Error, url)
      }
    },
    validUntil: url => certificateEnd(new URL(url), limited()),
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= MAX_TEXT_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

function troubleOf(error: Error, url: string): WebTrouble {
  if (error instanceof WebTrouble) return error
  const { host } = new URL(url)
  const cause = (error.cause ?? error) as NodeJS.ErrnoException
  const { code = '' } = cause
  if (code === 'ENOTFOUND') return new WebTrouble(`there is no host ${host}`, { certain: true })
  if (code === 'ECONNREFUSED') return new WebTrouble(`nobody answers at ${host}`, { certain: true })
  if (/CERT|SSL|TLS|SIGNED|VERIFY/.test(code))
    return new WebTrouble(`${host}: ${cause.message.replace(/\s+/g, ' ')}`, { certain: true, aboutTls: true })
  if (/Timeout|Abort/.test(error.name))
    return new WebTrouble(`${host} does not answer within ${WEB_TIMEOUT_MS / 1000} s`)
  return new WebTrouble(`${host} cannot be reached (${code || cause.message})`)
}

function certificateEnd(url: URL, signal: AbortSignal): Promise<number> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(url.port) || 443,
      // The name of a server is no address there.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
    })
    const end = (done: () => void) => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      done()
    }
    const late = () => end(() => reject(new WebTrouble(`${host} does not answer`)))
    signal.addEventListener('abort', late)
    socket.on('error', error => end(() => reject(troubleOf(error, url.href))))
    socket.on('secureConnect', () => {
      // Asked for first: a socket that is closed has none.
      const until = Date.parse(socket.getPeerCertificate().valid_to)
      end(() => resolve(until))
    })
  })
}
