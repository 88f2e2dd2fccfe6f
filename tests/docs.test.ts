// The documents are in step with the program: generated parts are what the tables say, links lead somewhere, the
// specifications are those that the code cites. UPDATE_GOLDEN=1 rewrites the generated parts.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { commands, commonOptions } from '../src/commands/command-table.ts'
import { VARIABLES } from '../src/commands/context.ts'
import { transports } from '../src/deliver/transports/open-transport.ts'

const root = new URL('../', import.meta.url).pathname
const read = (file: string) => readFileSync(join(root, file), 'utf8')

function generated(file: string, name: string, text: string): void {
  const before = read(file)
  const region = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`)
  expect(before).toMatch(region)
  const after = before.replace(region, (_, open: string, close: string) => `${open}${text}${close}`)
  if (process.env.UPDATE_GOLDEN) writeFileSync(join(root, file), after)
  else expect(before).toBe(after)
}

const cell = (text: string) => text.replace(/\|/g, '\\|')
/** The same outside of code, where `<file>` would be taken for an HTML tag and not be shown. */
const words = (text: string) => cell(text).replaceAll('<', '&lt;')

test('the command reference is the command table', () => {
  const rows = commands.map(command => {
    const options = command.options
      .map(({ flags, summary }) => `<br>\`${cell(flags)}\` ${words(summary)}`)
      .join('')
    return `| \`${cell(`${command.name} ${command.args}`.trim())}\` | ${words(command.summary)}${options} |\n`
  })
  const common = commonOptions.map(({ flags, summary }) => `\`${flags}\` ${summary}`).join('; ')
  generated(
    'docs/reference/commands.md',
    'commands',
    `| command | does |\n| --- | --- |\n${rows.join('')}\nEvery command: ${common}.\n`,
  )
})

test('the environment reference is every variable that is read', () => {
  const rows = Object.entries(VARIABLES).map(([name, summary]) => `| \`${name}\` | ${cell(summary)} |\n`)
  generated(
    'docs/reference/environment.md',
    'variables',
    `| variable | meaning |\n| --- | --- |\n${rows.join('')}`,
  )
  const code = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => read(`src/${name}`))
  const used = new Set(code.flatMap(text => text.match(/\benv\.BROADSHEET_\w+/g) ?? []))
  for (const name of used) expect(VARIABLES).toHaveProperty(name.slice('env.'.length))
})

test('the ways that mail goes out are the table of transports', () => {
  const rows = transports.map(({ example, summary }) => `| \`${cell(example)}\` | ${cell(summary)} |\n`)
  generated(
    'docs/reference/environment.md',
    'transports',
    `| address | mail goes through |\n| --- | --- |\n${rows.join('')}`,
  )
})

interface Schema {
  description?: string
  type?: string
  default?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

test('the settings reference is the schema', () => {
  const schema: Schema = JSON.parse(readFileSync(join(root, 'publication.schema.json'), 'utf8'))
  const rows: string[] = []
  const walk = (properties: Record<string, Schema>, prefix: string) => {
    for (const [key, value] of Object.entries(properties)) {
      // A group without words of its own is told by its members.
      if (value.description === undefined)
        expect(
          value.properties ?? value.items?.properties,
          `${prefix}${key} has no description`,
        ).toBeDefined()
      else {
        const fallback = value.default === undefined ? '' : `\`${cell(JSON.stringify(value.default))}\``
        rows.push(`| \`${prefix}${key}\` | ${cell(value.description)} | ${fallback} |\n`)
      }
      if (value.properties) walk(value.properties, `${prefix}${key}.`)
      if (value.items?.properties) walk(value.items.properties, `${prefix}${key}[].`)
    }
  }
  walk(schema.properties ?? {}, '')
  generated(
    'docs/reference/settings.md',
    'settings',
    `| setting | meaning | default |\n| --- | --- | --- |\n${rows.join('')}`,
  )
})

test('every specification that the code cites has a row and a status in the table', () => {
  const files = ['src', 'templates'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name =>
      join(root, folder, name),
    ),
  )
  const cited = files
    .filter(file => /\.(ts|hbs|css)$/.test(file))
    .flatMap(file => readFileSync(file, 'utf8').match(/\bRFC \d+/g) ?? [])
  const table =
    read('docs/reference/specifications.md')
      .match(/^\| .*\| (Yes|Partial|No) \|/gm)
      ?.join('\n') ?? ''
  const missing = [...new Set(cited)].filter(name => !new RegExp(`${name}\\b`).test(table)).sort()
  expect(missing).toEqual([])
})

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
)

test('every link of a document leads to a file that is there, and every page is reached from the README', () => {
  const reached = new Set<string>()
  for (const page of pages) {
    const links = [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(
      match => match[1]!,
    )
    for (const link of links) {
      const target = join(dirname(page), link)
      expect(existsSync(join(root, target)), `${page}: ${link}`).toBe(true)
      reached.add(target)
    }
  }
  expect(pages.filter(page => page !== 'README.md' && !reached.has(page))).toEqual([])
})

test('the README is short', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(130)
})

test('every command has an example that names it, and a summary', () => {
  for (const { name, example, summary } of commands) {
    expect(example).toMatch(new RegExp(`^broadsheet ${name}\\b`))
    expect(summary.length).toBeGreaterThan(10)
  }
})

test('the changelog speaks of the version in package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(`## ${version}`)
})
