// Loaded folder → the files of every edition, and a report of each. An edition whose letter would be the same as it is in
// `out/` is not rendered again: MJML takes as long for one letter as everything else for a thousand articles.

import { createHash } from 'node:crypto'
import { newestEditions } from '../content/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type { ArchivedEdition, Article, Diagnostic, Edition, OutputFile, Progress } from '../model.ts'
import type { Dependency } from '../render/index.ts'
import { drawEdition, type LetterSources, WaitingLetters } from './draw-edition.ts'
import { writeFiles } from './output/write-output.ts'
import {
  LARGE_FOLDER_ARTICLES,
  type LetterMade,
  type LettersAhead,
  type WantedLetter,
} from './threads/work-ahead.ts'

export interface EditionReport {
  /** '<newsletter>/<id>' */
  readonly id: string
  readonly articles: number
  readonly path: string
  readonly until: string
}

/** What is kept of an edition that was made. */
export interface MadeEdition {
  /** Of everything that went into it, but for what its texts refer to. */
  readonly inputs: string
  /** By the note, the blocks and the biographies; and by an article that is in it whole. */
  readonly dependencies: readonly Dependency[]
  /** Own files that its texts show, relative to the publication's folder, and their marks. */
  readonly shown: readonly (readonly [file: string, mark: string])[]
  /** Relative to `out/`. */
  readonly paths: readonly string[]
  readonly archived: ArchivedEdition
  readonly diagnostics: readonly Diagnostic[]
}

interface EditionSources extends LetterSources {
  /** Absolute path. */
  readonly out: string
  /** ms since epoch. */
  readonly now: number
  /** '<newsletter>/<id>' → as the last build made it. */
  readonly known: ReadonlyMap<string, MadeEdition>
  /** Whether a file of `out/` is for certain as the last build made it. */
  isUpToDate(path: string): boolean
  /** A text that changes with an own file, relative to the publication's folder; with all templates when left out. */
  mark(file?: string): string
  /** Letters that a second thread makes meanwhile. */
  ahead(editions: readonly WantedLetter[]): LettersAhead | undefined
  readonly signal: AbortSignal
  progress?(label: string, total: number): Progress
  /** Called before each edition that is made; may throw. */
  keepLock(): void
}

export interface BuiltEditions {
  readonly files: readonly OutputFile[]
  /** Paths of files that are in `out/` as they would be made; their bodies are empty. */
  readonly upToDate: ReadonlySet<string>
  readonly elsewhere: WrittenElsewhere
  readonly reports: readonly EditionReport[]
  readonly archived: readonly ArchivedEdition[]
  readonly articles: readonly Article[]
  readonly diagnostics: readonly Diagnostic[]
  /** For the next build. */
  readonly made: ReadonlyMap<string, MadeEdition>
}

/** Files of editions that a second thread made, and writes: their bodies are empty, too. */
export interface WrittenElsewhere {
  readonly paths: ReadonlySet<string>
  /** Has it begin. @returns once it has ended: how many were not there as they are; undefined where it failed */
  write(): Promise<number | undefined>
  /** The same by this thread. @throws UserError when the disk refuses */
  writeHere(): Promise<number>
  /** Has it end soon, with no file unfinished. */
  stop(): void
  close(): void
}

/** @throws UserError (exit 130) when the run is interrupted between two editions */
export async function buildEditions(sources: EditionSources): Promise<BuiltEditions> {
  const { loaded, now } = sources
  const { newsletters } = loaded.publication
  if (newsletters.length === 0) return NONE
  const { editionsOf, missingSince, noteDiagnostics } = await import('../edition/index.ts')
  const byNewsletter = newsletters.map(newsletter => editionsOf(loaded, newsletter, now))
  const editions = byNewsletter.flat()
  const { made, files, upToDate, elsewhere } = await makeEditions(
    wantedEditions(byNewsletter, sources),
    sources,
  )
  return {
    files: [...files.values()],
    upToDate,
    elsewhere,
    reports: editions.map(reportOf),
    archived: [...made.values()].map(({ archived }) => archived),
    articles: editions.flatMap(({ articles }) => articles),
    diagnostics: [
      ...noteDiagnostics(loaded),
      ...newsletters.flatMap((newsletter, at) => missingSince(loaded, newsletter, byNewsletter[at]!)),
      ...[...made.values()].flatMap(({ diagnostics }) => diagnostics),
    ],
    made,
  }
}

interface WantedEdition {
  readonly edition: Edition
  readonly name: string
  readonly inFeed: boolean
  readonly inputs: string
  /** What the last build made of it, where this one would make the same. */
  readonly same: MadeEdition | undefined
}

