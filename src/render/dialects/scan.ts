// What the dialects of other tools share: a text while it is read from left to right; the placeholders for what Markdown has
// no words for; and the names of notes.

import { byEachName } from '../../base/index.ts'
import type { TextNote } from '../../model.ts'

/** The rule's name is that of a rule of `check`. */
export type SourceNote = TextNote

export class Scan {
  readonly notes: SourceNote[] = []
  readonly formulas: string[] = []
  /** Of formulas, and the numbers that readers see; made when one is asked for. */
  labels: ReadonlyMap<string, string> | undefined
  /** Where the line begins that is being read. */
  lineStart = 0
  readonly text: string
  readonly #out: string[] = []
  /** Up to here the result is settled. */
  copied = 0
  #line = 1
  #lineAt = 0
  /** Kept: to look for it from each tag of a megabyte in one line takes time that grows with its square. */
  #lineEnd: number | undefined
  /** Sign or pattern → the last that was looked for: from where, and where it was. */
  readonly #found = new Map<string, { from: number; at: number; match?: RegExpExecArray | undefined }>()
  /** Name of an element → where the last tag begins that closes one. */
  #closings: ReadonlyMap<string, number> | undefined

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
    const result = this.#out.join('') + this.text.slice(this.copied)
    return result.includes(GONE) ? result.replace(GONE_FIRST, '$1').replaceAll(GONE, '') : result
  }

  note(offset: number, rule: SourceNote['rule'], message: string, advice: string): void {
    this.notes.push({ line: this.lineOf(offset), rule, message, advice })
  }

  /** Offsets that are asked for rise, more or less. */
  lineOf(offset: number): number {
    if (offset < this.#lineAt) {
      this.#line = 1
      this.#lineAt = 0
      this.#lineEnd = undefined
    }
    this.#lineEnd ??= this.#endOfLine()
    while (this.#lineEnd < offset) {
      this.#line++
      this.#lineAt = this.#lineEnd + 1
      this.#lineEnd = this.#endOfLine()
    }
    return this.#line
  }

  #endOfLine(): number {
    const end = this.text.indexOf('\n', this.#lineAt)
    return end === -1 ? Number.POSITIVE_INFINITY : end
  }

  /**
   * Where a sign is found at or behind an offset, or -1. What was found is kept: a thousand signs that open look for the one that
   * closes, and find the same.
   */
  find(sign: string, from: number): number {
    const known = this.#found.get(sign)
    if (known && from >= known.from && from <= known.at)
      return known.at === Number.POSITIVE_INFINITY ? -1 : known.at
    const at = this.text.indexOf(sign, from)
    this.#found.set(sign, { from, at: at === -1 ? Number.POSITIVE_INFINITY : at })
    return at
  }

  /** Whether a tag that closes an element of this name begins at or behind an offset: all are found at once, for each may have a name of its own. */
  isClosed(name: string, from: number): boolean {
    this.#closings ??= new Map([...this.text.matchAll(CLOSING)].map(found => [found[1]!, found.index]))
    return (this.#closings.get(name) ?? -1) >= from
  }

  /** The same of a pattern with the flag g. */
  findPattern(pattern: RegExp, from: number): RegExpExecArray | undefined {
    const name = `${pattern}`
    const known = this.#found.get(name)
    if (known && from >= known.from && from <= known.at) return known.match
    pattern.lastIndex = from
    const match = pattern.exec(this.text) ?? undefined
    this.#found.set(name, { from, at: match?.index ?? Number.POSITIVE_INFINITY, match })
    return match
  }

  /** A pattern with the flag y, at an offset. */
  match(pattern: RegExp, at: number): RegExpExecArray | undefined {
    pattern.lastIndex = at
    return pattern.exec(this.text) ?? undefined
  }

  /** What is in a line before an offset, if it only indents, quotes or begins a list's item. */
  prefix(at: number): string | undefined {
    if (at - this.lineStart > 100) return undefined
    const before = this.text.slice(this.lineStart, at)
    return /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])[\s>]+)*$/.test(before) ? before : undefined
  }

  /** Whether an offset lies in a block of HTML, which goes on up to a blank line. CommonMark §4.6 */
  isInHtml(at: number): boolean {
    const before = this.text.slice(Math.max(0, at - MAX_BLOCK), at)
    const block = before.split(/\n[ \t]*\n/).at(-1)!
    return HTML_BLOCK.test(block)
  }

  /** Whether nothing but spaces is behind an offset in its line. */
  isLineEnd(at: number): boolean {
    return this.match(/[ \t]*(?=\n|$)/y, at) !== undefined
  }
}

