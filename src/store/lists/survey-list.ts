// A list of subscribers, read once before anything is stored → what each of its columns means, or why nobody can say.

import { parseAddress } from '../../base/index.ts'
import { UserError } from '../../errors.ts'
import { STANDINGS, type Standing, saysGone, stateOfWord, words } from './cell-values.ts'
import {
  ColumnTally,
  fieldName,
  isAboutReader,
  isPlace,
  type Meaning,
  meaningOf,
  mentionsMail,
  type NamePart,
  namePartOf,
  splitList,
} from './columns.ts'
import { type Dialect, dialectOf, type Header } from './dialects.ts'
import { parseList } from './list-file.ts'
import { isOtherChannel, ofWords, type StateReader, stateReaderOf } from './state-columns.ts'

export interface ListSettings {
  /** The name of the file, in messages. */
  readonly file: string
  /** Ids of the publication's newsletters: if the file has no column for them, everybody gets all. */
  readonly newsletters: readonly string[]
  /** A column of states, and which of its values are subscribed besides those that are known. */
  readonly statusColumn?: string | undefined
  readonly active?: readonly string[] | undefined
  /** Columns that are not asked whether a reader may be mailed. */
  readonly ignored?: readonly string[] | undefined
  /** What the file says of everybody in it. */
  readonly everybody?: Standing | undefined
}

export interface StateColumn {
  readonly column: number
  readonly title: string
  readonly reader: StateReader
  /** What a blank cell says here, and how many there are. */
  readonly blank: Standing | 'nothing'
  readonly blanks: number
  /** Different values and how often they occur, if they are few. */
  readonly values: ReadonlyMap<string, number>
}

export interface Columns {
  readonly titles: readonly string[]
  readonly dialect: Dialect | undefined
  /** 'Mailchimp, unsubscribed', if the header is one that is known. */
  readonly readAs: string | undefined
  /** Meaning → number of the column. */
  readonly known: Readonly<Partial<Record<Meaning, number>>>
  readonly states: readonly StateColumn[]
  readonly everybody: Standing
  /** Columns of given and family names. */
  readonly nameParts: Readonly<Partial<Record<NamePart, number>>>
  /** Columns that say since when, the first that is filled; and those of JSON. */
  readonly since: readonly number[]
  readonly json: readonly number[]
  /** Every other column that has a name: the field that it becomes, and its number. */
  readonly fields: readonly (readonly [field: string, column: number])[]
  /** How many rows an ignored column calls something else than active, as far as it is understood. */
  readonly overruled: readonly { readonly title: string; readonly rows: number }[]
}

/** @throws UserError when the file has no usable header, or a column of states in it is not understood */
export async function surveyList(chunks: AsyncIterable<string>, settings: ListSettings): Promise<Columns> {
  let survey: Survey | undefined
  for await (const record of parseList(chunks)) {
    if ('cells' in record) {
      if (survey) countCells(survey, record.cells, record.line)
      else survey = beginSurvey(record.cells, settings)
    } else if (!survey) {
      throw new UserError(`${settings.file}, line ${record.line}: ${record.why}`, 'Mend the header.')
    }
  }
  if (!survey)
    throw new UserError(`${settings.file} is empty`, 'The first line names the columns: email,name')
  return columnsOf(survey)
}

/** The worst of what several columns say. */
export function worst(said: Iterable<Standing | 'nothing' | undefined>): Standing {
  let place = 0
  for (const standing of said) place = Math.max(place, STANDINGS.indexOf(standing as Standing))
  return STANDINGS[place]!
}

interface Survey {
  readonly settings: ListSettings
  readonly titles: readonly string[]
  readonly names: readonly string[]
  readonly header: Header
  readonly dialect: Dialect | undefined
  readonly ignored: ReadonlySet<string>
  readonly tallies: readonly ColumnTally[]
}

