// DMARC of the domains that letters are from, and BIMI → what receivers do with a letter that does not pass, and whether ours do.

import { borrowedFrom } from '../../deliver/index.ts'
import { type DmarcPolicy, isAligned, namesAbove } from './domain-policies.ts'
import { asciiName, WebTrouble } from './network.ts'
import { type Finding, fail, type Group, pass, skip, warn } from './run-checks.ts'
import type { Sender, Setup } from './setup.ts'
import { spfPermits, txt } from './spf-checks.ts'

const NEEDS = ['newsletter', 'domain'] as const

/** Google, Yahoo and Microsoft ask more of whoever sends so many a day. */
const BULK_READERS = 5000

export const dmarc: Group = {
  title: 'DMARC',
  checks: [
    {
      name: 'dmarc-record',
      why: 'Gmail, Yahoo and Microsoft refuse bulk mail from a domain without DMARC.',
      needs: NEEDS,
      find: setup =>
        eachSender(setup, async ({ domain }, policy) => {
          const [twice] = policy.doubled
          if (twice !== undefined)
            return fail(`_dmarc.${twice} has several records, which counts as none`, 'Leave one of them.')
          if (policy.record) return pass(`a policy at _dmarc.${policy.record.domain}`)
          const [broken] = policy.broken
          if (broken)
            return fail(
              `the record at _dmarc.${broken.domain} counts as none: it does not begin with v=DMARC1;`,
              'Publish instead:',
              txt(`v=DMARC1; ${broken.text.replace(/^["'\s]*v\s*=\s*DMARC1?[;,:\s]*/i, '')}`),
            )
          const says = `no policy for ${domain}; looked at ${namesAbove(domain)
            .map(name => `_dmarc.${name}`)
            .join(', ')}`
          const remedy = `Publish at _dmarc.${domain}, as TXT:`
          const record = txt(`v=DMARC1; p=none; rua=mailto:dmarc@${domain}`)
          return (await setup.readers()) >= BULK_READERS
            ? fail(says, remedy, record)
            : warn(says, remedy, record)
        }),
    },
    {
      name: 'dmarc-valid',
      why: 'A tag that receivers do not know does nothing, and a wrong one makes the record one of p=none (RFC 9989 §4.7).',
      needs: NEEDS,
      find: setup => eachPolicy(setup, ({ record }) => tagProblem(record)),
    },
    {
      name: 'dmarc-policy',
      why: 'What receivers do with mail in your name that does not pass.',
      needs: NEEDS,
      find: setup =>
        eachPolicy(setup, ({ record, requested, domain }) => {
          const by = record.domain === domain ? '' : ` by ${record.domain}`
          return pass(
            `${requested === 'none' ? 'mail that does not pass is let through' : requested} (p=${requested}${by})`,
          )
        }),
    },
    {
      name: 'dmarc-alignment',
      why: 'A letter passes when SPF or DKIM speaks for the domain in From; one that does not pass is refused or lands in spam.',
      needs: NEEDS,
      fatal: true,
      find: setup => eachPolicy(setup, (policy, sender) => alignment(setup, sender, policy)),
    },
    {
      name: 'dmarc-reports',
      why: 'Reports show who else sends in your name; another domain has to say that it wants them (RFC 9990 §4).',
      needs: NEEDS,
      find: setup => eachPolicy(setup, policy => reportsWanted(setup, policy)),
    },
  ],
}

type Known = DmarcPolicy & { readonly record: NonNullable<DmarcPolicy['record']> }

async function eachSender(
  setup: Setup,
  look: (sender: Sender, policy: DmarcPolicy) => Finding | Promise<Finding>,
): Promise<Finding[]> {
  return Promise.all(setup.senders.map(async sender => look(sender, await setup.policy(sender.domain))))
}

function eachPolicy(
  setup: Setup,
  look: (policy: Known, sender: Sender) => Finding | Promise<Finding>,
): Promise<Finding[]> {
  return eachSender(setup, (sender, policy) =>
    policy.record ? look(policy as Known, sender) : skip(`${sender.domain} has no policy`),
  )
}