const CLOSING = /<\/([A-Za-z][\w.:-]*)/g
const MAX_BLOCK = 3000
/** Elements of blocks; and any other tag that has a line of its own. */
const HTML_BLOCK =
  /^ {0,3}<\/?(?:(?:address|article|aside|blockquote|body|caption|center|col|colgroup|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)(?=[\s/>])|[a-z][^<>]*>[ \t]*\n)/i

/** The prefix of the lines that continue the block which a line with this one begins. */
export function continued(prefix: string): string {
  return prefix.replace(/[^\s>]/g, ' ')
}

// ─── Private signs ───────────────────────────────────────────────────────────────────────────────────────────────────
//
// Private signs in Markdown, which stand for what it has no words for: the text that reaches them was cleaned of these
// characters (Unicode's noncharacters) before, so that nobody can type one.

/** What a region of blocks is: a note, folded text, a quotation with its source, a picture with its caption. */
type RegionKind = 'note' | 'details' | 'quote' | 'figure' | 'caption'

/** In the place of a tag that says nothing: spaces behind it do not indent what follows. */
export const GONE = '\ufdd8'
const GONE_FIRST = /((?:^|\n)[ \t>]*)(?:\ufdd8[ \t]*)+/g
/** A line that opens a region. @param title inline Markdown; '' for none */
export const openMark = (kind: RegionKind, title = ''): string => `\ufdd0${kind}:${oneLine(title)}`
/** A line that closes the innermost one. @param source of a quotation */
export const closeMark = (source = ''): string => `\ufdd1${oneLine(source)}`
/** A line above what it is the name of: a tab, a file. */
export const labelMark = (label: string): string => `\ufdd0label:${oneLine(label)}`
/** A line that stands for a formula of its own. @param index in the list of formulas */
export const formulaLine = (index: number): string => `\ufdd0formula:${index}`
/** A formula in a line. */
export const formulaMark = (index: number, isDisplayed: boolean): string =>
  `{\ufdd2${isDisplayed ? 'd' : 'i'}${index}\ufdd3`
/** A text whose formulas follow on others. */
export const renumbered = (text: string, first: number): string =>
  text.replace(
    /(\ufdd0formula:|\ufdd2[di])(\d+)/g,
    (_, sign: string, index: string) => sign + (Number(index) + first),
  )
/** At the end of a heading: the id that its author gave it. */
export const idMark = (id: string): string => `\ufdd4${id}\ufdd5`

