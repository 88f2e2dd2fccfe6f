// Markdown → tokens, with every reference absolute, pictures measured and headings named: CommonMark with tables,
// strikethrough, footnotes, task lists and bare addresses as links; and, where a text has signs of them, the dialects of
// other tools.

import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { cleanText, decodePath, fastPathsAllowed } from '../base/index.ts'
import type { OwnFiles } from '../content/index.ts'
import type { TextNote } from '../model.ts'
import { NON_TEXT_TAGS } from './clean-html.ts'
import { DIALECT_SIGN, dialects, formulasInHtml } from './dialects/plugins.ts'
import { readSource, type SourceOptions } from './dialects/read-source.ts'
import type { SourceNote } from './dialects/scan.ts'
import { isPlainSource } from './dialects/scan.ts'
import type { PlainReference } from './fast/plain-facts.ts'
import { fastRules } from './fast/plain-markdown.ts'
import { type Base, PELICAN, PLAYER_PAGE, type Resolve, type Resolved } from './references.ts'

const engines = new Map<string, MarkdownIt>()

interface ParsedText {
  readonly tokens: Token[]
  /** What in it had no meaning. */
  readonly notes: readonly SourceNote[]
}

/**
 * Never throws: what is nested deeper than the stack can go is shown as it was typed.
 *
 * @param quotes BCP 47: straight quotes become that language's own; left as typed when undefined
 */
export function parseText(markdown: string, quotes: string | undefined, options: SourceOptions): ParsedText {
  const text = cleanText(markdown)
  if (options.syntax === 'markdown' && isPlainSource(text))
    return { tokens: parseWith(engineFor(quotes, false), text, {}), notes: [] }
  const source = readSource(text.replace(/\r\n?/g, '\n').replace(/[\ufdd0-\ufdef]/g, ''), {
    ...options,
    toHtml: part => partToHtml(engineFor(quotes, true), part),
  })
  const { notes, formulas, isMdx } = source
  const engine = engineFor(quotes, true, isMdx)
  if (options.syntax === 'html') {
    const tokens = [htmlToken(engine, source.markdown)]
    formulasInHtml({ tokens, env: { formulas } })
    return { tokens, notes }
  }
  return {
    tokens: parseWith(engine, source.markdown, { formulas, isMdx, noteWord: options.noteWord }),
    notes,
  }
}

/** What is in a line of HTML stays in its line. */
function partToHtml(engine: MarkdownIt, markdown: string): string {
  return /[\n\ufdd0]/.test(markdown) ? engine.render(markdown, {}) : engine.renderInline(markdown, {})
}

function parseWith(engine: MarkdownIt, text: string, env: Record<string, unknown>): Token[] {
  try {
    return engine.parse(text, env)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return verbatim(engine, text)
  }
}

function htmlToken(engine: MarkdownIt, html: string): Token {
  const [block] = engine.parse('<p>', {})
  block!.content = html
  return block!
}

function engineFor(quotes: string | undefined, isDialect: boolean, isMdx = false): MarkdownIt {
  const key = `${fastPathsAllowed()} ${isDialect} ${isMdx} ${quotes ?? ''}`
  const engine = engines.get(key) ?? makeEngine(quotes, isDialect)
  // In MDX nothing is code for being indented: the text in a component mostly is.
  if (isMdx) engine.disable('code')
  engines.set(key, engine)
  return engine
}

function makeEngine(quotes: string | undefined, isDialect: boolean): MarkdownIt {
  const markdown = new Markdown({ html: true, linkify: true, typographer: quotes !== undefined })
  // Quotes are a matter of language; dashes, dots and (c) are the author's own.
  if (quotes !== undefined) markdown.disable('replacements').set({ quotes: [...quotationMarks(quotes)] })
  // As GitHub does: addresses with a scheme and mail addresses, not every word with a dot in it.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true })
  // References are judged where they are resolved, so that a refused link leaves its text and not its source.
  markdown.validateLink = () => true
  markdown.use(footnote).use(taskList)
  if (isDialect) markdown.use(dialects)
  if (fastPathsAllowed()) markdown.use(fastRules, isDialect ? DIALECT_SIGN : undefined)
  return markdown
}

/** Outer open and close, inner open and close. CLDR's `delimiters`, for the languages that the catalogues speak and their neighbours. */
const QUOTATION_MARKS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  ar: ['”', '“', '’', '‘'],
  cs: ['„', '“', '‚', '‘'],
  da: ['“', '”', '‘', '’'],
  de: ['„', '“', '‚', '‘'],
  en: ['“', '”', '‘', '’'],
  es: ['«', '»', '“', '”'],
  fi: ['”', '”', '’', '’'],
  fr: ['«\u00a0', '\u00a0»', '“', '”'],
  hi: ['“', '”', '‘', '’'],
  it: ['«', '»', '“', '”'],
  ja: ['「', '」', '『', '』'],
  nl: ['‘', '’', '“', '”'],
  pl: ['„', '”', '«', '»'],
  pt: ['“', '”', '‘', '’'],
  ru: ['«', '»', '„', '“'],
  sv: ['”', '”', '’', '’'],
  ur: ['”', '“', '’', '‘'],
  'de-CH': ['«', '»', '‹', '›'],
  'fr-CH': ['«', '»', '‹', '›'],
  'pt-PT': ['«', '»', '“', '”'],
}

