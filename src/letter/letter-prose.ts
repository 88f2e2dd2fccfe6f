// The HTML of articles, notes and biographies → the same for a letter: with inline styles, because some clients drop
// `<style>` (GMX, Gmail for accounts of other providers), no skipped heading levels, and pictures no wider than the column.

import { textWidth } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { LetterPictures, Prose } from '../model.ts'
import { highlightCode } from '../render/index.ts'
import type { Templates } from '../templates/index.ts'
import { COLUMN_WIDTH, isShownByMailClients, PHONE_WIDTH } from './letter-pictures.ts'
import type { ScriptStyle } from './letter-story.ts'
import type { LetterView } from './letter-view.ts'
import { sendableText, softened } from './mail-text.ts'

const STYLE_TEMPLATE = 'letter-prose.css.hbs'

/** The prose of one letter. A token takes its place until MJML has run: neither Handlebars nor MJML ever reads it. */
export class LetterProse {
  readonly #marker: string
  readonly #kept = new Map<string, { readonly prose: Prose; readonly style: ScriptStyle }>()

  constructor(marker: string) {
    this.#marker = marker
  }

  /** @returns its token */
  keep(prose: Prose, style: ScriptStyle): string {
    const token = `⟦${this.#marker}#${this.#kept.size}⟧`
    this.#kept.set(token, { prose, style })
    return token
  }

  all(): Prose[] {
    return [...this.#kept.values()].map(({ prose }) => prose)
  }

  /**
   * Token → styled HTML.
   *
   * @param pictures undefined shows alternative text instead of pictures
   * @param highlight whether code has colours
   * @throws UserError for a line of the template that is not a rule
   */
  styled(
    view: LetterView,
    templates: Templates,
    timezone: string,
    pictures: LetterPictures | undefined,
    highlight: boolean,
  ): Map<string, string> {
    const styles = new Map<string, ProseStyle>()
    const styleFor = (script: ScriptStyle) => {
      const key = `${script.direction} ${script.slant}`
      const style = styles.get(key) ?? proseStyle(view, script, templates, timezone)
      styles.set(key, style)
      return style
    }
    const html = new Map<string, string>()
    for (const [token, { prose, style }] of this.#kept) {
      const clean = sendableText(prose.letterHtml)
      const coloured = highlight ? highlightCode(clean) : clean
      html.set(token, styleProse(coloured.replace(CODE, '<code>'), styleFor(style), pictures))
    }
    return html
  }
}

/** No mail client looks for the language. */
const CODE = /<code class="language-[^"]*">/g

/** Element name → the declarations for its `style=""`. */
type ProseStyle = ReadonlyMap<string, string>

function proseStyle(
  view: LetterView,
  script: ScriptStyle,
  templates: Templates,
  timezone: string,
): ProseStyle {
  const css = templates.render(STYLE_TEMPLATE, { ...view, ...script }, { language: view.language, timezone })
  return parseProseStyle(css, templates.read(STYLE_TEMPLATE).path)
}

