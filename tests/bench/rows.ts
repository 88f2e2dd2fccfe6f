// The rows that concern the build: what is run in turns, and what the goal is.

import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eleventySite, installEleventy } from './eleventy-site.ts'
import { type Feeds, hugoSite } from './hugo-site.ts'
import { inTurns, type Standing } from './in-turns.ts'
import { makeCorpus } from './make-corpus.ts'
import { isInstalled, measure } from './measure.ts'

export interface Bench {
  /** A folder for everything that is made. */
  readonly scratch: string
  /** The program: ['node', '…/dist/cli.js']. */
  readonly program: readonly string[]
  /** Articles of the usual corpus. */
  readonly count: number
  /** Messages that are sent. */
  readonly readers: number
  /** Whether a list is sent to its end, however long it is. */
  readonly whole: boolean
  readonly rounds: number
  /** A line for the person watching. */
  say(line: string): void
}

export interface Row {
  readonly name: string
  readonly what: string
  readonly goal: string
  /** The first is what the others are measured against. */
  run(bench: Bench): Promise<Standing[]>
}

export const rows: readonly Row[] = [
  {
    name: 'cold',
    what: 'cold: feeds of the newest 30 and of 40 tags, full text (Broadsheet: three formats, the others: RSS)',
    goal: 'Hugo ≥ 2 ×, Eleventy ≥ 10 ×; less memory than either',
    run: bench => beside(bench, { items: 30, tags: true }),
  },
  {
    name: 'all',
    what: 'cold: all articles in one full-text feed (Broadsheet: three formats, the others: RSS)',
    goal: 'Hugo ≥ 2.5 ×, in a third of its memory',
    run: bench => beside(bench, { items: 100_000, tags: false }),
  },
  {
    name: 'same',
    what: 'nothing changed, against starting Node and reading the times of all files',
    goal: '≤ 2 ×',
    async run(bench) {
      const folder = corpus(bench, bench.count, { items: 30, tags: true })
      build(bench, folder)
      const times = join(bench.scratch, 'times.mjs')
      writeFileSync(times, TIMES)
      return inTurns(
        [
          {
            name: 'Node and file times',
            run: () => measure(['node', times, join(folder, 'articles')], folder),
          },
          { name: 'Broadsheet', run: () => build(bench, folder) },
        ],
        bench.rounds,
      )
    },
  },
  {
    name: 'one',
    what: 'one article changed, against nothing changed',
    goal: '≤ 1.5 ×',
    run: bench => oneChanged(bench, { items: 30, tags: true }),
  },
  {
    name: 'one-page',
    what: 'the same where each article and each tag has a page',
    goal: '≤ 1.5 ×',
    run: bench => oneChanged(bench, { items: 30, tags: true, pages: true }),
  },
  {
    name: 'large',
    what: 'ten times as many articles, cold, against the usual number',
    goal: '≤ 10 × the time, ≤ 600 MiB',
    async run(bench) {
      const folders = [bench.count, bench.count * 10].map(count =>
        corpus(bench, count, { items: 30, tags: true }),
      )
      const [small, large] = folders.map((folder, index) => ({
        name: `${bench.count * 10 ** index} articles`,
        run: () => cold(bench, folder),
      }))
      return inTurns([small!, large!], Math.min(bench.rounds, 3))
    },
  },
  {
    name: 'start',
    what: '--help, against `node -e 0`',
    goal: '≤ 60 ms more',
    run: bench =>
      inTurns(
        [
          { name: 'node -e 0', run: () => measure(['node', '-e', '0'], bench.scratch) },
          { name: 'broadsheet --help', run: () => measure([...bench.program, '--help'], bench.scratch) },
        ],
        bench.rounds * 3,
      ),
  },
]

function oneChanged(bench: Bench, feeds: Feeds & { readonly pages?: boolean }): Promise<Standing[]> {
  const folder = corpus(bench, bench.count, feeds)
  build(bench, folder)
  const change = (n: number) => () => {
    appendFileSync(
      join(folder, 'articles', String(Math.floor(n / 100)), `article-${n}.md`),
      '\nAnother line.\n',
    )
    const measured = build(bench, folder)
    rest()
    build(bench, folder)
    return measured
  }
  return inTurns(
    [
      { name: 'nothing', run: () => build(bench, folder) },
      { name: 'an article that no feed carries', run: change(1) },
      { name: 'the newest article', run: change(bench.count - 2) },
    ],
    bench.rounds,
  )
}

/** Reads the time of every file below a folder, and does nothing else. */
const TIMES = `import { lstatSync, readdirSync } from 'node:fs'
let newest = 0
function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + '/' + entry.name
    if (entry.isDirectory()) walk(path)
    else newest = Math.max(newest, lstatSync(path).mtimeMs)
  }
}
walk(process.argv[2])
`

function beside(bench: Bench, feeds: Feeds): Promise<Standing[]> {
  const folder = corpus(bench, bench.count, feeds)
  const contenders = [{ name: 'Broadsheet', run: () => cold(bench, folder) }]
  if (isInstalled('hugo')) {
    const command = hugoSite(join(bench.scratch, 'hugo'), folder, feeds)
    contenders.push({
      name: 'Hugo',
      run() {
        rmSync(join(bench.scratch, 'hugo/public'), { recursive: true, force: true })
        return measure(command, bench.scratch)
      },
    })
  } else bench.say('Hugo is left out: there is no `hugo` on the PATH (Debian: apt-get install hugo).')
  const place = join(bench.scratch, 'eleventy')
  const missing = installEleventy(place)
  if (missing === undefined) {
    const command = eleventySite(place, folder, feeds)
    contenders.push({
      name: 'Eleventy',
      run() {
        rmSync(join(place, 'public'), { recursive: true, force: true })
        return measure(command, place)
      },
    })
  } else bench.say(`Eleventy is left out: npm could not install it (${missing}).`)
  return inTurns(contenders, bench.rounds)
}

/** Made once for each number; only its settings differ from row to row. */
function corpus(
  { scratch, say }: Bench,
  count: number,
  { items, tags, pages = false }: Feeds & { readonly pages?: boolean },
): string {
  const folder = join(scratch, `corpus-${count}`)
  if (!made.has(folder)) {
    say(`making ${count} articles`)
    mkdirSync(folder, { recursive: true })
    makeCorpus(folder, count)
    made.add(folder)
  }
  const feeds = `{ items: ${items}, content: full, per: [${tags ? 'tag' : ''}] }`
  writeFileSync(
    join(folder, 'articles/publication.yaml'),
    `title: The Bench\nurl: https://bench.example/\narticles: { pages: ${pages} }\nfeeds: ${feeds}\n`,
  )
  rest()
  return folder
}
const made = new Set<string>()

function build({ program }: Bench, folder: string) {
  return measure([...program, 'build', '--quiet', '--dir', folder], folder)
}

function cold(bench: Bench, folder: string) {
  for (const part of ['out', '.broadsheet']) rmSync(join(folder, part), { recursive: true, force: true })
  return build(bench, folder)
}

/** What was written a moment ago is not believed yet. */
function rest(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60)
}