/** @param language BCP 47; one that is not listed has English marks */
function quotationMarks(language: string): readonly string[] {
  return QUOTATION_MARKS[language] ?? QUOTATION_MARKS[language.split('-')[0]!] ?? QUOTATION_MARKS.en!
}

/**
 * `- [ ] text` and `- [x] text` → list items that begin with ☐ and ☑, which every reader and mail client can show (a check box
 * is a form element, and feeds and mails may hold none).
 */
function taskList(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'task_list', ({ tokens }) => {
    for (let at = 2; at < tokens.length; at++) {
      const token = tokens[at]!
      if (
        token.type !== 'inline' ||
        tokens[at - 1]!.type !== 'paragraph_open' ||
        tokens[at - 2]!.type !== 'list_item_open'
      )
        continue
      const first = token.children?.[0]
      const match =
        first?.type === 'text'
          ? /^\[([ xX])\][ \t]+(?=\S)/.exec(first.content + nextContent(token.children!))
          : null
      if (first && match)
        first.content = `${match[1] === ' ' ? '☐' : '☑'} ${first.content.slice(match[0].length)}`
    }
  })
}

/** `- [ ] **bold**`: the text node ends with the space, and what follows is another node. */
function nextContent(children: readonly { content: string }[]): string {
  return children.length > 1 ? children[1]!.content || 'x' : ''
}

function verbatim(markdown: MarkdownIt, text: string): Token[] {
  const [fence] = markdown.parse('```\n```', {})
  fence!.content = `${text.trimEnd()}\n`
  return [fence!]
}

// ─── References, pictures and headings ───────────────────────────────────────────────────────────────────────────────
//
// Tokens → the same tokens with every reference absolute, pictures measured and headings named; and what was met.

export interface Prepared {
  readonly tokens: readonly Token[]
  readonly base: Base
  /** Own files that it shows, relative to `articles/`. */
  readonly files: ReadonlySet<string>
  /** It contains HTML of the author's own, which must be cleaned. */
  readonly raw: boolean
  readonly notes: readonly TextNote[]
}

export function prepareTokens(
  { tokens, notes }: { readonly tokens: readonly Token[]; readonly notes: readonly TextNote[] },
  base: Base,
  resolve: Resolve,
  ownFiles: OwnFiles,
): Prepared {
  const preparing = new Preparation(base, resolve, ownFiles)
  preparing.prepare(tokens)
  const { files, raw, missing } = preparing
  return { tokens, base, files, raw, notes: missing.length > 0 ? [...notes, ...missing] : notes }
}

/** The same of a text that is not parsed. @returns own files that it shows */
export function findReferences(
  references: readonly PlainReference[],
  base: Base,
  resolve: Resolve,
  ownFiles: OwnFiles,
): ReadonlySet<string> {
  const preparing = new Preparation(base, resolve, ownFiles)
  for (const { reference, isPicture } of references) preparing.find(reference, isPicture)
  return preparing.files
}

/** Of one text: what was found on the way through its tokens, which it changes. */
class Preparation {
  readonly files = new Set<string>()
  readonly missing: TextNote[] = []
  raw = false
  readonly #base: Base
  readonly #resolve: Resolve
  readonly #ownFiles: OwnFiles
  readonly #ids = new Map<string, number>()
  /** Where the block in hand begins. */
  #line = 1

  constructor(base: Base, resolve: Resolve, ownFiles: OwnFiles) {
    this.#base = base
    this.#resolve = resolve
    this.#ownFiles = ownFiles
  }

  prepare(tokens: readonly Token[]): void {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at]!
      if (token.map) this.#line = token.map[0] + 1
      if (token.type === 'heading_open')
        token.attrSet('id', unique(String(token.meta?.id ?? '') || headingId(tokens[at + 1]!), this.#ids))
      else if (token.type === 'html_block') this.raw ||= !isComment(token.content)
      else if (token.children) {
        linkPlayers(token.children)
        this.#prepareInline(token.children)
      }
    }
  }

  #prepareInline(children: readonly Token[]): void {
    const kept: boolean[] = []
    // The contents of an inline <script> come as text, and are none: up to the end of that very element, whatever is in it.
    let muted: string | undefined
    for (const token of children) {
      if (token.type === 'link_open') kept.push(this.#prepareLink(token))
      else if (token.type === 'link_close') token.hidden = !(kept.pop() ?? true)
      else if (token.type === 'image') this.#prepareImage(token)
      else if (token.type === 'html_inline') {
        this.raw ||= !isComment(token.content)
        const [, close, tag] = /^<(\/?)([a-z]+)/i.exec(token.content) ?? []
        const name = tag?.toLowerCase() ?? ''
        if (close) muted = muted === name ? undefined : muted
        else if (NON_TEXT_TAGS.includes(name)) muted ??= name
      } else if (muted) token.content = ''
    }
  }

