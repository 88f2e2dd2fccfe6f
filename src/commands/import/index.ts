// `import`: the export of another system, a feed or a saved page → article files in this publication, and what became of it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { ExportFile, ExportFiles } from './export-files.ts'
import type { Importer, OpenExport } from './imported.ts'
import type { ImportReport } from './write-folder.ts'

/** In a large export the heap may grow by so much of what is in use before it is tidied: 500 MB fit into a small machine. */
const LARGE_EXPORT_GROWTH_PERCENT = 20
const LARGE_EXPORT_BYTES = 64 * 2 ** 20

export async function run(context: Context): Promise<ExitCode> {
  const { args, options, dir } = context
  if (!args[0])
    throw new UserError('nothing to import is named', 'Name the export: broadsheet import blog.xml')
  const { openPublication } = await import('../../content/index.ts')
  const { openExport } = await import('./export-files.ts')
  const { importerFor, packedFiles, withFeedIds } = await import('./importers.ts')
  const { importArticles } = await import('./write-folder.ts')
  const into = intoFolder(dir, textOption(options.into))
  const copyPictures = pictureChoice(textOption(options.pictures))
  const loaded = await openPublication(dir, { now: context.now() })
  const files = await openExport(resolve(context.cwd, args[0]))
  const isLarge = files.files.reduce((sum, { bytes }) => sum + bytes, 0) > LARGE_EXPORT_BYTES
  if (isLarge) setFlagsFromString(`--heap-growing-percent=${LARGE_EXPORT_GROWTH_PERCENT}`)
  try {
    const importer = importerFor(files, textOption(options.from))
    const { timezone, language, title } = loaded.publication
    const site = siteOption(textOption(options.site))
    const reading = withBar(files, context)
    const exported = await importer.open(reading.files, { timezone, language, title, site })
    const isFeed = /^(?:feed|blogger|page)$/.test(importer.name)
    const open = isFeed ? exported : await withFeedIds(exported, files)
    const report = await importArticles(open, files, loaded, {
      into,
      copyPictures,
      dryRun: options.dryRun === true,
      overwrite: options.overwrite === true,
      findingsOfAKind: context.json ? Number.POSITIVE_INFINITY : MAX_SHOWN,
      now: context.now(),
      signal: context.signal,
      progress(total) {
        reading.stop()
        return context.progress('import', total)
      },
    })
    notePacked(report, packedFiles(files))
    if (report.read === 0) throw nothingIn(files, report)
    const readers = options.subscribers === true ? await importLists(context, files, open.lists) : undefined
    if (context.signal.aborted) {
      context.say('Stopped. The same command continues: what is written already stays.')
      return EXIT.interrupted
    }
    for (const finding of shown(report)) context.sayError(finding)
    context.result(
      {
        ...asJson(report, importer, open, options.dryRun === true),
        ...(readers && { readers: readers.reports }),
      },
      () => describe(report, importer, open, context) + (readers?.text ?? ''),
    )
    if (readers && readers.code !== EXIT.done) return readers.code
    return report.needPerson > 0 ? EXIT.content : EXIT.done
  } finally {
    if (isLarge) setFlagsFromString('--heap-growing-percent=0')
    files.close()
  }
}

const PACKED = 'archives in the export'

function notePacked(report: ImportReport, archives: readonly ExportFile[]): void {
  for (const { path: file } of archives) {
    const message = 'is an archive itself, and what is in it was not read'
    report.findings.push({ file, line: 0, kind: PACKED, message })
    report.lost[PACKED] = (report.lost[PACKED] ?? 0) + 1
  }
}

function nothingIn({ name }: ExportFiles, { leftOut }: ImportReport): UserError {
  const others = describeCounts(leftOut)
  return new UserError(`${name}: no article in it`, others && `It has ${others}.`, EXIT.content)
}

/** The export, with a bar for what is read of it until the first article is written: large ones are read twice before. */
function withBar(files: ExportFiles, context: Context): { readonly files: ExportFiles; stop(): void } {
  const megabytes = (bytes: number) => Math.ceil(bytes / 1e6)
  const total = files.files.reduce((sum, { bytes }) => sum + bytes, 0)
  const bar = context.progress('read', megabytes(total))
  let done = 0
  let isStopped = false
  async function* watch(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      done += chunk.length
      if (!isStopped) bar.at(megabytes(done % (total + 1)), done > total ? 'MB, once more' : 'MB')
      yield chunk
    }
  }
  // Its other properties are asked of the file itself: its beginning is read when somebody wants it.
  const watched = files.files.map(
    (file): ExportFile =>
      Object.create(file, { stream: { value: async () => watch(await file.stream()), enumerable: true } }),
  )
  return {
    files: { ...files, files: watched },
    stop() {
      isStopped = true
      bar.stop()
    },
  }
}

