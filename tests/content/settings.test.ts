import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { channelCollisions } from '../../src/content/addresses/channels.ts'
import { loadPublication } from '../../src/content/load-publication.ts'
import { settingsSchema } from '../../src/content/settings/settings-schema.ts'
import { UserError } from '../../src/errors.ts'
import { aFolder } from '../a-folder.ts'
import { load, now, png } from './a-load.ts'

const article = '---\ntitle: A\ndate: 2026-01-30\n---\nText.'

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
    since: 2026-01-30
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
      since: Date.parse('2026-01-30T00:00+05:30'),
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
    ['theme: { font: sans }', 3, 'theme.font: unknown key, did you mean "fonts"?'],
    ['theme: sans', 3, 'theme: "sans" must be'],
    ['accent: red', 3, `accent: "red" is not a colour`],
    ['sections: { "a b": X }', 3, 'may contain letters'],
    ['social:\n  - name: X\n    url: example.org', 5, 'social.1.url'],
    ['articles: { url: /x/ }', 3, 'hold {slug}'],
    ['articles: { url: "/{slug}/../" }', 3, 'hold {slug}'],
    ['service: ftp://x.example', 3, 'is not an http:// or https:// address'],
    ['mail: { rate: -1 }', 3, 'mail.rate'],
    ['mail: { bounces: "a@b.example\\r\\nBcc: x@y.example" }', 3, 'is not a mail address on one line'],
    [newsletter('    every: year'), 6, 'must be one of article, day, week, month'],
    [newsletter('    rate: fast'), 6, 'newsletters.1.rate: "fast" must be a number; for example: rate: 5'],
    [newsletter('    rate: 0'), 6, 'newsletters.1.rate'],
    [newsletter('    on: someday'), 6, '"someday" is not a day; for example: on: friday'],
    [newsletter('    at: "25:00"'), 6, 'is not a time of the day; for example: at: 07:00'],
    [newsletter('    since: 2026-02-30'), 6, 'is not a day of the calendar; for example: since: 2026-01-30'],
    [newsletter('    since: last week'), 6, 'newsletters.1.since: "last week" is not a day of the calendar'],
    [newsletter('    subject: "a\\r\\nBcc: b"'), 6, 'must be on one line'],
    [newsletter('    reply_to: "A\\nB <a@b.example>"'), 6, 'is not a mail address on one line'],
    [newsletter('    every: month\n    on: friday'), 7, 'is not a day of the month'],
    [newsletter('  - id: Weekly\n    from: a@b.example'), 6, 'is also the id of newsletter 1'],
    [`sections: { world: World }\n${newsletter('    sections: [wrold]')}`, 7, 'did you mean "world"?'],
    [
      'newsletters:\n  - id: x',
      4,
      'is missing; it must be text; for example: from: The Meridian <news@meridian.example>',
    ],
    ['x: @', 3, 'not YAML: Plain value cannot start with reserved character @'],
    ['x: [1\ny: 2', 3, 'the bracket [ that opens here is not closed'],
    ['tagline: a\ntagline: b', 4, 'tagline: this key is here twice; keep one of the two'],
    ['tagline: "a\nrights: b\nlanguage: en', 3, 'the quotation mark " that opens here is not closed'],
    ['tagline: News: and more', 3, "needs quotes: title: 'Kerala: a guide'"],
    ['tagline: !!js/function "x"', 3, '!!js/function is a tag of YAML that has no meaning here'],
    ['tagline: !env NAME', 3, '!env is a tag of YAML that has no meaning here'],
    ['---', 3, 'a line of --- begins a second document, and this one is empty: delete it'],
    ['---\ntagline: a', 3, 'a line of --- begins a second document: settings are one'],
    ['sections: { a: "" }', 3, 'sections.a: "" must not be empty'],
    [
      'feeds: { hubs: [nope] }',
      3,
      'feeds.hubs.1: "nope" is not an http:// or https:// address; for example: hubs: [ https://hub.example/ ]',
    ],
    [
      'newsletters: weekly',
      3,
      'must be a list; for example: newsletters: [ { id: weekly, from: The Meridian <news@meridian.example> } ]',
    ],
    [
      'social: [x]',
      3,
      'social.1: "x" must be a block of keys; for example: social: [ { name: Instagram, url: https://instagram.example/meridian } ]',
    ],
    ['mail: on', 3, 'for example: mail: { bounces: bounces@meridian.example }'],
    [
      newsletter('    subject: {{edition.lead.title}}'),
      6,
      "must be text; for example: subject: '{{edition.lead.title}}'",
    ],
    [
      newsletter("    subject: '{{editon.lead.title}}'"),
      6,
      'newsletters.1.subject: "{{editon.lead.title}}" cannot be filled: there is no editon, did you mean edition? there are edition, publication; for example: subject: \'{{edition.lead.title}}\'',
    ],
    [
      newsletter("    title: A\n    subject: 'News: {{edition.nope}}'"),
      7,
      'there is no edition.nope, did you mean edition.note? edition has newsletter, id, from,',
    ],
    [
      newsletter("    subject: '{{#each edition.articles}}{{titel}}{{/each}}'"),
      6,
      'there is no titel, did you mean title?',
    ],
    [newsletter("    subject: '{{edition.lead.titel}}'"), 6, 'did you mean edition.lead.title?'],
    [
      newsletter("    subject: '{{#if'"),
      6,
      'is not Handlebars: a tag is not closed, or not written right, near {{#if',
    ],
    [newsletter("    subject: '{{#if edition}}a{{/each}}'"), 6, "is not Handlebars: if doesn't match each"],
    [
      newsletter("    subject: '{{nohelper 1}}'"),
      6,
      'calls nohelper; in this line there is {{reader "name" "there"}}',
    ],
    [
      newsletter("    subject: '{{#edition.lead}}{{titel}}{{/edition.lead}}'"),
      6,
      'there is no titel, did you mean title?',
    ],
    [
      newsletter("    subject: '{{#edition.articles}}{{titel}}{{/edition.articles}}'"),
      6,
      'there is no titel,',
    ],
    [newsletter("    subject: '{{{edition.id}}'"), 6, 'is not Handlebars'],
    [newsletter("    subject: '{{> a}}'"), 6, 'calls > a;'],
    [newsletter("    subject: '{{date edition.sendAt}}'"), 6, 'calls date;'],
    ['service: https://a.example/?q=1', 3, 'must end before ? and #'],
    ['feeds: { moved: https://a.example/#x }', 3, 'must end before ? and #'],
  ])('%s', (settings, line, message) => {
    const found = problems(settings)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
    expect(found[0]).toMatch(new RegExp(`^articles/publication\\.yaml:${line}: `))
  })

  test('all of it in one run, in the order of the file', () => {
    const found = problems('timezone: Mars/Phobos\nfeeds: { items: x, per: [moon] }\naccent: red\nbogus: 1\n')
    expect(found.map(text => text.split(':')[1])).toEqual(['3', '4', '4', '5', '6'])
  })

  test('a file that is empty lacks both', () => {
    expect(problems('').length).toBe(0)
    expect(() => load({ 'publication.yaml': '' })).toThrow(/title: is missing.*\n.*url: is missing/)
    expect(() => load({ 'publication.yaml': '- title: A\n- url: https://a.example/' })).toThrow(
      'the file: [{"title":"A"},{"url":"https://a.example/"}] must be a block of keys; for example: { title: The Meridian,',
    )
    expect(() => load({ 'publication.yaml': "title: ''\nurl: https://a.example/" })).toThrow(
      'publication.yaml:1: title: "" must not be empty; for example: title: The Meridian',
    )
    expect(() => load({ 'publication.yaml': 'title: A\nurl: notaurl' })).toThrow(
      /publication.yaml:2: url: "notaurl"/,
    )
  })
})

