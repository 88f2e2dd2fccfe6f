// A publication's folder and environment → what the checks of `doctor` look at: settings, letters, DNS, the web, the mail
// server and the database, each asked once.

import { setTimeout } from 'node:timers/promises'
import { keysOf, once, parseAddress, signToken } from '../../base/index.ts'
import {
  composeTest,
  type DkimSigning,
  dkimSigning,
  inertSubscriber,
  isNeverInDns,
  letterToTest,
  meetSmtpServer,
  type SmtpServer,
  type TestLetter,
} from '../../deliver/index.ts'
import type { Loaded, Message, Newsletter, Publication } from '../../model.ts'
import { countSubscribers, type Database } from '../../store/index.ts'
import { type DmarcPolicy, evaluateSpf, findPolicy, type SpfEvaluation } from './domain-policies.ts'
import { asciiName, type NameServer, openNameServer, openWeb, type Web } from './network.ts'

/** A domain that letters are from. */
export interface Sender {
  /** A-labels, lower case. */
  readonly domain: string
  /** Ids of the newsletters that are from it. */
  readonly newsletters: readonly string[]
  /** An address at it that letters are from. */
  readonly address: string
  /** Of the envelope sender. */
  readonly envelope: string
}

/** The next letter of a newsletter, and the same made out to nobody. */
export interface Sample {
  readonly newsletter: Newsletter
  /** Undefined where no edition has an article yet. */
  readonly letter: TestLetter['letter'] | undefined
  readonly message: Message | undefined
}

export interface Setup {
  readonly loaded: Loaded
  readonly publication: Publication
  readonly newsletters: readonly Newsletter[]
  readonly env: Readonly<Record<string, string | undefined>>
  now(): number
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal
  /** The clock is not this machine's. */
  readonly isTimeSet: boolean
  readonly dns: NameServer
  readonly web: Web
  /** BROADSHEET_SMTP; undefined where it is not set. */
  readonly outgoing: string | undefined
  /** Where `outgoing` leads, in lower case: 'smtp.example.org'; undefined where mail does not leave through SMTP. */
  readonly host: string | undefined
  /** The company behind it, where it is known. */
  readonly relay: Relay | undefined
  /** BROADSHEET_SECRET; undefined where it is not set, or could be guessed. */
  readonly secret: string | undefined
  /** Without those whose domains are names for examples. */
  readonly senders: readonly Sender[]
  /** Names for examples that letters are from. RFC 2606. */
  readonly examples: readonly string[]
  server(): Promise<SmtpServer>
  samples(): Promise<readonly Sample[]>
  /** @throws UserError for a key that cannot be used */
  signing(): DkimSigning | undefined
  spf(domain: string): Promise<SpfEvaluation>
  /** @throws DnsTrouble */
  policy(domain: string): Promise<DmarcPolicy>
  /** @throws UserError when it cannot be opened */
  database(): Promise<Database | undefined>
  readers(): Promise<number>
  /** @param ms */
  wait(ms: number): Promise<unknown>
  /** A link to unsubscribe that is signed, and nobody's. */
  inertLink(): string
  close(): Promise<void>
}

export interface SetupOptions {
  readonly loaded: Loaded
  readonly env: Setup['env']
  now(): number
  readonly isTimeSet?: boolean | undefined
  /** 'address:port'; those of this machine if left out. */
  readonly nameServers?: readonly string[] | undefined
  readonly signal: AbortSignal
  openDatabase(): Promise<Database | undefined>
}

/** How long a mail server may take to greet us and let us in. */
const SMTP_LIMIT_MS = 10_000

