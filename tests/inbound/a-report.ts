// Mails as bounce mailboxes get them: delivery reports of several servers, complaints, automatic replies.

import { bounceAddress, signToken } from '../../src/base/signed-links.ts'
import { SECRET } from '../serve/a-service.ts'

const EDITION = 'weekly/2026-W05'

export interface ReportOptions {
  readonly subscriber: number
  readonly status?: string
  readonly diagnostic?: string
  readonly action?: string
  /** Sent to the reader's own envelope sender, or to the plain bounce address. */
  readonly verp?: boolean
  /** The letter's header comes back with it. */
  readonly returned?: boolean
  readonly secret?: string
  readonly edition?: string
}

const crlf = (text: string) => text.replace(/\r?\n/g, '\r\n')

function addressed({ subscriber, verp = true, secret = SECRET, edition = EDITION }: ReportOptions): string {
  const mailbox = 'bounces@meridian.example'
  return verp ? bounceAddress(secret, { subscriber, edition }, mailbox) : mailbox
}

function letterHead({ subscriber, secret = SECRET, edition = EDITION }: ReportOptions): string {
  const token = signToken(secret, 'unsubscribe', { subscriber, edition })
  return `From: The Meridian <news@meridian.example>
To: anna@example.org
Subject: The Weekly
List-Unsubscribe: <https://letters.meridian.example/u/${token}>,
 <mailto:bounces@meridian.example?subject=unsubscribe%20${token}>
Message-ID: <x@meridian.example>
`
}

/** RFC 3464, as Postfix writes it. */
export function aDeliveryReport(options: ReportOptions): string {
  const { status = '5.1.1', action = 'failed', returned = true } = options
  const diagnostic =
    options.diagnostic ?? `smtp; 550 ${status} <anna@example.org>: Recipient address rejected`
  return crlf(`Return-Path: <>
Delivered-To: ${addressed(options)}
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: ${addressed(options)}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F2A.1769756400/mx.example.org"

This is a MIME-encapsulated message.

--4F2A.1769756400/mx.example.org
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--4F2A.1769756400/mx.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Fri, 30 Jan 2026 07:00:01 +0000

Final-Recipient: rfc822; anna@example.org
Original-Recipient: rfc822;anna@example.org
Action: ${action}
Status: ${status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: ${diagnostic}
${
  returned
    ? `
--4F2A.1769756400/mx.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

${letterHead(options)}`
    : ''
}
--4F2A.1769756400/mx.example.org--
`)
}

/** RFC 5965 §B.1, with the letter in it. */
export function aComplaint(options: ReportOptions & { readonly type?: string }): string {
  return crlf(`From: <abusedesk@mail.example.org>
Date: Fri, 30 Jan 2026 09:00:00 +0000
Subject: FW: The Weekly
To: <${addressed({ verp: false, ...options })}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
 boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: ${options.type ?? 'abuse'}
User-Agent: SomeGenerator/1.0
Version: 1

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

${letterHead(options)}
Spam Spam Spam
--part1_13d.2e68ed54_boundary--
`)
}

export function aMail(fields: Readonly<Record<string, string>>, body = 'Hello\n'): string {
  const head = Object.entries({
    From: 'anna@example.org',
    To: 'bounces@meridian.example',
    Subject: 'Hi',
    ...fields,
  })
  return crlf(`${head.map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${body}`)
}

export function anUnsubscribe(subscriber: number, secret = SECRET, edition = EDITION): string {
  return aMail({ Subject: `unsubscribe ${signToken(secret, 'unsubscribe', { subscriber, edition })}` })
}

export { addressed }
