// What the mail server says before the first message → whether it would accept our letters, and whether receivers would
// accept them from it.

import { isIP } from 'node:net'
import { DAY_MS } from '../../base/index.ts'
import type { SmtpServer } from '../../deliver/index.ts'
import { DnsTrouble } from './network.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Setup } from './setup.ts'

/** What signing adds, by two keys. */
const SIGNATURE_BYTES = 2000

const NEEDS = ['smtp', 'mail server'] as const

export const smtp: Group = {
  title: 'Mail server',
  checks: [
    {
      name: 'smtp-connection',
      why: 'Nothing can be sent without it.',
      needs: NEEDS,
      fatal: true,
      find: async setup => {
        const { host, port, failed } = await setup.server()
        return failed?.step === 'connection' ? failure(failed) : pass(`${host}:${port} answers`)
      },
    },
    {
      name: 'smtp-tls',
      why: 'Without TLS anybody on the way can read letters and the password; Gmail wants it.',
      needs: NEEDS,
      find: async setup => {
        const { facts, failed } = await setup.server()
        if (failed?.step === 'TLS') return failure(failed)
        if (!facts) return skip('no connection')
        if (facts.tls) return pass(facts.tls.protocol)
        if (isLoopback(facts.ip)) return skip('not encrypted, on this machine')
        return warn('nothing is encrypted', 'Use a port that offers STARTTLS (587), or smtps:// and 465.')
      },
    },
    {
      name: 'smtp-certificate',
      why: 'On the day it ends, every connection fails.',
      needs: NEEDS,
      find: async setup => {
        const { facts } = await setup.server()
        return facts?.tls ? untilWhen(facts.tls.validUntil, setup.now(), 'its certificate') : skip('no TLS')
      },
    },
    {
      name: 'smtp-login',
      why: 'A server that does not know us takes nothing.',
      needs: NEEDS,
      fatal: true,
      find: async setup => {
        const { facts, failed, loggedIn } = await setup.server()
        if (failed?.step === 'login') return failure(failed)
        if (!facts) return skip('no connection')
        return pass(loggedIn ? 'the login is right' : 'no login needed')
      },
    },
    {
      name: 'smtp-size',
      why: 'A server refuses what is larger than it says (SIZE, RFC 1870).',
      needs: NEEDS,
      find: async setup => {
        const { facts } = await setup.server()
        if (!facts) return skip('no connection')
        if (facts.maxBytes === undefined) return pass('no limit of size')
        const sizes = (await setup.samples()).map(({ message }) => message?.bytes.length ?? 0)
        const largest = Math.max(0, ...sizes) + SIGNATURE_BYTES
        const says = `letters of ${kilobytes(largest)}, and it takes ${kilobytes(facts.maxBytes)}`
        return largest <= facts.maxBytes
          ? pass(says)
          : fail(says, 'Have the limit raised (Postfix: message_size_limit), or carry less.')
      },
    },
    {
      name: 'smtp-name',
      why: 'Receivers mistrust a server whose name in EHLO is none, or is not in DNS (RFC 5321 §4.1.1.1).',
      needs: NEEDS,
      find: serverName,
    },
    {
      name: 'smtp-ptr',
      why: 'Gmail and others refuse mail from an address without a name that leads back to it (FCrDNS).',
      needs: NEEDS,
      find: reverseName,
    },
    {
      name: 'our-name',
      why: 'A server that asks for no login may refuse who calls himself by no full name in EHLO.',
      needs: NEEDS,
      find: async setup => {
        const { facts, loggedIn, port } = await setup.server()
        if (!facts) return skip('no connection')
        if (loggedIn || isLoopback(facts.ip) || port !== 25) return skip('of no matter with a login')
        const { ourName } = facts
        return isIP(ourName.replace(/^\[|\]$/g, '')) === 0 && ourName.includes('.')
          ? pass(`we are ${ourName}`)
          : warn(
              `we call ourselves ${ourName}`,
              'Say a full name that is in DNS: add it to BROADSHEET_SMTP:',
              '?name=news.example.org',
            )
      },
    },
  ],
}