test('a version of YAML that is not ours is no mistake', () => {
  expect(
    load({ 'publication.yaml': '%YAML 1.3\n---\ntitle: A\nurl: https://t.example/\n' }).publication.title,
  ).toBe('A')
})

test('a subject may say all that an edition and a publication have', () => {
  const one = (subject: string) =>
    problems(`newsletters:\n  - { id: w, from: A <a@test.example>, subject: '${subject}' }`)
  for (const subject of [
    'Plain, { and }',
    '{{reader "name" "there"}}, {{publication.title}}',
    '{{edition.newsletter.title}} {{edition.articles.length}} {{edition.articles.[0].authors.[0].name}}',
    '{{#each edition.parts}}{{title}}: {{#each articles}}{{title}} {{../title}} {{@index}}{{/each}}{{/each}}',
    '{{#with edition.lead}}{{section.title}}{{extra.mood}}{{@root.publication.title}}{{else}}{{publication.tagline}}{{/with}}',
    '{{#edition.lead}}{{title}} {{../publication.title}}{{/edition.lead}}',
    '{{#edition.articles}}{{title}}{{^}}{{publication.title}}{{/edition.articles}}',
    '{{#edition}}{{lead.title}}{{#lead}}{{../id}}{{#live}}{{../edition.id}}{{/live}}{{/lead}}{{/edition}}',
    '{{#publication}}{{#url}}{{../title}}{{/url}}{{/publication}}',
    '{{#each edition.articles}}{{#with ../edition.lead}}{{../publication.title}}{{/with}}{{/each}}',
    '{{#with edition}}{{#with this}}{{../publication.title}}{{/with}}{{/with}}',
    '{{#*inline "a"}}z{{/inline}}{{> a}}{{> "a"}}{{> (lookup edition "id")}}{{#> b}}c{{/b}}',
    '{{{{edition}}}}{{titel}}{{{{/edition}}}}',
  ])
    expect(one(subject)).toEqual([])
})

