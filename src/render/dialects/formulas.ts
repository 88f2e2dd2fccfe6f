// Formulas in a text → found and made MathML: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, distinguished from prices, shell variables
// and escaped brackets.

import { createRequire } from 'node:module'
import type { Token } from 'markdown-it'
import { cleanMathml } from '../clean-html.ts'
import { formulaLine, formulaMark, type Scan } from './scan.ts'

/** Longer ones are no formulas: a dollar sign was lost. */
const MAX_FORMULA_CHARACTERS = 10_000

/** What TeX is written with, and prose is not. */
const TEX = /\\[a-zA-Z]|[\^_{}=<>|]/

/** @returns where the text goes on behind a formula, or undefined where none begins */
export function readMath(scan: Scan, at: number): number | undefined {
  const { text } = scan
  if (text.startsWith('$$', at)) return displayed(scan, at, at + 2, '$$')
  if (text[at] === '$') return inLine(scan, at)
  const isDoubled = text.startsWith('\\\\', at)
  const start = at + (isDoubled ? 3 : 2)
  const bracket = text[start - 1]
  if (bracket === '[') return displayed(scan, at, start, `${isDoubled ? '\\\\' : '\\'}]`, !isDoubled)
  const close = scan.find(`${isDoubled ? '\\\\' : '\\'})`, start)
  const tex = body(text, start, close)
  // `\(word\)` is what Markdown itself calls a bracket.
  if (tex === undefined || !(isDoubled || TEX.test(tex) || /^\s*[a-zA-Z]\s*$/.test(tex))) return undefined
  return put(scan, at, close + (isDoubled ? 3 : 2), tex, false)
}

/**
 * What MathJax reads without any sign around it: `\begin{align}…\end{align}`; and `\eqref{x}` in words, by the number of the
 * formula that has the label.
 */
export function readBareMath(scan: Scan, at: number): number | undefined {
  const reference = scan.match(REFERENCE, at)
  if (reference) {
    const number = labelsOf(scan).get(reference[2]!)
    if (number === undefined) return undefined
    const end = at + reference[0].length
    scan.replace(at, end, reference[1] === undefined ? number : `(${number})`)
    return end
  }
  const begin = scan.match(BEGIN, at)
  if (!begin) return undefined
  const close = scan.find(`\\end{${begin[1]}}`, at)
  const end = close + begin[0].length - 2
  return close === -1 || body(scan.text, at, end) === undefined
    ? undefined
    : put(scan, at, end, scan.text.slice(at, end), true)
}

const BEGIN = /\\begin\{((?:equation|align|alignat|gather|multline|eqnarray|displaymath|math)\*?)\}/y
const REFERENCE = /\\{1,2}(eq)?ref\{([^{}\n]{1,100})\}/y
const LABEL = /(?:\\tag\*?\{([^{}]{1,50})\}\s*)?\\label\{([^{}\n]{1,100})\}(?:\s*\\tag\*?\{([^{}]{1,50})\})?/g

/** Label of a formula → its number, in the order of the text where it says none itself. */
function labelsOf(scan: Scan): ReadonlyMap<string, string> {
  if (scan.labels) return scan.labels
  const found = new Map<string, string>()
  for (const [, before, label, behind] of scan.text.matchAll(LABEL))
    if (!found.has(label!)) found.set(label!, before ?? behind ?? String(found.size + 1))
  scan.labels = found
  return found
}

