import { createRequire } from 'node:module'
import type { Transform } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wireForm } from '../../src/deliver/smtp/held-body.ts'

// What it stands in for: nodemailer's own.
const require = createRequire(import.meta.url)
const nodemailer = require.resolve('nodemailer').replace(/nodemailer\.js$/, 'smtp-connection/data-stream.js')
const { default: DataStream } = require(nodemailer) as { default: new () => Transform }

async function byNodemailer(bytes: Uint8Array): Promise<Buffer> {
  const stream = new DataStream()
  stream.end(Buffer.from(bytes))
  return Buffer.concat(await stream.toArray())
}

const piece = fc.oneof(
  fc.constantFrom('\r\n', '\r\n', '.', '\r\n.', '\r', '\n', ' ', '\u2028', 'é', '..', '\r\r\n', '\n\r'),
  fc.string({ unit: 'binary', maxLength: 5 }),
)

it('is what nodemailer would send, or nothing', async () => {
  let own = 0
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async pieces => {
      const bytes = Buffer.from(`${pieces.join('')}\r\n`)
      const ready = wireForm(bytes)
      const alone = /\r(?!\n)|(?<!\r)\n/.test(bytes.toString('latin1'))
      expect(ready === undefined).toBe(alone)
      if (!ready) return
      own++
      expect(Buffer.concat([ready, Buffer.from('.\r\n')])).toEqual(await byNodemailer(bytes))
    }),
    { numRuns: 500 },
  )
  expect(own).toBeGreaterThan(20)
})

it('leaves alone what has no end or nothing in it', () => {
  for (const text of ['', 'a', 'a\r', 'a\n', '\n', 'a\r\nb'])
    expect(wireForm(Buffer.from(text))).toBeUndefined()
})
