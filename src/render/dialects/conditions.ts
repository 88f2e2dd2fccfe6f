// A tag of another tool's that has an end → where that is; of `{% if … %}` and `{% unless … %}` the branches, and what a condition
// says where it is known. Nothing is run.

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

const MAX_DEPTH = 200

/** Of a condition the branch that its own tool would show; where that is not known, the first. */
export function shownBranch(
  scan: Scan,
  found: { readonly content: string; readonly end: number },
  name: string,
  values: Values,
): { isKnown: boolean; isOnly: boolean; start: number; stop: number; end: number } | undefined {
  const branches = branchesOf(scan, found, name)
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

/** Up to the tag that ends the condition. @returns undefined where there is none */
function branchesOf(
  scan: Scan,
  { content, end }: { readonly content: string; readonly end: number },
  name: string,
): Branch[] | undefined {
  const tags = /\{%[-~+]?\s*(if|unless|else\s*if|elsif|elif|else|endif|endunless)(?![\w-])([^%]{0,500})%\}/g
  const branches: Branch[] = []
  let open = { condition: content.slice(name.length).trim() as string | undefined, start: end }
  let depth = 0
  for (let at = end; ; ) {
    const found = scan.findPattern(tags, at)
    if (!found || depth > MAX_DEPTH) return undefined
    at = found.index + found[0].length
    const [, tag, rest] = found
    if (/^(?:if|unless)$/.test(tag!)) depth++
    else if (tag!.startsWith('end') && depth > 0) depth--
    else if (depth === 0) {
      branches.push({ ...open, end: found.index, next: at })
      if (tag!.startsWith('end')) return branches
      open = { condition: tag === 'else' ? undefined : rest!.replace(/[-~+]$/, '').trim(), start: at }
    }
  }
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
export function endOf(scan: Scan, { end }: { readonly end: number }, name: string): number | undefined {
  const pattern = new RegExp(`\\{%[-~+]?\\s*(end_?)?${name}(?![\\w-])[^%]{0,500}%\\}`, 'g')
  let depth = 1
  for (let at = end; depth <= MAX_DEPTH; ) {
    const found = scan.findPattern(pattern, at)
    if (!found) return undefined
    at = found.index + found[0].length
    depth += found[1] ? -1 : 1
    if (depth === 0) return at
  }
  return undefined
}

/** Without the tag that ends it, and the rest of the line of the one that begins it. */
export function bodyOfLoop(source: string): string {
  return source.replace(/\{%[-~+]?\s*end_?for\s*[-~+]?%\}$/, '').replace(/^[ \t]*\n/, '')
}

/** Tags whose inner text is shown many times over, elsewhere, or never: shown as it is, it would say something else. */
export function isHeld(content: string): boolean {
  return /^(?:for|tablerow|macro|case)\s/.test(content)
}
