// Block of front matter → its fields, or the line that is wrong. Nothing in it is ever run.

import { cleanText, findIllegal } from '../../base/index.ts'
import { plainYaml } from './plain-yaml.ts'
import { openValue, realParse } from './real-parsers.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface FrontMatterProblem {
  /** 1-based, within the block. */
  readonly line: number
  readonly message: string
  /** Where it is another than to correct that line. */
  readonly advice?: string
}

/** More than this is no front matter: aliases of aliases, which would fill the memory of whoever walks it. */
const most = 10_000
const deepest = 50

/** @param language 'yaml', 'toml' or 'json' @returns and whether the block surely holds no control character */
export function parseFrontMatter(
  language: string,
  block: string,
): { fields: Fields; plain: boolean } | FrontMatterProblem {
  const plain = language === 'yaml' ? plainYaml(block) : undefined
  if (plain) return { fields: plain, plain: true }
  const clean = cleanText(block)
  let data: unknown
  try {
    data = clean.trim() === '' ? {} : realParse(language, clean)
  } catch (error) {
    // A parser that calls itself for each level ran out of them.
    if (error instanceof RangeError) return tooMuch
    const line = lineOf(error, clean)
    const reason = reasonOf(error)
    const quote = /within a (double|single) quoted scalar/.exec(reason)?.[1]
    if (quote) return unclosed(clean, quote === 'double' ? '"' : "'", reason)
    return /duplicated mapping key/.test(reason) ? twice(clean, line) : { line, message: reason }
  }
  data ??= {}
  if (typeof data !== 'object' || Array.isArray(data))
    return { line: 1, message: 'front matter is not a list of `key: value` lines' }
  const budget = { left: most }
  const fields = settle(data, budget, 0) as Fields
  if (budget.left >= 0) return { fields, plain: false }
  return tooMuch
}

const tooMuch: FrontMatterProblem = {
  line: 1,
  message: `front matter unfolds into more than ${most} values, or ${deepest} levels`,
  advice: 'Keep in it what describes the article, and put data into a file of its own.',
}

/** A copy without what cannot be written down: TOML dates become their text, escaped control characters go. */
function settle(value: unknown, budget: { left: number }, depth: number): unknown {
  if (depth > deepest) budget.left = -1
  if (--budget.left < 0) return null
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  // TOML's dates know how they were written.
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(item => settle(item, budget, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    if (key !== '__proto__')
      copy[cleanText(key)] = settle((value as Record<string, unknown>)[key], budget, depth + 1)
  }
  return copy
}

/** Where the quote opens, and not where the parser ran out of text. */
function unclosed(block: string, quote: string, message: string): FrontMatterProblem {
  const at = block.indexOf(quote, openValue(block))
  return { line: block.slice(0, at).split('\n').length, message, advice: `Close the quote: ${quote}` }
}

function twice(block: string, line: number): FrontMatterProblem {
  const key = /^[\s{-]*["']?([^:"']+)["']?\s*:/.exec(block.split('\n')[line - 1] ?? '')?.[1]
  const named = key === undefined ? 'a key' : `\`${key.trim()}\``
  return {
    line,
    message: `${named} stands there twice: duplicated mapping key`,
    advice: 'Delete one of the two.',
  }
}

/** Each of the parsers says it in its own way: a mark, a line, or a position. */
function lineOf(error: unknown, block: string): number {
  const { mark, line, message } = error as { mark?: { line?: number }; line?: number; message: string }
  if (mark) return mark.line || 1
  if (line !== undefined) return Math.max(1, line - 1)
  const position = /at position (\d+)/.exec(message)?.[1]
  return position ? block.slice(0, Number(position)).split('\n').length - 1 || 1 : 1
}

function reasonOf(error: unknown): string {
  const { reason, message } = error as { reason?: string; message: string }
  return reason || message.split('\n')[0]!
}

/** Line within the block of the first character that was left out, or 0. */
export function illegalLine(block: string): number {
  const at = findIllegal(block)
  return at === -1 ? 0 : block.slice(0, at).split('\n').length
}
