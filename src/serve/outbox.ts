// Requests whose mail is due → mails, each sent once, whatever becomes of this process. The answer to who asked does not
// wait for it, so that it takes as long for a known address as for a new one.

import MailComposer from 'nodemailer/lib/mail-composer'
import { bounceAddress, directionOf, MINUTE_MS, messageId, requestMail, signPass } from '../base/index.ts'
import { finishMjml, mailFonts, mailPalette } from '../letter/index.ts'
import type { Message, Newsletter, Outcome, Publication } from '../model.ts'
import {
  type AddressRequest,
  claimUnmailedRequests,
  type Database,
  deleteExpiredRequests,
  markMailed,
  postponeMail,
} from '../store/index.ts'
import type { Templates } from '../templates/index.ts'
import { titlesOf } from './page.ts'
import type { Counters } from './service.ts'

/** Hands one mail to a server. Never rejects. */
type Mailer = (message: Message) => Promise<Outcome>

interface OutboxOptions {
  readonly db: Database
  /** Undefined where there is no mail server: what is due waits. */
  readonly mailer: Mailer | undefined
  compose(request: AddressRequest): Promise<Message>
  now(): number
  readonly counters: Counters
  /** A bug, reported to who runs it. */
  failed(error: unknown): void
}

/** How long a mail in hand is nobody else's. */
const LEASE_MS = 10 * MINUTE_MS
/** Pauses between the tries of a mail that the server defers; after the last it is given up. */
const RETRY_DELAYS_MS = [1, 5, 15, 60, 240, 720].map(minutes => minutes * MINUTE_MS)
const MAILS_PER_CLAIM = 20
/** Another process may have left something that is due. */
const POLL_MS = MINUTE_MS
const SWEEP_MS = 60 * MINUTE_MS

export class Outbox {
  readonly #options: OutboxOptions
  /** Something has become due since `run` began its last round. */
  #woken = false
  /** Ends the pause of `run`. */
  #endPause: (() => void) | undefined
  #flushing: Promise<void> = Promise.resolve()
  #sweptAt = 0

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Something is due. */
  wake(): void {
    this.#woken = true
    this.#endPause?.()
  }

  /** Sends all that is due now; resolves when it is done. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#sendDue())
    return this.#flushing
  }

  /** Sends what becomes due until the signal is aborted; then finishes the mail in hand. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false
      try {
        await this.flush()
        await this.#sweep()
      } catch (error) {
        this.#flushing = Promise.resolve()
        this.#options.failed(error)
      }
      await this.#pause(signal)
    }
  }

  async #sendDue(): Promise<void> {
    const { db, mailer, now, failed } = this.#options
    for (; mailer; ) {
      const due = await claimUnmailedRequests(db, {
        now: now(),
        nextAt: now() + LEASE_MS,
        limit: MAILS_PER_CLAIM,
      })
      if (due.length === 0) return
      // One that cannot be made or sent must not hold up the others; it is due again when its lease has passed.
      for (const request of due) await this.#sendOne(mailer, request).catch(failed)
    }
  }

  async #sendOne(send: Mailer, request: AddressRequest): Promise<void> {
    const { db, compose, counters, now } = this.#options
    const outcome = await send(await compose(request))
    counters.add('broadsheet_mails_total', { outcome: outcome.kind })
    const putOff = outcome.kind === 'deferred' || outcome.kind === 'host-trouble'
    const delay = putOff ? RETRY_DELAYS_MS[request.tries - 1] : undefined
    if (delay === undefined) await markMailed(db, request.id)
    else await postponeMail(db, request.id, now() + delay)
  }

  async #sweep(): Promise<void> {
    const { db, now } = this.#options
    if (now() - this.#sweptAt <= SWEEP_MS) return
    await deleteExpiredRequests(db, now())
    this.#sweptAt = now()
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#endPause = undefined
        resolve()
      }
      const timer = setTimeout(end, POLL_MS)
      this.#endPause = end
      if (this.#woken || signal.aborted) end()
      signal.addEventListener('abort', end, { once: true })
    })
  }
}

// A request that is due and the words of its language → one mail with one link. Nothing that anybody typed is in it but
// the address that it goes to.

interface NoticeOptions {
  readonly publication: Publication
  readonly templates: Templates
  readonly secret: string
  /** Of the service, ending in a slash; undefined without one: then people confirm by mail. */
  readonly address: string | undefined
  now(): number
}

const TEMPLATE = 'confirm.mjml.hbs'

/** Takes the place of the link in the rendered mail. */
const LINK = 'https://link.invalid/'

