// MDX → Markdown with JSX elements: `import` and `export` are taken out, and so are expressions in braces that are no texts.
// A parser that knows the syntax finds them (micromark's extension); a file that it cannot parse is read by its lines.

import { createRequire } from 'node:module'
import { idMark, type SourceNote } from './scan.ts'

export interface ReadMdx {
  readonly text: string
  /** Of the pictures and other files that were imported: their names in the text → their paths. */
  readonly imports: ReadonlyMap<string, string>
  readonly notes: readonly SourceNote[]
}

interface Part {
  readonly kind: 'code' | 'expression'
  readonly start: number
  readonly end: number
}

export function importsComponents(source: string): boolean {
  return /^import\s+[^\n]*?["'][^"'\n]+["'];?[ \t]*$/m.test(proseOf(source))
}

/** Without fenced code and scripts. */
function proseOf(source: string): string {
  if (!source.includes('import')) return ''
  let end: string | undefined
  return source
    .split('\n')
    .filter(line => {
      const open = /^[ \t]*(`{3,}|~{3,}|<(?:script|style)\b)/i.exec(line)?.[1]
      const isInside = end !== undefined
      if (end !== undefined && (end.startsWith('<') ? line.includes('</') : open?.startsWith(end)))
        end = undefined
      else if (end === undefined) end = open
      return !isInside
    })
    .join('\n')
}

/** @param value of `{frontmatter.title}` */
export function readMdx(source: string, value: (name: string) => string | undefined): ReadMdx {
  const parts = /^(?:import|export)\b|[{]/m.test(source) ? (partsOf(source) ?? looseParts(source)) : []
  const imports = new Map<string, string>()
  for (const [, name, path] of source.matchAll(
    /^import\s+(?:\*\s+as\s+)?(\w+)\s*(?:,[^\n]*?)?\s+from\s+["']([^"'\n]+)["']/gm,
  ))
    if (!/\.(?:jsx?|tsx?|vue|svelte|astro|mjs|css)$/.test(path!)) imports.set(name!, path!)
  const notes: SourceNote[] = []
  const isInCode = (start: number) => CODE_BEFORE.test(source.slice(Math.max(0, start - 300), start))
  let text = ''
  let done = 0
  let line = 1
  for (const { kind, start, end } of parts) {
    if (start < done) continue
    line += newlines(source.slice(done, start))
    const inner = source.slice(start, end)
    text +=
      source.slice(done, start) +
      (kind === 'code'
        ? ''
        : isInCode(start)
          ? inner
          : (frontMatterValue(inner, value) ?? expression(inner, imports, line, notes))) +
      '\n'.repeat(kind === 'code' || !isInCode(start) ? newlines(inner) : 0)
    line += newlines(inner)
    done = end
  }
  return { text: text + source.slice(done), imports, notes }
}

/** The tag of a component that shows code; a directive, whose attributes are in braces: `:::note{title="x"}`. */
const CODE_BEFORE =
  /<(?:Code|Highlight|SyntaxHighlighter|Prism|Snippet)\w*(?:\s[^<>]*)?(?<!\/)>\s*$|(?:^|\n)[ \t>]*:{2,}[ \t]*[\w-]*(?:\[[^\]\n]*\])?[ \t]*$|:[a-z][\w-]*\[[^\]\n]*\]$/

function frontMatterValue(inner: string, value: (name: string) => string | undefined): string | undefined {
  const name = /^\{\s*(frontmatter|frontMatter|metadata|meta)\.([\w.]+)\s*\}$/.exec(inner)?.[2]
  return name === undefined ? undefined : value(`page.${name}`)
}

/** `{/* a remark *}`, `{'text'}`: what it says. Anything else would have to be run. */
function expression(
  inner: string,
  imports: ReadonlyMap<string, string>,
  line: number,
  notes: SourceNote[],
): string {
  const body = inner.slice(1, -1).trim()
  const remark = /^\/\*([\s\S]*)\*\/$/.exec(body)?.[1]?.trim()
  // Left for the reader of remarks: some of them mark something.
  if (remark !== undefined)
    return /^truncate$|^more$/i.test(remark) ? '<!-- more -->' : inner.replace(/\n/g, ' ')
  if (/^(?:null|undefined|true|false)?$/.test(body.replace(/^\s*\/\/.*$/gm, '').trim())) return ''
  const value = literal(body, imports)
  if (value !== undefined) return value.replace(/\n/g, ' ')
  notes.push({
    line,
    rule: 'component-left-out',
    message: `${inner.replace(/\s+/g, ' ').slice(0, 60)} is left out: code in a text is not run`,
    advice: 'Write what it would have shown, or put it into `code`.',
  })
  return ''
}

function newlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

type Micromark = typeof import('micromark')
type Mdxjs = typeof import('micromark-extension-mdxjs')
let loaded: { micromark: Micromark; mdxjs: Mdxjs } | undefined

/** @returns undefined for what is no MDX: a brace or a tag that is never closed, code that is none */
function partsOf(source: string): Part[] | undefined {
  if (bracesOf(source) * source.length > MAX_BRACES_TIMES_CHARACTERS) return undefined
  if (!loaded) {
    const load = createRequire(import.meta.url)
    loaded = { micromark: load('micromark'), mdxjs: load('micromark-extension-mdxjs') }
  }
  const { parse, preprocess, postprocess } = loaded.micromark
  try {
    // Formulas have braces of their own, and HTML's remarks, headings' ids and signs in prose are no MDX. Offsets must stay.
    const masked = source
      .replace(
        /\$\$[\s\S]{1,5000}?\$\$|\$(?![\s$])[^$\n]{1,500}?(?<!\s)\$(?!\d)|<!--[\s\S]{0,20000}?-->|\{#[\w-]+\}/g,
        other => other.replace(/[{}<>!]/g, ' '),
      )
      .replace(/<(?![\w/>$!])|<(?=\d|https?:|[\w.+-]+@)/g, '%')
    const parser = parse({ extensions: [loaded.mdxjs.mdxjs()] })
    const events = postprocess(parser.document().write(preprocess()(masked, undefined, true)))
    const parts: Part[] = []
    let inElement = 0
    for (const [step, { type: known, start, end }] of events) {
      const type: string = known
      if (type === 'mdxJsxFlowTag' || type === 'mdxJsxTextTag') inElement += step === 'enter' ? 1 : -1
      else if (step === 'enter' && inElement === 0) {
        if (type === 'mdxjsEsm') parts.push({ kind: 'code', start: start.offset, end: end.offset })
        else if (type === 'mdxFlowExpression' || type === 'mdxTextExpression')
          parts.push({ kind: 'expression', start: start.offset, end: end.offset })
      }
    }
    return parts
  } catch {
    return undefined
  }
}

/** The parser tries at each brace that closes whether all before it is an expression. Braces times characters. */
const MAX_BRACES_TIMES_CHARACTERS = 30_000_000

/** How many close outside of code. */
function bracesOf(source: string): number {
  let count = 0
  let fence: string | undefined
  for (const line of source.split('\n')) {
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined
    } else if (mark !== undefined) fence = mark
    else for (let at = line.indexOf('}'); at !== -1; at = line.indexOf('}', at + 1)) count++
  }
  return count
}

/** What the parser cannot read: code by its lines, and whatever is in braces outside of code and tags. */
function looseParts(source: string): Part[] {
  const parts = codeLines(source)
  const codeAt = new Map(parts.map(({ start, end }) => [start, end]))
  const signs =
    /(?:^|\n)(?=import\b|export\b)|(?<=^|\n)[ \t>]*(`{3,}|~{3,})|`+|<!--|<\/?[A-Za-z]|\\[\s\S]|\{/g
  let lost = 0
  for (let found = signs.exec(source); found; found = signs.exec(source)) {
    const [sign, fence] = found
    const at = found.index
    const code = codeAt.get(at + sign.length)
    if (code !== undefined) signs.lastIndex = code
    else if (fence !== undefined) signs.lastIndex = behindFence(source, fence, signs.lastIndex)
    else if (sign[0] === '`') signs.lastIndex = behind(source, sign, signs.lastIndex)
    else if (sign === '<!--') signs.lastIndex = behind(source, '-->', signs.lastIndex)
    else if (sign[0] === '<') signs.lastIndex = tagEnd(source, signs.lastIndex)
    else if (sign === '{') {
      const end = lost < MAX_LOST ? braceEnd(source, at, at + MAX_EXPRESSION_CHARACTERS) : undefined
      if (end === undefined) lost++
      if (end === undefined) continue
      parts.push({ kind: 'expression', start: at, end })
      signs.lastIndex = end
    }
    if (signs.lastIndex <= at) signs.lastIndex = at + 1
  }
  return parts.sort((left, right) => left.start - right.start)
}

const MAX_EXPRESSION_CHARACTERS = 5000
/** Braces without an end: nobody writes more. */
const MAX_LOST = 500

function behindFence(source: string, fence: string, from: number): number {
  const close = new RegExp(`\\n[ \\t>]*${fence}`, 'g')
  close.lastIndex = from
  return close.test(source) ? close.lastIndex : source.length
}

function behind(source: string, close: string, from: number): number {
  const end = source.indexOf(close, from)
  return end === -1 ? from : end + close.length
}

/** Past attributes in braces and quotation marks. */
function tagEnd(source: string, from: number): number {
  const limit = Math.min(source.length, from + MAX_EXPRESSION_CHARACTERS)
  for (let at = from; at < limit; at++) {
    const sign = source[at]!
    if (sign === '>') return at + 1
    if (sign === '<' || (sign === '\n' && source[at + 1] === '\n')) return from
    if (sign === '{') at = (braceEnd(source, at, limit) ?? limit) - 1
  }
  return from
}

/** `import` and `export` at the beginning of a line, up to the next blank one, outside of code. */
function codeLines(source: string): Part[] {
  const parts: Part[] = []
  let fence: string | undefined
  let at = 0
  let open: number | undefined
  for (const line of source.split('\n')) {
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined
    } else if (mark !== undefined) fence = mark
    if (open !== undefined && /^\s*$|^<|^#/.test(line)) {
      parts.push({ kind: 'code', start: open, end: at })
      open = undefined
    } else if (
      open === undefined &&
      fence === undefined &&
      /^(?:import\s+(?:["'{*]|\w+\s*(?:,|from\b))|export\s+(?:const|let|var|default|function|async|\{|\*))/.test(
        line,
      )
    )
      open = at
    at += line.length + 1
  }
  if (open !== undefined) parts.push({ kind: 'code', start: open, end: source.length })
  return parts
}

/** `{/* … *}` in a text that is no MDX, as some tools write their remarks into Markdown: the heading's id, a mark, or nothing. */
export function remarkMeaning(remark: string, isHeading: boolean): string {
  const words = remark.trim()
  if (/^(?:truncate|more)$/i.test(words)) return '<!-- more -->'
  return isHeading && /^[\p{L}\p{N}_-]+$/u.test(words) ? idMark(words) : ''
}

// ─── Tags ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Tag {
  readonly name: string
  readonly end: number
  readonly isClose: boolean
  readonly isAlone: boolean
  readonly named: Record<string, string>
  /** Some attribute is an expression that is no text. */
  readonly lost: readonly string[]
}

const MAX_TAG_CHARACTERS = 3000
/** Not `<first-last@example.org>`, which is an address of CommonMark's own. */
const NAME = /<(\/?)([A-Za-z][\w.:-]*)(?=[\s/>{])/y
const ATTRIBUTE = /\s*([A-Za-z_:@#v][\w:.@-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'{}<>=`]+)|(\{)))?/y

/** A tag in JSX's or HTML's way. */
export function readTag(text: string, at: number, imports: ReadonlyMap<string, string>): Tag | undefined {
  NAME.lastIndex = at
  const found = NAME.exec(text)
  if (!found) return undefined
  const named: Record<string, string> = Object.create(null)
  const lost: string[] = []
  let next = NAME.lastIndex
  const limit = Math.min(text.length, at + MAX_TAG_CHARACTERS)
  for (;;) {
    const space = /\s*/y
    space.lastIndex = next
    next += space.exec(text)![0].length
    if (next >= limit) return undefined
    if (text[next] === '>')
      return { name: found[2]!, end: next + 1, isClose: found[1] === '/', isAlone: false, named, lost }
    if (text.startsWith('/>', next))
      return { name: found[2]!, end: next + 2, isClose: false, isAlone: true, named, lost }
    if (text[next] === '{') {
      const end = braceEnd(text, next, limit)
      if (end === undefined) return undefined
      next = end
      continue
    }
    ATTRIBUTE.lastIndex = next
    const attribute = ATTRIBUTE.exec(text)
    if (!attribute) return undefined
    next = ATTRIBUTE.lastIndex
    const [, name, double, single, bare, brace] = attribute
    if (brace === undefined) {
      named[attributeName(name!)] = double ?? single ?? bare ?? ''
      continue
    }
    const end = braceEnd(text, next - 1, limit)
    if (end === undefined) return undefined
    const value = literal(text.slice(next, end - 1), imports)
    if (value === undefined) lost.push(name!)
    else named[attributeName(name!)] = value
    next = end
  }
}

const attributeName = (name: string) => (name === 'srcSet' ? 'srcset' : name.replace(/^:/, '').toLowerCase())

/** Where the brace is closed, past texts in quotation marks. */
function braceEnd(text: string, open: number, limit: number): number | undefined {
  let depth = 0
  for (let at = open; at < limit; at++) {
    const sign = text[at]!
    if (sign === '{') depth++
    else if (sign === '}') {
      if (--depth === 0) return at + 1
    } else if (sign === '"' || sign === "'" || sign === '`') {
      const close = closeOf(text, at, sign, limit)
      if (close !== undefined) at = close
    } else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2)
      if (close === -1 || close >= limit) return undefined
      at = close + 1
    }
  }
  return undefined
}

function closeOf(text: string, open: number, sign: string, limit: number): number | undefined {
  for (let at = open + 1; at < limit; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === sign) return at
    else if (text[at] === '\n' && sign !== '`') return undefined
  }
  return undefined
}

/** An expression that is a text: `"x"`, `{12}`, `require('./a.png').default`, `useBaseUrl('/a.png')`, a name that was imported. */
function literal(expression: string, imports: ReadonlyMap<string, string>): string | undefined {
  const plain = expression.trim()
  const string = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\$]|\\.)*)`)$/s.exec(plain)
  if (string)
    return (string[1] ?? string[2] ?? string[3]!)
      .replace(/\\u\{?([\da-fA-F]{4,5})\}?/g, (_, code: string) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      )
      .replace(/\\n/g, '\n')
      .replace(/\\([\s\S])/g, '$1')
  if (/^-?\d+(?:\.\d+)?$/.test(plain)) return plain
  const called =
    /^(?:require|import|useBaseUrl|withBase|withBaseUrl|url)\(\s*["'`]([^"'`]+)["'`]\s*\)(?:\.default)?$/.exec(
      plain,
    )
  return called?.[1] ?? imports.get(plain.replace(/\.(?:src|default)$/, ''))
}
