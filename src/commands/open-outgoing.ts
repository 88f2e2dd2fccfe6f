// The environment → the transport that mail goes out by, signed by DKIM where the settings say so, and the key that signs
// its links; and the log of attempts, where one is asked for.

import { resolve } from 'node:path'
import type { AttemptLog, Transport } from '../deliver/index.ts'
import type { Publication } from '../model.ts'
import type { Context } from './context.ts'
import { readSecret } from './environment.ts'

export interface Outgoing {
  readonly transport: Transport
  readonly secret: string
}

/** @throws UserError with an example of right where one of them is missing or wrong */
export async function openOutgoing(
  { dir, env, say, now }: Pick<Context, 'dir' | 'env' | 'say' | 'now'>,
  { mail }: Pick<Publication, 'mail'>,
): Promise<Outgoing> {
  const { openSending, sendingAddress } = await import('../deliver/index.ts')
  const address = sendingAddress(env)
  const secret = readSecret(env)
  return { transport: openSending(address, { mail, env, dir, say, now }), secret }
}

/** --log names a file; --log-addresses says that it may know who. */
export async function openLog({
  options,
  dir,
}: Pick<Context, 'options' | 'dir'>): Promise<AttemptLog | undefined> {
  if (typeof options.log !== 'string') return undefined
  const { openAttemptLog } = await import('../deliver/index.ts')
  return openAttemptLog(resolve(dir, options.log), options.logAddresses === true)
}
