// Text of publication.yaml → the settings, checked. Everything that is wrong with them is reported at once.

import {
  type Document,
  isCollection,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  stringify,
  visit,
  type YAMLError,
  YAMLParseError,
} from 'yaml'
import { z } from 'zod'
import { cutShort, didYouMean } from '../../base/index.ts'
import { FileError } from '../../errors.ts'
import { lineProblem } from '../../templates/index.ts'
import { settingLine } from '../open-folder.ts'
import { readWeekday } from '../text-values.ts'
import { type Settings, settingsSchema } from './settings-schema.ts'

interface LineProblem {
  readonly line: number
  readonly message: string
}

/** Aliases of aliases may unfold into more than fits into memory. */
const MAX_ALIASES = 100

/**
 * @param file named in the messages
 * @throws FileError that lists every problem, one a line, each with its line
 */
export function parseSettings(text: string, file: string): Settings {
  const value = parseYaml(text, file)
  // Once is too seldom to compile the schema.
  const parsed = settingsSchema().safeParse(value, { jitless: true })
  const problems = parsed.success ? settingsProblems(parsed.data) : schemaProblems(parsed.error.issues)
  if (problems.length === 0) return parsed.data!
  return fail(
    file,
    problems.map(problem => ({
      line: settingLine(text, problem.path, problem.key),
      message: describeProblem(problem, value),
    })),
  )
}

function parseYaml(text: string, file: string): unknown {
  const lines = new LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, logLevel: 'error' } as const
  // The parser compares each key with all before it.
  const document = parseDocument(text, { ...options, uniqueKeys: false })
  // A tag without a meaning is only a warning to the parser, which takes what follows it as text.
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
  const problems = [...document.errors, ...repeatedKeys(document), ...tags].map(error =>
    describeError(error, document, text),
  )
  if (problems.length > 0)
    fail(
      file,
      problems.map(({ offset, message }) => ({ line: Math.max(1, lines.linePos(offset).line), message })),
    )
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
  } catch (error) {
    return fail(file, [{ line: 1, message: (error as Error).message }])
  }
}

/** YAML 1.2.2 §3.2.1.1: keys are unique. */
function repeatedKeys(document: Document.Parsed): YAMLError[] {
  const found: YAMLError[] = []
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>()
      for (const { key } of items)
        if (isScalar(key) && keys.size === keys.add(key.value).size && key.range)
          found.push(new YAMLParseError([key.range[0], key.range[1]], 'DUPLICATE_KEY', ''))
    },
  })
  return found
}

function fail(file: string, problems: readonly LineProblem[]): never {
  const sorted = problems.toSorted((a, b) => a.line - b.line)
  throw new FileError(
    sorted.map(problem => ({ file, ...problem })),
    problems.length === 1 ? 'Correct that line.' : `Correct these ${problems.length} lines.`,
  )
}

/** In words for who writes YAML by hand. @returns also where in the text the mistake begins */
function describeError(
  error: YAMLError,
  document: Document,
  text: string,
): { readonly offset: number; readonly message: string } {
  const [offset] = error.pos
  switch (error.code) {
    case 'MULTIPLE_DOCS': {
      const isEnd = /^---\s*(?:#.*)?$/.test(text.slice(offset).trim())
      return {
        offset,
        message: isEnd
          ? 'a line of --- begins a second document, and this one is empty: delete it'
          : 'a line of --- begins a second document: settings are one, delete that line',
      }
    }
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:,}]+/.exec(text.slice(offset))?.[0] ?? 'a key'
      return { offset, message: `${key}: this key is here twice; keep one of the two` }
    }
    case 'TAG_RESOLVE_FAILED': {
      const tag = /^\S+/.exec(text.slice(offset))?.[0] ?? ''
      return {
        offset,
        message: `${tag} is a tag of YAML that has no meaning here: write the value alone, or in quotes`,
      }
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        offset,
        message: "a value with a colon and a space in it needs quotes: title: 'Kerala: a guide'",
      }
    case 'MISSING_CHAR': {
      const quoted = opener(document, offset, node => isScalar(node) && /^QUOTE/.test(node.type ?? ''))
      if (quoted === undefined) break
      return { offset: quoted, message: `the quotation mark ${text[quoted]} that opens here is not closed` }
    }
    case 'BAD_INDENT': {
      const flow = opener(document, offset, node => isCollection(node) && node.flow === true)
      if (flow === undefined || !/^Flow/.test(error.message)) break
      return { offset: flow, message: `the bracket ${text[flow]} that opens here is not closed` }
    }
  }
  return { offset, message: `not YAML: ${error.message}` }
}

/** Where the innermost node of a kind opens that the parser had not seen the end of. */
function opener(document: Document, offset: number, isKind: (node: Node) => boolean): number | undefined {
  let found: number | undefined
  visit(document, {
    Node(_, node) {
      const [from, to] = node.range ?? [0, 0]
      if (isKind(node as Node) && from < offset && to >= offset) found = from
    },
  })
  return found
}

// Settings that were parsed → what is wrong with them: with their shape, as the schema says, and between their parts (ids
// used twice, sections that are none); and one sentence for each problem.

export interface SettingsProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The key at `path` itself is at fault, not its value. */
  readonly key?: boolean
}

