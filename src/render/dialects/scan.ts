// A text while it is read from left to right: what was written of it so far, and notes on what had no meaning.

import type { TextNote } from '../../model.ts'

/** The rule's name is that of a rule of `check`. */
export type SourceNote = TextNote

export class Scan {
  readonly notes: SourceNote[] = []
  readonly formulas: string[] = []
  /** Where the line begins that is being read. */
  lineStart = 0
  readonly text: string
  readonly #out: string[] = []
  /** Up to here the result is settled. */
  copied = 0
  #line = 1
  #lineAt = 0
  readonly #absent = new Map<string, number>()

  constructor(text: string) {
    this.text = text
  }

  /** Puts `by` in the place of what lies between two offsets. @returns a number by which `rewrite` finds it again */
  replace(start: number, end: number, by: string): number {
    this.#out.push(this.text.slice(this.copied, Math.max(start, this.copied)), by)
    this.copied = end
    return this.#out.length - 1
  }

  rewrite(index: number, by: string): void {
    this.#out[index] = by
  }

  result(): string {
    return this.#out.join('') + this.text.slice(this.copied)
  }

  note(offset: number, rule: SourceNote['rule'], message: string, advice: string): void {
    this.notes.push({ line: this.lineOf(offset), rule, message, advice })
  }

  /** Offsets that are asked for rise, more or less. */
  lineOf(offset: number): number {
    if (offset < this.#lineAt) {
      this.#line = 1
      this.#lineAt = 0
    }
    for (
      let at = this.text.indexOf('\n', this.#lineAt);
      at !== -1 && at < offset;
      at = this.text.indexOf('\n', at + 1)
    ) {
      this.#line++
      this.#lineAt = at + 1
    }
    return this.#line
  }

  /** Where a sign is found at or behind an offset, or -1; a sign that is in no text is looked for once. */
  find(sign: string, from: number): number {
    if (from >= (this.#absent.get(sign) ?? Number.POSITIVE_INFINITY)) return -1
    const found = this.text.indexOf(sign, from)
    if (found === -1) this.#absent.set(sign, from)
    return found
  }

  /** The same of a pattern with the flag g. */
  findPattern(pattern: RegExp, from: number): RegExpExecArray | undefined {
    const name = pattern.source
    if (from >= (this.#absent.get(name) ?? Number.POSITIVE_INFINITY)) return undefined
    pattern.lastIndex = from
    const found = pattern.exec(this.text)
    if (!found) this.#absent.set(name, from)
    return found ?? undefined
  }

  /** A pattern with the flag y, at an offset. */
  match(pattern: RegExp, at: number): RegExpExecArray | undefined {
    pattern.lastIndex = at
    return pattern.exec(this.text) ?? undefined
  }

  /** What stands in a line before an offset, if it only indents, quotes or begins a list's item. */
  prefix(at: number): string | undefined {
    if (at - this.lineStart > 100) return undefined
    const before = this.text.slice(this.lineStart, at)
    return /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[\s>]+)*$/.test(before) ? before : undefined
  }

  /** Whether nothing but spaces stands behind an offset in its line. */
  isLineEnd(at: number): boolean {
    return this.match(/[ \t]*(?=\n|$)/y, at) !== undefined
  }
}

/** The prefix of the lines that continue the block which a line with this one begins. */
export function continued(prefix: string): string {
  return prefix.replace(/[^\s>]/g, ' ')
}
