// Text of one block → the tokens that markdown-it makes of it, several times as fast, where it is nothing but words,
// emphasis, links, pictures, code and line ends, each written in the usual way; else nothing: it is for markdown-it itself.
// Only its empty text tokens, which say nothing, are not made.

import type { Token } from 'markdown-it'

export type MakeToken = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token

export interface InlineMaker {
  readonly PlainToken: MakeToken
  normalizeLink(url: string): string
}

/** A text, or a part of it, while it is read. */
interface Reader {
  readonly maker: InlineMaker
  readonly text: string
  readonly end: number
  readonly tokens: Token[]
  at: number
  /** Where the text begins that is in no token yet. */
  from: number
  level: number
  /** The marks of the emphasis that is open. */
  open: string
}

/** Where anything but text begins, or may begin: one character long, so that its place follows from where it ends. */
const MARK = /[\n*<[\\_`]|&(?=#?[A-Za-z0-9]+;)|!(?=\[)|\^(?=\[)|:(?=\/\/)|~(?=~)/g
/** Label, address and title: no bracket in the label, and nothing that could hide one. */
const LINK =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they end an address
  /\[([^[\]\\`<]*)\]\(([^\s()<>\\&\0-\x1f\x7f]+)(?: "([^"\\&\n]*)")?\)/y
const [LINE_END, BANG, STAR, BRACKET, LOW_LINE, TICK] = [10, 33, 42, 91, 95, 96]

/** @returns undefined when something in it is not plain */
export function plainInline(text: string, maker: InlineMaker): Token[] | undefined {
  const tokens: Token[] = []
  const reader = { maker, text, end: text.length, tokens, at: 0, from: 0, level: 0, open: '' }
  return read(reader) ? tokens : undefined
}

function read(reader: Reader): boolean {
  const { text, end } = reader
  for (;;) {
    MARK.lastIndex = reader.at
    if (!MARK.test(text) || MARK.lastIndex > end) break
    reader.at = MARK.lastIndex - 1
    if (!readMark(reader, text.charCodeAt(reader.at))) return false
  }
  pushText(reader, end)
  return reader.open === ''
}

function readMark(reader: Reader, mark: number): boolean {
  switch (mark) {
    case LINE_END:
      return readLineEnd(reader)
    case STAR:
    case LOW_LINE:
      return readEmphasis(reader, mark)
    case TICK:
      return readCode(reader)
    case BRACKET:
      return readLink(reader)
    case BANG:
      return readImage(reader)
  }
  return false
}

function push(reader: Reader, type: string, tag: string, nesting: -1 | 0 | 1): Token {
  const token = new reader.maker.PlainToken(type, tag, nesting)
  if (nesting < 0) reader.level--
  token.level = reader.level
  if (nesting > 0) reader.level++
  reader.tokens.push(token)
  return token
}

function pushText(reader: Reader, stop: number): void {
  if (stop > reader.from) push(reader, 'text', '', 0).content = reader.text.slice(reader.from, stop)
}

function moveTo(reader: Reader, next: number): true {
  reader.at = next
  reader.from = next
  return true
}

/** Two spaces before it make it a hard one. CommonMark §6.7 */
function readLineEnd(reader: Reader): true {
  const { text, at, end, from } = reader
  let stop = at
  while (stop > from && text[stop - 1] === ' ') stop--
  let next = at + 1
  while (next < end && (text[next] === ' ' || text[next] === '\t')) next++
  pushText(reader, stop)
  push(reader, at - stop > 1 ? 'hardbreak' : 'softbreak', 'br', 0)
  return moveTo(reader, next)
}

/** Marks that can only open, and then the same ones that can only close. CommonMark §6.2 */
function readEmphasis(reader: Reader, mark: number): boolean {
  const { text, at, end, open } = reader
  let next = at + 1
  while (next < end && text.charCodeAt(next) === mark) next++
  const before = at === 0 ? SPACE : kindOf(text.charCodeAt(at - 1))
  const after = next >= end ? SPACE : kindOf(text.charCodeAt(next))
  if (mark === LOW_LINE && before === WORD && after === WORD) {
    reader.at = next // snake_case
    return true
  }
  const marks = text.slice(at, next)
  if (marks.length > 2 || before === OTHER || after === OTHER) return false
  const nesting = open === '' && isTurn(before, after) ? 1 : open === marks && isTurn(after, before) ? -1 : 0
  if (nesting === 0) return false
  const tag = marks.length === 2 ? 'strong' : 'em'
  pushText(reader, at)
  push(reader, nesting > 0 ? `${tag}_open` : `${tag}_close`, tag, nesting).markup = marks
  reader.open = nesting > 0 ? marks : ''
  return moveTo(reader, next)
}

/** Between single marks. CommonMark §6.1 */
function readCode(reader: Reader): boolean {
  const { text, at, end } = reader
  const stop = text.indexOf('`', at + 1)
  if (stop <= at + 1 || stop >= end || text.charCodeAt(stop + 1) === TICK) return false
  const content = text.slice(at + 1, stop).replaceAll('\n', ' ')
  const isPadded = content.startsWith(' ') && content.endsWith(' ') && /[^ ]/.test(content)
  pushText(reader, at)
  const code = push(reader, 'code_inline', 'code', 0)
  code.markup = '`'
  code.content = isPadded ? content.slice(1, -1) : content
  return moveTo(reader, stop + 1)
}

function readLink(reader: Reader): boolean {
  const { text, at, end, maker } = reader
  LINK.lastIndex = at
  const found = LINK.exec(text)
  if (!found || LINK.lastIndex > end) return false
  const [, label, url, title] = found
  const next = LINK.lastIndex
  pushText(reader, at)
  const link = push(reader, 'link_open', 'a', 1)
  link.attrs = [['href', maker.normalizeLink(url!)]]
  if (title) link.attrs.push(['title', title])
  const inside = { ...reader, end: at + 1 + label!.length, at: at + 1, from: at + 1, open: '' }
  if (!read(inside)) return false
  push(reader, 'link_close', 'a', -1)
  return moveTo(reader, next)
}

function readImage(reader: Reader): boolean {
  const { text, at, end, maker } = reader
  LINK.lastIndex = at + 1
  const found = LINK.exec(text)
  if (!found || LINK.lastIndex > end) return false
  const [, label, url, title] = found
  const next = LINK.lastIndex
  const children = plainInline(label!, maker)
  if (!children) return false
  pushText(reader, at)
  const image = push(reader, 'image', 'img', 0)
  image.attrs = [
    ['src', maker.normalizeLink(url!)],
    ['alt', ''],
  ]
  if (title) image.attrs.push(['title', title])
  image.children = children
  image.content = label!
  return moveTo(reader, next)
}

const [SPACE, WORD, PUNCTUATION, OTHER] = [0, 1, 2, 3]

/** Whether marks between these two can only open; or, asked the other way round, only close. */
function isTurn(outside: number, inside: number): boolean {
  return inside === WORD ? outside !== WORD : inside === PUNCTUATION && outside === SPACE
}

function kindOf(code: number): number {
  if (code < 128) {
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return WORD
    return code === 32 || code === 10 ? SPACE : code > 32 && code < 127 ? PUNCTUATION : OTHER
  }
  const character = String.fromCharCode(code)
  return /[\p{L}\p{M}\p{N}]/u.test(character) ? WORD : /\p{P}/u.test(character) ? PUNCTUATION : OTHER
}
