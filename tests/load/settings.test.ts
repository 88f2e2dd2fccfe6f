import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { loadPublication } from '../../src/load/index.ts'
import { settingsJsonSchema } from '../../src/load/settings-json-schema.ts'
import { aFolder } from '../a-folder.ts'
import { load, now } from './a-load.ts'

/** Lines of the message for wrong settings. */
function problems(settings: string): string[] {
  try {
    load({}, settings)
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).exit).toBe(2)
    return (error as UserError).message.split('\n')
  }
  return []
}

test('only title and url are required', () => {
  expect(load({}).publication).toMatchObject({
    title: 'The Test',
    url: 'https://test.example/',
    language: 'en',
    direction: 'ltr',
    timezone: 'UTC',
    accent: '#1f4e79',
    theme: {
      headings: 'serif',
      text: 'serif',
      labels: 'sans',
      masthead: 'center',
      ground: 'warm',
      corners: 'square',
    },
    sections: [],
    articles: { url: '/{section}/{year}/{slug}/', pages: true, idHost: 'test.example' },
    feeds: { items: 30, content: 'full', per: ['section', 'tag', 'author'], archive: false, hubs: [] },
    newsletters: [],
    mail: { connections: 5 },
  })
})

test('every setting of the contract is read', () => {
  const { publication } = load(
    { 'images/logo.png': 'x' },
    `tagline: World news
language: en_in
timezone: Asia/Kolkata
rights: © 2026 The Test
address: |
  12 Observatory Road
  New Delhi 110001
logo: images/logo.png
icon: https://cdn.example/icon.png
accent: '#FAC'
theme: { headings: slab, ground: cool }
social: [{ name: Instagram, url: https://instagram.example/test }]
sections: { world: World, business: Business }
articles: { url: '/{year}/{slug}', pages: false, id_host: old.example }
feeds: { items: 10, content: summary, per: [tag], archive: true, hubs: [https://hub.example/] }
podcast: { image: images/logo.png, category: News, explicit: false, owner: { name: Test, email: audio@test.example } }
newsletters:
  - id: weekly
    title: Weekly
    every: week
    on: Monday
    at: '07:30'
    from: The Test <news@test.example>
    reply_to: desk@test.example
    sections: [world]
    tags: [a]
    subject: '{{edition.lead.title}}'
    language: hi
    layout: compact
  - { id: monthly, every: month, on: 31, from: '"Test, The" <a@bücher.example>' }
service: https://letters.test.example/x
mail: { bounces: bounces@test.example, rate: 20, connections: 10, dkim: { domain: test.example, selector: s1 } }
`,
  )
  expect(publication).toMatchObject({
    language: 'en-IN',
    address: '12 Observatory Road, New Delhi 110001',
    logo: { file: 'images/logo.png', url: 'https://test.example/images/logo.png' },
    icon: { url: 'https://cdn.example/icon.png' },
    accent: '#ffaacc',
    theme: { headings: 'slab', text: 'serif', ground: 'cool' },
    sections: [
      { slug: 'world', title: 'World' },
      { slug: 'business', title: 'Business' },
    ],
    articles: { url: '/{year}/{slug}', pages: false, idHost: 'old.example' },
    feeds: { items: 10, content: 'summary', per: ['tag'], archive: true, hubs: ['https://hub.example/'] },
    podcast: { category: 'News', explicit: false, owner: { name: 'Test', email: 'audio@test.example' } },
    service: 'https://letters.test.example/x/',
    mail: {
      bounces: 'bounces@test.example',
      rate: 20,
      connections: 10,
      dkim: { domain: 'test.example', selector: 's1' },
    },
  })
  expect(publication.newsletters).toMatchObject([
    {
      id: 'weekly',
      on: 1,
      at: 450,
      from: { name: 'The Test', address: 'news@test.example' },
      replyTo: { name: '', address: 'desk@test.example' },
      language: 'hi',
      layout: 'compact',
    },
    {
      id: 'monthly',
      title: 'The Test',
      on: 31,
      at: 420,
      from: { name: 'Test, The', address: 'a@xn--bcher-kva.example' },
      language: 'en-IN',
      layout: 'auto',
    },
  ])
})