export function openSetup(options: SetupOptions): Setup {
  const { loaded, env, now, openDatabase } = options
  const { publication } = loaded
  const { newsletters, mail, service } = publication
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const dns = openNameServer(options.nameServers)
  const outgoing = env.BROADSHEET_SMTP?.trim() || undefined
  const host = /^smtps?:\/\/(?:[^/]*@)?\[?([^/@\]]*?)\]?(?::\d+)?(?:[/?].*)?$/i
    .exec(outgoing ?? '')?.[1]
    ?.toLowerCase()
  const secret = goodSecret(env.BROADSHEET_SECRET)
  const all = sendersOf(newsletters, mail)
  const ledger = new LedgerAskedFor(openDatabase)
  const database = () => ledger.open()
  const spf = onceEach((domain: string) => evaluateSpf(domain, dns))
  const policy = onceEach((domain: string) => findPolicy(domain, dns))
  return {
    loaded,
    publication,
    newsletters,
    env,
    now,
    signal,
    isTimeSet: options.isTimeSet === true,
    dns,
    web: openWeb(signal),
    outgoing,
    host,
    relay: relayOf(outgoing, host),
    secret,
    senders: all.filter(({ domain }) => !isNeverInDns(domain)),
    examples: all.map(({ domain }) => domain).filter(isNeverInDns),
    server: once(() => meetSmtpServer(outgoing ?? '', SMTP_LIMIT_MS, signal)),
    samples: once(() => makeSamples(options, database, secret)),
    signing: once(() => dkimSigning({ mail, env, dir: publication.dir, say: () => undefined })),
    spf,
    policy,
    database,
    readers: once(() => countReaders(database)),
    // Nobody waits for it at the end.
    wait: ms => setTimeout(ms, undefined, { ref: false }),
    inertLink: () => {
      const edition = `${newsletters[0]?.id ?? 'doctor'}/doctor`
      const token = signToken(secret ?? '', 'unsubscribe', { subscriber: inertSubscriber(now()), edition })
      return `${new URL(service ?? publication.url).href}u/${token}`
    },
    async close() {
      stop.abort()
      dns.close()
      await ledger.close()
    },
  }
}

/** Of each newsletter the next letter, made out to nobody. */
async function makeSamples(
  { loaded, now }: SetupOptions,
  database: Setup['database'],
  secret = 'no secret: for looking at only',
): Promise<Sample[]> {
  const { publication } = loaded
  const db = await database().catch(() => undefined)
  const made: Sample[] = []
  for (const newsletter of publication.newsletters) {
    const found = await letterToTest(loaded, [newsletter], { id: undefined, extra: undefined }, db, now())
    const who = { address: 'reader@example.org' }
    const message = found && (await composeTest(found, who, { publication, secret, now }))
    made.push({ newsletter, letter: found?.letter, message })
  }
  return made
}

async function countReaders(database: Setup['database']): Promise<number> {
  const db = await database().catch(() => undefined)
  return db ? (await countSubscribers(db)).active : 0
}

/** The database, opened by the first check that asks for it. */
class LedgerAskedFor {
  readonly open: () => Promise<Database | undefined>
  #opened: Database | undefined
  #isClosed = false

