// The source of a text as other tools write it → Markdown of one dialect, in which placeholders (scan.ts) stand for what
// Markdown has no words for, and notes on what had no meaning. Code is left alone; remarks of the author's are left out.

import {
  readAttributes,
  readEdit,
  readEmbed,
  readGist,
  readKramdown,
  readRemark,
  readSpacedTarget,
  readTextDirective,
  readWikiLink,
  readWordPress,
  takeUnclosed,
} from './attributes.ts'
import { ComponentReader } from './components.ts'
import { ContainerReader, hasAdmonitions, outOfHtml, readAdmonitions } from './containers.ts'
import { MATH_BRACKET, readBareMath, readMath } from './formulas.ts'
import { type IncludeFile, Includes } from './includes.ts'
import { importsComponents, readMdx, remarkMeaning } from './mdx.ts'
import { fillTitles, labelMark, renumbered, Scan, type SourceNote } from './scan.ts'
import { type TagSettings, unescapeTags, type Values, withAssigned } from './tag-values.ts'
import { TagReader } from './tags.ts'

export interface SourceOptions extends TagSettings {
  readonly syntax: 'markdown' | 'mdx' | 'html'
  /** Whether `$…$` is mathematics. */
  readonly math: boolean
  /** Whether `{{ … }}` and `{% … %}` are tags of a template. */
  readonly tags: boolean
  /** The text of another file, where one is included; none is where this is left out. */
  readonly include?: IncludeFile
  /** The title of a note that has none of its own, in the text's language; undefined for one that no catalogue has. */
  noteWord(name: string): string | undefined
}

export interface ReadSource {
  readonly markdown: string
  /** The formulas that signs in it stand for. */
  readonly formulas: readonly string[]
  readonly notes: readonly SourceNote[]
  readonly isMdx: boolean
}

export function readSource(source: string, options: SourceOptions): ReadSource {
  // Docusaurus and others read MDX in files called .md, too.
  const isMdx = options.syntax === 'mdx' || (options.syntax === 'markdown' && importsComponents(source))
  const mdx = isMdx ? readMdx(source, options.value) : undefined
  const syntax = isMdx ? 'mdx' : options.syntax
  const reader = new SourceReader(mdx?.text ?? source, { ...options, syntax }, mdx?.imports ?? new Map())
  const { markdown, notes, formulas } = reader.read()
  const plain = outOfHtml(hasAdmonitions(markdown) ? readAdmonitions(markdown) : markdown)
  return {
    markdown: fillTitles(plain, options.noteWord),
    formulas,
    isMdx,
    notes: [...(mdx?.notes ?? []), ...notes].sort((left, right) => left.line - right.line),
  }
}

