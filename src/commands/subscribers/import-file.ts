// `subscribers import`: a CSV file of this or another system → the list, or its suppressions; or with --dry-run what would be.

import { basename, resolve } from 'node:path'
import { DAY_MS, parseAddress } from '../../base/index.ts'
import { EXIT, type ExitCode, UserError } from '../../errors.ts'
import {
  type BadLine,
  CONSENT_WORDING,
  type Columns,
  type ImportReport,
  importList,
  importSuppressions,
  type ListFile,
  type ListReport,
  type ListSettings,
  listFile,
  listOfBytes,
  type NewSubscriber,
  previewList,
  type ReadOptions,
  saveRequest,
  subscriberByKey,
  surveyList,
  unconfirmedIn,
} from '../../store/index.ts'
import { type ListContext, newsletterIds, wordsOf } from './list-context.ts'

export async function importFile(context: ListContext): Promise<ExitCode> {
  if (context.options.suppressions === true) return importSuppressed(context)
  const said = await settingsOf(context)
  const { file, stop } = await open(context, 3)
  const settings: ListSettings = { ...said, file: file.name }
  try {
    const columns = await surveyList(file.text(), settings)
    // Only where a column, or everything, may say that somebody never confirmed.
    const mayDoubt = columns.states.length > 0 && columns.everybody === 'active'
    const unconfirmed = mayDoubt ? await unconfirmedIn(file.text(), columns, settings) : new Set<string>()
    const reading = { ...settings, unconfirmed, now: context.now }
    if (context.options.dryRun === true) return await preview(context, file, columns, reading)
    if (!(await isAgreed(context, columns))) {
      context.say('Nothing was imported.')
      return EXIT.usage
    }
    const report = await importList(context.db, file.text(), columns, {
      ...reading,
      isPart: context.options.newsletter !== undefined,
      signal: context.signal,
    })
    stop()
    sayBadLines(context, file.name, report.bad)
    const asked = context.options.ask === true ? await askToConfirm(context, report.unconfirmed) : undefined
    const value = { ...asJson(report, columns), unconfirmed: report.unconfirmed.length }
    context.result(value, () => describeImport(context, report, columns, asked))
    if (context.signal.aborted) return EXIT.interrupted
    return exitOf(context, report)
  } finally {
    stop()
  }
}

async function settingsOf(context: ListContext): Promise<Omit<ListSettings, 'file'>> {
  const { statusColumn, active, ignoreColumn } = context.options
  if (active !== undefined && statusColumn === undefined)
    throw new UserError(
      '--active needs --status-column',
      "Say which column: --status-column Status --active 'Paid,Free'",
    )
  return {
    newsletters: await newsletterIds(context),
    statusColumn: typeof statusColumn === 'string' ? statusColumn : undefined,
    active: wordsOf(active),
    ignored: wordsOf(ignoreColumn),
    everybody: standingGiven(context),
  }
}

const STANDINGS = {
  active: 'active',
  pending: 'pending',
  unconfirmed: 'pending',
  unsubscribed: 'unsubscribed',
  bounced: 'bounce',
  blocked: 'manual',
  complained: 'complaint',
} as const

/** `--as` */
function standingGiven({ options }: ListContext): (typeof STANDINGS)[keyof typeof STANDINGS] | undefined {
  if (options.as === undefined) return undefined
  const standing = Object.entries(STANDINGS).find(([word]) => word === options.as)?.[1]
  if (standing) return standing
  throw new UserError(`--as ${options.as} is not known`, `One of ${Object.keys(STANDINGS).join(', ')}`)
}

/** A path is relative to where the command is called, whatever --dir says. */
async function open(context: ListContext, passes: number): Promise<{ file: ListFile; stop(): void }> {
  const path = context.rest[0]!
  if (path === '-')
    return { file: listOfBytes('standard input', await context.stdin()), stop: () => undefined }
  const whole = resolve(context.cwd, path)
  let done = 0
  let at = (_bytes: number): void => undefined
  const file = listFile(whole, bytes => {
    done += bytes
    at(done)
  })
  const progress = context.progress(`reading ${basename(path)}`, file.bytes * passes)
  at = bytes => progress.at(bytes)
  return { file, stop: () => progress.stop() }
}

/** What the file cannot say, or what a person has told us not to ask it. */
async function isAgreed(context: ListContext, { dialect, readAs, overruled }: Columns): Promise<boolean> {
  if (
    dialect?.silence &&
    !(await agree(context, `This is an export of ${readAs}: ${dialect.silence}. Import it as it is?`))
  )
    return false
  for (const { title, rows } of overruled) {
    const question = `Column '${title}' is ignored, and calls ${rows} row${rows === 1 ? '' : 's'} something else than subscribed. Import them all the same?`
    if (!(await agree(context, question))) return false
  }
  return true
}

