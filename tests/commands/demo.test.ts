// `demo`: from a folder to letters in a mailbox, again and again, and what the README shows of it.

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const root = new URL('../../', import.meta.url).pathname

test('builds, sends the newest edition to every reader, and does so again', async () => {
  const folder = aFolder()
  cpSync(join(root, 'articles'), join(folder, 'articles'), { recursive: true })
  const first = await aRun(folder, ['demo', '--json'])
  expect(first.code).toBe(0)
  const { feeds, edition, letter, mailbox, accepted } = first.json()
  expect(feeds[0]).toMatchObject({
    scope: 'main',
    rss: 'out/rss.xml',
    atom: 'out/atom.xml',
    json: 'out/feed.json',
  })
  expect(edition).toBe('weekly/2026-W06')
  expect(readFileSync(join(folder, letter), 'utf8')).toContain('<!doctype html>')

  const mails = readdirSync(join(folder, mailbox))
  expect(mails).toHaveLength(accepted)
  expect(accepted).toBeGreaterThan(5)
  const parsed = await Promise.all(mails.map(name => simpleParser(readFileSync(join(folder, mailbox, name)))))
  expect(new Set(parsed.map(mail => mail.messageId)).size).toBe(accepted)
  for (const name of mails) {
    const text = readFileSync(join(folder, mailbox, name), 'utf8')
    expect(text).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
  }
  const lead = 'https://meridian.example/culture/2026/storeroom-open-day/'
  for (const { text, html } of parsed) {
    // Who chose topics has a letter of her own, with the same address for each article.
    for (const [url] of String(html).matchAll(/https:\/\/meridian\.example\/[a-z]+\/2026\/[a-z-]+\//g)) {
      expect(text).toContain(url)
    }
  }
  const whole = parsed.filter(({ subject }) => subject === 'The museum turns its cupboards to the public')
  expect(whole.length).toBeGreaterThan(accepted / 2)
  for (const { text } of whole) expect(text).toContain(lead)

  const again = await aRun(folder, ['demo'])
  expect(again.code).toBe(0)
  expect(readdirSync(join(folder, mailbox))).toHaveLength(accepted)
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const shown = readme.replace(
    /(<!-- demo -->\n)[\s\S]*?(<!-- \/demo -->)/,
    (_, open: string, close: string) => `${open}\`\`\`\n${again.stderr}${again.stdout}\`\`\`\n${close}`,
  )
  if (process.env.UPDATE_GOLDEN) writeFileSync(join(root, 'README.md'), shown)
  else expect(readme).toBe(shown)
})

test('in a folder without articles it brings its own', async () => {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-'))
  try {
    const ran = await aRun(folder, ['demo', '--json'])
    expect(ran.code).toBe(0)
    expect(ran.json().mailbox).toBe('broadsheet-demo/.broadsheet/demo/mailbox')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
