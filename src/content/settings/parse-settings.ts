// Text of publication.yaml → the settings, checked. Everything that is wrong with them is reported at once.

import {
  type Document,
  isCollection,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import { FileError } from '../../errors.ts'
import { settingLine } from './settings-file.ts'
import { describeProblem, schemaProblems, settingsProblems } from './settings-problems.ts'
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
  const parsed = settingsSchema().safeParse(value)
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  // A tag without a meaning is only a warning to the parser, which takes what follows it as text.
  const tags = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
  const problems = [...document.errors, ...tags].map(error => describeError(error, document, text))
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
      return { offset, message: `${key}: this key stands here twice; keep one of the two` }
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
        message: "a value with a colon and a space in it stands in quotes: title: 'Kerala: a guide'",
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