async function agree(context: ListContext, question: string): Promise<boolean> {
  if (context.options.yes !== true) return context.confirm(question)
  context.say(question.replace(/ [^.:?]*\?$/, ''))
  return true
}

const MAX_SHOWN_LINES = 20
const MAX_SHOWN_CHARACTERS = 100

/** Each with its text, in which no address can be read that is one. */
function sayBadLines(context: ListContext, file: string, bad: readonly BadLine[]): void {
  for (const { line, why, text } of bad.slice(0, MAX_SHOWN_LINES)) {
    const shown = text.replace(/[\p{Cc}\s]+/gu, ' ').replace(/[^\s,;"'<>()]+@[^\s,;"'<>()]+/g, hidden)
    context.sayError(
      `${file}:${line}: ${why}: ${shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown}`,
    )
  }
  if (bad.length > MAX_SHOWN_LINES)
    context.sayError(`… and ${bad.length - MAX_SHOWN_LINES} more; --json lists all`)
}

function hidden(text: string): string {
  return parseAddress(text) ? `${text[0]}…${text.slice(text.lastIndexOf('@'))}` : text
}

/** Bad lines are warnings, unless they are most of the file: then it is not what it was taken for. */
function exitOf(
  { options }: ListContext,
  { read, bad }: { readonly read: number; readonly bad: readonly BadLine[] },
): ExitCode {
  const isWrong = bad.length * 2 > read || (options.strict === true && bad.length > 0)
  return isWrong ? EXIT.content : EXIT.done
}

async function preview(
  context: ListContext,
  file: ListFile,
  columns: Columns,
  reading: ReadOptions,
): Promise<ExitCode> {
  const report = await previewList(file.text(), columns, reading)
  sayBadLines(context, file.name, report.bad)
  context.result({ ...asJson(report, columns), first: report.first }, () => {
    const { dialect, overruled } = columns
    return lines([
      ...describeList(report, columns),
      ...describeColumns(columns),
      'The first rows:',
      ...table(report),
      dialect?.silence && `Before it is imported: ${dialect.silence}.`,
      ...overruled.map(
        ({ title, rows }) =>
          `Ignored: column '${title}', which calls ${rows} rows something else than subscribed.`,
      ),
      'Nothing was imported: this was a dry run.',
    ])
  })
  return exitOf(context, report)
}

/** What each column is taken for. */
function describeColumns({ titles, known, states, fields }: Columns): string[] {
  const meanings = Object.entries(known).map(([meaning, column]) => `${meaning} from '${titles[column]}'`)
  const kept = fields.map(([field]) => field)
  return [
    `Columns: ${meanings.join(', ')}${kept.length > 0 ? `; fields: ${kept.join(', ')}` : ''}`,
    ...states
      .filter(({ values }) => values.size > 0)
      .map(({ title, values }) => {
        const counts = [...values].map(([value, rows]) => `${value} (${rows})`)
        return `Values of '${title}': ${counts.join(', ')}`
      }),
  ]
}

/** The first rows, as they would be stored. */
function table({ first }: ListReport): string[] {
  return first.map(({ email, name, state, suppression, newsletters, since }) =>
    [
      `  ${email}`,
      suppression ? `${state} (${REASONS[suppression]})` : state,
      Object.keys(newsletters).join(';'),
      name,
      since === undefined ? '' : `since ${new Date(since).toISOString().slice(0, 10)}`,
    ]
      .filter(Boolean)
      .join('  '),
  )
}

function describeImport(
  context: ListContext,
  report: ImportReport,
  columns: Columns,
  asked: number | undefined,
): string {
  const { added, updated, unchanged, suppressed, unsubscribed, ended, kept } = report
  return lines([
    ...describeList(report, columns),
    `${added} added, ${updated} updated, ${unchanged} unchanged`,
    suppressed > 0 && `${suppressed} suppressed: they are not mailed`,
    unsubscribed > 0 && `${unsubscribed} unsubscribed, here or in the file: they are not mailed`,
    ended > 0 && `${ended} of them were subscribed here until now`,
    ...describeUnconfirmed(context, report.unconfirmed.length, asked),
    kept > 0 && `${kept} stay subscribed: they have confirmed here themselves`,
    context.signal.aborted && 'Interrupted. Run it again: what is on the list already stays as it is.',
  ])
}

function describeUnconfirmed(
  { rest }: ListContext,
  count: number,
  asked: number | undefined,
): (string | false)[] {
  if (asked !== undefined)
    return [
      `${asked} will be asked to confirm: the mails go out with the next broadsheet bounces, or by serve`,
    ]
  return [
    count > 0 &&
      `${count} unconfirmed: they get no letter until they confirm. To ask them: broadsheet subscribers import ${rest[0]} --ask`,
  ]
}

const CONFIRM_WITHIN_MS = 7 * DAY_MS

/** One mail to each, with the same link that a sign-up gets. @returns how many */
async function askToConfirm(context: ListContext, newcomers: readonly NewSubscriber[]): Promise<number> {
  const { openPublication } = await import('../../content/index.ts')
  const { publication } = await openPublication(context.dir, { now: context.now() })
  let asked = 0
  for (const { email, key, newsletters, topics, language, source } of newcomers) {
    const now = context.now()
    if ((await subscriberByKey(context.db, key))?.state !== 'pending') continue
    const wanted = Array.isArray(newsletters)
      ? Object.fromEntries(newsletters.map(id => [id, topics]))
      : (newsletters as Readonly<Record<string, readonly string[]>>)
    const isNew = await saveRequest(context.db, {
      purpose: 'subscribe',
      email,
      key,
      newsletters: wanted,
      language: language || publication.newsletters[0]?.language || publication.language,
      source,
      network: '',
      wording: CONSENT_WORDING,
      expires: now + CONFIRM_WITHIN_MS,
      now,
    })
    if (isNew) asked += 1
  }
  return asked
}

/** What was read, and what is odd about it. */
function describeList(
  { readAs, read, states, reasons, odd, bad }: ListReport,
  columns: Columns,
): (string | false)[] {
  const called = columns.states.map(({ title }) => title).join(', ')
  return [
    `${read} line${read === 1 ? '' : 's'} read${readAs ? ` as ${readAs}` : ''}: ${[
      `${states.active} active`,
      states.pending > 0 && `${states.pending} unconfirmed`,
      states.unsubscribed > 0 && `${states.unsubscribed} unsubscribed`,
      states.suppressed > 0 && `${states.suppressed} suppressed (${describeReasons(reasons)})`,
      bad.length > 0 && `${bad.length} could not be used`,
    ]
      .filter(Boolean)
      .join(', ')}`,
    called !== '' && `State of a reader: ${called}`,
    ...blankColumns(columns),
    ...odd.map(text => `Odd: ${text}`),
  ]
}

/** Where an empty cell keeps a reader from being mailed, somebody should know. */
function blankColumns({ states }: Columns): string[] {
  return states
    .filter(({ blank, blanks }) => blank === 'pending' && blanks > 0)
    .map(
      ({ title, blanks }) =>
        `An empty '${title}' is read as unconfirmed: ${blanks} row${blanks === 1 ? '' : 's'}`,
    )
}

/** What a person calls the reason of a suppression. */
const REASONS: Readonly<Record<string, string>> = {
  bounce: 'bounced',
  manual: 'blocked',
  complaint: 'complained',
}

function describeReasons(reasons: ListReport['reasons']): string {
  return Object.entries(reasons)
    .map(([reason, count]) => `${count} ${REASONS[reason] ?? reason}`)
    .join(', ')
}

function asJson<Report extends ListReport>({ first: _, readAs, ...report }: Report, columns: Columns) {
  return {
    readAs: readAs ?? null,
    ...report,
    columns: {
      ...Object.fromEntries(
        Object.entries(columns.known).map(([meaning, column]) => [meaning, columns.titles[column]]),
      ),
      states: columns.states.map(({ title }) => title),
    },
  }
}

async function importSuppressed(context: ListContext): Promise<ExitCode> {
  const { options, now, signal } = context
  const wrong = ['statusColumn', 'active', 'ignoreColumn', 'dryRun', 'newsletter'].find(
    option => options[option] !== undefined,
  )
  if (wrong !== undefined)
    throw new UserError(
      'import --suppressions takes only --as and --strict',
      'Everybody in the file is suppressed, for all newsletters: --as bounced, blocked, complained or unsubscribed says why.',
    )
  const given = standingGiven(context)
  const reason = given === 'active' || given === 'pending' ? undefined : given
  if (given !== reason)
    throw new UserError(
      `--as ${options.as} is no reason to suppress anybody`,
      'Say --as bounced, blocked, complained or unsubscribed.',
    )
  const { file, stop } = await open(context, 1)
  try {
    const report = await importSuppressions(context.db, file.text(), { file: file.name, now, signal, reason })
    stop()
    sayBadLines(context, file.name, report.bad)
    context.result(report, () => {
      const why = describeReasons(report.reasons)
      return lines([
        `${report.read} line${report.read === 1 ? '' : 's'} read${why && `: ${why}`}`,
        `${report.added} suppressed now; the others were already`,
        report.bad.length > 0 && `${report.bad.length} could not be used`,
        signal.aborted && 'Interrupted. Run it again: what is suppressed already stays as it is.',
      ])
    })
    return signal.aborted ? EXIT.interrupted : exitOf(context, report)
  } finally {
    stop()
  }
}

function lines(all: readonly (string | false | undefined)[]): string {
  return all
    .filter(line => typeof line === 'string')
    .map(line => `${line}\n`)
    .join('')
}