  #prepareLink(token: Token): boolean {
    const reference = String(token.attrGet('href') ?? '')
    const target = this.find(reference)
    if (target) token.attrSet('href', target.url)
    else {
      token.hidden = true
      this.#reportMissing(reference)
    }
    return target !== undefined
  }

  #prepareImage(token: Token): void {
    const target = this.find(String(token.attrGet('src') ?? ''), true)
    // Obsidian's width: `![words|300](a.png)`.
    const last = token.children?.at(-1)
    if (last?.type === 'text') last.content = last.content.replace(PICTURE_WIDTH, '')
    if (!target) {
      token.hidden = true
      this.#reportMissing(String(token.attrGet('src') ?? ''))
      return
    }
    token.attrSet('src', target.url)
    if (target.file === undefined) return
    const { width, height } = this.#ownFiles.measure(target.file)
    if (width && height) token.meta = { width, height }
  }

  find(reference: string, isPicture = false): Resolved | undefined {
    const target = this.#resolved(reference, isPicture)
    if (target?.file !== undefined) this.files.add(target.file)
    return target
  }

  /** Hexo keeps the files of `a.md` in a folder `a`, and names them as if they were beside it. */
  #resolved(reference: string, isPicture: boolean): Resolved | undefined {
    const base = this.#base
    const found = this.#resolve(reference, base)
    if (found?.file !== undefined || base.stem === undefined || !/^(?!\/)[\w%./-]+\.\w+$/.test(reference))
      return found
    const isBeside = !reference.replace(/^\.\//, '').includes('/')
    const inFolder = isBeside ? this.#resolve(`${base.stem}/${reference}`, base) : undefined
    if (inFolder?.file !== undefined) return inFolder
    const { mediaFolder } = base
    return mediaFolder !== undefined && isPicture ? this.#resolve(`${mediaFolder}/${reference}`, base) : found
  }

  /** Only of those that a name is looked up for: other rules see the rest in the source. */
  #reportMissing(reference: string): void {
    if (!/^(?:wiki:|link:\/\/)/.test(reference) && !PELICAN.test(reference)) return
    const name = decodePath(reference.replace(/^wiki:/, '').replace(/#.*$/s, ''))
    this.missing.push({
      line: this.#line,
      rule: 'template-tags',
      message: `no published article and no file is called ${name}: only the words of the link stay`,
      advice: 'Correct the name, or publish what it leads to.',
    })
  }
}

/** Obsidian's `![](https://www.youtube.com/watch?v=…)`: no picture is there, but a page with a player on it. */
function linkPlayers(children: Token[]): void {
  for (let at = children.length - 1; at >= 0; at--) {
    const token = children[at]!
    if (token.type !== 'image') continue
    const address = String(token.attrGet('src') ?? '')
    if (!PLAYER_PAGE.test(address)) continue
    const Make = token.constructor as new (type: string, tag: string, nesting: -1 | 0 | 1) => Token
    const words = token.children ?? []
    for (const word of words) word.content = word.content.replace(PICTURE_WIDTH, '')
    if (words.every(({ content }) => content === ''))
      words.push(
        Object.assign(new Make('text', '', 0), { content: address.replace(/^https?:\/\/(?:www\.)?/, '') }),
      )
    const isLinked =
      children
        .slice(0, at)
        .reduce(
          (depth, { type }) => depth + Number(type === 'link_open') - Number(type === 'link_close'),
          0,
        ) > 0
    const open = Object.assign(new Make('link_open', 'a', 1), { attrs: [['href', address]] })
    children.splice(at, 1, ...(isLinked ? words : [open, ...words, new Make('link_close', 'a', -1)]))
  }
}

const PICTURE_WIDTH = /\|\d+(?:x\d+)?$/
/** Comments are left out by every renderer; `<!--more-->` is no reason to clean an article. */
export function isComment(html: string): boolean {
  return /^\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)+$/.test(html)
}

/** As GitHub names headings, in any script. */
function headingId(inline: Token): string {
  const text = (inline.children ?? []).map(({ type, content }) =>
    type === 'text' || type === 'code_inline' ? content : type === 'softbreak' ? ' ' : '',
  )
  return (
    text
      .join('')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}_\s-]/gu, '')
      .trim()
      .replace(/\s+/g, '-') || 'section'
  )
}

function unique(id: string, used: Map<string, number>): string {
  const times = used.get(id) ?? 0
  used.set(id, times + 1)
  return times === 0 ? id : unique(`${id}-${times}`, used)
}
