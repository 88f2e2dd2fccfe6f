// A publication without a server, from an empty folder: `init` writes the workflow, its own steps run in fresh checkouts, and a
// reader subscribes, confirms, gets two editions and leaves, all by mail.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { aSmtpServer, type SmtpServer } from '../a-smtp-server.ts'
import { THOROUGH } from '../thorough.ts'
import { aBareRepository, git } from './a-ci-project.ts'
import { type Ran, runGithub, runGitlab } from './a-workflow.ts'
import { anImapServer, type ImapServer } from './an-imap-server.ts'

const DAY_MS = 86_400_000
const WEDNESDAY = Date.parse('2026-01-28T10:00:00Z')
const FRIDAY = Date.parse('2026-01-30T07:07:00Z')
const READER = 'ann@reader.example'

let smtp: SmtpServer
let imap: ImapServer
afterEach(() => Promise.all([smtp?.close(), imap?.close()]))

/** An empty folder, `init`, a few words in the settings, the first push. */
async function aPublication() {
  const mailbox: string[] = []
  smtp = await aSmtpServer({ keep: true })
  imap = await anImapServer({ user: 'news', password: 'secret', mails: mailbox })
  const origin = aBareRepository()
  const folder = join(aFolder({}), 'paper')
  git('/', 'clone', '-q', origin, folder)
  const made = await aRun(folder, ['init', '--github', '--gitlab'], { clock: () => WEDNESDAY })
  expect([made.code, made.stderr]).toEqual([0, ''])
  const settings = join(folder, 'articles/publication.yaml')
  writeFileSync(settings, `${readFileSync(settings, 'utf8')}mail: { bounces: news@example.org }\n`)
  const publish = (files: Readonly<Record<string, string>> = {}) => {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    git(folder, 'add', '.')
    git(folder, 'commit', '-qm', 'articles')
    git(folder, 'push', '-q', 'origin', 'HEAD:main')
  }
  publish()
  const secrets = {
    BROADSHEET_SECRET: 'a-secret-for-the-tests',
    BROADSHEET_SMTP: smtp.address,
    BROADSHEET_IMAP: `imap://news:secret@127.0.0.1:${imap.port}/INBOX`,
  }
  return { origin, mailbox, publish, secrets, folder }
}

const news = (title: string, at: number) =>
  `---\ntitle: ${title}\ndate: ${new Date(at).toISOString()}\n---\n\nText of ${title}.\n`

/** What the reader's mail client sends when she follows such a link and presses “send”. */
function written(link: string, from = READER): string {
  const url = new URL(link)
  const to = decodeURIComponent(url.pathname)
  const field = (name: string) => url.searchParams.get(name) ?? ''
  expect(field('body')).toMatch(/^You need not write anything/)
  return [
    `From: Ann <${from}>`,
    `To: <${to}>`,
    `Delivered-To: ${to}`,
    `Subject: ${field('subject')}`,
    'Date: Wed, 28 Jan 2026 11:00:00 +0000',
    'Message-ID: <1@reader.example>',
    'Content-Type: text/plain; charset=utf-8',
    '',
    field('body'),
    '',
  ].join('\r\n')
}

const received = (address = READER) =>
  Promise.all((smtp.mails.get(address)?.raw ?? []).map(raw => simpleParser(raw)))

const linkIn = (html: string | false | undefined, subject: RegExp) => {
  const links = [...String(html).matchAll(/href="(mailto:[^"]+)"/g)].map(match =>
    match[1]!.replaceAll('&amp;', '&'),
  )
  return links.find(link => subject.test(link))!
}

const failures = ({ steps }: Ran) => steps.filter(({ code }) => code !== 0)

test('a reader subscribes, confirms, gets two editions and leaves, all by mail', async () => {
  const { origin, mailbox, publish, secrets, folder } = await aPublication()
  const run = async (now: number) => {
    const ran = await runGithub(origin, { now, secrets })
    expect(failures(ran)).toEqual([])
    return ran
  }
  const titles = async () => (await received()).map(({ subject }) => subject)

  await aRun(folder, ['build'], { clock: () => WEDNESDAY })
  const page = readFileSync(join(folder, 'out/index.html'), 'utf8')
  mailbox.push(written(linkIn(page, /subject=subscribe/)))
  await run(WEDNESDAY)
  expect(await titles()).toEqual(['Please confirm: My publication'])

  mailbox.push(written(linkIn((await received())[0]!.html, /subject=confirm/)))
  const first = await run(FRIDAY)
  expect(await titles()).toEqual(['Please confirm: My publication', 'The first article'])
  // Nothing that everybody may read says who.
  expect(JSON.stringify([first.steps, git(origin, 'show', 'broadsheet-ledger:ledger.json')])).not.toMatch(
    /reader\.example/,
  )
  if (THOROUGH) await run(FRIDAY + 3_600_000)
  expect(await titles()).toHaveLength(2)

  publish({ 'articles/second.md': news('The second article', FRIDAY + 3 * DAY_MS) })
  await run(FRIDAY + 7 * DAY_MS)
  expect((await titles()).at(-1)).toBe('The second article')

  mailbox.push(written(linkIn((await received()).at(-1)!.html, /subject=unsubscribe/)))
  publish({ 'articles/third.md': news('The third article', FRIDAY + 10 * DAY_MS) })
  await run(FRIDAY + 14 * DAY_MS)
  expect(await titles()).toHaveLength(3)
  expect(imap.seen()).toEqual([true, true, true])
})

test('GitLab’s pipeline sends, sends nobody twice, and hears who leaves', async () => {
  const { origin, mailbox, publish, secrets, folder } = await aPublication()
  const env = { ...secrets, BROADSHEET_DATABASE: 'git:origin#broadsheet-ledger' }
  await aRun(folder, ['subscribers', 'add', READER], { env, clock: () => WEDNESDAY })
  const run = async (now: number) => {
    const ran = await runGitlab(origin, ['pages', 'send'], { now, secrets })
    expect(failures(ran)).toEqual([])
  }
  await run(FRIDAY)
  expect(await received()).toHaveLength(1)
  if (!THOROUGH) return
  mailbox.push(written(linkIn((await received())[0]!.html, /subject=unsubscribe/)))
  publish({ 'articles/second.md': news('The second article', FRIDAY + 3 * DAY_MS) })
  await run(FRIDAY + 7 * DAY_MS)
  expect(await received()).toHaveLength(1)
  expect(imap.seen()).toEqual([true])
})