function beginSurvey(titles: readonly string[], settings: ListSettings): Survey {
  const names = titles.map(fieldName)
  const header: Header = {
    titles,
    file: settings.file,
    has: (...wanted) => wanted.some(name => names.includes(name)),
  }
  const named = (given: string, option: string) => {
    const name = fieldName(given)
    if (name !== '' && names.includes(name)) return name
    // A column without a title has a number.
    const column = Number(/^column (\d+)$/.exec(given)?.[1]) - 1
    if (names[column] === '') return ''
    throw new UserError(
      `${option}: ${settings.file} has no column '${given}'`,
      `It has: ${titles.join(', ')}`,
    )
  }
  const dialect = dialectOf(header)
  const chosen =
    settings.statusColumn === undefined ? undefined : named(settings.statusColumn, '--status-column')
  const tallies = titles.map((title, column) => {
    const reader = readerOf(title, names[column]!, dialect)
    return new ColumnTally(
      title,
      names[column] === chosen ? withChosen(reader, settings.active ?? []) : reader,
    )
  })
  const ignored = new Set(
    joinTitles(settings.ignored ?? [], names).map(given => named(given, '--ignore-column')),
  )
  return { settings, titles, names, header, dialect, ignored, tallies }
}

/** A title with commas in it came in parts: the longest run of them that is a column is one. */
function joinTitles(parts: readonly string[], names: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < parts.length; ) {
    const ends = parts.map((_, index) => index + 1).filter(end => end > at)
    const end = ends.findLast(end => names.includes(fieldName(parts.slice(at, end).join(' ')))) ?? at + 1
    joined.push(parts.slice(at, end).join(' '))
    at = end
  }
  return joined
}

function readerOf(title: string, name: string, dialect: Dialect | undefined): StateReader | undefined {
  if (dialect?.states[name]) return dialect.states[name]
  const meaning = meaningOf(title)
  const means = meaning !== undefined && !['email', 'newsletters', 'subscription'].includes(meaning)
  return means || isExplained(name, dialect) ? undefined : stateReaderOf(title)
}

/** Whether the dialect knows that the column says nothing about states. */
function isExplained(name: string, dialect: Dialect | undefined): boolean {
  if (!dialect || dialect.states[name]) return false
  const { since, fields = [], drops, json = [] } = dialect
  return fields === 'all others' || [since, fields, drops, json].some(list => list.includes(name))
}

/** A person says which values are subscribed. What is neither that nor known is not mailed. */
function withChosen(reader: StateReader = ofWords(), active: readonly string[]): StateReader {
  const wrong = active.find(value => saysGone(value) || STANDINGS.indexOf(stateOfWord(value) ?? 'active') > 2)
  if (wrong !== undefined) {
    throw new UserError(
      `--active ${wrong}: whoever is called that is not subscribed`,
      'Name values that mean subscribed; or, if the column is about something else, use --ignore-column.',
    )
  }
  const known = new Set(active.map(words))
  const { doubt: _, ...rest } = reader
  return {
    ...rest,
    read: cell =>
      known.has(words(cell)) ? 'active' : (reader.read(cell) ?? (known.size > 0 ? 'pending' : undefined)),
  }
}

function countCells({ titles, tallies }: Survey, cells: readonly string[], line: number): void {
  // A line that lacks cells is reported when it is read, and not imported.
  if (cells.length !== titles.length) return
  for (const [column, tally] of tallies.entries()) tally.count(cells[column]!.trim(), line)
}

function columnsOf(survey: Survey): Columns {
  const { settings, titles, names, dialect, header } = survey
  const email = emailColumn(survey)
  const { states, overruled } = stateColumns(survey, email)
  const { known, fields } = otherColumns(survey, email, new Set(states.map(({ column }) => column)))
  const file = dialect?.file?.(header)
  const columns = (wanted: readonly string[] = []) =>
    wanted.map(name => names.indexOf(name)).filter(column => column >= 0)
  const everybody = worst([file?.everybody, settings.everybody, standingOfTitle(titles[email]!)])
  if (everybody === 'active' && settings.everybody === undefined) checkFileName(survey, states)
  return {
    titles,
    dialect,
    readAs: dialect && [dialect.name, ...(file ? [file.name] : [])].join(', '),
    known,
    nameParts: namePartColumns(titles),
    states,
    everybody,
    since: columns(dialect?.since),
    json: columns(dialect?.json),
    fields,
    overruled,
  }
}

