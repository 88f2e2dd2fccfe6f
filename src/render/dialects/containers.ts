// Lines that open and close containers of text, as notes and tabs → placeholders (scan.ts): `:::note Title`, `::: {.tip}`,
// `:::{note}`, `::youtube{id=…}` (Docusaurus, VitePress, Astro, Pandoc, MyST), `/// note | Title` and those whose text is indented (MkDocs).
// What is in them is Markdown.

import { linkTo, playerLink } from './media-tags.ts'
import { closeMark, isNote, labelMark, noteTitle, openMark, type Scan } from './scan.ts'
import type { Meaning, TagCall } from './tag-values.ts'

const LINE = /[\s>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(:{2,})[ \t]*([^\n]*)/y

interface OpenContainer {
  readonly colons: number
  /** Whether a sign was written for it, and not only its line taken away. */
  readonly isMarked: boolean
}

const MAX_DEPTH = 50
const BLOCK =
  /([ \t>]*)(\/{3,})[ \t]*(?:([A-Za-z][\w-]*)[ \t]*(?:\|[ \t]*([^\n]*))?((?:\n(?: {4}|\t)[ \t]*[A-Za-z][\w-]*:[^\n]*)*))?[ \t]*(?=\n|$)/y

export class ContainerReader {
  readonly #scan: Scan
  readonly #open: OpenContainer[] = []
  readonly #blocks: OpenContainer[] = []

  constructor(scan: Scan) {
    this.#scan = scan
  }

  /** @param at the start of a line @returns where its end is, where it opens or closes a container */
  read(at: number): number | undefined {
    const first = this.#scan.text.charCodeAt(at)
    const whole =
      first === 64
        ? this.#part(at)
        : first === 58
          ? this.#verbatim(at)
          : first === 47 || first === 32 || first === 62
            ? this.#block(at)
            : undefined
    if (whole !== undefined) return whole
    const found = this.#scan.match(LINE, at)
    if (!found || found[0].lastIndexOf('\n') > 0 || this.#scan.isInHtml(at)) return undefined
    const [line, colons, rest] = found
    const start =
      at +
      line.length -
      rest!.length -
      /[ \t]*$/.exec(line.slice(0, line.length - rest!.length))![0].length -
      colons!.length
    const end = at + line.length
    const mark =
      colons!.length === 2
        ? leaf(rest!)
        : rest!.trim() === ''
          ? this.#close(colons!.length)
          : this.#opened(colons!.length, rest!)
    if (mark === undefined) return undefined
    this.#scan.replace(start, end, mark)
    return end
  }

  /** VuePress' `@tab Name` in tabs, and `@[youtube](id)`. */
  #part(at: number): number | undefined {
    const found = this.#scan.match(
      /@tab(?::active)?[ \t]+([^\n]+)|@\[([\w-]+)[^\]\n]*\]\(([^)\n]+)\)[ \t]*(?=\n|$)/y,
      at,
    )
    if (!found) return undefined
    const [line, tab, name = '', target = ''] = found
    const link = playerLink(name.toLowerCase(), { args: [target], named: {} })
    if (tab === undefined ? !link : this.#open.length === 0) return undefined
    this.#scan.replace(at, at + line.length, link ?? labelMark(tab!.replace(/#\S+$/, '')))
    return at + line.length
  }

  /** VitePress' text in which nothing is a tag, and diagrams. */
  #verbatim(at: number): number | undefined {
    const found = this.#scan.match(
      /:{3,}[ \t]*(v-pre|mermaid|flow|flowchart|plantuml|markmap|sequence)(?:[ \t][^\n]*)?\n((?:(?!:::)[^\n]*\n){0,500})[ \t]*:{3,}[ \t]*(?=\n|$)/y,
      at,
    )
    if (!found || /^[ \t]*`{3}/m.test(found[2]!)) return undefined
    const [whole, name, body] = found
    this.#scan.replace(at, at + whole.length, name === 'v-pre' ? body! : `\`\`\`${name}\n${body}\`\`\``)
    return at + whole.length
  }

  /** MkDocs' `/// note | Title` … `///`, with options indented below it. */
  #block(at: number): number | undefined {
    const found = this.#scan.match(BLOCK, at)
    if (!found || this.#scan.isInHtml(at)) return undefined
    const [whole, prefix, slashes, name, title = '', options = ''] = found
    const end = at + whole.length
    if (name === undefined) {
      const index = this.#blocks.findLastIndex(open => open.colons === slashes!.length)
      if (index === -1) return undefined
      const closed = this.#blocks.splice(index).filter(({ isMarked }) => isMarked)
      this.#scan.replace(at + prefix!.length, end, closed.map(() => closeMark()).join('\n'))
      return end
    }
    const close = new RegExp(`^[ \\t>]*/{${slashes!.length}}[ \\t]*$`, 'gm')
    if (this.#blocks.length >= MAX_DEPTH || !this.#scan.findPattern(close, end)) return undefined
    const type = /^[ \t]+type:[ \t]*["']?([\w-]+)/m.exec(options)?.[1]
    const kind = name === 'admonition' ? (type ?? 'admonition') : name.toLowerCase()
    // Of these what is behind the line says where they are, or which element they are.
    const isNamed = !/^(?:html|define|(?:[a-z]+-)?caption)$/.test(kind)
    const mark = isNamed ? containerMark(kind, title.trim()) : ''
    const isMarked = mark !== '' && !mark.startsWith(labelMark(''))
    this.#blocks.push({ colons: slashes!.length, isMarked })
    this.#scan.replace(at + prefix!.length, end, mark)
    return end
  }

  #close(colons: number): string {
    // One of the same length if there is one, else the innermost that is not longer: tools differ.
    let index = this.#open.findLastIndex(open => open.colons === colons)
    if (index === -1) index = this.#open.findLastIndex(open => open.colons < colons)
    if (index === -1) index = this.#open.length - 1
    const closed = index === -1 ? [] : this.#open.splice(index)
    return closed
      .filter(open => open.isMarked)
      .map(() => closeMark())
      .join('\n')
  }

  #opened(colons: number, rest: string): string | undefined {
    const found = OPENING.exec(rest)
    if (!found) return undefined
    const [, braced, plain, label, attributes, behind] = found
    const name = (braced ?? plain ?? classOf(attributes ?? '') ?? '').toLowerCase()
    // VuePress has attributes without braces: `::: card title="x" icon="y"`.
    const words = /^[\w-]+=\S/.test(behind!) ? '' : behind!.replace(/:+$/, '').trim()
    const title = label ?? attributeOf(attributes || behind!, 'title') ?? words
    const mark = containerMark(name, title.replace(/\s*\{[^{}]*\}\s*$/, ''))
    const isMarked = mark.startsWith(openMark('note', '').slice(0, 1)) && !mark.startsWith(labelMark(''))
    if (this.#open.length >= MAX_DEPTH) return ''
    this.#open.push({ colons, isMarked })
    return mark
  }
}

