// An element of MDX, JSX or Vue, where its tag begins → what takes its place: notes, folded text and players by their names;
// of all others the text between the tags stays. Attributes in braces become plain ones where they are texts. Nothing runs.

import { cutShort, escapeHtml } from '../../base/index.ts'
import { ELEMENTS } from '../clean-html.ts'
import { containerMark } from './containers.ts'
import { fenced } from './known-tags.ts'
import { readTag, type Tag } from './mdx.ts'
import { figureOf, linkTo, PICTURE_FILE, playerLink } from './media-tags.ts'
import { closeMark, continued, isNote, labelMark, openMark, type Scan } from './scan.ts'

export interface ComponentOptions {
  readonly isMdx: boolean
  /** Names that the text imports, and what they stand for. */
  readonly imports: ReadonlyMap<string, string>
  readonly files: { component(at: number, end: number, reference: string): number | undefined }
}

interface OpenElement {
  readonly name: string
  readonly piece: number
  readonly start: number
  readonly isShown: boolean
  readonly close: string
  /** What ends it in its line. */
  readonly inLine?: string
}

const MAX_OPEN = 200

export class ComponentReader {
  readonly #scan: Scan
  readonly #options: ComponentOptions
  readonly #open: OpenElement[] = []
  readonly #noted = new Set<string>()
  /** Docusaurus names tabs in the element around them: value → label. */
  readonly #tabLabels = new Map<string, string>()
  /** Nextra does so by a list. */
  #tabItems: string[] = []

  constructor(scan: Scan, options: ComponentOptions) {
    this.#scan = scan
    this.#options = options
  }

