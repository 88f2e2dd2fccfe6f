// The bundle: what V8 made of a script is kept and believed only for that very script; every package beside it is found.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const dist = new URL('../dist/', import.meta.url)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-bundle-'))
  writeFileSync(
    join(folder, 'main.cjs'),
    "console.log(require('./twice.cjs').twice(21), typeof require('zod').z)\n",
  )
  writeFileSync(join(folder, 'twice.cjs'), 'exports.twice = n => n * 2\n')
  const open = `openBundle(new URL('file://${folder}/'), 'main.cjs')`
  writeFileSync(
    join(folder, 'open.mjs'),
    `import { openBundle } from ${JSON.stringify(new URL('open-bundle.js', dist).href)}\n${open}\n`,
  )
  mkdirSync(join(folder, 'node_modules/zod'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/zod/index.js'), 'exports.z = {}\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (...flags: string[]) =>
  execFileSync('node', [...flags, join(folder, 'open.mjs')], { encoding: 'utf8' }).trim()
const compiled = () => readdirSync(folder).filter(name => /\.cjs\./.test(name))
const stamps = () => compiled().map(name => statSync(join(folder, name)).mtimeMs)

test('a script and what it requires is compiled once', () => {
  expect(open()).toBe('42 object')
  expect(compiled().map(name => name.replace(/[^.]*$/, ''))).toEqual(['main.cjs.', 'twice.cjs.'])
  const before = stamps()
  expect(open()).toBe('42 object')
  expect(stamps()).toEqual(before)
})

test('a script that changed is compiled anew, though it is as long as before', () => {
  open()
  writeFileSync(join(folder, 'twice.cjs'), 'exports.twice = n => n * 3\n')
  expect(open()).toBe('63 object')
  expect(open()).toBe('63 object')
})

test.each(['one bit is wrong', 'the end is missing', 'it is empty', 'it is of another script'])(
  'what is kept is not believed when %s',
  damage => {
    open()
    const [main, twice] = compiled().map(name => join(folder, name))
    const bytes = readFileSync(twice!)
    if (damage === 'one bit is wrong') bytes[bytes.length - 9]! ^= 1
    const left = {
      'the end is missing': bytes.subarray(0, -8),
      'it is empty': '',
      'it is of another script': readFileSync(main!),
    }
    writeFileSync(twice!, left[damage as keyof typeof left] ?? bytes)
    const damaged = readFileSync(twice!)
    expect(open()).toBe('42 object')
    expect(readFileSync(twice!)).not.toEqual(damaged)
    expect(compiled()).toHaveLength(2)
  },
)

test('other flags of V8 have code of their own', () => {
  open()
  expect(open('--no-opt')).toBe('42 object')
  expect(compiled()).toHaveLength(4)
})

test('where it cannot be kept, the program runs all the same and leaves nothing', () => {
  open()
  for (const name of compiled()) {
    rmSync(join(folder, name))
    mkdirSync(join(folder, name, 'in the way'), { recursive: true })
  }
  const before = readdirSync(folder)
  expect(open()).toBe('42 object')
  expect(readdirSync(folder)).toEqual(before)
})

test('every package that the bundle leaves apart is required without a word', () => {
  const program = new URL('program/', dist).pathname
  const scripts = readdirSync(program).filter(name => name.endsWith('.cjs'))
  const required = scripts.flatMap(name =>
    [...readFileSync(join(program, name), 'utf8').matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(
      match => match[1]!,
    ),
  )
  const packages = [...new Set(required)].filter(
    id => !id.startsWith('node:') && !builtinModules.includes(id),
  )
  expect(packages).toContain('libsql')
  const code = `const require = process.getBuiltinModule('node:module').createRequire(${JSON.stringify(program)})
for (const id of ${JSON.stringify(packages)}) require(id)`
  const { status, stderr } = spawnSync('node', ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})

test('every thread that a file starts is beside the bundle', () => {
  const src = new URL('../src/', import.meta.url).pathname
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  const started = files.flatMap(name =>
    [
      ...readFileSync(join(src, name), 'utf8').matchAll(/new URL\('\.\/([\w-]+)\.js', import\.meta\.url\)/g),
    ].map(match => match[1]!),
  )
  expect(started.sort()).toEqual(['contents-thread', 'reading-thread', 'sending-thread'])
  for (const name of started) {
    const text = readFileSync(new URL(`program/${name}.js`, dist), 'utf8')
    expect(text).toContain(`'${name}.cjs'`)
    expect(statSync(new URL(`program/${name}.cjs`, dist)).size).toBeGreaterThan(100)
  }
})

test('no package of the bundle is without its licence', () => {
  const text = readFileSync(new URL('program/LICENCES.txt', dist), 'utf8')
  const parts = text.split(`\n${'-'.repeat(72)}\n\n`)
  expect(parts.map(part => part.split(' ')[0])).toContain('markdown-it')
  expect(parts.filter(part => part.length < 500)).toEqual([])
})
