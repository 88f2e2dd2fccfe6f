// A plain Markdown text → how many words it has and what it refers to, in one pass over its characters and without a
// token: for texts that are not shown. A text with anything in it whose meaning depends on more than a few characters
// around it is left to the parser.

import { isPlainSource } from '../dialects/scan.ts'
import { PLAYER_PAGE } from '../references.ts'
import { LINK, NORMAL } from './plain-markdown.ts'

export interface PlainFacts {
  /** As `countWords` counts them. */
  readonly words: number
  /** Letters and digits of them: the text alone has as many characters at least. */
  readonly letters: number
  /** Of links and pictures, but for whole addresses, in their order. */
  readonly references: readonly PlainReference[]
  /** The text up to the end of its first paragraph, where that begins with a letter. */
  readonly beginning: string | undefined
}

export interface PlainReference {
  readonly reference: string
  readonly isPicture: boolean
}

/** @returns undefined where something in it is not plain */
export function plainFacts(text: string): PlainFacts | undefined {
  const scan = new PlainScan(text)
  if (!scan.read()) return undefined
  if (scan.mayBeDialect && !isPlainSource(text)) return undefined
  return scan
}

/** What a character is: of words as `countWords` sees them, or a sign of which more has to be seen. */
const [NONE, JOINING, LETTER, SIGN, OTHER] = [0, 1, 2, 3, 4]

/** ASCII, Latin-1 and Latin Extended. */
const LATIN = 0x250
const SIGNS = "\n'_`[!:/&$%=+~^?>"
/** Whatever they are in Markdown or a dialect, it is not plain. */
const NEVER = '\\<|{@'
const kinds = Uint8Array.from({ length: LATIN }, (_, code) => {
  const character = String.fromCharCode(code)
  if (SIGNS.includes(character)) return SIGN
  if ((code < 32 && code !== 9) || code === 127 || NEVER.includes(character)) return OTHER
  if (/[\p{L}\p{N}]/u.test(character)) return LETTER
  return character === '-' ? JOINING : NONE
})

function kindOf(code: number): number {
  if (code < LATIN) return kinds[code]!
  if (code >= 0x2000 && code < 0x2028) {
    return code === 0x2019 || code === 0x200c || code === 0x200d ? JOINING : NONE
  }
  // Currencies, arrows, lines and shapes, none of which is a letter or a number.
  const isSymbol =
    (code >= 0x20a0 && code < 0x20d0) ||
    (code >= 0x2190 && code < 0x2400) ||
    (code >= 0x2500 && code < 0x2776)
  return isSymbol ? NONE : OTHER
}

const [TAB, LINE_END, SPACE, APOSTROPHE, LOW_LINE, TICK, BRACKET, HASH] = [9, 10, 32, 39, 95, 96, 91, 35]
const [DOT, CLOSE, EQUALS, STAR, BANG, GREATER, PIPE] = [46, 41, 61, 42, 33, 62, 124]

/** Deeper in one another than this, blocks are left to the parser, which has a limit. */
const MAX_INDENT = 16
const MAX_QUOTES = 4

/** A line that is a break, or underlines a heading: whatever it is, it has no words. */
const RULE = /[-*_=](?:[ -]{0,80}|[ *]{0,80}|[ _]{0,80}|[ =]{0,80})(?=\n|$)/y
/** Of the text of an item, beside letters: a quotation mark, emphasis, code, a link, a picture. */
const PLAIN_STARTS: readonly number[] = [34, APOSTROPHE, 40, STAR, LOW_LINE, TICK, BRACKET, BANG]
/** The names of dialects' own things between brackets. */
const NAMED =
  /^(?:!|toc|caption|embed|gallery|video|audio|youtube|vimeo|playlist|contact|sourcecode|crayon|code)/i
