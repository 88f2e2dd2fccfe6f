// What the service promises its readers, over HTTP, whatever database is behind it.

import { expect, onTestFinished, test } from 'vitest'
import { signToken } from '../../src/base/signed-links.ts'
import { listen } from '../../src/serve/listen.ts'
import { openStore } from '../../src/store/open-store.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { type AService, aService, SECRET } from '../serve/a-service.ts'

const ANNA = 'anna@example.org'

/** @param empty gives the address of a new database */
export function serviceContract(empty: () => Promise<string>): void {
  async function aSite(): Promise<{ service: AService; url: string }> {
    const { db } = await openStore(await empty())
    const service = await aService({ db })
    const listening = await listen(service.app, { host: '127.0.0.1', port: 0 })
    onTestFinished(() => listening.close())
    return { service, url: listening.url }
  }
  const post = (url: string, path: string, fields: Record<string, string>) =>
    fetch(new URL(path, url), { method: 'POST', body: new URLSearchParams(fields), redirect: 'error' })

  test('subscribe, confirm, leave with one click, undo, take one’s data, erase', async () => {
    const { service, url } = await aSite()
    const person = () => subscriberByKey(service.db, ANNA)
    expect((await post(url, 'subscribe', { email: ANNA, newsletter: 'weekly' })).status).toBe(200)
    expect(await person()).toBeUndefined()
    const [mail] = await service.mails()
    expect((await fetch(new URL(mail!.link, url))).status).toBe(200)
    expect(await person()).toBeUndefined()
    expect((await post(url, mail!.link, { confirm: 'yes' })).status).toBe(200)
    expect(await person()).toMatchObject({ state: 'active', newsletters: { weekly: [] } })

    const claim = { subscriber: (await person())!.id, edition: 'weekly/2026-W05' }
    const leave = `u/${signToken(SECRET, 'unsubscribe', claim)}`
    for (let again = 0; again < 3; again++) {
      expect((await post(url, leave, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
      expect(await person()).toMatchObject({ state: 'unsubscribed', left: ['weekly'] })
    }
    const undo = /action="([^"]*\/undo\/[^"]+)"/.exec(await (await fetch(new URL(leave, url))).text())![1]!
    expect(await (await post(url, undo, {})).text()).toContain('Welcome back')
    expect(await person()).toMatchObject({ state: 'active', left: [] })

    const own = `p/${signToken(SECRET, 'preferences', claim)}`
    await post(url, own, { newsletter: 'daily', 'topic.daily': 'world', name: 'Anna', save: 'yes' })
    expect(await person()).toMatchObject({ name: 'Anna', newsletters: { daily: ['world'] } })
    await post(url, `${own}/data`, {})
    const [about] = await service.mails()
    const data = await (await fetch(new URL(about!.link, url))).text()
    const file = await (await fetch(new URL(`${about!.link}/broadsheet.json`, url))).json()
    expect(file).toMatchObject({ email: ANNA, name: 'Anna', consents: [{ source: 'form' }] })
    const erase = /(?:href|action)="([^"]*\/erase\/[^"]+)"/.exec(data)![1]!
    expect((await post(url, erase, {})).status).toBe(200)
    expect(await person()).toBeUndefined()
    expect((await post(url, leave, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
    expect(service.bugs).toEqual([])
  })

  test('many at once: everybody who was answered has left, and nobody twice', async () => {
    const { service, url } = await aSite()
    const people = Array.from({ length: 20 }, (_, n) => `reader${n}@example.org`)
    for (const email of people) {
      const { app } = service
      const form = new URLSearchParams({ email, newsletter: 'weekly' })
      const from = `203.0.${people.indexOf(email)}.1`
      await app(new Request('https://letters.meridian.example/subscribe', { method: 'POST', body: form }), {
        address: from,
      })
    }
    const mails = await service.mails()
    expect(mails).toHaveLength(20)
    const confirms = mails.flatMap(({ link }) => [link, link])
    const answers = await Promise.all(confirms.map(link => post(url, link, { confirm: 'yes' })))
    expect(answers.map(({ status }) => status)).toEqual(confirms.map(() => 200))
    const subscribers = await Promise.all(people.map(email => subscriberByKey(service.db, email)))
    expect(subscribers.every(one => one?.state === 'active')).toBe(true)
    const links = subscribers.map(
      one => `u/${signToken(SECRET, 'unsubscribe', { subscriber: one!.id, edition: 'weekly/2026-W05' })}`,
    )
    const click = { 'List-Unsubscribe': 'One-Click' }
    const left = await Promise.all([...links, ...links].map(link => post(url, link, click)))
    expect(new Set(left.map(({ status }) => status))).toEqual(new Set([200]))
    for (const email of people)
      expect(await subscriberByKey(service.db, email)).toMatchObject({ left: ['weekly'] })
    expect(service.bugs).toEqual([])
  })
}
