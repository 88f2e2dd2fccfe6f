// Every error of the commands that a person can put right says how, word for word.

import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const SETTINGS = 'title: The Test\nurl: https://test.example/\n'
const NEWSLETTER = `newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`
const FILES = {
  'articles/publication.yaml': SETTINGS + NEWSLETTER,
  'readers.csv': 'email\nanna@example.org\n',
  'latin1.csv': Buffer.from('email,name\nanna@example.org,J\xf6rg\n', 'latin1'),
}
const SECRET = { BROADSHEET_SECRET: 'a-secret-of-more-than-sixteen-characters' }
const MAKE_A_SECRET =
  'Make one and keep it for good, in the environment or in .env:\necho "BROADSHEET_SECRET=$(openssl rand -base64 32)" >> .env'
const IMAP = 'Write it like BROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX'
const ANOTHER = 'Choose another folder: broadsheet init site'

type Wrong = [argv: string, message: string | RegExp, hint: string, env?: Record<string, string>]

async function errorOf(dir: string, argv: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await aRun(dir, argv, { env })
  expect(stdout).toBe('')
  const [, message, hint] = /^broadsheet: (.*)\n((?: {2}.*\n)*)$/m.exec(stderr) ?? []
  return { code, message, hint: hint?.replace(/^ {2}/gm, '').trimEnd() }
}

test.each<Wrong>([
  ['bounces a b', /too many arguments/, 'broadsheet bounces --help shows how it is used.', SECRET],
  ['bounces', /^BROADSHEET_SECRET is not set/, MAKE_A_SECRET],
  ['bounces', /^BROADSHEET_SECRET has a key of fewer than 16/, MAKE_A_SECRET, { BROADSHEET_SECRET: 'short' }],
  [
    'bounces nothing',
    /nothing does not exist$/,
    'Name a Maildir, an mbox, a mail, or - for standard input.',
    SECRET,
  ],
  [
    'bounces --imap',
    'BROADSHEET_IMAP is not set: there is no mailbox to read',
    'Set it in the environment or in .env:\nBROADSHEET_IMAP=imaps://bounces:password@mail.example.org/INBOX',
    SECRET,
  ],
  [
    'bounces --imap',
    'BROADSHEET_IMAP is not an IMAP address',
    IMAP,
    { ...SECRET, BROADSHEET_IMAP: 'https://mail.example.org/' },
  ],
  [
    'bounces --imap',
    'BROADSHEET_IMAP: the password would go to mail.example.org in the clear',
    IMAP,
    { ...SECRET, BROADSHEET_IMAP: 'imap://a:b@mail.example.org/' },
  ],
  [
    'bounces --imap',
    /^127\.0\.0\.1 does not answer: /,
    IMAP,
    { ...SECRET, BROADSHEET_IMAP: 'imap://a:b@127.0.0.1:1/' },
  ],
  ['check --format xml', '--format xml is none', 'It is pretty, json, github or gitlab.'],
  ['serve --port http', '--port http is no port', 'Say a number: broadsheet serve --port 8080', SECRET],
  [
    'serve --host 192.0.2.1',
    '192.0.2.1 is no address of this machine',
    'Say --host 127.0.0.1 or --host 0.0.0.0.',
    SECRET,
  ],
  [
    'build --now tomorrow',
    '--now tomorrow is not a time',
    'Write it as ISO 8601: --now 2026-01-30T07:00+05:30',
  ],
  ['build', 'SOURCE_DATE_EPOCH=x is not a number of seconds', '', { SOURCE_DATE_EPOCH: 'x' }],
  ['announce', 'out/ has no feeds', 'Build and deploy first: broadsheet build'],
  ['init .', /contains a publication already$/, ANOTHER],
  ['init articles/new', /articles\/new is inside the articles of the publication /, ANOTHER],
  ['init readers.csv', /readers\.csv is a file, not a folder$/, ANOTHER],
  ['subscribers add anna', 'That is not an e-mail address', 'Write it bare: anna@example.org'],
  ['subscribers add a@b.example --newsletter daily', "There is no newsletter 'daily'", 'There is: weekly'],
  ['subscribers list --state left', "There is no state 'left'", 'One of pending, active, unsubscribed'],
  ['subscribers list --limit few', '--limit few is not a whole number', 'For example --limit 1000'],
  [
    'subscribers import none.csv',
    /^there is no file .*none\.csv$/,
    'Check the path; - reads standard input.',
  ],
  ['subscribers import articles', /articles is a folder$/, 'Name a CSV file in it.'],
  [
    'subscribers import latin1.csv',
    /^latin1\.csv is not UTF-8 \(within the first \d+ bytes\); it looks like windows-1252/,
    'Nothing was imported. Save it as UTF-8: in Excel "CSV UTF-8", or\niconv -f WINDOWS-1252 -t UTF-8 latin1.csv > utf8-latin1.csv',
  ],
  [
    'subscribers export none/list.csv',
    'none/list.csv cannot be written (ENOENT)',
    'Name a file in a folder that exists.',
  ],
  ['subscribers show', 'subscribers show: wrong arguments', 'broadsheet subscribers show <email>'],
  [
    'subscribers erase anna@example.org',
    'Erase all that is known of anna@example.org? This cannot be undone. There is no terminal to answer on.',
    'Use --yes to go ahead, or --dry-run to look first.',
  ],
])('%s: %s', async (argv, message, hint, env) => {
  const found = await errorOf(aFolder(FILES), argv.split(' '), env)
  if (typeof message === 'string') expect(found.message).toBe(message)
  else expect(found.message).toMatch(message)
  expect([found.code, found.hint]).toEqual([2, hint])
})

