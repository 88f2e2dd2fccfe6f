// A template tag of another tool, where it begins → what takes its place. Liquid (Jekyll, Eleventy, Hexo's Nunjucks):
// `{% x %}`, `{{ x }}`, `{# x #}`; Hugo: `{{< x >}}`, `{{% x %}}`; Zola: `{{ x() }}`, `{% x() %} … {% end %}`. None is run.

import { cutShort } from '../../base/index.ts'
import { Blocks, bodyOfLoop, endOf, innerOf, isHeld, shownBranch } from './conditions.ts'
import { meaningOf } from './known-tags.ts'
import { continued, GONE, type Scan } from './scan.ts'
import {
  assignmentOf,
  callOf,
  loopOf,
  type Meaning,
  nameOf,
  outputOf,
  type TagCall,
  type TagSettings,
  withAssigned,
} from './tag-values.ts'

/** An opened tag, until it is known whether it is closed. */
interface Opened {
  readonly name: string
  readonly piece: number
  readonly start: number
  readonly tag: string
  /** Of the line, where the tag is the first thing in it. */
  readonly prefix: string | undefined
  readonly meaning: Meaning | undefined
  readonly call: TagCall
  /** How many tags it has had so far. */
  inner: number
}

interface Found {
  readonly end: number
  /** Without its signs. */
  readonly content: string
  readonly family: 'liquid' | 'hugo'
  /** It has no end: nothing between two tags is its own. */
  readonly isAlone?: true
}

/** Longer ones are no tags: their end was lost. */
const MAX_TAG_CHARACTERS = 10_000
const MAX_OPEN = 200
/** Characters that a loop is read with, at most. */
const MAX_LOOP = 200_000

export class TagReader {
  readonly #scan: Scan
  readonly #settings: TagSettings
  readonly #blocks: Blocks
  readonly #open: Opened[] = []
  /** `{% capture x %}…{% endcapture %}`: Markdown. */
  readonly #captured = new Map<string, { text: string; at: number; start: number; isShown: boolean }>()
  /** `{% assign x = "y" %}`; undefined for what is not known. */
  readonly #assigned = new Map<string, unknown>()
  /** Where branches of conditions begin that are not shown → where the text goes on. */
  readonly #hidden = new Map<number, number>()

  constructor(scan: Scan, settings: TagSettings) {
    this.#scan = scan
    this.#blocks = new Blocks(scan.text)
    this.#settings = { ...settings, ...withAssigned(settings, this.#assigned) }
  }

  /** @returns where the text goes on behind the tag, or undefined where none begins */
  read(at: number): number | undefined {
    const { text } = this.#scan
    if (text.startsWith('{#', at)) return this.#comment(at)
    const asText = this.#scan.match(/\{%-?\s*\/\*([^\n%]{0,300}?)\*\/\s*-?%\}/y, at)
    if (asText) return this.#asText(at, at + asText[0].length, `{%${asText[1]}%}`)
    if (text.startsWith('{%', at)) return this.#call(at, this.#between(at, 2, '%}', 'liquid'))
    if (text.startsWith('{{<', at)) return this.#hugo(at, '>}}')
    if (text.startsWith('{{%', at)) return this.#hugo(at, '%}}')
    return this.#output(at)
  }

  /** What was opened and never closed: a tag by itself. */
  finish(): void {
    for (const opened of this.#open) this.#single(opened)
    this.#open.length = 0
    for (const { at, start, isShown } of this.#captured.values()) if (!isShown) this.#noteLeftOut(at, start)
  }

  #between(at: number, signs: number, close: string, family: Found['family']): Found | undefined {
    const start = at + signs
    const end = this.#scan.find(close, start)
    if (end === -1 || end - start > MAX_TAG_CHARACTERS) return undefined
    const content = this.#scan.text
      .slice(start, end)
      .replace(/^[-~+]/, '')
      .replace(/[-~+]$/, '')
      .trim()
    return { content, end: end + close.length, family }
  }

  #comment(at: number): number | undefined {
    if (!/[\s-]/.test(this.#scan.text[at + 2] ?? '')) return undefined
    const end = this.#scan.find('#}', at + 2)
    if (end === -1 || end - at > MAX_TAG_CHARACTERS) return undefined
    this.#scan.replace(at, end + 2, '')
    return end + 2
  }

  #hugo(at: number, close: string): number | undefined {
    const found = this.#between(at, 3, close, 'hugo')
    if (!found) return undefined
    if (!found.content.startsWith('/*')) return this.#call(at, found)
    // `{{</* x */>}}` is how Hugo writes a tag that is to be read as it is.
    const shown = found.content.replace(/^\/\*/, '').replace(/\*\/$/, '')
    return this.#asText(at, found.end, `${this.#scan.text.slice(at, at + 3)}${shown}${close}`)
  }

  /** A tag that is to be read as it is written. */
  #asText(at: number, end: number, tag: string): number {
    const written = tag.replace(/[*_]/g, sign => `\\${sign}`)
    this.#scan.replace(at, end, written)
    return end
  }

