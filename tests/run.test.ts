// The command line as a function: help, wrong use, settings of every command, and what an error looks like.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../src/commands/command-table.ts'
import { createContext, readEnvFile } from '../src/commands/context.ts'
import { aFolder } from './a-folder.ts'
import { aRun } from './a-run.ts'

test('without arguments it says what it can do', async () => {
  const { code, stdout } = await aRun('/', [])
  expect(code).toBe(0)
  for (const { name } of commands) expect(stdout).toContain(`\n  ${name}`)
})

test.each(commands.map(({ name }) => name))('%s --help shows its options and an example', async name => {
  const { code, stdout, stderr } = await aRun('/', [name, '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain(`Usage: broadsheet ${name}`)
  expect(stdout).toContain(`Example:\n  broadsheet ${name}`)
  for (const flag of ['--dir', '--json', '--quiet', '--now']) expect(stdout).toContain(flag)
  expect(stderr).toBe('')
})

test('help and help <command> are the same as --help', async () => {
  const helpOf = async (...argv: string[]) => (await aRun('/', argv)).stdout
  for (const argv of [['help'], ['help', 'help'], ['help', '--help']])
    expect(await helpOf(...argv)).toBe(await helpOf('--help'))
  for (const { name } of commands) expect(await helpOf('help', name)).toBe(await helpOf(name, '--help'))
})

test.each([
  ['2014-01-01', '2014-01-01T00:00:00.000Z'],
  ['2014-02', '2014-02-01T00:00:00.000Z'],
  ['2014-01-01T07:00', '2014-01-01T07:00:00.000Z'],
  ['2014-01-01T07:00+05', '2014-01-01T02:00:00.000Z'],
  ['2014-01-01T07:00-03:30', '2014-01-01T10:30:00.000Z'],
])('--now %s is %s', (text, at) => {
  const { now } = createContext(
    { command: commands[0]!, args: [], options: { now: text } },
    {
      argv: [],
      env: {},
      cwd: '/',
      stdin: (async function* () {})(),
      stdout: { write() {} },
      stderr: { write() {} },
      clock: () => 0,
      signal: new AbortController().signal,
    },
  )
  expect(new Date(now()).toISOString()).toBe(at)
})

test.each([
  [['help', 'bulid'], /unknown command 'bulid'[\s\S]*build/],
  [['bulid'], /unknown command 'bulid'[\s\S]*build/],
  [['build', '--drafts'], /unknown option '--drafts'/],
  [['build', 'too', 'many'], /too many arguments/],
  [['build', '--now', 'tomorrow'], /--now tomorrow is not a time[\s\S]*2026-01-30T07:00/],
])('%j is wrong use: exit 2 and what is right', async (argv, message) => {
  const { code, stdout, stderr } = await aRun(aFolder(), argv)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
  expect(stdout).toBe('')
})

test('an error with --json is one JSON document, too', async () => {
  const folder = aFolder()
  const { code, stdout, stderr } = await aRun(folder, ['build', '--json', '--dir', 'nowhere'])
  expect(code).toBe(2)
  expect(JSON.parse(stdout).error.message).toBeTruthy()
  expect(stderr).toMatch(/^broadsheet: /)
  expect(stderr).not.toMatch(/\n {4}at /)
})

test.each([
  [['bulid', '--json']],
  [['build', '--json', '--drafts']],
  [['send', 'weekly', 'monthly', '--json']],
  [['subscribers', '--json']],
])('wrong use with --json, too: %j', async argv => {
  const { code, stdout, stderr } = await aRun('/', argv)
  expect(code).toBe(2)
  const { message, hint } = JSON.parse(stdout).error
  expect(stderr).toBe(`broadsheet: ${message}\n${hint.replace(/^/gm, '  ')}\n`)
  expect(hint).toContain('--help')
})

test('.env beside package.json is read; the environment wins', async () => {
  const folder = aFolder({ '.env': 'SOURCE_DATE_EPOCH=nonsense\n' })
  expect((await aRun(folder, ['build'])).stderr).toMatch(/SOURCE_DATE_EPOCH=nonsense/)
  expect((await aRun(folder, ['build'], { env: { SOURCE_DATE_EPOCH: '1769736600' } })).code).toBe(0)
})

test.each<[string, string | Buffer, number[]]>([
  ['a line without =', 'BROADSHEET_SMTP\nA=1\n', [1]],
  ['a colon', '# mail\n\nBROADSHEET_SMTP: smtp://secret@mx.example\n', [3]],
  ['a line without a name', '=secret\n', [1]],
  ['an open quote', 'BROADSHEET_SECRET="secret\nA=1\n', [1]],
  ['an open quote that the next value closes', 'A=1\nB="secret\nC="secret"\n', [2]],
  ['more behind a quote', "A='secret'secret\n", [1]],
  ['bytes that are no UTF-8', Buffer.from('A=1\nB=secret\xe9\n', 'latin1'), [2]],
  ['UTF-16', Buffer.from('\ufeffA=secret', 'utf16le'), [1]],
  ['nothing wrong', "\ufeffexport A=1\r\nB='x' # it's\r\nC=\"a\nb\n\"\n  # D\nE = it's\nF=\n", []],
])('a malformed .env is told with file and line, never with what it says: %s', async (_, text, lines) => {
  const folder = aFolder({ '.env': text })
  const { code, stderr } = await aRun(folder, ['check'])
  expect(code).toBe(0)
  expect([...stderr.matchAll(/^\.env:(\d+): warning: /gm)].map(match => Number(match[1]))).toEqual(lines)
  expect(stderr).not.toContain('secret')
  expect((await aRun(folder, ['check', '--quiet'])).stderr).toBe('')
})

test('no space, comment, mark or broken line of .env hides a value', () => {
  const text =
    '\ufeff\tA\t=\t\'x\'\n  # z\nB=2\n   \nnonsense\nexport\tC=3\nD="a\n  # b\n"\n  E = it\'s # e\nF=\nG="g'
  const values = readEnvFile(aFolder({ '.env': text }), () => {})
  expect(values).toEqual({ A: 'x', B: '2', C: '3', D: 'a\n  # b\n', E: "it's", F: '', G: '"g' })
})

test('--version is the version of the package', async () => {
  expect((await aRun('/', ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('an error begins where a bar may stand on a terminal, and with no such sign elsewhere', async () => {
  const error = 'broadsheet: --now x is not a time\n  Write it as ISO 8601: --now 2026-01-30T07:00+05:30\n'
  const argv = ['build', '--now', 'x']
  expect((await aRun(aFolder(), argv, { terminal: true })).stderr).toBe(`\r\u001b[K${error}`)
  expect((await aRun(aFolder(), argv)).stderr).toBe(error)
})

test('each command is a file that runs and a row of the table', async () => {
  for (const { load } of commands) expect(typeof (await load()).run).toBe('function')
  const folder = new URL('../src/commands/', import.meta.url)
  const running = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    name =>
      name.endsWith('.ts') &&
      /^export (async )?function run\(/m.test(readFileSync(new URL(name, folder), 'utf8')),
  )
  const names = running.map(name => name.replace(/(\/index)?\.ts$/, ''))
  expect(names.sort()).toEqual(commands.map(({ name }) => name).sort())
})
