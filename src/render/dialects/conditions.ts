// A paired template tag of another tool → where it ends; of `{% if … %}` and `{% unless … %}` the branches, and the value
// of a condition where it is known. Nothing is run.

import type { Scan } from './scan.ts'
import { type Fact, STRING, type Values } from './tag-values.ts'

interface Branch {
  /** Undefined for what is shown where no other is. */
  readonly condition: string | undefined
  readonly start: number
  /** Where the tag of the next branch begins, and where it ends. */
  readonly end: number
  readonly next: number
}

/** Of a condition the branch that its own tool would show; where that is not known, the first. */
export function shownBranch(
  blocks: Blocks,
  found: { readonly content: string; readonly end: number },
  name: string,
  values: Values,
): { isKnown: boolean; isOnly: boolean; start: number; stop: number; end: number } | undefined {
  const branches = branchesOf(blocks, found, name)
  if (!branches) return undefined
  let isKnown = true
  const branch = branches.find(({ condition }, index) => {
    if (condition === undefined) return true
    const answer = conditionOf(condition, values)
    isKnown &&= answer !== undefined
    return answer === undefined || answer !== (index === 0 && name === 'unless')
  })
  const end = branches.at(-1)!.next
  return {
    isKnown,
    isOnly: branches.length === 1,
    start: branch?.start ?? end,
    stop: branch?.end ?? end,
    end,
  }
}

const CONDITIONS =
  /\{%[-~+]?\s*(?:(if|unless)|(else\s*if|elsif|elif|else)|(endif|endunless))(?![\w-])([^%]{0,500})%\}/g

/** Up to the tag that ends the condition. @returns undefined where there is none */
function branchesOf(
  blocks: Blocks,
  { content, end }: { readonly content: string; readonly end: number },
  name: string,
): Branch[] | undefined {
  const tags = blocks.tagsUpToEnd(CONDITIONS, end)
  let open = { condition: content.slice(name.length).trim() as string | undefined, start: end }
  return tags?.map(({ index, 0: whole, 2: other, 4: rest }) => {
    const next = index + whole.length
    const branch = { ...open, end: index, next }
    open = { condition: other === 'else' ? undefined : rest!.replace(/[-~+]$/, '').trim(), start: next }
    return branch
  })
}

/** What a condition of Liquid or Nunjucks says; undefined where it is not known. */
function conditionOf(text: string, values: Values): boolean | undefined {
  if (text.length > 1000) return undefined
  const either = split(text, 'or|\\|\\|').map(part => {
    const all = split(part, 'and|&&').map(each => comparison(each.trim(), values))
    return all.includes(false) ? false : all.includes(undefined) ? undefined : true
  })
  return either.includes(true) ? true : either.includes(undefined) ? undefined : false
}

/** At the words that are in no string. */
function split(text: string, words: string): string[] {
  const parts: string[] = []
  let at = 0
  for (const found of text.matchAll(new RegExp(`"[^"]*"|'[^']*'|\\s(?:${words})\\s`, 'g'))) {
    if (/^["']/.test(found[0])) continue
    parts.push(text.slice(at, found.index))
    at = found.index + found[0].length
  }
  return [...parts, text.slice(at)]
}

function comparison(text: string, values: Values): boolean | undefined {
  const negated = /^(?:not\s+|!\s*(?!=))([\s\S]+)$/.exec(text)
  if (negated) {
    const answer = comparison(negated[1]!.trim(), values)
    return answer === undefined ? undefined : !answer
  }
  const found =
    /^("[^"]*"|'[^']*'|[\w.-]+)\s*(?:(===?|!==?|<>|<=?|>=?|contains)\s*("[^"]*"|'[^']*'|[\w.-]+))?$/.exec(
      text,
    )
  if (!found) return undefined
  const left = factIn(found[1]!, values)
  if (found[2] === undefined) return left && isTrue(left.value)
  const right = factIn(found[3]!, values)
  return left && right && compare(left.value, found[2], right.value)
}

function factIn(text: string, values: Values): Fact | undefined {
  const string = STRING.exec(text)
  if (string) return { value: string[1] ?? string[2] ?? string[3] }
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return { value: Number(text) }
  if (text === 'true' || text === 'false') return { value: text === 'true' }
  if (/^(?:nil|null|none|undefined)$/i.test(text)) return { value: null }
  if (text === 'blank' || text === 'empty') return { value: '' }
  return values.fact(text)
}

/** Only nothing and false are false: an empty text is true, in Liquid. */
function isTrue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false
}

function compare(left: unknown, sign: string, right: unknown): boolean | undefined {
  if (/^=/.test(sign)) return isSame(left, right)
  if (/^!|^<>/.test(sign)) return !isSame(left, right)
  if (sign === 'contains')
    return Array.isArray(left)
      ? left.includes(right)
      : typeof left === 'string' && left.includes(String(right))
  if (typeof left !== 'number' || typeof right !== 'number')
    return left === null || right === null ? false : undefined
  return sign === '<'
    ? left < right
    : sign === '<='
      ? left <= right
      : sign === '>'
        ? left > right
        : left >= right
}

