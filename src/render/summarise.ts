// Prepared tokens → the words that stand for an article where it cannot stand whole: what precedes `<!--more-->`, else its
// first paragraph, cut where a sentence ends.

import type { Token } from 'markdown-it'
import { oneLine } from '../base/index.ts'
import { stripHtml } from './clean-html.ts'
import { isComment } from './prepare-tokens.ts'
import { inlineText } from './to-html.ts'

/** Characters. The first is what a card of a letter shows well; the second what an author marked off herself. */
const limit = 280
const marked = 600

export function summarise(tokens: readonly Token[], language: string): string {
  const more = tokens.findIndex(isMore)
  if (more > 0) {
    const text = paragraphs(tokens.slice(0, more), true).join(' ')
    if (text) return cutAtSentence(text, marked, language)
  }
  const [first] = firstWords(tokens)
  return cutAtSentence(first ?? '', limit, language)
}

function isMore(token: Token): boolean {
  const html = token.type === 'html_block' ? token.content : ''
  return (
    /^\s*<!--\s*(?:more|excerpt)\b/i.test(html) ||
    (token.children?.some(({ type, content }) => type === 'html_inline' && /^<!--\s*more\b/i.test(content)) ??
      false)
  )
}

/** The first that says anything: a paragraph of its own, then any text at all, then HTML, then code. */
function firstWords(tokens: readonly Token[]): string[] {
  for (const words of [paragraphs(tokens, true), paragraphs(tokens, false), ofHtml(tokens), ofCode(tokens)])
    if (words.length > 0) return words
  return []
}

function paragraphs(tokens: readonly Token[], top: boolean): string[] {
  return tokens.flatMap((token, at) => {
    if (token.type !== 'inline') return []
    if (top && (token.level !== 1 || tokens[at - 1]?.type !== 'paragraph_open')) return []
    const words = (token.children ?? []).some(({ type }) => type !== 'image')
      ? oneLine(inlineText(token.children!.filter(({ type }) => type !== 'image')))
      : ''
    return words || []
  })
}

function ofHtml(tokens: readonly Token[]): string[] {
  return tokens.flatMap(
    ({ type, content }) =>
      (type === 'html_block' && !isComment(content)
        ? oneLine(stripHtml(content.replace(/<\/?\w[^<>]*>/g, ' $&')))
        : []) || [],
  )
}

function ofCode(tokens: readonly Token[]): string[] {
  return tokens.flatMap(
    ({ type, content }) => (type === 'fence' || type === 'code_block' ? oneLine(content) : []) || [],
  )
}

/** @param most characters; the result is shorter, ends with a sentence, or with a word and an ellipsis */
export function cutAtSentence(text: string, most: number, language: string): string {
  if (text.length <= most) return text
  let end = 0
  for (const { index, segment } of segmenter(language, 'sentence').segment(text.slice(0, most + 200))) {
    const stop = index + segment.trimEnd().length
    if (stop > most || stop >= text.length) break
    // A cut text ends in a piece that is no sentence.
    if (index + segment.length < most + 200) end = stop
  }
  if (end >= most / 4) return text.slice(0, end)

  let cut = 0
  for (const { index, segment } of segmenter(language, 'word').segment(text.slice(0, most))) {
    if (index + segment.length < most) cut = index + segment.length
  }
  return `${text
    .slice(0, cut || most - 1)
    .replace(/[\s,;:–—-]+$/u, '')
    .replace(/[\ud800-\udbff]$/, '')}…`
}

const segmenters = new Map<string, Intl.Segmenter>()

function segmenter(language: string, granularity: 'sentence' | 'word'): Intl.Segmenter {
  const key = `${language} ${granularity}`
  let known = segmenters.get(key)
  if (!known) {
    known = new Intl.Segmenter(language, { granularity })
    segmenters.set(key, known)
  }
  return known
}
