// The SPF record of the envelope's domain → whether it allows the servers that our mail comes from (RFC 7208).

import { isSpf, MAX_LOOKUPS, MAX_VOID_LOOKUPS, type SpfEvaluation } from './domain-policies.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Sender, Setup } from './setup.ts'
import { isLoopback } from './smtp-checks.ts'

const NEEDS = ['newsletter', 'domain'] as const

export const spf: Group = {
  title: 'SPF',
  checks: [
    {
      name: 'spf-record',
      why: 'Gmail, Yahoo and Microsoft want SPF; without it everybody may write in your name.',
      needs: NEEDS,
      find: setup =>
        eachEnvelope(setup, ({ records }, domain) => {
          if (records.length === 1) return pass(`one record at ${domain}`)
          if (records.length === 0)
            return fail(`${domain} has no SPF record`, `Publish at ${domain}:`, txt(suggestion(setup)))
          return fail(
            `${domain} has ${records.length} SPF records, which counts as an error`,
            'Leave one, with what all of them say:',
            txt(joined(records)),
          )
        }),
    },
    {
      name: 'spf-valid',
      why: 'A record that cannot be read counts as none (permerror).',
      needs: NEEDS,
      find: setup =>
        eachRecord(setup, ({ problem, lookups, chain }, domain) => {
          // Both have a check of their own.
          if (problem === undefined || lookups > MAX_LOOKUPS) return pass('can be read')
          return fail(
            `the record of ${domain} is in error: ${problem}`,
            `Correct it; it is made of ${chain.map(link => link.domain).join(', ')}.`,
          )
        }),
    },
    {
      name: 'spf-lookups',
      why: 'Receivers stop after 10 look-ups, and then SPF fails for every letter (RFC 7208 §4.6.4).',
      needs: NEEDS,
      find: setup =>
        eachRecord(setup, evaluation => {
          const says = `${evaluation.lookups} of ${MAX_LOOKUPS} look-ups`
          if (evaluation.lookups <= MAX_LOOKUPS) return pass(says)
          return fail(
            `${evaluation.lookups} look-ups, and ${MAX_LOOKUPS} are allowed: ${describeChain(evaluation)}`,
            'Take out includes of servers that do not send for you any more, or send from a subdomain with a record of its own.',
          )
        }),
    },
    {
      name: 'spf-void',
      why: 'Receivers stop after 2 look-ups that find nothing (RFC 7208 §4.6.4).',
      needs: NEEDS,
      find: setup =>
        eachRecord(setup, ({ voids, chain }) =>
          voids <= MAX_VOID_LOOKUPS
            ? pass(
                voids === 0 ? 'none that finds nothing' : `${voids} of ${MAX_VOID_LOOKUPS} that find nothing`,
              )
            : fail(
                `${voids} look-ups find nothing, and ${MAX_VOID_LOOKUPS} are allowed`,
                `Take out what is not there any more; the record is made of ${chain.map(link => link.domain).join(', ')}.`,
              ),
        ),
    },
    {
      name: 'spf-all',
      why: 'What is said of everybody else is what keeps others from writing in your name.',
      needs: NEEDS,
      find: setup =>
        eachRecord(setup, ({ others, records, lookups }, domain) => {
          const remedy = `End the record at ${domain} with ~all:`
          if (lookups > MAX_LOOKUPS || others === 'permerror' || others === 'temperror')
            return skip('not evaluated')
          if (others === 'pass') return fail('everybody may send', remedy, txt(withAll(records[0]!)))
          // Who writes ?all means it.
          if (/\s\?all\b/i.test(records[0]!)) return pass('nothing is said of others (?all)')
          if (others === 'neutral')
            return warn('nothing is said of everybody else', remedy, txt(withAll(records[0]!)))
          return pass(others === 'fail' ? 'others fail (-all)' : 'others fail softly (~all)')
        }),
    },
    {
      name: 'spf-permits',
      why: 'Where the server that sends is not named, SPF fails, and DMARC has only DKIM left.',
      needs: ['newsletter', 'smtp', 'domain'],
      find: setup =>
        setup.relay?.ownEnvelope
          ? [ownEnvelope(setup)]
          : eachRecord(setup, (evaluation, domain) => permitted(setup, evaluation, domain)),
    },
  ],
}

/** Whether the way that mail takes is in SPF: undefined when that cannot be known from here. */
export async function spfPermits(setup: Setup, domain: string): Promise<boolean | undefined> {
  const { relay, host, dns } = setup
  const evaluation = await setup.spf(domain)
  if (evaluation.records.length !== 1) return false
  if (relay?.includes) {
    if (evaluation.chain.some(link => relay.includes!.some(name => isBelow(link.domain, name)))) return true
    return (await namesAllOf(relay.includes[0]!, evaluation, setup)) || undefined
  }
  if (host === undefined || isLoopback(host)) return undefined
  const results = await Promise.all((await dns.addresses(host)).map(evaluation.allows))
  return results.includes('pass') ? true : undefined
}

