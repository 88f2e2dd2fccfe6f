// Loaded folder → the files of every edition, and a report of each. An edition whose letter would be the same as it is in
// `out/` is not rendered again: MJML takes as long for one letter as everything else for a thousand articles.

import { hash } from 'node:crypto'
import { newestEditions } from '../content/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type { KnownLayouts } from '../letter/index.ts'
import type { ArchivedEdition, Article, Diagnostic, Edition, OutputFile, Progress } from '../model.ts'
import type { Dependency } from '../render/index.ts'
import {
  drawEdition,
  EditionsElsewhere,
  type LetterSources,
  WaitingLetters,
  type WrittenElsewhere,
} from './draw-edition.ts'
import type { FolderSize, LetterMade, LettersAhead, WantedLetter } from './threads/work-ahead.ts'

export interface EditionReport {
  /** '<newsletter>/<id>' */
  readonly id: string
  readonly articles: number
  readonly path: string
  readonly until: string
}

/** What a build leaves of its editions. */
export interface KeptEditions {
  /** Of what every letter may show besides its articles. */
  readonly global: string
  /** By '<newsletter>/<id>'. */
  readonly made: ReadonlyMap<string, MadeEdition>
}

/** What is kept of an edition that was made. */
interface MadeEdition {
  /** Of which articles it has, where, and all else that an editor and the schedule decide. */
  readonly plan: string
  /** Of what is shown of its articles, but for what their texts refer to. */
  readonly articles: string
  /** By the note, the blocks and the biographies; and by an article that is in it whole. */
  readonly dependencies: readonly Dependency[]
  /** Own files that its texts show, relative to the publication's folder, and their marks. */
  readonly shown: readonly (readonly [file: string, mark: string])[]
  /** Relative to `out/`. */
  readonly paths: readonly string[]
  readonly archived: ArchivedEdition
  readonly diagnostics: readonly Diagnostic[]
}

/** What the last build left, and which files are still as they were then. */
interface EditionsBefore {
  recall(part: 'editions'): KeptEditions | undefined
  recall(part: 'layouts'): KnownLayouts | undefined
  /** Whether a file of `out/` is for certain as that build made it. */
  isUpToDate(path: string): boolean
  /** A text that changes with an own file, relative to the publication's folder; with all templates when left out. */
  mark(file?: string): string
}

interface EditionSources extends LetterSources {
  /** Absolute path. */
  readonly out: string
  /** ms since epoch. */
  readonly now: number
  readonly size: FolderSize
  readonly kept: EditionsBefore
  readonly last: {
    /** Whether an article, and each file of the publication's own that it names, is for certain what it was then. */
    isUntouched(article: Article): boolean
  }
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
  /** For the next build; undefined where it is what the last one left. */
  readonly kept: KeptEditions | undefined
  /** The same of layouts of letters. */
  readonly layouts: KnownLayouts | undefined
}

/** @throws UserError (exit 130) when the run is interrupted between two editions */
export async function buildEditions(sources: EditionSources): Promise<BuiltEditions> {
  const { loaded, now } = sources
  const { newsletters } = loaded.publication
  if (newsletters.length === 0) return NONE
  const { editionsOf, missingSince, noteDiagnostics } = await import('../edition/index.ts')
  const byNewsletter = newsletters.map(newsletter => editionsOf(loaded, newsletter, now))
  const editions = byNewsletter.flat()
  const global = globalInputs(sources)
  const known = sources.kept.recall('editions')
  const wanted = wantedEditions(byNewsletter, known?.global === global ? known.made : new Map(), sources)
  const { made, files, upToDate, elsewhere, layouts } = await makeEditions(wanted, sources)
  const isAsBefore = known?.global === global && known.made.size === made.size && wanted.every(isSame)
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
    kept: isAsBefore ? undefined : { global, made },
    layouts,
  }
}

interface WantedEdition extends Pick<MadeEdition, 'plan' | 'articles'> {
  readonly edition: Edition
  readonly name: string
  readonly inFeed: boolean
  /** What the last build made of it, where this one would make the same. */
  readonly same: MadeEdition | undefined
}

function isSame({ same }: WantedEdition): boolean {
  return same !== undefined
}

