// Text of the settings → the settings, checked. Everything that is wrong with them is told at once.

import { isMap, isNode, isPair, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml'
import { z } from 'zod'
import { UserError } from '../errors.ts'
import { didYouMean } from './did-you-mean.ts'
import { type SettingsProblem, settingsProblems } from './settings-problems.ts'
import { type Settings, settingsSchema } from './settings-schema.ts'

/**
 * @param file named in the messages
 * @throws UserError that lists every problem, one a line, each with its line
 */
export function parseSettings(text: string, file: string): Settings {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
  })
  const at = (offset: number) => Math.max(1, lines.linePos(offset).line)

  if (document.errors.length > 0)
    fail(
      document.errors.map(error => ({ line: at(error.pos[0]), text: `not YAML: ${error.message}` })),
      file,
    )

  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    fail([{ line: 1, text: (error as Error).message }], file)
  }
  const parsed = settingsSchema.safeParse(value)
  const problems = parsed.success ? settingsProblems(parsed.data) : parsed.error.issues.flatMap(unfold)
  if (problems.length === 0) return parsed.data!

  return fail(
    problems.map(problem => ({
      line: at(offsetOf(document.contents, problem)),
      text: describe(problem, value),
    })),
    file,
  )

  function fail(found: { line: number; text: string }[], name: string): never {
    found.sort((a, b) => a.line - b.line)
    throw new UserError(
      found.map(({ line, text }) => `${name}:${line}: ${text}`).join('\n'),
      settingsHint(found.length),
    )
  }
}

function settingsHint(count: number): string {
  return count === 1 ? 'Correct that line.' : `Correct these ${count} lines.`
}

/** One zod issue may be several problems: every unknown key is one. */
function unfold(issue: z.core.$ZodIssue): SettingsProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => {
      const meant = didYouMean(key, keysAt(issue.path))
      return {
        path: [...issue.path, key],
        message: meant
          ? `unknown key, did you mean "${meant}"?`
          : `unknown key; known are ${keysAt(issue.path).join(', ')}`,
        key: true,
      }
    })
  if (issue.code === 'invalid_key')
    return [{ path: issue.path, message: issue.issues[0]?.message ?? 'is not a right key', key: true }]
  return [{ path: issue.path, message: plain(issue) }]
}

function plain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'invalid_union') return 'is of the wrong kind'
  return issue.message
}
const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
}

/** 'timezone: "Mars/Phobos" is not an IANA time zone; for example: timezone: Asia/Kolkata' */
function describe({ path, message, key }: SettingsProblem, value: unknown): string {
  const name = path.map(String).join('.') || 'the file'
  if (key) return `${name}: ${message}`
  const found = path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  )
  const shown = found === undefined ? 'is missing; it' : JSON.stringify(found)?.slice(0, 80)
  const example = exampleAt(path)
  const last = path.findLast(part => typeof part === 'string')
  return `${name}: ${shown} ${message}${example === undefined ? '' : `; for example: ${String(last)}: ${example}`}`
}

type JsonSchema = {
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  additionalProperties?: JsonSchema
  examples?: unknown[]
  anyOf?: JsonSchema[]
}

function schemaAt(path: readonly PropertyKey[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = z.toJSONSchema(settingsSchema, { io: 'input' }) as JsonSchema
  for (const part of path)
    schema =
      typeof part === 'number'
        ? schema?.items
        : (schema?.properties?.[String(part)] ?? schema?.additionalProperties)
  return schema
}

function exampleAt(path: readonly PropertyKey[]): string | undefined {
  const example = schemaAt(path)?.examples?.[0]
  if (example === undefined) return undefined
  return typeof example === 'string'
    ? example
    : JSON.stringify(example)
        .replace(/"(\w+)":/g, '$1: ')
        .replaceAll('"', '')
}

function keysAt(path: readonly PropertyKey[]): string[] {
  return Object.keys(schemaAt(path)?.properties ?? {})
}

/** Where the offending text stands; the nearest parent's place for a key that is missing. */
function offsetOf(root: ParsedNode | null, { path, key }: SettingsProblem): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const [depth, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(
        item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      )
      if (!pair) break
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else {
      node = (node as { items?: unknown[] } | null)?.items?.[Number(part)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    }
    if (key && depth === path.length - 1) break
    if (depth === path.length - 1 && isScalar(node)) offset = node.range?.[0] ?? offset
  }
  return offset
}
