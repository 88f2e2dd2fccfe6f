// Private signs in Markdown, which stand for what it has no words for: the text that reaches them was cleaned of these
// characters (Unicode's noncharacters) before, so that nobody can type one.

/** What a region of blocks is: a note, folded text, a quotation with its source, a picture with its caption. */
export type RegionKind = 'note' | 'details' | 'quote' | 'figure' | 'caption'

/** A line that opens a region. @param title inline Markdown; '' for none */
export const openMark = (kind: RegionKind, title = ''): string => `\ufdd0${kind}:${oneLine(title)}`
/** A line that closes the innermost one. @param source of a quotation */
export const closeMark = (source = ''): string => `\ufdd1${oneLine(source)}`
/** A line above what it is the name of: a tab, a file. */
export const labelMark = (label: string): string => `\ufdd0label:${oneLine(label)}`
/** A line that stands for a formula of its own. @param index in the list of formulas */
export const formulaLine = (index: number): string => `\ufdd0formula:${index}`
/** A formula in a line. */
export const formulaMark = (index: number, isDisplayed: boolean): string =>
  `{\ufdd2${isDisplayed ? 'd' : 'i'}${index}\ufdd3`
/** At the end of a heading: the id that its author gave it. */
export const idMark = (id: string): string => `\ufdd4${id}\ufdd5`

export const OPEN_LINE = /\ufdd0([a-z]+):(.*)/y
export const CLOSE_LINE = /\ufdd1(.*)/y
export const FORMULA = /\{\ufdd2([di])(\d+)\ufdd3/y
export const HEADING_ID = /\s*\ufdd4([^\ufdd5]*)\ufdd5\s*$/

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
