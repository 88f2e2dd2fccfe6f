// Two builds at once do not mix, one that was killed at any moment blocks nobody, and what it left half-made is gone.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BuildCache } from '../../src/publish/cache/build-cache.ts'
import { takeSnapshot } from '../../src/publish/cache/folder-snapshot.ts'
import {
  claimTo,
  createLock,
  type Holder,
  lastLock,
  lockOutput,
  removeDead,
  thisProcess,
} from '../../src/publish/output/lock-output.ts'
import { aFolder } from '../a-folder.ts'
import { aRun } from '../a-run.ts'
import { THOROUGH } from '../thorough.ts'
import { outTree } from './out-tree.ts'

/** Every so many changes of a file a build is killed. */
const STEP = THOROUGH ? 1 : 7

/** As it is installed: it starts in a third of the time that its single files take. */
const installed = new URL('../../dist/cli.js', import.meta.url).pathname

const now = '2026-02-01T00:00Z'
const article = (n: number, text: string) =>
  `---\ntitle: Article ${n}\ndate: 2026-01-${String((n % 28) + 1).padStart(2, '0')}\ntags: [t${n % 5}]\n---\n\n${text}\n`
const articles = (text: string) =>
  Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`articles/a-${n}.md`, article(n, `${text} ${n}`)]))

const program = (
  folder: string,
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): ChildProcess => {
  const argv = [...flags, installed, 'build', '--dir', folder, '--now', now]
  return spawn(process.execPath, argv, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
}
const ended = (child: ChildProcess) =>
  new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))

