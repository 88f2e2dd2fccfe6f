// Messages as a mail program reads them: whatever a reader, a title or a letter says, there is one mail, to her, with the
// headers that we wrote and the body that the letter has.

import fc from 'fast-check'
import { type ParsedMail, simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { editionTag, readBounceAddress, readToken } from '../../src/base/signed-links.ts'
import { type ComposeOptions, composeLetter, letterHash } from '../../src/letter/compose-message.ts'
import type { Reader } from '../../src/letter/mail-text.ts'
import type { Letter, Newsletter, Publication } from '../../src/model.ts'
import { aNewsletter, aPublication } from '../builders.ts'

const marker = '0123456789ab'
const slot = (name: string, fallback = '') => `⟦${marker}:${name}${fallback && `|${fallback}`}⟧`
const service = 'https://letters.meridian.example/'

function aLetter(overrides: Partial<Letter> = {}): Letter {
  return {
    edition: 'weekly/2026-W05',
    newsletter: 'weekly',
    subject: 'A bridge opens',
    preheader: 'It had been closed since autumn.',
    language: 'en-IN',
    from: { name: 'The Meridian', address: 'news@meridian.example' },
    html: `<p>Dear ${slot('name', 'reader')}, <a href="${slot('unsubscribe_url')}">leave</a></p>\n`,
    text: `Dear ${slot('name', 'reader')},\nleave: <${slot('unsubscribe_url')}>\n`,
    marker,
    files: [],
    ...overrides,
  }
}

function aReader(overrides: Partial<Reader> = {}): Reader {
  return { subscriber: 7, email: 'anna@example.com', name: 'Anna', fields: {}, ...overrides }
}

interface Given {
  letter?: Partial<Letter>
  reader?: Partial<Reader>
  publication?: Partial<Publication>
  newsletter?: Partial<Newsletter>
  options?: Partial<ComposeOptions>
}

function made({ letter, reader, publication, newsletter, options }: Given = {}) {
  const compose = composeLetter(
    aLetter(letter),
    aPublication({ service, mail: { connections: 5, bounces: 'bounces@meridian.example' }, ...publication }),
    aNewsletter(newsletter),
    { secret: 'secret', date: () => Date.parse('2026-01-30T07:00:30+05:30'), ...options },
  )
  const message = compose(aReader(reader))
  const source = Buffer.from(message.bytes).toString('utf8')
  const [head = ''] = source.split('\r\n\r\n', 1)
  return { message, source, head, body: source.slice(head.length) }
}

const parse = (message: { bytes: Uint8Array }): Promise<ParsedMail> =>
  simpleParser(Buffer.from(message.bytes))

/** Field names in order, without continuation lines. */
const fieldNames = (head: string) => [...head.matchAll(/^([!-9;-~]+):/gm)].map(match => match[1]!)

const FIELDS = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Id',
  'List-Post',
  'List-Owner',
  'List-Help',
  'Feedback-ID',
  'Precedence',
  'MIME-Version',
  'Content-Language',
  'Content-Type',
]

test('the fields of a letter, each once', async () => {
  const { message, head } = made()
  expect(fieldNames(head)).toEqual(FIELDS)
  expect(head).toContain('From: The Meridian <news@meridian.example>\r\n')
  expect(head).toContain('To: Anna <anna@example.com>\r\n')
  expect(head).toContain('Date: Fri, 30 Jan 2026 07:00:30 +0530\r\n')
  expect(head).toContain('List-Id: "The Meridian Weekly"\r\n <weekly.meridian.example>\r\n')
  expect(head).toContain('Feedback-ID: 2026-W05:weekly:newsletter:meridian.example\r\n')
  expect(message.envelope).toEqual({
    from: expect.stringMatching(/^bounces\+7-[a-z2-7]{7}-[a-z2-7]{16}@meridian\.example$/),
    to: 'anna@example.com',
  })
  expect(head).toContain(`Message-ID: ${message.messageId}\r\n`)
})

