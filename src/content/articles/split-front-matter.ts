// Text of an article → its front matter's language and block, and its body; or why it cannot be split. No YAML is read
// here: cutting a file at two lines costs a hundredth of parsing it.

import { isUtf8 } from 'node:buffer'

export interface Split extends Content {
  readonly language: string
  /** Between the two delimiters. */
  readonly block: string
}

export interface Content {
  readonly body: string
  /** 1-based line on which the body begins. */
  readonly bodyLine: number
}

export type SplitProblem = { readonly problem: 'none' | 'open' | 'language'; readonly language: string }

/** Opening delimiter → its language when none is named behind it, and how it ends. */
const delimiters: Readonly<Record<string, { language: string; close: RegExp }>> = {
  // Jekyll also ends front matter with the end-of-document mark of YAML.
  '---': { language: 'yaml', close: /^(?:---|\.\.\.)[ \t]*$/m },
  '+++': { language: 'toml', close: /^\+\+\+[ \t]*$/m },
  ';;;': { language: 'json', close: /^;;;[ \t]*$/m },
}

/** What may be written behind `---`. Everything else could be code, and none of it is run. */
const languages: Readonly<Record<string, string>> = { yaml: 'yaml', yml: 'yaml', toml: 'toml', json: 'json' }

export function splitFrontMatter(text: string): Split | SplitProblem {
  const delimiter = delimiters[text.slice(0, 3)]
  const lineEnd = text.indexOf('\n') === -1 ? text.length : text.indexOf('\n')
  const named = text.slice(3, lineEnd).trim()
  // `-----` is a rule, not front matter.
  if (!delimiter || named.startsWith(text[0]!)) return { problem: 'none', language: '' }

  const language = named === '' ? delimiter.language : languages[named.toLowerCase()]
  if (!language || !Object.hasOwn(languages, language)) return { problem: 'language', language: named }

  const rest = text.slice(lineEnd + 1)
  const close = delimiter.close.exec(rest)
  if (!close) return { problem: 'open', language }
  const block = rest.slice(0, close.index)
  const end = lineEnd + 1 + close.index + close[0].length
  return {
    language,
    block,
    body: text.slice(end + 1),
    bodyLine: countLines(text, Math.min(end + 1, text.length)),
  }
}

/** 1-based line of an offset. */
function countLines(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

// Bytes of an article as nearly everybody writes it (UTF-8, LF, `---` before and behind the front matter) → what
// splitFrontMatter says of its text, without making a text of its body; or undefined, and then the text is split.

/** Where the front matter of a file ends. */
export interface Cut {
  /** Of the line end before the closing mark. */
  readonly close: number
  readonly bodyAt: number
}

export interface QuickSplit extends Split {
  /** Where the body begins in the bytes. */
  readonly bodyAt: number
}

const LF = 0x0a
const CR = 0x0d
const OPEN = Buffer.from('---\n')
const CLOSE = Buffer.from('\n---')

export function quickSplit(bytes: Buffer): QuickSplit | undefined {
  const cut = findCut(bytes)
  return cut && splitAt(bytes, 0, bytes.length, cut)
}

/** What of it is asked of the bytes of a file alone. */
export function findCut(bytes: Buffer): Cut | undefined {
  // Line ends of other systems are made one first; what is no UTF-8 is refused.
  if (bytes.indexOf(OPEN) !== 0 || bytes.includes(CR) || !isUtf8(bytes)) return undefined
  const close = bytes.indexOf(CLOSE, OPEN.length - 1)
  const end = close + CLOSE.length
  // Space behind the mark is allowed, and rare.
  if (close === -1 || (end < bytes.length && bytes[end] !== LF)) return undefined
  return { close, bodyAt: Math.min(end + 1, bytes.length) }
}

/** @param at where the file begins in the bytes @param end behind its last */
export function splitAt(
  bytes: Buffer,
  at: number,
  end: number,
  { close, bodyAt }: Cut,
): QuickSplit | undefined {
  const block = bytes.toString('utf8', at + OPEN.length, at + Math.max(OPEN.length, close + 1))
  // Jekyll's other mark, and what a regular expression takes for the end of a line as well.
  if (/(?:^|\n)\.\.\.|[\u2028\u2029]/.test(block)) return undefined
  return {
    language: 'yaml',
    block,
    bodyAt,
    bodyLine: countLines(block, block.length) + (bodyAt > close + CLOSE.length ? 2 : 1),
    get body() {
      return bytes.toString('utf8', at + bodyAt, end)
    },
  }
}