/** @param call before which a build is killed, from 1 @returns null when it made fewer */
async function killedAt(folder: string, call: number, by: NodeJS.Signals = 'SIGKILL') {
  const preload = ['--import', new URL('kill-at.mjs', import.meta.url).href]
  const child = program(folder, preload, { KILL_AT: String(call), KILL_BY: by })
  child.stderr?.resume()
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

/** Every file, and every folder that holds one; without what the program keeps for the next. */
function listing(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return entries.filter(path => !path.endsWith('build/clock')).sort()
}

/** The path without numbers and ids. */
function nameless(path: string): string {
  return path
    .replace(/-new-[0-9a-f-]{36}$/, '-new')
    .replace(/-[0-9a-f]{32}(?=-new$|$)/, '-claim')
    .replace(/\d+/, '')
}

async function expectLikeAfresh(folder: string, text: string) {
  const clean = aFolder(articles(text))
  expect((await aRun(clean, ['build', '--now', now])).code).toBe(0)
  expect(outTree(folder)).toEqual(outTree(clean))
}

const options = { signal: new AbortController().signal, say() {} }
const lockOf = (folder: string) => join(folder, 'out/.broadsheet-lock')
const mkdir = (path: string) => {
  mkdirSync(path)
  return path
}
const lay = (folder: string, lock: object | string) => {
  mkdirSync(join(folder, 'out'), { recursive: true })
  writeFileSync(lockOf(folder), typeof lock === 'string' ? lock : JSON.stringify(lock))
}

test('the second waits, says for whom, and then builds what is there now', async () => {
  const folder = aFolder(articles('Before'))
  const lock = await lockOutput(join(folder, 'out'), options)
  const second = program(folder)
  const said = await new Promise(resolve => second.stderr!.setEncoding('utf8').once('data', resolve))
  expect(said).toContain(`process ${process.pid} on ${hostname()}`)
  expect(readdirSync(join(folder, 'out'))).toEqual(['.broadsheet-lock'])
  for (const [path, text] of Object.entries(articles('After'))) writeFileSync(join(folder, path), text)
  lock.release()
  expect(await ended(second)).toBe(0)
  await expectLikeAfresh(folder, 'After')
})

test('five at once, in processes of their own: all end well, and out/ is as one makes it', async () => {
  const folder = aFolder(articles('Text'))
  const codes = await Promise.all(Array.from({ length: 5 }, () => ended(program(folder))))
  expect(codes).toEqual([0, 0, 0, 0, 0])
  await expectLikeAfresh(folder, 'Text')
})

/** @returns the exit code of a build that is interrupted once it says that it waits for another */
async function interruptedWhileWaiting(folder: string): Promise<number> {
  const stop = new AbortController()
  const onStderr = (text: string) => {
    if (text.includes('waiting for it to end')) stop.abort()
  }
  return (await aRun(folder, ['build'], { signal: stop.signal, onStderr })).code
}

test('interrupted while it waits: exit 130, and the lock is still the other’s', async () => {
  const folder = aFolder(articles('Text'))
  const lock = await lockOutput(join(folder, 'out'), options)
  expect(await interruptedWhileWaiting(folder)).toBe(130)
  expect(existsSync(lockOf(folder))).toBe(true)
  lock.release()
})

const dead: Holder = { ...thisProcess(), id: 'dead', pid: 4_194_303, started: '1' }

test.each<[string, Partial<Holder>]>([
  ['a process that is no more', {}],
  ['a number that another process has now', { pid: 1, started: 'before' }],
  ['this very number, from before', { pid: process.pid, started: '' }],
])('a lock left by %s is taken away, with its half-written files', async (_, about) => {
  // Elsewhere a number that is in use again is believed until it has been silent for two minutes.
  if (about.pid === 1 && !existsSync('/proc/self/stat')) return
  const folder = aFolder(articles('Text'))
  expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  const holder = { ...dead, ...about }
  lay(folder, holder)
  for (const place of ['', 'tags/t1/'])
    for (const thread of ['', '-2'])
      writeFileSync(join(folder, `out/${place}.${holder.pid}${thread}.broadsheet-half`), 'half')
  writeFileSync(join(folder, 'articles/new.md'), article(28, 'New'))
  const { code, stderr } = await aRun(folder, ['build', '--now', now])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const clean = aFolder({ ...articles('Text'), 'articles/new.md': article(28, 'New') })
  await aRun(clean, ['build', '--now', now])
  expect(outTree(folder)).toEqual(outTree(clean))
})

test.each<[string, Partial<Holder>]>([
  ['in another container of the same name', { pid: process.pid, space: 'pid:[1]' }],
  ['on another machine', { pid: 1, host: 'elsewhere' }],
])('a holder %s is waited for', async (_, about) => {
  const folder = aFolder(articles('Text'))
  lay(folder, { ...dead, ...about })
  expect(await interruptedWhileWaiting(folder)).toBe(130)
  expect(existsSync(lockOf(folder))).toBe(true)
})

test('who comes late to a dead lock takes nobody’s away, nor does who dies over it', async () => {
  const folder = aFolder()
  const out = join(folder, 'out')
  lay(folder, dead)
  const late = lastLock(lockOf(folder))!
  // It died with the claim in its hand.
  writeFileSync(claimTo(late), JSON.stringify(dead))
  const lock = await lockOutput(out, options)
  removeDead(late, () => {
    throw new Error('cleared what another is writing')
  })
  expect(() => lock.keep()).not.toThrow()
  expect(readdirSync(out)).toEqual(['.broadsheet-lock'])
  rmSync(lockOf(folder))
  const other = await lockOutput(out, options)
  expect(() => lock.keep()).toThrow('taken over by another build')
  lock.release()
  expect(() => other.keep()).not.toThrow()
  other.release()
})

test.each([
  ['a folder', (path: string) => mkdirSync(path)],
  ['a link to nowhere', (path: string) => symlinkSync('nowhere', path)],
])('%s in the place of the lock is told of', async (_, make) => {
  const folder = aFolder(articles('Text'))
  mkdirSync(join(folder, 'out'))
  make(lockOf(folder))
  const { code, stderr } = await aRun(folder, ['build'])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('.broadsheet-lock is not a file'),
  })
})

test('built by another between the first look and the lock: looked at again', async () => {
  const folder = aFolder(articles('Text'))
  await aRun(folder, ['build', '--now', now])
  const cache = new BuildCache(folder)
  cache.unchangedReport(takeSnapshot(folder), Date.parse(now))
  expect(cache.isOvertaken()).toBe(false)
  writeFileSync(join(folder, 'articles/new.md'), article(28, 'New'))
  await aRun(folder, ['build', '--now', now])
  expect(cache.isOvertaken()).toBe(true)
})

test.each([
  ['is a file', (build: string) => writeFileSync(build, '')],
  ['holds what a killed build left', (build: string) => writeFileSync(join(mkdir(build), 'x.1.half'), '')],
])('where the cache would be %s: builds all the same, and leaves no half', async (_, make) => {
  const folder = aFolder(articles('Text'))
  const build = join(folder, '.broadsheet/build')
  mkdirSync(join(folder, '.broadsheet'))
  make(build)
  for (const text of ['Text', 'Other']) {
    writeFileSync(join(folder, 'articles/a-27.md'), article(27, text))
    expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  }
  expect(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.half')),
  ).toEqual([])
})

test('a lock that says nothing, left by a crash of the machine, is taken over after a while', async () => {
  const folder = aFolder(articles('Text'))
  lay(folder, '')
  expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  await expectLikeAfresh(folder, 'Text')
})

