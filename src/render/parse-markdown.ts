// Markdown → tokens: CommonMark with tables, strikethrough, footnotes, task lists and bare addresses as links.

import { default as Markdown, type MarkdownIt, type Token } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { cleanText } from '../base/index.ts'
import { quickRules } from './quick-rules.ts'
import { quotationMarks } from './quotation-marks.ts'
import { taskList } from './task-list.ts'

const engines = new Map<string, MarkdownIt>()

/**
 * Never throws: what is nested deeper than the stack can go is shown as it was typed.
 *
 * @param quotes BCP 47: straight quotes become that language's own; left as typed when undefined
 */
export function parseMarkdown(markdown: string, quotes?: string): Token[] {
  const engine = engines.get(quotes ?? '') ?? makeEngine(quotes)
  engines.set(quotes ?? '', engine)
  const text = cleanText(markdown)
  try {
    return engine.parse(text, {})
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return verbatim(engine, text)
  }
}

function makeEngine(quotes: string | undefined): MarkdownIt {
  const markdown = new Markdown({ html: true, linkify: true, typographer: quotes !== undefined })
  // Quotes are a matter of language; dashes, dots and (c) are the author's own.
  if (quotes !== undefined) markdown.disable('replacements').set({ quotes: [...quotationMarks(quotes)] })
  // As GitHub does: addresses with a scheme and mail addresses, not every word with a dot in it.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true })
  // References are judged where they are resolved, so that a refused link leaves its text and not its source.
  markdown.validateLink = () => true
  markdown.use(footnote).use(taskList).use(quickRules)
  return markdown
}

function verbatim(markdown: MarkdownIt, text: string): Token[] {
  const [fence] = markdown.parse('```\n```', {})
  fence!.content = `${text.trimEnd()}\n`
  return [fence!]
}