function wantedEditions(byNewsletter: readonly Edition[][], sources: EditionSources): WantedEdition[] {
  const { loaded, known } = sources
  const carried = loaded.publication.feeds.items
  const inFeeds = new Set(byNewsletter.flatMap(own => newestEditions(own).slice(0, carried)))
  const global = globalInputs(sources)
  return byNewsletter.flat().map(edition => {
    const name = `${edition.newsletter.id}/${edition.id}`
    const inFeed = inFeeds.has(edition)
    const inputs = inputsOf(edition, sources, global)
    const before = known.get(name)
    const isSame = before?.inputs === inputs && isSameEdition(edition, before, inFeed, sources)
    return { edition, name, inFeed, inputs, same: isSame ? before : undefined }
  })
}

async function makeEditions(
  wanted: readonly WantedEdition[],
  sources: EditionSources,
): Promise<EditionFiles> {
  const isLarge = sources.loaded.articles.length > LARGE_FOLDER_ARTICLES
  const waiting = new WaitingLetters(isLarge ? 0 : undefined)
  const bar = sources.progress?.('editions', wanted.length)
  const toMake = wanted.filter(({ same }) => same === undefined)
  const ahead = sources.ahead(toMake.map(({ name, inFeed }) => ({ name, inFeed })))
  const found = new EditionFiles(new EditionsElsewhere(ahead, sources))
  let count = 0
  try {
    for (const [index, one] of wanted.entries()) {
      if (sources.signal.aborted)
        throw new UserError('interrupted', 'Run it again to continue.', EXIT.interrupted)
      if (one.same) {
        found.leave(one.name, one.same)
        continue
      }
      sources.keepLock()
      const there = ahead?.take(count++)
      found.add(one, await makeEdition(one, { waiting, ahead: there }, sources), there !== undefined)
      bar?.at(index + 1)
    }
  } catch (error) {
    found.elsewhere.close()
    throw error
  }
  bar?.stop()
  return found
}

/** What the editions are in `out/`: the files of those that are made, and those that are left as they are. */
class EditionFiles {
  /** By '<newsletter>/<id>'. */
  readonly made = new Map<string, MadeEdition>()
  /** By path. */
  readonly files = new Map<string, OutputFile>()
  readonly upToDate = new Set<string>()
  readonly elsewhere: EditionsElsewhere

  constructor(elsewhere: EditionsElsewhere) {
    this.elsewhere = elsewhere
  }

  leave(name: string, before: MadeEdition): void {
    this.made.set(name, before)
    for (const path of before.paths) {
      this.upToDate.add(path)
      this.files.set(path, { path, body: '' })
    }
  }

  /** @param isElsewhere whether the second thread made it */
  add(wanted: WantedEdition, { files, ...others }: FreshEdition, isElsewhere: boolean): void {
    if (isElsewhere) this.elsewhere.add(wanted, files)
    this.made.set(wanted.name, { inputs: wanted.inputs, paths: files.map(({ path }) => path), ...others })
    for (const file of files) {
      // Two editions may show the same picture.
      this.upToDate.delete(file.path)
      this.files.set(file.path, file)
    }
  }
}

const NONE: BuiltEditions = {
  files: [],
  upToDate: new Set(),
  elsewhere: { paths: new Set(), write: async () => 0, writeHere: async () => 0, stop() {}, close() {} },
  reports: [],
  archived: [],
  articles: [],
  diagnostics: [],
  made: new Map(),
}

/** Of two with the same inputs: whether its files, and all that its texts refer to, are what they were. */
function isSameEdition(
  { articles }: Edition,
  { paths, shown, dependencies, archived }: MadeEdition,
  inFeed: boolean,
  { isUpToDate, mark, renderer, texts }: EditionSources,
): boolean {
  return (
    (!inFeed || archived.digest !== undefined) &&
    paths.every(isUpToDate) &&
    shown.every(([file, was]) => mark(file) === was) &&
    articles.every(texts.hasSameText) &&
    renderer.areUnchanged(dependencies)
  )
}

interface FreshEdition extends Omit<MadeEdition, 'inputs' | 'paths'> {
  readonly files: readonly OutputFile[]
}

