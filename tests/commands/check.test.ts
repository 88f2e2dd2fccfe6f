// What `check` and `build` tell of what they found: wrong settings in the format that was asked for, and only errors with
// --quiet.

import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'

const WRONG = 'title: T\nurl: https://t.example/\ntitel: x\ntimezone: Mars/Phobos\n'
const wrongSettings = (...argv: string[]) => aRun(aFolder({ 'articles/publication.yaml': WRONG }), argv)
const latin = Buffer.from('title: Caf\xe9\n', 'latin1')

test('wrong settings are GitHub’s annotations, each at its line', async () => {
  const { code, stdout, stderr } = await wrongSettings('check', '--format', 'github')
  expect(code).toBe(2)
  expect(stdout).toMatch(
    /^::error file=articles\/publication\.yaml,line=3,title=settings::titel: .*\n::error file=articles\/publication\.yaml,line=4,title=settings::timezone: .*\n$/,
  )
  expect(stderr).toContain('broadsheet: articles/publication.yaml:3: titel: unknown key')
})

test('wrong settings are diagnostics in JSON', async () => {
  const { code, json } = await wrongSettings('check', '--format', 'json')
  expect(code).toBe(2)
  const settings = { file: 'articles/publication.yaml', rule: 'settings', severity: 'error' }
  expect(json()).toEqual([
    { ...settings, line: 3, message: expect.stringMatching(/^titel: /), advice: 'Correct that line.' },
    { ...settings, line: 4, message: expect.stringMatching(/^timezone: /), advice: 'Correct that line.' },
  ])
  const folder = aFolder({ 'articles/publication.yaml': latin })
  expect((await aRun(folder, ['check', '--format', 'json'])).json()).toEqual([
    { ...settings, line: 1, message: expect.stringMatching(/UTF-8/), advice: 'Save the file as UTF-8.' },
  ])
})

test('missing settings and a missing folder are told in the format, too', async () => {
  const settings = { file: 'publication.yaml', line: 0, rule: 'settings', severity: 'error' }
  const folder = aFolder()
  rmSync(join(folder, 'articles/publication.yaml'))
  const missing = await aRun(folder, ['check', '--format', 'json'])
  expect(missing.code).toBe(2)
  expect(missing.json()).toEqual([
    {
      ...settings,
      message: expect.stringContaining('publication.yaml does not exist'),
      advice: expect.stringContaining('broadsheet init'),
    },
  ])
  rmSync(join(folder, 'articles'), { recursive: true })
  const { code, stdout, stderr } = await aRun(folder, ['check', '--format', 'github'])
  expect(code).toBe(2)
  expect(stdout).toMatch(/^::error file=publication\.yaml,title=settings::.* has no articles\/ folder/)
  expect(stderr).toContain('has no articles/ folder')
})

test('for people they stand on standard error alone', async () => {
  const { code, stdout } = await wrongSettings('check')
  expect([code, stdout]).toEqual([2, ''])
})

test.each(['check', 'build'])('%s --json: the error says file and line by themselves', async command => {
  const { code, json } = await wrongSettings(command, '--json')
  expect(code).toBe(2)
  const file = 'articles/publication.yaml'
  expect(json().error).toMatchObject({
    file,
    line: 3,
    problems: [
      { file, line: 3 },
      { file, line: 4 },
    ],
  })
})

const mixed = {
  'articles/good.md': '---\ntitle: Good\ndate: 2026-01-30\n---\n\n![](no-words.png)\n\nText.\n',
  'articles/bad.md': '---\ntitle: Bad\n---\nText.\n',
}
const now = ['--now', '2026-02-01T00:00Z']

test('check --quiet tells errors only, in every format', async () => {
  const folder = aFolder(mixed)
  const loud = await aRun(folder, ['check', ...now])
  expect(loud.stdout).toMatch(/error: [\s\S]*warning: /)
  const quiet = await aRun(folder, ['check', '--quiet', ...now])
  expect(quiet.code).toBe(1)
  expect(quiet.stdout).toContain('error: ')
  expect(quiet.stdout).not.toMatch(/warning: |info: /)
  expect(quiet.stderr).toBe('')
  const data: { severity: string }[] = (await aRun(folder, ['check', '--quiet', '--json', ...now])).json()
  expect(data.map(({ severity }) => severity)).toEqual(['error'])
})

