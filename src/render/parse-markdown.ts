// Markdown → tokens: CommonMark with tables, strikethrough, footnotes, task lists and bare addresses as links.

import Markdown, { type MarkdownIt, type Token } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { cleanText } from '../clean-text.ts'
import { taskList } from './task-list.ts'

let engine: MarkdownIt | undefined

/** Never throws: what is nested deeper than the stack can go is shown as it was typed. */
export function parseMarkdown(markdown: string): Token[] {
  engine ??= makeEngine()
  const text = cleanText(markdown)
  try {
    return engine.parse(text, {})
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return verbatim(engine, text)
  }
}

function makeEngine(): MarkdownIt {
  const markdown = new Markdown({ html: true, linkify: true })
  // As GitHub does: addresses with a scheme and mail addresses, not every word with a dot in it.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true })
  // References are judged where they are resolved, so that a refused link leaves its text and not its source.
  markdown.validateLink = () => true
  // Its types are written for an older markdown-it.
  markdown.use(footnote as unknown as (engine: MarkdownIt) => void).use(taskList)
  return markdown
}

function verbatim(markdown: MarkdownIt, text: string): Token[] {
  const [fence] = markdown.parse('```\n```', {})
  fence!.content = `${text.trimEnd()}\n`
  return [fence!]
}
