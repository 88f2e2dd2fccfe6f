// A transport and a way to sign → a transport whose messages leave signed, and which proves that they can be.

import type { Outcome } from '../../model.ts'
import { createRooms } from '../transports/buffer-pool.ts'
import { replyText } from '../transports/reply.ts'
import type { Transport } from '../transports/transport.ts'
import type { SignMessage } from './sign-message.ts'

/** @param prove throws UserError when a key cannot sign or is not the one that is published */
export function signedTransport(
  transport: Transport,
  sign: SignMessage,
  prove: () => Promise<void>,
): Transport {
  const rooms = createRooms()
  return {
    ...transport,
    async prove() {
      await prove()
      await transport.prove()
    },
    async send(message, hooks): Promise<Outcome> {
      const room = rooms.take()
      let bytes: Uint8Array
      try {
        bytes = await sign(message.bytes, room)
      } catch (error) {
        // Ours and not the reader's; nothing leaves unsigned.
        return { kind: 'host-trouble', reply: replyText(`DKIM cannot sign: ${(error as Error).message}`) }
      }
      const outcome = await transport.send({ ...message, bytes }, hooks)
      // As with the message itself: only what was accepted is read by nobody any more.
      if (outcome.kind === 'accepted') rooms.give(room, bytes.length)
      return outcome
    },
  }
}
