// markdown-it plugin: plain text goes past the rules that it does not need, tokens and states are made by a plain
// constructor, and what becomes of the text is the same.

import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'

type CoreRule = (state: InstanceType<typeof Markdown.StateCore>) => void

/**
 * Such an address is in its normal form: a short host in small letters, or none, and behind it nothing but what is never
 * encoded.
 */
export const NORMAL =
  /^(?:https?:\/\/[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,2}(?=[/?#]|$)(?:[\w\-.~/!$&'()*+,;=:@]|%[\dA-Fa-f]{2})*|(?!\/\/)[\w\-.~/]*)(?:\?(?:[\w\-.~/!$&'()*+,;=:@?]|%[\dA-Fa-f]{2})*)?(?:#(?:[\w\-.~/!$&'()*+,;=:@?]|%[\dA-Fa-f]{2})*)?$/

/** @param special what only the engine's own further rules know: a text that has any of it is theirs */
export function fastRules(engine: MarkdownIt, special?: RegExp): void {
  const { core, inline } = engine
  const PlainToken = usePlainTokens(engine)
  const normalizeAny = engine.normalizeLink.bind(engine)
  engine.normalizeLink = url => (NORMAL.test(url) ? url : normalizeAny(url))
  const maker = { PlainToken, normalizeLink: engine.normalizeLink }
  const normalize = coreRule('normalize')
  core.ruler.at('normalize', state => {
    if (state.src.includes('\r') || state.src.includes('\0')) normalize(state)
  })
  core.ruler.at('inline', ({ tokens, env }) => {
    for (const token of tokens) {
      if (token.type !== 'inline') continue
      const plain = special?.test(token.content) ? undefined : plainInline(token.content, maker)
      if (plain) token.children = plain
      else inline.parse(token.content, engine, env, token.children!)
    }
  })
  const linkify = coreRule('linkify')
  core.ruler.at('linkify', state => {
    const tokens = state.tokens.filter(mayHoldAddress)
    if (tokens.length === 0) return
    const part = new core.State('', engine, state.env)
    part.tokens = tokens
    linkify(part)
  })
}

/** Without fuzzy links, every bare address in a text has one of these; its pattern takes far longer to say so. */
function mayHoldAddress({ children }: Token): boolean {
  if (!children) return false
  for (const { type, content } of children)
    if (type === 'text' && (content.includes('//') || content.includes('@'))) return true
  return false
}

/** A ruler names its rules, but only those of a chain. */
function coreRule(name: string): CoreRule {
  const { ruler } = new Markdown.ParserCore()
  ruler.enableOnly(name)
  return ruler.getRules('')[0]!
}

// markdown-it's tokens and states → the same made by a plain constructor: its build gives a token each of its fields by a
// call of its own, which takes a fifth of all parsing.

/** Gives an engine's states the plain constructor, so that all tokens are things of one kind. */
function usePlainTokens(engine: MarkdownIt): MakeToken {
  const { StateCore, StateBlock, StateInline } = Markdown
  const PlainToken = plainToken()

  class Core extends StateCore {
    override Token = PlainToken
  }
  class Block extends StateBlock {
    override Token = PlainToken
    constructor(...[src, ...rest]: ConstructorParameters<typeof StateBlock>) {
      super('', ...rest)
      this.src = src
      findLines(this)
    }
    override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      const token = new PlainToken(type, tag, nesting)
      token.block = true
      if (nesting < 0) this.level--
      token.level = this.level
      if (nesting > 0) this.level++
      this.tokens.push(token)
      return token
    }
  }
  class Inline extends StateInline {
    override Token = PlainToken
    override pushPending(): Token {
      const token = new PlainToken('text', '', 0)
      token.content = this.pending
      token.level = this.pendingLevel
      this.tokens.push(token)
      this.pending = ''
      return token
    }
    override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      if (this.pending) this.pushPending()
      const token = new PlainToken(type, tag, nesting)
      if (nesting < 0) {
        this.level--
        this.delimiters = this._prev_delimiters.pop()!
      }
      token.level = this.level
      this.tokens_meta.push(nesting > 0 ? this.#open() : undefined)
      this.pendingLevel = this.level
      this.tokens.push(token)
      return token
    }
    /** Its contents have delimiters of their own. */
    #open() {
      this.level++
      this._prev_delimiters.push(this.delimiters)
      this.delimiters = []
      return { delimiters: this.delimiters }
    }
  }
  engine.core.State = Core
  engine.block.State = Block
  engine.inline.State = Inline
  return PlainToken
}

/** Every field in one order, as the fields of markdown-it's own begin. */
function plainToken(): typeof Token {
  function PlainToken(this: Token, type: string, tag: string, nesting: -1 | 0 | 1) {
    this.type = type
    this.tag = tag
    this.attrs = null
    this.map = null
    this.nesting = nesting
    this.level = 0
    this.children = null
    this.content = ''
    this.markup = ''
    this.info = ''
    this.meta = null
    this.block = false
    this.hidden = false
  }
  PlainToken.prototype = Markdown.Token.prototype
  return PlainToken as unknown as typeof Token
}

/** Line by line, in place of character by character. The last one is followed by an empty one that is none. */
function findLines(state: InstanceType<typeof Markdown.StateBlock>): void {
  const { src, bMarks, eMarks, tShift, sCount, bsCount } = state
  for (const list of [bMarks, eMarks, tShift, sCount, bsCount]) list.pop()
  const add = (start: number, end: number, indent: number, columns: number) => {
    bMarks.push(start)
    eMarks.push(end)
    tShift.push(indent)
    sCount.push(columns)
    bsCount.push(0)
  }
  for (let start = 0; start < src.length; ) {
    const stop = src.indexOf('\n', start)
    const end = stop === -1 ? src.length : stop
    let at = start
    let columns = 0
    for (; at < end; at++) {
      const code = src.charCodeAt(at)
      if (code === 9) columns += 4 - (columns % 4)
      else if (code === 32) columns++
      else break
    }
    // White space at the end of a text is no line.
    if (at < src.length) add(start, end, at - start, columns)
    start = end + 1
  }
  add(src.length, src.length, 0, 0)
  state.lineMax = bMarks.length - 1
}

// ─── Plain text of a block ───────────────────────────────────────────────────────────────────────────────────────────
//
// Text of one block → the tokens that markdown-it makes of it, several times as fast, where it is nothing but words,
// emphasis, links, pictures, code and line ends, each written in the usual way; else nothing: it is for markdown-it itself.
// Only its empty text tokens, which say nothing, are not made.

type MakeToken = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token

interface InlineMaker {
  readonly PlainToken: MakeToken
  normalizeLink(url: string): string
}

/** A text, or a part of it, while it is read. */
interface Reader {
  readonly maker: InlineMaker
  readonly text: string
  readonly end: number
  readonly tokens: Token[]
  at: number
  /** Where the text begins that is in no token yet. */
  from: number
  level: number
  /** The marks of the emphasis that is open. */
  open: string
}

/** Where anything but text begins, or may begin: one character long, so that its place follows from where it ends. */
const MARK = /[\n*<[\\_`]|&(?=#?[A-Za-z0-9]+;)|!(?=\[)|\^(?=\[)|:(?=\/\/)|~(?=~)/g
/** Label, address and title: no bracket in the label, and nothing that could hide one. */
export const LINK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they end an address
  /\[([^[\]\\`<]*)\]\(([^\s()<>\\&\0-\x1f\x7f]+)(?: "([^"\\&\n]*)")?\)/y
