// A key for DKIM, and how fast signatures alone can be made with one: the limit of whoever signs each message.

import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { availableParallelism } from 'node:os'

export function aDkimKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** As many at once as there are cores, each with a key object of its own: Node locks one while it signs. */
export async function rsaAlone(count: number): Promise<void> {
  const pem = aDkimKey()
  const data = Buffer.alloc(1500, 'a')
  let next = 0
  const lane = async () => {
    const key = createPrivateKey(pem)
    while (next++ < count)
      await new Promise<void>((resolve, reject) =>
        sign('sha256', data, key, error => (error ? reject(error) : resolve())),
      )
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
}
