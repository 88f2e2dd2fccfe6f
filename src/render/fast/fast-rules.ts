// markdown-it plugin: plain text goes past the rules that it does not need, tokens and states are made by a plain
// constructor, and what becomes of the text is the same.
import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'
import { type MakeToken, plainInline } from './plain-inline.ts'

type CoreRule = (state: InstanceType<typeof Markdown.StateCore>) => void

/** Such an address is in its normal form: a short host in small letters, or none, and a path of which nothing is encoded. */
const NORMAL = /^(?:https?:\/\/[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,2}(?=\/|$)|(?!\/\/))[\w\-.~/]*$/

/** @param special what only the engine's own further rules know: a text that has any of it is theirs */
export function fastRules(engine: MarkdownIt, special?: RegExp): void {
  const { core, inline } = engine
  const PlainToken = usePlainTokens(engine)
  const maker = {
    PlainToken,
    normalizeLink: (url: string) => (NORMAL.test(url) ? url : engine.normalizeLink(url)),
  }
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
