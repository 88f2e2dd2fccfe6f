// Text of a Markdown file, split or not → its front matter sorted into fields, its body, and a reporter that knows their lines.

import { cutShort } from '../../base/index.ts'
import type { Diagnostic } from '../../model.ts'
import type { Draft, Fault, LoadContext } from './article-context.ts'
import { keyOf, sortFields } from './fields.ts'
import { type Fields, illegalLine, parseFrontMatter } from './parse-front-matter.ts'
import { type Content, type Split, splitFrontMatter } from './split-front-matter.ts'

export interface Opened {
  readonly draft: Draft
  readonly fields: Fields
  readonly content: Content
}

/** Language of front matter → what right looks like. */
const ADVICE: Readonly<Record<string, string>> = {
  yaml: 'Correct that line; quote a value that holds a colon: title: "Live: the vote"',
  toml: 'Correct that line; text stands in quotes: title = "Harbour reopens"',
  json: 'Correct that line; keys and texts stand in double quotes: "title": "Harbour reopens",',
}

/** @param optional a file without front matter is all body (authors and notes), not a mistake */
export function openDraft(
  file: string,
  text: string | Split,
  context: LoadContext,
  report: (diagnostic: Diagnostic) => void,
  { optional = false } = {},
): Opened | undefined {
  const error = (line: number, message: string, advice: string) =>
    void report({ file, line, rule: 'front-matter', severity: 'error', message, advice })

  const split = typeof text === 'string' ? splitFrontMatter(text) : text
  let block = ''
  let fields: Fields = {}
  if ('problem' in split) {
    if (split.problem === 'open')
      return error(1, 'the front matter does not end', 'Close it with a line of its own: ---')
    if (split.problem === 'language')
      return error(
        1,
        `front matter in ${cutShort(split.language, 40)} is refused; nothing of it was run`,
        'Write it in YAML (---), TOML (+++) or JSON (;;;).',
      )
    if (!optional)
      return error(
        1,
        `${text}`.trim() === '' ? 'the file is empty' : 'has no front matter',
        'Begin the file with ---, title: Harbour reopens, ---',
      )
  } else {
    block = split.block
    const parsed = parseFrontMatter(split.language, block)
    if ('message' in parsed)
      return error(parsed.line + 1, parsed.message, parsed.advice ?? ADVICE[split.language]!)
    fields = parsed.fields
    const odd = parsed.plain ? 0 : illegalLine(block)
    if (odd > 0)
      report({
        file,
        line: odd + 1,
        rule: 'control-characters',
        severity: 'warning',
        message: 'holds a control character; it is left out',
        advice: 'Delete it.',
      })
  }

  const { values, extra, misspelt } = sortFields(fields)
  const { publication, zone, sections, authors, ownFiles, now } = context
  // Named one by one: a spread costs more than all that is read here of an article.
  const draft: Draft = {
    publication,
    zone,
    sections,
    authors,
    ownFiles,
    now,
    file,
    values,
    extra,
    misspelt,
    errors: 0,
    problem(at, severity, rule, message, advice) {
      const line = typeof at === 'number' ? at : lineOf(block, keyAt(at))
      if (severity === 'error') draft.errors++
      report({ file, line, rule, severity, message, advice })
    },
  }
  const keyAt = (at: Exclude<Fault, number>) => (typeof at === 'string' ? (keyOf(fields, at) ?? at) : at.key)
  const content = 'problem' in split ? { body: text as string, bodyLine: 1 } : split
  return { draft, fields, content }
}

/** 1-based line of the file on which a key stands; the first line when it cannot be found. */
function lineOf(block: string, key: string): number {
  const at = block.split('\n').findIndex(line => {
    const start = line.trimStart().replace(/^[{"'\s]+/, '')
    return start.startsWith(key) && /^["']?\s*[:=]/.test(start.slice(key.length))
  })
  return at === -1 ? 1 : at + 2
}