test('an edition whose name has no letter of ASCII is a list in Feedback-ID', () => {
  const { head } = made({ letter: { edition: 'weekly/संस्करण' } })
  expect(head).toContain('Feedback-ID: list:weekly:newsletter:meridian.example\r\n')
})

test('one click: one List-Unsubscribe with the https address first, then the mail address, both with her token', () => {
  const { head } = made()
  const [, url, mailto] =
    /^List-Unsubscribe: <(https:[^>]*)>,\r\n <(mailto:[^>]*)>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m.exec(
      head,
    )!
  const token = url!.replace('https://letters.meridian.example/u/', '')
  expect(readToken('secret', 'unsubscribe', token)).toEqual({ subscriber: 7, edition: 'weekly/2026-W05' })
  expect(mailto).toBe(`mailto:bounces@meridian.example?subject=unsubscribe%20${token}`)
})

test('without a service people leave by mail, and nothing claims one click', async () => {
  const { message, head } = made({ publication: { service: undefined, mail: { connections: 5 } } })
  expect(head).toMatch(
    /^List-Unsubscribe: <mailto:news@meridian\.example\?subject=unsubscribe%20[\w.~-]+>\r$/m,
  )
  expect(head).not.toContain('List-Unsubscribe-Post')
  expect((await parse(message)).text).toContain('leave: <mailto:news@meridian.example?subject=unsubscribe%20')
})

test('text first, HTML last, and her values in both', async () => {
  const { message, source } = made({ reader: { name: 'Zoë <b> & "Co"' } })
  const mail = await parse(message)
  expect(mail.text).toMatch(
    /^Dear Zoë <b> & "Co",\nleave: <https:\/\/letters\.meridian\.example\/u\/[\w.~-]+>\n$/,
  )
  expect(mail.html).toContain('<p>Dear Zoë &lt;b&gt; &amp; &quot;Co&quot;, <a href="https://letters.')
  expect(source.indexOf('text/plain')).toBeLessThan(source.indexOf('text/html'))
})

test('a reader without a value sees the fallback; columns do not reach into objects', async () => {
  const text = `${slot('name', 'there')}|${slot('city', 'your city')}|${slot('constructor')}|${slot('__proto__', 'x')}`
  const nobody = { name: '  ', fields: { city: '' } }
  expect((await parse(made({ letter: { text }, reader: nobody }).message)).text?.trim()).toBe(
    'there|your city||x',
  )
  const somebody = { name: 'Zoë', fields: { city: 'Pune' } }
  expect((await parse(made({ letter: { text }, reader: somebody }).message)).text?.trim()).toBe('Zoë|Pune||x')
})

test('a slot of another marker is text', async () => {
  const text = '⟦ffffffffffff:name⟧ ⟦name⟧'
  expect((await parse(made({ letter: { text } }).message)).text?.trim()).toBe(text)
})

test('a subject can speak to the reader', async () => {
  const letter = { subject: `${slot('name', 'You')}, a bridge opens – पुल खुला` }
  expect((await parse(made({ letter, reader: { name: 'Zoë' } }).message)).subject).toBe(
    'Zoë, a bridge opens – पुल खुला',
  )
  expect((await parse(made({ letter, reader: { name: '' } }).message)).subject).toBe(
    'You, a bridge opens – पुल खुला',
  )
})

test('Message-ID and links are the same on every attempt, the date is that of the hand-over', () => {
  const again = { options: { date: () => Date.parse('2026-02-01T00:00:00Z') } }
  const [first, second] = [made(), made(again)]
  expect(second.message.messageId).toBe(first.message.messageId)
  expect(second.source.replace(/^Date: .*/m, '')).toBe(first.source.replace(/^Date: .*/m, ''))
  expect(second.head).toContain('Date: Sun, 1 Feb 2026 05:30:00 +0530')
  expect(made({ reader: { subscriber: 8 } }).message.messageId).not.toBe(first.message.messageId)
})