/** RFC 9989 §4.7. */
const TAGS = ['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'rua', 'ruf', 't', 'psd']

/** Of the DMARC of old; RFC 9989 has them no more. */
const FORMER_TAGS = ['pct', 'rf', 'ri']

const VALUES: Readonly<Record<string, RegExp>> = {
  p: /^(none|quarantine|reject)$/i,
  sp: /^(none|quarantine|reject)$/i,
  np: /^(none|quarantine|reject)$/i,
  adkim: /^[rs]$/i,
  aspf: /^[rs]$/i,
  t: /^[yn]$/i,
  psd: /^[ynu]$/i,
}

function tagProblem({ domain, text, tags }: Known['record']): Finding {
  const at = `_dmarc.${domain}`
  const wrong = Object.entries(VALUES).find(([name, right]) => tags.has(name) && !right.test(tags.get(name)!))
  if (wrong) {
    const [name] = wrong
    const example =
      name === 'p' || name === 'sp' || name === 'np'
        ? 'none, quarantine or reject'
        : name === 't'
          ? 'y or n'
          : name === 'psd'
            ? 'y, n or u'
            : 'r or s'
    return fail(`${name}=${tags.get(name)} at ${at} means nothing`, `It is ${example}.`)
  }
  if (!tags.has('p'))
    return fail(
      `the record at ${at} has no p=`,
      'Publish instead:',
      txt(text.replace(/^(v\s*=\s*DMARC1\s*;?)/i, 'v=DMARC1; p=none;')),
    )
  const loose = text.split(';').find(pair => pair.trim() !== '' && !/^\s*[a-z]\w*\s*=/i.test(pair))
  if (loose !== undefined)
    return fail(
      `“${loose.trim()}” at ${at} is no tag`,
      'Tags are name=value, with semicolons between them; several addresses in one tag have commas between them.',
    )
  for (const name of ['rua', 'ruf']) {
    const wrong = (tags.get(name) ?? '')
      .split(',')
      .find(uri => !/^\s*(?:[a-z][a-z0-9+.-]*:\S+\s*)?$/i.test(uri))
    if (wrong !== undefined)
      return fail(
        `${name}=${wrong.trim()} at ${at} is no address of reports`,
        'It begins with mailto:',
        `${name}=mailto:${wrong.trim()}`,
      )
  }
  const unknown = [...tags.keys()].filter(name => !TAGS.includes(name) && !FORMER_TAGS.includes(name))
  if (unknown.length > 0)
    return warn(`${unknown.join(', ')} at ${at} is no tag of DMARC`, `Those of DMARC are ${TAGS.join(', ')}.`)
  // Harmless where it says what is the case anyway.
  const pct = Number(tags.get('pct') ?? 100)
  if (pct < 100)
    return warn(
      `pct=${tags.get('pct')} at ${at} is read by fewer and fewer receivers: the others apply the policy to all mail`,
      'RFC 9989 has no pct any more. To ask for one step less than the policy, publish instead:',
      txt(`${text.replace(/\s*\bpct\s*=[^;]*;?/i, '').replace(/;?\s*$/, '')}; t=y`),
    )
  return pass('every tag is right')
}

/** Only what is certain is a failure: whether somebody else signs for us is not seen from here. */
async function alignment(
  setup: Setup,
  { address, envelope, domain }: Sender,
  policy: Known,
): Promise<Finding> {
  const { relay, publication, host } = setup
  const { dkim: signing } = publication.mail
  const { requested, strictSpf, strictDkim, organisation } = policy
  const aligned = (other: string, strict: boolean) => isAligned(other, policy, strict, setup.policy)
  if (signing && (await aligned(asciiName(signing.domain), strictDkim)))
    return pass(`${address}: DKIM speaks for it`)
  const isOurs = !relay?.ownEnvelope && (await aligned(envelope, strictSpf))
  const isPermitted = isOurs ? await spfPermits(setup, envelope) : false
  if (isPermitted) return pass(`${address}: SPF speaks for it`)
  const grave = requested === 'none' ? warn : fail
  const borrowed = host === undefined ? undefined : borrowedFrom(address, `smtp://${host}:25`)
  if (borrowed !== undefined) return grave(borrowed, 'Write from a domain of your own.')
  // A company signs by itself, besides us.
  if (!signing || relay)
    return skip(`${address}: ${relay ? `${relay.name} signs` : 'your server may sign'}; --send-test shows it`)
  if (isOurs && isPermitted === undefined)
    return skip(`${address}: only SPF could speak for it, which is not seen from here: --send-test shows it`)
  return grave(
    `letters from ${domain} are signed as ${signing.domain}, and come from ${envelope}: nothing speaks for ${domain}`,
    `Sign as ${organisation}, in publication.yaml:`,
    `mail: { dkim: { domain: ${organisation}, selector: ${signing.selector} } }`,
  )
}

async function reportsWanted(setup: Setup, { record, domain, organisation }: Known): Promise<Finding> {
  const addresses = [...(record.tags.get('rua') ?? '').matchAll(/mailto:([^,!\s]+)/gi)].map(
    match => match[1]!,
  )
  if (addresses.length === 0) return skip(`no reports are asked for at _dmarc.${record.domain} (rua=)`)
  for (const address of addresses) {
    const to = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
    if (
      to === organisation ||
      to.endsWith(`.${organisation}`) ||
      (await setup.policy(to)).organisation === organisation
    )
      continue
    const name = `${record.domain}._report._dmarc.${to}`
    const agreed = (await setup.dns.txt(name)).some(text => /^v\s*=\s*DMARC1/i.test(text))
    if (!agreed)
      return warn(
        `${to} has not said that it wants reports on ${domain}`,
        `Who runs ${to} has to publish at ${name}, as TXT:`,
        txt('v=DMARC1'),
      )
  }
  return pass(`reports go to ${addresses.join(', ')}`)
}

// ─── BIMI ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Nobody has to have it: what is there must be right. */
export const bimi: Group = {
  title: 'BIMI',
  checks: [
    {
      name: 'bimi-record',
      why: 'Gmail, Yahoo and Apple Mail show the logo that the record names beside a letter.',
      needs: NEEDS,
      find: setup =>
        eachPolicy(setup, async policy => {
          const found = await bimiOf(setup, policy)
          if (!found) return skip('no logo is published, which is as it may be')
          return found.location || found.problem === undefined
            ? pass(`a logo for ${policy.domain}`)
            : fail(found.problem, 'It is v=BIMI1; l=https://…/logo.svg; a=https://…/vmc.pem')
        }),
    },
    {
      name: 'bimi-policy',
      why: 'A logo is shown only where DMARC asks for quarantine or reject.',
      needs: NEEDS,
      find: setup =>
        eachPolicy(setup, async policy => {
          if (!(await bimiOf(setup, policy))) return skip('no logo is published')
          return policy.requested === 'none'
            ? warn(
                `a logo is published, and the policy of ${policy.domain} is p=none`,
                `Once DKIM and SPF pass everywhere, publish at _dmarc.${policy.record.domain}:`,
                txt(policy.record.text.replace(/\bp=none/i, 'p=quarantine')),
              )
            : pass('the policy is strict enough')
        }),
    },
    {
      name: 'bimi-logo',
      why: 'The logo must be there, and be SVG Tiny PS; anything else is not shown.',
      needs: NEEDS,
      find: setup =>
        eachPolicy(setup, async policy => {
          const location = (await bimiOf(setup, policy))?.location
          return location ? logoAt(setup, location) : skip('no logo is published')
        }),
    },
  ],
}

interface Bimi {
  readonly location: string | undefined
  readonly problem: string | undefined
}

async function bimiOf({ dns }: Setup, { domain, organisation }: Known): Promise<Bimi | undefined> {
  const names = [...new Set([domain, organisation])].map(name => `default._bimi.${name}`)
  // A wildcard may answer with something else.
  const texts = (await Promise.all(names.map(name => dns.txt(name))))
    .flat()
    .filter(text => /bimi/i.test(text))
  if (texts.length === 0) return undefined
  const { bimi: read } = await import('mailauth/lib/bimi/index.js')
  const passed = {
    status: { result: 'pass', header: { from: domain } },
    domain: organisation,
    policy: 'reject',
    alignment: { dkim: { result: domain } },
  }
  const found = await read({ dmarc: passed, resolver: dns.ask } as never)
  if (!found) return undefined
  const { status, location } = found as {
    readonly status: { readonly result: string; readonly comment?: string }
    readonly location?: string
  }
  // A record of empty values says that there is none on purpose.
  if (texts.every(text => /^v=BIMI1;\s*l=\s*;?(\s*a=\s*;?)?\s*$/i.test(text))) return undefined
  return { location, problem: status.result === 'pass' ? undefined : (status.comment ?? status.result) }
}

async function logoAt({ web }: Setup, location: string): Promise<Finding> {
  const { validateSvg } = (await import('mailauth/lib/bimi/validate-svg.js' as string)) as {
    validateSvg(svg: string): unknown
  }
  try {
    const { status, text } = await web.ask(location)
    if (status !== 200) return fail(`${location} answers ${status}`, 'Put the logo there.')
    validateSvg(text)
    return pass('the logo is SVG Tiny PS')
  } catch (error) {
    if (error instanceof WebTrouble) return warn(error.message, 'Put the logo where it can be fetched.')
    return fail(
      `the logo is not SVG Tiny PS: ${(error as Error).message}`,
      'Export it with baseProfile="tiny-ps", version="1.2" and a title.',
    )
  }
}
