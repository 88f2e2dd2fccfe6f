// The next letter, sent the way that readers' letters take, to our own bounce mailbox → what became of it on the way, read
// from the mail as it arrived.

import { parseAddress } from '../../base/index.ts'
import { composeTest, type Transport } from '../../deliver/index.ts'
import { UserError } from '../../errors.ts'
import { type FoundMail, type OpenImap, openImap } from '../../inbound/index.ts'
import { verdictsOn } from './dkim-checks.ts'
import { type Examined, type Finding, fail, pass, skip, warn } from './run-checks.ts'
import { openSetup, type Setup, type SetupOptions } from './setup.ts'

export interface TestOptions extends SetupOptions {
  /** What letters go out by. @throws UserError */
  openOutgoing(): Promise<Outgoing>
  /** ms until a mail that has not arrived is given up; 60 s if left out. */
  readonly patience?: number | undefined
  /** ms from one look into the mailbox to the next. */
  readonly pause?: number | undefined
  /** The server has it: now it is waited for. */
  onSent(to: string): void
}

interface Outgoing {
  readonly transport: Transport
  readonly secret: string
}

const PATIENCE_MS = 60_000
const PAUSE_MS = 2000

export async function sendToBounces(options: TestOptions): Promise<Examined[]> {
  const setup = openSetup(options)
  let outgoing: Outgoing | undefined
  let mailbox: OpenImap | undefined
  try {
    const to = mailboxOf(setup)
    outgoing = await options.openOutgoing()
    await outgoing.transport.verify()
    // A mailbox that cannot be opened is known before anything is sent.
    mailbox = setup.env.BROADSHEET_IMAP ? await openImap(setup.env.BROADSHEET_IMAP) : undefined
    const sentAt = setup.now()
    const { messageId, outcome } = await sendSample(setup, outgoing, to)
    if (outcome.kind !== 'accepted') {
      const says = `the server did not take it: ${outcome.reply}`
      return [row('test-sent', fail(says, 'Whoever runs the server knows why.'))]
    }
    const arrived = await arrivedAt(mailbox, { messageId, to, sentAt }, setup, options)
    return [row('test-sent', pass(`sent to ${to}`)), ...arrived]
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [row('test-sent', fail(error.message, error.hint ?? 'Correct it.'))]
  } finally {
    await mailbox?.close()
    await outgoing?.transport.close()
    await setup.close()
  }
}

async function sendSample(setup: Setup, { transport, secret }: Outgoing, to: string) {
  const { publication, now } = setup
  const sample = (await setup.samples()).find(({ letter }) => letter)
  if (!sample?.letter)
    throw new UserError('no edition has an article yet', 'Write one first: broadsheet new "Title"')
  const { letter, newsletter } = sample
  const message = await composeTest({ letter, newsletter }, { address: to }, { publication, secret, now })
  const outcome = await transport.send(message, { beforeLastByte: async () => true })
  return { messageId: message.messageId, outcome }
}

interface SentTest {
  readonly messageId: string
  readonly to: string
  /** ms since epoch */
  readonly sentAt: number
}

async function arrivedAt(
  mailbox: OpenImap | undefined,
  { messageId, to, sentAt }: SentTest,
  setup: Setup,
  options: TestOptions,
): Promise<Examined[]> {
  if (!mailbox) return [row('test-arrived', skip('BROADSHEET_IMAP is not set: look at it yourself'))]
  options.onSent(to)
  try {
    const mail = await waitFor(mailbox, messageId, options)
    if (!mail) return [row('test-arrived', notArrived(to))]
    await mail.done()
    const seconds = Math.max(1, Math.round((setup.now() - sentAt) / 1000))
    return [row('test-arrived', pass(`arrived within ${seconds} s`)), ...(await readResults(mail, setup))]
  } catch (error) {
    const says = `the mailbox was lost: ${(error as Error).message}`
    return [row('test-arrived', warn(says, 'Try again, or check the mailbox yourself.'))]
  }
}

function mailboxOf({ publication: { mail } }: Setup): string {
  const address = mail.bounces === undefined ? undefined : parseAddress(mail.bounces)?.address
  if (address) return address
  throw new UserError(
    'it goes to the mailbox for bounces, and mail.bounces is not set',
    'Say it in publication.yaml:\nmail: { bounces: bounces@example.org }',
  )
}

async function waitFor(
  mailbox: OpenImap,
  messageId: string,
  { signal, patience = PATIENCE_MS, pause = PAUSE_MS }: TestOptions,
): Promise<FoundMail | undefined> {
  for (let waited = 0; waited <= patience && !signal.aborted; waited += pause) {
    const mail = await mailbox.find(messageId)
    if (mail) return mail
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, pause)
      signal.addEventListener('abort', done, { once: true })
      function done() {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
    })
  }
  return undefined
}

function notArrived(to: string): Finding {
  return fail(
    `it has not arrived at ${to}`,
    'Check the spam folder, and whether BROADSHEET_IMAP is the mailbox of that address. A server may also hold back what it does not know (greylisting): try again in ten minutes.',
  )
}