function namePartColumns(titles: readonly string[]): Columns['nameParts'] {
  const parts: Partial<Record<NamePart, number>> = {}
  for (const [column, title] of titles.entries()) {
    const part = namePartOf(title)
    if (part) parts[part] ??= column
  }
  return parts
}

/** 'Bounced address': what the title of the addresses says of everybody. */
function standingOfTitle(title: string): Standing | undefined {
  const said = meaningOf(title) ? undefined : stateReaderOf(title)?.read('yes')
  return said === 'nothing' || said === 'blank' ? undefined : said
}

/** By its title in nine languages; else by what is in it. */
function emailColumn({ settings: { file }, titles, names, dialect, tallies }: Survey): number {
  if (dialect?.email !== undefined) return names.indexOf(dialect.email)
  const all = titles.map((_, column) => column)
  const hasAddresses = (column: number) =>
    tallies[column]!.addresses * 2 >= Math.max(1, tallies[column]!.filled)
  const titled = all.filter(column => meaningOf(titles[column]!) === 'email')
  if (titled.length === 1 && (hasAddresses(titled[0]!) || !all.some(hasAddresses))) return titled[0]!
  const likely = [titled, all.filter(column => mentionsMail(titles[column]!)), all]
  const found = likely.map(columns => columns.filter(hasAddresses)).find(columns => columns.length > 0)
  const [first, second] = found ?? titled
  if (first !== undefined && second !== undefined) throw meanTheSame(file, titles, first, second)
  if (first !== undefined) return first
  const hasAddress = titles.some(title => parseAddress(title) !== undefined)
  throw new UserError(
    hasAddress
      ? `${file} has no header`
      : `${file} has no column 'email' in its first line, and none with addresses below it`,
    'The first line names the columns: email,name,newsletters',
  )
}

function meanTheSame(file: string, titles: readonly string[], one: number, other: number): UserError {
  return new UserError(
    `${file}: columns ${one + 1} and ${other + 1} of the header, '${titles[one]}' and '${titles[other]}', mean the same`,
    'Rename or remove one of them.',
  )
}

/** @throws UserError that names every column which speaks of states and is not understood */
function stateColumns(survey: Survey, email: number): Pick<Columns, 'states' | 'overruled'> {
  const { titles, names, tallies, ignored, dialect } = survey
  const states: StateColumn[] = []
  const overruled: { title: string; rows: number }[] = []
  const problems: { title: string; examples: string }[] = []
  const choices: { title: string; examples: string | undefined }[] = []
  for (const [column, tally] of tallies.entries()) {
    const name = names[column]!
    const title = name === '' ? `column ${column + 1}` : tally.title
    if (column === email) continue
    if (ignored.has(name)) {
      if (tally.notActive > 0) overruled.push({ title, rows: tally.notActive })
      continue
    }
    const isSilent = isExplained(name, dialect) || isName(title) || isOtherChannel(title)
    const reader = isSilent ? undefined : tally.judge(titles)
    if (!isSilent && reader === undefined && !isAboutReader(title) && meaningOf(title) === undefined)
      choices.push({ title, examples: tally.yesAndNo })
    if (typeof reader === 'string') problems.push({ title, examples: reader })
    else if (reader) {
      const { readings, blanks, values } = tally
      states.push({ column, title, reader, blank: reader.blank(readings), blanks, values })
    }
  }
  if (problems.length > 0) throw notUnderstood(survey.settings.file, problems)
  const { file, everybody } = survey.settings
  // Where nothing else says who is subscribed, that may be what it says.
  for (const { title, examples } of choices) {
    if (examples && !dialect && states.length === 0 && everybody === undefined)
      throw mayBeState(file, title, examples)
  }
  return { states, overruled }
}

