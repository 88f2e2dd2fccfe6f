// Clean HTML → the same with the words of its code in classes that have a colour, where the language is known. For pages and
// letters: in a feed, code has its language and no more.

import { escapeHtml, escapeText, unescapeHtml } from '../base/index.ts'
import { type Kinds, type Language, languageOf, newLine } from './code-languages.ts'

/** Characters: longer code is plain, and so is the rest of a longer line. */
const MAX_CODE_LENGTH = 30_000
const MAX_LINE_LENGTH = 500
/** White space in a line, where it is much at once: some expressions try to divide it in every way. */
const MAX_SPACES = 40
/** Brackets in one another: some grammars look at all of them again and again. */
const MAX_NESTING = 100

/** A letter's place for a value of its reader: in pieces it would not be found. */
const SLOT = '⟦'

const CODE = /<pre><code class="language-([^"<>]+)">([^<]*)<\/code><\/pre>/g

/** Code between tags of its own, of a language that is not known, or that its grammar cannot read stays as it is. */
export function highlightCode(html: string): string {
  if (!html.includes('<pre><code class="language-')) return html
  return html.replace(CODE, (whole, name: string, escaped: string) => {
    const language = escaped.length > MAX_CODE_LENGTH ? undefined : languageNamed(name, escaped)
    const code = language && unescapeHtml(escaped)
    // Behind the cleaning of HTML quotation marks are as they are.
    const escaping = escaped.includes('&quot;') ? escapeHtml : escapeText
    // A reference of another kind would be another text afterwards.
    if (!code || escaping(code) !== escaped || code.includes(SLOT) || isTooDeep(code)) return whole
    try {
      return `<pre><code class="language-${name}">${spansOf(code, language, escaping)}</code></pre>`
    } catch {
      return whole
    }
  })
}

/** By the first of several classes: `lang-js` is `js`, `diff-js` is `diff`, `js-nolint` is `js`. PHP is in a page where it says so. */
function languageNamed(names: string, escaped: string): Language | undefined {
  const [first = ''] = names.toLowerCase().split(' ')
  const name = first.replace(/^lang(?:uage)?-/, '')
  if (name === 'php' && !escaped.includes('&lt;?')) return languageOf('php-script')
  return languageOf(name) ?? languageOf(name.split('-')[0]!)
}

/** Whether some of it is of a language that has colours. */
export function hasKnownCode(html: string): boolean {
  if (!html.includes('<pre><code class="language-')) return false
  return [...html.matchAll(CODE)].some(([, name, escaped]) => languageNamed(name!, escaped!))
}

export function hasHighlights(html: string): boolean {
  return /<span class="[a-z]">/.test(html)
}

function isTooDeep(code: string): boolean {
  let depth = 0
  for (let at = 0; at < code.length; at++) {
    const sign = code[at]!
    if (sign === '(' || sign === '[' || sign === '{') depth++
    else if (depth > 0 && (sign === ')' || sign === ']' || sign === '}')) depth--
    if (depth > MAX_NESTING) return true
  }
  return false
}

function spansOf(code: string, language: Language, escaping: Escape): string {
  const spans = new Spans(escaping)
  const readers = new Map<Language, Reader>()
  for (const { text, kind = '', language: own } of partsOf(code, language)) {
    if (!own) {
      spans.add(text, kind)
      continue
    }
    const reader = readers.get(own) ?? new Reader(own)
    readers.set(own, reader)
    reader.read(text, spans)
  }
  return spans.end()
}

type Escape = (text: string) => string

/** Never white space at the ends of one, and two that touch are one if they look the same. */
class Spans {
  readonly #escape: Escape
  #html = ''
  #kind = ''
  #text = ''

  constructor(escaping: Escape) {
    this.#escape = escaping
  }

  add(text: string, kind: string): void {
    if (kind !== this.#kind) this.#close()
    this.#kind = kind
    this.#text += text
  }

  #close(): void {
    const words = this.#kind === '' ? '' : this.#text.trim()
    if (words === '') this.#html += this.#escape(this.#text)
    else {
      const at = this.#text.indexOf(words)
      const [before, after] = [this.#text.slice(0, at), this.#text.slice(at + words.length)]
      this.#html += `${before}<span class="${this.#kind}">${this.#escape(words)}</span>${after}`
    }
    this.#text = ''
  }

  end(): string {
    this.#close()
    return this.#html
  }
}

// ─── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const INDENT = 2
const TAB_SIZE = 4
/** Tokens without a character in a row: they change the state only. */
const MAX_EMPTY_TOKENS = 10

/** Reads line after line, so that no expression sees more than one: time grows with the length of the code and no faster. */
class Reader {
  readonly #language: Language
  readonly #state: object

  constructor(language: Language) {
    this.#language = language
    this.#state = language.grammar.startState?.(INDENT) ?? {}
  }

