// Mail of servers that write no report, or an odd one: what became of the letter, and whose it was. Written for this test
// after what each program's source and manual say.

import { expect, test } from 'vitest'
import { signToken } from '../../src/base/signed-links.ts'
import { readReport } from '../../src/inbound/read-report.ts'
import { DEAD, ILL, NOT_THE_READER } from '../deliver/refusals-of-servers.ts'
import { SECRET, START } from '../serve/a-service.ts'
import { addressed, aMail } from './a-report.ts'

const VERP = addressed({ subscriber: 42 })
const TOKEN = signToken(SECRET, 'unsubscribe', { subscriber: 42, edition: 'weekly/2026-W05' })
const LETTER = `From: The Meridian <news@meridian.example>
To: kim@reader.example
Subject: Spam filters, and who does not exist
List-Unsubscribe: <https://letters.meridian.example/u/${TOKEN}>
Message-ID: <x@meridian.example>

The user unknown to many. Mailbox full of letters.
`

interface Form {
  readonly from?: string
  readonly subject?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly body: string
}

const mailOf = ({ from, subject, fields, body }: Form, to = VERP) =>
  aMail(
    {
      From: from ?? 'Mail Delivery System <MAILER-DAEMON@mx.reader.example>',
      To: to,
      Subject: subject ?? 'failure',
      ...fields,
    },
    body,
  )
const read = (mail: string) => readReport(SECRET, { bytes: Buffer.from(mail), now: START })
const became = async (form: Form) => {
  const report = await read(mailOf(form))
  return report.kind === 'nothing' ? report.why : report.kind
}

/** Parts of a multipart, each 'type\n\ntext'. */
function parts(kind: string, ...inner: readonly string[]): Pick<Form, 'fields' | 'body'> {
  const body = inner.map(part => `--b\nContent-Type: ${part}\n`).join('')
  return {
    fields: { 'MIME-Version': '1.0', 'Content-Type': `multipart/${kind}; boundary=b` },
    body: `${body}--b--\n`,
  }
}

const report = (fields: string, text = 'Your message could not be delivered.', ...more: readonly string[]) =>
  parts(
    'report; report-type=delivery-status',
    `text/plain\n\n${text}\n`,
    `message/delivery-status\n\nReporting-MTA: dns; mx.reader.example\n\nFinal-Recipient: rfc822; kim@reader.example\n${fields}\n`,
    `message/rfc822\n\n${LETTER}`,
    ...more,
  )

const exim = (reply: string) => `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  kim@reader.example
    ${reply}

------ This is a copy of the message, including all the headers. ------

${LETTER}`

const qmail = (reply: string) => `Hi. This is the qmail-send program at reader.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<kim@reader.example>:
${reply}

--- Below this line is a copy of the message.

${LETTER}`

const gmail = (reply: string) => `Delivery to the following recipient failed permanently:

     kim@reader.example

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server for the recipient domain reader.example by mx.reader.example. [203.0.113.9].

The error that the other server returned was:
${reply}

----- Original message -----

${LETTER}`

const sendmail = (transcript: string) => `The original message was received at Fri, 30 Jan 2026 07:00:01 GMT
from mx.meridian.example [192.0.2.1]

   ----- The following addresses had permanent fatal errors -----
<kim@reader.example>

   ----- Transcript of session follows -----
${transcript}

   ----- Original message follows -----
${LETTER}`

