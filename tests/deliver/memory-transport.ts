// A table of outcomes → a transport that keeps what it was given.

import type { Transport } from '../../src/deliver/transport.ts'
import type { Message, Outcome } from '../../src/model.ts'

export interface MemoryTransport extends Transport {
  readonly sent: Message[]
  /** Most sends that were in flight at once. */
  peak(): number
}

/** @param answer what becomes of a message whose last byte was let go; accepted unless said */
export function memoryTransport(
  answer: (message: Message) => Outcome | undefined | Promise<Outcome | undefined> = () => undefined,
): MemoryTransport {
  const sent: Message[] = []
  let flying = 0
  let peak = 0
  return {
    name: 'memory',
    sent,
    peak: () => peak,
    async verify() {},
    async send(message, { beforeLastByte }) {
      peak = Math.max(peak, ++flying)
      try {
        const granted = await beforeLastByte().catch(() => false)
        if (!granted) return { kind: 'host-trouble', reply: 'withheld' }
        const outcome = await answer(message)
        if (outcome?.kind !== 'host-trouble') sent.push({ ...message, bytes: Uint8Array.from(message.bytes) })
        return outcome ?? { kind: 'accepted', code: 250, reply: '250 2.0.0 kept' }
      } finally {
        flying--
      }
    },
    async close() {},
  }
}