// ─── Authentication-Results ──────────────────────────────────────────────────────────────────────────────────────────

/** One statement of a receiver: 'dkim=pass header.d=example.org'. RFC 8601 §2.2. */
export interface AuthResult {
  readonly method: string
  readonly result: string
  /** 'header.d' → 'example.org' */
  readonly properties: Readonly<Record<string, string>>
}

/**
 * What the server of the mailbox says. Only its own fields count: those on top, down to the first that names another server
 * (RFC 8601 §5: anybody may have written the rest).
 */
export function authResults(head: string): AuthResult[] {
  const fields = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .filter(line => /^authentication-results:/i.test(line))
    .map(line =>
      withoutComments(line.slice(line.indexOf(':') + 1))
        .split(';')
        .map(part => part.trim()),
    )
  const [server] = fields[0] ?? []
  const end = fields.findIndex(([name]) => name !== server)
  return fields
    .slice(0, end === -1 ? undefined : end)
    .flatMap(([, ...parts]) => parts.flatMap(part => readResult(part)))
}

function readResult(part: string): AuthResult[] {
  const [, method, result] = /^([\w-]+)(?:\/\d+)?\s*=\s*(\w+)/.exec(part) ?? []
  if (method === undefined || result === undefined) return []
  const properties = [...part.matchAll(/([\w-]+\.[\w-]+)\s*=\s*("[^"]*"|\S+)/g)].map(
    ([, name, value]) => [name!.toLowerCase(), value!.replace(/^"|"$/g, '')] as const,
  )
  return [
    {
      method: method.toLowerCase(),
      result: result.toLowerCase(),
      properties: Object.fromEntries(properties),
    },
  ]
}

/** RFC 5322 §3.2.2: comments nest. */
function withoutComments(text: string): string {
  let depth = 0
  let quoted = false
  let left = ''
  for (const sign of text) {
    if (sign === '"' && depth === 0) quoted = !quoted
    if (sign === '(' && !quoted) depth++
    else if (sign === ')' && !quoted && depth > 0) depth--
    else if (depth === 0) left += sign
  }
  return left
}

async function readResults(mail: FoundMail, setup: Setup): Promise<Examined[]> {
  const text = Buffer.from(mail.bytes).toString('latin1')
  const results = authResults(text.slice(0, text.indexOf('\r\n\r\n')))
  const ours = await verdictsOn(mail.bytes, setup).catch(() => [])
  const rows = (['spf', 'dkim', 'dmarc'] as const).map(method =>
    row(
      `test-${method}`,
      explain(
        method,
        results.filter(result => result.method === method),
      ),
    ),
  )
  const broken = ours.find(({ result }) => result !== 'pass' && result !== 'temperror')
  const intact =
    ours.length === 0
      ? skip('no signature to check')
      : broken
        ? fail(
            `the signature of ${broken.domain} does not verify on the mail as it arrived: ${broken.why}`,
            'Something on the way changes letters, or the key in DNS is another one.',
          )
        : pass('arrived as it was signed')
  return [...rows, row('test-intact', intact)]
}

const SAYS: Readonly<
  Record<string, { readonly what: string; readonly about: string; readonly remedy: string }>
> = {
  spf: {
    what: 'SPF',
    about: 'smtp.mailfrom',
    remedy:
      'The server that handed the letter over is not in the SPF record of that domain: see spf-permits.',
  },
  dkim: {
    what: 'DKIM',
    about: 'header.d',
    remedy:
      'The letter is not signed, was changed on the way, or the key in DNS is another one: see dkim-key.',
  },
  dmarc: {
    what: 'DMARC',
    about: 'header.from',
    remedy: 'Neither SPF nor DKIM speaks for the domain in From: see dmarc-alignment.',
  },
}

/** Of several signatures one that passes is enough. */
function explain(method: string, results: readonly AuthResult[]): Finding {
  const { what, about, remedy } = SAYS[method]!
  const best = results.find(({ result }) => result === 'pass') ?? results[0]
  if (!best) return skip(`the server of the mailbox says nothing of ${what}`)
  const domain = best.properties[about] ?? best.properties['header.i'] ?? ''
  const says = `${what}: ${best.result}${domain ? ` for ${domain.replace(/^.*@/, '')}` : ''}`
  if (best.result === 'pass') return pass(says)
  if (['temperror', 'neutral', 'none', 'policy'].includes(best.result)) return warn(says, remedy)
  return fail(says, remedy)
}

const WHY: Readonly<Record<string, string>> = {
  'test-sent': 'The next letter goes the way that readers’ letters take, to a mailbox of your own.',
  'test-arrived': 'What does not arrive with you will not arrive with others.',
  'test-spf': 'What a receiver thinks of the server that handed the letter over.',
  'test-dkim': 'What a receiver thinks of the signature.',
  'test-dmarc': 'What a receiver thinks of the domain in From.',
  'test-intact': 'A letter that is changed on the way loses its signature.',
}

function row(name: string, finding: Finding): Examined {
  return { name, group: 'Test message', why: WHY[name]!, fatal: false, ...finding }
}