async function makeEdition(
  { edition, name, inFeed }: WantedEdition,
  { waiting, ahead }: { readonly waiting: WaitingLetters; readonly ahead: LetterMade | undefined },
  sources: EditionSources,
): Promise<FreshEdition> {
  const { loaded, texts, mark } = sources
  const { editionFiles, editionPaths } = await import('../letter/index.ts')
  const byFile = new Map(ahead?.texts)
  for (const article of edition.articles) {
    const text = byFile.get(article.file)
    if (text) texts.accept(article, text)
  }
  const drawn = ahead ?? (await drawEdition(edition, inFeed, sources))
  const { pictures, dependencies, archived, diagnostics } = drawn
  const paths = editionPaths(name)
  const made =
    'letter' in drawn
      ? waiting.filesOf(paths, waiting.keep(drawn.letter), kept => editionFiles(edition, kept, loaded))
      : paths.map(path => ({ path, body: '' }))
  const files = [...pictures, ...made]
  const shown = ownFilesAmong(dependencies).map(file => [file, mark(file)] as const)
  return { files, dependencies, shown, archived, diagnostics }
}

class EditionsElsewhere implements WrittenElsewhere {
  readonly paths = new Set<string>()
  readonly #editions: WantedEdition[] = []
  readonly #ahead: LettersAhead | undefined
  readonly #sources: EditionSources

  constructor(ahead: LettersAhead | undefined, sources: EditionSources) {
    this.#ahead = ahead
    this.#sources = sources
  }

  add(wanted: WantedEdition, files: readonly OutputFile[]): void {
    this.#editions.push(wanted)
    for (const { path, body } of files) if (body === '') this.paths.add(path)
  }

  async write(): Promise<number | undefined> {
    return this.paths.size === 0 ? 0 : this.#ahead?.write()
  }

  async writeHere(): Promise<number> {
    const { editionFiles } = await import('../letter/index.ts')
    const { out, loaded } = this.#sources
    let written = 0
    for (const { edition, inFeed } of this.#editions) {
      const { letter } = await drawEdition(edition, inFeed, this.#sources)
      written += writeFiles(out, editionFiles(edition, letter, loaded))
    }
    return written
  }

  stop(): void {
    this.#ahead?.stop()
  }

  close(): void {
    this.#ahead?.close()
  }
}

/** Relative to the publication's folder. */
function ownFilesAmong(dependencies: readonly Dependency[]): string[] {
  const files = dependencies.flatMap(([, , , answer]) => {
    const [, file] = answer === '' ? [] : (JSON.parse(answer) as [string, string?])
    return file ? `articles/${file}` : []
  })
  return [...new Set(files)].sort()
}

function reportOf({ newsletter, id, articles, until }: Edition): EditionReport {
  return {
    id: `${newsletter.id}/${id}`,
    articles: articles.length,
    path: `out/editions/${newsletter.id}/${id}`,
    until: new Date(until).toISOString(),
  }
}

/** What every letter may show besides its articles. */
function globalInputs({ loaded, mark }: EditionSources): string {
  const { publication } = loaded
  const pictures = [publication.logo, publication.logoDark, publication.icon].map(
    picture => picture?.file && mark(`articles/${picture.file}`),
  )
  return digest([publication, pictures, mark()])
}

function digest(values: unknown): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex')
}

/** Of everything that goes into an edition, but for what its texts refer to. */
function inputsOf(edition: Edition, { mark }: EditionSources, global: string): string {
  const { newsletter, note, articles, parts, leftOut, ...rest } = edition
  return digest([
    global,
    // Its settings are among those of the publication.
    newsletter.id,
    { ...rest, lead: rest.lead?.id },
    note,
    articles.map(article => articleInputs(article, mark)),
    parts.map(part => [part.title, part.articles.map(({ id }) => id)]),
    leftOut,
  ])
}

/** Whether a field follows from the article's file alone, whose mark says whether it changed; its text need not be read. */
const FOLLOWS_FROM_FILE = {
  id: false,
  file: false,
  slug: true,
  url: false,
  state: false,
  title: true,
  date: true,
  updated: false,
  authors: false,
  section: false,
  tags: true,
  summary: true,
  place: true,
  image: false,
  audio: false,
  language: true,
  direction: true,
  live: true,
  expires: true,
  withdrawn: false,
  comments: true,
  source: true,
  canonical: true,
  extra: true,
  body: true,
  bodyLine: true,
} as const satisfies Record<keyof Article, boolean>
const OTHER_FIELDS = (Object.keys(FOLLOWS_FROM_FILE) as (keyof Article)[]).filter(
  field => !FOLLOWS_FROM_FILE[field],
)

function articleInputs(article: Article, mark: EditionSources['mark']): unknown[] {
  const own = (file: string | undefined) => file && mark(`articles/${file}`)
  const pictures = [article.image, ...article.authors.map(({ photo }) => photo)]
  return [
    mark(article.file),
    OTHER_FIELDS.map(field => article[field]),
    pictures.map(picture => own(picture?.file)),
  ]
}