test('the envelope sender says whose message it is, on every attempt the same, within what a mail server takes', () => {
  const sender = (given: Given = {}) => made(given).message.envelope.from
  for (const subscriber of [1, 42, 999_999_999, 2 ** 40]) {
    const address = sender({ reader: { subscriber } })
    expect(readBounceAddress('secret', address)).toEqual({ subscriber, tag: editionTag('weekly/2026-W05') })
    expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64)
    expect(address).toBe(address.toLowerCase())
    expect(sender({ reader: { subscriber, name: 'B', email: 'b@example.com' } })).toBe(address)
    expect(sender({ reader: { subscriber }, options: { date: () => 0 } })).toBe(address)
  }
  const otherEdition = sender({ letter: { edition: 'weekly/2026-W06' } })
  expect(otherEdition).not.toBe(sender())
  expect(sender({ publication: { mail: { connections: 5 } } })).toBe('news@meridian.example')
  // A mailbox too long for more keeps its name: better no attribution than a letter that nobody takes.
  const long = `${'b'.repeat(50)}@meridian.example`
  expect(sender({ publication: { mail: { connections: 5, bounces: long } } })).toBe(long)
})

test('domains are A-labels in envelope and headers; a local part that is not ASCII stays as it is', async () => {
  const given = { reader: { email: 'anna@bücher.example', name: 'Anna' } }
  const { message, head } = made({
    ...given,
    letter: { from: { name: 'N', address: 'news@zürich.example' } },
  })
  expect(message.envelope.to).toBe('anna@xn--bcher-kva.example')
  expect(head).toContain('To: Anna <anna@xn--bcher-kva.example>')
  expect(head).toContain('From: N <news@xn--zrich-kva.example>')
  expect(message.messageId).toMatch(/@xn--zrich-kva\.example>$/)
  const eai = made({ reader: { email: 'संपादक@example.com' } })
  expect(eai.message.envelope.to).toBe('संपादक@example.com')
  expect((await parse(eai.message)).to).toMatchObject({ value: [{ address: 'संपादक@example.com' }] })
})

test.each([
  'a@b.example\r\nBcc: evil@z.example',
  'a@b.example, evil@z.example',
  '<a@b.example>',
  '',
  'a b@c.example',
])('an address that is none is refused: %j', email => {
  expect(() => made({ reader: { email } })).toThrow('not an e-mail address')
})

test('the boundary follows from the letter and cannot occur in what it parts', () => {
  const [one, other] = [made(), made({ letter: { subject: 'Another' } })]
  const boundary = (head: string) => /boundary="([^"]*)"/.exec(head)![1]!
  expect(boundary(one.head)).not.toBe(boundary(other.head))
  const forged = made({ reader: { name: `x\r\n--${boundary(one.head)}--` } })
  expect(boundary(forged.head)).toBe(boundary(one.head))
  expect(forged.body.split(boundary(one.head))).toHaveLength(4)
  expect(letterHash(aLetter())).not.toBe(letterHash(aLetter({ text: 'x' })))
})

