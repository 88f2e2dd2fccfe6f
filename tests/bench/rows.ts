// The rows that concern the build: what is run in turns, and what the goal is.

import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eleventySite, installEleventy } from './eleventy-site.ts'
import { type Feeds, hugoSite } from './hugo-site.ts'
import { inTurns, type Standing } from './in-turns.ts'
import { article, blogPost, makeCorpus, warnedArticle } from './make-corpus.ts'
import { isInstalled, measure } from './measure.ts'

export interface Bench {
  /** A folder for everything that is made. */
  readonly scratch: string
  /** The program: ['node', '…/dist/program/cli.js']. */
  readonly program: readonly string[]
  /** Articles of the usual corpus. */
  readonly count: number
  /** Messages that are sent. */
  readonly readers: number
  /** Whether a list is sent to its end, however long it is. */
  readonly whole: boolean
  readonly rounds: number
  /** A publication of one's own, for the row of that name. */
  readonly folder: string | undefined
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
    goal: 'Hugo ≥ 1.5 ×, Eleventy ≥ 10 ×; less memory than either',
    run: bench => beside(bench, corpus(bench, bench.count, NEWEST), NEWEST),
  },
  {
    name: 'warned',
    what: 'the same, and something to warn about in every article',
    goal: 'Hugo ≥ 1.5 ×',
    run(bench) {
      const folder = corpus(bench, bench.count, NEWEST, { name: 'warned', write: warnedArticle })
      return beside(bench, folder, NEWEST, ['Hugo'])
    },
  },
  {
    name: 'pages',
    what: 'cold: the same feeds, and a page for each article and tag; the others with a plain theme',
    goal: 'Hugo ≥ 1 ×',
    run: bench => beside(bench, corpus(bench, bench.count, WITH_PAGES), WITH_PAGES),
  },
  {
    name: 'blog',
    what: 'cold: a blog of 1,043 long posts, 24 MB, everything on: pages, sections, tags, authors, three formats; Hugo with a plain theme and RSS',
    goal: 'Hugo ≥ 1 ×, in a third of its memory',
    run(bench) {
      const folder = corpus(bench, BLOG_POSTS, WITH_PAGES, { name: 'blog', write: blogPost, settings: BLOG })
      return beside(bench, folder, WITH_PAGES, ['Hugo'])
    },
  },
  {
    name: 'folder',
    what: 'cold: the publication at --folder; Hugo with a plain theme and RSS',
    goal: 'Hugo ≥ 1 ×',
    async run(bench) {
      if (bench.folder === undefined) {
        bench.say('left out: name one with --folder')
        return []
      }
      const copy = join(bench.scratch, 'folder')
      for (const part of ['articles', 'templates', 'publication.yaml'])
        if (existsSync(join(bench.folder, part)))
          cpSync(join(bench.folder, part), join(copy, part), { recursive: true, dereference: true })
      rest()
      return beside(bench, copy, WITH_PAGES, ['Hugo'])
    },
  },
  {
    name: 'newsletter',
    what: 'cold, with a weekly newsletter of twenty years, against the same without it',
    goal: '≤ 3 ×',
    async run(bench) {
      const [plain, weekly] = overTwentyYears(bench)
      return inTurns(
        [
          { name: 'without', run: () => cold(bench, plain) },
          { name: 'with every edition', run: () => cold(bench, weekly) },
        ],
        bench.rounds,
      )
    },
  },
  {
    name: 'newsletter-one',
    what: 'one article changed, with that newsletter, against nothing changed',
    goal: '≤ 4 ×',
    run: bench => oneChanged(bench, overTwentyYears(bench)[1]),
  },
  {
    name: 'all',
    what: 'cold: all articles in one full-text feed (Broadsheet: three formats, the others: RSS)',
    goal: 'Hugo ≥ 1.5 ×, in a third of its memory',
    run: bench => beside(bench, corpus(bench, bench.count, ALL), ALL),
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
    goal: '≤ 4 ×',
    run: bench => oneChanged(bench, corpus(bench, bench.count, NEWEST)),
  },
  {
    name: 'one-page',
    what: 'the same where each article and each tag has a page',
    goal: '≤ 4 ×',
    run: bench => oneChanged(bench, corpus(bench, bench.count, WITH_PAGES)),
  },
  {
    name: 'large',
    what: 'ten times as many articles, cold, against the usual number',
    goal: '≤ 10 × the time, ≤ 600 MiB',
    async run(bench) {
      const folders = [bench.count, bench.count * 10].map(count =>
        corpus(bench, count, NEWEST, { name: 'large', write: overYears(FIFTEEN_YEARS, count) }),
      )
      const [small, large] = folders.map((folder, index) => ({
        name: `${bench.count * 10 ** index} articles`,
        run: () => cold(bench, folder),
      }))
      return inTurns([small!, large!], Math.min(bench.rounds, 3))
    },
  },
  {
    name: 'memory',
    what: 'ten times as many articles with pages and a newsletter, in a heap of 512 MB',
    goal: '≤ 600 MiB',
    async run(bench) {
      const count = bench.count * 10
      const write = overYears(FIFTEEN_YEARS, count)
      const folder = corpus(bench, count, WITH_PAGES, { name: 'memory', write, settings: NEWSLETTER })
      const [node, ...args] = bench.program
      const small = { ...bench, program: [node!, '--max-old-space-size=512', ...args] }
      return inTurns([{ name: `${count} articles`, run: () => cold(small, folder) }], 1)
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

const NEWEST: Feeds = { items: 30, tags: true }
const ALL: Feeds = { items: 100_000, tags: false }
const WITH_PAGES: Feeds = { ...NEWEST, pages: true }
const BLOG_POSTS = 1043
const BLOG =
  'sections: { release: Releases, vulnerability: Vulnerabilities, announcements: Announcements, wg: Working groups, events: Events }\n'
const NEWSLETTER =
  "newsletters: [{ id: weekly, since: '2006-01-01', from: The Bench <news@bench.example> }]\n"

interface Years {
  readonly first: number
  readonly count: number
}
const FIFTEEN_YEARS: Years = { first: 2010, count: 15 }
const TWENTY_YEARS: Years = { first: 2006, count: 20 }
const HOURS_PER_YEAR = 365.25 * 24

/** Articles all of which are out: what is still to come is in no feed, no page and no letter. */
function overYears({ first, count: years }: Years, articles: number): typeof blogPost {
  return n => article(n, (years * HOURS_PER_YEAR) / articles, first)
}

/** The same articles over twenty years, without and with a newsletter of all weeks. */
function overTwentyYears(bench: Bench): readonly [string, string] {
  const write = overYears(TWENTY_YEARS, bench.count)
  return [
    corpus(bench, bench.count, NEWEST, { name: 'years', write }),
    corpus(bench, bench.count, NEWEST, { name: 'weekly', write, settings: NEWSLETTER }),
  ]
}

function oneChanged(bench: Bench, folder: string): Promise<Standing[]> {
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

/** @param folder of a publication @param others that are asked for the same */
function beside(
  bench: Bench,
  folder: string,
  feeds: Feeds,
  others: readonly string[] = ['Hugo', 'Eleventy'],
): Promise<Standing[]> {
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
  if (!others.includes('Eleventy')) return inTurns(contenders, bench.rounds)
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

interface Corpus {
  readonly name?: string
  readonly write?: typeof blogPost
  /** More lines of them. */
  readonly settings?: string
}

/** Made once for each name and number; only its settings differ from row to row. */
function corpus(
  { scratch, say }: Bench,
  count: number,
  { items, tags, pages = false }: Feeds,
  { name = 'corpus', write, settings = '' }: Corpus = {},
): string {
  const folder = join(scratch, `${name}-${count}`)
  if (!made.has(folder)) {
    say(`making ${count} articles`)
    mkdirSync(folder, { recursive: true })
    makeCorpus(folder, count, write)
    made.add(folder)
  }
  const per = settings === BLOG ? 'section, tag, author' : tags ? 'tag' : ''
  const feeds = `{ items: ${items}, content: full, per: [${per}] }`
  writeFileSync(
    join(folder, 'articles/publication.yaml'),
    `title: The Bench\nurl: https://bench.example/\narticles: { pages: ${pages} }\nfeeds: ${feeds}\n${settings}`,
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