function textOption(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function siteOption(site: string | undefined): string | undefined {
  if (site === undefined || /^https?:\/\/[^\s/]+(?:\/\S*)?$/.test(site)) return site
  throw new UserError(
    `--site ${site} is not an address`,
    'Write it as browsers show it: --site https://old.example',
  )
}

function intoFolder(dir: string, given = 'articles'): string {
  const into = relative(dir, resolve(dir, given)).split('\\').join('/')
  const isInside = (into === 'articles' || into.startsWith('articles/')) && !isAbsolute(into)
  const isTaken = /^articles\/(?:authors|editions)(?:\/|$)/.test(into)
  if (!isInside || isTaken)
    throw new UserError(
      `--into ${given} is no folder for articles`,
      'Name one below articles/: --into articles/archive',
    )
  return into
}

function pictureChoice(given = 'copy'): boolean {
  if (given !== 'keep' && given !== 'copy')
    throw new UserError(
      `--pictures ${given} is neither keep nor copy`,
      'copy takes pictures that the export contains; keep leaves them at their addresses.',
    )
  return given === 'copy'
}

/** So many of one kind are listed; all of them are in `--json`. */
const MAX_SHOWN = 5

function shown({ findings, lost }: ImportReport): string[] {
  const kinds = new Map<string, number>()
  const lines: string[] = []
  for (const { file, line, kind, message, needsPerson } of findings) {
    const count = (kinds.get(kind) ?? 0) + 1
    kinds.set(kind, count)
    const place = line > 0 ? `${file}:${line}` : file
    if (count <= MAX_SHOWN)
      lines.push(printable(`${place}: ${needsPerson ? 'look at this: ' : ''}${message}`))
  }
  for (const [kind, count] of Object.entries(lost))
    if (count > MAX_SHOWN) lines.push(`… and ${count - MAX_SHOWN} more ${kind}; --json lists all`)
  return lines
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd')
}

function asJson(report: ImportReport, importer: Importer, { feeds, lists }: OpenExport, dryRun: boolean) {
  return { system: importer.name, dryRun, ...report, feeds, lists }
}

function describe(
  report: ImportReport,
  { title }: Importer,
  { feeds, lists }: OpenExport,
  { options }: Context,
): string {
  const isDry = options.dryRun === true
  const { read, written, unchanged, kept, pictures } = report
  const rows: [string, string][] = [
    ['read', `${articles(read)} from ${title}`],
    [isDry ? 'would write' : 'written', files(written.length)],
  ]
  if (unchanged > 0) rows.push(['unchanged', files(unchanged)])
  if (kept.length > 0)
    rows.push([
      'kept',
      `${files(kept.length)} that somebody edited: ${kept.slice(0, 3).join(', ')}${kept.length > 3 ? ' …' : ''}; --overwrite replaces`,
    ])
  const drafts = describeCounts(report.heldBack)
  if (drafts) rows.push(['drafts', `${drafts}; none of them is published before you remove draft: true`])
  const leftOut = describeCounts(report.leftOut)
  if (leftOut) rows.push(['left out', leftOut])
  const lost = describeCounts(report.lost)
  if (lost) rows.push(['changed', lost])
  if (pictures.copied > 0) rows.push(['pictures', `${pictures.copied} copied`])
  if (pictures.remote > 0)
    rows.push([
      'pictures',
      `${pictures.remote} stay at their addresses: keep that site until you have moved them`,
    ])
  if (lists.length > 0 && options.subscribers !== true)
    rows.push(['readers', `${lists.join(', ')}: import with broadsheet subscribers import, or --subscribers`])
  if (feeds.length > 0)
    rows.push([
      'next',
      `keep the feed's address in publication.yaml: feeds: { paths: [${feeds.join(', ')}] }`,
    ])
  if (report.plainIds > 0)
    rows.push([
      'next',
      'readers know these articles by ids that are no addresses: keep them with articles: { id: guid } in publication.yaml',
    ])
  rows.push(['next', 'broadsheet check'])
  return rows.map(([name, text]) => `${name.padEnd(11)} ${printable(text)}\n`).join('')
}

function articles(count: number): string {
  return `${count} article${count === 1 ? '' : 's'}`
}

function files(count: number): string {
  return `${count} file${count === 1 ? '' : 's'}`
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${kind}: ${count}`)
    .join(', ')
}

// ─── The lists of readers: by the rules of `subscribers import`, so that whoever left there stays unsubscribed ───────

interface ImportedLists {
  /** The worst of them. */
  readonly code: ExitCode
  /** What `subscribers import --json` says of each. */
  readonly reports: readonly unknown[]
  /** What it says to people. */
  readonly text: string
}

/** Bytes of one list: millions of readers. */
const MAX_LIST_BYTES = 512 * 2 ** 20

/** @param lists paths in the export */
async function importLists(
  context: Context,
  files: ExportFiles,
  lists: readonly string[],
): Promise<ImportedLists> {
  const { run } = await import('../subscribers/index.ts')
  // Its name tells which list it is: unsubscribed.csv.
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-lists-'))
  const reports: unknown[] = []
  let text = ''
  let code: ExitCode = EXIT.done
  try {
    for (const path of lists) {
      const file = files.files.find(each => each.path === path)!
      const place = join(folder, basename(path))
      writeFileSync(place, await file.read(MAX_LIST_BYTES), { mode: 0o600 })
      const { dryRun, yes } = context.options
      const ended = await run({
        ...context,
        args: ['import', place],
        options: { ...(dryRun === true && { dryRun }), ...(yes === true && { yes }) },
        result(value, human) {
          reports.push(value)
          text += `\n${path}\n${human()}`
        },
      })
      if (ended !== EXIT.done) code = ended
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { code, reports, text }
}
