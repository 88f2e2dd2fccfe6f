// markdown-it plugin: the dialects of other tools. Definition lists, abbreviations, marks, sub- and superscript and emoji by
// the plugins of markdown-it's own family; alerts, and what the placeholders (scan.ts) hold the place of, by rules of ours.

import { createRequire } from 'node:module'
import type { MarkdownIt, Token } from 'markdown-it'
import abbr from 'markdown-it-abbr'
import deflist from 'markdown-it-deflist'
import ins from 'markdown-it-ins'
import mark from 'markdown-it-mark'
import sub from 'markdown-it-sub'
import sup from 'markdown-it-sup'
import { hasFormulas, htmlOf } from './formulas.ts'
import { CLOSE_LINE, FORMULA, fillTitles, HEADING_ID, noteTitle, OPEN_LINE } from './scan.ts'

/** What a text brings with it to the parser. */
export interface DialectEnv {
  readonly formulas?: readonly string[]
  /** The title of a note that has none of its own, in the text's language. */
  readonly noteWord?: (name: string) => string | undefined
  readonly isMdx?: boolean
  regions?: {
    readonly end: readonly [type: string, tag: string]
    readonly level: number
    readonly kind: string
  }[]
}

/** Where any inline rule of these may begin. */
export const DIALECT_SIGN = /[{~^]|==|\+\+/

export function dialects(engine: MarkdownIt): void {
  engine.use(deflist).use(abbr).use(mark).use(ins)
  engine.use(sub).use(sup)
  onlyBehindWords(engine, 'sub')
  onlyBehindWords(engine, 'sup')
  engine.block.ruler.before('fence', 'region', regionRule, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  })
  engine.inline.ruler.before('escape', 'formula', formulaRule)
  engine.core.ruler.after('inline', 'heading_id', headingIds)
  engine.core.ruler.after('block', 'regions', balance)
  engine.core.ruler.after('block', 'markdown_in_tags', markdownInTags)
  engine.core.ruler.after('block', 'lines_below_html', linesBelowHtml)
  engine.core.ruler.after('block', 'code_language', codeLanguage)
  engine.core.ruler.after('block', 'code_marks', codeMarks)
  engine.core.ruler.after('inline', 'alerts', alerts)
  engine.core.ruler.after('inline', 'formulas_in_html', formulasInHtml)
  // Before escaped signs become text like the rest: `\:tea:` is no emoji.
  engine.core.ruler.before('text_join', 'emoji', emoji)
}
type CoreState = Parameters<Parameters<MarkdownIt['core']['ruler']['push']>[1]>[0]
type BlockRule = Parameters<MarkdownIt['block']['ruler']['push']>[1]
type InlineRule = Parameters<MarkdownIt['inline']['ruler']['push']>[1]

/** `H~2~O`, `2^10^`: what is not behind a word is about, or a path. */
function onlyBehindWords(engine: MarkdownIt, name: 'sub' | 'sup'): void {
  const rules = engine.inline.ruler as unknown as { __rules__: { name: string; fn: InlineRule }[] }
  const rule = rules.__rules__.find(each => each.name === name)!.fn
  engine.inline.ruler.at(name, (state, silent) => {
    const before = state.pos > 0 ? state.src[state.pos - 1]! : ' '
    const pattern = name === 'sub' ? /~[\p{L}\p{N}+\-−()]{1,20}~/uy : /\^[^\s^]{1,30}\^/y
    pattern.lastIndex = state.pos
    return /[\p{L}\p{N})\]*_]/u.test(before) && pattern.test(state.src) && rule(state, silent)
  })
}

const REGIONS: Readonly<Record<string, readonly [type: string, tag: string]>> = {
  note: ['blockquote', 'blockquote'],
  quote: ['blockquote', 'blockquote'],
  details: ['details', 'details'],
  figure: ['figure', 'figure'],
  caption: ['figcaption', 'figcaption'],
}