const FORMS: Readonly<Record<string, readonly (readonly [name: string, form: Form])[]>> = {
  hard: [
    [
      'an unknown one with brackets',
      {
        from: '"Mail Deliver System" <MAILER-DAEMON@reader.example>',
        subject: 'Returned Mail: x',
        body: 'The original message was received at Fri, 30 Jan 2026 07:00:00 +0000\nfrom bounces@n.example\n\n---The following addresses had delivery errors---\n\nkim@reader.example [User unknown]\n',
      },
    ],
    [
      'an unknown one with stars',
      {
        from: 'Mail Delivery System <MAILER-DAEMON@reader.example>',
        subject: 'Delivery status notification',
        body: '====\n     This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed permanently:\n\n  * kim@reader.example\n\n====\n      Technical details:\n\nSMTP:RCPT host 192.0.2.8: 553 5.3.0 <kim@reader.example>... No such user here\n',
      },
    ],
    [
      'SurfControl',
      {
        from: 'postmaster@gate.example (Mail Delivery System)',
        subject: 'Message could not be sent',
        body: 'Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: kim@reader.example\n\nFri 30 Jan 2026 07:00:00 +0000\nFailed to send to identified host,\nkim@reader.example: [203.0.113.5], 550 kim@reader.example... No such user\n--- Message non-deliverable.\n',
      },
    ],
    [
      'InterScan',
      {
        from: '"InterScan MSS Notification" <imss@gate.example>',
        subject: 'Mail could not be delivered',
        body: 'Sent <<< RCPT TO:<kim@reader.example>\nReceived >>> 550 5.1.1 <kim@reader.example>... user unknown\n',
      },
    ],
    [
      'InterScan, Japanese',
      {
        from: '"InterScan MSS" <imss@gate.example>',
        subject: 'メール配信に失敗しました',
        body: '>>> RCPT TO:<kim@reader.example>\n<<< 550 5.1.1 User unknown\n',
      },
    ],
    [
      'MailFoundry',
      {
        from: 'postmaster@gate.example',
        subject: 'Message delivery has failed',
        body: 'Unable to deliver message to: <kim@reader.example>\nDelivery failed for the following reason:\nServer mx.reader.example[203.0.113.9] failed with: 550 <kim@reader.example> No such user here\n\nThis has been a permanent failure.  No further delivery attempts will be made.\n',
      },
    ],
    [
      'Domino, Japanese',
      {
        from: 'Postmaster@domino.example',
        subject: 'DELIVERY FAILURE: Domino',
        body: 'Your message\n\nwas not delivered to:\n\n  kim@reader.example\n\nbecause:\n\n  User kim (kim@reader.example) Domino ディレクトリには見つかりません\n',
      },
    ],
    [
      'Messaging Server, no domain',
      {
        from: 'Internet Mail Delivery <postmaster@ims.example>',
        subject: 'Delivery Notification: Delivery has failed',
        body: 'Your message cannot be delivered to the following recipients:\n\n  Recipient address: kim@reader.example\n  Reason: Illegal host/domain name found\n',
      },
    ],
    [
      'a clone of qmail',
      {
        from: 'MAILER-DAEMON@reader.example',
        subject: 'failure notice',
        body: "Message from reader.example.\nUnable to deliver message to the following address(es).\n\n<kim@reader.example>:\nThis user doesn't have a reader.example account (kim@reader.example) [0]\n\n--- Original message follows.\n",
      },
    ],
    [
      'a clone of qmail, in Spanish',
      {
        from: 'MAILER-DAEMON@reader.example',
        subject: 'failure notice',
        body: 'Su mensaje no pudo ser entregado a la siguiente direccion:\n\n<kim@reader.example>:\nNo existe el usuario.\n',
      },
    ],
    [
      'Exim',
      {
        subject: 'Mail delivery failed: returning message to sender',
        fields: { 'Auto-Submitted': 'auto-replied', 'X-Failed-Recipients': 'kim@reader.example' },
        body: exim(
          'SMTP error from remote mail server after RCPT TO:<kim@reader.example>:\n    host mx.reader.example [203.0.113.9]: 550 5.1.1 no such mailbox',
        ),
      },
    ],
    [
      'Exim, no route',
      { subject: 'Mail delivery failed: returning message to sender', body: exim('Unrouteable address') },
    ],
    [
      'mail.ru',
      {
        from: 'mailer-daemon@corp.mail.example',
        subject: 'Mail failure.',
        body: `Это письмо создано автоматически\nсервером Mail.Example, отвечать на него не\nнужно.\n\nК сожалению, Ваше письмо не может\nбыть доставлено одному или нескольким\nполучателям:\n\n**********************\n\n${exim('user not found')}`,
      },
    ],
    ['qmail', { subject: 'failure notice', body: qmail('Sorry, no mailbox here by that name. (#5.1.1)') }],
    [
      'qmail, remote',
      {
        subject: 'failure notice',
        body: qmail(
          '192.0.2.9 does not like recipient.\nRemote host said: 550 <kim@reader.example>... no such user\nGiving up on 192.0.2.9.',
        ),
      },
    ],
    [
      'qmail, no host',
      {
        subject: 'failure notice',
        body: qmail("Sorry, I couldn't find any host named reader.example. (#5.1.2)"),
      },
    ],
    [
      'Yahoo',
      {
        from: 'MAILER-DAEMON@yahoo.example',
        subject: 'Failure Notice',
        body: `Sorry, we were unable to deliver your message to the following address.\n\n<kim@reader.example>:\nRemote host said:\n550 5.1.1 <kim@reader.example>... User Unknown\n[RCPT_TO]\n\n--- Below this line is a copy of the message.\n\n${LETTER}`,
      },
    ],
    [
      'Gmail of old',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        body: gmail('550 550 <kim@reader.example>: User unknown (state 14).'),
      },
    ],
    [
      'Workspace',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        ...parts(
          'report; report-type=delivery-status',
          "text/plain; charset=utf-8\n\n** Address not found **\n\nYour message wasn't delivered to kim@reader.example because the address couldn't be found, or is unable to receive mail.\n\nLearn more here: https://support.example/?p=NoSuchUser\n",
          'message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n\nFinal-Recipient: rfc822; kim@reader.example\nAction: failed\nStatus: 5.0.0\n',
          `message/rfc822\n\n${LETTER}`,
        ),
      },
    ],
    [
      'Exchange 2003',
      {
        from: 'System Administrator <postmaster@reader.example>',
        subject: 'Undeliverable: Spam filters',
        fields: { 'X-Mailer': 'Internet Mail Service (5.5.2657.72)' },
        body: `Your message\n\n  To:      kim@reader.example\n  Subject: Spam filters\n  Sent:    Fri, 30 Jan 2026 07:00:00 -0000\n\ndid not reach the following recipient(s):\n\nkim@reader.example on Fri, 30 Jan 2026 07:00:09 -0000\n    The recipient name is not recognized\n\tThe MTS-ID of the original message is: c=us;a= ;p=reader;l=SERVER0601300700X\n    MSEXCH:IMS:READER:SITE:SERVER 0 (000C05A6) Unknown Recipient\n`,
      },
    ],
    [
      'Exchange 2007',
      {
        from: 'Microsoft Exchange <postmaster@reader.example>',
        subject: 'Undeliverable: Spam filters',
        fields: { 'Content-Language': 'en-US' },
        body: `Delivery has failed to these recipients or distribution lists:\n\nkim@reader.example\nThe recipient's e-mail address was not found in the recipient's e-mail system. Microsoft Exchange will not try to redeliver this message for you. Please check the e-mail address and try resending this message, or provide the following diagnostic text to your system administrator.\n\n  _____\n\nSent by Microsoft Exchange Server 2007\n\nDiagnostic information for administrators:\n\nGenerating server: mx.reader.example\n\nkim@reader.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nOriginal message headers:\n\n${LETTER}`,
      },
    ],
    [
      'Exchange Online, in HTML',
      {
        from: 'postmaster@outlook.example',
        subject: 'Undeliverable: Spam filters',
        fields: { 'Content-Type': 'text/html; charset=utf-8' },
        body: '<html><head><style>.spam{color:red}</style></head><body><p>Delivery has failed to these recipients or groups:</p><p><a href="mailto:kim@reader.example">kim@reader.example</a><br>The email address you entered couldn&#39;t be found. Please check the recipient&#39;s email address and try to resend the message.</p><p>Diagnostic information for administrators:</p><p>Generating server: A.prod.outlook.example</p><p>Remote Server returned \'550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\'</p></body></html>',
      },
    ],
    [
      'Zoho',
      {
        from: 'mailer-daemon@mail.zoho.example',
        subject: 'Undelivered Mail Returned to Sender',
        body: `This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to one or more of its recipients. This is a permanent error. \n\nkim@reader.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <kim@reader.example>... User Unknown\n\nReceived:from mail.zoho.example by mx\n${LETTER}`,
      },
    ],
    [
      'Lotus Notes',
      {
        from: 'Postmaster@notes.reader.example',
        subject: 'Undeliverable message returned to sender',
        body: `This message was undeliverable due to the following reason:\n\n------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nkim@notes.reader.example\n\n\n------- Returned Message --------\n\n${LETTER}`,
      },
    ],
    [
      'Domino',
      {
        from: 'Postmaster@domino.reader.example',
        subject: 'DELIVERY FAILURE: User kim (kim@reader.example) not listed in Domino Directory',
        body: `Your message\n\n  Subject: Spam filters\n\nwas not delivered to:\n\n  kim@reader.example\n\nbecause:\n\n  User kim (kim@reader.example) not listed in Domino Directory\n`,
      },
    ],
    [
      'KDDI, no domain',
      {
        from: 'no-reply@app.carrier.example',
        subject: '送信できませんでした',
        body: 'Your mail sent on: Fri, 30 Jan 2026 07:00:00 +0900 \n    Could not be delivered to: <kim@reader.example>\n    As the remote domain doesnt exist.\n',
      },
    ],
    [
      'EZweb',
      {
        from: '<Postmaster@ezweb.example>',
        subject: 'Mail System Error - Returned Mail',
        body: `Each of the following recipients was rejected by a remote\nmail server.\n\n    Recipient: <kim@reader.example>\n    >>> RCPT TO:<kim@reader.example>\n    <<< 550 <kim@reader.example>: User unknown\n`,
      },
    ],
    [
      'Verizon',
      {
        from: 'post_master@vtext.example',
        subject: 'Undeliverable Message',
        body: 'Error: 550 - Requested action not taken: no such user here\nMessage details:\n  Subject: Spam filters\n  Sent date: Fri Jan 30 07:00:00 GMT 2026\n  MAIL FROM: bounces@n.example\n  RCPT TO: 5550100@vtext.example\n',
      },
    ],
    [
      'Verizon pictures',
      {
        from: '<sysadmin@mms.vzwpix.example>',
        subject: 'Undeliverable Message',
        body: 'Message could not be delivered to mobile.\nError: No valid recipients for this MM\n\nOriginal Message:\nFrom: The Meridian <news@meridian.example>\nTo: 5550100@vzwpix.example\n',
      },
    ],
    [
      'GMX',
      {
        from: 'GMX Mailer Daemon <mailer-daemon@gmx.example>',
        subject: 'Mail delivery failed: returning message to sender',
        body: `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n"kim@reader.example":\nSMTP error from remote server after RCPT command:\nhost: mx.reader.example\n5.1.1 <kim@reader.example>... User Unknown\n\n--- The header of the original message is following. ---\n\n${LETTER}`,
      },
    ],
    [
      'IMail',
      {
        from: 'Postmaster <postmaster@imail.reader.example>',
        subject: 'Undeliverable Mail',
        body: `Unknown user: kim@reader.example\n\nOriginal message follows.\n\n${LETTER}`,
      },
    ],
    [
      'MailMarshal',
      {
        from: 'postmaster@gate.reader.example',
        subject: 'Undeliverable Mail: "Spam filters"',
        body: `Your message:\n   From:    bounces@n.example\n   Subject: Spam filters\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected: \n    kim@reader.example\n\nAdditional Information\n======================\n`,
      },
    ],
    [
      'Courier',
      {
        from: '"Courier mail server at reader.example" <@>',
        subject: 'NOTICE: mail delivery status.',
        body: `This is a delivery status notification from reader.example,\nrunning the Courier mail server, version 0.65.2.\n\nThe original message was received on Fri, 30 Jan 2026 07:00:00 +0000\nfrom mx.meridian.example\n\n---------------------------------------------------------------------------\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<kim@reader.example>:\n    mx.reader.example [203.0.113.9]:\n>>> RCPT TO:<kim@reader.example>\n<<< 550 5.1.1 <kim@reader.example>... User Unknown\n\n---------------------------------------------------------------------------\n`,
      },
    ],
    [
      'Sendmail of old',
      {
        subject: 'Returned mail: User unknown',
        body: sendmail(
          '... while talking to mx.reader.example.:\n>>> RCPT To:<kim@reader.example>\n<<< 550 Unknown User\n550 <kim@reader.example>... User unknown',
        ),
      },
    ],
    [
      'Sendmail of old, no host',
      {
        subject: 'Returned mail: Host unknown',
        body: sendmail(
          '550 reader.example (smtp)... 550 Host unknown (Authoritative answer from name server)',
        ),
      },
    ],
    [
      'MDaemon',
      {
        from: 'Mail Delivery Subsystem <MDaemon@reader.example>',
        subject: 'Permanent Delivery Failure',
        body: `The attached message had PERMANENT fatal delivery errors.\n\nMessage-ID   : x\nRecipient(s) : kim@reader.example\n\nAfter one or more unsuccessful delivery attempts the message has been removed from the mail queue. --> RCPT To:<kim@reader.example>\n<-- 550 5.1.1 Recipient unknown <kim@reader.example>\n`,
      },
    ],
    [
      'Postfix without a report',
      {
        subject: 'Undelivered Mail Returned to Sender',
        body: `This is the mail system at host mx.reader.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to postmaster.\n\n<kim@reader.example>: host mx2.reader.example[203.0.113.9] said: 550 5.1.1\n    <kim@reader.example>: Recipient address rejected: User unknown in virtual\n    mailbox table (in reply to RCPT TO command)\n`,
      },
    ],
    [
      'Apache James',
      {
        from: 'postmaster@james.reader.example',
        subject: '[BOUNCE]',
        body: "Hi. This is the James mail server at james.reader.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nError message below:\n550 - Requested action not taken: no such user here\n\nMessage details:\n  Subject: Spam filters\n  MAIL FROM: bounces@n.example\n  RCPT TO: kim@reader.example\n",
      },
    ],
    [
      'OpenSMTPD',
      {
        from: 'Mailer Daemon <MAILER-DAEMON@smtpd.reader.example>',
        subject: 'Delivery status notification: error',
        body: `    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nkim@reader.example: 550 5.1.1 <kim@reader.example>... User unknown\n\n    Below is a copy of the original message:\n\n${LETTER}`,
      },
    ],
    [
      'McAfee',
      {
        from: 'Mail Delivery System <postmaster@gate.reader.example>',
        subject: 'Delivery Status',
        body: `Delivery attempt to the following address(es) has failed\n\n--- The following addresses had delivery problems ---\n\n<kim@reader.example>   (User unknown kim@reader.example)\n`,
      },
    ],
    [
      'Messaging Server',
      {
        from: 'Internet Mail Delivery <postmaster@ims.reader.example>',
        subject: 'Delivery Notification: Delivery has failed',
        body: `This report relates to a message you sent with the following header fields:\n\n  Message-id: <x@meridian.example>\n  To: kim@reader.example\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: kim@reader.example\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 unknown or illegal alias: kim@reader.example\n  Remote system: dns;mx.reader.example (TCP|192.0.2.1|40001|203.0.113.9|25)\n`,
      },
    ],
    [
      'a report that lost its type',
      {
        subject: 'Delivery failure',
        body: 'Reporting-MTA: dns; mx.reader.example\nFinal-Recipient: rfc822; kim@reader.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such person at this address\n',
      },
    ],
    ['a report without an action', report('Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown address')],
    [
      'a report without a code',
      report('Action: failed\nStatus: 5.0.0', 'kim@reader.example: mailbox does not exist'),
    ],
    [
      'amavis',
      report(
        'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 from MTA(smtp:[127.0.0.1]:10025): 550 5.1.1 <kim@reader.example>: User unknown',
      ),
    ],
    [
      'Facebook',
      {
        from: 'Facebook <mailer-daemon@mx.facebook.example>',
        subject: 'Sorry, your message could not be delivered',
        ...report(
          'Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 RCP-P1 https://postmaster.example/response_codes#rcp Recipient does not exist',
        ),
      },
    ],
    [
      'in German',
      {
        from: 'Mailadministrator <postmaster@reader.example>',
        subject: 'Unzustellbar: Spam filters',
        body: 'Ihre Nachricht konnte nicht zugestellt werden.\n\nEmpfänger kim@reader.example: Postfach existiert nicht.\n',
      },
    ],
    [
      'in Japanese',
      {
        from: 'postmaster@reader.example',
        subject: '配信エラー',
        body: 'メールを配信できませんでした。\n宛先のユーザーは存在しません。\n',
      },
    ],
    [
      'in French',
      {
        from: 'postmaster@reader.example',
        subject: 'Message non remis',
        body: "Votre message n'a pas pu être remis.\n\nkim@reader.example : utilisateur inconnu\n",
      },
    ],
    [
      'in Spanish',
      {
        from: 'postmaster@reader.example',
        subject: 'No se pudo entregar el mensaje',
        body: 'No existe el usuario kim@reader.example\n',
      },
    ],
  ],
  soft: [
    [
      'Biglobe, its customer’s filter',
      {
        from: 'postmaster@biglobe.ne.jp',
        subject: 'Returned mail: User unknown',
        body: '   ----- The following addresses had delivery problems -----\nkim@example.biglobe.ne.jp\n\n   ----- Non-delivered information -----\nMail Delivery Failed... User unknown\n',
      },
    ],
    [
      'Domino, no way',
      {
        from: 'Postmaster@domino.example',
        subject: 'DELIVERY FAILURE: Cannot route mail to user',
        ...report(
          'Action: failed\nStatus: 5.1.1',
          'Your message was not delivered to kim@reader.example because:\n\n  Cannot route mail to user (kim@reader.example).\n',
        ),
      },
    ],
    [
      'm-FILTER, after the message',
      {
        from: 'Mailer Daemon <MAILER-DAEMON@gate.example>',
        subject: 'failure notice',
        fields: { 'X-Mailer': 'm-FILTER' },
        body: 'kim@reader.example\n\n-------server message\n550 unknown user <kim@reader.example>\n\n-------SMTP command\nDATA\n\n-------original message\n',
      },
    ],
    [
      'OpenSMTPD, no way',
      {
        from: 'Mailer Daemon <MAILER-DAEMON@smtpd.example>',
        subject: 'Delivery status notification: error',
        body: '    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nkim@reader.example: Network error on destination MXs\n',
      },
    ],
    [
      'a list manager in a loop',
      {
        from: 'friends-admin@reader.example',
        subject: 'Loop Alert: dropping a mail',
        fields: { 'X-MLServer': 'fml [fml 4.0]' },
        body: 'Duplicated Message-ID in <friends@reader.example>.\nOriginal mail as follows:\n',
      },
    ],
    [
      'rules of Amazon’s',
      {
        subject: 'Delivery Status Notification (Failure)',
        ...parts(
          'report; report-type=delivery-status',
          'text/plain\n\nThis message could not be delivered.\n',
          'message/delivery-status\n\nReporting-MTA: dns; inbound-smtp.us-west-2.amazonaws.com\n\nAction: failed\nFinal-Recipient: rfc822; kim@reader.example\nDiagnostic-Code: smtp; 550 5.1.1 Mailbox does not exist\nStatus: 5.1.1\n',
        ),
      },
    ],
    [
      'Exim, given up',
      { subject: 'Mail delivery failed: returning message to sender', body: exim('retry timeout exceeded') },
    ],
    [
      'Exim, full',
      {
        subject: 'Mail delivery failed: returning message to sender',
        body: exim('mailbox is full\n    (MTA-imposed quota exceeded while writing to file /var/mail/kim)'),
      },
    ],
    [
      'qmail, too long',
      {
        subject: 'failure notice',
        body: qmail(
          "Connected to 203.0.113.9 but connection died. (#4.4.2)\nI'm not going to try again; this message has been in the queue too long.",
        ),
      },
    ],
    [
      'KDDI, full',
      {
        from: 'no-reply@app.carrier.example',
        subject: 'undelivered',
        body: 'Your mail sent on: Fri, 30 Jan 2026 07:00:00 +0900 \n    Could not be delivered to: <kim@reader.example>\n    As their mailbox is full.\n',
      },
    ],
    [
      'EZweb, closed',
      {
        from: '<Postmaster@ezweb.example>',
        subject: 'Mail System Error - Returned Mail',
        body: 'The user(s) account is disabled.\n\n<kim@reader.example>: 550 user unknown\n',
      },
    ],
    [
      'docomo, its customer’s filter',
      {
        from: 'Mail Delivery Subsystem <postmaster@docomo.ne.jp>',
        subject: 'Mail System Error - Returned Mail',
        body: sendmail('>>> DATA\n<<< 550 Unknown user kim@docomo.ne.jp\n554 5.0.0 Service unavailable'),
      },
    ],
    [
      'Postfix, after the message',
      {
        subject: 'Undelivered Mail Returned to Sender',
        ...report(
          'Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 Unknown user kim@carrier.example',
          '<kim@carrier.example>: host mfsmax.carrier.example[203.0.113.9] said: 550 Unknown user kim@carrier.example (in reply to end of DATA command)',
        ),
      },
    ],
    [
      'Workspace, inbox full',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        body: "** Recipient inbox full **\n\nYour message couldn't be delivered to kim@reader.example. Their inbox is full, or it's getting too much mail right now.\n",
      },
    ],
    [
      'Gmail of old, no name server',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        body: 'Delivery to the following recipient failed permanently:\n\n     kim@reader.example\n\nTechnical details of permanent failure:\nDNS Error: Could not contact DNS servers\n',
      },
    ],
    [
      'Google Groups',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        body: "Hello news@meridian.example,\n\nWe're writing to let you know that the group you tried to contact (friends) may not exist, or you may not have permission to post messages to the group. A few more details on why you weren't able to post:\n",
      },
    ],
    [
      'Biglobe, full',
      {
        from: 'postmaster@mail.biglobe.example',
        subject: 'Returned mail',
        body: "   ----- The following addresses had delivery problems -----\nkim@reader.example\n\n   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n",
      },
    ],
    [
      'IMail, without a reason',
      {
        from: 'Postmaster <postmaster@imail.reader.example>',
        subject: 'Undeliverable Mail',
        body: `undeliverable to kim@reader.example\n\nOriginal message follows.\n\n${LETTER}`,
      },
    ],
    [
      'nothing that can be read',
      { from: 'MAILER-DAEMON@reader.example', subject: 'Hm', body: 'Zkfd wqp 77.\n' },
    ],
    ['nothing at all', { from: '<>', subject: '', body: '\n' }],
    [
      'a report of nobody',
      {
        subject: 'Undelivered',
        ...parts(
          'report; report-type=delivery-status',
          'text/plain\n\nSorry.\n',
          'message/delivery-status\n\nReporting-MTA: dns; mx.reader.example\n',
        ),
      },
    ],
    [
      'expired',
      report(
        'Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; delivery temporarily suspended: connect to mx.reader.example[203.0.113.9]:25: Connection timed out',
      ),
    ],
    [
      'a command that died',
      report(
        'Action: failed\nStatus: 5.3.0\nDiagnostic-Code: x-unix; Command died with status 75: "/usr/bin/procmail"',
      ),
    ],
  ],
  policy: [
    [
      '1&1, too large',
      {
        from: '"Mail Delivery System" <mailer-daemon@kundenserver.example>',
        subject: 'Mail delivery failed: returning message to sender',
        body: 'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\nkim@reader.example\n\nFor the following reason:\n\nMail size limit exceeded. For explanation visit\nhttp://postmaster.example/en/error-messages?ip=%1s\n\n--- The header of the original message is following. ---\n',
      },
    ],
    [
      'Exim, sender',
      {
        subject: 'Mail delivery failed: returning message to sender',
        body: exim(
          'SMTP error from remote mail server after MAIL FROM:<bounces@n.example> SIZE=4000:\n    host mx.reader.example [203.0.113.9]: 550 unknown user',
        ),
      },
    ],
    [
      'qmail, sender',
      {
        subject: 'failure notice',
        body: qmail(
          'Connected to 203.0.113.9 but sender was rejected.\nRemote host said: 550 5.7.1 Access denied',
        ),
      },
    ],
    [
      'Workspace, blocked',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        body: '** Message blocked **\n\nYour message to kim@reader.example has been blocked. See technical details below for more information.\n\nThe response from the remote server was:\n\n550 5.7.1 Our system has detected that this message is likely unsolicited mail.\n',
      },
    ],
    [
      'Gmail of old, content',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Failure)',
        body: gmail('550 550 5.7.1 SPF unauthorized mail is prohibited. (state 15).'),
      },
    ],
    [
      'Exchange, too large',
      {
        from: 'postmaster@reader.example',
        subject: 'Undeliverable: Spam filters',
        body: "Delivery has failed to these recipients or distribution lists:\n\nkim@reader.example\nThis message is larger than the current system limit or the recipient's mailbox.\n\nDiagnostic information for administrators:\n\nGenerating server: mx.reader.example\n\nkim@reader.example\n#550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient ##\n",
      },
    ],
    [
      'the letter’s own words',
      report(
        'Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen',
      ),
    ],
    [
      'au, its customer’s filter',
      {
        from: '<Postmaster@au.example>',
        subject: 'Mail System Error - Returned Mail',
        fields: { 'X-SPASIGN': 'NG' },
        body: '<kim@au.example>: 550 User unknown\n',
      },
    ],
    [
      'FML',
      {
        from: 'friends-ml-admin@reader.example',
        subject: 'Delivery failed: not member article from bounces@n.example',
        body: 'Your message could not be delivered: you are NOT MEMBER of this list.\n',
      },
    ],
  ],
  delayed: [
    [
      'OpenSMTPD',
      {
        from: 'Mailer Daemon <MAILER-DAEMON@smtpd.example>',
        subject: 'Delivery status notification: warning',
        body: '    A message is delayed for more than 10 minutes for the following\n    list of recipients:\n\nkim@reader.example: Network error on destination MXs\n\n    Please note that this is only a temporary failure report.\n    You DO NOT NEED to re-send the message to these recipients.\n',
      },
    ],
    [
      'Exim',
      {
        subject: 'Warning: message 1abc delayed 24 hours',
        body: 'This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n  kim@reader.example\n    Delay reason: mailbox is full\n\nNo action is required on your part. Delivery attempts will continue for\nsome time.\n',
      },
    ],
    [
      'Gmail',
      {
        from: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
        subject: 'Delivery Status Notification (Delay)',
        body: 'THIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has been delayed:\n\n     kim@reader.example\n\nMessage will be retried for 2 more day(s)\n',
      },
    ],
    [
      'Sendmail',
      {
        subject: 'Warning: could not send message for past 4 hours',
        body: '    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- Transcript of session follows -----\n<kim@reader.example>... Deferred: Connection refused\n',
      },
    ],
    ['a report', report('Action: delayed\nStatus: 4.4.1')],
  ],
  delivered: [
    ['a report', report('Action: delivered\nStatus: 2.0.0')],
    [
      'in words',
      {
        subject: 'Successful Mail Delivery Report',
        body: 'Your message was successfully delivered to the destination(s) listed below.\n',
      },
    ],
    [
      'read',
      {
        from: 'kim@reader.example',
        subject: 'Read: Spam filters',
        body: 'Your message was read on Friday.\n',
      },
    ],
    [
      'a receipt',
      {
        from: 'kim@reader.example',
        subject: 'Receipt',
        ...parts(
          'report; report-type=disposition-notification',
          'text/plain\n\nSeen.\n',
          'message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n',
        ),
      },
    ],
  ],
  'automatic reply': [
    [
      'away',
      {
        from: 'kim@reader.example',
        subject: 'Out of office',
        fields: { 'Auto-Submitted': 'auto-replied' },
        body: 'I am away until Monday. Ask for extension 550 5.1.1.\n',
      },
    ],
    [
      'away, from the postmaster',
      {
        from: 'postmaster@reader.example',
        subject: 'Automatic reply: Spam filters',
        fields: { 'X-Auto-Response-Suppress': 'All' },
        body: 'No such user here from 5.1.1 to 5.5.2.\n',
      },
    ],
    [
      'Apple',
      {
        from: 'kim@reader.example',
        subject: 'Re: Spam filters',
        fields: { 'X-Apple-Action': 'VACATION/sender' },
        body: '550 is my favourite number.\n',
      },
    ],
    [
      'of old',
      {
        from: 'kim@reader.example',
        subject: 'Re: Spam filters',
        fields: { Precedence: 'auto_reply' },
        body: 'Gone fishing\n',
      },
    ],
    [
      'German',
      {
        from: 'kim@reader.example',
        subject: 'Abwesenheitsnotiz',
        body: 'Ich bin bis Montag nicht im Büro.\n',
      },
    ],
    ['Japanese', { from: 'kim@reader.example', subject: '自動応答: ニュース', body: '休暇中です。\n' }],
    [
      'without a word of it',
      {
        from: 'kim@reader.example',
        subject: 'Spam filters',
        body: 'Thank you for your mail. I am currently out of the office.\n',
      },
    ],
    [
      'who asks us to prove that we are a person',
      {
        from: 'kim@reader.example',
        subject: 'Please confirm your message',
        body: 'Your message could not be delivered until you click the link below to be approved as a sender.\n',
      },
    ],
    [
      'the same, from a daemon',
      {
        from: 'MAILER-DAEMON@reader.example',
        subject: 'Your mail is held',
        fields: { 'X-Delivery-Agent': 'TMDA/1.1.12' },
        body: 'Reply to this message to have it delivered.\n',
      },
    ],
    [
      'a machine that answers',
      {
        from: 'support@reader.example',
        subject: 'Ticket 55012 received',
        fields: { 'Auto-Submitted': 'auto-generated' },
        body: 'We have received it.\n',
      },
    ],
  ],
}

