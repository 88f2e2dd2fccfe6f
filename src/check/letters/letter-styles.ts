// Elements of a letter and how it is looked at → the style of each, as a mail client comes to it: the few properties that
// rules ask about, from attributes, `style=""` and the letter's own `<style>`.

import { matches, parseStyles, type StyleRule } from './letter-css.ts'
import type { LetterElement, LetterPage } from './parse-letter.ts'

/** How a letter is looked at. */
export interface View {
  /** `outlook` is Outlook.com in the dark: [data-ogsc] and [data-ogsb] instead of a media query. */
  readonly scheme: 'light' | 'dark' | 'outlook'
  /** CSS pixels. */
  readonly width: number
  /** Gmail for foreign accounts and GMX throw `<style>` away. */
  readonly styles: boolean
  /** false: what words in a line paint behind themselves is dropped, as some clients do; what a cell paints stays. */
  readonly marks: boolean
}

export interface Style {
  readonly color: string
  /** What lies behind its text: its own, or the nearest one around it. */
  readonly ground: string
  /** CSS pixels. */
  readonly size: number
  readonly bold: boolean
  /** CSS pixels. */
  readonly lineHeight: number
  readonly align: string
  readonly underlined: boolean
  readonly hidden: boolean
}

export type Styles = ReadonlyMap<LetterElement, Style>

const PAGE: Style = {
  color: '#000000',
  ground: '#ffffff',
  size: 16,
  bold: false,
  lineHeight: 16 * 1.2,
  align: 'start',
  underlined: false,
  hidden: false,
}
/** What browsers say of an element that nobody styles, in font sizes of its parent. */
const SIZES: Readonly<Record<string, number>> = { h1: 2, h2: 1.5, h3: 1.17, h5: 0.83, h6: 0.67, small: 0.83 }
const BLOCK = /^(?:html|body|div|table|tbody|thead|tr|td|th|p|h[1-6]|pre|li|ul|ol|blockquote)$/
const BOLD = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'b', 'strong', 'th'])

/** @returns a function from how the letter is looked at to the style of each element; which rule means whom is found once */
export function letterStyles(page: LetterPage): (view: View) => Styles {
  const rules = page.elements.filter(({ name }) => name === 'style').flatMap(parseStyles)
  const meant = page.elements.map(element => rules.filter(rule => matches(rule, element)))
  return view => {
    const applying = new Set(view.styles ? rules.filter(rule => applies(rule, view)) : [])
    const styles = new Map<LetterElement, Style>()
    for (const [at, element] of page.elements.entries()) {
      const around = (element.parent && styles.get(element.parent)) ?? PAGE
      const own = meant[at]!.filter(rule => applying.has(rule))
      const values = declared(element, own)
      if (!view.marks && !BLOCK.test(element.name)) values.delete('background-color')
      styles.set(element, styleOf(element, around, values))
    }
    return styles
  }
}

function applies({ media, outlook }: StyleRule, { scheme, width }: View): boolean {
  if (outlook && scheme !== 'outlook') return false
  return media.every(condition => {
    if (/\bprint\b/.test(condition)) return false
    const [, edge, pixels] = /(max|min)-width:\s*(\d+)/.exec(condition) ?? []
    if (edge && (edge === 'max' ? width > Number(pixels) : width < Number(pixels))) return false
    const asked = /prefers-color-scheme:\s*(\w+)/.exec(condition)?.[1]
    return asked === undefined || asked === (scheme === 'dark' ? 'dark' : 'light')
  })
}

/** `!important` over all, then the element's own, then by weight and order. */
function declared(element: LetterElement, rules: readonly StyleRule[]): Map<string, string> {
  const found = [...rules].sort((a, b) => a.weight - b.weight)
  const own = [...(element.attributes.style ?? '').matchAll(/([a-z-]+)\s*:\s*([^;]+)/gi)]
  const values = new Map<string, string>()
  const put = (name: string, value: string) => {
    const bare = value.replace(/\s*!important\s*$/, '').trim()
    const ground = name === 'background' ? /#[0-9a-f]{6}/i.exec(bare)?.[0] : undefined
    if (name === 'background' && ground) values.set('background-color', ground)
    else values.set(name === 'text-decoration-line' ? 'text-decoration' : name, bare)
  }
  const { bgcolor, align } = element.attributes
  if (bgcolor) put('background-color', bgcolor)
  if (align && /^(td|th|p|div|h\d)$/.test(element.name)) put('text-align', align)
  for (const { declarations } of found)
    for (const [name, value] of declarations) if (!/!important/.test(value)) put(name, value)
  for (const [, name, value] of own) put(name!.toLowerCase(), value!)
  for (const { declarations } of found)
    for (const [name, value] of declarations) if (/!important/.test(value)) put(name, value)
  return values
}

function styleOf(element: LetterElement, around: Style, values: ReadonlyMap<string, string>): Style {
  const { name } = element
  const size = length(values.get('font-size'), around.size) ?? around.size * (SIZES[name] ?? 1)
  const height = values.get('line-height')
  const weight = values.get('font-weight')
  const decoration = values.get('text-decoration')
  const colour = (value: string | undefined) =>
    /^#[0-9a-f]{6}$/i.test(value ?? '') ? value!.toLowerCase() : undefined
  return {
    color: colour(values.get('color')) ?? (name === 'a' ? '#0000ee' : around.color),
    ground: colour(values.get('background-color')) ?? around.ground,
    size,
    bold: weight === undefined ? around.bold || BOLD.has(name) : /bold|[6-9]00/.test(weight),
    lineHeight:
      height === undefined
        ? (around.lineHeight / around.size) * size
        : (length(height, size, true) ?? size * 1.2),
    align: values.get('text-align') ?? around.align,
    underlined: decoration === undefined ? around.underlined || name === 'a' : /underline/.test(decoration),
    hidden: around.hidden || /^none$/.test(values.get('display') ?? ''),
  }
}

/** @param bare whether a number without a unit counts in font sizes, as in line-height */
function length(value: string | undefined, size: number, bare = false): number | undefined {
  const [, number, unit] = /^([\d.]+)(px|em|rem|%)?$/.exec(value ?? '') ?? []
  if (number === undefined) return undefined
  if (unit === 'px') return Number(number)
  if (unit === 'rem') return Number(number) * 16
  if (unit === '%') return (Number(number) / 100) * size
  return unit === 'em' || bare ? Number(number) * size : undefined
}