const regionRule: BlockRule = (state, startLine, _endLine, silent) => {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!
  const code = state.src.charCodeAt(start)
  if (code !== 0xfdd0 && code !== 0xfdd1) return false
  if (silent) return true
  state.line = startLine + 1
  const env = state.env as DialectEnv
  env.regions ??= []
  const line = state.src.slice(start, state.eMarks[startLine]!)
  const map: [number, number] = [startLine, startLine + 1]
  CLOSE_LINE.lastIndex = 0
  const close = CLOSE_LINE.exec(line)
  if (close) {
    const open = env.regions.at(-1)
    if (!open || open.level !== state.level) return true
    env.regions.pop()
    if (close[1]) paragraph(state, `— ${close[1]}`, map)
    state.push(`${open.end[0]}_close`, open.end[1], -1)
    return true
  }
  OPEN_LINE.lastIndex = 0
  const [, kind, title] = OPEN_LINE.exec(line) ?? []
  if (kind === 'formula') {
    const token = state.push('math_block', '', 0)
    token.content = env.formulas?.[Number(title)] ?? ''
    token.block = true
    token.map = map
    return true
  }
  if (kind === 'label') {
    paragraph(state, title!, map, true)
    return true
  }
  const end = REGIONS[kind ?? '']
  if (!end) return true
  const opening = state.push(`${end[0]}_open`, end[1], 1)
  opening.map = map
  opening.meta = { region: kind }
  env.regions.push({ end, level: state.level, kind: kind! })
  if (title && kind === 'details') {
    state.push('summary_open', 'summary', 1)
    inline(state, title, map)
    state.push('summary_close', 'summary', -1)
  } else if (title) paragraph(state, title, map, true)
  return true
}

type BlockState = Parameters<BlockRule>[0]

function paragraph(state: BlockState, text: string, map: [number, number], isStrong = false): void {
  state.push('paragraph_open', 'p', 1).map = map
  inline(state, text, map).meta = isStrong ? { isStrong } : null
  state.push('paragraph_close', 'p', -1)
}

function inline(state: BlockState, text: string, map: [number, number]): Token {
  const token = state.push('inline', '', 0)
  token.content = text
  token.map = map
  token.children = []
  return token
}

const formulaRule: InlineRule = (state, silent) => {
  if (state.src.charCodeAt(state.pos) !== 0x7b || state.src.charCodeAt(state.pos + 1) !== 0xfdd2) return false
  FORMULA.lastIndex = state.pos
  const found = FORMULA.exec(state.src)
  if (!found) return false
  if (!silent) {
    const token = state.push('math_inline', '', 0)
    token.content = (state.env as DialectEnv).formulas?.[Number(found[2])] ?? ''
    token.markup = found[1] === 'd' ? '$$' : '$'
  }
  state.pos += found[0].length
  return true
}

function headingIds({ tokens }: CoreState): void {
  for (const [at, { type, children }] of tokens.entries()) {
    if (type !== 'inline') continue
    const last = children?.at(-1)
    const found = last?.type === 'text' ? HEADING_ID.exec(last.content) : null
    if (!found) continue
    last!.content = last!.content.slice(0, found.index)
    if (tokens[at - 1]!.type === 'heading_open') tokens[at - 1]!.meta = { id: found[1] }
  }
}

