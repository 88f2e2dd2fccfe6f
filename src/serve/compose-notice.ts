// A request that is due and the words of its language → one mail with one link. Nothing that anybody typed is in it but
// the address that it goes to.

import MailComposer from 'nodemailer/lib/mail-composer'
import { bounceAddress, messageId, requestMail, signPass } from '../base/index.ts'
import { finishMjml, mailFonts, mailPalette } from '../letter/index.ts'
import type { Message, Newsletter, Publication } from '../model.ts'
import type { AddressRequest } from '../store/index.ts'
import { directionOf, type Templates } from '../templates/index.ts'
import { titlesOf } from './forms.ts'

export interface NoticeOptions {
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

async function render(
  { publication, templates, address }: NoticeOptions,
  request: AddressRequest,
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

function linkOf({ publication, secret, address }: NoticeOptions, request: AddressRequest): string {
  const { id, purpose, expires } = request
  const token = signPass(secret, purpose === 'data' ? 'export' : 'confirm', { id, until: expires, about: '' })
  if (address !== undefined) return `${address}${purpose === 'data' ? 'data' : 'confirm'}/${token}`
  if (purpose === 'data') throw new Error('without a service there is no page that shows data')
  return requestMail(publication, senderOf(publication, request), `confirm ${token}`)
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