function isSame(left: unknown, right: unknown): boolean {
  const isNothing = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0)
  return left === right || (isNothing(left) && isNothing(right))
}

// ─── Where a tag ends ────────────────────────────────────────────────────────────────────────────────────────────────

/** What is between a tag and the first that closes one of its name. */
export function innerOf(
  scan: Scan,
  { family, end }: { readonly family: 'liquid' | 'hugo'; readonly end: number },
  name: string,
): { start: number; end: number } | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const pattern =
    family === 'hugo'
      ? new RegExp(`\\{\\{[<%]\\s*/\\s*${escaped}\\s*[>%]\\}\\}`, 'g')
      : new RegExp(`\\{%[-~+]?\\s*end_?(?:${escaped})?\\s*[-~+]?%\\}`, 'g')
  const close = scan.findPattern(pattern, end)
  return close && { start: close.index, end: close.index + close[0].length }
}

/** Behind the tag that closes this one, whatever others of its name are inside. */
export function endOf(blocks: Blocks, { end }: { readonly end: number }, name: string): number | undefined {
  const tags = new RegExp(`\\{%[-~+]?\\s*(?:(${name})|()(end_?${name}))(?![\\w-])[^%]{0,500}%\\}`, 'g')
  const last = blocks.tagsUpToEnd(tags, end)?.at(-1)
  return last && last.index + last[0].length
}

const MAX_DEPTH = 200

/** Tags of a text that lie in one another, all found at once: a megabyte of them that never end is looked through once, not from each. */
export class Blocks {
  readonly #text: string
  readonly #known = new Map<string, Nesting>()
  #closings: ReadonlyMap<string, RegExpExecArray[]> | undefined

  constructor(text: string) {
    this.#text = text
  }

  /**
   * @param pattern with the flag g; its groups: what begins a block, what is between its parts, what ends it
   * @returns the tags of the block around an offset, from there to the one that ends it; undefined where none does, or blocks lie too
   * deep in one another
   */
  tagsUpToEnd(pattern: RegExp, from: number): RegExpExecArray[] | undefined {
    const nesting = this.#known.get(pattern.source) ?? nestingOf([...this.#text.matchAll(pattern)])
    this.#known.set(pattern.source, nesting)
    const { tags, ends, depths } = nesting
    const first = firstFrom(tags, from)
    const end = ends[first]
    if (end === undefined || depths[first]! > MAX_DEPTH) return undefined
    const found: RegExpExecArray[] = []
    for (let at = first; at <= end; at = tags[at]![1] === undefined ? at + 1 : ends[at + 1]! + 1)
      if (tags[at]![1] === undefined) found.push(tags[at]!)
    return found
  }

  /** Behind the first of Hugo's tags at or behind an offset that closes one of a name: each tag may have a name of its own. */
  closing(name: string, from: number): number | undefined {
    this.#closings ??= closingsOf(this.#text)
    const tags = this.#closings.get(name) ?? []
    const close = tags[firstFrom(tags, from)]
    return close && close.index + close[0].length
  }
}

const CLOSING = /\{\{[<%]\s*\/\s*([^\s>%]+)\s*[>%]\}\}/g

function closingsOf(text: string): Map<string, RegExpExecArray[]> {
  const closings = new Map<string, RegExpExecArray[]>()
  for (const found of text.matchAll(CLOSING)) {
    const known = closings.get(found[1]!)
    if (known) known.push(found)
    else closings.set(found[1]!, [found])
  }
  return closings
}

interface Nesting {
  readonly tags: readonly RegExpExecArray[]
  /** Of each tag, the one that ends the block which it is in, or which begins before it. */
  readonly ends: readonly (number | undefined)[]
  /** Blocks in one another from there to that end. */
  readonly depths: readonly number[]
}

function nestingOf(tags: readonly RegExpExecArray[]): Nesting {
  const ends: (number | undefined)[] = []
  const depths: number[] = []
  for (let at = tags.length - 1; at >= 0; at--) {
    const [, opens, , closes] = tags[at]!
    const inner = opens === undefined ? undefined : ends[at + 1]
    const next = opens === undefined ? at + 1 : inner === undefined ? undefined : inner + 1
    ends[at] = closes === undefined ? (next === undefined ? undefined : ends[next]) : at
    depths[at] =
      closes !== undefined || next === undefined
        ? 0
        : Math.max(depths[next] ?? 0, opens === undefined ? 0 : 1 + depths[at + 1]!)
  }
  return { tags, ends, depths }
}

/** @returns the number of the first tag at or behind an offset */
function firstFrom(tags: readonly RegExpExecArray[], offset: number): number {
  let [low, high] = [0, tags.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (tags[middle]!.index < offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Without the tag that ends it, and the rest of the line of the one that begins it. */
export function bodyOfLoop(source: string): string {
  return source.replace(/\{%[-~+]?\s*end_?for\s*[-~+]?%\}$/, '').replace(/^[ \t]*\n/, '')
}

/** Tags whose inner text is shown many times over, elsewhere, or never: shown as it is, it would say something else. */
export function isHeld(content: string): boolean {
  return /^(?:for|tablerow|macro|case)\s/.test(content)
}