/** @throws UserError for a line that is not `element { declarations }` */
function parseProseStyle(css: string, path: string): ProseStyle {
  const style = new Map<string, string>()
  for (const [index, line] of css.split('\n').entries()) {
    if (line.trim() === '') continue
    const rule = /^\s*([a-z][a-z0-9]*)\s*\{\s*([^{}"]*?)\s*\}\s*$/.exec(line)
    if (!rule)
      throw new UserError(
        `template ${path}:${index + 1}: "${line.trim()}" is not a rule`,
        'Write one rule per line: p { margin:0 }',
      )
    style.set(rule[1]!, rule[2]!.replace(/;$/, ''))
  }
  return style
}

/**
 * @param html clean HTML from the renderer: every `<` and `>` of text is escaped
 * @param pictures undefined shows alternative text instead of pictures
 */
export function styleProse(html: string, style: ProseStyle, pictures?: LetterPictures): string {
  const levels = headingLevels(html)
  let heading = 0
  // A task has its box, and needs no bullet.
  const tasks = html.replace(/<li>(?=\s*(?:<p>)?\s*[☐☑])/g, '<li style="list-style-type:none">')
  const styled = fitTables(softenWords(tasks)).replace(
    /<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/gi,
    (tag, slash: string, name: string, rest: string) => {
      let element = name.toLowerCase()
      if (/^h[1-6]$/.test(element)) {
        element = `h${levels[slash ? heading++ : heading]}`
        if (slash) return `</${element}>`
      }
      if (slash) return tag
      if (element === 'img') return image(rest, style.get('img') ?? '', pictures)
      if (element === 'hr') return line(style.get('hr') ?? '')
      if (element === 'pre') return `<pre dir="ltr"${withStyle(rest, style.get('pre') ?? '')}>`
      const scope = element === 'th' && !/\sscope=/.test(rest) ? ' scope="col"' : ''
      const plain = element === 'table' ? rest.replace(/\sborder="\d+"/, ' border="0"') : rest
      return `<${element}${withStyle(plain, style.get(element) ?? '')}${scope}>`
    },
  )
  return frameTables(apart(styled))
}

/** Words that go on behind a picture, in its own paragraph. */
function apart(html: string): string {
  return html.replace(
    /(<img [^<>]*style="[^"<>]*)("[^<>]*>)(?=\s*(?:[^\s<]|<(?:a|b|strong|em|i|span|code)[\s>]))/g,
    '$1;margin:0 0 8px$2',
  )
}

/** Of its text, not of code and of the addresses that are text. */
function softenWords(html: string): string {
  let code = 0
  return html.replace(
    /<(\/?)([a-z0-9]+)[^<>]*>|[^<>]+/gi,
    (part, slash: string | undefined, name?: string) => {
      if (name === undefined) return code > 0 ? part : softened(part)
      if (/^(?:pre|code|kbd|samp)$/i.test(name)) code += slash ? -1 : 1
      return part
    },
  )
}

/** A line as a cell: Outlook for Windows draws an <hr> of its own. */
function line(style: string): string {
  return (
    '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%" style="margin:8px 0 0;width:100%"><tr>' +
    `<td class="rule" style="${style}">&#160;</td></tr></table>`
  )
}

/** Below the letter's one h1, and at most one level below the heading before (WCAG 1.3.1). */
function headingLevels(html: string): number[] {
  const written = [...html.matchAll(/<h([1-6])[\s>]/gi)].map(match => Number(match[1]))
  const shift = 2 - written.reduce((least, level) => Math.min(least, level), 6)
  let before = 1
  return written.map(level => {
    before = Math.min(level + shift, before + 1, 6)
    return before
  })
}

/** The author's alignment of a table column takes precedence over the style. */
function withStyle(attributes: string, general: string): string {
  if (!general) return attributes
  const align = /\salign="(left|right|center)"/.exec(attributes)?.[1]
  const style = align ? general.replace(/text-align:\w+/, `text-align:${align}`) : general
  const own = /\sstyle="([^"]*)"/.exec(attributes)
  if (!own) return `${attributes.replace(/\s*\/$/, '')} style="${style}"`
  return attributes.replace(own[0], ` style="${style};${own[1]}"`)
}

function image(attributes: string, style: string, pictures: LetterPictures | undefined): string {
  const read = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1]
  const alt = read('alt') ?? ''
  const src = read('src') ?? ''
  const made = pictures?.get(src.replaceAll('&amp;', '&'))
  if (!pictures || made === 'broken' || !(made || isShownByMailClients(src)))
    return alt ? `<em>${alt}</em>` : ''
  const width = Number(read('width')) || made?.width
  const height = Number(read('height')) || made?.height
  // Not higher than the column is wide: a portrait would fill a screen or two.
  const widest = width && height ? COLUMN_WIDTH * Math.min(1, width / height) : COLUMN_WIDTH
  const shown = Math.max(1, Math.round(Math.min(width ?? COLUMN_WIDTH, widest)))
  const size = width && height ? ` height="${Math.max(1, Math.round((height * shown) / width))}"` : ''
  const others = attributes
    .replace(/\s(?:width|height|alt|srcset|sizes|loading)="[^"]*"/g, '')
    .replace(/\s*\/$/, '')
    .replace(src, () => (made ? made.url.replaceAll('&', '&amp;') : src))
  // Not max-width:100%: where pictures are not loaded, the alternative text would be as wide as the picture.
  const limited = `${style ? `${style};` : ''}max-width:${shown}px`
  return `<img class="shade"${withStyle(others, limited)} alt="${alt}" width="${shown}"${size}>`
}

// ─── Data tables ─────────────────────────────────────────────────────────────────────────────────────────────────────
//
// The HTML of data tables → the same for a letter: numbers never break, a table that is too wide for a phone becomes one
// record a row there, and scrolls in clients without media queries.

/** CSS pixels of a column of text at the size of table text, and of the padding of a cell. */
const CHARACTER_WIDTH = 8
const CELL_PADDING = 16

/** Characters: a longer word may be broken, a shorter one never is. */
const MAX_WHOLE_WORD = 20
/** Characters of a figure with its unit: '1,234.56 Mio. €', '2026-11-20', '14,9 / 29'. */
const MAX_FIGURE_LENGTH = 24
const MAX_UNIT_LENGTH = 6

const INNERMOST_TABLE = /<table\b((?:\s[^<>]*)?)>((?:(?!<table\b)[\s\S])*?)<\/table>/gi
const ROW = /<tr\b[^<>]*>([\s\S]*?)<\/tr>/gi
const CELL = /<(t[hd])\b((?:\s[^<>]*)?)>([\s\S]*?)<\/\1>/gi

