// Refusals as servers word them → dead, ill for now, too much at once, or about ourselves.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyRefusal, type RefusalKind } from '../../src/deliver/classify-refusal.ts'
import { DEAD, ILL, NOT_THE_READER } from './refusals-of-servers.ts'

const CASES: Readonly<Record<RefusalKind, readonly (readonly [status: string, text: string])[]>> = {
  hard: [
    ['5.5.0', '550 5.5.0 Requested action not taken: mailbox unavailable'],
    ['5.4.1', '550 5.4.1 Recipient address rejected: Access denied. [AM6.prod.protection.outlook.com]'],
    ['', "554 delivery error: dd This user doesn't have a yahoo.com account (lea@reader.example) [0]"],
    ['', '550 User not found'],
    ['', '550 <lea@reader.example>... User not exist'],
    ['5.3.0', '553 5.3.0 <lea@reader.example>... No such user here'],
    ['', "** Address not found ** Your message wasn't delivered to lea@reader.example"],
    ['', '550 Host unknown (Authoritative answer from name server)'],
    ['5.1.1', '550-5.1.1 The email account that you tried to reach does not exist. Please check the address'],
    ['5.0.0', '550 5.0.0 Unknown user lea'],
    ['', '511 sorry, no mailbox here by that name (#5.1.1 - chkuser)'],
    [
      '5.1.1',
      'host mx.reader.example[203.0.113.4] said: 550 5.1.1 <lea@reader.example>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)',
    ],
    [
      '5.1.10',
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient lea@reader.example not found by SMTP address lookup',
    ],
    ['5.7.1', '554 5.7.1 <lea@reader.example>: Recipient address rejected: user lea does not exist'],
    ['', 'User lea (lea@reader.example) not listed in Domino Directory'],
    ['', 'Unrouteable address'],
    [
      '5.4.4',
      'Host or domain name not found. Name service error for name=reader.example type=A: Host not found',
    ],
    ['5.1.2', '550 5.1.2 <lea@reader.example>... Host unknown'],
    ['', '550 #5.1.0 Address rejected.'],
    ['5.1.6', '551 5.1.6 recipient no longer on server'],
    ['', '550 Empfänger unbekannt'],
    ['', '550 Adresse inconnue: utilisateur inconnu'],
    ['', '550 El usuario no existe en este servidor'],
    ['', '550 Usuário inexistente'],
    ['', '550 Utente sconosciuto'],
    ['', '550 指定されたユーザーは存在しません'],
    ['', '550 用户不存在'],
    ['', '550 RCPT TO:<lea@reader.example> User account is unavailable'],
    ['5.1.1', 'x-unknown; something nobody has ever seen'],
    ['', '554 reader.example does not accept mail (nullMX)'],
  ],
  soft: [
    [
      '',
      '554 30 Sorry, your message to lea@reader.example cannot be delivered. This mailbox is disabled (554.30).',
    ],
    [
      '5.4.4',
      'Name service error for name=reader.example type=MX: Malformed or unexpected name server reply',
    ],
    ['5.1.0', "550 5.1.0 - Unknown address error '5.2.2 <lea@reader.example>... Mailbox Full'"],
    ['5.1.1', 'procmail: Couldn\'t create "/var/spool/mail/lea"'],
    ['5.2.1', '550 5.2.1 The email account that you tried to reach is disabled'],
    ['5.2.2', '552-5.2.2 The email account that you tried to reach is over quota and inactive'],
    ['4.4.1', '421 connection timed out'],
    ['', '450 mailbox unavailable'],
    ['', '550 Postfach ist voll'],
    ['', '552 boîte aux lettres pleine'],
    ['', 'retry timeout exceeded'],
    ['', '554 mailbox temporarily unavailable'],
    ['5.0.0', ''],
    ['', ''],
  ],
  deferred: [
    [
      '5.2.1',
      '550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages',
    ],
    ['5.1.1', '550 5.1.1 <lea@reader.example> - 203.0.113.2 has sent to too many recipients this hour'],
    ['4.7.0', '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints'],
    ['', '450 Greylisted, try again in 300 seconds'],
    ['5.7.0', '550 5.7.0 hourly sending limit exceeded'],
  ],
  policy: [
    ['5.1.8', '553 5.1.8 <bounces@n.example>... Domain of sender address bounces@n.example does not exist'],
    ['5.1.0', '550 5.1.0 192.0.2.222 is not allowed to send from <n.example> per its SPF Record'],
    ['5.1.0', '550 5.1.0 <bounces@n.example> sender rejected'],
    ['5.1.3', '553 5.1.3 http://www.spamhaus.org/query/bl?ip=192.0.2.222'],
    ['5.7.1', '550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using Spamhaus'],
    ['5.7.26', '550-5.7.26 This mail has been blocked because the sender is unauthenticated'],
    [
      '5.7.515',
      '550 5.7.515 Access denied, sending domain N.EXAMPLE does not meet the required authentication level',
    ],
    [
      '',
      '550 SC-001 (COL004) Unfortunately, messages from 192.0.2.1 were not sent. part of their network is on our block list (S3150)',
    ],
    ['5.1.1', '550 5.1.1 Sender verify failed'],
    ['5.7.1', '554 5.7.1 Message rejected as spam by content filtering'],
    ['', '550 The user refuses to receive this mail'],
    ['5.7.1', '550 5.7.1 Relaying denied'],
    ['5.3.4', '552 5.3.4 message too large'],
    ['5.7.1', '554 5.7.1 <lea@reader.example>: Recipient address rejected: Policy restrictions'],
    ['', '550 your server has no PTR record'],
  ],
}