interface Rendered {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** So many different mails are remembered as rendered. */
const MAX_REMEMBERED = 500

/** @returns a function that remembers what it rendered: by purpose, language and newsletters it is always the same */
export function createNotices(options: NoticeOptions): (request: AddressRequest) => Promise<Message> {
  const rendered = new Map<string, Promise<Rendered>>()
  return async request => {
    const { purpose, language, newsletters } = request
    const key = [purpose, language, ...Object.keys(newsletters).sort()].join(' ')
    if (rendered.size > MAX_REMEMBERED) rendered.clear()
    const mail = rendered.get(key) ?? render(options, request)
    rendered.set(key, mail)
    return makeMessage(options, request, await mail)
  }
}

async function makeMessage(
  options: NoticeOptions,
  request: AddressRequest,
  { subject, html, text }: Rendered,
): Promise<Message> {
  const { publication, secret, now } = options
  const { id, purpose, email } = request
  const sender = senderOf(publication, request).from
  const link = linkOf(options, request)
  const edition = `request/${purpose}`
  const number = messageId(secret, { subscriber: id, edition }, domainOf(sender.address))
  const { bounces } = publication.mail
  const composed = await new MailComposer({
    from: { name: sender.name, address: sender.address },
    to: { name: '', address: email },
    subject,
    text: text.replaceAll(LINK, link),
    html: html.replaceAll(LINK, link),
    date: new Date(now()),
    messageId: number,
    // RFC 3834 §5
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
  return {
    messageId: number,
    // Subscriber 0 is nobody: when a mistyped address returns it, it is understood, and nothing is to be done.
    envelope: {
      from: bounces ? bounceAddress(secret, { subscriber: 0, edition }, bounces) : sender.address,
      to: email,
    },
    // RFC 5322 §2.3: nodemailer leaves the line ends to its transports.
    bytes: Buffer.from(composed.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1'),
  }
}

/** The mail that asks to confirm, for looking at: its link leads nowhere. */
export function sampleNotice(
  options: Omit<NoticeOptions, 'secret' | 'now'>,
  language: string,
): Promise<Rendered> {
  const newsletters = Object.fromEntries(options.publication.newsletters.map(({ id }) => [id, []]))
  return render(options, { purpose: 'subscribe', language, newsletters })
}

async function render(
  { publication, templates, address }: Omit<NoticeOptions, 'secret' | 'now'>,
  request: Pick<AddressRequest, 'purpose' | 'language' | 'newsletters'>,
): Promise<Rendered> {
  const { purpose, language, newsletters } = request
  const words = templates.words(language)
  const name = purpose === 'data' ? 'data' : 'confirm'
  const values = { title: publication.title }
  const data = {
    publication,
    colors: mailPalette(publication.accent, publication.theme.ground),
    fonts: mailFonts(publication.theme),
    language,
    direction: directionOf(language),
    subject: words(`serve.mail_${name}_subject`, values),
    heading: words(`serve.mail_${name}_heading`, values),
    lead: words(`serve.mail_${name}_lead`, values),
    newsletters: titlesOf(publication, Object.keys(newsletters)),
    button: words(`serve.mail_${name}_button`, values),
    link: LINK,
    byMail: address === undefined ? words('serve.mail_confirm_by_mail') : undefined,
    until: words(`serve.mail_${name}_until`, values),
    ignore: words(`serve.mail_${name}_ignore`, values),
  }
  const shown = { language, timezone: publication.timezone }
  return {
    subject: data.subject,
    html: await finishMjml(templates.render(TEMPLATE, data, shown), TEMPLATE, data.direction, templates),
    text: templates.render('confirm.txt.hbs', data, shown),
  }
}

function linkOf({ publication, secret, address, templates }: NoticeOptions, request: AddressRequest): string {
  const { id, purpose, expires } = request
  const token = signPass(secret, purpose === 'data' ? 'export' : 'confirm', { id, until: expires, about: '' })
  if (address !== undefined) return `${address}${purpose === 'data' ? 'data' : 'confirm'}/${token}`
  if (purpose === 'data') throw new Error('without a service there is no page that shows data')
  const body = templates.words(request.language)('page.mail_as_it_is')
  return requestMail(publication, senderOf(publication, request), `confirm ${token}`, body)
}

/** Who writes the letters that she asked for also asks whether it was she. */
function senderOf({ newsletters }: Publication, request: AddressRequest): Newsletter {
  const asked = newsletters.find(({ id }) => Object.hasOwn(request.newsletters, id))
  const sender = asked ?? newsletters[0]
  if (!sender) throw new Error('a publication without newsletters sends no mail')
  return sender
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