function failure({ error }: NonNullable<SmtpServer['failed']>): Finding {
  return fail(error.message, error.hint ?? 'Check BROADSHEET_SMTP.')
}

const WARN_DAYS = 14

/** @param until ms since epoch @param what 'its certificate' */
export function untilWhen(until: number, now: number, what: string): Finding {
  if (Number.isNaN(until)) return skip(`${what} names no end`)
  const days = Math.floor((until - now) / DAY_MS)
  const many = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`
  if (until < now) {
    const gone = Math.floor((now - until) / DAY_MS)
    return fail(`${what} ended ${gone === 0 ? 'today' : `${many(gone)} ago`}`, 'Renew it.')
  }
  return days < WARN_DAYS
    ? warn(
        `${what} ends ${days === 0 ? 'within a day' : `in ${many(days)}`}`,
        'Renew it, and see why it did not renew itself.',
      )
    : pass(`${what} is good for ${days} days`)
}

/** The server that is given letters may be the one that delivers them; a company's servers are its own business. */
async function ownServer(setup: Setup): Promise<{ readonly ip: string; readonly name: string } | Finding> {
  const { facts } = await setup.server()
  if (!facts?.ip) return skip('no connection')
  if (setup.relay) return skip(`${setup.relay.name} sees to it`)
  if (isLoopback(facts.ip)) return skip('on this machine: not seen from here')
  return isPrivate(facts.ip)
    ? skip('in a private network: not seen from here')
    : { ip: facts.ip, name: facts.name }
}

async function serverName(setup: Setup): Promise<Finding> {
  const server = await ownServer(setup)
  if ('result' in server) return server
  const { ip, name } = server
  if (isIP(name.replace(/^\[(IPv6:)?|\]$/gi, '')) > 0) return pass('named by its address')
  if (!name.includes('.'))
    return warn(
      `the server calls itself ${name || 'nothing'}`,
      'Give it a full name that is in DNS (Postfix: myhostname).',
    )
  const addresses = await setup.dns.addresses(name)
  if (addresses.length === 0)
    return warn(
      `the server calls itself ${name}, which is not in DNS`,
      'Publish its address:',
      recordOf(name, ip),
    )
  return pass(`${name} is in DNS`)
}

async function reverseName(setup: Setup): Promise<Finding> {
  const server = await ownServer(setup)
  if ('result' in server) return server
  const { ip, name } = server
  const names = await setup.dns.names(ip)
  const remedy = `Ask whoever gave you the address for a PTR record of ${ip}, to a name whose address it is, such as:`
  if (names.length === 0) return warn(`${ip} has no name (PTR)`, remedy, name)
  for (const found of names.slice(0, 5)) {
    const back = await setup.dns.addresses(found).catch((error: unknown): readonly string[] => {
      if (error instanceof DnsTrouble) return []
      throw error
    })
    if (back.includes(ip)) return pass(`${ip} is ${found}`)
  }
  return warn(
    `${ip} is called ${names[0]}, whose address it is not`,
    'Publish that address, or change the PTR record:',
    recordOf(names[0]!, ip),
  )
}

/** A line of a zone file. */
function recordOf(name: string, ip: string): string {
  return `${name}. ${isIP(ip) === 6 ? 'AAAA' : 'A'} ${ip}`
}

export function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(localhost$|127\.|::1$)/.test(host)
}

/** RFC 1918, RFC 4193, RFC 6598. */
function isPrivate(ip: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe80:)/i.test(
    ip,
  )
}

function kilobytes(bytes: number): string {
  return bytes >= 10_000_000 ? `${Math.round(bytes / 1_000_000)} MB` : `${Math.ceil(bytes / 1000)} kB`
}