  /** @returns where the text goes on behind the tag, or undefined where none is that Markdown does not know itself */
  read(at: number): number | undefined {
    const tag = readTag(this.#scan.text, at, this.#options.imports)
    if (!tag) return this.#fragment(at)
    if (/^[a-z][a-z0-9]*$/.test(tag.name) || this.#isOfOld(tag)) return this.#plainElement(at, tag)
    // `[words](<a file.md>)`
    if (this.#scan.text.startsWith('](', at - 2)) return undefined
    if (tag.isClose) return this.#close(at, tag)
    return this.#opened(at, tag)
  }

  /** `<BR>`, `<TABLE>`, as HTML was written once; `Box<A>` in prose is none. */
  #isOfOld({ name, end, isClose }: Tag): boolean {
    if (this.#options.isMdx || !/^[A-Z][A-Z0-9]*$/.test(name) || !ELEMENTS.has(name.toLowerCase()))
      return false
    return name.length > 1 || isClose || /^P$/.test(name) || this.#scan.isClosed(name, end)
  }

  /** `<>` and `</>` group, and say nothing. */
  #fragment(at: number): number | undefined {
    const found = this.#options.isMdx ? this.#scan.match(/<\/?>/y, at) : undefined
    if (!found) return undefined
    this.#scan.replace(at, at + found[0].length, '')
    return at + found[0].length
  }

  /** Of HTML: written again where it has attributes that HTML has not. */
  #plainElement(at: number, tag: Tag): number | undefined {
    const source = this.#scan.text.slice(at, tag.end)
    // kramdown's and Python's word for: there is Markdown in it.
    if (!tag.isClose && !tag.isAlone && /^(?:1|block|span|true|)$/.test(tag.named.markdown ?? '-')) {
      this.#scan.replace(tag.end, tag.end, '\n\n')
      return tag.end
    }
    // Of Vue's slots the text is shown.
    if (tag.name === 'template' && /\s(?:#|v-)/.test(source)) {
      this.#scan.replace(at, tag.end, '')
      return tag.end
    }
    if (!ELEMENTS.has(tag.name.toLowerCase())) return this.#unknownElement(at, tag)
    if (!/=\s*\{|className=|\{\.\.\./.test(source)) {
      // In MDX what is below a tag is Markdown at once.
      if (!this.#options.isMdx || !this.#scan.match(BLOCK_BELOW, tag.end)) return undefined
      this.#scan.replace(tag.end, tag.end, '\n')
      return tag.end
    }
    const attributes = Object.entries(tag.named)
      .filter(([name]) => !/^(?:on|style$|class)/i.test(name))
      .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    this.#scan.replace(
      at,
      tag.end,
      `<${tag.isClose ? '/' : ''}${tag.name}${attributes.join('')}${tag.isAlone ? ' /' : ''}>`,
    )
    if (tag.name === 'img' && tag.lost.includes('src')) this.#note(at, tag)
    return tag.end
  }

  /** `vector<int>` in prose is no element: it has neither an attribute nor an end. Of others the text stays. */
  #unknownElement(at: number, tag: Tag): number | undefined {
    if (tag.isClose) return undefined
    if (this.#isProse(at, tag)) {
      this.#scan.replace(at, at + 1, '&lt;')
      return at + 1
    }
    this.#note(at, tag)
    return undefined
  }

  /** `List<String>`, `<your name>`, `x<y and y>z`: no element has neither a value nor an end. */
  #isProse(at: number, { name, isAlone, end }: Tag): boolean {
    const source = this.#scan.text.slice(at, end)
    return !isAlone && !/[={]/.test(source) && !this.#scan.isClosed(name, end)
  }

  /** Code in an attribute or between the tags: `{`…`}`, or as it is. */
  #code(at: number, tag: Tag): number | undefined {
    const { name, named, lost, isAlone, end } = tag
    const close = isAlone ? undefined : this.#scan.findPattern(new RegExp(`</${name}\\s*>`, 'g'), end)
    const inner = close ? this.#scan.text.slice(end, close.index) : ''
    const stop = close ? close.index + close[0].length : end
    const code = isAlone
      ? (named.code ?? named.children)
      : (/^\s*\{\s*`([\s\S]*)`\s*\}\s*$/.exec(inner)?.[1] ?? inner)
    // A fence inside says all itself.
    if (code === undefined || /^[ \t]*(?:`{3}|~{3})/m.test(code)) return undefined
    // What a name stands for is not known.
    if (/^\s*\{[\w.]+\}\s*$/.test(code)) {
      this.#note(at, tag)
      this.#scan.replace(at, stop, '')
      return stop
    }
    // Of Docusaurus' authors `<Highlight>` is a colour.
    const isCode = name !== 'Highlight' || named.language !== undefined || this.#scan.prefix(at) !== undefined
    const isLines =
      inner.includes('\n') ||
      (named.language !== undefined &&
        this.#scan.prefix(at) !== undefined &&
        /^[ \t]*(?:\n|$)/.test(this.#scan.text.slice(stop, stop + 100)))
    if (lost.includes('code') || !(isAlone || (isLines && isCode) || inner.includes('{`'))) return undefined
    const plain = code.replace(/\\([`$])/g, '$1').replace(/^[ \t]*\n|\s+$/g, '')
    this.#scan.replace(at, stop, `\n\n${fenced(plain, named.language ?? named.lang ?? '', named.title)}\n`)
    return stop
  }

  #opened(at: number, tag: Tag): number | undefined {
    const code = this.#codeOrDiagram(at, tag) ?? this.#media(at, tag)
    if (code !== undefined) return code
    return tag.isAlone ? this.#alone(at, tag) : (this.#footnote(at, tag) ?? this.#around(at, tag))
  }

  #codeOrDiagram(at: number, tag: Tag): number | undefined {
    const { end, name, named, isAlone } = tag
    const code = CODE.test(name) ? this.#code(at, tag) : undefined
    const diagram = isAlone && /^mermaid$/i.test(name) ? (named.chart ?? named.value) : undefined
    if (code !== undefined || diagram === undefined) return code
    this.#scan.replace(at, end, `\n\n${fenced(diagram.trim(), 'mermaid')}\n`)
    return end
  }

  /** A picture, or the link to what a player would play. */
  #media(at: number, { end, name, named, isAlone }: Tag): number | undefined {
    const scan = this.#scan
    const isElsewhere = isAlone && /^https?:/.test(named.src ?? '') && !PICTURE_FILE.test(named.src!)
    const link =
      playerLink(name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase(), { args: [], named }) ??
      playerLink(isElsewhere ? 'embed' : name.toLowerCase(), { args: [], named })
    const themed = /^themed-?image$/i.test(name)
      ? /\blight:\s*(?:[\w.]+\()?["'`]([^"'`]+)/.exec(scan.text.slice(at, end))?.[1]
      : undefined
    if (themed !== undefined) named.src ??= themed
    const imported = this.#options.imports.get(name)
    if (isAlone && imported !== undefined && /\.mdx?$/i.test(imported))
      return this.#options.files.component(at, end, imported)
    if (isAlone && imported !== undefined && /\.(?:svg|png|jpe?g|webp|gif|avif)$/i.test(imported)) {
      scan.replace(at, end, pictureOf({ ...named, src: imported }))
      return end
    }
    const isPicture =
      /^(?:.*image|.*img|picture|figure|zoom.*|.*photo)$/i.test(name) ||
      (isAlone && PICTURE_FILE.test(named.src ?? ''))
    const picture = link === undefined && named.src && isPicture ? this.#picture(at, end, named) : undefined
    if (link === undefined && picture === undefined) return undefined
    const shown = [link ?? picture!, link && isAlone && named.description]
    scan.replace(at, end, shown.filter(Boolean).join(' '))
    if (!isAlone) this.#push({ name, piece: -1, start: at, isShown: true, close: '' })
    return end
  }

  #alone(at: number, tag: Tag): number {
    const { end, name, named } = tag
    const file = [named.url, named.link, named.file, named.src].find(each => FILE_OR_PAGE.test(each ?? ''))
    const address = addressOf(named, file)
    const words = textOf(named)
    const label = words || (named.title ?? named.name ?? address)
    const link = () => [linkTo(address, label), named.description].filter(Boolean).join(' ')
    this.#scan.replace(at, end, address === '' ? words : link())
    if (!SILENT.test(name) && address === '' && words === '') this.#note(at, tag)
    return end
  }

  #footnote(at: number, { end, name }: Tag): number | undefined {
    const isNote = /^(?:d-)?foot-?note$/i.test(name)
    const inner = isNote ? this.#scan.match(/([^<\n\]]{1,2000})<\/[\w-]+>/y, end) : undefined
    if (!inner) return undefined
    this.#scan.replace(at, end + inner[0].length, `^[${inner[1]!.trim()}]`)
    return end + inner[0].length
  }

  /** What is between its tags stays. */
  #around(at: number, tag: Tag): number {
    const scan = this.#scan
    const { end, name, named } = tag
    const prefix = scan.prefix(at) ?? this.#behindTags(at)
    const isClosed = scan.isClosed(name, end)
    if (!isClosed) {
      if (!this.#options.isMdx && this.#isProse(at, tag)) {
        scan.replace(at, at + 1, '&lt;')
        return at + 1
      }
      scan.replace(at, end, '')
      this.#note(at, tag)
      return end
    }
    if (scan.match(/\s*<\//y, end) && !SILENT.test(name)) this.#note(at, tag)
    this.#nameTabs(at, tag)
    const address = addressOf(named)
    const mark = prefix === undefined ? '' : markOf(name, named)
    if (mark === '' && address !== '') {
      const piece = scan.replace(at, end, `<a href="${escapeHtml(address)}">`)
      this.#push({ name, piece, start: at, isShown: true, close: '', inLine: '</a>' })
      return end
    }
    const isBlock = mark !== '' && prefix !== undefined
    const before = isBlock && scan.isInHtml(at) ? `\n${continued(prefix)}` : ''
    const next = isBlock && !scan.isLineEnd(end) ? `\n${continued(prefix)}` : ''
    const piece = scan.replace(at, end, isBlock ? before + mark + next : '')
    const isMarked = isBlock && !mark.startsWith(labelMark(''))
    const source =
      mark === openMark('quote') ? (named.author ?? named.cite ?? named.by ?? named.source) : undefined
    this.#push({ name, piece, start: at, isShown: isMarked, close: isMarked ? closeMark(source) : '' })
    return end
  }

  /** The labels that `<Tabs>` gives to the tabs in it; and the label of a tab. */
  #nameTabs(at: number, { end, name, named }: Tag): void {
    if (name === 'Tabs') {
      const text = this.#scan.text.slice(at, end)
      for (const [, label, value] of text.matchAll(TAB_LABEL)) this.#tabLabels.set(value!, label!)
      const items = TAB_ITEMS.exec(text)?.[1]
      if (items) this.#tabItems = [...items.matchAll(/["'`]([^"'`\n]+)["'`]/g)].map(found => found[1]!)
    }
    if (/^Tab(?!s$)|^Tabs\.Tab$/.test(name))
      named.label ??=
        named.title ?? this.#tabLabels.get(named.value ?? '') ?? named.value ?? this.#tabItems.shift() ?? ''
  }

  /** With its caption, where it is alone in its line. */
  #picture(at: number, end: number, named: Tag['named']): string {
    const { caption } = named
    const isFigure = caption && this.#scan.prefix(at) === '' && this.#scan.isLineEnd(end)
    return isFigure ? figureOf(pictureOf(named), caption) : pictureOf(named)
  }

  /** `<Group><Item title="x">`: what is before it in its line is gone. */
  #behindTags(at: number): string | undefined {
    const before = this.#scan.text.slice(Math.max(this.#scan.lineStart, at - 300), at)
    return /^[ \t]*(?:<[A-Z][\w.]*(?:\s[^<>{}]*)?>\s*)+$/.test(before) ? '' : undefined
  }

  #push(open: OpenElement): void {
    if (this.#open.length < MAX_OPEN) this.#open.push(open)
  }

  #close(at: number, { end, name }: Tag): number | undefined {
    const index = this.#open.findLastIndex(open => open.name === name)
    if (index === -1) {
      if (!this.#options.isMdx && !isCustom(name)) return undefined
      this.#scan.replace(at, end, '')
      return end
    }
    const ended = this.#open.splice(index)
    const inLine = ended[0]!.inLine
    if (inLine !== undefined && ended.length === 1) {
      this.#scan.replace(at, end, inLine)
      return end
    }
    const closes = ended.map(({ close }) => close).filter(Boolean)
    const prefix = this.#scan.prefix(at)
    const lead = this.#scan.match(/[ \t]*/y, this.#scan.lineStart)?.[0] ?? ''
    const next = `\n${lead}`
    const shown = closes.join(next)
    if (shown === '') this.#scan.replace(at, end, '')
    else
      this.#scan.replace(
        at,
        end,
        `${prefix === undefined ? next : ''}${shown}${this.#scan.isLineEnd(end) ? '' : next}`,
      )
    return end
  }

  #note(at: number, { name, end }: Tag): void {
    // Once for each name: a text may have hundreds of them.
    if (this.#noted.has(name)) return
    this.#noted.add(name)
    this.#scan.note(
      at,
      'component-left-out',
      `${cutShort(this.#scan.text.slice(at, end).replace(/\s+/g, ' '), 60)} is left out: components are not run`,
      'Write what it would have shown, or a link to where it can be seen.',
    )
  }
}

/** They say nothing by themselves. */
const SILENT = /^(?:br|hr|toc|tableofcontents|inlinetoc|tocinline|toccomponent|spacer|clear|divider|icon)$/i
const TAB_ITEMS = /\bitems=\{\s*\[([^\]]{1,1000})\]/
const TAB_LABEL = /\blabel:\s*["']([^"'\n]+)["'],\s*value:\s*["']([^"'\n]+)["']/g
/** What an element by itself leads to, that is no picture. */
const FILE_OR_PAGE =
  /^(?:https?:\/\/\S+|\.{0,2}\/\S+\.(?:mp[34]|m4[av]|webm|ogg|wav|mov|pdf|zip|csv|docx?|xlsx?|pptx?|epub))$/i
const CODE =
  /^(?:code|code-?(?:block|snippet|sample|example)|highlight|syntax-?highlighter|prism|snippet|d-code)$/i
/** What begins a block of Markdown in the line below. */
const BLOCK_BELOW = /[ \t]*\n(?= {0,3}(?:[-*+] |\d{1,9}[.)] |`{3}|~{3}|#{1,6} |> ?\S|\|))/y

/** A line of Markdown may not begin here with anything but what the component stands for. */
function markOf(name: string, named: Readonly<Record<string, string>>): string {
  const plain = name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
  const title = named.title ?? named.summary ?? named.label ?? named.heading ?? ''
  if (/^(?:callout|admonition|alert|aside|note|message|notice|banner|hint)$/.test(plain))
    return containerMark(
      isNote(named.type ?? '')
        ? named.type!.toLowerCase()
        : isNote(named.variant ?? '')
          ? named.variant!.toLowerCase()
          : isNote(named.intent ?? '')
            ? named.intent!.toLowerCase()
            : isNote(plain)
              ? plain
              : 'note',
      title,
    )
  if (/^(?:tab|tabs\.tab|tab-item|tab-panel|step|accordion-item|code-tab|card|details-item)$/.test(plain)) {
    const label = named.label ?? named.title ?? named.value ?? named.name
    const address = named.href ?? named.to
    return label ? labelMark(address ? linkTo(address, label) : label) : ''
  }
  if (/^(?:figure|fig)$/.test(plain)) return openMark('figure')
  if (/^(?:caption|figcaption|fig-caption)$/.test(plain)) return openMark('caption')
  return containerMark(plain === 'deep-dive' ? 'details' : plain, title) || (title && labelMark(title))
}

/** Where it leads. @param file that it names otherwise */
function addressOf({ href, to }: Tag['named'], file = ''): string {
  return (href ?? to ?? file).replace(/[<>\n]/g, '')
}

/** What an element that is closed at once says in words. */
function textOf(named: Readonly<Record<string, string>>): string {
  const words = named.text ?? named.children ?? named.label ?? ''
  return words.replace(/[<>&*_`[\]]/g, ' ').trim()
}

function pictureOf({ src, alt, title, caption }: Readonly<Record<string, string>>): string {
  const words = (alt ?? title ?? caption ?? '').replace(/[[\]\\]/g, sign => `\\${sign}`)
  return `![${words}](<${src!.replace(/[<>\n]/g, '')}>)`
}

/** As browsers' own elements may be named, with a hyphen. */
function isCustom(name: string): boolean {
  return name.includes('-') || name.includes('.') || /^[A-Z]/.test(name)
}