const [LINE_END, BANG, STAR, BRACKET, LOW_LINE, TICK] = [10, 33, 42, 91, 95, 96]

/** @returns undefined when something in it is not plain */
export function plainInline(text: string, maker: InlineMaker): Token[] | undefined {
  const tokens: Token[] = []
  const reader = { maker, text, end: text.length, tokens, at: 0, from: 0, level: 0, open: '' }
  return read(reader) ? tokens : undefined
}

function read(reader: Reader): boolean {
  const { text, end } = reader
  for (;;) {
    MARK.lastIndex = reader.at
    if (!MARK.test(text) || MARK.lastIndex > end) break
    reader.at = MARK.lastIndex - 1
    if (!readMark(reader, text.charCodeAt(reader.at))) return false
  }
  pushText(reader, end)
  return reader.open === ''
}

function readMark(reader: Reader, mark: number): boolean {
  switch (mark) {
    case LINE_END:
      return readLineEnd(reader)
    case STAR:
    case LOW_LINE:
      return readEmphasis(reader, mark)
    case TICK:
      return readCode(reader)
    case BRACKET:
      return readLink(reader)
    case BANG:
      return readImage(reader)
  }
  return false
}

function push(reader: Reader, type: string, tag: string, nesting: -1 | 0 | 1): Token {
  const token = new reader.maker.PlainToken(type, tag, nesting)
  if (nesting < 0) reader.level--
  token.level = reader.level
  if (nesting > 0) reader.level++
  reader.tokens.push(token)
  return token
}

