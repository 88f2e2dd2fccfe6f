// Prepared tokens → the summary of an article where there is no room for all of it: what precedes `<!--more-->`, else its
// first paragraph, cut where a sentence ends. And how many words a reader reads.

import type { Token } from 'markdown-it'
import { escapeHtml, oneLine } from '../base/index.ts'
import { isOnlyTags, stripHtml } from './clean-html.ts'
import { htmlOf } from './dialects/formulas.ts'
import { isComment } from './parse-markdown.ts'
import { inlineText } from './to-html.ts'

/** Characters. The first is what a card of a letter shows well; the second what an author marked off herself. */
const limit = 280
const marked = 600

export function summarise(tokens: readonly Token[], language: string): string {
  const more = tokens.findIndex(isMore)
  if (more > 0) {
    const before = tokens.slice(0, more)
    const said = before.filter(token => !isLoneLink(token))
    const text = [...paragraphs(said, true)].join(' ') || [...paragraphs(before, true)].join(' ')
    if (text) return cutAtSentence(text, marked, language)
  }
  return cutAtSentence(firstWords(tokens), limit, language)
}

/** Whether a paragraph begins with words, so that nothing behind it matters for the summary, unless it is such a mark. */
export function saysEnough(tokens: readonly Token[]): boolean {
  return tokens.some(({ type, level, children }, at) => {
    const isParagraph = type === 'inline' && level === 1 && tokens[at - 1]!.type === 'paragraph_open'
    return isParagraph && children![0]?.type === 'text' && /\p{L}/u.test(children![0].content)
  })
}

/** As WordPress, Hugo, Zola, Docusaurus, Nikola, Pelican and others mark the end of what comes first. */
const MORE =
  /^\s*<!--+\s*(?:more|truncate|excerpt|end[ _-]?excerpt|teaser[ _-]?end|pelican_end_summary|readmore|read more|fold|cut)\b/i

function isMore(token: Token): boolean {
  const html = token.type === 'html_block' ? token.content : ''
  return (
    MORE.test(html) ||
    (token.children?.some(({ type, content }) => type === 'html_inline' && MORE.test(content)) ?? false)
  )
}

/** The first that says anything: a paragraph of its own, then any text at all, then HTML, then code. */
function firstWords(tokens: readonly Token[]): string {
  const prose = withoutTables(tokens).filter(token => !isLabel(token))
  // A link that is alone is a player or a post elsewhere: its words say little, if there are others.
  const sentences = prose.filter(token => !isLoneLink(token) && !isCaption(token))
  for (const words of [
    paragraphs(sentences, true),
    paragraphs(
      sentences.filter((_, at) => sentences[at - 1]?.type !== 'heading_open'),
      false,
    ),
    paragraphs(sentences, false),
    paragraphs(prose, false),
    ofHtml(tokens),
    ofTables(tokens),
    ofCode(tokens),
  ])
    for (const first of words) return first
  return ''
}

/** Names of columns say nothing by themselves. */
function withoutTables(tokens: readonly Token[]): Token[] {
  let depth = 0
  return tokens.filter(({ type }) => {
    if (type === 'table_open') depth++
    if (type === 'table_close') depth--
    return depth === 0
  })
}

/** The first rows, as a sentence each. */
function* ofTables(tokens: readonly Token[]): Generator<string> {
  const rows: string[][] = []
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'tr_open') rows.push([])
    else if (token.type === 'td_open') rows.at(-1)?.push(oneLine(inlineText(tokens[at + 1]?.children ?? [])))
  }
  const text = rows
    .map(cells => cells.filter(cell => cell !== '').join(', '))
    .filter(row => row !== '')
    .join('; ')
  if (text !== '') yield text
}

/** The title of a note, the name of a tab. */
function isLabel({ type, meta }: Token): boolean {
  return type === 'inline' && meta?.isStrong === true
}

function isLoneLink({ type, children }: Token): boolean {
  return (
    type === 'inline' &&
    children!.length === 3 &&
    children![0]!.type === 'link_open' &&
    /^(?:(?:https?:|[\w .]+: )\S+|\S*\/\S*)$/.test(children![1]!.content)
  )
}

/** A picture, and words in italics below it: `![a](a.jpg)` and `*What it shows*`, as themes of Jekyll have it. */
function isCaption({ type, children }: Token): boolean {
  if (type !== 'inline' || !children!.some(child => child.type === 'image')) return false
  const words = children!.filter(
    child =>
      (!/^(?:image|link_open|link_close|softbreak|hardbreak)$/.test(child.type) && child.content !== '') ||
      child.type.startsWith('em_'),
  )
  const ends = words.findIndex(child => child.type === 'em_close')
  return words[0]?.type === 'em_open' && ends === words.length - 1
}