/** Some copy the addresses of an include into their own record, to save look-ups. */
async function namesAllOf(include: string, { allows }: SpfEvaluation, { spf, dns }: Setup): Promise<boolean> {
  const { chain } = await spf(include)
  const records = await Promise.all(chain.map(({ domain }) => dns.txt(domain)))
  const addresses = records
    .flat()
    .filter(isSpf)
    .flatMap(record => [...record.matchAll(/\bip4:([\d.]+)/gi)].map(match => match[1]!))
  const results = await Promise.all(addresses.slice(0, MAX_SAMPLES).map(allows))
  return results.length > 0 && results.every(result => result === 'pass')
}

const MAX_SAMPLES = 5

async function permitted(setup: Setup, { records }: SpfEvaluation, domain: string): Promise<Finding> {
  const { relay, host, outgoing } = setup
  if (await spfPermits(setup, domain)) return pass(relay ? `${relay.name} may send` : `${host} may send`)
  if (relay?.includes)
    return fail(
      `${relay.name} may not send for ${domain}`,
      `Publish at ${domain}, in place of the record that is there:`,
      txt(withMechanism(records[0]!, `include:${relay.includes[0]}`)),
    )
  if (host === undefined || isLoopback(host))
    return skip(`the address that ${outgoing?.split(':')[0]} sends from is not seen from here`)
  const [ip] = await setup.dns.addresses(host)
  if (ip === undefined) return skip(`${host} is not in DNS`)
  return warn(
    `${host} (${ip}) is not in the record of ${domain}`,
    `If letters leave from there, publish at ${domain}, in place of the record that is there:`,
    txt(withMechanism(records[0]!, `a:${host}`)),
  )
}

function ownEnvelope({ relay }: Setup): Finding {
  return pass(`${relay?.name} has a return address of its own`)
}

function eachEnvelope(
  setup: Setup,
  look: (evaluation: SpfEvaluation, domain: string, sender: Sender) => Finding | Promise<Finding>,
): Promise<Finding[]> {
  if (setup.relay?.ownEnvelope)
    return Promise.resolve([skip(`${setup.relay.name} has a return address of its own`)])
  const byEnvelope = new Map(setup.senders.map(sender => [sender.envelope, sender]))
  return Promise.all(
    [...byEnvelope].map(async ([domain, sender]) => look(await setup.spf(domain), domain, sender)),
  )
}

/** Only where there is one record to look at. */
function eachRecord(
  setup: Setup,
  look: (evaluation: SpfEvaluation, domain: string) => Finding | Promise<Finding>,
): Promise<Finding[]> {
  return eachEnvelope(setup, (evaluation, domain) =>
    evaluation.records.length === 1 ? look(evaluation, domain) : skip(`${domain} has no single record`),
  )
}

/** 'a.org → b.org → c.org, d.org': who leads to whom. */
function describeChain({ chain }: Pick<SpfEvaluation, 'chain'>): string {
  return chain
    .map(({ domain, depth }, at) => `${at === 0 ? '' : depth > chain[at - 1]!.depth ? ' → ' : ', '}${domain}`)
    .join('')
}

function isBelow(domain: string, above: string): boolean {
  return domain === above || domain.endsWith(`.${above}`)
}

function suggestion({ relay, host }: Setup): string {
  if (relay?.includes) return `v=spf1 include:${relay.includes[0]} ~all`
  return host === undefined || isLoopback(host) ? 'v=spf1 a mx ~all' : `v=spf1 a:${host} ~all`
}

/** Before what ends it. */
function withMechanism(record: string, mechanism: string): string {
  const words = record.trim().split(/\s+/)
  const end = words.findIndex(word => /^[+?~-]?all$|^redirect=/i.test(word))
  const at = end === -1 ? words.length : end
  return [...words.slice(0, at), mechanism, ...words.slice(at)].join(' ')
}

function withAll(record: string): string {
  return `${record.trim().replace(/\s+[+?]?all$/i, '')} ~all`
}

function joined(records: readonly string[]): string {
  const words = records.flatMap(record => record.trim().split(/\s+/).slice(1))
  const mechanisms = words.filter(word => !/^[+?~-]?all$/i.test(word))
  return ['v=spf1', ...new Set(mechanisms), '~all'].join(' ')
}

/** As it is typed into a form for DNS: strings of at most 255 octets. RFC 1035 §3.3.14. */
export function txt(text: string): string {
  return (text.match(/.{1,255}/g) ?? []).map(piece => `"${piece}"`).join(' ')
}