for (const [kind, cases] of Object.entries(CASES)) {
  test.each(cases)(`${kind}: %s %s`, (status, text) => {
    expect(classifyRefusal({ status, text })).toBe(kind)
  })
}

/** Our envelope sender, as it is for one reader. */
const OURS = 'bounces+7-abcdefg-abcdefghijklmnop@letters.example'

test.each([
  ['5.1.0', `550 5.1.0 Address rejected: ${OURS} not found in whitelist`],
  ['5.1.1', `550 5.1.1 <${OURS}>... User unknown`],
  ['', `550 callback verification failed for <${OURS}>: no such user`],
  ['5.1.1', '550 5.1.1 unable to verify address bounces@letters.example'],
  ['', '550 Address bounces@letters.example unknown'],
  ['5.0.0', '550 Domain letters.example does not exist'],
  ['5.1.1', '550 5.1.1 Return address does not exist'],
  ['', '550 Reverse path invalid: user unknown'],
  ['', "550 The sender's mailbox does not exist"],
  ['5.1.7', '550 5.1.7 Invalid address in From'],
  ['5.6.0', '550 5.6.0 Bad header: unknown address'],
  ['5.7.1', '554 5.7.1 Address harvesting suspected: unknown users'],
])('about our own address, whatever is said of it: %s %s', (status, text) => {
  expect(classifyRefusal({ status, text, sender: 'bounces@letters.example' })).toBe('policy')
})

test.each([
  ['5.1.1', `550 5.1.1 <lea@reader.example>: user unknown; from=<${OURS}> to=<lea@reader.example>`],
  ['', `MAIL FROM:<${OURS}> RCPT TO:<lea@reader.example> 550 no such user`],
  ['', '550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [abc.uk1]'],
  ['', '550 Adressat unbekannt'],
  ['', '553 sorry, this recipient is not in my validrcptto list (#5.7.1)'],
  ['', '550 lea@reader.example: we do not have a user by that name'],
  ['', "550 L'adresse de messagerie que vous avez entrée est introuvable"],
  ['', 'No se encontró la dirección de correo electrónico que especificó'],
  ['', '550 O endereço de email inserido não pôde ser encontrado'],
])('about the reader, though ours is named: %s %s', (status, text) => {
  expect(classifyRefusal({ status, text, sender: 'bounces@letters.example' })).toBe('hard')
})

test.each(DEAD)('nobody is there: %s %s', (status, text) => {
  expect(classifyRefusal({ status, text })).toBe('hard')
})

test.each(ILL)('counts, and may be alive: %s %s', (status, text) => {
  expect(classifyRefusal({ status, text })).toBe('soft')
})

test.each(NOT_THE_READER)('says nothing of the mailbox: %s %s', (status, text) => {
  expect(['policy', 'deferred']).toContain(classifyRefusal({ status, text }))
})

test('what a person is told counts where the server names no reason', () => {
  const bare = { status: '5.0.0', text: 'smtp; 554 5.0.0 Service unavailable' }
  expect(classifyRefusal(bare)).toBe('soft')
  expect(classifyRefusal({ ...bare, prose: 'There is no such user here.' })).toBe('hard')
  expect(classifyRefusal({ ...bare, prose: 'Our rules about spam refuse it.' })).toBe('policy')
  expect(classifyRefusal({ status: '', text: '550 user unknown', prose: 'The account is disabled.' })).toBe(
    'soft',
  )
  expect(classifyRefusal({ status: '', text: '', presumed: 'hard' })).toBe('hard')
})

test('a full mailbox, a rate or a block list is never a dead address, whatever code stands before it', () => {
  const living = [
    'mailbox is full',
    'too many messages',
    'blocked using dnsbl',
    'sender domain rejected',
    'over quota',
  ]
  const codes = ['5.1.1', '5.1.2', '5.1.10', '5.4.4', '5.2.1', '']
  fc.assert(
    fc.property(fc.constantFrom(...living), fc.constantFrom(...codes), (text, status) => {
      expect(classifyRefusal({ status, text: `550 ${status} ${text}` })).not.toBe('hard')
    }),
  )
})

test('any text is judged, and in time that grows with its length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 500, unit: 'grapheme' }), text => {
      expect(['hard', 'soft', 'deferred', 'policy']).toContain(classifyRefusal({ status: '', text }))
    }),
  )
  for (const piece of ['user ', 'mailbox a b ', 'sender x ', '5.1.1 ', 'quota not ', 'a'])
    classifyRefusal({ status: '', text: piece.repeat(100_000) })
})