describe('what is wrong is told with line, offending text and an example', () => {
  const newsletter = (lines: string) => `newsletters:\n  - id: weekly\n    from: A <a@test.example>\n${lines}`
  test.each([
    [
      'timezone: Mars/Phobos',
      3,
      'timezone: "Mars/Phobos" is not an IANA time zone; for example: timezone: Asia/Kolkata',
    ],
    ['timezone: "+05:30"', 3, 'is not an IANA time zone'],
    ['language: "12"', 3, '"12" is not a BCP 47 language; for example: language: en-IN'],
    ['timezon: Asia/Kolkata', 3, 'unknown key, did you mean "timezone"?'],
    ['colour: red', 3, 'colour: unknown key; known are title, tagline'],
    ['feeds: { itmes: 3 }', 3, 'feeds.itmes: unknown key, did you mean "items"?'],
    ['feeds:\n  items: many', 4, 'feeds.items: "many" must be a number; for example: items: 30'],
    ['feeds:\n  items: 0', 4, 'feeds.items: 0 must be at least 1'],
    ['feeds:\n  content: some', 4, 'must be one of full, summary'],
    [
      'theme:\n  headings: comic',
      4,
      'theme.headings: "comic" must be one of serif, old-style, slab, sans, humanist; for example: headings: slab',
    ],
    ['theme: { font: sans }', 3, 'theme.font: unknown key; known are headings, text, labels'],
    ['theme: sans', 3, 'theme: "sans" must be'],
    ['accent: red', 3, `accent: "red" is not a colour`],
    ['sections: { "a b": X }', 3, 'may hold letters'],
    ['social:\n  - name: X\n    url: example.org', 5, 'social.1.url'],
    ['articles: { url: /x/ }', 3, 'hold {slug}'],
    ['articles: { url: "/{slug}/../" }', 3, 'hold {slug}'],
    ['service: ftp://x.example', 3, 'is not an http:// or https:// address'],
    ['mail: { rate: -1 }', 3, 'mail.rate'],
    ['mail: { bounces: "a@b.example\\r\\nBcc: x@y.example" }', 3, 'is not a mail address on one line'],
    [newsletter('    every: year'), 6, 'must be one of article, day, week, month'],
    [newsletter('    rate: fast'), 6, 'newsletters.0.rate: "fast" must be a number; for example: rate: 5'],
    [newsletter('    rate: 0'), 6, 'newsletters.0.rate'],
    [newsletter('    on: someday'), 6, '"someday" is not a day; for example: on: friday'],
    [newsletter('    at: "25:00"'), 6, 'is not a time of the day; for example: at: 07:00'],
    [newsletter('    subject: "a\\r\\nBcc: b"'), 6, 'must stand on one line'],
    [newsletter('    reply_to: "A\\nB <a@b.example>"'), 6, 'is not a mail address on one line'],
    [newsletter('    every: month\n    on: friday'), 7, 'is not a day of the month'],
    [newsletter('  - id: Weekly\n    from: a@b.example'), 6, 'is also the id of newsletter 1'],
    [`sections: { world: World }\n${newsletter('    sections: [wrold]')}`, 7, 'did you mean "world"?'],
    [
      'newsletters:\n  - id: x',
      4,
      'is missing; it must be text; for example: from: The Meridian <news@meridian.example>',
    ],
    ['x: [1', 3, 'not YAML'],
    ['tagline: a\ntagline: b', 4, 'not YAML'],
  ])('%s', (settings, line, message) => {
    const found = problems(settings)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message.replace('social.1.url', 'social.0.url'))
    expect(found[0]).toMatch(new RegExp(`^articles/publication\\.yaml:${line}: `))
  })

  test('all of it in one run, in the order of the file', () => {
    const found = problems('timezone: Mars/Phobos\nfeeds: { items: x, per: [moon] }\naccent: red\nbogus: 1\n')
    expect(found.map(text => text.split(':')[1])).toEqual(['3', '4', '4', '5', '6'])
  })

  test('a file that is empty lacks both', () => {
    expect(problems('').length).toBe(0)
    expect(() => load({ 'publication.yaml': '' })).toThrow(/title: is missing.*\n.*url: is missing/)
    expect(() => load({ 'publication.yaml': '- a' })).toThrow(UserError)
    expect(() => load({ 'publication.yaml': 'title: A\nurl: notaurl' })).toThrow(
      /publication.yaml:2: url: "notaurl"/,
    )
  })
})

test('aliases of aliases are refused', () => {
  const rows = 'bcdefgh'
    .split('')
    .map((key, at) => `${key}: &${key} [${Array(10).fill(`*${'abcdefg'[at]}`).join(',')}]`)
  expect(problems(`a: &a [1,2]\n${rows.join('\n')}`).length).toBeGreaterThan(0)
})

test('settings that cannot be read are an error that names the file', () => {
  const settings = 'articles/publication.yaml'
  const error = (dir: string) => expect(() => loadPublication(dir, { now }))
  error(aFolder({ [settings]: Buffer.from('title: Caf\xe9\n', 'latin1') })).toThrow(
    'articles/publication.yaml:1: is not UTF-8: byte 0xe9 at offset 10',
  )
  const folder = aFolder()
  rmSync(join(folder, settings))
  mkdirSync(join(folder, settings))
  error(folder).toThrow(/EISDIR/)
  const none = aFolder()
  rmSync(join(none, settings))
  error(none).toThrow(expect.objectContaining({ exit: 2, hint: expect.stringContaining('broadsheet init') }))
})

test('neither the settings nor articles/ may be a link out of the publication', () => {
  const outside = aFolder({ secret: 'password: x' })
  const dir = aFolder()
  rmSync(join(dir, 'articles/publication.yaml'))
  symlinkSync(join(outside, 'secret'), join(dir, 'articles/publication.yaml'))
  expect(() => loadPublication(dir, { now })).toThrow(
    'articles/publication.yaml: is a link out of the publication',
  )
  rmSync(join(dir, 'articles'), { recursive: true })
  symlinkSync(join(outside, 'articles'), join(dir, 'articles'))
  expect(() => loadPublication(dir, { now })).toThrow(/link out of the publication/)
})

test('publication.schema.json is what the schema says', () => {
  const file = fileURLToPath(new URL('../../publication.schema.json', import.meta.url))
  const right = settingsJsonSchema()
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(file, right)
    execFileSync('npx', ['biome', 'format', '--write', file])
  }
  // Parsed: the formatter breaks lines in its own way.
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(right))
})
