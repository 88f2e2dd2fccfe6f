// The documents are in step with the program: generated parts are what the tables say, links lead somewhere, the
// specifications are those that the code cites. UPDATE_GOLDEN=1 rewrites the generated parts.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import yaml from 'js-yaml'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { commands, commonOptions } from '../src/commands/command-table.ts'
import { VARIABLES } from '../src/commands/context.ts'
import { groups } from '../src/commands/doctor/index.ts'
import { type Field, MEANINGS, type Shape, SPELLINGS } from '../src/content/articles/spellings.ts'
import { openPublication } from '../src/content/index.ts'
import { transports } from '../src/deliver/open-transport.ts'
import { LETTER_DATA } from '../src/letter/letter-data.ts'
import { HELPERS } from '../src/templates/languages.ts'
import { ARTICLE, EDITION, PUBLICATION } from '../src/templates/shapes.ts'
import { listTemplates } from '../src/templates/template-files.ts'
import { aFolder } from './a-folder.ts'
import { aRun } from './a-run.ts'

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

test('the list of checks is the table of `doctor`', () => {
  const lists = groups.map(({ title, checks }) => {
    const rows = checks.map(({ name, why }) => `| \`${name}\` | ${words(why)} |\n`)
    return `### ${title}\n\n| check | why |\n| --- | --- |\n${rows.join('')}`
  })
  generated('docs/guides/doctor.md', 'checks', lists.join('\n'))
  const names = groups.flatMap(({ checks }) => checks.map(({ name }) => name))
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(40)
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

const shapes: Readonly<Record<Shape, object>> = {
  text: { type: ['string', 'number', 'null'] },
  date: { type: ['string', 'number', 'null'] },
  flag: { type: ['boolean', 'string', 'number', 'null'] },
  list: { type: ['array', 'string', 'null'], items: { type: ['string', 'number', 'object', 'null'] } },
  people: { type: ['array', 'string', 'object', 'null'], items: { type: ['string', 'object'] } },
  picture: { type: ['string', 'object', 'array', 'null'] },
  sound: { type: ['string', 'object', 'null'] },
  withdrawal: { type: ['boolean', 'string', 'object', 'null'] },
}

test('the reference and the schema of front matter are the table of its fields', () => {
  const fields = Object.entries(SPELLINGS) as [Field, readonly string[]][]
  const rows = fields.map(([field, names]) => {
    const others = names.filter(name => name !== field).map(name => `\`${name}\``)
    const { means, example } = MEANINGS[field]
    return `| \`${field}\` | ${words(means)} | \`${cell(example)}\` | ${others.join(', ')} |\n`
  })
  generated(
    'docs/reference/front-matter.md',
    'fields',
    `| field | meaning | example | also read from |\n| --- | --- | --- | --- |\n${rows.join('')}`,
  )
  const properties = fields.flatMap(([field, names]) =>
    [...new Set([field, ...names])].map(name => {
      const { shape, means, example } = MEANINGS[field]
      const description = name === field ? means : `The same as ${field}: ${means}`
      return [name, { description, examples: [yaml.load(example)?.[field]], ...shapes[shape] }] as const
    }),
  )
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Front matter of an article',
    type: 'object',
    properties: Object.fromEntries(properties.map(([name, value]) => [name, value])),
    required: ['title'],
  }
  const file = join(root, 'article.schema.json')
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(file, JSON.stringify(schema))
    execFileSync('npx', ['biome', 'format', '--write', file])
  }
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
})

test('every example of front matter is read without a problem', async () => {
  const articles = Object.values(MEANINGS).map(({ example }, at) => {
    const title = example.startsWith('title:') ? '' : `title: Title ${at}\n`
    const date = example.startsWith('date:') ? '' : 'date: 2026-01-30\n'
    return [`articles/a${at}.md`, `---\n${title}${date}${example}\n---\n\nText.\n`] as const
  })
  const folder = aFolder({
    'articles/publication.yaml':
      'title: The Test\nurl: https://meridian.example/\nsections: { business: Business }\n',
    'articles/authors/business-desk.md': '---\nname: The Business Desk\n---\n',
    'articles/images/tea.jpg': '',
    'articles/audio/tea.mp3': '',
    ...Object.fromEntries(articles),
  })
  const { diagnostics } = await openPublication(folder, { now: Date.parse('2026-02-10T00:00:00Z') })
  expect(diagnostics.filter(({ file }) => /a\d+\.md$/.test(file))).toEqual([])
})