  #output(at: number): number | undefined {
    const isTriple = this.#scan.text[at + 2] === '{'
    const found = isTriple ? this.#between(at, 3, '}}}', 'liquid') : this.#between(at, 2, '}}', 'liquid')
    if (!found || /\n\s*\n/.test(found.content)) return undefined
    // `{{/* x() */}}` is how Zola writes one that is to be read as it is.
    const asText = /^\/\*([\s\S]*)\*\/$/.exec(found.content)?.[1]
    if (asText !== undefined) return this.#asText(at, found.end, `{{${asText}}}`)
    // Zola calls its shortcodes so.
    if (/^[\w/-]+\s*\(/.test(found.content)) {
      const name = nameOf(found.content)
      if (this.#custom(found, at, '', found.end)) return found.end
      if (meaningOf(name, callOf(name, found.content))) return this.#call(at, { ...found, isAlone: true })
    }
    return this.#value(at, found.end, found.content)
  }

  #value(at: number, end: number, expression: string): number {
    const [, name = '', filter] = /^([\w.-]+)\s*(\|[\s\S]*)?$/.exec(expression) ?? []
    const captured = this.#captured.get(name)
    if (captured !== undefined) {
      captured.isShown = true
      // In an element only what is between blank lines is Markdown.
      const isMarkdown = filter !== undefined && /markdownify|markdown/.test(filter)
      this.#scan.replace(at, end, isMarkdown ? `\n\n${captured.text}\n\n` : captured.text)
      return end
    }
    const value = outputOf(expression, this.#settings)
    if (value === undefined) this.#unknown(at, end)
    // As text: it is no Markdown, and no HTML.
    this.#scan.replace(at, end, (value || GONE).replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    return end
  }

  #call(at: number, found: Found | undefined): number | undefined {
    if (!found) return undefined
    const { content, end } = found
    const goesOn = this.#hidden.get(at)
    if (goesOn !== undefined) {
      this.#scan.replace(at, goesOn, '')
      return goesOn
    }
    const closed = /^(?:\/\s*|end_?)([\w./-]*)\s*$/.exec(content)
    if (closed && !/^end(?:ings?|point|user)$/.test(content)) return this.#close(at, end, closed[1]!)
    const name = nameOf(content)
    if (name === '') return undefined
    const behind = this.#statement(at, found, name)
    if (behind !== undefined) return behind
    const isAlone = found.isAlone || /\/$/.test(content)
    const call = callOf(name, content)
    if (/^params?$/.test(name) && call.args.length === 1) return this.#value(at, end, `page.${call.args[0]}`)
    const around = this.#open.at(-1)
    const meaning = meaningOf(name, call, around && { call: around.call, place: around.inner++ })
    if (meaning?.kind === 'verbatim') return this.#verbatim(at, found, call, meaning)
    const included = this.#settings.files?.tag(at, end, call, meaning !== undefined)
    if (included !== undefined) return included
    if (this.#hasShortcode(name, call)) return this.#shortcode(at, found, call, isAlone)
    const prefix = this.#scan.prefix(at)
    const tag = this.#scan.text.slice(at, end)
    const piece = this.#scan.replace(at, end, GONE)
    const opened = { name, piece, start: at, tag, prefix, meaning, call, inner: 0 }
    if (meaning?.kind === 'text') {
      const made = meaning.make(call, this.#settings.fact)
      if (made === undefined) this.#unknown(at, end)
      else this.#scan.rewrite(piece, this.#inPlace(at, end, this.#shown(at, call, made)))
      return end
    }
    if (meaning?.kind === 'nothing') return end
    if (isAlone || this.#open.length >= MAX_OPEN) this.#single(opened)
    else this.#open.push(opened)
    return end
  }

  /** Loops, conditions, variables, and what is code. @returns where the text goes on; undefined for any other tag */
  #statement(at: number, found: Found, name: string): number | undefined {
    const { content, end, family } = found
    if (family === 'hugo') {
      // Hugo's shortcodes that are written where they are used are code.
      const inline = content.endsWith('.inline') ? this.#blocks.closing(content, end) : undefined
      return inline === undefined ? undefined : this.#leaveOut(at, end, inline)
    }
    const held = isHeld(content) ? endOf(this.#blocks, found, name) : undefined
    if (held !== undefined) return this.#loop(at, found, held) ?? this.#leaveOut(at, end, held)
    const captured = name === 'capture' ? innerOf(this.#scan, found, name) : undefined
    if (captured) {
      const text = this.#scan.text.slice(end, captured.start).trim()
      const variable = content.slice(name.length).replace(/^\s*["']?|["']?\s*$/g, '')
      this.#captured.set(variable, { text, at, start: end, isShown: false })
      this.#scan.replace(at, captured.end, '')
      return captured.end
    }
    const assigned = assignmentOf(content, this.#settings)
    if (assigned) {
      this.#assigned.set(...assigned)
      this.#scan.replace(at, end, '')
      return end
    }
    return /^(?:if|unless)$/.test(name) ? this.#choose(at, found, name) : undefined
  }

  /** An address is one only where one is wanted. */
  #shown(at: number, { args }: TagCall, made: string): string {
    const before = this.#scan.text[at - 1] ?? ''
    if (!made.startsWith('wiki:') || /[("'=<}/]/.test(before)) return made
    const isDefinition = /^[ \t>]*\[[^\]\n]+\]:[ \t]*$/.test(this.#scan.text.slice(this.#scan.lineStart, at))
    return isDefinition ? made : `[${args[0] ?? ''}](${made})`
  }

  /** Markdown of several lines goes on in the same quotation or list. */
  #inPlace(at: number, end: number, markdown: string): string {
    const { toHtml, isHtml } = this.#settings
    // No Markdown is read in a block of HTML.
    if (toHtml && /[[\]`*\ufdd0]/.test(markdown) && (isHtml || this.#scan.isInHtml(at)))
      return toHtml(markdown).trim()
    if (!markdown.includes('\n')) return markdown
    const prefix = this.#scan.prefix(at)
    if (prefix === undefined && /^`{3}/.test(markdown)) return `\n\n${markdown}\n\n`
    if (prefix === undefined || !this.#scan.isLineEnd(end))
      return markdown
        .replace(/[\ufdd0\ufdd1][^\n]*/g, '')
        .replace(/\s+/g, ' ')
        .trim()
    return markdown.replaceAll('\n', `\n${continued(prefix)}`)
  }

  /** Its inner text is not Markdown: it is found by the tag that closes it. */
  #verbatim(
    at: number,
    found: Found,
    call: TagCall,
    meaning: Meaning & { kind: 'verbatim' },
  ): number | undefined {
    const inner = found.isAlone ? undefined : innerOf(this.#scan, found, call.name)
    if (!inner && call.named.body !== undefined) {
      const made = meaning.make(call.named.body, call, false, this.#scan)
      this.#scan.replace(at, found.end, this.#inPlace(at, found.end, made))
      return found.end
    }
    if (!inner) {
      if (meaning.isRemark) {
        this.#scan.note(
          at,
          'unclosed-remark',
          `the remark that ${this.#scan.text.slice(at, found.end)} begins has no end: the rest of the text is left out`,
          'Close it where the remark ends.',
        )
        this.#scan.replace(at, this.#scan.text.length, '')
        return this.#scan.text.length
      }
      if (!meaning.isOptional) this.#unknown(at, found.end)
      this.#scan.replace(at, found.end, '')
      return found.end
    }
    const prefix = this.#scan.prefix(at)
    const isBlock = prefix !== undefined && this.#scan.isLineEnd(inner.end)
    const text = this.#scan.text.slice(found.end, inner.start)
    const plain = meaning.make(text, call, isBlock, this.#scan)
    const made = meaning.isAsItIs ? plain : this.#inPlace(at, inner.end, plain)
    this.#scan.replace(at, inner.end, made)
    return inner.end
  }

  /** @returns where the branch begins that is shown */
  #choose(at: number, found: Found, name: string): number | undefined {
    const shown = shownBranch(this.#blocks, found, name, this.#settings)
    if (!shown) return undefined
    const { isKnown, isOnly, start, stop, end } = shown
    const tag = cutShort(this.#scan.text.slice(at, found.end).replace(/\s+/g, ' '), 60)
    const effect = isOnly
      ? 'has no meaning here, and is left out'
      : 'is not known here: what comes before its other branches stays, those are left out'
    const advice = 'Write what it would have shown, and take the condition away.'
    if (!isKnown) this.#scan.note(at, 'template-tags', `${tag} ${effect}`, advice)
    this.#scan.replace(at, start, '')
    if (stop < end) this.#hidden.set(stop, end)
    return start
  }

  /** `{% for x in y %}` where it is known what is in y. @param end behind its last tag */
  #loop(at: number, { content, end: start }: Found, end: number): number | undefined {
    const { part } = this.#settings
    const rounds = loopOf(content, this.#settings)
    const body = bodyOfLoop(this.#scan.text.slice(start, end))
    if (!rounds || !part || body.length * rounds.length > MAX_LOOP) return undefined
    this.#scan.replace(at, end, rounds.map(values => part(body, values)).join(''))
    return end
  }

  #leaveOut(at: number, start: number, end: number): number {
    this.#noteLeftOut(at, start)
    this.#scan.replace(at, end, '')
    return end
  }

  /** @param start of what is between the tag and its end */
  #noteLeftOut(at: number, start: number): void {
    const tag = cutShort(this.#scan.text.slice(at, start).replace(/\s+/g, ' '), 60)
    this.#scan.note(
      at,
      'template-tags',
      `${tag} and all that is between it and its end is left out`,
      'Write what it would have made, or give a tag of your own a template in templates/shortcodes/.',
    )
  }

  #hasShortcode(name: string, call: TagCall): boolean {
    return this.#settings.shortcode?.(name, { ...call, inner: '' }) !== undefined
  }

  #shortcode(at: number, found: Found, call: TagCall, isAlone: boolean): number {
    const inner = isAlone ? undefined : innerOf(this.#scan, found, call.name)
    const end = inner?.end ?? found.end
    this.#custom(found, at, inner ? this.#scan.text.slice(found.end, inner.start) : '', end)
    return end
  }

  #custom({ content }: Found, at: number, inner: string, end: number): boolean {
    const name = nameOf(content)
    const made = this.#settings.shortcode?.(name, { ...callOf(name, content), inner: inner.trim() })
    if (made === undefined) return false
    this.#scan.replace(at, end, this.#inPlace(at, end, made.trim()))
    return true
  }

  #close(at: number, end: number, name: string): number {
    const index = this.#open.findLastIndex(opened => name === '' || opened.name === name)
    if (index === -1) {
      this.#scan.replace(at, end, '')
      if (!meaningOf(name)) this.#unknown(at, end)
      return end
    }
    for (const inside of this.#open.splice(index + 1)) this.#single(inside)
    const opened = this.#open.pop()!
    this.#pair(opened, at, end)
    return end
  }

  #pair(opened: Opened, at: number, end: number): void {
    const { meaning, prefix, piece, start, tag, call } = opened
    const scan = this.#scan
    if (meaning?.kind !== 'region') {
      scan.replace(at, end, '')
      if (!meaning) this.#unknown(start, start + tag.length)
      return
    }
    const { open, close, around } = meaning.region(call)
    if (around) {
      scan.rewrite(piece, around[0])
      scan.replace(at, end, around[1])
      return
    }
    if (prefix === undefined || !scan.isLineEnd(end) || open === undefined) {
      scan.replace(at, end, '')
      return
    }
    const next = `\n${continued(prefix)}`
    scan.rewrite(piece, scan.isLineEnd(start + tag.length) ? open : open + next)
    const mark = close === undefined ? '' : close
    scan.replace(at, end, scan.prefix(at) === undefined ? next + mark : mark)
  }

  #single({ meaning, piece, start, tag, call }: Opened): void {
    // `text="…"` means the same in a tag that nobody knows.
    const shown =
      (meaning?.kind === 'region' && meaning.alone?.(call, this.#settings.fact)) || call.named.text
    if (shown !== undefined) this.#scan.rewrite(piece, this.#inPlace(start, start + tag.length, shown))
    else if (meaning?.kind !== 'region' || meaning.isNamed) this.#unknown(start, start + tag.length)
  }

  #unknown(start: number, end: number): void {
    const tag = cutShort(this.#scan.text.slice(start, end).replace(/\s+/g, ' '), 60)
    this.#scan.note(
      start,
      'template-tags',
      `${tag} has no meaning here, and is left out`,
      'Write what it would have made, put it into `code`, or give it a template in templates/shortcodes/.',
    )
  }
}
