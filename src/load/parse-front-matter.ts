// Block of front matter → its fields, through gray-matter with every engine that could run code taken out.

import matter from 'gray-matter'
import yaml from 'js-yaml'
import { parse as parseToml, TomlDate, TomlError } from 'smol-toml'
import { cleanText, findIllegal } from '../clean-text.ts'
import { yamlSchema } from './yaml-schema.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface FrontMatterProblem {
  /** 1-based, within the block. */
  readonly line: number
  readonly message: string
}

/** More than this is no front matter: aliases of aliases, which would fill the memory of whoever walks it. */
const most = 10_000
const deepest = 50

const refuse = {
  parse(): never {
    throw new Error('front matter that is code is not run')
  },
}

const engines = {
  yaml: (text: string) => yaml.safeLoad(text, { schema: yamlSchema }) as object,
  toml: (text: string) => parseToml(text) as object,
  json: (text: string) => JSON.parse(text) as object,
  js: refuse,
  javascript: refuse,
  coffee: refuse,
  coffeescript: refuse,
  cson: refuse,
}

/** @param language 'yaml', 'toml' or 'json' */
export function parseFrontMatter(language: string, block: string): { fields: Fields } | FrontMatterProblem {
  const clean = cleanText(block)
  let data: unknown
  try {
    // Options keep gray-matter from its cache, which hands the same object to everybody who has the same text.
    data = clean.trim() === '' ? {} : matter(`---\n${clean}\n---\n`, { language, engines }).data
  } catch (error) {
    return { line: lineOf(error, clean), message: reasonOf(error) }
  }
  data ??= {}
  if (typeof data !== 'object' || Array.isArray(data))
    return { line: 1, message: 'front matter is not a list of `key: value` lines' }
  const budget = { left: most }
  const fields = settle(data, budget, 0) as Fields
  if (budget.left >= 0) return { fields }
  return { line: 1, message: `front matter unfolds into more than ${most} values, or ${deepest} levels` }
}

/** A copy without what cannot be written down: TOML dates become their text, escaped control characters go. */
function settle(value: unknown, budget: { left: number }, depth: number): unknown {
  if (depth > deepest) budget.left = -1
  if (--budget.left < 0) return null
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof TomlDate) return value.toISOString()
  if (Array.isArray(value)) return value.map(item => settle(item, budget, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    if (key !== '__proto__')
      copy[cleanText(key)] = settle((value as Record<string, unknown>)[key], budget, depth + 1)
  }
  return copy
}

function lineOf(error: unknown, block: string): number {
  if (error instanceof yaml.YAMLException)
    return ((error as { mark?: { line?: number } }).mark?.line ?? 1) || 1
  if (error instanceof TomlError) return Math.max(1, error.line - 1)
  const position = /at position (\d+)/.exec((error as Error).message)?.[1]
  return position ? block.slice(0, Number(position)).split('\n').length - 1 || 1 : 1
}

function reasonOf(error: unknown): string {
  if (error instanceof yaml.YAMLException) return (error as { reason?: string }).reason || error.message
  return (error as Error).message.split('\n')[0]!
}

/** Line within the block of the first character that was left out, or 0. */
export function illegalLine(block: string): number {
  const at = findIllegal(block)
  return at === -1 ? 0 : block.slice(0, at).split('\n').length
}