test.each([
  ['https://user:p@ss-secret@host.example/', 'https://…@host.example/'],
  ['https://user:pa/ss-secret@host.example/', 'https://…@host.example/'],
  ['https://user:sec ret-secret@host.example/', 'https://…@host.example/'],
  ['user:secret@host.example', '…@host.example'],
])('no part of a password is told: %s', (url, told) => {
  for (const settings of [
    `service: '${url}'`,
    `feeds: { hubs: ['${url}'] }`,
    `social: [{ name: X, url: '${url}' }]`,
  ]) {
    const [problem] = problems(settings)
    expect(problem).toContain(`: "${told}" `)
    expect(problem).not.toContain('secret')
  }
})

test('a mail address is told whole', () => {
  const from = 'newsletters: [{ id: w, from: "news@test.example, desk@test.example" }]'
  expect(problems(from).join()).toContain('"news@test.example, desk@test.example" is not a mail address')
})

test('an address for everybody holds no password, and the message does not tell it', () => {
  expect(() => load({ 'publication.yaml': 'title: A\nurl: https://user:secret@t.example/' })).toThrow(
    'articles/publication.yaml:2: url: "https://…@t.example/" must not contain a user name or a password',
  )
  expect(problems('social: [{ name: X, url: https://u:secret@x.example/?a=b }]').join()).toMatch(
    /^(?!.*secret).*must not contain a user name/,
  )
  expect(problems('social: [{ name: X, url: https://x.example/?a=b#c }]')).toEqual([])
  expect(() => load({ 'publication.yaml': 'title: A\nurl: https://t.example/?q=1#x' })).toThrow(
    'must end before ? and #',
  )
})

test('a category of Apple’s may name its subcategory, in any case of letters', () => {
  for (const [category, read] of [
    ['News', 'News'],
    ['news', 'News'],
    ['News > Daily News', 'News > Daily News'],
    ['news > daily NEWS', 'News > Daily News'],
    ['Society & Culture>Documentary', 'Society & Culture > Documentary'],
    ['TV & Film', 'TV & Film'],
  ]) {
    const { diagnostics, publication } = load({ 'a.md': article }, `podcast: { category: '${category}' }`)
    expect(diagnostics).toEqual([])
    expect(publication.podcast!.category).toBe(read)
  }
})

