// Every command in the README, the guides and the reference is run, page by page, in a folder that has what they speak of:
// those of the program in this process, those of the shell in a shell. What cannot be run here is in one table, with the reason.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { commands } from '../src/commands/command-table.ts'
import { parseArguments } from '../src/commands/parse-arguments.ts'
import { aRun, type Ran } from './a-run.ts'
import { anImapServer, type ImapServer } from './commands/an-imap-server.ts'
import { type ANameServer, aNameServer } from './commands/doctor/a-name-server.ts'

const root = new URL('../', import.meta.url).pathname
const read = (page: string) => readFileSync(join(root, page), 'utf8')
const pages = ['README.md'].concat(
  ['guides', 'reference'].flatMap(folder =>
    readdirSync(join(root, 'docs', folder)).map(name => `docs/${folder}/${name}`),
  ),
)

/** Beginning of a command → why no test runs it as it is; `checked` is what is looked at in its place. */
const NOT_RUN: readonly { readonly call: RegExp; readonly why: string; checked?(call: string): void }[] = [
  { call: /^git clone\b/, why: 'the address of the repository is not known yet' },
  {
    call: /^npm |^npx vitest\b|^node tests\//,
    why: 'runs the gate or the benchmarks within the gate; `npm start` is run by tests/commands/demo.test.ts',
    checked(call) {
      const { scripts } = JSON.parse(read('package.json'))
      for (const [, script] of call.matchAll(/npm (?:run )?(\w+)/g))
        if (script !== 'ci') expect(Object.keys(scripts)).toContain(script)
      for (const [, file] of call.matchAll(/(tests\/[\w./-]+\.(?:mjs|ts))/g))
        expect(existsSync(join(root, file!))).toBe(true)
    },
  },
  { call: /^rsync\b/, why: 'copies to another machine' },
  { call: /^certbot\b/, why: 'asks an authority on the web for a certificate' },
  {
    call: /^broadsheet doctor --send-test\b/,
    why: 'waits minutes for a letter to come back; tests/commands/doctor.test.ts does so with a clock of its own',
  },
]

/** What a page speaks of and is elsewhere here. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^\/var\/mail\/bounces\/Maildir$/, 'Maildir'],
  [/^\/var\/log\/nginx\/access\.log$/, 'access.log'],
  [/^<command>$/, 'build'],
]

/** Commands that end otherwise than with 0 in the prepared folder, rightly so. */
const ENDS: readonly { readonly call: RegExp; readonly code: number; readonly says: RegExp }[] = [
  // Needs PostgreSQL; tests/commands/work.test.ts has one.
  { call: /^broadsheet work$/, code: 2, says: /is for PostgreSQL/ },
  // None is paused; tests/deliver/steer.test.ts pauses some.
  { call: /--resume$/, code: 2, says: /nothing to resume/ },
  // There is one already: the page only says what it writes.
  { call: /^broadsheet init$/, code: 2, says: /exists|already/ },
]

/** Begins with an empty folder. */
const FIRST_STEPS = 'docs/guides/start.md'

/** What has happened before somebody needs a page. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'docs/guides/bounces.md': [
    'subscribers add anna@example.org',
    'subscribers import suppressions.csv --suppressions',
  ],
}

/** They run until they are stopped. */
const SERVERS = new Set(['preview', 'serve'])

const NOW = '2026-01-30T08:00:00+05:30'
const SECRET = 'a-secret-for-the-tests'

let imap: ImapServer
let dns: ANameServer
let base: string

beforeAll(async () => {
  imap = await anImapServer({ user: 'bounces', password: 'p', mails: [] })
  dns = await aNameServer('')
  base = mkdtempSync(join(tmpdir(), 'broadsheet-docs-'))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(base, path, '..'), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  await runProgram(base, ['subscribers', 'add', 'ravi@example.org'])
  for (const folder of ['cur', 'new', 'tmp']) mkdirSync(join(base, 'Maildir', folder), { recursive: true })
})
afterAll(async () => {
  rmSync(base, { recursive: true, force: true })
  await imap.close()
  await dns.close()
})

const article = (title: string, day: string, more = '') =>
  `---\ntitle: ${title}\ndate: ${day}T09:00:00+05:30\n${more}---\n\nA few words about it.\n`

