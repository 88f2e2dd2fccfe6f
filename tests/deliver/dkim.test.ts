// Signatures as a receiver checks them: mailauth, with a resolver that knows our keys.

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { describe, expect, it } from 'vitest'
import { type DkimKey, keyCopies, signMessage } from '../../src/deliver/dkim/sign-message.ts'
import {
  checkPublished,
  type DkimOptions,
  dkimSigning,
  recordFor,
  withDkim,
} from '../../src/deliver/dkim/signing.ts'
import { composeLetter } from '../../src/letter/compose-message.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer } from '../a-smtp-server.ts'
import { aLetter } from './a-ledger.ts'
import { aMessage } from './a-message.ts'
import { memoryTransport } from './memory-transport.ts'

const DOMAIN = 'meridian.example'
const rsa: DkimKey = {
  algorithm: 'rsa-sha256',
  selector: 's1',
  key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
}
const ed25519: DkimKey = {
  algorithm: 'ed25519-sha256',
  selector: 'e1',
  key: generateKeyPairSync('ed25519').privateKey,
}
const resolver = async (name: string) => {
  const key = [rsa, ed25519].find(({ selector }) => name === `${selector}._domainkey.${DOMAIN}`)
  if (!key) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
  return [[recordFor(key)]]
}

async function verdicts(bytes: Uint8Array): Promise<string[]> {
  const { results } = await dkimVerify(Buffer.from(bytes), { resolver } as never)
  return results.map(({ status }: { status: { result: string } }) => status.result)
}

const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const FIELDS = [
  'From: The Meridian <news@meridian.example>',
  'To: Asha <asha@reader.example>',
  'Subject: A bridge at dawn',
  'Date: Fri, 30 Jan 2026 07:00:00 +0530',
  'Message-ID: <one@meridian.example>',
  'List-Unsubscribe: <https://letters.meridian.example/u/x>,\r\n <mailto:bounces@meridian.example>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  'Reply-To: desk@meridian.example',
  'List-Id: "The Weekly" <weekly.meridian.example>',
  'List-Post: NO',
  'List-Owner: <mailto:news@meridian.example>',
  'List-Help: <https://meridian.example/>',
  'Feedback-ID: 2026-W05:weekly:newsletter:meridian.example',
  'Precedence: bulk',
  'MIME-Version: 1.0',
  'Content-Language: en',
  'Content-Type: text/plain; charset=utf-8',
]
const mail = (body = 'Good  morning.\t \r\n\r\n.\r\n\r\n\r\n') =>
  Buffer.from(`${FIELDS.join('\r\n')}\r\n\r\n${body}`)
const sign = signMessage(DOMAIN, [rsa])