/** What of an address or a title may be a sign of a dialect. */
const SIGN_IN_ADDRESS = /[$={%+~^@<[]|:.*:|:\(|!!|\?\?/

const IN_CODE_TOO = ['highlight-', '8<-', 'include_relative', '///']

class PlainScan implements PlainFacts {
  words = 0
  letters = 0
  readonly references: PlainReference[] = []
  beginning: string | undefined
  mayBeDialect: boolean
  readonly #text: string
  /** How many of a row of a table before, and one more; 0 elsewhere. */
  #pipes = 0
  /** The sign of the numbered list that the line before is an item of: '.' or ')'. */
  #numbered = 0

  constructor(text: string) {
    this.#text = text
    // In code, too, where nothing else is read.
    this.mayBeDialect =
      IN_CODE_TOO.some(sign => text.includes(sign)) || text.startsWith('import') || text.includes('\nimport')
  }

  read(): boolean {
    const text = this.#text
    let isAfterBlank = true
    /** Where the first paragraph begins; -1 before it. */
    let first = -1
    for (let at = 0; at < text.length; ) {
      let start = at
      while (text.charCodeAt(start) === SPACE) start++
      if (start === text.length || text.charCodeAt(start) === LINE_END) {
        if (first >= 0) this.beginning ??= text.slice(0, at)
        isAfterBlank = true
        this.#numbered = 0
        this.#pipes = 0
        at = start + 1
        continue
      }
      if (first === -1 && text.charCodeAt(at) !== HASH) {
        first =
          isAfterBlank && kindOf(text.charCodeAt(at)) === LETTER && !isDigit(text.charCodeAt(at)) ? at : -2
      }
      at = this.#block(at, start, isAfterBlank)
      if (at === -1) return false
      isAfterBlank = false
    }
    if (first >= 0) this.beginning ??= text
    return true
  }

  /** One line, or a block of code. @param start of its text @returns where the next begins; -1 where it is not plain */
  #block(at: number, start: number, isAfterBlank: boolean): number {
    const fence = start === at ? this.#fenceEnd(at) : undefined
    if (fence !== undefined) return fence
    if (this.#text.charCodeAt(at) === PIPE) return this.#row(at)
    this.#pipes = 0
    const inline = this.#lineStart(start, start - at, isAfterBlank)
    return inline === -1 ? -1 : this.#line(inline, start - at > 3)
  }

  /** Of a table, or what looks like one. Cells that its head has no column for would be dropped. */
  #row(at: number): number {
    const row = this.#text.slice(at, endOfLine(this.#text, at))
    const pipes = row.split('|').length
    if (!/\| *$/.test(row) || (this.#pipes > 0 && pipes !== this.#pipes)) return -1
    this.#pipes = pipes
    this.#numbered = 0
    const { letters } = this
    const end = this.#line(at, false)
    // The words of a head may not be in the text.
    this.letters = letters
    return end
  }

  /** Passes the marks of the blocks that begin with a line. @returns where its text begins; -1 where that is not plain */
  #lineStart(start: number, indent: number, isAfterBlank: boolean): number {
    const text = this.#text
    const numbered = this.#numbered
    this.#numbered = 0
    if (indent > MAX_INDENT) return -1
    RULE.lastIndex = start
    if (RULE.test(text)) {
      if (text.charCodeAt(start) === EQUALS) this.mayBeDialect = true
      return RULE.lastIndex
    }
    let at = start
    let quotes = 0
    while (text.charCodeAt(at) === GREATER && ++quotes <= MAX_QUOTES) {
      at++
      while (text.charCodeAt(at) === SPACE) at++
    }
    const code = text.charCodeAt(at)
    if (at - start > 3 * quotes || quotes > MAX_QUOTES || code === TAB) return -1
    if (quotes > 0 && code === LINE_END) this.mayBeDialect = true
    if (code === HASH) {
      // A heading, or a sign of a dialect.
      if (!/#{1,6}(?= |\n|$)/y.test(text.slice(at, at + 8))) this.mayBeDialect = true
      return at
    }
    if (code === 58 || code === 126) {
      this.mayBeDialect = true
      return text.startsWith('~~~', at) ? -1 : at
    }
    if (code === 45 || code === STAR || code === 43) {
      const after = text.charCodeAt(at + 1)
      if (code === STAR && after === BRACKET) this.mayBeDialect = true
      if (after === TAB) return -1
      return after === SPACE ? this.#itemStart(at + 2) : at
    }
    if (!isDigit(code)) return at
    let end = at + 1
    while (isDigit(text.charCodeAt(end))) end++
    const sign = text.charCodeAt(end)
    const after = text.charCodeAt(end + 1)
    if ((sign !== DOT && sign !== CLOSE) || !isBreak(after)) return at
    // Within a paragraph, or within another block, it may be a number as well as the sign of an item.
    const isItem = isAfterBlank || numbered === sign || (code === 49 && end - at === 1)
    if (at !== start || indent > 0 || end - at > 9 || after !== SPACE || !isItem) return -1
    this.#numbered = sign
    return this.#itemStart(end + 2)
  }

  /** @returns where the text of an item begins; -1 where it is a block in itself */
  #itemStart(begin: number): number {
    const text = this.#text
    let at = begin
    while (text.charCodeAt(at) === SPACE) at++
    const code = text.charCodeAt(at)
    const kind = kindOf(code)
    // A number may be that of an item in the item.
    const isText =
      kind === LETTER ? !isDigit(code) : (kind === NONE && code > 127) || PLAIN_STARTS.includes(code)
    if (at - begin > 3 || !isText) return -1
    return code === STAR && !isMark(text.charCodeAt(at + 1)) ? -1 : at
  }

  /** Of a block of code that begins here. @returns undefined where none does; -1 where that is not plain */
  #fenceEnd(at: number): number | undefined {
    const text = this.#text
    if (!text.startsWith('```', at)) return undefined
    let open = at + 3
    while (text.charCodeAt(open) === TICK) open++
    const ticks = open - at
    const lineEnd = endOfLine(text, open)
    if (text.slice(open, lineEnd).includes('`')) return -1
    this.mayBeDialect = true
    this.#numbered = 0
    this.#pipes = 0
    const close = new RegExp(`^ {0,3}\`{${ticks},}[ ]*$`, 'm')
    const inside = text.slice(lineEnd + 1)
    const end = inside.search(close)
    const content = end === -1 ? inside : inside.slice(0, end)
    if (!this.#literal(content)) return -1
    return end === -1 ? text.length : endOfLine(text, lineEnd + 1 + end) + 1
  }

  /** Text in which nothing has a meaning. */
  #literal(text: string): boolean {
    let isInside = false
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const kind = kindOf(code)
      if (kind === LETTER) {
        this.letters++
        if (!isInside) this.words++
        isInside = true
      } else if (kind === OTHER && (code >= LATIN || code < 32 || code === 127)) return false
      else isInside = isInside && (kind === JOINING || code === APOSTROPHE || code === LOW_LINE)
    }
    return true
  }

  /** The rest of a line. @returns where the next begins; -1 where it is not plain */
  #line(begin: number, isIndented: boolean): number {
    const text = this.#text
    /** Where the words of a link end, and what is behind its address. */
    let [wordsEnd, next] = [-1, 0]
    let [words, letters, isInside] = [0, 0, false]
    let at = begin
    for (; at < text.length; at++) {
      if (at === wordsEnd) {
        at = next
        isInside = false
        if (at >= text.length) break
      }
      const code = text.charCodeAt(at)
      const kind = code < LATIN ? kinds[code]! : kindOf(code)
      if (kind === LETTER) {
        if (!isInside) words++
        for (letters++; kinds[text.charCodeAt(at + 1)] === LETTER; letters++) at++
        isInside = true
      } else if (kind === NONE) isInside = false
      else if (kind === SIGN) {
        if (code === LINE_END) break
        if (code === TICK) {
          isInside = false
          at = isIndented ? -1 : this.#code(at)
          if (at === -1) return -1
        } else if (code === BRACKET) {
          isInside = false
          LINK.lastIndex = at
          const found = isIndented ? null : LINK.exec(text)
          if (!found || !this.#refer(found, text.charCodeAt(at - 1) === BANG)) return -1
          wordsEnd = at + 1 + found[1]!.length
          next = LINK.lastIndex
          if (wordsEnd === at + 1) at = next - 1
        } else {
          if (!this.#sign(at, code, isInside)) return -1
          isInside &&= code === APOSTROPHE || code === LOW_LINE
        }
      } else if (kind === OTHER) {
        if (code === PIPE && this.#pipes > 0) isInside = false
        else if (!this.#isEmoji(at, isInside)) return -1
        else if (code !== 0xfe0f) {
          isInside = false
          at++
        }
      }
    }
    this.words += words
    this.letters += letters
    return at + 1
  }

  /** Those that only need a look at what is beside them. @returns false where it is not plain */
  #sign(at: number, code: number, isInside: boolean): boolean {
    const text = this.#text
    const after = text.charCodeAt(at + 1)
    if (code === APOSTROPHE || code === LOW_LINE) {
      // Alone between letters it is a part of a word, and before a space it is none; else quotation marks and emphasis decide.
      if (!isInside) return true
      const before = text.charCodeAt(at - 1)
      return !isUnclear(code, before) && !isUnclear(code, after)
    }
    switch (code) {
      case 47: // /
        return after !== code
      case 38: // &
        return !(after === HASH || isLetter(after))
      case 33: // !
      case 37: // %
      case 43: // +
      case 63: // ?
        if (after === code) this.mayBeDialect = true
        return true
      case 58: // :
        if (!isBreak(after)) this.mayBeDialect = true
        return true
      case 62: // >
        if (after === LINE_END) this.mayBeDialect = true
        return true
      case 94: // ^
        this.mayBeDialect = true
        return after !== BRACKET
    }
    this.mayBeDialect = true
    return true
  }

  /** Between single marks on one line. @returns where its last mark is; -1 where it is not plain */
  #code(at: number): number {
    const text = this.#text
    const stop = text.indexOf('`', at + 1)
    if (stop <= at + 1 || text.charCodeAt(stop + 1) === TICK) return -1
    const content = text.slice(at + 1, stop)
    if (/[\n|]/.test(content) || !this.#literal(content)) return -1
    if (/[^\w .,;()'"/-]/.test(content)) this.mayBeDialect = true
    return stop
  }

  /** @returns false for what is more than a link or a picture */
  #refer([whole, words, address]: RegExpExecArray, isPicture: boolean): boolean {
    if (/[\n|]/.test(whole!) || !NORMAL.test(address!)) return false
    if (isPicture && PLAYER_PAGE.test(address!)) return false
    const isWhole = /^https?:/.test(address!)
    const behind = whole!.slice(words!.length + (isWhole ? 8 : 2))
    if (NAMED.test(words!) || SIGN_IN_ADDRESS.test(behind)) this.mayBeDialect = true
    if (/^[ xX]$/.test(words!)) return false
    if (!isWhole) this.references.push({ reference: address!, isPicture })
    return true
  }

  /** One that every browser shows as a picture, and the sign that asks for it. */
  #isEmoji(at: number, isInside: boolean): boolean {
    const code = this.#text.charCodeAt(at)
    if (code === 0xfe0f) return !isInside
    const low = this.#text.charCodeAt(at + 1)
    return (
      (code === 0xd83d && low >= 0xdc00 && low < 0xe000) || (code === 0xd83e && low >= 0xdc00 && low < 0xdf00)
    )
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

/** White space, or the end of the text. */
function isBreak(code: number): boolean {
  return code === SPACE || code === LINE_END || code === 9 || Number.isNaN(code)
}

/** Of one that is emphasis: it is not set apart. */
function isMark(after: number): boolean {
  return after === STAR || isLetter(after)
}

/** Beside one of these, whether a mark is a part of the word depends on more than it. */
function isUnclear(mark: number, beside: number): boolean {
  if (beside === LOW_LINE) return mark !== LOW_LINE
  return beside === APOSTROPHE || kindOf(beside) === JOINING
}
