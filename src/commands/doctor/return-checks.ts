// Where mail comes back to: the domains of From, Reply-To and bounces → can anybody answer, and do bounces arrive.

import { isIP } from 'node:net'
import { isNeverInDns } from '../../deliver/index.ts'
import { openImap } from '../../inbound/index.ts'
import { type NameServer, WebTrouble } from './network.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import { domainAt, type Setup } from './setup.ts'
import { isLoopback } from './smtp-checks.ts'

export const returning: Group = {
  title: 'Mail that comes back',
  checks: [
    {
      name: 'from-domain',
      why: 'Many servers refuse a letter from a domain that is not there or takes no mail (RFC 7505), and nobody can answer it.',
      needs: ['newsletter'],
      fatal: true,
      find: async ({ examples, senders, relay, dns }) => [
        ...examples.map(domain =>
          warn(`${domain} is a name for examples: nobody can answer`, 'Write from a domain of your own.'),
        ),
        ...(await Promise.all(
          senders.map(async ({ domain, envelope }) => {
            const finding = await takesMail(domain, dns)
            // Servers look at the domain of the envelope; that of From alone is for people.
            const isEnvelope = envelope === domain && !relay?.ownEnvelope
            return finding.result === 'fail' && !isEnvelope
              ? { ...finding, result: 'warn' as const }
              : finding
          }),
        )),
      ],
    },
    {
      name: 'reply-domain',
      why: 'Readers answer newsletters, and providers count that in your favour.',
      needs: ['newsletter'],
      find: async setup => {
        const domains = publicDomains(setup.newsletters.flatMap(({ replyTo }) => replyTo?.address ?? []))
        const others = domains.filter(domain => !setup.senders.some(sender => sender.domain === domain))
        return others.length === 0
          ? skip('the same as From')
          : Promise.all(others.map(domain => takesMail(domain, setup.dns)))
      },
    },
    {
      name: 'bounce-domain',
      why: 'Many servers refuse a letter whose return address takes no mail; bounces that do not arrive leave dead addresses on the list.',
      needs: ['newsletter', 'bounces'],
      fatal: true,
      find: async ({ publication, relay, dns }) => {
        const [domain] = publicDomains([publication.mail.bounces!])
        if (domain === undefined) return skip('a name for examples')
        return relay?.ownEnvelope
          ? skip(`${relay.name} has a return address of its own`)
          : takesMail(domain, dns)
      },
    },
    {
      name: 'mx-hosts',
      why: 'A server that is named in MX and has no address that others reach takes no mail.',
      needs: ['newsletter', 'domain'],
      find: async setup => {
        const { bounces } = setup.publication.mail
        const domains = new Set([
          ...setup.senders.map(({ domain }) => domain),
          ...publicDomains(bounces ? [bounces] : []),
        ])
        const found = await Promise.all([...domains].map(domain => mxHosts(domain, setup.dns)))
        return found.flat().length > 0 ? found.flat() : [skip('no MX')]
      },
    },
    {
      name: 'mta-sts',
      why: 'Where a policy is published, servers that are not in it get no bounces (RFC 8461).',
      needs: ['newsletter', 'bounces'],
      find: async setup => {
        const [domain] = publicDomains([setup.publication.mail.bounces!])
        return domain === undefined ? skip('a name for examples') : transportPolicy(domain, setup)
      },
    },
    {
      name: 'tls-reports',
      why: 'They tell when others cannot hand over mail to you safely (RFC 8460); of use where there is MTA-STS.',
      needs: ['newsletter', 'bounces'],
      find: async ({ publication, dns }) => {
        const [domain] = publicDomains([publication.mail.bounces!])
        if (domain === undefined) return skip('a name for examples')
        const records = (await dns.txt(`_smtp._tls.${domain}`)).filter(text => /^v=TLSRPTv1/i.test(text))
        if (records.length === 0) return skip('no reports are asked for')
        return records.length === 1 && /\brua=(mailto:|https:)/i.test(records[0]!)
          ? pass('reports on TLS are asked for')
          : fail(
              `_smtp._tls.${domain} is in error`,
              'Publish one record:',
              `"v=TLSRPTv1; rua=mailto:tls@${domain}"`,
            )
      },
    },
    {
      name: 'bounce-mailbox',
      why: '`broadsheet bounces --imap` reads it; what it cannot open, nobody reads.',
      needs: ['newsletter'],
      find: async ({ env, signal }) => {
        if (!env.BROADSHEET_IMAP) return skip('BROADSHEET_IMAP is not set')
        const mailbox = await openImap(env.BROADSHEET_IMAP, signal)
        await mailbox.close()
        return pass('the mailbox opens')
      },
    },
  ],
}