function isName(title: string): boolean {
  return meaningOf(title) === 'name' || namePartOf(title) !== undefined || isPlace(title)
}

function mayBeState(file: string, title: string, examples: string): UserError {
  return new UserError(
    `${file}: column '${title}' says yes or no, and nobody can tell whether it is about who may be mailed: ${examples}`,
    `Nothing was imported. If it says who is subscribed, name the value that means it:
  --status-column ${quoted(title)} --active ${quoted(/^'(.*?)' \(/.exec(examples)?.[1] ?? 'yes')}
or, if it is about something else, that it is not to be asked:
  --ignore-column ${quoted(title)}`,
  )
}

function notUnderstood(
  file: string,
  problems: readonly { readonly title: string; readonly examples: string }[],
): UserError {
  const title = quoted(problems[0]!.title)
  const value = /^'(.*?)' \(/.exec(problems[0]!.examples)?.[1] ?? 'value'
  return new UserError(
    problems
      .map(
        problem =>
          `${file}: column '${problem.title}' says who may be mailed, and not all of it is understood: ${problem.examples}`,
      )
      .join('\n'),
    `Nothing was imported. Say which of its values mean subscribed:
  --status-column ${title} --active ${quoted(value)}
or, if it is about something else, that it is not to be asked:
  --ignore-column ${title}`,
  )
}

/** As one word of a command line. */
function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function otherColumns(
  { settings: { file, newsletters }, titles, names, tallies, dialect, ignored }: Survey,
  email: number,
  taken: ReadonlySet<number>,
): Pick<Columns, 'known' | 'fields'> {
  const known: Partial<Record<Meaning, number>> = { email }
  const fields = new Map<string, number>()
  const isDropped = (name: string) =>
    [dialect?.since, dialect?.drops, dialect?.json].some(list => list?.includes(name))
  for (const [column, name] of names.entries()) {
    if (name === '' || column === email || taken.has(column) || isDropped(name)) continue
    const given = ignored.has(name) ? undefined : meaningOf(titles[column]!)
    // A column of newsletters that is empty for everybody says no more than none at all.
    if (given === 'newsletters' && tallies[column]!.filled === 0) continue
    // A second 'name' is a field, and so is a second address.
    const meaning = given === 'email' || (given === 'name' && known.name !== undefined) ? undefined : given
    const before = meaning ? known[meaning] : fields.get(name)
    if (before !== undefined) throw meanTheSame(file, titles, before, column)
    if (meaning) known[meaning] = column
    else fields.set(name, column)
  }
  const lists = known.newsletters
  if (
    lists !== undefined &&
    tallies[lists]!.isWithout(cell => splitList(cell).some(id => newsletters.includes(id)))
  ) {
    throw new UserError(
      `${file}: column '${titles[lists]}' names no newsletter of this publication`,
      `It has: ${newsletters.join(', ')}. With --ignore-column ${quoted(titles[lists]!)} everybody gets them all, or those of --newsletter.`,
    )
  }
  return { known, fields: [...fields] }
}

/** 'unsubscribed.csv' with nothing but addresses in it: the other half of somebody's export. */
function checkFileName({ settings: { file }, tallies }: Survey, states: readonly StateColumn[]): void {
  const name = file.replace(/\.\w+$/, '')
  if (!saysGone(name) && !NAMES_OF_GONE.test(` ${words(name)} `)) return
  if (states.some(({ column }) => tallies[column]!.notActive > 0)) return
  throw new UserError(
    `${file}: its name speaks of people who are gone, and none of its columns says so`,
    `Nothing was imported. Say what everybody in it is: --as unsubscribed, bounced, blocked, complained or pending;
or --as active, if the name is about something else.`,
  )
}

const NAMES_OF_GONE =
  / (unsubs?|unsubscribers|bounces|cleaned|suppressions?|suppressed|complaints|inactive|cancell?ed|leavers|removed|deleted|blocked|unconfirmed|non subscribed|nonsubscribed) /
