// index.html in a real browser: axe finds nothing and nothing scrolls sideways, at every width, light and dark.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

const page = readFileSync(new URL('../golden/page/index.html', import.meta.url), 'utf8')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let browser: Browser

beforeAll(async () => {
  // One process for everything is for other machines than this: here it ends with the first closed page.
  const own = chromium.args.filter(arg => arg !== '--single-process')
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync']
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...own, '--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-component-update', ...quiet],
  })
}, 60_000)

afterAll(() => browser.close())

test.each([
  [320, 'light'],
  [320, 'dark'],
  [1000, 'light'],
  [1000, 'dark'],
] as const)(
  '%d pixels, %s',
  async (width, colorScheme) => {
    const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    await tab.route('**/*', route => route.abort())
    await tab.setContent(page, { waitUntil: 'domcontentloaded' })
    await tab.evaluate(axe)
    const found = await tab.evaluate<string[]>(
      'axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + " " + n.html)))',
    )
    expect(found).toEqual([])
    expect(
      await tab.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0)
    await tab.close()
  },
  30_000,
)
