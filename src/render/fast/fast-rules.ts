// markdown-it plugin: plain text goes past the rules that it does not need, and what becomes of it is the same.

import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'
import { plainInline } from './plain-inline.ts'
import { usePlainTokens } from './plain-token.ts'

type CoreRule = (state: InstanceType<typeof Markdown.StateCore>) => void

/** Such an address is in its normal form: a short host in small letters, or none, and a path of which nothing is encoded. */
const NORMAL = /^(?:https?:\/\/[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,2}(?=\/|$)|(?!\/\/))[\w\-.~/]*$/

export function fastRules(engine: MarkdownIt): void {
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
      const plain = plainInline(token.content, maker)
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

/** Without fuzzy links, every address that stands bare in a text has one of these; its pattern takes far longer to say so. */
function mayHoldAddress({ children }: Token): boolean {
  if (!children) return false
  for (const { type, content } of children)
    if (type === 'text' && (content.includes('//') || content.includes('@'))) return true
  return false
}

/** A ruler tells its rules by name, but only of a chain. */
function coreRule(name: string): CoreRule {
  const { ruler } = new Markdown.ParserCore()
  ruler.enableOnly(name)
  return ruler.getRules('')[0]!
}