/** A label is the number that readers see. */
function numbered(tex: string, scan: Scan): string {
  if (!/\\(?:label|(?:eq)?ref)\{/.test(tex)) return tex
  const numbers = labelsOf(scan)
  return tex
    .replace(LABEL, (_, _before, label: string) => `\\tag{${numbers.get(label) ?? label}}`)
    .replace(/\\(eq)?ref\{([^{}\n]{1,100})\}/g, (_, isBracketed: string | undefined, label: string) => {
      const number = numbers.get(label) ?? label
      return `\\text{${isBracketed ? `(${number})` : number}}`
    })
}

/** `\(` and `\[`, and the same with two backslashes, as Markdown wants them where it knows no formulas. */
export const MATH_BRACKET = /\\{1,2}[([]/y

function displayed(
  scan: Scan,
  at: number,
  start: number,
  sign: string,
  isDoubtful = false,
): number | undefined {
  const close = scan.find(sign, start)
  const tex = body(scan.text, start, close)
  if (tex === undefined || (isDoubtful && !TEX.test(tex))) return undefined
  const end = close + sign.length
  return put(scan, at, end, tex, sign !== '$$' || tex.includes('\n') || !isInSentence(scan, at, end))
}

/** kramdown has one sign for both: what is among words is of their line. */
function isInSentence(scan: Scan, start: number, end: number): boolean {
  return scan.prefix(start) === undefined || scan.match(/[ \t]*[^\s.,;:!?]/y, end) !== undefined
}

const IN_LINE = /\$(?![\s$])((?:[^$\\\n]|\\[^\n]|\n(?![ \t]*\n)){1,1000}?)\$(?![\p{L}\p{N}$])/uy

function inLine(scan: Scan, at: number): number | undefined {
  if (at > 0 && /[\p{L}\p{N}\\$]/u.test(scan.text[at - 1]!)) return undefined
  const found = scan.match(IN_LINE, at)
  if (!found) return undefined
  const tex = found[1]!
  if (/\s$/.test(tex) || isProse(tex)) return undefined
  return put(scan, at, at + found[0].length, tex, false)
}

/** `5 (or €4)`, `HOME and PATH`: words, and nothing of TeX. */
function isProse(tex: string): boolean {
  const bare = tex.replace(/\\[a-zA-Z]+(?:\{[^{}]*\})?/g, '')
  if (/[\p{L}]{2,}\s+[\p{L}]{2,}/u.test(bare) && !TEX.test(tex)) return true
  return (/^\d[\d.,]*[\s/-]/.test(tex) || /^[A-Z_]{2,}\b/.test(tex)) && !/[\\^{}=+*]/.test(tex)
}

/** No blank line is in a formula; `$$` around two paragraphs are two signs. */
function body(text: string, start: number, close: number): string | undefined {
  if (close === -1 || close - start > MAX_FORMULA_CHARACTERS) return undefined
  const tex = text.slice(start, close)
  return tex.trim() === '' || /\n[ \t]*\n[ \t]*\n/.test(tex) ? undefined : tex
}

function put(scan: Scan, start: number, end: number, tex: string, isDisplayed: boolean): number {
  const prefix = scan.prefix(start)
  const lines = numbered(tex, scan)
    .replace(/\n[ \t>]*/g, '\n')
    .trim()
  const index = scan.formulas.push(lines) - 1
  const isAlone = isDisplayed && prefix !== undefined && scan.isLineEnd(end)
  scan.replace(start, end, isAlone ? formulaLine(index) : formulaMark(index, isDisplayed))
  return end
}

// ─── In HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// HTML of the author's own with signs for formulas in it → the same with what is shown of them; in an attribute, as it was typed.

const SIGNS = /\{\ufdd2([di])(\d+)\ufdd3|\ufdd0formula:(\d+)/g

/** What goes with HTML that has such signs. */
export const hasFormulas = (html: string): boolean => /\ufdd2|\ufdd0formula/.test(html)

export function htmlOf(
  { content, meta }: Pick<Token, 'content' | 'meta'>,
  show: (tex: string, isDisplayed: boolean) => string,
): string {
  const formulas = meta?.formulas as readonly string[] | undefined
  if (!formulas) return content
  const fill = (html: string, make: typeof show) =>
    html.replace(SIGNS, (_, kind?: string, index?: string, line?: string) =>
      make(formulas[Number(index ?? line)] ?? '', kind !== 'i'),
    )
  const asTyped: typeof show = (tex, isDisplayed) =>
    (isDisplayed ? `$$${tex}$$` : `$${tex}$`).replaceAll('"', '&quot;')
  return content
    .split(/(<[^<>]*>)/)
    .map((part, at) => fill(part, at % 2 === 1 ? asTyped : show))
    .join('')
}

// ─── As MathML ───────────────────────────────────────────────────────────────────────────────────────────────────────
//
// TeX → MathML, by Temml; loaded by the first text that has a formula. What it makes is cleaned as HTML of the author's is.

type Temml = typeof import('temml')
let temml: Temml | undefined

/** @returns undefined for what is no TeX */
export function formulaMathml(tex: string, isDisplayed: boolean): string | undefined {
  const key = `${isDisplayed} ${tex}`
  if (made.has(key)) return made.get(key)
  temml ??= createRequire(import.meta.url)('temml') as Temml
  let mathml: string | undefined
  try {
    const options: Parameters<Temml['renderToString']>[1] = {
      displayMode: isDisplayed,
      throwOnError: true,
      trust: false,
      maxExpand: 1000,
      maxSize: [10, 10],
    }
    mathml = cleanMathml(temml.renderToString(tex, options))
  } catch {
    mathml = undefined
  }
  if (made.size >= MAX_KEPT) made.clear()
  made.set(key, mathml)
  return mathml
}

/** A feed, a page and a summary ask for the same. */
const MAX_KEPT = 500
const made = new Map<string, string | undefined>()