test('the reference of templates is what the checker and the letter know', () => {
  const page = 'docs/reference/templates.md'
  const table = (names: Readonly<Record<string, string>>) =>
    `| name | meaning |\n| --- | --- |\n${Object.entries(names)
      .map(([name, meaning]) => `| \`${name}\` | ${words(meaning)} |\n`)
      .join('')}`
  generated(page, 'helpers', table(HELPERS))
  generated(
    page,
    'letter',
    LETTER_DATA.map(({ title, names }) => `### ${title}\n\n${table(names)}`).join('\n'),
  )
  const nouns = Object.entries({ publication: PUBLICATION, article: ARTICLE, edition: EDITION })
  generated(
    page,
    'nouns',
    nouns.map(([noun, shape]) => `- \`${noun}\`: ${Object.keys(shape).join(', ')}\n`).join(''),
  )
  const names = listTemplates(join(root, 'none')).map(({ name }) => name)
  generated(page, 'templates', names.map(name => `- [\`${name}\`](../../templates/${name})\n`).join(''))
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
    // What stands in code is an example.
    const prose = read(page).replace(/^(`{3,})[\s\S]*?^\1$|`[^`\n]+`/gm, '')
    const links = [...prose.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(match => match[1]!)
    for (const link of links) {
      const target = join(dirname(page), link)
      expect(existsSync(join(root, target)), `${page}: ${link}`).toBe(true)
      reached.add(target)
    }
  }
  expect(pages.filter(page => page !== 'README.md' && !reached.has(page))).toEqual([])
})

test('every file that the guide to writing shows is an article, or a note, that `check` has nothing to say about', async () => {
  const examples = [
    ...read('docs/guides/writing.md').matchAll(/^`(\S+)`[^\n]*:\n\n(`{3,})markdown\n([\s\S]*?)^\2$/gm),
  ]
  expect(examples.length).toBeGreaterThanOrEqual(7)
  const folder = aFolder({
    'articles/publication.yaml': `title: The Test
url: https://test.example/
timezone: Asia/Kolkata
address: 1 Test Lane, New Delhi
sections: { business: Business }
newsletters:
  - { id: weekly, title: The Weekly, every: week, on: friday, at: '07:00', from: The Test <news@test.example> }
`,
    ...Object.fromEntries(examples.map(([, file, , text]) => [file!, text!])),
  })
  for (const name of ['tea.jpg', 'ledger.png']) {
    mkdirSync(join(folder, 'articles/images'), { recursive: true })
    const picture = sharp({ create: { width: 1200, height: 800, channels: 3, background: '#286' } })
    await picture.toFile(join(folder, 'articles/images', name))
  }
  mkdirSync(join(folder, 'articles/audio'))
  cpSync(join(root, 'articles/audio/first-train-bell.mp3'), join(folder, 'articles/audio/episode-12.mp3'))
  const now = ['--now', '2026-01-30T12:00:00Z']
  const checked = await aRun(folder, ['check', '--json', ...now])
  expect(checked.json().filter(({ severity }: { severity: string }) => severity !== 'info')).toEqual([])
  const edition = await aRun(folder, ['edition', 'weekly/2026-W05', '--json', ...now])
  expect(edition.stdout).toContain('Tea, and who buys it')
})

test('every guide and reference begins with what one can do after reading it', () => {
  const begun = pages.filter(page => /^docs\/(?:guides|reference)\//.test(page))
  expect(begun.filter(page => !/^# .*\n\nAfter this page/.test(read(page)))).toEqual([])
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
