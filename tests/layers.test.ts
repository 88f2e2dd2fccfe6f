// Who may import whom, and which files may touch the world. Two tables; a file that is in neither is a leaf without effects.

import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const LEAVES = [
  'model',
  'errors',
  'did-you-mean',
  'cut-short',
  'once',
  'package-folder',
  'address',
  'clean-text',
  'parse-url',
  'colour',
  'mail-fonts',
  'mail-palette',
  'text-width',
  'zoned-time',
  'live-times',
  'media-type-of',
  'own-files',
  'list-folder',
  'ignored-folder',
  'keyed-hash',
  'links',
  'templates',
  'channel-slugs',
  'channels',
  'front-matter-line',
  'page-path',
  'page-ground',
  'folded-name',
  'portable-name',
  'feed-links',
  'articles-beside',
  'shown-picture',
]

/** Stage or root file → what it may import besides its own folder. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  errors: [],
  'did-you-mean': [],
  'cut-short': [],
  'package-folder': [],
  address: [],
  'clean-text': [],
  'parse-url': [],
  colour: [],
  'mail-fonts': ['model'],
  'mail-palette': ['model', 'colour'],
  'text-width': [],
  'zoned-time': ['model'],
  'live-times': ['model', 'zoned-time'],
  'media-type-of': [],
  'own-files': ['media-type-of'],
  'list-folder': ['model'],
  'ignored-folder': [],
  'keyed-hash': [],
  links: ['model', 'keyed-hash'],
  templates: ['model', 'errors', 'did-you-mean', 'package-folder'],
  'folded-name': [],
  'portable-name': [],
  'channel-slugs': ['folded-name', 'portable-name'],
  channels: ['model', 'once', 'channel-slugs', 'front-matter-line'],
  'front-matter-line': [],
  'page-path': [],
  'page-ground': ['channels', 'folded-name'],
  'feed-links': ['model', 'channels'],
  'articles-beside': ['model'],
  'shown-picture': ['model'],
  output: ['model', 'errors', 'folded-name'],
  cache: ['model', 'once', 'ignored-folder', 'sealed-bytes', 'package-folder', 'list-folder'],
  load: LEAVES,
  render: LEAVES,
  check: LEAVES,
  feed: LEAVES,
  page: LEAVES,
  edition: LEAVES,
  store: LEAVES,
  import: LEAVES,
  announce: LEAVES,
  deliver: [...LEAVES, 'store'],
  serve: [...LEAVES, 'store'],
  commands: [
    ...LEAVES,
    'output',
    'cache',
    'load',
    'render',
    'check',
    'feed',
    'page',
    'edition',
    'store',
    'import',
    'announce',
    'deliver',
    'serve',
  ],
  run: ['errors', 'commands'],
  main: ['run'],
  'sealed-bytes': [],
  once: [],
  'open-bundle': ['sealed-bytes'],
  cli: ['open-bundle'],
  index: [
    'model',
    'errors',
    'output',
    'load',
    'render',
    'check',
    'feed',
    'page',
    'edition',
    'store',
    'deliver',
    'templates',
  ],
}

/** Effect → how it looks in the code, and the files or folders that may do it. */
const EFFECTS: Record<string, { pattern: RegExp; allowed: readonly string[] }> = {
  'file system': {
    pattern: /from 'node:fs(\/promises)?'|import\('node:fs/,
    allowed: [
      'own-files.ts',
      'front-matter-line.ts',
      'open-bundle.ts',
      'sealed-bytes.ts',
      'templates.ts',
      'templates/read-template.ts',
      'templates/parsed-ahead.ts',
      'list-folder.ts',
      'ignored-folder.ts',
      'output.ts',
      'output/',
      'cache/',
      'load/',
      'store/',
      'deliver/',
      'serve/find-file.ts',
      'serve/static-files.ts',
      'commands/',
    ],
  },
  clock: { pattern: /\bDate\.now\b|new Date\(\)|performance\.now/, allowed: ['main.ts'] },
  chance: { pattern: /\bMath\.random\b|\brandom(UUID|Bytes|Int)\b/, allowed: ['commands/', 'output/'] },
  environment: { pattern: /\bprocess\.(env|argv|cwd|exit|stdin|stdout|stderr)\b/, allowed: ['main.ts'] },
  network: {
    pattern: /from 'node:(net|tls|http|https|dns)'|\bfetch\(/,
    allowed: [
      'deliver/',
      'announce/ping-hub.ts',
      'serve/listen.ts',
      'serve/fetch-text.ts',
      'serve/network-of.ts',
    ],
  },
  database: { pattern: /'(libsql|pg)'/, allowed: ['store/'] },
}

const root = new URL('../src/', import.meta.url).pathname
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()
const source = (file: string) => readFileSync(join(root, file), 'utf8')
const layerOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '')

function imports(file: string): string[] {
  const statements =
    /^import\s[^'"`;]*?'([^']+)'|^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\s+'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...source(file).matchAll(statements)].map(match => match[1] ?? match[2] ?? match[3]!)
}

test.each(files)('%s imports only what its stage may', file => {
  const allowed = MAY_IMPORT[layerOf(file)]
  expect(allowed, `${layerOf(file)} has no row in the table`).toBeDefined()
  const bad = imports(file)
    .filter(name => name.startsWith('.'))
    .map(name => layerOf(normalize(join(dirname(file), name))))
    .filter(layer => layer !== layerOf(file) && !allowed!.includes(layer))
  expect(bad).toEqual([])
})

test('data goes one way: no file imports another that leads back to it', () => {
  const beyond = new Map(
    files.map(file => [
      file,
      imports(file)
        .filter(name => name.startsWith('.'))
        .map(name => normalize(join(dirname(file), name))),
    ]),
  )
  const done = new Set<string>()
  const circle = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const next of beyond.get(file) ?? []) {
      const found = circle(next, [...way, file])
      if (found) return found
    }
    done.add(file)
    return undefined
  }
  expect(files.map(file => circle(file, [])).find(found => found !== undefined)).toBeUndefined()
})

test.each(Object.keys(EFFECTS))('only the listed files reach for the %s', effect => {
  const { pattern, allowed } = EFFECTS[effect]!
  const code = (file: string) => source(file).replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  const bad = files.filter(file => pattern.test(code(file)) && !allowed.some(place => file.startsWith(place)))
  expect(bad).toEqual([])
})

test('model.ts imports nothing', () => {
  expect(imports('model.ts')).toEqual([])
})

test('every package that is imported is a dependency, and every dependency is imported', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const used = files
    .flatMap(file => [
      ...imports(file),
      ...[...source(file).matchAll(/\brequire\w*\('([^'.]+)'\)/g)].map(match => match[1]!),
    ])
    .filter(name => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name))
    .map(name =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  expect([...new Set(used)].sort()).toEqual(Object.keys(dependencies).sort())
})

test('no file is named after nothing, and none is longer than 250 lines', () => {
  const nameless = files.filter(file => /(^|[/-])(utils?|helpers?|common|lib|misc|types)([/.-])/.test(file))
  expect(nameless).toEqual([])
  const long = files.filter(
    file => !/^model\.ts$|migrations/.test(file) && source(file).split('\n').length > 251,
  )
  expect(long).toEqual([])
})

test('every file opens with one sentence that says what goes in and what comes out', () => {
  const silent = files.filter(file => !/^(#!.*\n)?(\/\/ |\/\*\*)/.test(source(file)))
  expect(silent).toEqual([])
})
