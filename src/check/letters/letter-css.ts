// A letter's `<style>` → its rules, each with one selector, and whether a selector means an element. What mail clients
// understand and no more: classes, elements, attributes, descendants and children.

import { type LetterElement, textOf } from './parse-letter.ts'

export interface StyleRule {
  readonly selector: string
  /** Of all at-rules around it: ['only screen and (max-width:480px)']. */
  readonly media: readonly string[]
  /** Lower-case property, value with its `!important`. */
  readonly declarations: readonly (readonly [string, string])[]
  /** What browsers call specificity; later rules of the same weight win. */
  readonly weight: number
  /** Whether only Outlook.com in the dark obeys it: it puts [data-ogsc] and [data-ogsb] around everything. */
  readonly outlook: boolean
  /** Its compounds from left to right, a child's with '>' before it. */
  readonly steps: readonly string[]
}

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
      const weight =
        (selector.match(/[.[:]/g)?.length ?? 0) * 100 + (selector.match(/(^|[\s>])[a-z]/gi)?.length ?? 0)
      rules.push({ selector, media, declarations, weight, outlook: mark !== '', steps })
    }
  }
  return rules
}

/** Whether a rule means this element, in whatever view it applies. */
export function matches({ steps }: StyleRule, element: LetterElement): boolean {
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

const compounds = new Map<string, readonly string[]>()

function partsOf(compound: string): readonly string[] {
  let parts = compounds.get(compound)
  if (!parts) {
    parts = compound.match(/[.#]?[\w-]+|\[[^\]]*\]|::?[\w-]+|\*/g) ?? ['[no-selector]']
    compounds.set(compound, parts)
  }
  return parts
}
