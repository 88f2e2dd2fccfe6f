// `init`: a publication that has no problem, in a folder that may hold something already, and lines that can be pasted.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { packageFolder } from '../../src/base/program.ts'
import { shellWord } from '../../src/commands/init.ts'
import { missingRules, schemaReference } from '../../src/content/start-publication.ts'
import { aRun } from '../a-run.ts'

const RULES = ['.broadsheet/', '.env', 'node_modules/', 'outbox/']

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('what it makes builds, and check asks for nothing but an address of its own', async () => {
  const folder = emptyFolder()
  const made = await aRun(folder, ['init', 'site', '--json'])
  expect(made.json()).toEqual({
    dir: join(folder, 'site'),
    files: [
      'articles/authors/editor.md',
      'articles/publication.yaml',
      'articles/welcome.md',
      '.env.example',
      '.gitignore',
    ],
    ignored: [],
  })
  const settings = join(folder, 'site/articles/publication.yaml')
  const checked = await aRun(join(folder, 'site'), ['check', '--json'])
  expect([checked.code, checked.json()]).toEqual([
    0,
    [
      expect.objectContaining({
        file: 'articles/publication.yaml',
        rule: 'letter-required',
        severity: 'warning',
      }),
    ],
  ])
  expect(checked.stdout).toContain('is the example of `broadsheet init`')
  writeFileSync(settings, readFileSync(settings, 'utf8').replace(/^address: .*/m, 'address: 1 Test Lane'))
  const { code, stdout } = await aRun(join(folder, 'site'), ['check'])
  expect([code, stdout]).toEqual([0, ''])
  expect((await aRun(join(folder, 'site'), ['build', '--json'])).json().diagnostics).toEqual([])
})

test('the schema is named where it is: installed above, in the clone around it, else where it will be installed', async () => {
  const folder = emptyFolder()
  expect(schemaReference(join(folder, 'site'))).toBe('../node_modules/broadsheet/publication.schema.json')
  expect(schemaReference(join(packageFolder, 'site'))).toBe('../../publication.schema.json')
  mkdirSync(join(folder, 'node_modules/broadsheet'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/broadsheet/publication.schema.json'), '{}')
  await aRun(folder, ['init', 'site'])
  expect(readFileSync(join(folder, 'site/articles/publication.yaml'), 'utf8')).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/\.\.\/node_modules\/broadsheet\/publication\.schema\.json\n/,
  )
})

test.each([
  ['no end of its last line', 'dist', `dist\n${RULES.join('\n')}\n`],
  ['one of the lines', 'dist\n/.env\n', 'dist\n/.env\n.broadsheet/\nnode_modules/\noutbox/\n'],
  [
    'line ends of Windows',
    'dist\r\n.env\r\n',
    'dist\r\n.env\r\n.broadsheet/\r\nnode_modules/\r\noutbox/\r\n',
  ],
  ['nothing', '', `${RULES.join('\n')}\n`],
  [
    'all of them',
    'node_modules\n**/.env\noutbox\n.broadsheet/**\n',
    'node_modules\n**/.env\noutbox\n.broadsheet/**\n',
  ],
])('a .gitignore with %s gets what it lacks, once, and that is said', async (_, before, after) => {
  const folder = emptyFolder()
  const rules = join(folder, '.gitignore')
  writeFileSync(rules, before)
  const { stdout } = await aRun(folder, ['init'])
  expect(readFileSync(rules, 'utf8')).toBe(after)
  const added = RULES.filter(rule => missingRules(before, [rule]).length > 0)
  expect(/^added (.*) to \.gitignore$/m.exec(stdout)?.[1]?.split(', ') ?? []).toEqual(added)

  expect((await aRun(folder, ['init'])).code).toBe(2)
  expect(readFileSync(rules, 'utf8')).toBe(after)
})

test('a .gitignore that is not UTF-8 keeps its bytes', async () => {
  const folder = emptyFolder()
  const bytes = Buffer.from('caf\xe9\n', 'latin1')
  writeFileSync(join(folder, '.gitignore'), bytes)
  await aRun(folder, ['init'])
  expect(readFileSync(join(folder, '.gitignore')).subarray(0, bytes.length)).toEqual(bytes)
})

test('paths are printed as they were typed, with --dir', async () => {
  const folder = emptyFolder()
  const { stdout } = await aRun(folder, ['init', '--dir', 'zzz', 'yyy'])
  expect(stdout).toContain('made  zzz/yyy/articles/welcome.md\n')
  expect(stdout).toContain('next  cd zzz/yyy && npx broadsheet build\n')
  expect((await aRun(folder, ['init', join(folder, 'whole')])).stdout).toContain(
    `next  cd ${folder}/whole && `,
  )
  expect((await aRun(folder, ['init', '.'])).stdout).toContain('\nnext  npx broadsheet build\n')
})

test.each(['a b', "q'x$(id)", '-dash', '-', '~', 'plain', 'ünï', '--', 'a;b', 'a\nb'])(
  'the next line works when it is pasted: %j',
  async name => {
    const folder = emptyFolder()
    const { stdout } = await aRun(folder, ['init', '--', name])
    const go = stdout.slice(stdout.indexOf('next  ') + 6, stdout.lastIndexOf(' && npx'))
    const there = execFileSync('sh', ['-c', `${go} && pwd`], { cwd: folder, encoding: 'utf8' })
    expect(there).toBe(`${folder}/${name}\n`)
    expect(existsSync(join(folder, name, 'articles/welcome.md'))).toBe(true)
  },
)

test('a plain word is not quoted', () => {
  expect(shellWord('sites/my-site_2.0')).toBe('sites/my-site_2.0')
})

test.each([
  ['an empty name', '', /the folder’s name is empty/],
  ['a file', 'file', /file is a file, not a folder\n.*broadsheet init site/],
  ['a folder behind a file', 'file/site', /file is a file, not a folder\n.*broadsheet init site/],
  ['a publication', 'there', /contains a publication already/],
  ['the articles of a publication', 'there/articles/new', /inside the articles of the publication .*there\n/],
])('%s is refused, and nothing is written', async (_, name, message) => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'file'), '')
  mkdirSync(join(folder, 'there/articles'), { recursive: true })
  writeFileSync(join(folder, 'there/publication.yaml'), 'title: There\nurl: https://there.example/\n')
  const before = readdirSync(folder, { recursive: true })
  const { code, stderr } = await aRun(folder, ['init', name])
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
  expect(readdirSync(folder, { recursive: true })).toEqual(before)
})

