// Each attempt → a line of JSON at the end of a file; without addresses, unless somebody asked for them.

import { closeSync, openSync, writeSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { Delivery, Outcome } from '../model.ts'
import { failureText } from '../store/index.ts'

/** One attempt that has ended. */
export interface Attempted {
  readonly delivery: Pick<Delivery, 'edition' | 'subscriber' | 'email' | 'attempts'>
  readonly outcome: Outcome
  /** ms since epoch at which it ended, and how long it took in ms. */
  readonly at: number
  readonly took: number
}

export interface AttemptLog {
  write(attempted: Attempted): void
  close(): void
}

/** @throws UserError when the file cannot be written */
export function openAttemptLog(file: string, addresses: boolean): AttemptLog {
  const fd = open(file)
  return {
    write: attempted => void writeSync(fd, `${logLine(attempted, addresses)}\n`),
    close: () => closeSync(fd),
  }
}

/** Servers repeat addresses and give each message a number of its own: where addresses are not wanted, neither is kept. */
export function logLine({ delivery, outcome, at, took }: Attempted, addresses: boolean): string {
  const { kind, reply, ...codes } = outcome
  return JSON.stringify({
    at: new Date(at).toISOString(),
    edition: delivery.edition,
    subscriber: delivery.subscriber,
    ...(addresses ? { email: delivery.email } : {}),
    attempt: delivery.attempts + 1,
    outcome: kind,
    ...codes,
    reply: addresses ? reply : failureText(reply),
    ms: Math.round(took),
  })
}

function open(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (error) {
    throw new UserError(
      `--log ${file}: it cannot be written (${(error as NodeJS.ErrnoException).code})`,
      'Name a file in a folder that exists: --log send.log',
    )
  }
}