/** One issue of the schema may be several problems: every unknown key is one. */
function schemaProblems(issues: readonly z.core.$ZodIssue[]): SettingsProblem[] {
  return issues.flatMap((issue): SettingsProblem[] => {
    const { path } = issue
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(key => ({
        path: [...path, key],
        message: unknownKey(key, keysAt(path)),
        key: true,
      }))
    if (issue.code === 'invalid_key')
      return [{ path, message: issue.issues[0]?.message ?? 'is not a right key', key: true }]
    return [{ path, message: describeIssue(issue) }]
  })
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known)
  return meant ? `unknown key, did you mean "${meant}"?` : `unknown key; known are ${known.join(', ')}`
}

function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    case 'invalid_union':
      return 'is of the wrong kind'
    default:
      return issue.message
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
}

/** Of settings that have the right shape. */
function settingsProblems(settings: Settings): SettingsProblem[] {
  return settings.newsletters.flatMap((newsletter, at) => [
    ...idUsedBefore(settings, at),
    ...unknownSections(settings, at),
    ...wrongDay(newsletter, ['newsletters', at, 'on']),
    ...wrongSubject(newsletter, ['newsletters', at, 'subject']),
  ])
}

function idUsedBefore({ newsletters }: Settings, at: number): SettingsProblem[] {
  const { id } = newsletters[at]!
  // Ids name folders, and some file systems take upper and lower case for one.
  const first = newsletters.findIndex(other => other.id.toLowerCase() === id.toLowerCase())
  return first === at
    ? []
    : [{ path: ['newsletters', at, 'id'], message: `is also the id of newsletter ${first + 1}; ids differ` }]
}

function unknownSections({ newsletters, sections }: Settings, at: number): SettingsProblem[] {
  const known = Object.keys(sections)
  if (known.length === 0) return []
  return (newsletters[at]!.sections ?? []).flatMap((one, index) => {
    const section = typeof one === 'string' ? one : one.section
    if (known.includes(section)) return []
    const meant = didYouMean(section, known)
    const advice = meant ? `did you mean "${meant}"?` : `known are ${known.join(', ')}`
    return [{ path: ['newsletters', at, 'sections', index], message: `is not among the sections; ${advice}` }]
  })
}

function wrongDay({ every, on }: Settings['newsletters'][number], path: PropertyKey[]): SettingsProblem[] {
  if (on === undefined) return []
  if (every === 'week' && (typeof on === 'number' ? on > 7 : readWeekday(on) === undefined))
    return [{ path, message: 'is not a weekday' }]
  if (every === 'month' && typeof on === 'string')
    return [{ path, message: 'is not a day of the month, 1 to 31' }]
  return []
}

/** Filled with nothing it would go out as the newsletter's title and the date, and nobody would know why. */
function wrongSubject({ subject }: Settings['newsletters'][number], path: PropertyKey[]): SettingsProblem[] {
  const message = lineProblem(subject)
  return message ? [{ path, message: message.replace(/^there is/, 'cannot be filled: there is') }] : []
}

/** 'timezone: "Mars/Phobos" is not an IANA time zone; for example: timezone: Asia/Kolkata' */
function describeProblem({ path, message, key }: SettingsProblem, value: unknown): string {
  const name = settingName(path)
  if (key) return `${name}: ${message}`
  const found = path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  )
  const example = exampleAt(path)
  const isAddress = schemaAt(path)?.format === 'uri'
  return `${name}: ${shown(found, isAddress)} ${message}${example === undefined ? '' : `; for example: ${example}`}`
}

/** 'newsletters.1.from': people count from 1. */
function settingName(path: readonly PropertyKey[]): string {
  return path.map(part => (typeof part === 'number' ? part + 1 : String(part))).join('.') || 'the file'
}

/** Short, and without the password of an address. */
function shown(found: unknown, isAddress: boolean): string {
  if (found === undefined) return 'is missing; it'
  const hide = (_: string, value: unknown) =>
    typeof value === 'string' ? withoutPassword(value, isAddress) : value
  return cutShort(JSON.stringify(found, hide) ?? String(found), 80)
}

/** A password may have `@`, `/` and spaces in it, and the scheme may be missing: only the host behind the last `@` is shown. */
function withoutPassword(text: string, isAddress: boolean): string {
  if (isAddress) return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1…@')
  return text.replace(/\/\/.*@/s, '//…@')
}

type JsonSchema = {
  format?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: JsonSchema
  examples?: unknown[]
}

function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = z.toJSONSchema(settingsSchema(), { io: 'input' }) as JsonSchema
  for (const part of path)
    schema =
      typeof part === 'number'
        ? schema?.items
        : (schema?.properties?.[String(part)] ?? schema?.additionalProperties)
  return schema
}

/** Keys that are known below a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  return Object.keys(schemaAt(path)?.properties ?? {})
}

/** 'hubs: [ https://hub.example/ ]': of a place in a list, the whole list. */
function exampleAt(path: readonly PropertyKey[]): string | undefined {
  const last = path.findLastIndex(part => typeof part === 'string')
  const example = exampleOf(schemaAt(path.slice(0, last + 1)))
  if (example === undefined) return undefined
  const whole = last < 0 ? example : { [path[last] as string]: example }
  const flow = stringify(whole, { collectionStyle: 'flow', lineWidth: 0, singleQuote: true }).trim()
  return last < 0 ? flow : flow.slice(1, -1).trim()
}

/** Its own; else what its members make together: those that must be there, or the first. */
function exampleOf(schema: JsonSchema | undefined): unknown {
  const { examples, items, properties, required = [] } = schema ?? {}
  if (examples?.length) return examples[0]
  if (items) return [exampleOf(items)]
  if (!properties) return undefined
  const keys = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(keys.map(key => [key, exampleOf(properties[key])]))
}
