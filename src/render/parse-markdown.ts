// Markdown → tokens: CommonMark with tables, strikethrough, footnotes, task lists and bare addresses as links; and, where a
// text has signs of them, the dialects of other tools.

import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { cleanText, fastPathsAllowed } from '../base/index.ts'
import { DIALECT_SIGN, dialects } from './dialects/plugins.ts'
import { isPlainSource, readSource, type SourceOptions } from './dialects/read-source.ts'
import type { SourceNote } from './dialects/scan.ts'
import { fastRules } from './fast/fast-rules.ts'

const engines = new Map<string, MarkdownIt>()

export interface ParsedText {
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
  const engine = engineFor(quotes, true)
  const source = readSource(text.replace(/\r\n?/g, '\n').replace(/[\ufdd0-\ufdef]/g, ''), {
    ...options,
    toHtml: options.syntax === 'html' ? part => engine.render(part, {}) : undefined,
  })
  const { notes, formulas } = source
  if (options.syntax === 'html') return { tokens: [htmlToken(engine, source.markdown)], notes }
  return { tokens: parseWith(engine, source.markdown, { formulas }), notes }
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

function engineFor(quotes: string | undefined, isDialect: boolean): MarkdownIt {
  const key = `${fastPathsAllowed()} ${isDialect} ${quotes ?? ''}`
  const engine = engines.get(key) ?? makeEngine(quotes, isDialect)
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