  constructor(openDatabase: SetupOptions['openDatabase']) {
    this.open = once(async () => {
      const db = await openDatabase()
      // Too late for whoever asked.
      if (this.#isClosed) await db?.close()
      else this.#opened = db
      return db
    })
  }

  /** What is still being opened is not waited for. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opened?.close()
  }
}

function goodSecret(text: string | undefined): string | undefined {
  const secret = text?.trim()
  return secret && keysOf(secret).every(key => key.length >= 16) ? secret : undefined
}

function sendersOf(newsletters: readonly Newsletter[], { bounces }: Publication['mail']): readonly Sender[] {
  const senders = new Map<string, Sender>()
  for (const { id, from } of newsletters) {
    const domain = domainAt(from.address)
    const envelope = bounces === undefined ? domain : domainAt(bounces)
    const before = senders.get(domain)?.newsletters ?? []
    senders.set(domain, { domain, newsletters: [...before, id], address: from.address, envelope })
  }
  return [...senders.values()]
}

/** A-labels, lower case. */
export function domainAt(address: string): string {
  return asciiName((parseAddress(address)?.address ?? address).split('@').at(-1) ?? '')
}

function onceEach<T>(make: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return name => {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
}

// ─── Companies that carry mail ───────────────────────────────────────────────────────────────────────────────────────

/** What is known of the company behind a mail server, from its own documentation. */
export interface Relay {
  readonly name: string
  /** What SPF of the envelope's domain must include, one of them; the first is the one to propose. */
  readonly includes?: readonly string[]
  /** The envelope sender is replaced by an address that the company reads: SPF is its business, and bounces come as webhooks. */
  readonly ownEnvelope?: true
  /** Selectors under which its signature for a customer's domain is published, where they are always the same. */
  readonly selectors?: readonly string[]
}

const RELAYS: readonly (readonly [host: RegExp, relay: Relay])[] = [
  [
    /(^|\.)(smtp|smtp-relay|aspmx\.l)\.(gmail|google|googlemail)\.com$/,
    {
      name: 'Google Workspace',
      includes: ['_spf.google.com', 'aspmx.googlemail.com'],
      selectors: ['google'],
    },
  ],
  [
    /(^|\.)(smtp\.office365|mail\.protection\.outlook|smtp-mail\.outlook)\.com$/,
    {
      name: 'Microsoft 365',
      includes: ['spf.protection.outlook.com'],
      selectors: ['selector1', 'selector2'],
    },
  ],
  [
    /(^|\.)(fastmail\.com|messagingengine\.com)$/,
    {
      name: 'Fastmail',
      includes: ['spf.messagingengine.com'],
      selectors: ['fm1', 'fm2', 'fm3', 'mesmtp'],
    },
  ],
  [/(^|\.)mailgun\.org$/, { name: 'Mailgun', includes: ['mailgun.org', 'eu.mailgun.org'] }],
  [/^email-smtp(-fips)?\.[\w-]+\.amazonaws\.com$/, { name: 'Amazon SES', ownEnvelope: true }],
  [/(^|\.)postmarkapp\.com$/, { name: 'Postmark', ownEnvelope: true }],
  [/(^|\.)sendgrid\.net$/, { name: 'SendGrid', ownEnvelope: true, selectors: ['s1', 's2'] }],
  [
    /(^|\.)(brevo|sendinblue)\.com$/,
    { name: 'Brevo', ownEnvelope: true, selectors: ['mail', 'brevo1', 'brevo2'] },
  ],
  [/(^|\.)mailjet\.com$/, { name: 'Mailjet', ownEnvelope: true, selectors: ['mailjet'] }],
  [/(^|\.)sparkpostmail\.com$/, { name: 'SparkPost', ownEnvelope: true }],
  [
    /(^|\.)mandrillapp\.com$/,
    { name: 'Mailchimp Transactional', ownEnvelope: true, selectors: ['mte1', 'mte2', 'mandrill'] },
  ],
  [/(^|\.)resend\.com$/, { name: 'Resend', ownEnvelope: true, selectors: ['resend'] }],
  [
    /(^|\.)zoho(mail|cloud)?\.(com|eu|in|com\.au|jp|sa|ca)$/,
    {
      name: 'Zoho Mail',
      includes: [
        ...['zohomail.com', 'zoho.com', 'zohomail.eu', 'zoho.eu', 'zoho.in', 'zohomail.in'],
        ...[
          'zoho.com.au',
          'zohomail.com.au',
          'zoho.jp',
          'zohomail.jp',
          'zoho.sa',
          'zohomail.sa',
          'zohocloud.ca',
        ],
      ],
    },
  ],
  [/(^|\.)mail\.(me|icloud)\.com$/, { name: 'iCloud Mail', includes: ['icloud.com'], selectors: ['sig1'] }],
  [
    /(^|\.)(mxrouting\.net|mxroute\.com|mxlogin\.com)$/,
    { name: 'MXroute', includes: ['mxroute.com'], selectors: ['x'] },
  ],
  [
    /(^|\.)migadu\.com$/,
    { name: 'Migadu', includes: ['spf.migadu.com'], selectors: ['key1', 'key2', 'key3'] },
  ],
  [
    /(^|\.)(protonmail\.ch|proton\.me)$/,
    {
      name: 'Proton Mail',
      includes: ['_spf.protonmail.ch'],
      selectors: ['protonmail', 'protonmail2', 'protonmail3'],
    },
  ],
  [/(^|\.)infomaniak\.(com|ch)$/, { name: 'Infomaniak', includes: ['spf.infomaniak.ch'] }],
  [
    /(^|\.)gandi\.net$/,
    { name: 'Gandi', includes: ['_mailcust.gandi.net'], selectors: ['gm1', 'gm2', 'gm3'] },
  ],
]

function relayOf(outgoing: string | undefined, host: string | undefined): Relay | undefined {
  if (outgoing !== undefined && /^ses:/i.test(outgoing)) return { name: 'Amazon SES', ownEnvelope: true }
  return host === undefined ? undefined : RELAYS.find(([pattern]) => pattern.test(host))?.[1]
}