function publicDomains(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map(domainAt))].filter(domain => !isNeverInDns(domain))
}

/** RFC 5321 §5.1: MX, or else an address. */
async function takesMail(domain: string, dns: NameServer): Promise<Finding> {
  const servers = await dns.mx(domain)
  if (servers.some(({ exchange }) => exchange !== '')) return pass(`${domain} takes mail`)
  const remedy = `Publish at ${domain} where its mail goes, as MX:`
  const copy = `10 mail.${domain}.`
  if (servers.length > 0) return fail(`${domain} says that it takes no mail (null MX)`, remedy, copy)
  const addresses = await dns.addresses(domain)
  return addresses.length > 0
    ? pass(`${domain} takes mail, at its own address`)
    : fail(`${domain} is not in DNS, or takes no mail`, remedy, copy)
}

async function mxHosts(domain: string, dns: NameServer): Promise<Finding[]> {
  const servers = (await dns.mx(domain)).filter(({ exchange }) => exchange !== '')
  if (servers.length === 0) return []
  const dead: string[] = []
  const aliases: string[] = []
  for (const { exchange } of servers) {
    if (isIP(exchange) > 0)
      return [
        fail(
          `MX of ${domain} is an address, not a name: ${exchange}`,
          'Give that server a name, and publish it as MX (RFC 5321 §5.1).',
        ),
      ]
    // One in a private network may be what DNS says inside it only.
    const addresses = await dns.addresses(exchange)
    if (!addresses.some(ip => !isLoopback(ip) && ip !== '0.0.0.0')) dead.push(exchange)
    else if (await isAlias(exchange, dns)) aliases.push(exchange)
  }
  if (dead.length === servers.length)
    return [
      fail(
        `no server of ${domain} has an address that others reach: ${dead.join(', ')}`,
        'Publish one for each, or correct MX.',
      ),
    ]
  if (dead.length > 0)
    return [
      warn(
        `${dead.join(', ')}, in MX of ${domain}, has no address that others reach`,
        'Publish it, or take it out of MX.',
      ),
    ]
  return aliases.length === 0
    ? [pass(`every server of ${domain} has an address`)]
    : [
        warn(
          `${aliases.join(', ')}, in MX of ${domain}, is an alias (CNAME), which some servers refuse`,
          'Name in MX what the alias leads to (RFC 5321 §5.1).',
        ),
      ]
}

async function isAlias(name: string, dns: NameServer): Promise<boolean> {
  const found = await dns.ask(name, 'CNAME').catch(() => [])
  return (found as readonly string[]).length > 0
}

async function transportPolicy(domain: string, { dns, web }: Setup): Promise<Finding> {
  const records = (await dns.txt(`_mta-sts.${domain}`)).filter(text => /^v=STSv1\b/i.test(text))
  if (records.length === 0) return skip('no policy is published, which is as it may be')
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  if (records.length > 1) return fail(`_mta-sts.${domain} has several records`, 'Leave one of them.')
  const { parsePolicy, validateMx } = await import('mailauth/lib/mta-sts.js')
  try {
    const { status, text } = await web.ask(url)
    if (status !== 200)
      return fail(`${url} answers ${status}`, 'Put the policy there, or take the record away.')
    const policy = parsePolicy(text)
    const left = (await dns.mx(domain)).filter(
      ({ exchange }) => exchange !== '' && !(validateMx(exchange, policy) as { valid: boolean }).valid,
    )
    return left.length === 0
      ? pass(`MTA-STS: ${policy.mode}`)
      : fail(
          `the policy does not name ${left.map(({ exchange }) => exchange).join(', ')}`,
          `Add to ${url}:`,
          `mx: ${left[0]!.exchange}`,
        )
  } catch (error) {
    if (error instanceof WebTrouble)
      return warn(`${error.message}: the MTA-STS policy cannot be had`, `It is expected at ${url}`)
    return fail(
      `the policy at ${url} is in error: ${(error as Error).message}`,
      'It has version, mode, mx and max_age, a line each (RFC 8461 §3.2).',
    )
  }
}