for (const [kind, forms] of Object.entries(FORMS)) {
  test.each(forms)(`${kind}: %s`, async (_name, form) => {
    expect(await became(form)).toBe(kind)
  })
}

test('without an address of ours, the quoted letter says whose it was', async () => {
  const forms: readonly (readonly [string, Form])[] = FORMS.hard!.filter(([, form]) =>
    form.body.includes(TOKEN),
  )
  expect(forms.length).toBeGreaterThan(8)
  for (const [name, form] of forms) {
    const report = await read(mailOf(form, 'bounces@meridian.example'))
    expect([name, report]).toEqual([
      name,
      expect.objectContaining({ kind: 'hard', about: expect.objectContaining({ subscriber: 42 }) }),
    ])
  }
  const broken = exim('Unrouteable address').replace(TOKEN, `${TOKEN.slice(0, 20)}=\n${TOKEN.slice(20)}`)
  expect(
    await read(mailOf({ subject: 'Mail failure', body: broken }, 'bounces@meridian.example')),
  ).toMatchObject({ kind: 'hard' })
})

test('nothing without our signature counts, however it is worded', async () => {
  for (const [, form] of [...FORMS.hard!, ...FORMS.soft!]) {
    const unsigned = { ...form, body: form.body.replaceAll(TOKEN, 'x') }
    expect((await read(mailOf(unsigned, 'bounces@meridian.example'))).kind).toBe('unknown')
  }
})

