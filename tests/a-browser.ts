// A real browser for the tests of one file, started before them and closed behind them; nothing that it does by itself
// leaves this machine.

import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

/** @returns the browser, for whoever asks within a test */
export function aBrowser(): () => Browser {
  let browser: Browser | undefined
  beforeAll(async () => {
    // One process for everything is for other machines than this: here it ends with the first closed page.
    const own = chromium.args.filter(arg => arg !== '--single-process')
    const quiet = [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
    ]
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: [...own, '--no-sandbox', '--no-zygote', '--disable-gpu', ...quiet],
    })
  })
  afterAll(() => browser?.close())
  return () => browser!
}
