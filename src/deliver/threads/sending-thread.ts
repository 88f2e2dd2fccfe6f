// A thread of its own: takes messages, signs and sends them, asks before each last byte. The ledger stays where it is.

import { parentPort, workerData } from 'node:worker_threads'
import { signMessage } from '../dkim/sign-message.ts'
import { signedTransport } from '../dkim/signing.ts'
import { openTransport } from '../open-transport.ts'
import type { Transport } from '../transport.ts'
import { batchedPost, type FromThread, type ThreadSettings, type ToThread } from './index.ts'

const port = parentPort!
const post = batchedPost<FromThread>(port)
const transport = open(workerData as ThreadSettings)
/** Those that wait for leave, by id. */
const asking = new Map<number, (granted: boolean) => void>()

port.on('message', (items: readonly ToThread[]) => {
  for (const item of items) {
    if ('send' in item) void send(item)
    else if ('granted' in item) asking.get(item.id)?.(item.granted)
    else void transport.close(item.close).then(() => post({ closed: true }))
  }
})

async function send({ send, id }: Extract<ToThread, { send: unknown }>): Promise<void> {
  const beforeLastByte = () =>
    new Promise<boolean>(resolve => {
      asking.set(id, resolve)
      post({ asks: id })
    })
  const outcome = await transport.send(send, { beforeLastByte })
  asking.delete(id)
  post({ outcome, id })
}

function open({ address, dir, timeouts, dkim }: ThreadSettings): Transport {
  const transport = openTransport(address, { dir, timeouts })
  return dkim ? signedTransport(transport, signMessage(dkim.domain, dkim.keys), async () => {}) : transport
}