test('check --left-out says of each article that is in no feed why', async () => {
  const article = (more: string) => `---\ntitle: A\ndate: 2026-01-30\n${more}---\n\nText.\n`
  const folder = aFolder({
    'articles/out.md': article(''),
    'articles/draft.md': article('draft: true\n'),
    'articles/future.md': '---\ntitle: A\ndate: 2026-03-01T10:00:00+05:30\n---\n\nText.\n',
    'articles/expired.md': article('expires: 2026-01-31\n'),
    'articles/withdrawn.md': article('withdrawn: true\n'),
    'articles/unlisted.md': article('unlisted: true\n'),
  })
  const ran = await aRun(folder, ['check', '--left-out', '--json', ...now])
  expect(ran.code).toBe(0)
  const found = ran.json().filter(({ rule }: { rule: string }) => rule === 'left-out')
  expect(
    found.map(({ file, state, id, severity }: Record<string, string>) => [file, state, id, severity]),
  ).toEqual(
    ['draft', 'expired', 'future', 'unlisted', 'withdrawn'].map(state => [
      `articles/${state}.md`,
      state,
      `tag:test.example,2026:${state}`,
      'info',
    ]),
  )
  const { stdout } = await aRun(folder, ['check', '--left-out', ...now])
  expect(stdout).toMatch(
    /^info: left-out \(5 times\)\n {2}articles\/draft\.md:1: is in no feed: it is a draft\n/,
  )
  expect(stdout).toContain('is in no feed yet: its date is 2026-03-01T04:30:00Z\n')
  expect((await aRun(folder, ['check', ...now])).stdout).not.toContain('left-out')
})

const many = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => [
    `articles/a${at}.md`,
    `---\ntitle: A${at}\ndate: 2026-01-30\nimage: gone${at % 2}.png\n---\n\n![](no-words.png)\n\nText.\n`,
  ]),
)

test('many of one kind are a few lines: how many, three of them, and how to see all', async () => {
  const folder = aFolder({ ...many, 'articles/bad.md': '---\ntitle: Bad\n---\nText.\n' })
  const { stdout, stderr } = await aRun(folder, ['check', ...now])
  expect(stderr).toBe('1 error, 160 warnings\n')
  const blocks = stdout.split('\n\n')
  expect(blocks.map(block => block.split('\n')[0])).toEqual([
    'error: article-date',
    'warning: article-image (40 times)',
    'warning: picture-alt (80 times)',
    'warning: broken-internal-link (40 times)',
  ])
  expect(blocks[3]).toBe(
    `warning: broken-internal-link (40 times)
  articles/a0.md:7: refers to no-words.png, which does not exist
  articles/a1.md:7: refers to no-words.png, which does not exist
  articles/a10.md:7: refers to no-words.png, which does not exist
      Correct the path; it starts from the folder of this file.
  … and 37 more: broadsheet check --rule broken-internal-link
`,
  )
  const built = await aRun(folder, ['build', ...now])
  expect(built.stderr).toContain('  … and 37 more: broadsheet check --rule article-image\n')
  // What it does not look for itself.
  expect(built.stdout).toMatch(/^check {5}120 more warnings: broadsheet check$/m)
  appendFileSync(join(folder, 'articles/a1.md'), '\n![](other.png)\n')
  expect((await aRun(folder, ['build', ...now])).stdout).toMatch(/^check {5}122 more warnings/m)
  expect((await aRun(folder, ['build', ...now])).stdout).toMatch(/^check {5}122 more warnings/m)
})