function wantedEditions(
  byNewsletter: readonly Edition[][],
  known: KeptEditions['made'],
  sources: EditionSources,
): WantedEdition[] {
  const { loaded, kept, last } = sources
  const carried = loaded.publication.feeds.items
  const inFeeds = new Set(byNewsletter.flatMap(own => newestEditions(own).slice(0, carried)))
  return byNewsletter.flat().map(edition => {
    const name = `${edition.newsletter.id}/${edition.id}`
    const inFeed = inFeeds.has(edition)
    const plan = planInputs(edition)
    const before = known.get(name)
    const hasSamePlan = before?.plan === plan
    // Most articles are: to look at what each of them shows would take longer than all else.
    const articles =
      hasSamePlan && edition.articles.every(last.isUntouched)
        ? before.articles
        : digest(edition.articles.map(article => articleInputs(article, kept.mark)))
    const isSameEdition =
      hasSamePlan && before.articles === articles && isMadeOfSame(edition, before, inFeed, sources)
    return { edition, name, inFeed, plan, articles, same: isSameEdition ? before : undefined }
  })
}

async function makeEditions(
  wanted: readonly WantedEdition[],
  sources: EditionSources,
): Promise<EditionFiles> {
  const waiting = new WaitingLetters(sources.size === 'large' ? 0 : undefined)
  const bar = sources.progress?.('editions', wanted.length)
  const toMake = wanted.filter(one => !isSame(one))
  const layouts = toMake.length > 0 ? await recallLayouts(sources) : undefined
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
  found.layouts = layouts?.()
  return found
}

/** @returns what gives, when letters are made, those for the next build; or undefined where they are what they were */
async function recallLayouts({ kept }: EditionSources): Promise<() => KnownLayouts | undefined> {
  const { knownLayouts, recallLayouts } = await import('../letter/index.ts')
  const before = kept.recall('layouts') ?? new Map()
  recallLayouts(before)
  return () => {
    const now = knownLayouts()
    return [...now].every(([key, layout]) => before.get(key) === layout) ? undefined : now
  }
}

/** What the editions are in `out/`: the files of those that are made, and those that are left as they are. */
class EditionFiles {
  /** By '<newsletter>/<id>'. */
  readonly made = new Map<string, MadeEdition>()
  /** By path. */
  readonly files = new Map<string, OutputFile>()
  readonly upToDate = new Set<string>()
  readonly elsewhere: EditionsElsewhere
  /** Of letters, where more is known of them than at the last build. */
  layouts: KnownLayouts | undefined

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
    const { name, plan, articles } = wanted
    this.made.set(name, { plan, articles, paths: files.map(({ path }) => path), ...others })
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
  kept: { global: '', made: new Map() },
  layouts: undefined,
}

/** Of two with the same plan and articles: whether its files, and all that its texts refer to, are what they were. */
function isMadeOfSame(
  { articles }: Edition,
  { paths, shown, dependencies, archived }: MadeEdition,
  inFeed: boolean,
  { kept, renderer, texts }: EditionSources,
): boolean {
  return (
    (!inFeed || archived.digest !== undefined) &&
    paths.every(kept.isUpToDate) &&
    shown.every(([file, was]) => kept.mark(file) === was) &&
    articles.every(texts.hasSameText) &&
    renderer.areUnchanged(dependencies)
  )
}

interface FreshEdition extends Omit<MadeEdition, 'plan' | 'articles' | 'paths'> {
  readonly files: readonly OutputFile[]
}

async function makeEdition(
  { edition, name, inFeed }: WantedEdition,
  { waiting, ahead }: { readonly waiting: WaitingLetters; readonly ahead: LetterMade | undefined },
  sources: EditionSources,
): Promise<FreshEdition> {
  const { loaded, texts, kept } = sources
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
  const shown = ownFilesAmong(dependencies).map(file => [file, kept.mark(file)] as const)
  return { files, dependencies, shown, archived, diagnostics }
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
function globalInputs({ loaded, kept }: EditionSources): string {
  const { publication } = loaded
  const pictures = [publication.logo, publication.logoDark, publication.icon].map(
    picture => picture?.file && kept.mark(`articles/${picture.file}`),
  )
  return digest([publication, pictures, kept.mark()])
}

function digest(values: unknown): string {
  return hash('sha256', JSON.stringify(values))
}

/** Which articles an edition has, where, and all else that an editor and the schedule decide. */
function planInputs(edition: Edition): string {
  const { newsletter, note, articles, parts, leftOut, lead, ...rest } = edition
  return digest([
    // Its settings are among those of the publication.
    newsletter.id,
    rest,
    note,
    lead?.file,
    // In the order of the parts.
    articles.map(({ file }) => file),
    parts.map(part => [part.title, part.articles.length]),
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

function articleInputs(article: Article, mark: EditionsBefore['mark']): unknown[] {
  const own = (file: string | undefined) => file && mark(`articles/${file}`)
  const pictures = [article.image, ...article.authors.map(({ photo }) => photo)]
  return [
    mark(article.file),
    OTHER_FIELDS.map(field => article[field]),
    pictures.map(picture => own(picture?.file)),
  ]
}
