// What every way of sending promises to the ledger. Each implementation runs this suite.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Transport } from '../../src/deliver/transport.ts'
import type { Message } from '../../src/model.ts'
import { aMessage } from '../deliver/a-message.ts'

export interface Rig {
  readonly transport: Transport
  /** What arrived whole, by recipient. */
  arrived(): Promise<Map<string, string[]>>
  stop(): Promise<void>
}

export function transportContract(name: string, rig: () => Promise<Rig>): void {
  describe(`transport: ${name}`, () => {
    let it_: Rig
    const send = (message: Message, leave: () => Promise<boolean> = async () => true) =>
      it_.transport.send(message, { beforeLastByte: leave })

    beforeEach(async () => {
      it_ = await rig()
    })
    afterEach(async () => {
      await it_.transport.close()
      await it_.stop()
    })

    it('proves itself without sending', async () => {
      await it_.transport.verify()
      expect(await it_.arrived()).toEqual(new Map())
    })

    it('asks for leave once, and accepts with a code and a reply', async () => {
      let asked = 0
      const outcome = await send(aMessage('asha@reader.example'), async () => ++asked > 0)
      expect(asked).toBe(1)
      expect(outcome).toMatchObject({ kind: 'accepted', code: 250 })
      expect([...(await it_.arrived()).keys()]).toEqual(['asha@reader.example'])
    })

    it('keeps every byte: dots, long lines, no line end at the end', async () => {
      for (const text of ['.\r\n..\r\n.\r\n', `${'x'.repeat(900)}\r\n`, 'end without line end']) {
        const message = aMessage('asha@reader.example', text)
        expect(await send(message)).toMatchObject({ kind: 'accepted' })
        const copies = (await it_.arrived()).get('asha@reader.example')!
        expect(copies.at(-1)!.replace(/\r\n$/, '')).toBe(
          Buffer.from(message.bytes).toString('utf8').replace(/\r\n$/, ''),
        )
      }
    })

    it('lets nothing arrive while leave is not given', async () => {
      let give: (granted: boolean) => void = () => {}
      const leave = new Promise<boolean>(resolve => (give = resolve))
      const sending = send(aMessage('asha@reader.example'), () => leave)
      await new Promise(resolve => setTimeout(resolve, 100))
      expect(await it_.arrived()).toEqual(new Map())
      give(true)
      expect(await sending).toMatchObject({ kind: 'accepted' })
    })

    it('lets nothing arrive when leave is refused or cannot be had', async () => {
      expect(await send(aMessage('a@reader.example'), async () => false)).toMatchObject({
        kind: 'host-trouble',
      })
      const broken = async () => {
        throw new Error('disk full')
      }
      expect(await send(aMessage('b@reader.example'), broken)).toMatchObject({ kind: 'host-trouble' })
      expect(await it_.arrived()).toEqual(new Map())
      expect(await send(aMessage('c@reader.example'))).toMatchObject({ kind: 'accepted' })
    })

    it('carries many at once', async () => {
      const readers = Array.from({ length: 40 }, (_, i) => `reader${i}@reader.example`)
      const outcomes = await Promise.all(readers.map(reader => send(aMessage(reader))))
      expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true)
      expect([...(await it_.arrived()).keys()].sort()).toEqual([...readers].sort())
    })
  })
}