/** Everything that the pages speak of by name. */
const FILES: Readonly<Record<string, string>> = {
  'articles/publication.yaml': `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
address: 1 Test Lane, New Delhi
sections: { world: World }
mail: { bounces: bounces@test.example }
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', since: 2026-01-20, from: News <news@test.example> }
`,
  'articles/harbour.md': article('The harbour reopens', '2026-01-28', 'section: world\n'),
  'articles/flood.md': article('The flood', '2026-01-30', 'section: world\ndraft: false\n'),
  'articles/dam.md': article('The dam', '2026-01-29'),
  'articles/editions/weekly/river.md':
    '---\nextra: true\nsubject: The river\npick: [dam.md]\n---\n\nStay safe.\n',
  'readers.csv':
    'email,name,city,Level\nanna@example.org,Anna,Delhi,gold\nravi@example.org,Ravi,Pune,silver\n',
  'suppressions.csv':
    'email,reason,since\nanna@example.org,550 5.1.1 no such user,2026-01-02T00:00:00Z\nlost@example.org,550 5.1.2 Host unknown,2026-02-02T00:00:00Z\n',
  'page.html': `<!doctype html><html lang="en"><head><title>A page</title><meta property="article:published_time" content="2026-01-12T09:00:00Z"></head><body><article><h1>A page</h1>${'<p>It has a paragraph of some words, and one more sentence, and then another one.</p>'.repeat(6)}</article></body></html>`,
  'blog.xml':
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Old</title><link>https://old.example/</link><description>Old</description><item><title>An old post</title><link>https://old.example/a/</link><guid>https://old.example/a/</guid><pubDate>Mon, 12 Jan 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;Some words of long ago.&lt;/p&gt;</description></item></channel></rss>',
  'access.log':
    '198.51.100.1 - - [29/Jan/2026:10:00:00 +0000] "GET /rss.xml HTTP/1.1" 200 100 "-" "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)"\n',
  '.env': `BROADSHEET_SMTP=eml:outbox\nBROADSHEET_SECRET=${SECRET}\n`,
}

interface Step {
  /** One command, without its comment. */
  readonly call: string
  /** Lines of a shell, where it is several. */
  readonly script?: string
  /** It stands in running text. */
  readonly isName?: true
}

const KNOWN = new Set(commands.map(({ name }) => name))
const OF_PROGRAM = /(?:\/usr\/bin\/)?(?:npx )?\bbroadsheet (?=([a-z]+|<command>|--help))/
const OF_SHELL = /^(?:git|npm|npx(?! broadsheet)|node|ln|openssl|rsync|sqlite3|certbot) /

