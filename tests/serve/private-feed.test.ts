// The feeds at an address of one reader's own: made by her, hers alone, gone when she wants or leaves.

import { cpSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { FOR_EVER, signPass, signToken } from '../../src/base/signed-links.ts'
import { eraseSubscriber } from '../../src/store/subscriptions.ts'
import { checkAtom, checkJson, checkRss } from '../feed/checker.ts'
import { type AService, aService, publication, SECRET, subscribed } from './a-service.ts'

const HOME = 'https://letters.meridian.example'
const offered = { ...publication, feeds: { ...publication.feeds, private: true } }

async function aReader(): Promise<{ service: AService; id: number; page: string }> {
  const service = await aService({ publication: offered })
  for (const file of ['rss.xml', 'atom.xml', 'feed.json', 'feed.css'])
    cpSync(new URL(`../../out/${file}`, import.meta.url), `${service.dir}/out/${file}`)
  const id = await subscribed(service)
  const own = `/p/${signToken(SECRET, 'preferences', { subscriber: id, edition: 'weekly/2026-W05' })}`
  expect((await service.visit(own)).text).toContain('a feed of your own')
  await service.visit(`${own}/data`, { form: {} })
  return { service, id, page: (await service.mails())[0]!.link }
}

/** Paths of the addresses that the page shows. */
const addresses = (html: string) =>
  [...html.matchAll(/href="https:\/\/letters\.meridian\.example(\/f\/[^"]+)"/g)].map(([, path]) => path!)

test('there is none until she presses the button, and each format has her address in it', async () => {
  const { service, page } = await aReader()
  expect(addresses((await service.visit(page)).text)).toEqual([])
  const made = addresses((await service.visit(page, { form: { feed: 'new' } })).text)
  expect(made.map(path => path.split('/').at(-1))).toEqual(['rss.xml', 'atom.xml', 'feed.json'])
  // A GET changes nothing: the same addresses.
  expect(addresses((await service.visit(page)).text)).toEqual(made)

  const [rss, atom, json] = await Promise.all(made.map(path => service.visit(path)))
  for (const [seen, path] of [
    [rss!, made[0]!],
    [atom!, made[1]!],
    [json!, made[2]!],
  ] as const) {
    expect(seen.status).toBe(200)
    expect(seen.text).toContain(HOME + path)
    expect(seen.text).not.toMatch(/https:\/\/meridian\.example\/(rss|atom|feed)\.(xml|json)|hub\.example/)
    expect(seen.headers.get('cache-control')).toBe('private, max-age=60')
    expect(seen.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(seen.headers.get('referrer-policy')).toBe('no-referrer')
    const etag = seen.headers.get('etag')!
    expect((await service.visit(path, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const packed = await service.visit(path, { headers: { 'accept-encoding': 'gzip' } })
    expect(gunzipSync(packed.bytes).toString()).toBe(seen.text)
    expect(Number(packed.headers.get('content-length'))).toBe(packed.bytes.length)
  }
  expect([...checkRss(rss!.text), ...checkAtom(atom!.text), ...checkJson(json!.text)]).toEqual([])
  expect(rss!.text).toMatch(/<itunes:block>Yes<\/itunes:block>[\s\S]*<item>/)
  expect(JSON.parse(json!.text).items.length).toBeGreaterThan(3)
  expect((await service.visit(made[0]!.replace('rss.xml', 'feed.css'))).headers.get('content-type')).toMatch(
    /css/,
  )
  expect(service.bugs).toEqual([])
})

test('another address ends the one before; leaving, being erased and turning it off end all', async () => {
  const { service, id, page } = await aReader()
  const [first] = addresses((await service.visit(page, { form: { feed: 'new' } })).text)
  const [second] = addresses((await service.visit(page, { form: { feed: 'new' } })).text)
  const status = async (path: string) => (await service.visit(path)).status
  expect([await status(first!), await status(second!)]).toEqual([410, 200])
  await service.visit(page, { form: { feed: 'end' } })
  expect(await status(second!)).toBe(410)

  const [third] = addresses((await service.visit(page, { form: { feed: 'new' } })).text)
  const leave = `/u/${signToken(SECRET, 'unsubscribe', { subscriber: id, edition: 'weekly/2026-W05' })}`
  await service.visit(leave, { form: { 'List-Unsubscribe': 'One-Click' } })
  const ended = await service.visit(third!)
  expect([ended.status, ended.headers.get('cache-control')]).toEqual([410, 'no-store'])
  await eraseSubscriber(service.db, { key: 'anna@example.org', now: service.clock.now })
  expect(await status(third!)).toBe(410)
})

test('forged addresses, other files and a publication that offers none get nothing', async () => {
  const { service, id, page } = await aReader()
  const [path] = addresses((await service.visit(page, { form: { feed: 'new' } })).text)
  const token = path!.split('/')[2]!
  const about = { id, until: FOR_EVER, about: 'undefined' }
  for (const wrong of [
    `/f/${token.slice(0, -1)}a/rss.xml`,
    `/f/${token}/index.html`,
    `/f/${token}/..%2fatom.xml`,
    `/f/${signPass('another secret', 'feed', about)}/rss.xml`,
    `/f/${signPass(SECRET, 'erase', about)}/rss.xml`,
  ])
    expect((await service.visit(wrong)).status).toBe(404)
  // Never made, whatever the token says.
  expect((await service.visit(`/f/${signPass(SECRET, 'feed', { ...about, id: 99 })}/rss.xml`)).status).toBe(
    410,
  )

  const closed = await aService()
  const other = await subscribed(closed)
  const made = signPass(SECRET, 'feed', { id: other, until: FOR_EVER, about: '1' })
  expect((await closed.visit(`/f/${made}/rss.xml`)).status).toBe(404)
})