/** `// highlight-next-line` of Docusaurus, `// [!code focus]` of VitePress: words to their highlighters. */
function codeMarks({ tokens }: CoreState): void {
  for (const token of tokens) {
    if (token.type !== 'fence' || !/highlight-|\[!code/.test(token.content)) continue
    token.content = token.content
      .replace(
        /^[ \t]*(?:\/\/|#|--|\/\*|<!--|\{\/\*)[ \t]*highlight-(?:next-line|start|end)[ \t]*(?:\*\/\}?|-->)?[ \t]*\n/gm,
        '',
      )
      .replace(
        /[ \t]*(?:\/\/|#|--|\/\*|<!--)[ \t]*(?:\[!code [^\]\n]{1,40}\]|highlight-(?:line|range\{[\d,-]{1,20}\}))[ \t]*(?:\*\/|-->)?/g,
        '',
      )
  }
}

/** Python-Markdown's word for the language of indented code is its first line: `:::python`. */
function codeLanguage({ tokens }: CoreState): void {
  for (const token of tokens) {
    const found =
      token.type === 'code_block' ? /^(?::{3,}[ \t]*|#!)([\w+#-]+)[ \t]*\n/.exec(token.content) : null
    if (!found) continue
    token.type = 'fence'
    token.info = found[1]!
    token.content = token.content.slice(found[0].length)
  }
}

/** No rule reads what is in HTML: whoever shows it puts the formulas in. */
export function formulasInHtml({ tokens, env }: Pick<CoreState, 'tokens' | 'env'>): void {
  const { formulas = [] } = env as DialectEnv
  if (formulas.length === 0) return
  for (const token of tokens) {
    if (token.type === 'html_block' && hasFormulas(token.content)) token.meta = { ...token.meta, formulas }
    for (const child of token.children ?? []) {
      if (child.type === 'html_inline' && hasFormulas(child.content)) child.meta = { ...child.meta, formulas }
      const title = child.attrGet?.('title')
      if (title && hasFormulas(String(title)))
        child.attrSet('title', htmlOf({ content: `<${title}>`, meta: { formulas } }, String).slice(1, -1))
    }
  }
}

/** `---` on the line below an element is a line in kramdown; in CommonMark it would be a part of that HTML. */
function linesBelowHtml(state: CoreState): void {
  state.tokens = state.tokens.flatMap(token => {
    const { type, content, level, map } = token
    if (type !== 'html_block' || !ELEMENT_AND_LINE.test(content)) return [token]
    token.content = content.slice(0, content.lastIndexOf('\n', content.trimEnd().length - 1) + 1)
    return [token, Object.assign(new state.Token('hr', 'hr', 0), { level, map, markup: '---' })]
  })
}

const ELEMENT_AND_LINE =
  /^<(?:p|div|a|span|br|img|hr|h[1-6]|center|figure)[\s/>][\s\S]*>[ \t]*\n {0,3}-{3,}\s*$/i

/** In MDX a tag does not end Markdown: `<p>A **word**</p>`. What a block of HTML has beside its tags is read as a line. */
function markdownInTags(state: CoreState): void {
  if (!(state.env as DialectEnv).isMdx) return
  state.tokens = state.tokens.flatMap(token => {
    const { type, content, level, map } = token
    if (type !== 'html_block' || /^\s*<(?:pre|script|style|textarea|math|svg|!)/i.test(content))
      return [token]
    if (!/[*_`[\]~\\!{]/.test(content.replace(/<[^<>]*>/g, ''))) return [token]
    const open = Object.assign(new state.Token('paragraph_open', 'p', 1), { hidden: true, level, map })
    const line = Object.assign(new state.Token('inline', '', 0), {
      content: content.trim(),
      children: [],
      level,
      map,
    })
    const close = Object.assign(new state.Token('paragraph_close', 'p', -1), { hidden: true, level })
    return [open, line, close]
  })
}

/** Regions whose end was lost in a list or a quotation end where that does; and titles are strong. */
function balance(state: CoreState): void {
  if (!(state.env as DialectEnv).regions) return
  const { Token } = state
  const out: Token[] = []
  const open: Token[] = []
  const end = ({ type, tag }: Token) => new Token(type.replace(/_open$/, '_close'), tag, -1)
  for (const token of state.tokens) {
    if (token.nesting === -1) {
      const type = token.type.replace(/_close$/, '_open')
      if (!open.some(each => each.type === type)) continue
      while (open.at(-1)!.type !== type) out.push(end(open.pop()!))
      open.pop()
    }
    token.level = open.length
    if (token.nesting === 1) open.push(token)
    out.push(token)
  }
  while (open.length > 0) out.push(end(open.pop()!))
  hideParagraphs(out)
  state.tokens = out
}

/** In a figure and its caption, a single paragraph is not set as one. */
function hideParagraphs(tokens: readonly Token[]): void {
  for (const [at, { type, meta }] of tokens.entries()) {
    if (type !== 'figure_open' && type !== 'figcaption_open') continue
    if (!meta?.region || tokens[at + 1]?.type !== 'paragraph_open') continue
    tokens[at + 1]!.hidden = true
    const close = tokens.findIndex((each, index) => index > at && each.type === 'paragraph_close')
    tokens[close]!.hidden = true
  }
}

const ALERT = /^\[!([\p{L}\w-]+)(?:\|[^\]]*)?\]([+-]?)[ \t]*/u

/** `> [!NOTE]` of GitHub, `> [!tip]- Title` of Obsidian; and the titles of regions. */
function alerts(state: CoreState): void {
  const { tokens, Token } = state
  const out: Token[] = []
  const opened: { at: number; isFolded: boolean }[] = []
  let isChanged = false
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'inline' && token.meta?.isStrong === true) {
      strengthen(token, Token)
      isChanged = true
    }
    if (token.type === 'blockquote_open') opened.push({ at: out.length, isFolded: false })
    if (token.type === 'blockquote_close' && opened.pop()?.isFolded) {
      token.type = 'details_close'
      token.tag = 'details'
    }
    out.push(token)
    if (
      token.type !== 'inline' ||
      tokens[at - 1]?.type !== 'paragraph_open' ||
      tokens[at - 2]?.type !== 'blockquote_open'
    )
      continue
    const found = alertOf(token, state.env as DialectEnv)
    if (!found) continue
    isChanged = true
    const quote = opened.at(-1)!
    quote.isFolded = found.fold !== '' && found.title.length > 0
    const [paragraphOpen, rest] = out.splice(-2)
    const titled = Object.assign(new Token('inline', '', 0), {
      children: found.title,
      level: rest!.level,
      block: true,
      content: '',
    })
    if (quote.isFolded) {
      const blockquote = out[quote.at]!
      blockquote.type = 'details_open'
      blockquote.tag = 'details'
      out.push(new Token('summary_open', 'summary', 1), titled, new Token('summary_close', 'summary', -1))
    } else if (found.title.length > 0) {
      strengthen(titled, Token)
      titled.meta = { isStrong: true }
      out.push(new Token('paragraph_open', 'p', 1), titled, new Token('paragraph_close', 'p', -1))
    }
    out.push(paragraphOpen!, rest!)
  }
  if (isChanged) state.tokens = out.filter((token, at) => !isEmptyParagraph(out, at, token))
}

/** An alert whose text begins in a paragraph of its own. */
function isEmptyParagraph(tokens: readonly Token[], at: number, { type }: Token): boolean {
  const inline =
    type === 'paragraph_open'
      ? tokens[at + 1]
      : type === 'inline'
        ? tokens[at]
        : type === 'paragraph_close'
          ? tokens[at - 1]
          : undefined
  return inline?.type === 'inline' && inline.meta?.isEmptied === true
}

function alertOf(
  token: Token,
  { noteWord = () => undefined }: DialectEnv,
): { title: Token[]; fold: string } | undefined {
  const children = token.children!
  const first = children[0]
  // The brackets may have come apart.
  if (first?.type !== 'text' || !first.content.startsWith('[!')) return undefined
  const found = ALERT.exec(first.content)
  if (!found) return undefined
  first.content = first.content.slice(found[0].length)
  const stop = children.findIndex(({ type }) => type === 'softbreak' || type === 'hardbreak')
  const line = stop === -1 ? children : children.slice(0, stop)
  token.children = stop === -1 ? [] : children.slice(stop + 1)
  if (token.children.length === 0) token.meta = { ...token.meta, isEmptied: true }
  const title = line.filter(({ type, content }) => type !== 'text' || content !== '')
  if (title.length > 0) return { title, fold: found[2]! }
  const words = fillTitles(noteTitle(found[1]!), noteWord)
  if (words === '') return { title: [], fold: found[2]! }
  first.content = words
  return { title: [first], fold: found[2]! }
}

function strengthen(token: Token, Make: new (type: string, tag: string, nesting: -1 | 0 | 1) => Token): void {
  const open = Object.assign(new Make('strong_open', 'strong', 1), { markup: '**' })
  const close = Object.assign(new Make('strong_close', 'strong', -1), { markup: '**' })
  token.children = [open, ...(token.children ?? []), close]
}

/** Its two thousand names are loaded by the first text that has one. */
function emoji({ tokens }: CoreState): void {
  const names = /(?<![\p{L}\p{N}:]):([a-z0-9_+-]+):(?![\p{L}\p{N}:])/giu
  const replace = (token: Token) => {
    if (token.type === 'text' && token.content.includes(':'))
      token.content = token.content
        // An icon of LoveIt's says nothing where no font for it is.
        .replace(/:\(fa[a-z]{0,8} fa-[\w -]{1,40}\): ?/g, '')
        .replace(names, (whole, name: string) => emojiOf(name.toLowerCase()) ?? whole)
    else if (token.type === 'image') token.children?.forEach(replace)
  }
  for (const { type, children } of tokens) if (type === 'inline') children?.forEach(replace)
}

type Names = typeof import('markdown-it-emoji/lib/data/full.mjs')
let emojis: Readonly<Record<string, string>> | undefined

function emojiOf(name: string): string | undefined {
  emojis ??= (createRequire(import.meta.url)('markdown-it-emoji/lib/data/full.mjs') as Names).default
  return Object.hasOwn(emojis, name) ? emojis[name] : undefined
}
