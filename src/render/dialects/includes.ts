// Directives of other tools that include a file (`{% include_relative x.md %}`, `<<< @/x.js{1,3}`, `--8<-- "x.md"`,
// `@include(x.md)`) → which file, and which part of it; and that part, as it is included. What cannot be is named,
// and nothing of the directive is shown.

import { cutShort } from '../../base/index.ts'
import type { IncludedFile, NotIncluded } from '../../content/index.ts'
import { fenced } from './known-tags.ts'
import { continued, type Scan } from './scan.ts'
import type { TagCall } from './tag-values.ts'

export interface Wanted {
  /** As it is written: 'parts/tea.md', '@/code/tea.js'. */
  readonly reference: string
  /** Code is shown, Markdown is read. */
  readonly isCode: boolean
  readonly language?: string | undefined
  readonly title?: string | undefined
  /** 1-based, both included. */
  readonly lines?: { readonly from: number; readonly to: number } | undefined
  /** Of a region of code, a section between two signs, or of a heading. */
  readonly part?: string | undefined
  /** What the part begins and ends behind and before. */
  readonly between?: readonly [start: string, end: string] | undefined
  /** Within code, whose fence it does not need. */
  readonly isInFence?: boolean
  /** Whether nothing but a file can be meant. */
  readonly isSure?: boolean
  /** What the tag hands over: `{{ include.name }}`. */
  readonly named?: Readonly<Record<string, string>> | undefined
}

/** @param from the file, relative to `articles/`, that asks; undefined for the article itself */
export type IncludeFile = (reference: string, from: string | undefined) => IncludedFile | NotIncluded

export interface IncludeSettings {
  /** The file of the text that asks; undefined for the article itself. */
  readonly from: string | undefined
  readonly include: IncludeFile | undefined
  /** Markdown of another file, read; undefined where too many are in one another. */
  readonly read: ((markdown: string, file: string, named: Wanted['named']) => string) | undefined
}

/** Puts files into the text that a scan goes through. */
export class Includes {
  readonly #scan: Scan
  readonly #settings: IncludeSettings

  constructor(scan: Scan, settings: IncludeSettings) {
    this.#scan = scan
    this.#settings = settings
  }