test('new: a draft with a title, a date and nothing else, that no build publishes', async () => {
  const folder = emptyFolder()
  await aRun(folder, ['init', 'site'])
  const now = ['--now', '2026-01-30T20:00:00Z']
  const made = await aRun(folder, ['--dir', 'site', 'new', 'Tea:', 'auctions', '“open” higher', ...now])
  const file = 'site/articles/2026-01-30-tea-auctions-“open”-higher.md'
  expect(made.stdout).toContain(`made  ${file}\n`)
  expect(readFileSync(join(folder, file), 'utf8')).toBe(
    '---\ntitle: "Tea: auctions “open” higher"\ndate: 2026-01-30T20:00:00+00:00\ndraft: true # remove this line to publish the article\ntags: []\n---\n\n',
  )
  const { articles } = (
    await aRun(folder, ['build', '--dir', 'site', '--json', '--now', '2027-01-01'])
  ).json()
  expect(articles).toMatchObject({ read: 2, built: 1, draft: 1 })
  const again = await aRun(folder, ['--dir', 'site', 'new', 'Tea: auctions “open” higher', ...now])
  expect([again.code, again.stderr]).toEqual([
    2,
    `broadsheet: ${file.slice(5)} exists already\n  Edit that file, or choose another title.\n`,
  ])
})

test.each([
  [['new', '…'], 'An article needs a title: “…” has neither a letter nor a digit'],
  [['new', '  '], 'An article needs a title\n'],
  [['new', 'A title', '--section', 'sport'], 'There is no section "sport"'],
])('%s is refused', async (argv, message) => {
  const folder = emptyFolder()
  await aRun(folder, ['init'])
  const { code, stderr } = await aRun(folder, argv)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})

test('any title is read again as it was written, and is no other field', async () => {
  const folder = emptyFolder()
  await aRun(folder, ['init'])
  const titles = ['yes', '12', '# hash', '"a": b', '[x]', '東京', 'c\nd', 'README']
  for (const title of titles) {
    const { file } = (await aRun(folder, ['new', title, '--json'])).json()
    const text = readFileSync(join(folder, file), 'utf8')
    writeFileSync(join(folder, file), `${text.replace('draft: true', 'unlisted: false')}Text.\n`)
  }
  await aRun(folder, ['build', '--now', '2099-01-01'])
  const feed = JSON.parse(readFileSync(join(folder, 'out/feed.json'), 'utf8'))
  const found = feed.items.map((item: { title: string }) => item.title).sort()
  expect(found).toEqual([...titles.map(title => title.replace('\n', ' ')), 'The first article'].sort())
})

// ─── --github and --gitlab ──────────────────────────────────────────────────────────────────────────────────────────

const JANUARY = Date.parse('2026-01-28T10:00:00Z')

async function withWorkflow(settings: string, host = 'github') {
  const folder = emptyFolder()
  mkdirSync(join(folder, '.git'))
  await aRun(folder, ['init'])
  const file = join(folder, 'articles/publication.yaml')
  writeFileSync(file, settings)
  const ran = await aRun(folder, ['init', `--${host}`, '--json'], { clock: () => JANUARY })
  return { folder, settings: file, ran, crons: crons(ran) }
}

const crons = (ran: { json(): { workflows: { schedule: { cron: string }[] }[] } }) =>
  ran.json().workflows[0]!.schedule.map(({ cron }) => cron)

const newsletter = (timezone: string, schedule: string, more = '') =>
  `title: T\nurl: https://t.example/\ntimezone: ${timezone}\n${more}newsletters:\n  - { id: n, title: N, ${schedule}, from: N <n@t.example> }\n`

