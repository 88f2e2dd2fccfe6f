// The bundle: it starts wherever the package lies and writes nothing into it; every package beside it is found.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import module, { builtinModules, createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compiledAhead, compilerOptions, parsedAhead } from '../src/templates/handlebars.ts'
import { markOrigins } from '../src/templates/open-templates.ts'

const root = new URL('../', import.meta.url).pathname
const dist = new URL('../dist/', import.meta.url)

function inScratch(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bundle-'))
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const listed = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

function version(cli: string, cache: string): string {
  const env = { ...process.env, NODE_COMPILE_CACHE: cache }
  const { status, stdout, stderr } = spawnSync('node', [cli, '--version'], { encoding: 'utf8', env })
  expect([status, stderr]).toEqual([0, ''])
  return stdout.trim()
}

test('a start writes nothing into the package, and what was compiled where it is told to', () => {
  inScratch(folder => {
    for (const name of ['dist/cli.js', 'dist/program', 'package.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const before = listed(join(folder, 'dist'))
    const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const cache = join(folder, 'compiled')
    expect(version(join(folder, 'dist/program/cli.js'), cache)).toBe(own)
    expect(version(join(folder, 'dist/cli.js'), cache)).toBe(own)
    expect(listed(join(folder, 'dist'))).toEqual(before)
    // Node 20 keeps nothing.
    if ('enableCompileCache' in module) expect(listed(cache).length).toBeGreaterThan(2)
  })
})

test('what goes wrong once another program lies in its place is no bug', () => {
  inScratch(folder => {
    for (const name of ['dist/program', 'package.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true })
    const program = join(folder, 'dist/program')
    const code = `const { rmSync } = require('node:fs')
process.argv = ['node', 'broadsheet', 'build', '--dir', ${JSON.stringify(folder)}]
require(${JSON.stringify(join(program, 'main.js'))})
rmSync(${JSON.stringify(program)}, { recursive: true })`
    const { status, stderr } = spawnSync('node', ['-e', code], { encoding: 'utf8' })
    expect(stderr).toMatch(/^broadsheet: another Broadsheet was installed .*\(Cannot find module/)
    expect(status).toBe(2)
  })
})

test('where nothing that was compiled can be kept, the program starts all the same', () => {
  inScratch(folder => {
    const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const file = join(folder, 'a-file')
    cpSync(join(root, 'package.json'), file)
    expect(version(join(root, 'dist/program/cli.js'), join(file, 'compiled'))).toBe(own)
  })
})

test('every package that the bundle leaves apart is required without a word', () => {
  const program = new URL('program/', dist).pathname
  const scripts = readdirSync(program).filter(name => name.endsWith('.js'))
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
  expect(started.sort()).toEqual(['making-thread', 'sending-thread'])
  for (const name of started) {
    expect(statSync(new URL(`program/${name}.js`, dist)).size).toBeGreaterThan(100)
  }
})

test('MJML out of the bundle makes of a letter what the package makes of it', async () => {
  const require = createRequire(import.meta.url)
  const compile = [require('mjml'), require(new URL('program/mjml.js', dist).pathname)]
  const mjml = `<mjml><mj-head><mj-style>.a { color: red }</mj-style><mj-style inline="inline">.b p { color: blue }</mj-style>
<mj-html-attributes><mj-selector path=".b div"><mj-html-attribute name="data-of">a test</mj-html-attribute></mj-selector>
</mj-html-attributes></mj-head><mj-body><mj-hero><mj-text css-class="b"><p>One &amp; two</p></mj-text></mj-hero>
<mj-section><mj-column><mj-button href="https://a.example/">Go</mj-button><mj-table><tr><td>1</td></tr></mj-table></mj-column></mj-section></mj-body></mjml>`
  const [made, bundled] = await Promise.all(
    compile.map(mjml2html => mjml2html(mjml, { validationLevel: 'strict', keepComments: false })),
  )
  expect(made.html).toContain('data-of="a test"')
  expect(made.html).toContain('color: blue')
  expect(bundled.html).toBe(made.html)
  await expect(
    compile[1]('<mjml><mj-body><mj-no /></mj-body></mjml>', { validationLevel: 'strict' }),
  ).rejects.toThrow('mj-no')
})

test('no package of the bundle is without its licence', () => {
  const text = readFileSync(new URL('program/LICENCES.txt', dist), 'utf8')
  const parts = text.split(`\n${'-'.repeat(72)}\n\n`)
  expect(parts.map(part => part.split(' ')[0])).toContain('markdown-it')
  expect(parts.filter(part => part.length < 500)).toEqual([])
})

test('every template and catalogue of the package was made ahead', () => {
  const templates = new URL('../templates/', import.meta.url).pathname
  const names = readdirSync(templates, { recursive: true, encoding: 'utf8' }).map(name =>
    name.replaceAll('\\', '/'),
  )
  const folder = new URL('program/ahead/', dist).pathname
  const missing = names.filter(name => {
    const text = () => markOrigins(readFileSync(join(templates, name), 'utf8'), name)
    if (/^strings.\w+\.yaml$/.test(name)) return !parsedAhead(text(), folder)
    return name.endsWith('.hbs') && !compiledAhead(text(), compilerOptions(name), folder)
  })
  expect(names.length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})