function pushText(reader: Reader, stop: number): void {
  if (stop > reader.from) push(reader, 'text', '', 0).content = reader.text.slice(reader.from, stop)
}

function moveTo(reader: Reader, next: number): true {
  reader.at = next
  reader.from = next
  return true
}

/** Two spaces before it make it a hard one. CommonMark §6.7 */
function readLineEnd(reader: Reader): true {
  const { text, at, end, from } = reader
  let stop = at
  while (stop > from && text[stop - 1] === ' ') stop--
  let next = at + 1
  while (next < end && (text[next] === ' ' || text[next] === '\t')) next++
  pushText(reader, stop)
  push(reader, at - stop > 1 ? 'hardbreak' : 'softbreak', 'br', 0)
  return moveTo(reader, next)
}

/** Marks that can only open, and then the same ones that can only close. CommonMark §6.2 */
function readEmphasis(reader: Reader, mark: number): boolean {
  const { text, at, end, open } = reader
  let next = at + 1
  while (next < end && text.charCodeAt(next) === mark) next++
  const before = at === 0 ? SPACE : kindOf(text.charCodeAt(at - 1))
  const after = next >= end ? SPACE : kindOf(text.charCodeAt(next))
  if (mark === LOW_LINE && before === WORD && after === WORD) {
    reader.at = next // snake_case
    return true
  }
  const marks = text.slice(at, next)
  if (marks.length > 2 || before === OTHER || after === OTHER) return false
  const nesting = open === '' && isTurn(before, after) ? 1 : open === marks && isTurn(after, before) ? -1 : 0
  if (nesting === 0) return false
  const tag = marks.length === 2 ? 'strong' : 'em'
  pushText(reader, at)
  push(reader, nesting > 0 ? `${tag}_open` : `${tag}_close`, tag, nesting).markup = marks
  reader.open = nesting > 0 ? marks : ''
  return moveTo(reader, next)
}

/** Between single marks. CommonMark §6.1 */
function readCode(reader: Reader): boolean {
  const { text, at, end } = reader
  const stop = text.indexOf('`', at + 1)
  if (stop <= at + 1 || stop >= end || text.charCodeAt(stop + 1) === TICK) return false
  const content = text.slice(at + 1, stop).replaceAll('\n', ' ')
  const isPadded = content.startsWith(' ') && content.endsWith(' ') && /[^ ]/.test(content)
  pushText(reader, at)
  const code = push(reader, 'code_inline', 'code', 0)
  code.markup = '`'
  code.content = isPadded ? content.slice(1, -1) : content
  return moveTo(reader, stop + 1)
}

function readLink(reader: Reader): boolean {
  const { text, at, end, maker } = reader
  LINK.lastIndex = at
  const found = LINK.exec(text)
  if (!found || LINK.lastIndex > end) return false
  const [, label, url, title] = found
  const next = LINK.lastIndex
  pushText(reader, at)
  const link = push(reader, 'link_open', 'a', 1)
  link.attrs = [['href', maker.normalizeLink(url!)]]
  if (title) link.attrs.push(['title', title])
  const inside = { ...reader, end: at + 1 + label!.length, at: at + 1, from: at + 1, open: '' }
  if (!read(inside)) return false
  push(reader, 'link_close', 'a', -1)
  return moveTo(reader, next)
}

function readImage(reader: Reader): boolean {
  const { text, at, end, maker } = reader
  LINK.lastIndex = at + 1
  const found = LINK.exec(text)
  if (!found || LINK.lastIndex > end) return false
  const [, label, url, title] = found
  const next = LINK.lastIndex
  const children = plainInline(label!, maker)
  if (!children) return false
  pushText(reader, at)
  const image = push(reader, 'image', 'img', 0)
  image.attrs = [
    ['src', maker.normalizeLink(url!)],
    ['alt', ''],
  ]
  if (title) image.attrs.push(['title', title])
  image.children = children
  image.content = label!
  return moveTo(reader, next)
}

const [SPACE, WORD, PUNCTUATION, OTHER] = [0, 1, 2, 3]

/** Whether marks between these two can only open; or, asked the other way round, only close. */
function isTurn(outside: number, inside: number): boolean {
  return inside === WORD ? outside !== WORD : inside === PUNCTUATION && outside === SPACE
}

function kindOf(code: number): number {
  if (code < 128) {
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return WORD
    return code === 32 || code === 10 ? SPACE : code > 32 && code < 127 ? PUNCTUATION : OTHER
  }
  const character = String.fromCharCode(code)
  return /[\p{L}\p{M}\p{N}]/u.test(character) ? WORD : /\p{P}/u.test(character) ? PUNCTUATION : OTHER
}