it('a receiver verifies it', async () => {
  const signed = Buffer.from(await sign(mail()))
  expect(signed.subarray(-mail().length)).toEqual(mail())
  expect(await verdicts(signed)).toEqual(['pass'])
  const [head] = signed.toString('latin1').split('\r\nFrom:')
  expect(Math.max(...head!.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(78)
  expect(head).toMatch(/a=rsa-sha256; c=relaxed\/relaxed;/)
  expect(head).not.toMatch(/[; ]l=/)
})

it('From is covered once more than it stands there, and both fields of one-click are covered (RFC 8058 §4)', async () => {
  const text = Buffer.from(await sign(mail())).toString('latin1')
  const names = /h=([^;]+);/.exec(text)![1]!.replace(/\s/g, '').split(':')
  expect(names.filter(name => name === 'from')).toHaveLength(2)
  expect(names).toEqual(expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post', 'feedback-id']))
})

it.each(['', '\r\n', ' \r\n', 'no line end', 'x \r\n \r\n', ' x\t\ty ', '=20\r\n'.repeat(3)])(
  'any end of a body: %j',
  async body => {
    expect(await verdicts(await sign(mail(body)))).toEqual(['pass'])
  },
)

describe('whatever is changed on the way breaks it', () => {
  it.each(FIELDS.map(field => [field.split(':')[0]!, field] as const))('%s', async (name, field) => {
    const signed = Buffer.from(await sign(mail())).toString('latin1')
    const changed = signed.replace(`\r\n${field}`, `\r\n${field.replace(/[a-z](?=[^a-z]*$)/i, 'q')}`)
    expect(changed).not.toBe(signed)
    expect(await verdicts(Buffer.from(changed, 'latin1'))).not.toContain('pass')
    const gone = signed.replace(`\r\n${field}`, '')
    expect(await verdicts(Buffer.from(gone, 'latin1'))).not.toContain('pass')
    expect(name).toBeTruthy()
  })

  it.each([
    'From: Evil <evil@evil.example>',
    'Subject: Win',
    'Reply-To: evil@evil.example',
    'List-Unsubscribe: <https://evil.example/>',
    'List-Unsubscribe-Post: x',
    'Content-Type: text/html',
  ])('one more: %s', async field => {
    const signed = Buffer.from(await sign(mail())).toString('latin1')
    for (const changed of [
      `${field}\r\n${signed}`,
      signed.replace('\r\nPrecedence', `\r\n${field}\r\nPrecedence`),
    ]) {
      expect(await verdicts(Buffer.from(changed, 'latin1'))).not.toContain('pass')
    }
  })

  it('the body', async () => {
    const signed = Buffer.from(await sign(mail()))
    const at = signed.indexOf('morning')
    signed[at] = 0x4d
    expect(await verdicts(signed)).not.toContain('pass')
    const longer = Buffer.concat([await sign(mail()), Buffer.from('more\r\n')])
    expect(await verdicts(longer)).not.toContain('pass')
  })
})

it('a second signature by Ed25519 stands beside the first (RFC 8463)', async () => {
  const signed = await signMessage(DOMAIN, [rsa, ed25519])(mail())
  expect(await verdicts(signed)).toEqual(['pass', 'pass'])
})

it('is written where the caller says, and where that is too short, elsewhere', async () => {
  const sign = signMessage(DOMAIN, [rsa])
  const bytes = Buffer.from(mail('another\r\n'))
  const room = new Uint8Array(4096)
  const there = await sign(bytes, room)
  expect([there.buffer === room.buffer, await verdicts(there)]).toEqual([true, ['pass']])
  const elsewhere = await sign(bytes, new Uint8Array(10))
  expect(Buffer.from(elsewhere)).toEqual(Buffer.from(there))
})

it('who signs at once has each a copy of the key to herself, and there are no more than Node has threads', async () => {
  const withKey = keyCopies(rsa.key)
  const used = new Map<KeyObject, number>()
  let most = 0
  const signing = Array.from({ length: 20 }, () =>
    withKey(async key => {
      expect(used.get(key) ?? 0).toBe(0)
      used.set(key, 1)
      most = Math.max(
        most,
        [...used.values()].reduce((sum, now) => sum + now, 0),
      )
      await new Promise(resolve => setImmediate(resolve))
      used.set(key, 0)
      return key
    }),
  )
  await Promise.all(signing)
  expect([used.size, most]).toEqual([4, 4])
  expect([...used.keys()].every(key => pem(key) === pem(rsa.key))).toBe(true)
  await expect(withKey(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await Promise.all(Array.from({ length: 5 }, () => withKey(async () => 'well')))).toHaveLength(5)
})

it('send and send --to sign what goes over the wire', async () => {
  const server = await aSmtpServer({ keep: true })
  const folder = aFolder({
    'articles/publication.yaml': `title: The Test
url: https://test.example/
newsletters:
  - { id: weekly, every: week, on: friday, at: '07:00', from: News <news@meridian.example> }
mail: { dkim: { domain: meridian.example, selector: s1, ed25519: { selector: e1 } } }
`,
    'articles/a.md': '---\ntitle: A\ndate: 2026-01-28\n---\n\n.  Text\n',
    'readers.csv': 'email,name\nasha@reader.example,Asha\n',
  })
  const run = (...argv: string[]) =>
    aRun(folder, [...argv, '--now', '2026-01-30T07:30:00Z'], {
      env: {
        BROADSHEET_SMTP: server.address,
        BROADSHEET_SECRET: 'a-secret-for-the-tests',
        BROADSHEET_DKIM_KEY: pem(rsa.key),
        BROADSHEET_DKIM_KEY_ED25519: pem(ed25519.key),
      },
    })
  await run('subscribers', 'import', 'readers.csv')
  expect(await run('send', '--to', 'editor@test.example')).toMatchObject({ code: 0 })
  expect(await run('send', 'weekly/2026-W05', '--yes')).toMatchObject({ code: 0 })
  await server.close()
  for (const to of ['editor@test.example', 'asha@reader.example']) {
    const [raw] = server.mails.get(to)!.raw
    expect(raw).toMatch(to.startsWith('editor') ? /^X-Broadsheet-Test: yes/m : /^List-Unsubscribe:/m)
    expect(await verdicts(Buffer.from(raw!))).toEqual(['pass', 'pass'])
  }
})

it('any name, subject and text', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(text, text, text, text, async (name, subject, body, column) => {
      const letter = { ...aLetter(), subject: `${subject}x`, text: body, html: `<p>${body.length}</p>` }
      const compose = composeLetter(
        letter,
        {
          url: 'https://meridian.example/',
          timezone: 'Asia/Kolkata',
          articles: { idHost: 'meridian.example' },
          mail: { connections: 5 },
          service: 'https://letters.meridian.example/',
        } as never,
        { id: 'weekly', title: name } as never,
        { secret: 'secret', date: () => 0 },
      )
      const { bytes } = compose({
        subscriber: 1,
        email: 'asha@reader.example',
        name,
        fields: { column },
      } as never)
      expect(await verdicts(await sign(bytes))).toEqual(['pass'])
    }),
    { numRuns: 50 },
  )
})

describe('before the first message', () => {
  let dir = '/'
  const bad = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
  const open = (key: string | undefined, more: Partial<DkimOptions> = {}) => {
    const said: string[] = []
    const inner = memoryTransport()
    const options = {
      mail: { dkim: { domain: DOMAIN, selector: 's1' } },
      env: { BROADSHEET_DKIM_KEY: key },
      dir,
      say: (line: string) => said.push(line),
      ...more,
    }
    const transport = withDkim(inner, dkimSigning(options))
    return { transport, inner, said }
  }

  it('signs with a key in the environment, in one line too, or in a file', async () => {
    dir = aFolder({ 'dkim.pem': pem(rsa.key) })
    for (const key of [pem(rsa.key), pem(rsa.key).trim().replaceAll('\n', '\\n'), 'dkim.pem']) {
      const { transport, inner } = open(key)
      await transport.verify()
      const outcome = await transport.send(aMessage('asha@reader.example'), {
        beforeLastByte: async () => true,
      })
      expect(outcome.kind).toBe('accepted')
      expect(await verdicts(inner.sent[0]!.bytes)).toEqual(['pass'])
    }
  })

  it.each([
    ['missing', undefined, /BROADSHEET_DKIM_KEY is not: letters/],
    ['too short', pem(bad), /has 1024 bits/],
    ['no key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', /contains no private key/],
    ['no file', 'nowhere.pem', /cannot be read \(ENOENT\)/],
    ['Ed25519 alone', pem(ed25519.key), /type ed25519/],
  ])('a key that is %s is an error that does not repeat it', (_, key, message) => {
    let error: unknown
    try {
      open(key)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ name: 'UserError', exit: 2, message: expect.stringMatching(message) })
    expect(`${error}`).not.toMatch(/AAAA|nowhere/)
  })

  it('what is published must be ours', async () => {
    const other = { ...rsa, key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }
    const ask = (answer: () => Promise<string[][]>) => checkPublished('meridian.news', rsa, answer)
    const failing = (code: string) => async () => {
      throw Object.assign(new Error(code), { code })
    }
    expect(await ask(async () => [[recordFor(rsa).slice(0, 200), recordFor(rsa).slice(200)]])).toBeUndefined()
    expect(await ask(async () => [['something else'], [recordFor(other)], [recordFor(rsa)]])).toBeUndefined()
    await expect(ask(async () => [[recordFor(other)]])).rejects.toMatchObject({
      name: 'UserError',
      message: 'The DKIM key at s1._domainkey.meridian.news is another one than ours',
      hint: expect.stringContaining(recordFor(rsa)),
    })
    await expect(ask(async () => [['v=DKIM1; p=']])).rejects.toThrow('revoked')
    await expect(ask(async () => [[`${recordFor(rsa)}; h=sha1`]])).rejects.toThrow('SHA-256')
    await expect(ask(failing('ENOTFOUND'))).rejects.toThrow('There is no DKIM key')
    expect(await ask(failing('ETIMEOUT'))).toMatch(/could not be asked.*ETIMEOUT/)
    expect(await ask(failing('ECONNREFUSED'))).toMatch(/could not be asked/)
  })

  it('a mismatch stops before the server is asked, silence of DNS is a warning', async () => {
    const dkim = { domain: 'meridian.news', selector: 's1' }
    const resolveTxt = async () => [[recordFor({ ...rsa, key: bad })]]
    await expect(open(pem(rsa.key), { mail: { dkim }, resolveTxt }).transport.verify()).rejects.toThrow(
      'another one',
    )
    const mute = open(pem(rsa.key), {
      mail: { dkim },
      resolveTxt: async () => Promise.reject(new Error('?')),
    })
    await mute.transport.verify()
    expect(mute.said).toEqual([expect.stringMatching(/could not be asked/)])
  })

  it('nothing leaves unsigned when a key fails later', async () => {
    const { signedTransport } = await import('../../src/deliver/dkim/signing.ts')
    const inner = memoryTransport()
    const failing = signedTransport(
      inner,
      () => Promise.reject(new Error('gone')),
      async () => {},
    )
    const outcome = await failing.send(aMessage('a@reader.example'), { beforeLastByte: async () => true })
    expect(outcome).toEqual({ kind: 'host-trouble', reply: 'DKIM cannot sign: gone' })
    expect(inner.sent).toEqual([])
  })
})
