// A whole service for one test: its own list on SQLite, its own clock, and every mail it sends, made to hand.

import { simpleParser } from 'mailparser'
import { onTestFinished } from 'vitest'
import type { Message, Outcome, Publication } from '../../src/model.ts'
import { type App, createApp } from '../../src/serve/create-app.ts'
import { createNotices, Outbox } from '../../src/serve/outbox.ts'
import { type AppOptions, createCounters } from '../../src/serve/service.ts'
import type { Database } from '../../src/store/database.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openTemplates } from '../../src/templates/index.ts'
import { aFolder } from '../a-folder.ts'
import { aNewsletter, aPublication } from '../builders.ts'

export const SECRET = 'a-secret-for-tests-only'
export const START = Date.parse('2026-01-30T07:00:00Z')
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export interface ReadMail {
  readonly to: string
  /** Of the envelope. */
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly raw: string
  /** Path of the one link into the service. */
  readonly link: string
}

export interface AService {
  readonly app: App
  readonly db: Database
  readonly dir: string
  readonly secret: string
  clock: { now: number }
  /** A request by somebody; form fields make it a POST. */
  visit(path: string, options?: VisitOptions): Promise<Seen>
  /** Sends what is due and gives what has been sent since the last call. */
  mails(): Promise<ReadMail[]>
  /** The server's answers to the next mails; accepted when there are none. */
  readonly replies: Outcome[]
  readonly bugs: unknown[]
}

export interface VisitOptions {
  readonly method?: string
  readonly form?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly from?: string
}

export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Uint8Array
}

export const publication: Publication = aPublication({
  newsletters: [
    aNewsletter({ id: 'weekly', title: 'The Weekly' }),
    aNewsletter({ id: 'daily', title: 'The Daily', every: 'day', sections: ['world', 'business'] }),
  ],
  service: 'https://letters.meridian.example/',
})

export async function aService(
  overrides: Partial<AppOptions> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<AService> {
  const dir = aFolder(files)
  const db = overrides.db ?? (await openStore(`${dir}/list.db`)).db
  onTestFinished(() => db.close())
  const clock = { now: START }
  const sent: Message[] = []
  const replies: Outcome[] = []
  const bugs: unknown[] = []
  const counters = createCounters()
  const used = overrides.publication ?? publication
  const options: AppOptions = {
    publication: used,
    db,
    templates: openTemplates(`${dir}/templates`),
    secret: SECRET,
    address: used.service ?? 'http://127.0.0.1:8080/',
    out: `${dir}/out`,
    accent: { light: '#9a1b2f', dark: '#e8909d' },
    now: () => clock.now,
    elapsed: () => performance.now(),
    wake: () => undefined,
    counters,
    failed: (_route, error) => bugs.push(error),
    ...overrides,
  }
  const outbox = new Outbox({
    db,
    now: options.now,
    counters,
    failed: error => bugs.push(error),
    compose: createNotices(options),
    async mailer(message) {
      const reply = replies.shift() ?? { kind: 'accepted', code: 250, reply: '250 ok' }
      if (reply.kind === 'accepted') sent.push(message)
      return reply
    },
  })
  const app = createApp(options)

  async function visit(path: string, given: VisitOptions = {}): Promise<Seen> {
    const { form, body, headers = {}, from = '203.0.113.7' } = given
    const fields = new URLSearchParams(
      Object.entries(form ?? {}).flatMap(([name, value]) =>
        (typeof value === 'string' ? [value] : value).map((one): [string, string] => [name, one]),
      ),
    )
    const content = form ? fields : (body as string | undefined)
    const request = new Request(new URL(path, 'https://letters.meridian.example/'), {
      method: given.method ?? (content === undefined ? 'GET' : 'POST'),
      headers: { 'accept-language': 'en', ...headers },
      ...(content === undefined ? {} : { body: content }),
    })
    const response = await app(request, { address: from })
    const bytes = new Uint8Array(await response.arrayBuffer())
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text: Buffer.from(bytes).toString('utf8'),
    }
  }

  async function mails(): Promise<ReadMail[]> {
    await outbox.flush()
    return Promise.all(sent.splice(0).map(message => readMail(message, options.address)))
  }

  return { app, db, dir, secret: options.secret, clock, visit, mails, replies, bugs }
}

async function readMail(message: Message, address: string): Promise<ReadMail> {
  const raw = Buffer.from(message.bytes).toString('utf8')
  const parsed = await simpleParser(Buffer.from(message.bytes))
  const text = parsed.text ?? ''
  const url = text.split(/\s+/).find(word => word.startsWith(address)) ?? ''
  return {
    to: message.envelope.to,
    from: message.envelope.from,
    subject: parsed.subject ?? '',
    text,
    html: parsed.html || '',
    raw,
    link: url.slice(address.length - 1),
  }
}

/** From the form to the button: an active subscriber of The Weekly. */
export async function subscribed(
  service: AService,
  email = 'anna@example.org',
  newsletters = ['weekly'],
): Promise<number> {
  await service.visit('/subscribe', { form: { email, newsletter: newsletters } })
  const mail = (await service.mails()).find(({ to }) => to === email)!
  await service.visit(mail.link, { form: { confirm: 'yes' } })
  const [row] = await service.db.query<{ id: number }>('SELECT id FROM subscribers WHERE email = $1', [email])
  return row!.id
}
