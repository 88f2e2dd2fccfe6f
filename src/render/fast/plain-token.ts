// markdown-it's tokens and states → the same made by a plain constructor: its build gives a token each of its fields by a
// call of its own, which takes a fifth of all parsing.

import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'

export type MakeToken = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token

/** Gives an engine's states the plain constructor, so that all tokens are things of one kind. */
export function usePlainTokens(engine: MarkdownIt): MakeToken {
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
    /** What stands inside has delimiters of its own. */
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

/** Line by line, in place of character by character. Behind the last one stands an empty one that is none. */
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
