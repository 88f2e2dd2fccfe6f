// The elements of a letter and how a mail client shows it → the style of each: the few properties that rules use, from
// attributes, `style=""` and the letter's own `<style>`.

import { lookUpTable } from '../base/index.ts'
import { type LetterElement, type LetterPage, textOf } from './parse-letter.ts'

/** How a mail client shows a letter. */
export interface ClientView {
  /** `outlook` is the dark mode of Outlook.com: [data-ogsc] and [data-ogsb] instead of a media query. */
  readonly scheme: 'light' | 'dark' | 'outlook'
  /** CSS pixels. */
  readonly width: number
  /** false: `<style>` is dropped, as by GMX and by Gmail for accounts of other providers. */
  readonly styles: boolean
  /** false: the background of inline elements is dropped, as by some clients; that of blocks stays. */
  readonly inlineBackgrounds: boolean
}

export interface Style {
  readonly color: string
  /** Its own, or that of the nearest element around it. */
  readonly background: string
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

const INITIAL_STYLE: Style = {
  color: '#000000',
  background: '#ffffff',
  size: 16,
  bold: false,
  lineHeight: 16 * 1.2,
  align: 'start',
  underlined: false,
  hidden: false,
}
/** Default font sizes of browsers, relative to the parent. */
const RELATIVE_SIZES = lookUpTable({
  h1: 2,
  h2: 1.5,
  h3: 1.17,
  h5: 0.83,
  h6: 0.67,
  small: 0.83,
})
const BLOCK_ELEMENT = /^(?:html|body|div|table|tbody|thead|tr|td|th|p|h[1-6]|pre|li|ul|ol|blockquote)$/
const BOLD_ELEMENTS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'b', 'strong', 'th'])

/** @returns a function from a client's view to the style of each element; selectors are matched only once */
export function letterStyles(page: LetterPage): (view: ClientView) => Styles {
  const rules = page.elements.filter(({ name }) => name === 'style').flatMap(parseStyles)
  const meant = page.elements.map(element => rules.filter(rule => matches(rule, element)))
  return view => {
    const applying = new Set(view.styles ? rules.filter(rule => applies(rule, view)) : [])
    const styles = new Map<LetterElement, Style>()
    for (const [at, element] of page.elements.entries()) {
      const around = (element.parent && styles.get(element.parent)) ?? INITIAL_STYLE
      const own = meant[at]!.filter(rule => applying.has(rule))
      const values = declared(element, own)
      if (!view.inlineBackgrounds && !BLOCK_ELEMENT.test(element.name)) values.delete('background-color')
      styles.set(element, styleOf(element, around, values))
    }
    return styles
  }
}

function applies({ media, outlook }: StyleRule, { scheme, width }: ClientView): boolean {
  if (outlook && scheme !== 'outlook') return false
  return media.every(condition => {
    if (/\bprint\b/.test(condition)) return false
    const [, edge, pixels] = /(max|min)-width:\s*(\d+)/.exec(condition) ?? []
    if (edge && (edge === 'max' ? width > Number(pixels) : width < Number(pixels))) return false
    const wanted = /prefers-color-scheme:\s*(\w+)/.exec(condition)?.[1]
    return wanted === undefined || wanted === (scheme === 'dark' ? 'dark' : 'light')
  })
}

