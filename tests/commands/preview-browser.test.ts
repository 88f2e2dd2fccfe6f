// `preview` as a person uses it, in a real browser: what is saved is seen where she was, the keyboard is enough, axe finds
// nothing from 360 pixels on, and nothing is asked of any other server.

import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { imageSize } from 'image-size'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { aBrowser } from '../a-browser.ts'
import { aFolder } from '../a-folder.ts'
import { aPreview, FILES } from './a-preview.ts'

const browser = aBrowser()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Opened {
  readonly tab: Page
  /** What the browser complained of, and what was asked of other servers. */
  readonly complaints: string[]
}

async function open(address: string, width = 1200, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const tab = await browser().newPage({ viewport: { width, height: 800 }, colorScheme })
  const complaints: string[] = []
  const { origin } = new URL(address)
  tab.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  tab.on('pageerror', error => complaints.push(error.message))
  tab.on('request', request => request.url().startsWith(origin) || complaints.push(request.url()))
  await tab.goto(address)
  return { tab, complaints }
}

/** By the debugger: the page's own policy lets no script in. */
async function violations(tab: Page, only?: string): Promise<unknown> {
  const session = await tab.context().newCDPSession(tab)
  const options = { iframes: false, ...(only && { runOnly: { type: 'rule', values: [only] } }) }
  const expression = `${axe}; axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])))`
  const { result } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })
  return JSON.parse(result.value)
}

test('an article that is saved is seen at once, in the place that it was scrolled to', async () => {
  const folder = aFolder(FILES)
  const url = await aPreview(folder)
  const { tab, complaints } = await open(`${url}/article?file=articles/bridge.md`)
  const frame = () => tab.frames().find(one => one.url().includes('/site/'))!
  await frame().getByText('The first car crossed the bridge.').waitFor()
  await frame().evaluate('scrollTo(0, 300)')
  const text = FILES['articles/bridge.md']
  writeFileSync(join(folder, 'articles/bridge.md'), text.replace('The first car', 'The first bus'))
  await tab.frameLocator('iframe:not(.coming)').getByText('The first bus crossed the bridge.').waitFor()
  expect(await frame().evaluate('scrollY')).toBe(300)

  writeFileSync(join(folder, 'articles/bridge.md'), text.replace('title: The bridge is open', 'title: ['))
  await tab.locator('.problems .error, .trouble').first().waitFor()
  expect(await tab.locator('main').textContent()).toMatch(/articles\/bridge\.md:\d/)
  writeFileSync(join(folder, 'articles/bridge.md'), text.replace('The first car', 'The first tram'))
  await tab.frameLocator('iframe:not(.coming)').getByText('The first tram crossed the bridge.').waitFor()
  // Its picture is missing, and that is the one thing that the browser may say.
  expect(complaints.filter(text => !/404|bridge\.png/.test(text))).toEqual([])
  await tab.close()
})

test('a letter side by side, by the keyboard alone', async () => {
  const url = await aPreview(aFolder(FILES))
  const { tab, complaints } = await open(`${url}/letter?of=weekly/2026-W06`)
  const frames = tab.locator('iframe:not(.coming)')
  expect(await frames.count()).toBe(2)
  await tab.keyboard.press('Tab')
  expect(await tab.evaluate('document.activeElement.textContent')).toBe('Skip to content')
  const focused = () => tab.evaluate<string>('document.activeElement.value')
  for (let presses = 0; presses < 60 && (await focused()) !== '360'; presses++)
    await tab.keyboard.press('Tab')
  await tab.keyboard.press('Space')
  await frames.nth(3).waitFor()
  expect(await focused()).toBe('360')
  expect(tab.url()).toContain('width=360')
  expect(await tab.evaluate('document.querySelector("iframe").clientWidth')).toBe(360)
  await tab.getByRole('checkbox', { name: 'Images off' }).press('Space')
  await tab.waitForURL(/images=off/)
  await tab.goBack({ waitUntil: 'commit' })
  await tab.waitForURL(/^(?!.*images=off)/)
  expect(complaints).toEqual([])
  await tab.close()
})

