// Block of front matter → its fields, or the line that is wrong. Nothing in it is ever run.

import { createRequire } from 'node:module'
import type Yaml from 'js-yaml'
import { cleanText, fastPathsAllowed, findIllegal, once } from '../../base/index.ts'
import { plainYaml } from '../fast/plain-front-matter.ts'

export type Fields = Readonly<Record<string, unknown>>

interface FrontMatterProblem {
  /** 1-based, within the block. */
  readonly line: number
  readonly message: string
  /** Where it is another than to correct that line. */
  readonly advice?: string
}

export interface ParsedBlock {
  readonly fields: Fields
  /** Whether the block surely has no control character. */
  readonly plain: boolean
  /** Of a key that is there twice: the last one counts. */
  readonly repeated?: FrontMatterProblem | undefined
}

/**
 * @param language 'yaml', 'toml' or 'json'; 'head' for lines `Title: …`, 'comment' for Nikola's `.. title: …`, 'export' for a
 * table that MDX exports
 * @returns the fields, or what is wrong
 */
export function parseFrontMatter(language: string, block: string): ParsedBlock | FrontMatterProblem {
  if (language === 'head' || language === 'comment')
    return {
      fields: language === 'head' ? headFields(cleanText(block)) : commentFields(cleanText(block)),
      plain: false,
    }
  if (language === 'export') return exportedFields(block)
  const plain = language === 'yaml' && fastPathsAllowed() ? plainYaml(block) : undefined
  if (plain) return { fields: plain, plain: true }
  const clean = cleanText(block)
  let data: unknown
  try {
    data = clean.trim() === '' ? {} : realParse(language, clean)
  } catch (error) {
    // A parser that calls itself for each level ran out of them.
    if (error instanceof RangeError) return TOO_MUCH
    const line = lineOf(error, clean)
    const reason = reasonOf(error)
    const quote = /within a (double|single) quoted scalar/.exec(reason)?.[1]
    if (quote) return unclosed(clean, quote === 'double' ? '"' : "'", reason)
    // Ruby and others say there what the value is to be for them: `excerpt: !ruby/object:Doc`.
    const bare = /unknown tag !</.test(reason) ? clean.replace(OWN_TAG, '$1') : clean
    if (bare !== clean) return parseFrontMatter(language, bare)
    if (!/duplicated mapping key/.test(reason)) return { line, message: reason }
    const repeated = twice(clean, line)
    try {
      data = yaml().safeLoad(clean, { schema: yamlSchema(), json: true })
    } catch {
      return repeated
    }
    const parsed = checkedFields(data)
    return 'message' in parsed ? parsed : { ...parsed, repeated }
  }
  return checkedFields(data)
}