const complaintForms: readonly (readonly [name: string, form: Form, kind: string])[] = [
  [
    'Outlook’s junk mail report',
    {
      from: 'staff@hotmail.com',
      subject: 'complaint about message from 192.0.2.1',
      ...parts(
        'mixed',
        `message/rfc822\nContent-Disposition: inline\n\nX-HmXmrOriginalRecipient: kim@reader.example\nX-HmXmrOriginalRecipientBcl: 0\n${LETTER}`,
      ),
    },
    'complaint',
  ],
  [
    'an unknown type',
    {
      from: 'feedback@arf.mail.example',
      subject: 'FW: Spam filters',
      ...parts(
        'report; report-type=feedback-report',
        'text/plain\n\nThis is an email abuse report.\n',
        'message/feedback-report\n\nFeedback-Type: miscategorized\nUser-Agent: Y/1\nVersion: 1\nOriginal-Rcpt-To: kim@reader.example\n',
        `message/rfc822\n\n${LETTER}`,
      ),
    },
    'complaint',
  ],
  [
    'a request to be left out',
    {
      from: 'fbl@mail.example',
      subject: 'opt-out',
      ...parts(
        'report; report-type=feedback-report',
        'message/feedback-report\n\nFeedback-Type: opt-out\n',
        `text/rfc822-headers\n\n${LETTER}`,
      ),
    },
    'unsubscribe',
  ],
  [
    'Amazon, forwarded whole',
    {
      from: 'complaints@email-abuse.amazonses.com',
      subject: 'complaint about message from 192.0.2.1',
      ...parts('mixed', 'text/plain\n\nThis is an email abuse report.\n', `message/rfc822\n\n${LETTER}`),
    },
    'complaint',
  ],
  [
    'Amazon, in JSON by mail',
    {
      from: 'AWS Notifications <no-reply@sns.amazonaws.com>',
      subject: 'AWS Notification Message',
      body: `${JSON.stringify({
        notificationType: 'Complaint',
        complaint: { complainedRecipients: [{ emailAddress: 'kim@reader.example' }] },
        mail: {
          headers: [{ name: 'List-Unsubscribe', value: `<https://letters.meridian.example/u/${TOKEN}>` }],
        },
      })}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\nhttps://sns.example/\n`,
    },
    'complaint',
  ],
  [
    'Amazon, a bounce in JSON',
    {
      from: 'AWS Notifications <no-reply@sns.amazonaws.com>',
      subject: 'AWS Notification Message',
      body: JSON.stringify({
        Type: 'Notification',
        Message: JSON.stringify({
          notificationType: 'Bounce',
          bounce: {
            bounceType: 'Permanent',
            bouncedRecipients: [
              {
                emailAddress: 'kim@reader.example',
                status: '5.1.1',
                diagnosticCode: 'smtp; 550 5.1.1 user unknown',
              },
            ],
          },
          mail: {
            headers: [{ name: 'List-Unsubscribe', value: `<https://letters.meridian.example/u/${TOKEN}>` }],
          },
        }),
      }),
    },
    'hard',
  ],
  [
    'SendGrid, in JSON',
    {
      from: 'events@sendgrid.example',
      subject: 'events',
      body: JSON.stringify([
        { event: 'spamreport', email: 'kim@reader.example', sg_event_id: '1', token: TOKEN },
      ]),
    },
    'complaint',
  ],
]

