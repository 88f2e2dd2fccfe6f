// A thread of its own: takes messages, signs and sends them, asks before each last byte. The ledger stays where it is.

import { parentPort, workerData } from 'node:worker_threads'
import { signMessage } from '../dkim/sign-message.ts'
import { signedTransport } from '../dkim/signed-transport.ts'
import { openTransport } from '../transports/open-transport.ts'
import type { Transport } from '../transports/transport.ts'
import { letterBox } from './letter-box.ts'
import type { FromThread, ThreadSettings, ToThread } from './protocol.ts'

const port = parentPort!
const tell = letterBox<FromThread>(port)
const transport = open(workerData as ThreadSettings)
const leaves = new Map<number, (granted: boolean) => void>()

port.on('message', (things: readonly ToThread[]) => {
  for (const thing of things) {
    if ('send' in thing) void send(thing)
    else if ('granted' in thing) leaves.get(thing.id)?.(thing.granted)
    else void transport.close(thing.close).then(() => tell({ closed: true }))
  }
})

async function send({ send, id }: Extract<ToThread, { send: unknown }>): Promise<void> {
  const beforeLastByte = () =>
    new Promise<boolean>(resolve => {
      leaves.set(id, resolve)
      tell({ asks: id })
    })
  const outcome = await transport.send(send, { beforeLastByte })
  leaves.delete(id)
  tell({ outcome, id })
}

function open({ address, dir, timeouts, dkim }: ThreadSettings): Transport {
  const transport = openTransport(address, { dir, ...(timeouts ? { timeouts } : {}) })
  return dkim ? signedTransport(transport, signMessage(dkim.domain, dkim.keys), async () => {}) : transport
}
