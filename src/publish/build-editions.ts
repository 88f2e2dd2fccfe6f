// Loaded folder → the files of every edition, and a report of each. An edition whose letter would come out as it stands in
// `out/` is not rendered again: MJML takes as long for one letter as everything else for a thousand articles.

import { createHash } from 'node:crypto'
import { newestEditions } from '../content/index.ts'
import { EXIT, UserError } from '../errors.ts'
import type {
  ArchivedEdition,
  Article,
  Diagnostic,
  Edition,
  Letter,
  Loaded,
  OutputFile,
  Progress,
} from '../model.ts'
import type { Asked, TracingRenderer } from '../render/index.ts'
import type { Templates } from '../templates/index.ts'

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
  readonly asked: readonly Asked[]
  /** Own files that its texts show, relative to the publication's folder, and their marks. */
  readonly shown: readonly (readonly [file: string, mark: string])[]
  /** Relative to `out/`. */
  readonly paths: readonly string[]
  readonly archived: ArchivedEdition
  readonly diagnostics: readonly Diagnostic[]
}

export interface EditionSources {
  readonly loaded: Loaded
  readonly renderer: TracingRenderer
  readonly templates: Templates
  readonly now: number
  /** '<newsletter>/<id>' → as the last build made it. */
  readonly known: ReadonlyMap<string, MadeEdition>
  /** Whether a file of `out/` is for certain as the last build made it. */
  stands(path: string): boolean
  /** A text that changes with an own file, relative to the publication's folder; with all templates when left out. */
  mark(file?: string): string
  readonly signal: AbortSignal | undefined
  readonly progress: ((label: string, total: number) => Progress) | undefined
  /** Called before each edition that is made; may throw. */
  goOn(): void
}

export interface BuiltEditions {
  readonly files: OutputFile[]
  /** Files that stand in `out/` as they would be made; their bodies are empty. */
  readonly standing: ReadonlySet<string>
  readonly reports: EditionReport[]
  readonly archived: ArchivedEdition[]
  readonly articles: Article[]
  readonly diagnostics: Diagnostic[]
  readonly made: Map<string, MadeEdition>
}

/** @throws UserError (exit 130) when the run is interrupted between two editions */
export async function buildEditions(sources: EditionSources): Promise<BuiltEditions> {
  const { loaded, renderer, templates, known, now } = sources
  const standing = new Set<string>()
  const files = new Map<string, OutputFile>()
  const made = new Map<string, MadeEdition>()
  const { newsletters } = loaded.publication
  if (newsletters.length === 0)
    return { files: [], standing, reports: [], archived: [], articles: [], diagnostics: [], made }
  const { editionsOf, noteDiagnostics } = await import('../edition/index.ts')
  const { editionFiles } = await import('../letter/index.ts')
  const appeared = newsletters.map(newsletter => editionsOf(loaded, newsletter, now))
  const editions = appeared.flat()
  const { items } = loaded.publication.feeds
  const carried = new Set(appeared.flatMap(own => newestEditions(own).slice(0, items)))
  const bar = sources.progress?.('editions', editions.length)
  const global = globalInputs(sources)

  for (const [index, edition] of editions.entries()) {
    if (sources.signal?.aborted)
      throw new UserError('interrupted', 'Run it again to go on.', EXIT.interrupted)
    const name = `${edition.newsletter.id}/${edition.id}`
    const inputs = inputsOf(edition, sources, global)
    const before = known.get(name)
    const isTold = !carried.has(edition) || before?.archived.digest !== undefined
    if (before?.inputs === inputs && isTold && isUpToDate(before, sources)) {
      made.set(name, before)
      for (const path of before.paths) {
        standing.add(path)
        files.set(path, { path, body: '' })
      }
      continue
    }
    sources.goOn()
    const asked = renderer.watch()
    const { renderEdition } = await import('../letter/index.ts')
    const { letter, files: pictures, diagnostics } = await renderEdition(edition, loaded, renderer, templates)
    const own = [...pictures, ...editionFiles(edition, letter, loaded)]
    for (const file of own) files.set(file.path, file)
    for (const { path } of own) standing.delete(path)
    const archived = await archivedOf(edition, letter, sources, carried.has(edition))
    const questions = asked()
    const shown = filesOf(questions).map(file => [file, sources.mark(file)] as const)
    const paths = own.map(({ path }) => path)
    made.set(name, { inputs, asked: questions, shown, paths, archived, diagnostics })
    bar?.at(index + 1)
  }
  bar?.stop()
  return {
    files: [...files.values()],
    standing,
    reports: editions.map(reportOf),
    archived: [...made.values()].map(({ archived }) => archived),
    articles: editions.flatMap(({ articles }) => articles),
    diagnostics: [
      ...noteDiagnostics(loaded),
      ...[...made.values()].flatMap(({ diagnostics }) => diagnostics),
    ],
    made,
  }
}

/** @param told whether a feed carries it */
async function archivedOf(
  edition: Edition,
  { preheader }: Letter,
  { loaded, renderer, templates }: EditionSources,
  told: boolean,
): Promise<ArchivedEdition> {
  const { noteForAll } = await import('../edition/index.ts')
  const { editionSubject } = await import('../letter/index.ts')
  const { editionDigest } = await import('../feed/index.ts')
  return {
    id: edition.id,
    newsletter: edition.newsletter.id,
    subject: editionSubject(edition, loaded.publication),
    preheader,
    until: edition.until,
    articles: edition.articles.length,
    image: edition.lead?.image,
    digest: told ? editionDigest(edition, noteForAll(edition), loaded, renderer, templates) : undefined,
  }
}

function isUpToDate(
  { paths, shown, asked }: MadeEdition,
  { stands, mark, renderer }: EditionSources,
): boolean {
  return paths.every(stands) && shown.every(([file, was]) => mark(file) === was) && renderer.holds(asked)
}

function filesOf(asked: readonly Asked[]): string[] {
  const files = asked.flatMap(([, , , answer]) => {
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
  const pictures = [publication.logo, publication.icon].map(
    picture => picture?.file && mark(`articles/${picture.file}`),
  )
  return JSON.stringify([publication, pictures, mark()])
}

function inputsOf(edition: Edition, { mark }: EditionSources, global: string): string {
  const { newsletter, note, articles, parts, leftOut, ...rest } = edition
  const own = (file: string | undefined) => file && mark(`articles/${file}`)
  const said = [
    global,
    newsletter,
    { ...rest, lead: rest.lead?.id },
    note,
    // Not its text, which need not be read: everything else of an article follows from its file and from these.
    articles.map(article => [
      article.file,
      mark(article.file),
      article.state,
      article.updated,
      article.id,
      article.url,
      article.section,
      article.image,
      own(article.image?.file),
      article.audio,
      article.authors.map(author => [author, own(author.photo?.file)]),
    ]),
    parts.map(part => [part.title, part.articles.map(({ id }) => id)]),
    leftOut,
  ]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}
