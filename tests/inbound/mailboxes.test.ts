import { expect, test } from 'vitest'
import { readMbox } from '../../src/inbound/mailboxes.ts'

const MIB = 1024 * 1024

test.each([
  ['in many lines', `${'x'.repeat(MIB - 100)}\n`.repeat(12)],
  ['in one line', `${'x'.repeat(12 * MIB)}\n`],
])('of a mail of 12 MiB %s no more than 10 MiB are held, and the next one is read', async (_, body) => {
  const mails = ['From x\nSubject: large\n\n', body, '\nFrom x\nSubject: next\n\nShort.\n']
  const found = []
  for await (const { name, bytes } of readMbox(chunksOf(mails.join('')), 'mbox')) {
    found.push({ name, length: bytes.length, head: Buffer.from(bytes.subarray(0, 15)).toString() })
  }
  expect(found).toMatchObject([
    { name: 'mbox, mail 1', head: 'Subject: large\n' },
    { name: 'mbox, mail 2', head: 'Subject: next\n\n' },
  ])
  expect(found[0]!.length).toBeLessThanOrEqual(10 * MIB)
})

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB)
}