  /** @throws where the grammar does not get on */
  read(code: string, spans: Spans): void {
    const { grammar, isScript, kinds } = this.#language
    const read = isScript ? withoutMarkup(code) : code
    let at = 0
    for (const text of read.split('\n')) {
      if (at > 0) spans.add('\n', '')
      if (text === '') grammar.blankLine?.(this.#state, INDENT)
      const line = newLine(text.slice(0, readableLength(text)), TAB_SIZE, INDENT)
      for (let empty = 0; !line.eol(); ) {
        line.start = line.pos
        const style = grammar.token(line, this.#state)
        empty = line.pos > line.start ? 0 : empty + 1
        if (empty > MAX_EMPTY_TOKENS) throw new Error('a token of no length')
        const words = code.slice(at + line.start, at + line.pos)
        const isTag = read !== code && style === 'variable' && isTagName(code, at + line.start)
        spans.add(words, isTag ? 't' : style ? kindOf(style, words, kinds) : '')
      }
      spans.add(code.slice(at + line.pos, at + text.length), '')
      at += text.length + 1
    }
  }
}

/** How much of a line a grammar is given. */
function readableLength(line: string): number {
  let spaces = 0
  for (const { 0: run, index } of line.slice(0, MAX_LINE_LENGTH).matchAll(/\s{9,}/g)) {
    spaces += run.length
    if (spaces > MAX_SPACES) return index
  }
  return MAX_LINE_LENGTH
}

/** JSX, which the grammar of JavaScript takes for operators, strings and regular expressions: as many characters, none of which begins one. */
function withoutMarkup(code: string): string {
  return code.replace(/(?<=\p{L})'(?=\p{L})|(?<=<)\/(?=[A-Za-z>])|\/(?=>(?:[\s)<,;}:]|$))/gu, mark =>
    mark === '/' ? '-' : '_',
  )
}

/** `<Name` and `</Name`, but not `list<Name>` of TypeScript. */
function isTagName(code: string, at: number): boolean {
  if (code[at - 1] === '/') return code[at - 2] === '<'
  return code[at - 1] === '<' && !/[\w)\]]/.test(code[at - 2] ?? '')
}

/** Class → what grammars call such tokens: comment, string, number, keyword, function or type, tag, attribute, inserted, deleted. */
const KINDS = new Map(
  Object.entries({
    c: 'comment docComment',
    s: 'string docString character regexp link url quote monospace',
    n: 'number atom bool null literal integer unit color constant',
    k: 'keyword operatorKeyword controlKeyword definitionKeyword moduleKeyword modifier self',
    f: 'builtin def definition function type typeName className macroName qualifier header heading standard',
    t: 'tag tagName',
    a: 'attribute attributeName property propertyName meta special labelName',
    i: 'inserted',
    d: 'deleted',
  }).flatMap(([kind, names]) => names.split(' ').map(name => [name, kind] as const)),
)

const kindsOfStyles = new Map<string, string>()

/** @param style `string`, `variableName.function`, `string property` @param own what the language means by another name */
function kindOf(style: string, words: string, own: Kinds = {}): string {
  let kind = own[style] ?? kindsOfStyles.get(style)
  if (kind === undefined) {
    const names = style.split(' ').flatMap(word => {
      const [name = '', ...more] = word.split('.')
      return name === 'variableName' ? more : [name]
    })
    const found = names.map(name => KINDS.get(name) ?? '')
    kind = found.includes('a') ? 'a' : (found.find(Boolean) ?? '')
    kindsOfStyles.set(style, kind)
  }
  // Some grammars read the point of `a.b` as a number.
  return kind === 'n' && !/[\p{L}\p{N}]/u.test(words) ? '' : kind
}

// ─── Code in several languages ───────────────────────────────────────────────────────────────────────────────────────

interface Part {
  readonly text: string
  readonly language?: Language | undefined
  readonly kind?: string
}

const PROMPT = /^(?:\([\w.-]+\) ?)?(?:[\w.-]+@[\w.-]+[^\n$#%]{0,80}[$#%]|PS [^\n>]{0,80}>|[$%>]) (?=\S)/

const INNER = /<(script|style)\b[^<>]*>|<\?(?:php|=)?/gi

const TYPED = /\blang=["']?tsx?\b/i

function* partsOf(code: string, language: Language): Generator<Part> {
  if (language.isSession && code.split('\n').some(line => PROMPT.test(line))) yield* sessionOf(code, language)
  else if (language.isPage) yield* pageOf(code, language)
  else yield { text: code, language }
}

/** What was typed; what was answered is plain. */
function* sessionOf(code: string, language: Language): Generator<Part> {
  let before = ''
  let goesOn = false
  for (const line of code.split('\n')) {
    const prompt = PROMPT.exec(line)?.[0] ?? ''
    yield { text: before }
    yield { text: prompt, kind: 'c' }
    const text = line.slice(prompt.length)
    const isTyped: boolean = prompt !== '' || goesOn || text.startsWith('#')
    yield isTyped ? { text, language } : { text }
    goesOn = isTyped && text.endsWith('\\')
    before = '\n'
  }
}

/** HTML, and what is between `<script>` and `</script>`, `<style>` and `</style>`, `<?php` and `?>`. */
function* pageOf(code: string, language: Language): Generator<Part> {
  let at = 0
  while (at < code.length) {
    INNER.lastIndex = at
    const found: RegExpExecArray | null = INNER.exec(code)
    const begin = found ? found.index + (found[1] ? found[0].length : 0) : code.length
    yield { text: code.slice(at, begin), language }
    if (!found) return
    const name: string | undefined = found[1]?.toLowerCase()
    const close = name ? new RegExp(`</${name}\\b`, 'gi') : /\?>/g
    close.lastIndex = begin
    const end = close.exec(code)
    at = end ? end.index + (name ? 0 : 2) : code.length
    const inner =
      name === 'style' ? 'scss' : name === 'script' ? (TYPED.test(found[0]) ? 'ts' : 'js') : 'php-script'
    yield { text: code.slice(begin, at), language: languageOf(inner) }
  }
}