/** `!important` first, then the element's own style, then by specificity and order. */
function declared(element: LetterElement, rules: readonly StyleRule[]): Map<string, string> {
  const found = [...rules].sort((a, b) => a.specificity - b.specificity)
  const own = [...(element.attributes.style ?? '').matchAll(/([a-z-]+)\s*:\s*([^;]+)/gi)]
  const values = new Map<string, string>()
  const put = (name: string, value: string) => {
    const bare = value.replace(/\s*!important\s*$/, '').trim()
    const background = name === 'background' ? /#[0-9a-f]{6}/i.exec(bare)?.[0] : undefined
    if (name === 'background' && background) values.set('background-color', background)
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
  const size = length(values.get('font-size'), around.size) ?? around.size * (RELATIVE_SIZES[name] ?? 1)
  const height = values.get('line-height')
  const weight = values.get('font-weight')
  const decoration = values.get('text-decoration')
  const colour = (value: string | undefined) =>
    /^#[0-9a-f]{6}$/i.test(value ?? '') ? value!.toLowerCase() : undefined
  return {
    color: colour(values.get('color')) ?? (name === 'a' ? '#0000ee' : around.color),
    background: colour(values.get('background-color')) ?? around.background,
    size,
    bold: weight === undefined ? around.bold || BOLD_ELEMENTS.has(name) : /bold|[6-9]00/.test(weight),
    lineHeight:
      height === undefined
        ? (around.lineHeight / around.size) * size
        : (length(height, size, true) ?? size * 1.2),
    align: values.get('text-align') ?? around.align,
    underlined: decoration === undefined ? around.underlined || name === 'a' : /underline/.test(decoration),
    hidden: around.hidden || /^none$/.test(values.get('display') ?? ''),
  }
}

/** @param bare whether a number without a unit is a multiple of the font size, as in line-height */
function length(value: string | undefined, size: number, bare = false): number | undefined {
  const [, number, unit] = /^([\d.]+)(px|em|rem|%)?$/.exec(value ?? '') ?? []
  if (number === undefined) return undefined
  if (unit === 'px') return Number(number)
  if (unit === 'rem') return Number(number) * 16
  if (unit === '%') return (Number(number) / 100) * size
  return unit === 'em' || bare ? Number(number) * size : undefined
}

// ─── The letter's own <style> ───────────────────────────────────────────────────────────────────────────────────────

export interface StyleRule {
  readonly selector: string
  /** Of all @media around it: ['only screen and (max-width:480px)']. */
  readonly media: readonly string[]
  /** Lower-case property, value with its `!important`. */
  readonly declarations: readonly (readonly [string, string])[]
  /** Later rules of the same specificity win. */
  readonly specificity: number
  /** Whether it applies only in the dark mode of Outlook.com, which puts [data-ogsc] and [data-ogsb] around everything. */
  readonly outlook: boolean
  /** Its compound selectors from left to right, that of a child with '>' before it. */
  readonly steps: readonly string[]
}

/**
 * As much of CSS as mail clients understand: classes, elements, attributes, descendants and children. A rule with several
 * selectors becomes several rules.
 */
export function parseStyles(style: LetterElement): StyleRule[] {
  const media = style.attributes.media ? [style.attributes.media] : []
  return readRules(textOf(style).replace(/\/\*[\s\S]*?\*\//g, ''), media)
}

function readRules(css: string, media: readonly string[]): StyleRule[] {
  const rules: StyleRule[] = []
  for (const [, head, body] of css.matchAll(/([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}/g)) {
    const before = head!.trim()
    if (before.startsWith('@media')) rules.push(...readRules(body!, [...media, before.slice(6).trim()]))
    if (before.startsWith('@')) continue
    const declarations = [...body!.matchAll(/([a-z-]+)\s*:\s*([^;]+)/gi)].map(
      ([, name, value]) => [name!.toLowerCase(), value!.trim()] as const,
    )
    for (const one of before.split(',')) {
      const selector = one.trim()
      const mark = /^\[data-ogs[cb]\]\s+/.exec(selector)?.[0] ?? ''
      const steps = selector
        .slice(mark.length)
        .replace(/\s*>\s*/g, ' >')
        .split(/\s+/)
      const specificity =
        (selector.match(/[.[:]/g)?.length ?? 0) * 100 + (selector.match(/(^|[\s>])[a-z]/gi)?.length ?? 0)
      rules.push({ selector, media, declarations, specificity, outlook: mark !== '', steps })
    }
  }
  return rules
}

/** Whether the rule's selector matches the element. */
function matches({ steps }: StyleRule, element: LetterElement): boolean {
  return meets(steps, steps.length - 1, element)
}

function meets(steps: readonly string[], at: number, element: LetterElement): boolean {
  const step = steps[at]!
  if (!isCompound(step.replace(/^>/, ''), element)) return false
  if (at === 0) return true
  for (let above = element.parent; above?.name; above = above.parent) {
    if (meets(steps, at - 1, above)) return true
    if (step.startsWith('>')) return false
  }
  return false
}

function isCompound(compound: string, { name, attributes, parent }: LetterElement): boolean {
  return partsOf(compound).every(part => {
    if (part === '*') return true
    if (part.startsWith('.')) return ` ${attributes.class ?? ''} `.includes(` ${part.slice(1)} `)
    if (part.startsWith('#')) return attributes.id === part.slice(1)
    if (part.startsWith('[')) {
      const [, key, value] = /^\[([\w-]+)(?:[~^$*|]?=["']?([^"'\]]*)["']?)?\]$/.exec(part) ?? []
      return key !== undefined && (value === undefined ? key in attributes : attributes[key] === value)
    }
    if (part.startsWith(':')) return part === ':root' && !parent?.name
    return part.toLowerCase() === name
  })
}

const compoundParts = new Map<string, readonly string[]>()

function partsOf(compound: string): readonly string[] {
  let parts = compoundParts.get(compound)
  if (!parts) {
    parts = compound.match(/[.#]?[\w-]+|\[[^\]]*\]|::?[\w-]+|\*/g) ?? ['[no-selector]']
    compoundParts.set(compound, parts)
  }
  return parts
}