test('subscribers without a word, or with one that it does not know, lists all that it does', async () => {
  for (const [word, message] of [
    ['', 'subscribers: say what to do'],
    ['toString', "subscribers: there is no 'toString'"],
  ] as const) {
    const found = await errorOf(aFolder(FILES), ['subscribers', word])
    expect(found.message).toBe(message)
    expect(found.hint?.split('\n')).toEqual([
      'One of',
      '  broadsheet subscribers import <file>',
      '  broadsheet subscribers export [file]',
      '  broadsheet subscribers add <email>',
      '  broadsheet subscribers remove <email>',
      '  broadsheet subscribers erase <email>',
      '  broadsheet subscribers list',
      '  broadsheet subscribers unsuppress [email]',
      '  broadsheet subscribers show <email>',
    ])
  }
})

test('who has left or is suppressed comes back only by herself', async () => {
  const dir = aFolder(FILES)
  await aRun(dir, ['subscribers', 'add', 'anna@example.org'])
  await aRun(dir, ['subscribers', 'remove', 'anna@example.org'])
  expect(await errorOf(dir, ['subscribers', 'add', 'anna@example.org'])).toMatchObject({
    message: 'anna@example.org has unsubscribed',
    hint: 'Only that person can come back, by subscribing and confirming.',
  })
})

test('a publication without a newsletter, or without an edition, is told what it lacks', async () => {
  const dir = aFolder({ ...FILES, 'articles/publication.yaml': SETTINGS })
  expect(await errorOf(dir, ['subscribers', 'import', 'readers.csv'])).toEqual({
    code: 2,
    message: 'The publication has no newsletter',
    hint: "Add one to publication.yaml under 'newsletters:'.",
  })
  expect(await errorOf(dir, ['demo'])).toMatchObject({
    code: 2,
    message: 'there is no edition to send',
    hint: 'The demo needs a newsletter and an article.',
  })
})

test('a port that another program has', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await new Promise(listening => other.once('listening', listening))
  const { port } = other.address() as AddressInfo
  expect(await errorOf(aFolder(FILES), ['serve', '--port', String(port)], SECRET)).toEqual({
    code: 2,
    message: `port ${port} of 127.0.0.1 is taken by another program`,
    hint: 'Take another: broadsheet serve --port 8081',
  })
})

test('a folder that is called .env is said to be unreadable', async () => {
  const dir = aFolder(FILES)
  mkdirSync(`${dir}/.env`)
  const { code, stderr } = await aRun(dir, ['check'])
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^broadsheet: \.env cannot be read: /)])
})

test('a variable that nothing reads is named, with the one that was meant', async () => {
  const folder = aFolder({
    '.env': '# mail\nBROADSHEET_SMPT=smtp://user:secret@mail.example\nBROADSHEET_COLOUR=1\nOTHER=1\n',
  })
  const env = { BROADSHEET_DATABSE: 'x.db', BROADSHEET_FLEET_TOKEN: 'x' }
  const { stderr } = await aRun(folder, ['status'], { env })
  expect(stderr).toContain(
    '.env:2: warning: there is no BROADSHEET_SMPT: it is ignored. Did you mean BROADSHEET_SMTP?\n',
  )
  expect(stderr).toMatch(/\.env:3: warning: there is no BROADSHEET_COLOUR: it is ignored\. There are: /)
  expect(stderr).toContain(
    'warning: BROADSHEET_DATABSE in the environment is ignored. Did you mean BROADSHEET_DATABASE?\n',
  )
  expect(stderr).not.toMatch(/secret|OTHER|FLEET/)
})

test('an author who is nearly the name of a file is named, with the one that was meant', async () => {
  const article = (author: string) =>
    `---\ntitle: A title of some length\ndate: 2026-01-30\nauthor: ${author}\n---\n\nText.\n`
  const folder = aFolder({
    'articles/authors/editor.md': '---\nname: The Editor\n---\n',
    'articles/a.md': article('edtor'),
    'articles/b.md': article('anna'),
  })
  const found = (await aRun(folder, ['check', '--json', '--now', '2026-02-01'])).json()
  expect(found.filter(({ rule }: { rule: string }) => rule === 'unknown-author')).toEqual([
    expect.objectContaining({ file: 'articles/a.md', line: 4, advice: expect.stringContaining('"editor"') }),
  ])
})