const OWN_TAG = /^([ \t]*(?:[\w"'-][^\n:]{0,100}:|-)[ \t]+)!(?:!timestamp|(?!!)[\w:/.-]+)(?=\s|$)/gm

function checkedFields(given: unknown): ParsedBlock | FrontMatterProblem {
  let data = given
  data ??= {}
  if (typeof data !== 'object' || Array.isArray(data))
    return { line: 1, message: 'front matter is not a list of `key: value` lines' }
  const budget = { left: MAX_VALUES }
  const fields = plainCopy(data, budget, 0) as Fields
  return budget.left >= 0 ? { fields, plain: false } : TOO_MUCH
}

/** As YAML reads a table in braces. */
function exportedFields(block: string): ParsedBlock {
  let call: string | undefined
  const plain = block.replace(CALL, (_, key: string, code: string) => {
    call ??= code
    return `${key}null`
  })
  const parsed = parseFrontMatter('yaml', plain)
  const advice = 'Write plain texts and lists there, or front matter between two lines of ---.'
  if (!('message' in parsed)) {
    const message = `${call} in the metadata that is exported is code: it is not read`
    return call === undefined ? parsed : { ...parsed, repeated: { line: 1, message, advice } }
  }
  const message = 'the metadata that is exported is code: nothing of it is read'
  return { fields: {}, plain: false, repeated: { line: 1, message, advice } }
}

/** `title: makeTitle("x"),` in a line of its own. */
const CALL =
  /^([ \t]*\w{1,50}[ \t]*:[ \t]*)((?:new[ \t]+)?[A-Za-z_$][\w$.]{0,100}\([^\n]{0,300}\))(?=,?[ \t]*$)/gm

/** In Nikola the tags `draft` and `private` hold a post back. */
function commentFields(block: string): Fields {
  const fields = headFields(block)
  const isHeld = /(?:^|,)\s*(?:draft|private)\s*(?:,|$)/i.test(`${fields.tags ?? ''}`)
  return isHeld ? { status: 'draft', ...fields } : fields
}

/** A line that is further in goes on with the value before it. Nikola's begin with two dots. */
function headFields(block: string): Fields {
  const fields: Record<string, string> = {}
  let last: string | undefined
  for (const line of block.split('\n')) {
    const match = /^(?:[ \t]*\.\.[ \t]+)?([A-Za-z][\w .-]*?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$/.exec(line)
    if (match && !(last !== undefined && /^[ \t]+(?!\.\.)/.test(line))) {
      last = match[1]!
      if (last !== '__proto__') fields[last] = match[2]?.trim() ?? ''
    } else if (last !== undefined && line.trim() !== '')
      fields[last] = `${fields[last]}${/^tags$/i.test(last) ? ', ' : ' '}${line.trim()}`
  }
  return fields
}

/** More than this is no front matter: aliases of aliases, which would fill the memory of anything that reads them all. */
const MAX_VALUES = 10_000
const MAX_LEVELS = 50

const TOO_MUCH: FrontMatterProblem = {
  line: 1,
  message: `front matter unfolds into more than ${MAX_VALUES} values, or ${MAX_LEVELS} levels`,
  advice: 'Keep in it what describes the article, and put data into a file of its own.',
}

/** A copy without what cannot be written down: TOML dates become their text, escaped control characters go. */
function plainCopy(value: unknown, budget: { left: number }, depth: number): unknown {
  if (depth > MAX_LEVELS) budget.left = -1
  if (--budget.left < 0) return null
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  // TOML's dates know how they were written.
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(item => plainCopy(item, budget, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    if (key !== '__proto__')
      copy[cleanText(key)] = plainCopy((value as Record<string, unknown>)[key], budget, depth + 1)
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
    message: `${named} is there twice: the last one counts`,
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

/**
 * What is in a block, through gray-matter with every engine that could run code taken out.
 *
 * @param language 'yaml', 'toml' or 'json'
 * @throws whatever the parser of that language throws
 */
export function realParse(language: string, block: string): unknown {
  // Options keep gray-matter from its cache, which hands the same object to everybody who has the same text.
  return matter()(`---\n${block}\n---\n`, { language, engines }).data
}

/** @returns where in a block of YAML that cannot be parsed the value begins in which the parser stopped */
function openValue(block: string): number {
  const open: number[] = []
  const listener = (event: string, { position }: { position: number }) =>
    event === 'open' ? open.push(position) : open.pop()
  try {
    yaml().safeLoad(block, { schema: yamlSchema(), listener } as Yaml.LoadOptions)
  } catch {
    // It is asked for because the block cannot be parsed.
  }
  return open.at(-1) ?? 0
}

const refuse = {
  parse(): never {
    throw new Error('front matter that is code is not run')
  },
}

const engines = {
  yaml: (text: string) => yaml().safeLoad(text, { schema: yamlSchema() }) as object,
  toml: (text: string) => toml().parse(text) as object,
  json: (text: string) => JSON.parse(text) as object,
  js: refuse,
  javascript: refuse,
  coffee: refuse,
  coffeescript: refuse,
  cson: refuse,
}

/** Loaded by the first block that is not plain. */
const require = createRequire(import.meta.url)
const matter = once(() => require('gray-matter') as typeof import('gray-matter'))
const yaml = once(() => require('js-yaml') as typeof import('js-yaml'))
const toml = once(() => require('smol-toml') as typeof import('smol-toml'))
const yamlSchema = once(() => makeYamlSchema(yaml()))

/**
 * YAML as front matter means it: text, true and false, null, and numbers that read back as they were written. Dates stay text
 * (their offset matters), `1.10` stays `1.10`, `007` and `12:30` are no numbers.
 */
function makeYamlSchema(yaml: typeof Yaml): Yaml.Schema {
  const number = new yaml.Type('tag:yaml.org,2002:float', {
    kind: 'scalar',
    resolve: (text: string | null) =>
      text !== null && PLAIN_NUMBER.test(text) && String(Number(text)) === text,
    construct: Number,
  })

  const boolean = new yaml.Type('tag:yaml.org,2002:bool', {
    kind: 'scalar',
    resolve: (text: string | null) => text !== null && /^(?:true|True|TRUE|false|False|FALSE)$/.test(text),
    construct: (text: string) => text.toLowerCase() === 'true',
  })

  const nothing = new yaml.Type('tag:yaml.org,2002:null', {
    kind: 'scalar',
    resolve: (text: string | null) => text === null || /^(?:~|null|Null|NULL|)$/.test(text),
    construct: () => null,
  })

  /** `<<: *defaults`, which other tools' folders use. */
  const merge = new yaml.Type('tag:yaml.org,2002:merge', {
    kind: 'scalar',
    resolve: (text: string | null) => text === '<<',
  })

  return new yaml.Schema({
    include: [yaml.FAILSAFE_SCHEMA],
    implicit: [nothing, boolean, number, merge],
  })
}

const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
