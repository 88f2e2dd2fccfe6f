// The environment → the way that mail goes out, signed by DKIM where the settings say so, and the key that signs its
// links; or an error with an example of right.

import type { Transport } from '../../deliver/index.ts'
import { UserError } from '../../errors.ts'
import type { Publication } from '../../model.ts'
import type { Context } from '../context.ts'
import { readSecret } from '../environment.ts'

export interface Outgoing {
  readonly transport: Transport
  readonly secret: string
}

export async function openOutgoing(
  { dir, env, say, now }: Pick<Context, 'dir' | 'env' | 'say' | 'now'>,
  { mail }: Pick<Publication, 'mail'>,
): Promise<Outgoing> {
  const address = env.BROADSHEET_SMTP?.trim()
  if (!address) {
    throw new UserError(
      'BROADSHEET_SMTP is not set: there is no mail server to send through',
      'Set it in the environment or in .env:\nBROADSHEET_SMTP=smtp://user:password@mail.example.org:587\nor BROADSHEET_SMTP=eml:outbox to write .eml files and mail nobody.',
    )
  }
  const secret = readSecret(env)
  const { openSending } = await import('../../deliver/index.ts')
  return { transport: openSending(address, { mail, env, dir, say, now }), secret }
}