/** A name in braces or plain, a title in brackets, attributes, and words. */
const OPENING =
  /^(?:\{([\w-]+)\}|([A-Za-z][\w-]*))?(?:\[((?:[^[\]\\]|\\.)*)\])?[ \t]*(\{[^{}\n]*\})?[ \t]*(.*)$/

/** What a container of a name becomes: a note, folded text, a quotation, a labelled part, or nothing of its own. */
export function containerMark(name: string, title: string): string {
  if (/^(?:details|spoiler|collapse|collapsible|accordion|fold|toggle|dropdown|expand)$/.test(name))
    return openMark('details', title || noteTitle(name))
  if (/^(?:quote|blockquote|epigraph|pullquote)$/.test(name)) return openMark('quote')
  if (isNote(name)) return openMark('note', title || noteTitle(name))
  if (/^(?:tab|tab-item|tabitem|step|card)$/.test(name) && title) return labelMark(title)
  return ''
}

/** `::youtube{id=abc}`, `::video[Title]{src=a.mp4}`: a line of its own. */
function leaf(rest: string): string | undefined {
  const found = /^([A-Za-z][\w-]*)(?:\[([^[\]]*)\])?(\{[^{}\n]*\})?[ \t]*$/.exec(rest)
  if (!found || (found[2] === undefined && found[3] === undefined)) return undefined
  const named: Record<string, string> = Object.create(null)
  for (const [, key, double, single, bare] of (found[3] ?? '').matchAll(PAIR))
    named[key!.toLowerCase()] = double ?? single ?? bare!
  const id = /\{\s*#([\w-]+)/.exec(found[3] ?? '')?.[1]
  if (id) named.id ??= id
  if (found[2]) named.title ??= found[2]
  return playerLink(found[1]!.toLowerCase(), { args: [], named }) ?? found[2] ?? ''
}

const PAIR = /([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+))/g

function classOf(attributes: string): string | undefined {
  return /\.(?:callout-)?([\w-]+)/.exec(attributes)?.[1]
}

function attributeOf(attributes: string, name: string): string | undefined {
  for (const [, key, double, single, bare] of attributes.matchAll(PAIR))
    if (key === name) return double ?? single ?? bare
  return undefined
}

// ─── Indented containers ─────────────────────────────────────────────────────────────────────────────────────────────
//
// `!!! note "Title"`, `??? tip` and `=== "Tab"` with their text indented below them (MkDocs, Python-Markdown) → the same
// text, no longer indented, between placeholders.

const ADMONITION =
  /^([ \t]*)(!!!|\?\?\?\+?|===\+?)[ \t]+(?:([\w-]+)(?:[ \t]+[\w-]+)*?)?[ \t]*(?:"([^"]*)")?[ \t]*$/

