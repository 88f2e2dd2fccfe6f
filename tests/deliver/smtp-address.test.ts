import { SMTPServer } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openTransport } from '../../src/deliver/open-transport.ts'
import { smtpAddress } from '../../src/deliver/smtp/index.ts'
import { aMessage } from './a-message.ts'

describe('address', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, starttls: 'offered' }],
    ['smtps://mail.example', { port: 465, secure: true }],
    [
      'smtp://u:p@mail.example:25',
      { port: 25, user: 'u', password: 'p', starttls: 'required', shown: 'smtp://u@mail.example:25' },
    ],
    ['smtp://u:p@127.0.0.1:25', { starttls: 'offered' }],
    ['smtp://u%40m.example:p%2Fw%23%3F@mail.example', { user: 'u@m.example', password: 'p/w#?' }],
    ['smtp://[::1]:2525', { host: '::1', port: 2525 }],
    ['smtp://mail.example?name=news.example', { name: 'news.example' }],
    ['smtp://localhost?tls=self-signed', { selfSigned: true }],
  ])('%s', (text, parts) => expect(smtpAddress(text)).toMatchObject(parts))

  it.each([
    'smtp://',
    'smtp://user:pa/ss-s3cret@mail.example',
    'smtp://user:pa#s3cret@mail.example',
    'smtp://user:s3cret%@mail.example',
    'smtp://user:s3cret@mail.example?tls=never',
    'smtp://user:s3cret@mail.example?tls=self-signed',
    'smtp://user:s3cret@mail.example?tls=maybe',
    'smtp://user:s3cret@mail.example?pool=1',
    'smtp://user:s3cret@mail.example:99999',
  ])('%s is an error that does not tell the password', text => {
    const error = (() => {
      try {
        return openTransport(text, { dir: '/' })
      } catch (error) {
        return error as Error & { hint: string }
      }
    })()
    expect(error).toMatchObject({ name: 'UserError', exit: 2 })
    expect(`${(error as Error).message} ${(error as { hint: string }).hint}`).not.toContain('s3cret')
  })

  it.each(['', 'mail.example', 'http://mail.example', 'constructor:x', 's3cret'])(
    '%j is no way to send',
    text => {
      expect(() => openTransport(text, { dir: '/' })).toThrow(/smtp:\/\//)
    },
  )
})

describe('TLS', () => {
  // The package smtp-server brings a certificate that nobody vouches for.
  async function tlsServer(secure: boolean) {
    const mails: string[] = []
    const server = new SMTPServer({
      secure,
      logger: false,
      onAuth: ({ username, password }, session, done) => {
        const right = session.secure && username === 'news' && password === 'p@ss'
        done(right ? null : new Error('no'), right ? { user: 'news' } : undefined)
      },
      onData(stream, session, done) {
        stream.on('end', () => {
          mails.push(`${session.secure}`)
          done()
        })
        stream.resume()
      },
    })
    server.on('error', () => {})
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => new Promise(closed => server.close(() => closed())))
    return { mails, port: (server.server.address() as { port: number }).port }
  }

  it.each([
    ['smtp', false],
    ['smtps', true],
  ] as const)('%s: logs in and sends encrypted', async (scheme, secure) => {
    const { mails, port } = await tlsServer(secure)
    const transport = openTransport(`${scheme}://news:p%40ss@127.0.0.1:${port}?tls=self-signed`, { dir: '/' })
    await transport.verify()
    const outcome = await transport.send(aMessage('a@reader.example'), { beforeLastByte: async () => true })
    await transport.close()
    expect(outcome).toMatchObject({ kind: 'accepted' })
    expect(mails).toEqual(['true'])
  })

  it.each([
    ['smtp', false],
    ['smtps', true],
  ] as const)('%s: a certificate that nobody vouches for is an error', async (scheme, secure) => {
    const { port } = await tlsServer(secure)
    const transport = openTransport(`${scheme}://news:p%40ss@127.0.0.1:${port}`, { dir: '/' })
    await expect(transport.verify()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/safe connection/),
    })
    await transport.close()
  })
})
