// The front matter of an article as nearly everybody writes it → where it ends and what its fields are, as
// splitFrontMatter and the YAML parser would say, in a fraction of the time; or undefined, and then those are asked.

import { isUtf8 } from 'node:buffer'
import { fastPathsAllowed, ownText } from '../../base/index.ts'
import { countLines, type Split } from '../split-front-matter.ts'

// ─── Where it ends ───────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Bytes of UTF-8 with LF, `---` before and behind the front matter: no text is made of the body.

export interface QuickSplit extends Split {
  /** Where the body begins in the bytes. */
  readonly bodyAt: number
}

const LF = 0x0a
const CR = 0x0d
const OPEN = Buffer.from('---\n')
const CLOSE = Buffer.from('\n---')

export function quickSplit(bytes: Buffer): QuickSplit | undefined {
  // Line ends of other systems are made one first; what is no UTF-8 is refused.
  if (!fastPathsAllowed() || bytes.indexOf(OPEN) !== 0 || bytes.includes(CR) || !isUtf8(bytes))
    return undefined
  const close = bytes.indexOf(CLOSE, OPEN.length - 1)
  const end = close + CLOSE.length
  // Space behind the mark is allowed, and rare.
  if (close === -1 || (end < bytes.length && bytes[end] !== LF)) return undefined
  const bodyAt = Math.min(end + 1, bytes.length)
  const block = bytes.toString('utf8', OPEN.length, Math.max(OPEN.length, close + 1))
  // Jekyll's other mark, and what a regular expression takes for the end of a line as well.
  if (/(?:^|\n)\.\.\.|[\u2028\u2029]/.test(block)) return undefined
  return {
    language: 'yaml',
    block,
    linesBefore: 1,
    bodyAt,
    bodyLine: countLines(block, block.length) + (bodyAt > end ? 2 : 1),
    get body() {
      return bytes.toString('utf8', bodyAt)
    },
  }
}

// ─── Its fields ──────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A block of YAML as nearly everybody writes front matter → its fields, as the real parser would give them, in a
// fiftieth of the time; or undefined for anything that is not surely of that kind, and then the real parser reads it.
//
// Of that kind are lines `key: value` with a plain or simply quoted value, `key: [a, b]`, and `key:` with lines `- item`.

/** A character that means nothing to YAML anywhere in a plain value but before a space or after one. */
const safe = '\\x20-\\x7e\\u00a1-\\u1fff\\u2010-\\u2027\\u2030-\\ud7ff'
const unsafe = new RegExp(`[^\\n${safe}]`)
const item = /^( {0,8})- +(.+)$/
const beginsPlain = /^[A-Za-z0-9/.($+_\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff]/
const inList =
  /^ *(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9\u00a1-\u1fff\u2010-\u2027\u2030-\ud7ff][^,[\]{}:#"'&*!|>%@`?]*)) *$/
const notText = /^(?:~|null|true|false|-?\d[\d.]*)$/i
/** A bound on what counts as nearly everybody's. */
const most = 200

/** A folder uses a dozen keys, and some dozens of tags, thousands of times: what is known need not be judged again. */
const keys = new Map<string, string | undefined>()
const members = new Map<string, unknown>()

export function plainYaml(block: string): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {}
  const lines = block.split('\n')
  let open: { key: string; items: unknown[]; indent: number } | undefined
  if (lines.length > most || unsafe.test(block)) return undefined
  for (const text of lines) {
    if (text === '') continue
    const colon = text.indexOf(':')
    const key = colon > 0 ? remember(keys, text.slice(0, colon), readKey) : undefined
    if (key !== undefined) {
      const written = colon + 1 === text.length ? undefined : behind(text, colon + 1)
      if (Object.hasOwn(fields, key) || written === '') return undefined
      const value = readValue(written)
      if (value === undefined) return undefined
      fields[key] = value
      open = written === undefined ? { key, items: [], indent: -1 } : undefined
      continue
    }
    const member = open && item.exec(text)
    if (!open || !member) return undefined
    const indent = member[1]!.length
    if (open.indent !== -1 && open.indent !== indent) return undefined
    open.indent = indent
    const value = readValue(member[2])
    if (value === undefined || Array.isArray(value)) return undefined
    open.items.push(value)
    fields[open.key] = open.items
  }
  return fields
}

function readKey(text: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9_-]{0,60}$/.test(text) && !notText.test(text) ? text : undefined
}

/** @returns what follows a space; '' when there is none, or nothing after it */
function behind(text: string, at: number): string {
  return text[at] === ' ' ? withoutSpaces(text.slice(at + 1)) : ''
}

/** Of all that other languages take for space, YAML knows only this one within a line (and the tab). */
function withoutSpaces(text: string): string {
  let [from, to] = [0, text.length]
  while (text.charCodeAt(from) === 0x20) from++
  while (to > from && text.charCodeAt(to - 1) === 0x20) to--
  return text.slice(from, to)
}

/** @returns undefined for what the real parser has to judge */
function readValue(text: string | undefined): unknown {
  if (text === undefined) return null
  const value = withoutSpaces(text)
  const first = value[0]!
  if (first === '"' || first === "'") {
    const inner = value.slice(1, -1)
    return value.length > 1 && value.endsWith(first) && !inner.includes(first) && !inner.includes('\\')
      ? inner
      : undefined
  }
  if (first === '[') return readList(value)
  if (!beginsPlain.test(value) || value.includes(': ') || value.includes(' #') || value.endsWith(':'))
    return undefined
  return readScalar(value)
}

function readList(value: string): unknown[] | undefined {
  if (!value.endsWith(']')) return undefined
  const inner = value.slice(1, -1)
  if (inner.trim() === '') return []
  const items: unknown[] = []
  for (const part of inner.split(',')) {
    const member = remember(members, part, readMember)
    if (member === undefined) return undefined
    items.push(member)
  }
  return items
}

function readMember(part: string): unknown {
  const match = inList.exec(part)
  if (!match) return undefined
  const quoted = match[1] ?? match[2]
  return quoted === undefined ? readScalar(withoutSpaces(match[3]!)) : quoted
}

function remember<Value>(known: Map<string, Value>, text: string, judge: (text: string) => Value): Value {
  const before = known.get(text)
  if (before !== undefined || known.has(text)) return before as Value
  // They come from articles: a folder full of different ones must not fill the memory.
  if (known.size > 2000) known.clear()
  const own = ownText(text)
  const judged = judge(own)
  known.set(own, judged)
  return judged
}

/** What is no text is rare enough to leave to the real parser, but for true and false. */
function readScalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return notText.test(text) ? undefined : text
}
