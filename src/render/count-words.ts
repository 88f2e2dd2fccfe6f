// Prepared tokens → how many words a reader reads.

import type { Token } from 'markdown-it'

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
  // Of punctuation only this apostrophe and the joiners stand in words.
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

function wordsOfRun(run: string): number {
  segmenter ??= new Intl.Segmenter('th', { granularity: 'word' })
  let words = 0
  for (const { isWordLike } of segmenter.segment(run)) if (isWordLike) words++
  return words
}
let segmenter: Intl.Segmenter | undefined