test.each(complaintForms)('heard: %s', async (_name, form, kind) => {
  for (const to of [VERP, 'bounces@meridian.example'])
    expect(await read(mailOf(form, to))).toMatchObject({ kind, about: { subscriber: 42 } })
})

const WRAPPERS: Readonly<Record<string, (status: string, reply: string) => Form>> = {
  'a report': (status, reply) =>
    report(
      `Action: failed\nStatus: ${status || '5.0.0'}\nDiagnostic-Code: smtp; ${reply.replace(/\s*\n\s*/g, ' ')}`,
    ),
  'a report in words': (status, reply) => report(`Action: failed\nStatus: ${status || '5.0.0'}`, reply),
  Exim: (_status, reply) => ({ subject: 'Mail delivery failed', body: exim(reply) }),
  qmail: (_status, reply) => ({ subject: 'failure notice', body: qmail(`Remote host said: ${reply}`) }),
  Gmail: (_status, reply) => ({ subject: 'Delivery Status Notification (Failure)', body: gmail(reply) }),
  Sendmail: (_status, reply) => ({
    subject: 'Returned mail',
    body: sendmail(`>>> RCPT To:<kim@reader.example>\n<<< ${reply}`),
  }),
}

test.each(Object.keys(WRAPPERS))('what a server said means the same in the words of %s', async wrapper => {
  const judged = async (list: typeof DEAD) =>
    Promise.all(list.map(async ([status, text]) => [text, await became(WRAPPERS[wrapper]!(status, text))]))
  const dead = await judged(DEAD)
  expect(dead.filter(([, kind]) => !['hard', 'soft'].includes(kind!))).toEqual([])
  expect(dead.filter(([, kind]) => kind === 'hard').length).toBeGreaterThan(DEAD.length * 0.9)
  const living = await judged([...ILL, ...NOT_THE_READER])
  expect(living.filter(([, kind]) => ['hard', 'unknown'].includes(kind!))).toEqual([])
})