/** All commands of a page, in its order: of blocks whole, of running text those in code. */
function stepsOf(page: string): Step[] {
  const steps: Step[] = []
  const text = read(page).replace(
    /^<!-- (?:commands|variables|transports|checks|demo) -->[\s\S]*?^<!-- \/\w+ -->/gm,
    '',
  )
  for (const [, , , language = '', block = '', span = ''] of text.matchAll(
    /^( *)(`{3,})(\w*)[^\n]*\n([\s\S]*?)^ *\2$|`([^`]+)`/gm,
  )) {
    if (span) {
      const call = span.replace(/\s+/g, ' ')
      if (!OF_SHELL.test(call))
        steps.push(...programCalls(call, true).map(step => ({ ...step, isName: true as const })))
      else steps.push({ call })
    } else if (language === 'sh') steps.push(...stepsOfBlock(block))
    else steps.push(...block.split('\n').flatMap(line => programCalls(line, false)))
  }
  return steps
}

/** @param whole whether the call must be all of the line */
function programCalls(line: string, whole: boolean): Step[] {
  const parts = line.split(/ && | {2,}(?=\S)/)
  return parts.flatMap(part => {
    const found = OF_PROGRAM.exec(part)
    if (!found || (whole && found.index > 0)) return []
    if (found[1] && !KNOWN.has(found[1]) && found[1] !== '<command>') return []
    return [
      {
        call: part
          .slice(found.index)
          .replace(/\s+#.*$/, '')
          .replace(OF_PROGRAM, 'broadsheet ')
          .trim(),
      },
    ]
  })
}

/** Lines of the shell that lie together are one script: they may be one command. */
function stepsOfBlock(block: string): Step[] {
  const steps: { call: string; script?: string }[] = []
  for (const raw of block.split('\n')) {
    const line = raw.replace(/\s+#\s.*$/, '').trim()
    const calls = programCalls(line, true)
    const last = steps.at(-1)
    if (calls.length > 0) steps.push(...calls)
    else if (line === '') continue
    else if (last?.script !== undefined) last.script += `\n${line}`
    else steps.push({ call: line, script: line })
  }
  return steps
}

/** As a shell parts words. */
function wordsOf(call: string): string[] {
  const words = [...call.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!)
  return words.slice(1).map(word => INSTEAD.find(([named]) => named.test(word))?.[1] ?? word)
}

async function runProgram(folder: string, argv: readonly string[]): Promise<Ran> {
  const stop = new AbortController()
  const env = { BROADSHEET_IMAP: `imap://bounces:p@127.0.0.1:${imap.port}/INBOX?tls=never` }
  const isServer = SERVERS.has(argv[0] ?? '') && !argv.includes('--help')
  const port = isServer && !argv.includes('--port') ? ['--port', '0'] : []
  // A person on a terminal says yes.
  const yes = argv[0] === 'send' && !argv.includes('--help') ? ['--yes'] : []
  const now = argv.includes('--help') ? [] : ['--now', NOW]
  const ran = aRun(
    folder,
    [...argv, ...port, ...yes, ...now].map(word => (word === '$PORT' ? '0' : word)),
    {
      env,
      nameServers: [dns.address],
      signal: stop.signal,
      ...(isServer && { said: () => stop.abort() }),
    },
  )
  return ran
}

test.each(pages)('%s: every command in it runs', async page => {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  if (page !== FIRST_STEPS) cpSync(base, folder, { recursive: true })
  for (const call of BEFORE[page] ?? [])
    expect((await runProgram(folder, call.split(' '))).code, call).toBe(0)
  let here = folder
  const failed: unknown[] = []
  for (const { call, script, isName } of stepsOf(page)) {
    const left = NOT_RUN.find(one => one.call.test(call))
    if (left) {
      left.checked?.(call)
      continue
    }
    if (!call.startsWith('broadsheet ')) {
      here = runShell(here, folder, script ?? call)
      continue
    }
    const argv = wordsOf(call.replace(/--dir site$/, '--dir .'))
    const parsed = parseArguments(argv)
    expect([call, 'wrong' in parsed ? parsed.wrong.message : '']).toEqual([call, ''])
    const expected = ENDS.find(one => one.call.test(call))
    const ran = await runProgram(here, argv)
    // Running text may name a command without what it takes.
    const isNamed = isName && ran.stderr.includes('wrong arguments')
    const { code, stdout, stderr } = isNamed ? await runProgram(here, [...argv, '--help']) : ran
    const said = `${stdout}${stderr}`
    if (code !== (expected?.code ?? 0) || !(expected?.says ?? /^/).test(said))
      failed.push({ call, code, said })
  }
  expect(failed).toEqual([])
  if (page === FIRST_STEPS) seeFirstSteps(here)
})

function seeFirstSteps(site: string): void {
  expect(existsSync(join(site, 'articles/2026-01-30-tea-auctions-open-higher.md'))).toBe(true)
  expect(existsSync(join(site, 'out/rss.xml'))).toBe(true)
  expect(readdirSync(join(site, 'outbox'))).toHaveLength(1)
}

/** @returns the folder in which it ended */
function runShell(here: string, folder: string, script: string): string {
  // A guide that begins with `ln -s _posts articles` speaks of a blog that has such a folder.
  const [, posts] = /ln -s (\S+) articles/.exec(script) ?? []
  const place = posts ? mkdtempSync(join(folder, 'blog-')) : here
  const [, blog] = /^cd (\S+)/.exec(script) ?? []
  const start = posts && blog ? join(place, blog) : place
  if (posts) {
    mkdirSync(join(start, posts), { recursive: true })
    writeFileSync(join(start, posts, '2026-01-12-a-post.md'), article('A post', '2026-01-12'))
  }
  const said = execFileSync('bash', ['-euc', `${script}\npwd`], { cwd: place, encoding: 'utf8' })
  return blog ? said.trim().split('\n').at(-1)! : here
}

test('what is left out, or ends otherwise, is spoken of', () => {
  const calls = pages.flatMap(page => stepsOf(page).map(({ call }) => call))
  const firstOf = (list: readonly { readonly call: RegExp }[]) =>
    calls.map(call => list.find(one => one.call.test(call)))
  const used = new Set([...firstOf(NOT_RUN), ...firstOf(ENDS)])
  expect([...NOT_RUN, ...ENDS].filter(one => !used.has(one))).toEqual([])
})