  /** @param at the start of a line @returns where the next one begins, if this one asks for a file */
  line(at: number): number | undefined {
    const scan = this.#scan
    const found = scan.match(/([ \t>]*)(<[^\n]*|@[^\n]*|\{![^\n]*|;*-+8<-[^\n]*)/y, at)
    if (!found) return undefined
    const [whole, prefix, line] = found
    const start = at + prefix!.length
    const end = at + whole.length
    const escaped = /^;+(?=-+8<-)/.exec(line!)
    if (escaped) {
      scan.replace(start, start + escaped[0].length, '')
      return end + 1
    }
    const block = scan.match(
      /-+8<-+[ \t]*\n((?:(?![ \t]*-+8<-)[^\n]*\n){1,50})[ \t]*-+8<-+[ \t]*(?=\n|$)/y,
      start,
    )
    const wanted = block ? wantedByBlock(block[1]!) : wantedByLine(line!)
    if (!wanted) return undefined
    const made = wanted.map(each => this.#made(start, block ? each.reference : line!.trim(), each) ?? '')
    const stop = block ? start + block[0].length : end
    scan.replace(start, stop, made.join('\n').replaceAll('\n', `\n${continued(prefix!)}`))
    return stop + 1
  }

  /**
   * @param isKnown it has a meaning without the file: `{% include toc.html %}`
   * @returns where the text goes on behind a tag that asks for a file
   */
  tag(at: number, end: number, call: TagCall, isKnown: boolean): number | undefined {
    const isSure = SURELY_FILE.test(call.name)
    const wanted = isKnown && !isSure ? undefined : wantedByTag(call)
    if (!wanted) return undefined
    const source = this.#scan.text.slice(at, end).replace(/\s+/g, ' ')
    const isNoted = isSure && !isKnown
    const made = this.#made(at, source, wanted, isNoted)
    return made === undefined && !isNoted ? undefined : this.#replace(at, end, made ?? '')
  }

  /** `<Intro />`, which `import Intro from './_intro.mdx'` stands for. */
  component(at: number, end: number, reference: string): number | undefined {
    const wanted = { reference: reference.replace(/^@site\//, '/'), isCode: false }
    return this.#replace(at, end, this.#made(at, this.#scan.text.slice(at, end), wanted) ?? '')
  }

  /** Code with the files that its lines ask for. */
  code(at: number, code: string): string {
    if (!this.#settings.include || !(code.includes('8<-') || code.includes('include_relative'))) return code
    return includeIntoCode(code, (wanted, line) => this.#made(at, line, wanted, wanted.isSure))
  }

  #replace(at: number, end: number, made: string): number {
    const scan = this.#scan
    const prefix = scan.prefix(at)
    if (prefix !== undefined && scan.isLineEnd(end))
      scan.replace(at, end, made.replaceAll('\n', `\n${continued(prefix)}`))
    else scan.replace(at, end, /^`{3}/.test(made) ? `\n\n${made}\n\n` : made)
    return end
  }

  /** @returns undefined, and a note where that is wanted, for what is not included */
  #made(at: number, tag: string, wanted: Wanted, isNoted = true): string | undefined {
    const { include, from, read } = this.#settings
    const { reference, part, lines } = wanted
    const found = include ? include(reference, from) : { why: 'is another file: none is included here' }
    const text = 'text' in found ? partOf(found.text, wanted) : undefined
    const isTooDeep = text !== undefined && !wanted.isCode && !read
    if (text !== undefined && 'text' in found && !isTooDeep) {
      if (wanted.isInFence) return text
      return wanted.isCode
        ? fenced(text, wanted.language ?? '', wanted.title)
        : read!(text, found.file, wanted.named)
    }
    const what = part === undefined ? (lines ? 'such lines' : 'such part') : `part called "${part}"`
    const why =
      'why' in found
        ? found.why
        : isTooDeep
          ? 'is included by files that include one another'
          : `has no ${what}`
    if (isNoted)
      this.#scan.note(
        at,
        'template-tags',
        `${cutShort(tag, 60)} is left out: ${cutShort(reference, 60)} ${why}`,
        'Put the file below articles/, beside the article or in a folder that begins with _, or copy what it says.',
      )
    return undefined
  }
}

// ─── What is asked for ───────────────────────────────────────────────────────────────────────────────────────────────

/** A line of its own, without what it is indented by. Undefined where it asks for no file. */
function wantedByLine(line: string): readonly Wanted[] | undefined {
  const snippet = SNIPPET.exec(line)
  if (snippet) return [snippetOf(snippet[2]!)]
  const vite = VITEPRESS.exec(line)
  if (vite) {
    const [, reference, extension, part, braced, title] = vite
    // Lines in braces are marked, not chosen; a word behind them is the language.
    const language = /(?:^|\s)([A-Za-z][\w+#-]*)/.exec(braced ?? '')?.[1] ?? extension
    return [{ reference: reference!, isCode: true, language, title, part: part?.slice(1) }]
  }
  const code = VUEPRESS_CODE.exec(line)
  if (code) {
    const [, given, reference] = code
    const chosen = /\{(\d+)?-(\d+)?\}|\{(\d+)\}/.exec(/^\s*\{[^}]*\}/.exec(given!)?.[0] ?? '')
    const language = /(?:^|\s)([\w+#-]+)\s*(?:\{|:|$)/.exec(given!.replace(/^\s*\{[^}]*\}/, ''))?.[1]
    return [
      {
        reference: reference!,
        isCode: true,
        language: language ?? endingOf(reference!),
        lines: linesOf(chosen),
      },
    ]
  }
  const markdown = INCLUDE_LINE.map(pattern => pattern.exec(line)).find(found => found !== null)
  if (!markdown) return undefined
  const [, reference, part, from, to] = markdown
  const lines = from === undefined && to === undefined ? undefined : chosenLines(from, to)
  return [{ reference: reference!, isCode: false, part: part?.slice(1), lines }]
}

const SNIPPET = /^-+8<-+[ \t]+(["'])(.+?)\1[ \t]*$/
const VITEPRESS =
  /^<<<[ \t]*([^\s{[#]+?(?:\.([A-Za-z0-9]+))?)(#[\w-]+)?[ \t]*(?:\{([^}\n]*)\})?[ \t]*(?:\[([^\n]+)\])?[ \t]*$/
const VUEPRESS_CODE = /^@\[code([^\]\n]*)\]\(([^)\n]+)\)[ \t]*$/
/** VitePress and VuePress, VuePress as it was, and Python-Markdown's. */
const INCLUDE_LINE = [
  /^<!--\s*@include:\s*([^\s{#]+?)(#[^\s{]+)?\s*(?:\{(\d*),?-?(\d*)\})?\s*-->[ \t]*$/,
  /^@include(?::[ \t]*|\()([^\s{})#]+)(#[^\s{)]+)?\s*(?:\{(\d*)[,-]?(\d*)\})?\)?[ \t]*$/,
  /^\{!\s*([^\s!#]+)(#[^\s!]+)?\s*!\}[ \t]*$/,
]

/** Of a block of `--8<--`: each of its lines names one. */
function wantedByBlock(lines: string): readonly Wanted[] {
  return lines
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith(';'))
    .map(snippetOf)
}

/** `file.md:3:5`, `file.md:name` */
function snippetOf(given: string): Wanted {
  const [, reference = given, from, to, part] =
    /^(?!https?:)([^:]+?)(?::(\d*)(?::(\d*))?|:([A-Za-z][\w.-]*))?$/.exec(given.trim()) ?? []
  const lines = from === undefined && to === undefined ? undefined : chosenLines(from, to)
  return { reference, isCode: false, lines, part }
}

function linesOf(found: RegExpExecArray | null): Wanted['lines'] {
  if (!found) return undefined
  const [, from, to, single] = found
  return single === undefined ? chosenLines(from, to) : chosenLines(single, single)
}

function chosenLines(from: string | undefined, to: string | undefined): Wanted['lines'] {
  return { from: Number(from) || 1, to: Number(to) || Number.POSITIVE_INFINITY }
}

/** @param call a tag of Liquid, Hugo or Nunjucks */
function wantedByTag({ name, args, named, rest }: TagCall): Wanted | undefined {
  const key = name.toLowerCase().replaceAll('_', '-')
  if (key === 'include-code') return includedCode(rest)
  if (key === 'include-markdown' || key === 'mdinclude') {
    const { start = '', end = '' } = named
    return args[0]
      ? { reference: args[0], isCode: false, between: start || end ? [start, end] : undefined }
      : undefined
  }
  if (!/^(?:include(?:-relative|-cached|-file)?|render|partial|readfile|import-md)$/.test(key))
    return undefined
  const reference = named.file ?? named.path ?? /^["']?([^\s"',]+)/.exec(rest)?.[1]
  if (!reference || /[{}=]/.test(reference) || !/\.\w+$/.test(reference)) return undefined
  const isCode = named.code === 'true' || !/\.(?:md|markdown|mdx|html?|txt|liquid|njk|hbs)$/i.test(reference)
  return { reference, isCode, language: named.lang ?? (isCode ? endingOf(reference) : undefined), named }
}

/** Names of tags that mean a file of the folder and nothing else. */
const SURELY_FILE = /^(?:include[-_](?:relative|code|markdown|file)|readfile|mdinclude)$/i

/** Hexo's and Octopress's `{% include_code A title lang:js from:1 to:3 tea.js %}`. */
function includedCode(rest: string): Wanted | undefined {
  const words = rest.trim().split(/\s+/)
  const reference = words.pop()
  if (!reference) return undefined
  const option = (key: string) => words.find(word => word.startsWith(`${key}:`))?.slice(key.length + 1)
  const [from, to] = [option('from'), option('to')]
  const title = words.filter(word => !/^(?:lang|from|to):/.test(word)).join(' ')
  return {
    reference,
    isCode: true,
    language: option('lang') ?? endingOf(reference),
    title: title || reference.split('/').at(-1),
    lines: from === undefined && to === undefined ? undefined : chosenLines(from, to),
  }
}

function endingOf(reference: string): string | undefined {
  return /\.(\w+)$/.exec(reference)?.[1]
}

// ─── The part of it ──────────────────────────────────────────────────────────────────────────────────────────────────

/** @returns undefined where the file has no such part */
function partOf(text: string, { lines: chosen, part, between, isCode }: Wanted): string | undefined {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')
  const some = chosen ? lines.slice(chosen.from - 1, chosen.to) : part ? section(lines, part, isCode) : lines
  if (!some || (chosen && some.length === 0)) return undefined
  const shown = some.filter(line => !SECTION_SIGN.test(line))
  const body = (isCode ? dedented(shown) : shown).join('\n')
  return between ? textBetween(body, between) : body
}

/** What marks a part in MkDocs' snippets, and is never shown. */
const SECTION_SIGN = /-+8<-+[ \t]+\[[ \t]*(?:start|end)[ \t]*:[^\]]*\]/

function section(lines: readonly string[], name: string, isCode: boolean): readonly string[] | undefined {
  const sign = (word: string) => (line: string) =>
    SECTION_SIGN.test(line) &&
    new RegExp(`\\[[ \\t]*${word}[ \\t]*:[ \\t]*([^\\]]*?)[ \\t]*\\]`).exec(line)?.[1] === name
  const region = (word: RegExp) => (line: string) => word.exec(line)?.[1]?.trim() === name
  const pairs: readonly (readonly [(line: string) => boolean, (line: string) => boolean])[] = [
    [sign('start'), sign('end')],
    [region(/#?\bregion\b[ \t]*:?[ \t]*([\w*-]+)/i), line => /#?\bend ?region\b/i.test(line)],
  ]
  for (const [opens, closes] of pairs) {
    const start = lines.findIndex(opens)
    if (start === -1) continue
    const length = lines.slice(start + 1).findIndex(closes)
    return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length)
  }
  return isCode ? undefined : headed(lines, name)
}

/** From a heading of that name up to the next one of its level. */
function headed(lines: readonly string[], name: string): readonly string[] | undefined {
  const levelOf = (line: string) => /^(#{1,6})[ \t]/.exec(line)?.[1]?.length
  const slug = (line: string) =>
    line
      .replace(/^#+[ \t]+/, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
  const start = lines.findIndex(line => levelOf(line) !== undefined && slug(line) === name.toLowerCase())
  if (start === -1) return undefined
  const level = levelOf(lines[start]!)!
  const length = lines.slice(start + 1).findIndex(line => (levelOf(line) ?? 7) <= level)
  return lines.slice(start, length === -1 ? undefined : start + 1 + length)
}

function dedented(lines: readonly string[]): readonly string[] {
  const widths = lines.filter(line => line.trim() !== '').map(line => /^[ \t]*/.exec(line)![0].length)
  const least = widths.reduce((width, each) => Math.min(width, each), Number.POSITIVE_INFINITY)
  return Number.isFinite(least) ? lines.map(line => line.slice(least)) : lines
}

function textBetween(text: string, [start, end]: readonly [string, string]): string | undefined {
  const from = start === '' ? 0 : text.indexOf(start)
  if (from === -1) return undefined
  const to = end === '' ? text.length : text.indexOf(end, from + start.length)
  return to === -1 ? undefined : text.slice(from + start.length, to)
}

// ─── In code ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const IN_CODE =
  /^([ \t>]*)(?:(;+)?-+8<-+[ \t]+(["'])([^"'\n]+)\3|\{%-?[ \t]*include_relative[ \t]+([^\s%]+)[ \t]*-?%\})[ \t]*$/gm

/**
 * A fence, or a block of code.
 *
 * @param put undefined where there is no such file: of Jekyll's tag nobody knows whether it is shown on purpose
 */
function includeIntoCode(code: string, put: (wanted: Wanted, line: string) => string | undefined): string {
  let longest = 0
  const filled = code.replace(
    IN_CODE,
    (line, prefix: string, escaped: string | undefined, _, snippet?: string, relative?: string) => {
      if (escaped) return prefix + line.slice(prefix.length + escaped.length)
      const wanted = snippet ? snippetOf(snippet) : { reference: relative! }
      const isSure = snippet !== undefined
      const text = put({ ...wanted, isCode: true, isInFence: true, isSure }, line.trim())
      if (text === undefined) return isSure ? prefix : line
      for (const [run] of text.matchAll(/`{3,}|~{3,}/g)) longest = Math.max(longest, run.length)
      return text.replace(/^/gm, prefix)
    },
  )
  // What is included has fences of its own.
  const fence = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})/.exec(filled)?.[1]
  if (fence === undefined || longest < fence.length) return filled
  const longer = fence[0]!.repeat(longest + 1)
  return filled.replace(fence, longer).replace(/(?:`{3,}|~{3,})([ \t]*)$/, `${longer}$1`)
}