test('check --rule shows all that one rule finds, or several, in every format; a name that is none is an error', async () => {
  const folder = aFolder(many)
  const one = await aRun(folder, ['check', '--rule', 'picture-alt', ...now])
  expect(one.stdout.match(/has no alternative text/g)).toHaveLength(80)
  expect(one.stdout).not.toContain('article-image')
  expect(one.stderr).toBe('80 warnings\n')
  const two = await aRun(folder, ['check', '--rule', 'picture-alt,article-image', '--json', ...now])
  expect(two.json()).toHaveLength(120)
  const none = await aRun(folder, ['check', '--rule', 'article-date', ...now])
  expect([none.code, none.stderr]).toEqual([0, '40 articles, no problem of article-date\n'])
  const wrong = await aRun(folder, ['check', '--rule', 'picture-allt', ...now])
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toMatch(/no rule is called picture-allt[\s\S]*Did you mean picture-alt\?/)
})

test('what is said of a field of front matter can be asked for by its rule', async () => {
  const folder = aFolder({ 'articles/a.md': '---\ntitle: A {{ b }}\ndate: 2026-01-30\n---\nText.\n' })
  const { code, stdout } = await aRun(folder, ['check', '--rule', 'template-code', ...now])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^warning: template-code\n {2}articles\/a\.md:2: /)
})

test('every rule that the sources name can be asked for', async () => {
  const names = new Set<string>()
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!/^(?:content|render|site|feed|edition|letter|check)\/.*\.ts$/.test(file)) continue
    for (const [, name] of readFileSync(`src/${file}`, 'utf8').matchAll(/\brule: '([a-z][a-z0-9-]+)'/g))
      names.add(name!)
  }
  expect(names.size).toBeGreaterThan(20)
  const buildOnly = ['letter-picture', 'feed-too-large']
  const asked = [...names].filter(name => !buildOnly.includes(name)).join(',')
  expect((await aRun(aFolder(many), ['check', '--rule', asked, ...now])).stderr).not.toContain(
    'no rule is called',
  )
})

test('build --quiet tells errors, which it kept to itself, and its result', async () => {
  const { code, stdout, stderr } = await aRun(aFolder(mixed), ['build', '--quiet', ...now])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: article-date\n {2}articles\/bad\.md:\d: /)
  expect(stderr).not.toMatch(/warning: |info: /)
  expect(stdout).toMatch(/^articles {2}1 of 2/)
})

test('subscribers import --quiet names the lines that it could not use, and --strict fails for them', async () => {
  const newsletter =
    'newsletters: [{ id: weekly, title: W, every: week, on: friday, from: W <w@t.example> }]\n'
  const folder = aFolder({
    'articles/publication.yaml': `title: T\nurl: https://t.example/\n${newsletter}`,
    'readers.csv': 'email\nanna@test.example\nnobody\n',
  })
  for (const [flags, expected] of [
    [[], 0],
    [['--strict'], 1],
  ] as const) {
    const argv = ['subscribers', 'import', 'readers.csv', '--quiet', ...flags]
    const { code, stderr } = await aRun(folder, argv)
    expect(code).toBe(expected)
    expect(stderr).toContain('readers.csv:3: ')
  }
})

test('in a folder of a repository, CI is told the path in the repository', async () => {
  const top = aFolder({
    'site/articles/publication.yaml': 'title: T\nurl: https://t.example/\n',
    'site/articles/a.md': '---\ntitle: A\ndate: yesterday\n---\n\nText.\n',
  })
  const github = await aRun(join(top, 'site'), ['check', '--format', 'github'], {
    env: { GITHUB_WORKSPACE: top },
  })
  expect([github.code, github.stdout]).toEqual([
    1,
    expect.stringMatching(/^::error file=site\/articles\/a\.md,line=3,/),
  ])
  const gitlab = await aRun(join(top, 'site'), ['check', '--format', 'gitlab'], {
    env: { CI_PROJECT_DIR: top },
  })
  expect(gitlab.json()).toContainEqual({
    description: expect.stringContaining('yesterday'),
    check_name: expect.any(String),
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    severity: 'major',
    location: { path: 'site/articles/a.md', lines: { begin: 3 } },
  })
})
