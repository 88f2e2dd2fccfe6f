// A ledger in a file and a server → the sender in a process of its own, with the patience of a bench.

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { EDITION } from '../deliver/a-ledger.ts'

export interface Sender {
  readonly child: ChildProcess
  /** The exit code; null when it was killed. */
  readonly ended: Promise<number | null>
  stdout(): string
  stderr(): string
}

const TIMEOUTS = { connect: 1500, message: 2500, reply: 2500 }

export function aSender(src: string, file: string, address: string, connections: number): Sender {
  const script = join(import.meta.dirname, '../deliver/sender.mjs')
  const argv = [script, src, file, address, EDITION, String(connections), JSON.stringify(TIMEOUTS)]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => (stdout += chunk))
  child.stderr.on('data', chunk => (stderr += chunk))
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  return { child, ended, stdout: () => stdout, stderr: () => stderr }
}

/** Sends until nothing is left that waiting could help. @returns how many runs it took */
export async function finish(start: () => Sender): Promise<number> {
  for (let runs = 1; runs <= 60; runs++) {
    const sender = start()
    const code = await sender.ended
    if (code !== 0) throw new Error(`the sender ended with ${code}: ${sender.stderr()}`)
    const { counts } = JSON.parse(sender.stdout())
    if (counts.pending + counts.deferred === 0) return runs
  }
  throw new Error('it never ends')
}
