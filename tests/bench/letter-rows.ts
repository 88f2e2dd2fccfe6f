// The rows that concern letters: processor time of this process, for other work on the machine
// changes what a clock says.

import { dirname, join } from 'node:path'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { aLetter, type LetterBench, type Reader } from './a-letter.ts'
import { inTurns } from './in-turns.ts'
import type { Measured } from './measure.ts'
import type { Bench, Row } from './rows.ts'

export const letterRows: readonly Row[] = [
  {
    name: 'letter',
    what: 'a letter of ten articles, MJML loaded (processor time)',
    goal: '≤ 40 ms',
    async run(bench) {
      const { render } = await opened(bench)
      return inTurns([{ name: 'Broadsheet', run: () => worked(30, render) }], bench.rounds)
    },
  },
  {
    name: 'message',
    what: 'a message made out to a reader from a letter of 60 kB, without DKIM (processor time)',
    goal: '≤ 20 µs',
    async run(bench) {
      const letters = await opened(bench)
      const { length } = letters.message(reader(0)).bytes
      const room = new Uint8Array(length + 1024)
      let n = 0
      return inTurns(
        [
          // As `send` does it: where the message before it was.
          { name: 'Broadsheet', run: () => worked(20_000, () => letters.message(reader(++n), room)) },
          { name: 'into new memory', run: () => worked(20_000, () => letters.message(reader(++n))) },
          { name: 'nodemailer composes it', run: () => worked(300, () => composed(letters, reader(++n))) },
        ],
        bench.rounds,
      )
    },
  },
]

let letters: Promise<LetterBench> | undefined
function opened({ program, scratch }: Bench): Promise<LetterBench> {
  letters ??= aLetter(dirname(program.at(-1)!), join(scratch, 'letter'))
  return letters
}

function reader(n: number): Reader {
  return { subscriber: n + 1, email: `reader${n}@example.org`, name: 'Asha', fields: {} }
}

function composed({ long }: LetterBench, { email, name, subscriber }: Reader): Promise<Uint8Array> {
  const leave = `https://letters.meridian.example/u/${subscriber}`
  return new MailComposer({
    from: 'The Meridian <news@meridian.example>',
    to: { name, address: email },
    subject: long.subject,
    html: long.html,
    text: long.text,
    headers: { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  })
    .compile()
    .build()
}

/** How much work of processors once takes, ms. */
async function worked(times: number, work: () => unknown): Promise<Measured> {
  const before = process.cpuUsage()
  for (let at = 0; at < times; at++) {
    const done = work()
    if (done instanceof Promise) await done
  }
  const { user, system } = process.cpuUsage(before)
  return { wall: (user + system) / 1000 / times, memory: undefined }
}