/**
 * Tables get the class `data`, and `records` where a phone shows them row by row. Every cell has then its column's heading in
 * it, which only phones show.
 *
 * @param html clean HTML from the renderer
 */
export function fitTables(html: string): string {
  if (!html.includes('<table')) return html
  return html.replace(INNERMOST_TABLE, (_, attributes: string, inside: string) => {
    const rows = rowsOf(inside)
    const headings = headingsOf(inside)
    const isWide = leastTableWidth(rows) > PHONE_WIDTH
    const asRecords =
      isWide && headings.length > 2 && /<thead[\s>]/i.test(inside) && !/\s(?:col|row)span=/i.test(inside)
    const cells = inside.replace(ROW, row => {
      let column = 0
      return row.replace(CELL, (_cell, name: string, rest: string, content: string) => {
        const heading = asRecords && column > 0 && name === 'td' ? headings[column] : undefined
        column += 1
        const label = heading
          ? `<span class="label soft" style="display:none;mso-hide:all">${heading}: </span>`
          : ''
        return `<${name}${withBreaks(rest, plainText(content))}>${label}${content}</${name}>`
      })
    })
    const kind = asRecords ? 'data records' : isWide ? 'data wide' : 'data'
    return `<table class="${kind}"${attributes}>${cells}</table>`
  })
}

/** Around styled tables that a phone cannot show whole: a frame that is never wider than its place, and scrolls. */
function frameTables(html: string): string {
  return html.replace(
    /<table class="data (?:records|wide)"(?:(?!<table\b)[\s\S])*?<\/table>/gi,
    table =>
      '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%" style="table-layout:fixed;width:100%"><tr>' +
      `<td style="padding:0"><div style="overflow-x:auto">${table}</div></td></tr></table>`,
  )
}

/**
 * CSS pixels that a table needs when no figure and no ordinary word in it is broken.
 *
 * @param rows the text of each cell
 */
export function leastTableWidth(rows: readonly (readonly string[])[]): number {
  const columns: number[] = []
  for (const row of rows)
    for (const [column, text] of row.entries())
      columns[column] = Math.max(columns[column] ?? 0, leastWidth(text) * CHARACTER_WIDTH + CELL_PADDING)
  return columns.reduce((sum, width) => sum + width, 0)
}

/** Whether a table needs more than a letter has. */
export function isTooWide(rows: readonly (readonly string[])[]): boolean {
  return leastTableWidth(rows) > COLUMN_WIDTH
}

/** Characters of its longest part that does not break. */
function leastWidth(text: string): number {
  if (isFigure(text)) return textWidth(text)
  const words = text.split(/[\s\u00ad\u200b-]+/).map(textWidth)
  // Scripts without spaces break after any character, and so does a word that is too long.
  return words.reduce(
    (widest, width) => Math.max(widest, width > MAX_WHOLE_WORD ? MAX_WHOLE_WORD / 2 : width),
    0,
  )
}

/** A number, perhaps with its sign, unit, range or date: what is no longer itself when it is broken. */
function isFigure(text: string): boolean {
  if (!/\p{N}/u.test(text) || [...text].length > MAX_FIGURE_LENGTH) return false
  return (text.match(/\p{L}/gu) ?? []).length <= MAX_UNIT_LENGTH
}

/** Says where a cell's text may break, where that differs from other cells. */
function withBreaks(attributes: string, text: string): string {
  const breaks = isFigure(text)
    ? 'white-space:nowrap'
    : text.split(/[\s\u00ad\u200b-]+/).some(word => textWidth(word) > MAX_WHOLE_WORD)
      ? 'overflow-wrap:anywhere'
      : ''
  if (!breaks) return attributes
  const own = /\sstyle="([^"]*)"/.exec(attributes)
  return own
    ? attributes.replace(own[0], ` style="${own[1]!.replace(/;$/, '')};${breaks}"`)
    : `${attributes} style="${breaks}"`
}

function rowsOf(inside: string): string[][] {
  return [...inside.matchAll(ROW)].map(([, row]) =>
    [...row!.matchAll(CELL)].map(([, , , content]) => plainText(content!)),
  )
}

/** The text of the first row, where all its cells are headings. */
function headingsOf(inside: string): string[] {
  const [, first = ''] = new RegExp(ROW.source, 'i').exec(inside) ?? []
  const cells = [...first.matchAll(CELL)]
  return cells.every(([, name]) => name === 'th') ? cells.map(([, , , content]) => escapedText(content!)) : []
}

/** Still escaped: fit to be put into HTML again. */
function escapedText(html: string): string {
  return html
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function plainText(html: string): string {
  return escapedText(html).replace(/&(?:amp|lt|gt|quot|nbsp|#\d+|#x[\da-f]+);/gi, '.')
}
