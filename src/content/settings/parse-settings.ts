// Text of the settings → the settings, checked. Everything that is wrong with them is told at once.

import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from '../../base/index.ts'
import { FileError } from '../../errors.ts'
import { describeSetting, keysAt } from './describe-setting.ts'
import { settingOffset } from './setting-line.ts'
import { type SettingsProblem, settingsProblems } from './settings-problems.ts'
import { type Settings, settingsSchema } from './settings-schema.ts'
import { yamlProblems } from './yaml-problems.ts'

/**
 * @param file named in the messages
 * @throws FileError that lists every problem, one a line, each with its line
 */
export function parseSettings(text: string, file: string): Settings {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const at = (offset: number) => Math.max(1, lines.linePos(offset).line)

  const broken = yamlProblems(document, text)
  if (broken.length > 0)
    fail(
      broken.map(problem => ({ line: at(problem.offset), text: problem.text })),
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
      line: at(settingOffset(document.contents, problem.path, problem.key)),
      text: describeSetting(problem, value),
    })),
    file,
  )

  function fail(found: { line: number; text: string }[], name: string): never {
    found.sort((a, b) => a.line - b.line)
    throw new FileError(
      found.map(({ line, text }) => ({ file: name, line, message: text })),
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
  if (issue.code === 'too_small')
    return issue.origin === 'string' || issue.origin === 'array'
      ? 'must not be empty'
      : `must be at least ${issue.minimum}`
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