export function hasAdmonitions(markdown: string): boolean {
  return /^[ \t]*(?:!!!|\?\?\?\+?|===\+?)[ \t]+["\w]/m.test(markdown)
}

interface OpenAdmonition {
  readonly indent: number
  readonly close: string
}

export function readAdmonitions(markdown: string): string {
  const out: string[] = []
  const open: OpenAdmonition[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const indent = indentOf(line)
    if (line.trim() !== '')
      while (open.length > 0 && indent < open.at(-1)!.indent + 4) out.push(open.pop()!.close)
    const body = open.length === 0 ? line : dedent(line, open.length * 4)
    const mark = /^[ \t>]*(`{3,}|~{3,})/.exec(body)?.[1]
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined
    } else if (mark !== undefined) fence = mark
    const found = fence === undefined && mark === undefined && open.length < 20 ? ADMONITION.exec(line) : null
    if (!found || found[1]!.length > 40) {
      out.push(body)
      continue
    }
    const [, space, sign, name = '', title] = found
    const lead = dedent(space!, open.length * 4)
    const kind = sign!.startsWith('?') ? 'details' : name.toLowerCase()
    const shown = sign!.startsWith('=')
      ? labelMark(title ?? '')
      : containerMark(kind, title ?? (kind === 'details' ? noteTitle(name) : ''))
    out.push(lead + shown)
    open.push({ indent, close: sign!.startsWith('=') || shown === '' ? '' : lead + closeMark() })
  }
  for (const { close } of open.reverse()) out.push(close)
  return out.join('\n')
}

function indentOf(line: string): number {
  let width = 0
  for (const sign of line) {
    if (sign === '\t') width += 4 - (width % 4)
    else if (sign === ' ') width++
    else break
  }
  return width
}

function dedent(line: string, width: number): string {
  let at = 0
  let done = 0
  for (; done < width && at < line.length; at++) {
    if (line[at] === '\t') done += 4 - (done % 4)
    else if (line[at] === ' ') done++
    else break
  }
  return line.slice(at)
}

// ─── Among HTML ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A block of HTML goes on up to a blank line, and would show the signs in it as text. CommonMark §4.6 */
export function outOfHtml(markdown: string): string {
  if (!/[\ufdd0\ufdd1]/.test(markdown)) return markdown
  let isHtml = false
  return markdown
    .split('\n')
    .map(line => {
      const [, prefix = '', first = ''] = /^([ \t>]*)(\S?)/.exec(line)!
      // Formulas are shown there, too.
      const isSign =
        (first === '\ufdd0' && !line.startsWith('formula:', prefix.length + 1)) || first === '\ufdd1'
      const isInside = isHtml
      if (isSign || first === '') isHtml = false
      else if (first === '<' && /^[ \t>]*<\/?[A-Za-z][^\n]*$/.test(line)) isHtml = true
      return isSign && isInside ? `${prefix.trimEnd()}\n${line}` : line
    })
    .join('\n')
}

// ─── Tags that open and close them ───────────────────────────────────────────────────────────────────────────────────
//
// Notes, folded text, quotations and labelled parts as tags of Liquid, Hugo, Hexo and Zola.

export const note: Meaning & { kind: 'region' } = {
  kind: 'region',
  region({ name, args, named, rest }) {
    const flag = Object.keys(named).find(key => isNote(key) && named[key] === 'true')
    const kind = named.type ?? named.style ?? named.color ?? named.context ?? flag ?? kindIn(args) ?? name
    const isIcon = (each: string) =>
      /^(?:icon|fa[a-z]{0,8}(?:[ -].*)?|no-icon|simple|modern|flat|primary|default|md|markdown|html|njk)$/.test(
        each,
      ) ||
      // Butterfly's colours.
      (name === 'note' &&
        /^(?:red|orange|yellow|green|cyan|blue|purple|pink|gr[ae]y|disabled)$/.test(each)) ||
      (name === 'alert' && /^[a-z][a-z-]*$/.test(each))
    const words = args.filter(each => each !== kind && !isIcon(each))
    const title = named.title ?? (/^["']/.test(rest) || words.length > 1 ? words.join(' ') : (words[0] ?? ''))
    return { open: openMark('note', title || noteTitle(isNote(kind) ? kind : name)), close: closeMark() }
  },
  alone(call) {
    const { text, content, message, body, header, title } = call.named
    const words = text ?? content ?? message ?? body
    if (words === undefined) return undefined
    const open = header === undefined || title ? this.region(call).open : openMark('note', header)
    return `${open}\n\n${words}\n\n${closeMark()}`
  },
  isNamed: true,
}
/** NexT has a title behind it, in which a kind may be a word: `{% note default Summary of it %}`. */
function kindIn(args: readonly string[]): string | undefined {
  return args.find((each, at) => isNote(each) && (at === 0 || each === each.toLowerCase()))
}

export const folded: Meaning & { kind: 'region' } = {
  kind: 'region',
  region: ({ args, named, name, rest }) => ({
    open: openMark(
      'details',
      named.summary ??
        named.title ??
        named.label ??
        named.name ??
        named.text ??
        named.header ??
        (foldedTitle(name, args, rest) || noteTitle(name)),
    ),
    close: closeMark(),
  }),
  alone: ({ named }) => named.text ?? named.body ?? named.content,
  isNamed: true,
}

/**
 * `{% folding cyan open, Title %}`, `{% fold info @Title %}`, `{% hideToggle Title,#fff %}` of Hexo's themes: how it looks, and what it
 * is called; `{{% details "Title" open %}}` of Hugo's.
 */
function foldedTitle(name: string, args: readonly string[], rest: string): string {
  if (/^["']/.test(rest)) return args[0] ?? ''
  if (/^hide/i.test(name)) return rest.split(',')[0]!.trim()
  if (/(?:^|\s)@/.test(rest)) return rest.slice(rest.indexOf('@') + 1).trim()
  const first = args.findIndex(
    each => !/^(?:open|closed|red|orange|yellow|green|cyan|blue|purple|gray|grey|child:\S*)$/.test(each),
  )
  return args.slice(first >>> 0).join(' ')
}

export const quote: Meaning = {
  kind: 'region',
  region({ args, named, rest }) {
    const source = named.author ?? named.cite ?? named.footer ?? named.by ?? ''
    const where = named.source ?? named.title ?? ''
    const plain = Object.keys(named).length === 0 && !/^["']/.test(rest) ? rest : args.join(' ')
    // Where a passage that the text has once more is beside it.
    if (/^(?:left|right|center)?$/.test(plain) && !source && !where)
      return { open: openMark('quote'), close: closeMark() }
    // Hexo's: who, where, the address of that, and its name.
    const [, who, address, words] = /^([^<>()[\]]*?),?\s+(https?:\/\/[^\s<>]+)(?:\s+(.+))?$/.exec(plain) ?? []
    const from = address
      ? `${who}, ${linkTo(address, words || address.replace(/^https?:\/\/(?:www\.)?/, ''))}`
      : plain
    return { open: openMark('quote'), close: closeMark([source, where].filter(Boolean).join(', ') || from) }
  },
  isNamed: true,
}
export const labelled: Meaning & { kind: 'region' } = {
  kind: 'region',
  region(call) {
    const name = tabTitle(call)
    return name ? { open: labelMark(name) } : {}
  },
  alone(call) {
    const { link, href, url, subtitle, disabled } = call.named
    const title = tabTitle(call)
    if (disabled) return ''
    const address = link ?? href ?? url
    const words = title && (address ? linkTo(address, title) : `**${title}**`)
    return words && [words, subtitle].filter(Boolean).join(' ')
  },
  isNamed: true,
}

export function tabTitle({ args, named }: TagCall): string | undefined {
  return named.title ?? named.name ?? named.label ?? named.header ?? named.tabname ?? args[0]
}
/** In a frame that folds each of its parts, or is folded itself where it has a title. */
export const accordion: Meaning = {
  ...folded,
  region: call => (call.named.title || call.args.length > 0 ? folded.region(call) : {}),
}
