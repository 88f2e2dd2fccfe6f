// The row that concerns the preview: from saving an article to seeing it in a real browser, with all articles of the corpus.

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { chromium as playwright } from 'playwright-core'
import { inTurns } from './in-turns.ts'
import { makeCorpus } from './make-corpus.ts'
import type { Measured } from './measure.ts'
import type { Bench, Row } from './rows.ts'

export const previewRow: Row = {
  name: 'preview',
  what: 'from saving an article to its new pixels in the browser, preview open on it',
  goal: '≤ 300 ms',
  async run(bench) {
    const folder = join(bench.scratch, 'preview')
    makeCorpus(folder, bench.count)
    const page = await openArticle(bench, folder)
    try {
      return await inTurns([{ name: 'Broadsheet', run: page.save }], Math.max(bench.rounds, 9))
    } finally {
      await page.close()
    }
  },
}

async function openArticle({ program }: Bench, folder: string) {
  const [node, ...args] = program
  const preview = spawn(node!, [...args, 'preview', '--port', '0', '--json', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await addressOf(preview.stdout)
  const quiet = chromium.args.filter(arg => arg !== '--single-process')
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...quiet, '--no-sandbox', '--no-zygote', '--disable-gpu'],
  })
  const tab = await browser.newPage()
  const file = newestOf(folder)
  const text = readFileSync(join(folder, file), 'utf8')
  await tab.goto(`${url}article?file=${encodeURIComponent(file)}`)
  await tab.frameLocator('iframe').locator('h1').waitFor()
  let saves = 0
  return {
    async save(): Promise<Measured> {
      const mark = `Saved for the ${++saves}th time.`
      const began = performance.now()
      writeFileSync(join(folder, file), `${text}\n${mark}\n`)
      await tab.frameLocator('iframe:not(.coming)').getByText(mark).waitFor()
      await tab.evaluate('new Promise(requestAnimationFrame)')
      const wall = performance.now() - began
      // What follows a save is not taken for a part of the next.
      await tab.waitForTimeout(1_000)
      return { wall, memory: undefined }
    },
    async close() {
      await browser.close()
      preview.kill('SIGINT')
      await new Promise(ended => preview.once('exit', ended))
    },
  }
}

function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  let said = ''
  return new Promise(resolve => {
    output.on('data', (chunk: Buffer) => {
      said += chunk
      const { url } = /"url": "(?<url>[^"]+)"/.exec(said)?.groups ?? {}
      if (url) resolve(url)
    })
  })
}

/** Relative to the folder. */
function newestOf(folder: string): string {
  const files = readdirSync(join(folder, 'articles'), { recursive: true, encoding: 'utf8' })
  return `articles/${files
    .filter(name => name.endsWith('.md'))
    .sort()
    .at(-1)!}`
}