export const OPEN_LINE = /\ufdd0([a-z]+):(.*)/y
export const CLOSE_LINE = /\ufdd1(.*)/y
export const FORMULA = /\{\ufdd2([di])(\d+)\ufdd3/y
export const HEADING_ID = /\s*\ufdd4([^\ufdd5]*)\ufdd5\s*$/

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

// ─── Notes ───────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Names of notes (admonitions, callouts, alerts) as many tools have them → whether a word is one, and the title of a note
// that has none.

const NOTES = new Set(
  [
    'note notes tip tips info information warning warn danger caution important alert notice callout admonition hint success',
    'error failure fail bug example question help faq todo abstract summary tldr attention check done seealso remark error',
    'message aside box infobox update security cite pitfall deepdive deep-dive youwillbuildthis secondary primary',
    'hint-box definition theorem lemma proof exercise solution remember caveat experimental deprecated lead-note',
  ]
    .join(' ')
    .split(' '),
)

/** Of no kind: the note has no title then. */
const NAMELESS = new Set(
  'alert notice callout admonition message aside box infobox primary secondary'.split(' '),
)

export function isNote(name: string): boolean {
  return NOTES.has(name.toLowerCase())
}

/** Stands for a title until the language is known in which it is to be. */
export function noteTitle(name: string): string {
  const plain = name.toLowerCase()
  return NAMELESS.has(plain) || plain === '' ? '' : `\ufdd6${plain}\ufdd7`
}

const TITLE = /\ufdd6([^\ufdd7]*)\ufdd7/g

/** @param word in the text's own language; undefined for a name that no catalogue has */
export function fillTitles(text: string, word: (name: string) => string | undefined): string {
  if (!text.includes('\ufdd6')) return text
  return text.replace(TITLE, (_, name: string) => {
    const known = word(SAME_NAMES[name] ?? name)
    if (known !== undefined) return known
    const words = name.replaceAll('-', ' ')
    return (words[0] ?? '').toUpperCase() + words.slice(1)
  })
}

/** Those that the catalogues have: `note.tip`. */
export const NOTE_WORDS = new Set(
  (
    'note tip info warning danger caution important hint success error fail bug example question faq todo summary attention ' +
    'check done seealso remark security definition theorem lemma proof exercise solution remember deprecated update details'
  ).split(' '),
)

const SAME_NAMES: Readonly<Record<string, string>> = byEachName({
  note: 'notes',
  tip: 'tips',
  info: 'information',
  warning: 'warn alert',
  fail: 'failure',
  details: 'spoiler collapse collapsible accordion fold toggle dropdown expand',
  question: 'help',
  summary: 'tldr abstract',
  seealso: 'see-also',
})

// ─── Plain texts ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether a text may have anything in it that read-source.ts, or a rule of plugins.ts, is for. Most have not. */
export function isPlainSource(text: string): boolean {
  return !SIGN_ANYWHERE.test(text) && !SIGN_IN_FRONT.test(text)
}

// Two patterns, and of a sign behind a letter the sign first: as one, in the order of the text, they take three times as long.
// A brace before a space is code, unless it is an attribute of a component's.
const SIGN_ANYWHERE =
  /\$|\{(?:[%{#:./\w\ufdd2-]|>>|~~|[ \t]+(?:[#.:][\w-]|[\w-]+=))|=\s*\{|%%|\[\[|:::|==|\+\+|!!! |\?\?\?|\\(?:[([]|begin\{|(?:eq)?ref\{)|\[!|:[a-z0-9_+-]+:|[~^](?<=[\p{L}\p{N})\]].)[^\s^~]|<\/?[A-Z]|<[a-z][a-z0-9]*[-_]|<(?!(?:a|abbr|article|aside|audio|b|big|blockquote|br|caption|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|header|hr|i|iframe|img|input|ins|kbd|li|link|mark|meta|nav|object|ol|p|picture|pre|q|s|samp|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|video|wbr)[\s/>])[a-z][a-z0-9]*[\s/>]|@include|>\n---|\]\([^()<>\n"'\s]+ [^()<>\n"']{0,200}\.\w{2,5}\)|:\(fa|(?<![\w:]):[a-z][\w-]*\[|\[(?:TOC|toc|caption|embedyt|embed|gallery|video|audio|youtube|vimeo|playlist|contact-form|sourcecode|crayon|code)\b|\bmarkdown=|highlight-(?:next|start|line|range)|<!--(?![^\n]{0,2000}-->)/u
const SIGN_IN_FRONT =
  /^(?:[ \t>]*(?:::[A-Za-z]|[:~]\s|;*-+8<-|\{!|<<<|\/{3,}[ \t]*[A-Za-z])|#{2,6}[^\s#]|\*\[|<--->|`(?:youtube|vimeo|video|oembed|tweet|codesandbox|codepen|soundcloud|gist|twitch|instagram|spotify):|import[ {'"])/m