test.each([
  [
    'podcast: { category: Nws }',
    3,
    'podcast.category: "Nws" is not one of Apple’s categories, did you mean "News"?',
  ],
  ['podcast:\n  category: News > Dayly News', 4, 'did you mean "News > Daily News"?'],
  ['podcast:\n  category: daily news', 4, 'did you mean "News > Daily News"?'],
  ['podcast: { category: Technology > Podcasting }', 3, 'Technology has no subcategories'],
  ['podcast: { category: Numismatics }', 3, 'they are Arts, Business, Comedy'],
])('another is told, and left out: %s', (settings, line, message) => {
  const { diagnostics, publication } = load({ 'a.md': article }, settings)
  expect(diagnostics).toMatchObject([
    { file: 'articles/publication.yaml', line, severity: 'error', message: expect.stringContaining(message) },
  ])
  expect(publication.podcast!.category).toBeUndefined()
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
  const loop = aFolder()
  rmSync(join(loop, settings))
  symlinkSync('publication.yaml', join(loop, settings))
  error(loop).toThrow(/publication.yaml: cannot be read: ELOOP/)
  const none = aFolder()
  rmSync(join(none, settings))
  error(none).toThrow(expect.objectContaining({ exit: 2, hint: expect.stringContaining('broadsheet init') }))
})

test('pictures of the settings are told with the line of their key', () => {
  const { diagnostics } = load(
    { 'a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n', 'images/wide.png': png(200, 100) },
    'podcast:\n  explicit: false\n  # image: no\n  image: images/none.jpg\nlogo:\n  src: images/none.png\nicon: images/wide.png\n',
  )
  expect(diagnostics.map(({ line, message }) => `${line} ${message.split(':')[0]}`)).toEqual([
    '6 podcast.image',
    '7 logo',
    '9 icon',
  ])
})

test('in settings written as JSON, too', () => {
  const text = `{
  "title": "The Test", "url": "https://test.example/",
  "logo": "images/none.png",
  "podcast": {
    "category": "News > Daily Nwes"
  }
}`
  const dir = aFolder({
    'articles/publication.yaml': text,
    'articles/a.md': '---\ntitle: A\ndate: 2026-01-30\n---\n',
  })
  const { diagnostics } = loadPublication(dir, { now })
  expect(diagnostics.map(({ rule, line }) => [rule, line])).toEqual([
    ['settings-picture', 3],
    ['podcast-category', 5],
  ])
})

test('a section that gives way to another, and has no article, is told with its line', () => {
  const loaded = load({}, 'sections:\n  maße: One\n  masse: Two\n')
  expect(channelCollisions(loaded)).toMatchObject([
    { file: 'articles/publication.yaml', line: 5, rule: 'feed-slug' },
  ])
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
  const right = z.toJSONSchema(settingsSchema(), { io: 'input', target: 'draft-7' })
  if (process.env.UPDATE_GOLDEN) {
    writeFileSync(file, JSON.stringify(right))
    execFileSync('npx', ['biome', 'format', '--write', file])
  }
  // Parsed: the formatter breaks lines in its own way.
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(right)
})

test('blocks of the publication are in every newsletter, before its own', () => {
  const newsletters = ['a', 'b'].map(id => `  - id: ${id}\n    from: A <a@test.example>\n`)
  const dir = aFolder({
    'articles/publication.yaml': `title: T\nurl: https://test.example/\nblocks:\n  - text: All\nnewsletters:\n${newsletters.join('')}    blocks:\n      - { text: Own, place: top }\n`,
  })
  const { publication } = loadPublication(dir, { now })
  expect(publication.newsletters.map(({ blocks }) => blocks?.map(({ text }) => text))).toEqual([
    ['All'],
    ['All', 'Own'],
  ])
})
