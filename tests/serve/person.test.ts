// As a person does it, in a real browser without JavaScript: the form, the mail in the inbox, the button, her own page,
// leaving, undoing. And every page as it looks: no axe violation, nothing beside the screen, in light and dark.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { signPass, signToken } from '../../src/base/signed-links.ts'
import { listen } from '../../src/serve/listen.ts'
import { subscriberByKey } from '../../src/store/subscribers.ts'
import { aBrowser } from '../a-browser.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { THOROUGH } from '../thorough.ts'
import { type AService, aService, DAY, publication, SECRET, START } from './a-service.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ANNA = 'anna@example.org'

// What the page is asked is text: the tests know no DOM.
const AXE = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`
const COLOURS = AXE.replace(/runOnly: \[.*?\]/, "runOnly: { type: 'rule', values: ['color-contrast'] }")
const FOCUSED = `document.activeElement?.closest('main')
  ? String([...document.querySelectorAll('main :is(button, a, select, input, summary)')].indexOf(document.activeElement)) : ''`
const SMALL = `[...document.querySelectorAll('main :is(button, a, select, summary, .choice)')]
  .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 24).map(element => element.outerHTML)`

const browser = aBrowser()

/** The service on a port, reached at the address that its links have. */
async function aSite(): Promise<{ service: AService; url: string }> {
  const probe = await listen(async () => new Response(), { host: '127.0.0.1', port: 0 })
  await probe.close()
  const service = await aService({
    publication: { ...publication, service: probe.url, url: 'http://127.0.0.1:1/' },
    elapsed: () => performance.now(),
  })
  const listening = await listen(service.app, { host: '127.0.0.1', port: Number(new URL(probe.url).port) })
  onTestFinished(() => listening.close())
  return { service, url: probe.url }
}

async function aPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser().newContext({ javaScriptEnabled: false, locale: 'en', ...options })
  onTestFinished(() => context.close())
  return context.newPage()
}

test('from the form to the inbox to the button to her page to leaving and back, without JavaScript', async () => {
  const { service, url } = await aSite()
  const page = await aPage({ viewport: { width: 360, height: 740 } })
  const foreign: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) foreign.push(request.url())
  })

  await page.goto(`${url}subscribe`)
  await page.getByRole('checkbox', { name: 'The Daily' }).check()
  await page.getByText('Only these topics').last().click()
  await page.getByRole('checkbox', { name: 'Business' }).last().check()
  await page.getByLabel('Your email address').fill(ANNA)
  service.clock.now += 15_000
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()

  const [mail] = await service.mails()
  const inbox = await aPage()
  await inbox.setContent(mail!.html)
  const href = await inbox.getByRole('link', { name: 'Confirm' }).getAttribute('href')
  await page.goto(href!)
  expect(await page.getByRole('listitem').allTextContents()).toEqual(['The Weekly', 'The Daily'])
  await page.getByRole('button', { name: 'Yes, subscribe me' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are subscribed')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({
    state: 'active',
    newsletters: { weekly: [], daily: ['business'] },
  })

  await page.getByRole('link', { name: 'Change what you receive' }).click()
  await page.getByLabel('Your name').fill('Anna')
  await page.getByLabel('Language').selectOption('de')
  await page.getByRole('button', { name: 'Save' }).click()
  expect(await page.locator('html').getAttribute('lang')).toBe('de')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ name: 'Anna', language: 'de' })

  const { id } = (await subscriberByKey(service.db, ANNA))!
  const token = signToken(SECRET, 'unsubscribe', { subscriber: id, edition: 'weekly/2026-W05' })
  await page.goto(`${url}u/${token}`)
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ left: [] })
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ left: ['weekly'] })
  await page.getByRole('button', { name: 'Undo' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Welcome back')
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ left: [] })
  expect(foreign).toEqual([])
  expect(service.bugs).toEqual([])
})

/** The publication as `build` makes it, on a server of its own that knows nothing of us. */
async function aPublished(service: string): Promise<string> {
  const folder = aFolder({
    'articles/publication.yaml': `title: The Meridian
url: https://meridian.example/
service: ${service}
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Meridian <news@meridian.example> }
  - { id: daily, title: The Daily, every: day, at: '07:00', from: The Meridian <news@meridian.example> }