test('killed before any change of a file: the next build makes what a first one makes, and nothing is left', async () => {
  const one = { 'articles/a.md': '---\ntitle: Article\ndate: 2026-01-01\n---\n\nText\n' }
  const clean = aFolder(one)
  await aRun(clean, ['build', '--now', now])
  const [out, files] = [outTree(clean), listing(clean)]
  const folder = aFolder(one)
  const left = new Set<string>()
  const look = () => {
    for (const file of listing(folder)) if (!files.includes(file)) left.add(nameless(file))
  }
  // Over what one has left that died with the lock, however many of the next die of it.
  for (let call = 1; !existsSync(lockOf(folder)); call++) await killedAt(folder, call)
  for (let call = 1; call <= 12; call++) {
    await killedAt(folder, call)
    look()
  }
  for (let call = 1; (await killedAt(folder, call)) === 'SIGKILL'; call += STEP) {
    // One more is killed over what this one left.
    if (THOROUGH && call % 2 === 0) await killedAt(folder, 1 + ((call / 2) % 12))
    look()
    expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
    expect(outTree(folder)).toEqual(out)
    expect(listing(folder)).toEqual(files)
    for (const made of ['out', '.broadsheet']) rmSync(join(folder, made), { recursive: true })
  }
  // And at an edit, over what a build left.
  await aRun(folder, ['build', '--now', now])
  for (let call = 1; ; call += STEP) {
    appendFileSync(join(folder, 'articles/a.md'), 'x')
    if ((await killedAt(folder, call)) !== 'SIGKILL') break
    expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
    expect(listing(folder)).toEqual(files)
  }
  const edited = aFolder({ 'articles/a.md': readFileSync(join(folder, 'articles/a.md')) })
  await aRun(edited, ['build', '--now', now])
  expect(outTree(folder)).toEqual(outTree(edited))
  // They were killed where it matters.
  expect([...left]).toEqual(
    expect.arrayContaining([
      'out/.broadsheet-lock',
      'out/.broadsheet-lock-new',
      'out/.broadsheet-lock-claim',
      'out/.broadsheet-lock-claim-new',
      ...(THOROUGH ? ['out/..broadsheet-half', '.broadsheet/build/state..half'] : []),
    ]),
  )
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a build at once, wherever it is', async signal => {
  const folder = aFolder(articles('Text'))
  expect(await killedAt(folder, 12, signal)).toBe(signal)
  expect(existsSync(lockOf(folder))).toBe(true)
  expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  await expectLikeAfresh(folder, 'Text')
})

test('the disk is full: the old files stand whole, and the next build goes on from there', async () => {
  if (!existsSync('/dev/full')) return // Linux only.
  const folder = aFolder(articles('Before'))
  await aRun(folder, ['build', '--now', now])
  const before = outTree(folder)
  writeFileSync(join(folder, 'articles/a-27.md'), article(27, 'After'))
  symlinkSync('/dev/full', join(folder, `out/.${process.pid}.broadsheet-half`))
  const { code, stderr } = await aRun(folder, ['build', '--now', now])
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('the disk is full') })
  expect(outTree(folder)).toEqual(before)
  rmSync(join(folder, `out/.${process.pid}.broadsheet-half`), { force: true })
  expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  expect(readFileSync(join(folder, 'out/rss.xml'), 'utf8')).toContain('After')
})

test('a folder that cannot be written but for out/ builds, without a cache', async () => {
  const folder = aFolder(articles('Text'))
  // Where the cache would be stands something else.
  writeFileSync(join(folder, '.broadsheet'), 'in the way')
  expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  expect((await aRun(folder, ['build', '--now', now])).code).toBe(0)
  await expectLikeAfresh(folder, 'Text')
})

test('out/ taken away between two steps of a lock is made again', async () => {
  const out = join(aFolder(), 'out')
  const fight = async () => {
    for (let round = 0; round < 200; round++) (await lockOutput(out, options)).release()
  }
  await Promise.all([fight(), fight(), fight()])
  expect(existsSync(out)).toBe(false)
  // Nobody is in the way of one that takes the place of the folder itself.
  expect(createLock(join(out, 'nowhere'), 'text')).toBeUndefined()
})

test('what cannot be cleared leaves no claim, and is told as it is', async () => {
  const folder = aFolder(articles('Text'))
  lay(folder, dead)
  mkdirSync(join(folder, 'out/.broadsheet'))
  for (let turn = 0; turn < 2; turn++) {
    const { code, stderr } = await aRun(folder, ['build'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Delete out/') })
  }
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['.broadsheet', '.broadsheet-lock'])
})
