// Who may import whom, and which files may touch the world: two tables.

import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Lowest first. A room imports the index of any room before it, and nothing else of it. */
const ROOMS = [
  'base',
  'templates',
  'content',
  'render',
  'site',
  'feed',
  'edition',
  'letter',
  'check',
  'store',
  'deliver',
  'inbound',
  'serve',
  'publish',
  'commands',
]

/** Besides the rooms, and what each of them may import; every file may import `model` and `errors`. */
const ROOT: Record<string, readonly string[]> = {
  'model.ts': [],
  'errors.ts': [],
  'cli.ts': [],
  'main.ts': ['run.ts'],
  'run.ts': ['commands/index.ts'],
  'index.ts': ROOMS.map(room => `${room}/index.ts`),
}

/** Effect → how it looks in the code, and the files or folders that may do it. */
const EFFECTS: Record<string, { pattern: RegExp; allowed: readonly string[] }> = {
  'file system': {
    pattern: /from 'node:fs(\/promises)?'|import\('node:fs/,
    allowed: [
      'base/program.ts',
      'templates/',
      'content/',
      'store/',
      'deliver/',
      'inbound/mailboxes.ts',
      'letter/prepare-pictures.ts',
      'serve/static-files.ts',
      'publish/',
      'commands/',
    ],
  },
  clock: { pattern: /\bDate\.now\b|new Date\(\)|performance\.now/, allowed: ['main.ts', 'letter/mjml.ts'] },
  chance: {
    pattern: /\bMath\.random\b|\brandom(UUID|Bytes|Int)\b/,
    allowed: ['commands/', 'publish/output/', 'store/sealed-snapshot.ts'],
  },
  environment: {
    pattern: /\bprocess\.(env|argv|cwd|exit|stdin|stdout|stderr)\b/,
    allowed: ['main.ts', 'letter/mjml.ts'],
  },
  network: {
    pattern: /from 'node:(net|tls|http|https|dns|dns\/promises)'|\bfetch\(/,
    allowed: [
      'deliver/',
      'commands/doctor/',
      'serve/listen.ts',
      'serve/routes/machines.ts',
      'serve/visitors.ts',
      'publish/announce-feeds.ts',
    ],
  },
  database: { pattern: /'(libsql|pg)'/, allowed: ['store/'] },
}

const root = new URL('../src/', import.meta.url).pathname
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()
const source = (file: string) => readFileSync(join(root, file), 'utf8')

function imports(file: string): string[] {
  const statements =
    /^import\s[^'"`;]*?'([^']+)'|^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\s+'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...source(file).matchAll(statements)].map(match => match[1] ?? match[2] ?? match[3]!)
}

const inRoot = (file: string) => !file.includes('/')
const roomOf = (file: string) => file.split('/')[0]!
const imported = (file: string) =>
  imports(file)
    .filter(name => name.startsWith('.'))
    .map(name => normalize(join(dirname(file), name)))

/** Whether a file of one place may import another. */
function mayImport(file: string, other: string): boolean {
  if (other === 'model.ts' || other === 'errors.ts') return file !== 'model.ts'
  if (inRoot(file)) return ROOT[file]?.includes(other) ?? false
  const [from, to] = [roomOf(file), roomOf(other)]
  return from === to || (other === `${to}/index.ts` && ROOMS.indexOf(to) < ROOMS.indexOf(from))
}

test('src/ holds the rooms and the listed files, and nothing else', () => {
  expect([...new Set(files.filter(file => !inRoot(file)).map(roomOf))].sort()).toEqual([...ROOMS].sort())
  expect(files.filter(inRoot).sort()).toEqual(Object.keys(ROOT).sort())
})

test('a room is entered through its index, and imports only lower rooms', () => {
  const bad = files.flatMap(file =>
    imported(file)
      .filter(other => !mayImport(file, other))
      .map(other => `${file} imports ${other}`),
  )
  expect(bad).toEqual([])
})

test('an import past an entry point, of a higher room or of a lone file is found', () => {
  expect(mayImport('feed/rss.ts', 'site/index.ts')).toBe(true)
  expect(mayImport('feed/rss.ts', 'feed/json.ts')).toBe(true)
  expect(mayImport('feed/rss.ts', 'site/pages/page-html.ts')).toBe(false)
  expect(mayImport('site/pages/list-pages.ts', 'feed/index.ts')).toBe(false)
  expect(mayImport('feed/rss.ts', 'run.ts')).toBe(false)
  expect(mayImport('main.ts', 'feed/index.ts')).toBe(false)
  expect(mayImport('model.ts', 'errors.ts')).toBe(false)
})

test('an entry point is a list of re-exports, and does nothing itself', () => {
  const entryPoints = ROOMS.map(room => `${room}/index.ts`)
  const busy = entryPoints.filter(
    file =>
      source(file)
        .replace(/^export (type )?\{[^}]*\} from '[^']+'$/gm, '')
        .replace(/^\/\/ .*$/gm, '')
        .trim() !== '',
  )
  expect(busy).toEqual([])
})

/** @returns the first way that leads back to where it began, if there is one */
function findCircle(beyond: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>()
  const follow = (place: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(place)) return [...way.slice(way.indexOf(place)), place]
    if (done.has(place)) return undefined
    for (const next of beyond.get(place) ?? []) {
      const found = follow(next, [...way, place])
      if (found) return found
    }
    done.add(place)
    return undefined
  }
  return [...beyond.keys()].map(place => follow(place, [])).find(found => found !== undefined)
}

test('data goes one way: no file imports another that leads back to it', () => {
  expect(findCircle(new Map(files.map(file => [file, imported(file)])))).toBeUndefined()
})

test('nor does a folder: what lies beside another inside a room is above it or below it', () => {
  const contains = (folder: string, other: string) => `${other}/`.startsWith(`${folder}/`)
  const beyond = new Map<string, string[]>()
  for (const file of files.filter(file => !inRoot(file))) {
    const folder = dirname(file)
    const others = imported(file)
      .filter(other => roomOf(other) === roomOf(file))
      .map(other => dirname(other))
    const beside = others.filter(other => !contains(folder, other) && !contains(other, folder))
    beyond.set(folder, [...(beyond.get(folder) ?? []), ...beside])
  }
  expect(findCircle(beyond)).toBeUndefined()
  beyond.set('content/articles', ['content/addresses'])
  expect(findCircle(beyond)).toEqual(['content/addresses', 'content/articles', 'content/addresses'])
})

test.each(Object.keys(EFFECTS))('only the listed files reach for the %s', effect => {
  const { pattern, allowed } = EFFECTS[effect]!
  const code = (file: string) => source(file).replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  const bad = files.filter(file => pattern.test(code(file)) && !allowed.some(place => file.startsWith(place)))
  expect(bad).toEqual([])
})

test('what the benches take from the compiled program is there', () => {
  const bench = new URL('bench/', import.meta.url)
  const asked = readdirSync(bench)
    .map(name => readFileSync(new URL(name, bench), 'utf8'))
    .flatMap(text => [
      ...text.matchAll(/const \{ ([^}]+) \} = await import\([^)]*?([a-z-]+\/[a-z-]+)\.js[`']\)/g),
    ])
  expect(asked.length).toBeGreaterThan(8)
  const missing = asked.flatMap(([, names, file]) =>
    names!.split(/,\s*/).filter(name => !new RegExp(`\\b${name}\\b`).test(source(`${file}.ts`))),
  )
  expect(missing).toEqual([])
})

test('model.ts imports nothing', () => {
  expect(imports('model.ts')).toEqual([])
})

/** Only MJML imports them: what their next versions need does not run on Node 20. */
const PINNED = ['htmlnano']

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
  expect([...new Set([...used, ...PINNED])].sort()).toEqual(Object.keys(dependencies).sort())
})

test('no file is named after nothing, and none is longer than 400 lines', () => {
  const nameless = files.filter(file => /(^|[/-])(utils?|helpers?|common|lib|misc|types)([/.-])/.test(file))
  expect(nameless).toEqual([])
  const long = files.filter(
    file => !/^model\.ts$|migrations/.test(file) && source(file).split('\n').length > 401,
  )
  expect(long).toEqual([])
})

test('every file opens with one sentence that says what goes in and what comes out', () => {
  const silent = files.filter(file => !/^(#!.*\n)?(\/\/ |\/\*\*)/.test(source(file)))
  expect(silent).toEqual([])
})