`,
    'articles/bridge.md': '---\ntitle: A bridge opens\ndate: 2026-01-28T07:00:00Z\n---\nIt opened.\n',
  })
  expect(await aRun(folder, ['build', '--now', '2026-01-30T07:00:00Z'])).toMatchObject({ code: 0 })
  const page = readFileSync(`${folder}/out/index.html`)
  const headers = { 'content-type': 'text/html; charset=utf-8' }
  const elsewhere = await listen(async () => new Response(page, { headers }), { host: '127.0.0.1', port: 0 })
  onTestFinished(() => elsewhere.close())
  return elsewhere.url
}

test('the form of the built front page, on another server, works without JavaScript; people do not see its trap', async () => {
  const { service, url } = await aSite()
  const front = await aPublished(url)
  const page = await aPage({ viewport: { width: 360, height: 740 } })
  await page.goto(front)
  expect(await page.getByRole('textbox').count()).toBe(1)
  const trap = await page.locator('input[name=website]').boundingBox()
  expect(trap!.x + trap!.width).toBeLessThanOrEqual(0)
  await page.getByRole('checkbox', { name: 'The Daily' }).check()
  await page.getByLabel('Your email address').focus()
  // The trap is no stop on the way back by keyboard: the choices are.
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Space')
  await page.getByLabel('Your email address').fill(ANNA)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
  expect(page.url()).toBe(`${url}subscribe`)
  const [mail] = await service.mails()
  await page.goto(new URL(mail!.link, url).href)
  await page.getByRole('button', { name: 'Yes, subscribe me' }).click()
  expect(await subscriberByKey(service.db, ANNA)).toMatchObject({ newsletters: { weekly: [], daily: [] } })

  const looked = await aPage({ javaScriptEnabled: true, bypassCSP: true })
  await looked.goto(front)
  await looked.evaluate(axe)
  expect(await looked.evaluate<string[]>(AXE)).toEqual([])
  expect(service.bugs).toEqual([])
})

/** Every kind of page, and how one gets there. */
async function everyPage(service: AService): Promise<Record<string, string>> {
  await service.visit('/subscribe', { form: { email: ANNA, newsletter: ['weekly', 'daily'] } })
  const [mail] = await service.mails()
  await service.visit(mail!.link, { form: { confirm: 'yes' } })
  const { id } = (await subscriberByKey(service.db, ANNA))!
  await service.visit('/subscribe', { form: { email: 'ben@example.org', newsletter: ['weekly', 'daily'] } })
  const [other] = await service.mails()
  const claim = { subscriber: id, edition: 'weekly/2026-W05' }
  const own = `/p/${signToken(SECRET, 'preferences', claim)}`
  await service.visit(`${own}/data`, { form: { go: 'yes' } })
  const [data] = await service.mails()
  return {
    form: '/subscribe',
    confirm: other!.link,
    welcome: mail!.link,
    leave: `/u/${signToken(SECRET, 'unsubscribe', claim)}`,
    preferences: own,
    'data-request': `${own}/data`,
    data: data!.link,
    erase: `/erase/${signPass(SECRET, 'erase', { id, until: START + DAY, about: '' })}`,
    undo: `/undo/${signPass(SECRET, 'undo', { id, until: START + DAY, about: '1' })}`,
    broken: '/u/x',
    missing: '/nothing-here',
  }
}

test('every page: axe finds nothing and nothing stands beside the screen, at 320 and 1000 px, light and dark, in both directions', async () => {
  const { service, url } = await aSite()
  const pages = await everyPage(service)
  const folder = process.env.BROADSHEET_PICTURES
  for (const [width, colorScheme, locale] of [
    [320, 'light', 'ar'],
    [1000, 'dark', 'en'],
    ...(THOROUGH
      ? ([
          [360, 'dark', 'hi'],
          [1000, 'light', 'en'],
        ] as const)
      : []),
  ] as const) {
    // axe itself is JavaScript, and comes past the policy of the page.
    const page = await aPage({
      viewport: { width, height: 800 },
      colorScheme,
      locale,
      javaScriptEnabled: true,
      bypassCSP: true,
    })
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(new URL(path, url).href)
      if (folder)
        await page.screenshot({
          path: `${folder}/${name}-${width}-${colorScheme}-${locale}.png`,
          fullPage: true,
        })
      const beside = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      expect(beside, `${name} ${width}`).toBeLessThanOrEqual(0)
      await page.evaluate(axe)
      // What axe finds beside colours does not depend on the width.
      const found = await page.evaluate<string[]>(width < 1000 ? AXE : COLOURS)
      expect(found, `${name} ${width} ${colorScheme} ${locale}`).toEqual([])
    }
  }
})

test('the confirmation mail: axe finds nothing, nothing stands beside the screen, light and dark, in both directions', async () => {
  const folder = process.env.BROADSHEET_PICTURES
  for (const [width, colorScheme, language] of [
    [320, 'light', 'ar'],
    [700, 'dark', 'hi'],
    ...(THOROUGH
      ? ([
          [360, 'dark', 'en'],
          [700, 'light', 'en'],
        ] as const)
      : []),
  ] as const) {
    const service = await aService()
    const form = { email: ANNA, newsletter: ['weekly', 'daily'] }
    await service.visit('/subscribe', { form, headers: { 'accept-language': language } })
    const [mail] = await service.mails()
    const page = await aPage({ viewport: { width, height: 700 }, colorScheme, javaScriptEnabled: true })
    await page.setContent(mail!.html)
    if (folder) await page.screenshot({ path: `${folder}/mail-${width}-${colorScheme}.png`, fullPage: true })
    const beside = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
    expect(beside, `${language} ${width}`).toBeLessThanOrEqual(0)
    await page.evaluate(axe)
    // A mail is shown inside a page of the client's, which has the landmarks.
    const found = await page.evaluate<string[]>(AXE.replace(", 'best-practice'", ''))
    expect(found, `${language} ${width}`).toEqual([])
  }
})

test('every button and field can be reached and pressed by keyboard, and is large enough for a thumb', async () => {
  const { service, url } = await aSite()
  const pages = await everyPage(service)
  const page = await aPage({
    viewport: { width: 360, height: 800 },
    javaScriptEnabled: true,
    bypassCSP: true,
  })
  for (const path of [pages.form!, pages.preferences!, pages.leave!, pages.confirm!]) {
    await page.goto(new URL(path, url).href)
    const wanted = await page
      .locator('main :is(button, a, select, summary, input:not([type=hidden], [tabindex="-1"]))')
      .filter({ visible: true })
      .count()
    const reached = new Set<string>()
    for (let step = 0; step < wanted + 5; step++) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate<string>(FOCUSED))
    }
    reached.delete('')
    expect(reached.size).toBe(wanted)
    const small = await page.evaluate<string[]>(SMALL)
    expect(small).toEqual([])
  }
})