// ─── Properties ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Text that has tried to be something else before. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        ' ',
        '\t',
        'Bcc: x@evil.example',
        '=?UTF-8?Q?=0A?=',
        '"',
        '\\',
        '<',
        '>',
        ',',
        ';',
        ':',
        '(',
        ')',
        '@',
        '.',
        'From ',
        '=',
        'पुल',
        '🌍',
        '\u202e',
        '⟦',
        'a'.repeat(90),
        '--=_',
        '\u2028',
      ),
      { maxLength: 12 },
    )
    .map(pieces => pieces.join('')),
)
/** What must be left of it. */
const visible = (text: string) =>
  text.replace(/[\s\p{Cc}\p{Cs}\p{Cn}\ufffd\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, '')

test('no subject, name, title or column changes the fields, the envelope or the parts', async () => {
  const given = fc.record({ subject: nasty, name: nasty, from: nasty, title: nasty, city: nasty })
  await fc.assert(
    fc.asyncProperty(given, async ({ subject, name, from, title, city }) => {
      const { message, head, source } = made({
        letter: {
          subject,
          from: { name: from, address: 'news@meridian.example' },
          replyTo: { name: from, address: 'desk@meridian.example' },
          text: `${slot('city')}\n`,
        },
        newsletter: { title },
        reader: { name, fields: { city } },
      })
      expect(fieldNames(head)).toEqual([...FIELDS.slice(0, 7), 'Reply-To', ...FIELDS.slice(7)])
      expect(message.envelope.from).toMatch(/^bounces\+[a-z0-9-]+@meridian\.example$/)
      expect(message.envelope.to).toBe('anna@example.com')
      expect(source.replaceAll('\r\n', '')).toMatch(/^[ -~]*$/)
      for (const line of head.split('\r\n')) {
        const limit = /^(?:List-Unsubscribe:| <mailto:|Message-ID:)/.test(line)
          ? 900
          : line.includes('=?UTF-8?')
            ? 76
            : 78
        expect(line.length).toBeLessThanOrEqual(limit)
        expect(line.trim()).not.toBe('')
      }
      for (const line of source.slice(head.length).split('\r\n')) {
        expect(line.length).toBeLessThanOrEqual(76)
        expect(line).not.toMatch(/[ \t]$|^\.|^From /)
      }
      const mail = await parse(message)
      expect(mail.attachments).toEqual([])
      expect(mail.to).toMatchObject({ value: [{ address: 'anna@example.com' }] })
      expect(mail.from?.value.map(({ address }) => address)).toEqual(['news@meridian.example'])
      expect(visible(mail.text ?? '')).toBe(visible(city))
    }),
    { numRuns: 400 },
  )
})

test('what is printable arrives as it was: subject, names, text and HTML', async () => {
  const words = fc
    .string({ unit: 'grapheme', maxLength: 300 })
    // U+FFFD stands for what was lost; no letter shows it.
    .map(text => text.replace(/[\s\p{C}\ufffd]+/gu, ' ').trim())
  await fc.assert(
    fc.asyncProperty(words, words, words, async (subject, name, text) => {
      const html = `<p>${text.replace(/[&<>]/g, '')}</p>`
      const { message } = made({ letter: { subject, text: `${text}\n\n${text} \n`, html }, reader: { name } })
      const mail = await parse(message)
      expect(mail.subject ?? '').toBe(subject)
      expect(mail.text).toBe(`${text}\n\n${text} \n`)
      expect(mail.html).toBe(html)
      expect(mail.to).toMatchObject({ value: [{ name, address: 'anna@example.com' }] })
    }),
    { numRuns: 300 },
  )
})

test('memory that held another message holds this one, and nothing of the other', () => {
  const anyReader = fc.record({
    subscriber: fc.nat(),
    email: fc.constantFrom('anna@example.com', 'j@example.org', 'घर@example.com'),
    name: fc.string({ unit: 'grapheme', maxLength: 80 }),
    fields: fc.record({ city: fc.string({ unit: 'grapheme', maxLength: 80 }) }),
  })
  const letter = aLetter({ text: `${slot('city', 'your city')}\n`, subject: `A bridge in ${slot('city')}` })
  const compose = composeLetter(
    letter,
    aPublication({ service, mail: { connections: 5, bounces: 'bounces@meridian.example' } }),
    aNewsletter(),
    { secret: 'secret', date: () => 0 },
  )
  const anyRoom = fc.integer({ min: 0, max: 6000 })
  fc.assert(
    fc.property(fc.array(anyReader, { minLength: 1, maxLength: 4 }), anyRoom, (readers, size) => {
      const memory = new Uint8Array(size + 8).fill(255)
      const room = memory.subarray(4, size + 4)
      for (const reader of readers) {
        const [alone, message] = [compose(reader), compose(reader, room)]
        expect(Buffer.compare(message.bytes, alone.bytes)).toBe(0)
        expect(message.bytes.buffer === memory.buffer).toBe(alone.bytes.length <= size)
        expect([...memory.subarray(0, 4), ...memory.subarray(size + 4)]).toEqual(Array(8).fill(255))
      }
    }),
  )
})
