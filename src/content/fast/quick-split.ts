// Bytes of an article as nearly everybody writes it (UTF-8, LF, `---` before and behind the front matter) → what
// splitFrontMatter says of its text, without making a text of its body; or undefined, and then the text is split.

import { isUtf8 } from 'node:buffer'
import { fastPathsAllowed } from '../../base/index.ts'
import { countLines, type Split } from '../articles/split-front-matter.ts'

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
  if (!fastPathsAllowed()) return undefined
  const block = bytes.toString('utf8', at + OPEN.length, at + Math.max(OPEN.length, close + 1))
  // Jekyll's other mark, and what a regular expression takes for the end of a line as well.
  if (/(?:^|\n)\.\.\.|[\u2028\u2029]/.test(block)) return undefined
  return {
    language: 'yaml',
    block,
    linesBefore: 1,
    bodyAt,
    bodyLine: countLines(block, block.length) + (bodyAt > close + CLOSE.length ? 2 : 1),
    get body() {
      return bytes.toString('utf8', at + bodyAt, end)
    },
  }
}