test('a problem is opened in the editor, and its place is copied, by the keyboard', async () => {
  const folder = aFolder({
    ...FILES,
    'articles/bridge.md': '---\ntitle: The bridge\ndate: 2026-02-03\nauther: Anna\n---\n\nText.\n',
  })
  writeFileSync(join(folder, 'gedit'), '#!/bin/sh\necho "$1" > "$(dirname "$0")/opened"\n', { mode: 0o755 })
  const url = await aPreview(folder, { VISUAL: join(folder, 'gedit') })
  const { tab, complaints } = await open(`${url}/article?file=articles/bridge.md`)
  await tab.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const place = 'articles/bridge.md:4'
  await tab.getByRole('button', { name: `Open ${place} in gedit` }).press('Enter')
  await tab.getByRole('status').getByText(`Opened ${place}`).waitFor()
  await expect.poll(() => readFileSync(join(folder, 'opened'), 'utf8')).toBe('+4\n')
  await tab.getByRole('button', { name: `Copy ${place}` }).press('Enter')
  await tab.getByRole('status').getByText(`Copied ${place}`).waitFor()
  expect(await tab.evaluate('navigator.clipboard.readText()')).toBe(place)
  expect(tab.url()).toContain('/article?file=')
  expect(complaints).toEqual([])
  await tab.close()
})

test('a link out of the publication is named, and not followed', async () => {
  const url = await aPreview(
    aFolder({
      ...FILES,
      'articles/bridge.md': '---\ntitle: A\ndate: 2026-02-03\n---\n\n[Out](https://other.example/)\n',
    }),
  )
  const { tab, complaints } = await open(`${url}/article?file=articles/bridge.md`)
  await tab.frameLocator('iframe').getByRole('link', { name: 'Out', exact: true }).click()
  await tab.getByRole('status').getByText('https://other.example/').waitFor()
  expect(complaints).toEqual([])
  await tab.close()
})

test('preview.png: a letter of the demo side by side', async () => {
  const root = new URL('../../', import.meta.url).pathname
  const golden = join(root, 'tests/golden/shots/preview.png')
  if (process.env.UPDATE_GOLDEN) {
    const url = await aPreview(root)
    const { tab } = await open(`${url}/letter?of=weekly/2026-W05&width=360&look=light&look=dark&look=gmail`)
    await tab.locator('iframe').last().contentFrame().locator('img').first().waitFor()
    await tab.waitForLoadState('networkidle')
    const shot = await tab.screenshot()
    writeFileSync(golden, await sharp(shot).png({ palette: true, colours: 128, effort: 10 }).toBuffer())
    await tab.close()
  }
  const bytes = readFileSync(golden)
  expect(imageSize(bytes)).toMatchObject({ type: 'png', width: 1200, height: 800 })
  expect(bytes.length).toBeLessThanOrEqual(300_000)
})

test('axe finds nothing, and nothing scrolls sideways, from 360 pixels on, light and dark', async () => {
  const url = await aPreview(aFolder(FILES))
  const paths = [
    '/',
    '/articles?q=the',
    '/article?file=articles/bridge.md&look=light&look=gmail&look=outlook',
    '/article?path=index.html',
    '/feed?path=',
    '/feed?path=&view=rss',
    '/letter?width=320&width=360&look=light&look=dark&images=off',
    '/letter?view=headers',
    '/letter?view=inbox',
    '/letter?of=weekly/2026-W30',
    '/mail',
    '/service?page=preferences',
    '/gallery',
    '/problems',
  ]
  for (const path of paths) {
    const { tab } = await open(url + path, 360, 'dark')
    expect(await violations(tab), path).toEqual([])
    expect(await tab.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBeLessThanOrEqual(
      0,
    )
    await tab.setViewportSize({ width: 1200, height: 800 })
    await tab.emulateMedia({ colorScheme: 'light' })
    // What axe finds beside colours does not depend on the width.
    expect(await violations(tab, 'color-contrast'), path).toEqual([])
    expect(await tab.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBeLessThanOrEqual(
      0,
    )
    await tab.close()
  }
})
