// A message → the standard input of the sendmail program of this machine; its exit code → the outcome.

import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Message, Outcome } from '../../model.ts'
import {
  replyText,
  type SendHooks,
  type Transport,
  type TransportKind,
  type TransportOptions,
} from '../transport.ts'

/** Relative paths start from the publication's folder. */
export const sendmail: TransportKind = {
  prefixes: ['sendmail:'],
  example: 'sendmail:/usr/sbin/sendmail',
  summary: 'the mail program of this machine, which takes the options of sendmail(8)',
  open: openSendmail,
}

/** It only has to put the message into a queue. */
const TIME_LIMIT_MS = 300_000

function openSendmail(address: string, { dir, timeouts }: TransportOptions): Transport {
  const program = resolve(dir, address.slice('sendmail:'.length) || '/usr/sbin/sendmail')
  const limit = timeouts?.reply ?? TIME_LIMIT_MS
  return {
    name: `sendmail:${program}`,
    async verify() {
      try {
        accessSync(program, constants.X_OK)
      } catch (error) {
        throw new UserError(
          `${program} cannot be run (${(error as NodeJS.ErrnoException).code})`,
          `Name the program that takes mail on this machine: BROADSHEET_SMTP=${sendmail.example}`,
        )
      }
    },
    send: (message, hooks) => pipeMail(program, message, hooks, limit),
    async close() {},
  }
}

async function pipeMail(
  program: string,
  { envelope, bytes }: Message,
  hooks: SendHooks,
  limit: number,
): Promise<Outcome> {
  if (/\p{Cc}/u.test(envelope.to)) {
    return { kind: 'rejected', code: 553, enhanced: '5.1.3', reply: '553 5.1.3 not sent: no address' }
  }
  // Leave comes first: whatever it has read when its input ends, though we were killed, sendmail takes for a mail.
  const granted = await hooks.beforeLastByte().catch(() => false)
  if (!granted) return { kind: 'host-trouble', reply: 'withheld' }
  let started = false
  try {
    return await withInput(bytes, input => {
      started = true
      return run(program, envelope, input, limit)
    })
  } catch (error) {
    return { kind: started ? 'unknown' : 'host-trouble', reply: replyText((error as Error).message) }
  }
}

/** A file that has no name any more: the whole message is there, or none of it, even if we die now. */
async function withInput<T>(bytes: Uint8Array, use: (input: number) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-'))
  const file = await open(join(folder, 'mail'), 'wx+', 0o600)
  try {
    await rm(folder, { recursive: true })
    // Programs of a Unix end lines their own way; on the wire it is CRLF again.
    const lines = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    // With a position, so that whoever reads begins at the start.
    await file.write(lines, 0, lines.length, 0)
    return await use(file.fd)
  } finally {
    await file.close()
  }
}

function run(
  program: string,
  { from, to }: Message['envelope'],
  input: number,
  limit: number,
): Promise<Outcome> {
  return new Promise(settle => {
    // -i: a line with a dot alone ends nothing; --: an address is never an option.
    const child = spawn(program, ['-i', '-f', from, '--', to], { stdio: [input, 'ignore', 'pipe'] })
    let said = ''
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    child.stderr!.on('data', chunk => {
      said = `${said}${chunk}`.slice(0, 2000)
    })
    child.on('error', error => {
      clearTimeout(timer)
      settle({ kind: 'host-trouble', reply: replyText(`${program}: ${error.message}`) })
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      settle(sendmailOutcome(code, said.trim() || (signal ? `ended by ${signal}` : `exit code ${code}`)))
    })
  })
}

/** sysexits(3). Errors of the program or the machine are no refusal; an end by a signal says nothing. */
export function sendmailOutcome(code: number | null, said: string): Outcome {
  const reply = (prefix: string) => replyText(`${prefix} ${said}`)
  switch (code) {
    case 0:
      return { kind: 'accepted', code: 250, reply: '250 2.0.0 taken by sendmail' }
    case 65: // EX_DATAERR
      return { kind: 'rejected', code: 554, enhanced: '5.6.0', reply: reply('554 5.6.0') }
    case 67: // EX_NOUSER
      return { kind: 'rejected', code: 550, enhanced: '5.1.1', reply: reply('550 5.1.1') }
    case 68: // EX_NOHOST
      return { kind: 'rejected', code: 550, enhanced: '5.1.2', reply: reply('550 5.1.2') }
    case 75: // EX_TEMPFAIL
      return { kind: 'deferred', code: 451, enhanced: '4.3.0', reply: reply('451 4.3.0') }
    case null:
      return { kind: 'unknown', reply: replyText(said) }
    default:
      return { kind: 'host-trouble', reply: replyText(`sendmail ended with ${code}: ${said}`) }
  }
}
