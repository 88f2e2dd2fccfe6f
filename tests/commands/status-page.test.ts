// The page of `status --html` in a real browser: it stands alone, axe finds nothing, nothing scrolls sideways.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as status from '../../src/commands/status.ts'
import { claimDeliveries, markHanded, settleDeliveries } from '../../src/store/deliveries.ts'
import { pauseEdition } from '../../src/store/editions.ts'
import { aBrowser } from '../a-browser.ts'
import { aFolder } from '../a-folder.ts'
import { aLedger, EDITION, FROZEN, type Ledger } from '../deliver/a-ledger.ts'
import { aCommand } from './a-command.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const DOMAINS = [
  'gmail.example',
  'outlook.example',
  'yahoo.example',
  'a-very-long-name-of-a-small-provider.example',
]
const REPLIES = [
  ['rejected', 550, '5.1.1', '550 5.1.1 no such user'],
  ['rejected', 552, '5.2.2', '552 5.2.2 mailbox full'],
  ['deferred', 451, '4.7.1', '451 4.7.1 greylisted <script>alert(1)</script>'],
  ['unknown', undefined, undefined, 'no answer within 600 s'],
] as const

const browser = aBrowser()
let ledger: Ledger
beforeAll(async () => {
  ledger = await aLedger(Array.from({ length: 900 }, (_, i) => `reader${i}@${DOMAINS[(i % 5) % 4]}`))
})
afterAll(async () => {
  await ledger?.close()
})

/** Three of four are accepted, over some minutes. */
async function deliverSome(): Promise<void> {
  const us = { edition: EDITION, owner: 'us' }
  for (let minute = 0; minute < 8; minute++) {
    const now = FROZEN + minute * 20_000 + 5000
    const claimed = await claimDeliveries(ledger.db, {
      ...us,
      limit: 60 + minute * 10,
      now,
      leaseUntil: now + 1000,
    })
    const subscribers = claimed.map(({ subscriber }) => subscriber)
    await markHanded(ledger.db, { ...us, subscribers, now })
    const settlements = subscribers.map((subscriber, i) => {
      const failure = i % 7 === 0 ? REPLIES[(subscriber + minute) % 4] : undefined
      const [state, code, enhanced, reply] = failure ?? (['accepted', 250, undefined, '250 ok'] as const)
      return { subscriber, state, code, enhanced, reply, nextAt: now + 9e9, countAttempt: true }
    })
    await settleDeliveries(ledger.db, { ...us, now, settlements })
  }
}

const page = async (folder: string) => {
  const env = { BROADSHEET_DATABASE: ledger.file }
  const now = new Date(FROZEN + 170_000).toISOString()
  const ran = await aCommand(status, folder, { options: { html: 'status.html', json: true, now }, env }).done
  expect(ran.code).toBe(0)
  return { value: JSON.parse(ran.stdout), html: readFileSync(join(folder, 'status.html'), 'utf8') }
}

/** Once for all tests, whichever comes first: the page of an edition of which nothing is delivered, and then some of it. */
let before: ReturnType<typeof page> | undefined
const pageBefore = () => (before ??= page(aFolder()))
let delivered: Promise<void> | undefined
const someDelivered = () => (delivered ??= pageBefore().then(deliverSome))

test('before the first is accepted there is a page without a plot', async () => {
  const { html, value } = await pageBefore()
  expect(value).toMatchObject({ html: 'status.html', accepted: 0 })
  expect(html).not.toContain('Accepted over time')
})

test.each(['light', 'dark'] as const)(
  '%s: axe finds nothing, nothing scrolls sideways, nothing is fetched',
  async colorScheme => {
    await someDelivered()
    const { html, value } = await page(aFolder())
    expect(value.accepted).toBeGreaterThan(500)
    expect(value.domains).toHaveLength(4)
    expect(html).not.toContain('<script')
    expect(html).not.toMatch(/reader\d+@/)
    const tab = await browser().newPage({ viewport: { width: 320, height: 900 }, colorScheme })
    const asked: string[] = []
    tab.on('request', request => asked.push(request.url()))
    await tab.setContent(html)
    for (const width of [320, 1000]) {
      await tab.setViewportSize({ width, height: 900 })
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      await tab.evaluate(axe)
      const found = (await tab.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
      )) as string[]
      expect(found).toEqual([])
      const { PICTURES } = process.env
      if (PICTURES)
        await tab.screenshot({ path: join(PICTURES, `status-${colorScheme}-${width}.png`), fullPage: true })
    }
    expect(asked).toEqual([])
    await tab.close()
  },
)

test('without a name the page is of everything, with the newest edition; with one, of that edition only', async () => {
  const log = `1.2.3.4 - - [29/Jan/2026:07:00:00 +0000] "GET /rss.xml HTTP/1.1" 200 9 "-" "Feedly/1.0 (x; 77 subscribers)"\n`
  const folder = aFolder({ 'access.log': log })
  const see = async (args: readonly string[], more = {}) => {
    const env = { BROADSHEET_DATABASE: ledger.file }
    const options = { html: 'numbers.html', now: new Date(FROZEN).toISOString(), ...more }
    const { code, stderr } = await aCommand(status, folder, { args, options, env }).done
    return { code, stderr, html: readFileSync(join(folder, 'numbers.html'), 'utf8') }
  }
  const { html } = await see([], { accessLog: 'access.log' })
  for (const heading of ['Growth', 'Subscribers of feeds', `The newest edition: ${EDITION}`, 'Outcomes'])
    expect(html).toContain(heading)
  expect(html).toMatch(/Feedly[\s\S]*>77</)
  const named = (await see([EDITION])).html
  expect(named).toContain(`<h1>${EDITION}</h1>`)
  expect(named).not.toContain('Growth')
  expect(await see([], { accessLog: 'no.log' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--access-log no.log cannot be read'),
  })
})

test('a paused edition says so, and how it goes on', async () => {
  await someDelivered()
  await pauseEdition(ledger.db, EDITION, FROZEN)
  const { done } = aCommand(status, aFolder(), { env: { BROADSHEET_DATABASE: ledger.file } })
  const { stdout } = await done
  expect(stdout).toMatch(/paused, \d+ of 900 accepted/)
  expect(stdout).toContain(`broadsheet send ${EDITION} --resume`)
})