/** Each is put together when it is asked for: of a long text one is enough. */
function* paragraphs(tokens: readonly Token[], top: boolean): Generator<string> {
  for (const [at, { type, level, children }] of tokens.entries()) {
    if (type !== 'inline') continue
    if (top && (level !== 1 || tokens[at - 1]?.type !== 'paragraph_open')) continue
    const shown = (children ?? []).filter(child => child.type !== 'image')
    const words = shown.length > 0 ? oneLine(inlineText(shown)) : ''
    if (words) yield words
  }
}

/** Any tag but those that are between the letters of a sentence. */
const BLOCK_TAG =
  /<\/?(?!(?:a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)[\s/>])\w[^<>]*>/gi

function* ofHtml(tokens: readonly Token[]): Generator<string> {
  for (const token of tokens) {
    if (token.type !== 'html_block' || isComment(token.content) || isOnlyTags(token.content)) continue
    const words = oneLine(stripHtml(htmlOf(token, escapeHtml).replace(BLOCK_TAG, ' $&')))
    if (words) yield words
  }
}

function* ofCode(tokens: readonly Token[]): Generator<string> {
  for (const { type, content } of tokens) {
    const words = type === 'fence' || type === 'code_block' ? oneLine(content) : ''
    if (words) yield words
  }
}

/** @param most characters; the result is shorter, ends with a sentence, or with a word and an ellipsis */
function cutAtSentence(text: string, most: number, language: string): string {
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

/** Scripts that write words without spaces between them. */
const unspaced = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu
const ideographs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu
const word = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’_-]|\u200c|\u200d)*/gu

/** Letters of Han or kana that take as long to read as one word of a spaced script. */
const ideographsPerWord = 2

export function countWords(tokens: readonly Token[]): number {
  let words = 0
  for (const token of tokens) {
    if (token.type === 'fence' || token.type === 'code_block') words += countIn(token.content)
    else if (token.type === 'html_block') words += countIn(token.content.replace(/<[^<>]*>/g, ' '))
    else if (token.children) words += countWords(token.children)
    else if (token.type === 'text' || token.type === 'code_inline') words += countIn(token.content)
  }
  return words
}

function countIn(text: string): number {
  const words = countLatin(text)
  return words < 0 ? countAny(text) : words
}

/** Letter by letter: to make a list of all words only to learn its length is most of the work. @returns -1 for other scripts */
function countLatin(text: string): number {
  let words = 0
  let isInside = false
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf(text.charCodeAt(at))
    if (kind === OTHER) return -1
    if (kind === LETTER && !isInside) words++
    isInside = kind === LETTER || (isInside && kind === JOINING)
  }
  return words
}

const [NONE, JOINING, LETTER, OTHER] = [0, 1, 2, 3]

function kindOf(code: number): number {
  if (code < LATIN) return latin[code]!
  // Of punctuation only this apostrophe and the joiners are parts of words.
  const isPunctuation = code >= 0x2000 && code < 0x2070
  return isPunctuation ? (code === 0x2019 || code === 0x200c || code === 0x200d ? JOINING : NONE) : OTHER
}

/** ASCII, Latin-1 and Latin Extended. */
const LATIN = 0x250
const latin = Uint8Array.from({ length: LATIN }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/[\p{L}\p{N}]/u.test(character)) return LETTER
  return /['_-]/.test(character) ? JOINING : NONE
})

function countAny(text: string): number {
  const han = text.match(ideographs)?.length ?? 0
  let words = Math.ceil(han / ideographsPerWord)
  let rest = han > 0 ? text.replace(ideographs, ' ') : text
  for (const run of rest.match(unspaced) ?? []) words += wordsOfRun(run)
  rest = rest.replace(unspaced, ' ')
  return words + (rest.match(word)?.length ?? 0)
}

/** Characters. What has no break in so many is counted in pieces: the segmenter takes four times as long for twice as much. */
const MAX_RUN = 4000

function wordsOfRun(run: string): number {
  wordSegmenter ??= new Intl.Segmenter('th', { granularity: 'word' })
  let words = 0
  for (let at = 0; at < run.length; at += MAX_RUN)
    for (const { isWordLike } of wordSegmenter.segment(run.slice(at, at + MAX_RUN))) if (isWordLike) words++
  return words
}
let wordSegmenter: Intl.Segmenter | undefined
