// A real browser as a mail client: shows a letter at a width, light or dark, with pictures or without.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver, type Page } from 'playwright-core'
import { filled } from './letter-edition.ts'

export interface Look {
  readonly width: number
  readonly scheme?: 'light' | 'dark'
  /** false: as the reader sees it who does not load pictures. */
  readonly pictures?: boolean
  readonly height?: number
}

export interface MailClient {
  /** The page stays open until the next one is shown. @param html a letter with its slots */
  show(html: string, look: Look): Promise<Page>
  /** Rule, element and summary of whatever axe finds in what is shown. */
  violations(): Promise<string[][]>
  close(): Promise<void>
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
// Neither in one process nor without its helpers: a second page would take the first down.
const flags = chromium.args.filter(flag => !['--single-process', '--no-zygote'].includes(flag))
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** 3 × 2 grey pixels. */
const grey =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2" fill="#888888"/></svg>'

/**
 * @param options.forceDark darkens whatever it shows, as Gmail and Outlook do
 * @param options.file bytes of the picture at a path of the publication's address; grey ones if left out
 */
export async function aMailClient({
  forceDark = false,
  scale = 1,
  file,
}: {
  forceDark?: boolean
  scale?: number
  file?: (path: string) => Buffer
} = {}): Promise<MailClient> {
  const browser: Browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: [...flags, ...quiet, ...(forceDark ? ['--blink-settings=forceDarkModeEnabled=true'] : [])],
  })
  const page = await browser.newPage({ deviceScaleFactor: scale })
  await page.route('**/*', route => {
    const { hostname, pathname } = new URL(route.request().url())
    if (hostname !== 'meridian.example') return route.abort()
    return file
      ? route.fulfill({ body: file(decodeURIComponent(pathname)) })
      : route.fulfill({ contentType: 'image/svg+xml', body: grey })
  })
  return {
    async show(html, { width, scheme = 'light', pictures: shown = true, height = 800 }) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme: scheme })
      // Under another address: the browser remembers what it has shown.
      const source = shown ? html : html.replaceAll(/(<img [^>]*src="https:\/\/)/g, '$1off.')
      await page.setContent(filled(source), { waitUntil: 'load' })
      return page
    },
    async violations() {
      await page.evaluate(axe)
      return (await page.evaluate(`axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } },
      }).then(result => result.violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))`)) as string[][]
    },
    close: () => browser.close(),
  }
}
