// The HTML of data tables → the same for a letter: numbers never break, a table that is too wide for a phone becomes one
// record a row there, and scrolls in clients without media queries.

import { textWidth } from '../base/index.ts'
import { COLUMN_WIDTH, PHONE_WIDTH } from './letter-pictures.ts'

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
export function frameTables(html: string): string {
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
  return Math.max(0, ...words.map(width => (width > MAX_WHOLE_WORD ? MAX_WHOLE_WORD / 2 : width)))
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