test.each([
  ['UTC', "every: week, on: friday, at: '07:00'", ['7 7 * * 5']],
  ['Europe/Berlin', "every: week, on: friday, at: '07:00'", ['7 5,6 * * 5']],
  ['America/New_York', "every: day, at: '20:30'", ['37 0,1 * * *']],
  // In UTC it is still the day before.
  ['Pacific/Auckland', "every: week, on: monday, at: '07:00'", ['7 18,19 * * 0']],
  ['Asia/Kolkata', "every: week, on: monday, at: '04:00'", ['37 22 * * 0']],
  // Half an hour forward; and at the full hour everybody's jobs begin.
  ['Australia/Lord_Howe', "every: week, on: sunday, at: '12:53'", ['3 2 * * 0', '30 2 * * 0']],
  ['UTC', "every: day, at: '07:53'", ['3 8 * * *']],
  // A time that the clock skips once a year.
  ['Europe/Berlin', "every: week, on: sunday, at: '02:30'", ['37 0,1 * * 0', '7 1 * * 0']],
  ['UTC', "every: month, on: 1, at: '06:00'", ['7 6 1 * *']],
  // A month that has no such day.
  ['UTC', "every: month, on: 31, at: '06:00'", ['7 6 28,29,30,31 * *']],
])(
  '%s, %s: CI runs behind every slot, on both sides of a clock change',
  async (timezone, schedule, expected) => {
    const { crons } = await withWorkflow(newsletter(timezone, schedule, 'service: https://s.example/\n'))
    expect(crons.slice(0, -1)).toEqual(expected)
    // And once a day, for whoever was deferred.
    expect(crons.at(-1)).toMatch(/^41 \d+ \* \* \*$/)
  },
)

test.each([
  ['who subscribe by mail', newsletter('UTC', 'every: week, on: friday')],
  [
    'for whom each article is an edition',
    newsletter('UTC', 'every: article', 'service: https://s.example/\n'),
  ],
])('readers %s wait four hours at most', async (_, settings) => {
  const { crons } = await withWorkflow(settings)
  expect(crons.at(-1)).toMatch(/^41 \d+,\d+,\d+,\d+,\d+,\d+ \* \* \*$/)
})

test.each(['github', 'gitlab'])(
  '--%s in a publication that is there writes that file only, and later its times only',
  async host => {
    const before = newsletter('UTC', 'every: week, on: friday', 'service: https://s.example/\n')
    const { folder, settings, ran } = await withWorkflow(before, host)
    expect([ran.code, ran.json().files]).toEqual([0, []])
    const { file } = ran.json().workflows[0] as { file: string }
    const made = readFileSync(file, 'utf8')
    expect(made).not.toMatch(/<<|>>(?! ")/)
    writeFileSync(file, made.replace('timeout', 'timeout').replace(/^name: Broadsheet$/m, 'name: Mine'))
    const again = await aRun(folder, ['init', `--${host}`], { clock: () => JANUARY })
    expect(again.stdout).toMatch(/^unchanged /m)
    writeFileSync(settings, before.replace('friday', 'monday'))
    expect((await aRun(folder, ['init', `--${host}`], { clock: () => JANUARY })).stdout).toMatch(/^updated /m)
    const changed = readFileSync(file, 'utf8')
    expect(changed).toMatch(/7 7 \* \* 1/)
    expect(changed.replace(/7 7 \* \* 1/, '7 7 * * 5').replace('name: Mine', 'name: Broadsheet')).toBe(made)
    // Somebody else's file.
    writeFileSync(file, 'name: Other\n')
    const refused = await aRun(folder, ['init', `--${host}`])
    expect([refused.code, readFileSync(file, 'utf8')]).toEqual([2, 'name: Other\n'])
    expect(refused.stderr).toMatch(/was not written by broadsheet init/)
  },
)

test('in a repository that holds more, the file is at its top, and works in the folder', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, '.git'))
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/trunk\n')
  const { stdout } = await aRun(folder, ['init', 'a/site', '--github'])
  expect(stdout).toMatch(/^made {2}\.github\/workflows\/broadsheet\.yml$/m)
  const text = readFileSync(join(folder, '.github/workflows/broadsheet.yml'), 'utf8')
  expect(text).toMatch(/branches: \[trunk\]/)
  expect(text).toMatch(/working-directory: a\/site$/m)
  expect(text).toMatch(/path: a\/site\/out$/m)
  expect((await aRun(folder, ['init', 'a b', '--github'])).stderr).toMatch(/has characters in its name/)
})

test('a title of any length has a file', async () => {
  const folder = emptyFolder()
  await aRun(folder, ['init'])
  const made = async (title: string) => {
    const { stdout } = await aRun(folder, ['new', title, '--json', '--now', '2026-01-30T12:00:00Z'])
    return JSON.parse(stdout).file as string
  }
  expect(await made('x'.repeat(300))).toBe(`articles/2026-01-30-${'x'.repeat(120)}.md`)
  expect(await made('नदी '.repeat(60))).toMatch(/^articles\/2026-01-30-(?:नदी-){8,11}नदी\.md$/u)
  expect(await made(`${'tea and more '.repeat(12)}end`)).toMatch(/-tea-and(?:-more)?\.md$/)
})