/** Where something may begin that is not plain Markdown, or code that hides it. */
const SIGN =
  /`+|\{(?:[%{#:./\w-]|>>|\+\+|==|~~|[ \t]+(?:[#.:][\w-]|[\w-]+=))|%%|\$|(?<![\w:]):(?=[a-z][\w-]*\[)|\\{1,2}[([]|\]\((?=[^()<>\n"'\s{]+ [^()<>\n"'{]{0,200}\.\w{2,5}\))|!?\[\[|\[(?:caption|embedyt|embed|gallery|video|audio|youtube|vimeo|playlist|contact-form|sourcecode|crayon|code)\b|<!--|<\/?[A-Z>]|<\/?[a-z][\w-]*|\\[\s\S]/g

/** What is in them is no Markdown. */
const VERBATIM =
  /<(pre|script|style|code|textarea|math|svg|kbd|samp|PRE|SCRIPT|STYLE|CODE|TEXTAREA|MATH|SVG|KBD|SAMP)(?=[\s/>])/y

/** Vue reads nothing in such an element. */
const V_PRE = /<([a-z][\w-]*)(?=[^<>]{0,300}\sv-pre[\s>=])[^<>]{0,300}>/iy
/** Hexo's parts of tabs and timelines: `<!-- tab Name@icon -->`. */
const PART = /^<!--\s*(?:tab|timeline|cell)\s+([^@\n]*?)\s*(?:@[^\n]*)?-->$/

const FENCE = /[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+[>]?[ \t]*){0,5}(`{3,}|~{3,})([^\n]*)/y
const LIST_ITEM = /[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|\n|$)/y
const INDENTED = /(?: {4}| {0,3}\t)[^\n]*\S/y
const INDENTED_BODY = /[ \t]*(?:!!!|\?\?\?|===|[:~][ \t]|\[\^)/y

/** Loops in loops, and files in files. */
const MAX_LOOPS = 3

class SourceReader {
  readonly #scan: Scan
  readonly #text: string
  readonly #options: SourceOptions
  readonly #tags: TagReader
  readonly #containers: ContainerReader
  readonly #components: ComponentReader
  readonly #files: Includes
  /** Whether what is indented belongs to an item of a list or the like. */
  #isInList = false
  #isAfterBlank = true
  #isIndentedCode = false
  /** It has wiki links or remarks: what looks like the name of a block is one. */
  #isObsidian = false
  /** Runs of backticks in the paragraph that is being read, by their length. */
  #runs: { readonly end: number; readonly byLength: Map<number, number[]> } | undefined

  /**
   * @param depth in how many loops of templates, and included files the text is
   * @param from the file that it is of, where that was included
   */
  constructor(
    text: string,
    options: SourceOptions,
    imports: ReadonlyMap<string, string>,
    depth = 0,
    from?: string,
  ) {
    this.#scan = new Scan(text)
    this.#text = text
    this.#options = options
    const isDeep = depth >= MAX_LOOPS
    const read = (part: string, file: string, named?: Readonly<Record<string, string>>) => {
      const values = named ? withAssigned(options, new Map([['include', named]])) : {}
      return this.#part(part, values, imports, depth + 1, file)
    }
    const { include } = options
    this.#files = new Includes(this.#scan, { include, from, read: isDeep ? undefined : read })
    this.#tags = new TagReader(this.#scan, {
      ...options,
      isHtml: options.syntax === 'html',
      part: isDeep ? undefined : (part, values) => this.#part(part, values, imports, depth + 1, from),
      files: this.#files,
    })
    this.#containers = new ContainerReader(this.#scan)
    const isMdx = options.syntax === 'mdx'
    this.#components = new ComponentReader(this.#scan, { isMdx, imports, files: this.#files })
  }

  read(): { markdown: string; notes: readonly SourceNote[]; formulas: readonly string[] } {
    const scan = this.#scan
    const text = this.#text
    let at = 0
    let next = this.#sign(0)
    let lineEnd = -1
    while (at < text.length) {
      if (at === scan.lineStart && this.#options.syntax !== 'html') {
        const end = this.#line(at)
        if (end !== undefined) {
          at = end
          scan.lineStart = at
          if (next < at) next = this.#sign(at)
          continue
        }
      }
      if (lineEnd < at) lineEnd = this.#lineEnd(at)
      if (next < at) next = this.#sign(at)
      if (next >= lineEnd) {
        at = lineEnd + 1
        scan.lineStart = at
        continue
      }
      SIGN.lastIndex = next
      const sign = SIGN.exec(text)![0]
      at = Math.max(
        this.#inline(next, sign) ?? 0,
        next + (sign[0] === '`' || sign[0] === '\\' ? sign.length : 1),
      )
      next = this.#sign(at)
      if (at > lineEnd) {
        scan.lineStart = text.lastIndexOf('\n', at - 1) + 1
        this.#isAfterBlank = false
      }
    }
    this.#tags.finish()
    if (this.#isObsidian)
      return {
        markdown: scan.result().replace(/[ \t]+\^[A-Za-z0-9-]+(?=[ \t]*(?:\n|$))/g, ''),
        notes: scan.notes,
        formulas: scan.formulas,
      }
    return { markdown: scan.result(), notes: scan.notes, formulas: scan.formulas }
  }

  #part(
    text: string,
    values: Partial<Values>,
    imports: ReadonlyMap<string, string>,
    depth: number,
    from: string | undefined,
  ): string {
    const options = { ...this.#options, ...values }
    const mdx = from?.endsWith('.mdx') ? readMdx(text, options.value) : undefined
    const reader = new SourceReader(mdx?.text ?? text, options, mdx?.imports ?? imports, depth, from)
    const { markdown, notes, formulas } = reader.read()
    const line = this.#scan.lineOf(this.#scan.lineStart)
    this.#scan.notes.push(...[...(mdx?.notes ?? []), ...notes].map(note => ({ ...note, line })))
    const first = this.#scan.formulas.length
    this.#scan.formulas.push(...formulas)
    return first === 0 ? markdown : renumbered(markdown, first)
  }

  #sign(from: number): number {
    SIGN.lastIndex = from
    const found = SIGN.exec(this.#text)
    return found ? found.index : Number.POSITIVE_INFINITY
  }

  /** What takes a line, or several. @returns where the next line begins; undefined where the line is to be read sign by sign */
  #line(at: number): number | undefined {
    const scan = this.#scan
    const text = this.#text
    if (scan.match(/[ \t]*(?:\n|$)/y, at)) {
      this.#isAfterBlank = true
      const end = text.indexOf('\n', at)
      return end === -1 ? text.length + 1 : end + 1
    }
    const isIndented = this.#options.syntax !== 'mdx' && scan.match(INDENTED, at) !== undefined
    if (isIndented && !this.#isInList && (this.#isAfterBlank || this.#isIndentedCode)) {
      this.#isIndentedCode = true
      this.#isAfterBlank = false
      return this.#code(at, this.#lineEnd(at))
    }
    this.#isIndentedCode = false
    if (scan.match(LIST_ITEM, at) || scan.match(INDENTED_BODY, at)) this.#isInList = true
    else if (this.#isAfterBlank && !/[ \t]/.test(text[at]!)) this.#isInList = false
    this.#isAfterBlank = false
    const fence = scan.match(FENCE, at)
    if (fence && !(fence[1]!.startsWith('`') && fence[2]!.includes('`'))) return this.#fence(at, fence)
    return this.#wholeLine(at)
  }

  #wholeLine(at: number): number | undefined {
    const scan = this.#scan
    const first = this.#text.charCodeAt(at)
    // Older tools of Jekyll's and Hexo's want no space there.
    const heading = first === 35 ? scan.match(/#{2,6}(?=[^\s#!{])/y, at) : undefined
    if (heading) scan.replace(at + heading[0].length, at + heading[0].length, ' ')
    const container = this.#containers.read(at)
    if (container !== undefined) return container + 1
    // Where a table of contents is to be, and what divides columns in Hugo's theme for books.
    if (first === 36 || first === 60 || first === 64 || first === 91) {
      const toc = scan.match(/(?:@?\[TOC\]|\$\{toc\}|\[\[_?toc_?\]\]|<--->)[ \t]*(?=\n|$)/iy, at)
      if (toc) {
        scan.replace(at, at + toc[0].length, '')
        return at + toc[0].length + 1
      }
    }
    return this.#files.line(at)
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end === -1 ? this.#text.length : end
  }

  /** @returns where the line behind it begins */
  #code(start: number, end: number): number {
    const code = this.#text.slice(start, end)
    const shown = this.#files.code(start, unescapeTags(code))
    if (shown !== code) this.#scan.replace(start, end, shown)
    return end + 1
  }

  #fence(at: number, [opening, sign]: RegExpExecArray): number {
    const text = this.#text
    const isQuoted = /^[ \t]*>/.test(opening!)
    const isInItem = this.#isInList && opening!.indexOf(sign!) >= 2
    let end = at + opening!.length
    while (end < text.length) {
      const start = end + 1
      end = this.#lineEnd(start)
      const line = text.slice(start, Math.min(end, start + 200))
      const close = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
      if (close?.startsWith(sign!)) break
      // The quotation or the item that it is in has ended, and the code with it.
      if ((isQuoted && !/^[ \t]*>/.test(line)) || (isInItem && /^\S/.test(line))) {
        end = start - 1
        break
      }
    }
    return this.#code(at, Math.min(end, text.length))
  }

  /** @returns where the text goes on; undefined where the sign is only a sign */
  #inline(at: number, sign: string): number | undefined {
    const scan = this.#scan
    const text = this.#text
    const isHtml = this.#options.syntax === 'html'
    switch (sign[0]) {
      case '`':
        return isHtml ? undefined : this.#span(at, sign.length)
      case '{':
        return this.#brace(at, sign)
      case '%':
        return isHtml ? undefined : this.#obsidian(readRemark(scan, at))
      case '$':
        return this.#options.math ? readMath(scan, at) : undefined
      case '\\':
        if (!this.#options.math) return at + Math.min(2, sign.length)
        if (scan.match(MATH_BRACKET, at)) return readMath(scan, at)
        return readBareMath(scan, at) ?? at + Math.min(2, sign.length)
      case ']':
        return isHtml ? undefined : readSpacedTarget(scan, at + 2)
      case ':':
        return isHtml ? undefined : readTextDirective(scan, at)
      case '!':
        return isHtml ? undefined : this.#obsidian(readWikiLink(scan, at))
      case '[':
        if (sign !== '[[')
          return readWordPress(scan, at, isHtml || scan.isInHtml(at) ? this.#options.toHtml : undefined)
        return isHtml ? undefined : this.#obsidian(readWikiLink(scan, at))
      case '<':
        if (sign === '<!--') return this.#comment(at)
        if (scan.match(VERBATIM, at) || scan.match(V_PRE, at)) return readGist(scan, at) ?? this.#verbatim(at)
        return this.#components.read(at)
    }
    return text.length === 0 ? 0 : undefined
  }

  #obsidian(end: number | undefined): number | undefined {
    this.#isObsidian ||= end !== undefined
    return end
  }

  #brace(at: number, sign: string): number | undefined {
    const scan = this.#scan
    if (!this.#options.tags && (sign === '{%' || sign === '{{')) return at + 2
    if (sign === '{%' || sign === '{{' || sign === '{#') {
      const end = this.#tags.read(at)
      if (end !== undefined || sign !== '{#') return end
    }
    if (sign === '{:') {
      if (this.#text[at + 2] === ':' || this.#text[at + 2] === '/') return readKramdown(scan, at)
    }
    if (sign === '{/') {
      const remark = scan.match(/\{\s*\/\*/y, at)
      const end = remark ? scan.findPattern(/\*\/\s*\}/g, at) : undefined
      if (!end) return undefined
      const stop = end.index + end[0].length
      const isHeading = /^[ \t>]*#{1,6}[ \t]/.test(
        this.#text.slice(scan.lineStart, Math.min(at, scan.lineStart + 20)),
      )
      scan.replace(at, stop, remarkMeaning(this.#text.slice(at + 3, end.index), isHeading))
      return stop
    }
    return this.#options.syntax === 'html' ? undefined : (readEdit(scan, at) ?? readAttributes(scan, at))
  }

  /** A code span: between two runs of backticks of one length. CommonMark §6.1 */
  #span(at: number, length: number): number | undefined {
    if (!this.#runs || at >= this.#runs.end) this.#runs = this.#readRuns(at)
    const places = this.#runs.byLength.get(length)
    if (!places) return undefined
    while (places.length > 0 && places.at(-1)! <= at) places.pop()
    const close = places.pop()
    if (close === undefined) return undefined
    const end = close + length
    const code = this.#text.slice(at, end)
    const shown = readEmbed(this.#scan, at, end) ?? unescapeTags(code)
    if (shown !== code) this.#scan.replace(at, end, shown)
    return end
  }

  /** Last ones first. */
  #readRuns(at: number): { end: number; byLength: Map<number, number[]> } {
    const blank = /\n[ \t>]*\n/g
    blank.lastIndex = at
    const end = blank.exec(this.#text)?.index ?? this.#text.length
    const byLength = new Map<number, number[]>()
    const runs = /`+/g
    runs.lastIndex = at
    for (let run = runs.exec(this.#text); run && run.index < end; run = runs.exec(this.#text)) {
      const places = byLength.get(run[0].length) ?? []
      byLength.set(run[0].length, places)
      places.push(run.index)
    }
    for (const places of byLength.values()) places.reverse()
    return { end, byLength }
  }

  /** One over several lines would be taken apart by a blank one, and published. */
  #comment(at: number): number | undefined {
    const end = this.#scan.find('-->', at + 4)
    // CommonMark §4.6: all that follows is the remark.
    if (end === -1)
      return this.#scan.prefix(at) === undefined ? undefined : takeUnclosed(this.#scan, at, '<!--', '-->')
    const part = PART.exec(this.#text.slice(at, Math.min(end + 3, at + 200)))
    if (part && this.#scan.find('<!-- end', end) !== -1 && this.#scan.isLineEnd(end + 3))
      this.#scan.replace(at, end + 3, labelMark(part[1]!))
    else if (this.#text.slice(at, end).includes('\n')) this.#scan.replace(at, end + 3, '')
    return end + 3
  }

  #verbatim(at: number): number | undefined {
    const name = (this.#scan.match(VERBATIM, at) ?? this.#scan.match(V_PRE, at))![1]!
    const close = this.#scan.findPattern(new RegExp(`</${name}\\s*>`, 'gi'), at)
    if (!close) return undefined
    const end = close.index + close[0].length
    // A pair on one line with a tag in it: `<code>{{ x }}</code>` is code.
    this.#code(at, end)
    return end
  }
}
