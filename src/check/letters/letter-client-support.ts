/**
 * Nothing in a letter depends on what a mail client lacks: Gmail (also with accounts of other providers), Outlook, Apple Mail, Yahoo,
 * Samsung and GMX, by the data of Can I email. What only decorates may be missing; anything else needs something that stands in
 * for it, such as a `width` beside `max-width`, or the same property in `style` beside one in `<style>`.
 *
 * Good:
 *
 *     <p style="border-radius:4px;letter-spacing:1px">Text</p>
 *
 * Bad:
 *
 *     <p style="float:left">Text</p>
 */

import { CLIENTS, SUPPORT, SUPPORT_DATE } from '../client-support.ts'
import { parseStyles } from '../letter-styles.ts'
import { ancestry, type LetterElement, textOf } from '../parse-letter.ts'
import type { CheckedLetter, LetterFinding, LetterRule } from '../rule.ts'

export const letterClientSupport: LetterRule = {
  name: 'letter-client-support',
  severity: 'warning',
  find: checked => [
    ...checked.visible.flatMap(element => usesOf(element).flatMap(use => lackOf(use, element))),
    ...onlyInStyles(checked),
  ],
}

/** A feature by its name in the data, and as it is written. */
interface Use {
  readonly feature: string
  readonly written: string
}

/** As one finding, unless every client has it, or something stands in for it. */
function lackOf({ feature, written }: Use, element: LetterElement): LetterFinding[] {
  const clients = clientsWithout(feature)
  if (clients.length === 0 || DECORATION.has(feature) || STAND_INS[feature]?.(element, written)) return []
  return [
    {
      element,
      message: `${written} on <${element.name}>: ${listed(clients)} ${clients.length > 1 ? 'lack' : 'lacks'} it, and there is no fallback`,
      advice: `${ADVICE[feature] ?? 'Leave it out, or give such clients something else to show.'} https://www.caniemail.com/features/${feature}/ (data of ${SUPPORT_DATE})`,
      blame: isProse(element) ? 'article' : 'template',
    },
  ]
}

/** Where half a support is none. */
const NEEDED_WHOLE: ReadonlySet<string> = new Set([
  'css-display-none',
  'css-max-width',
  'css-background-image',
])

function clientsWithout(feature: string): string[] {
  const row = SUPPORT[feature]
  if (!row) return []
  return CLIENTS.filter((_, at) => row[at] === 'n' || (row[at] === 'a' && NEEDED_WHOLE.has(feature)))
}

function listed(clients: readonly string[]): string {
  const [first, second, third, ...others] = clients
  const named = others.length > 0 ? [first, second, `${others.length + 1} others`] : [first, second, third]
  return new Intl.ListFormat('en').format(named.filter(name => name !== undefined))
}

function isProse(element: LetterElement): boolean {
  return [...ancestry(element)].some(({ attributes }) => /\bprose\b/.test(attributes.class ?? ''))
}

// ─── What stands in ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Without it a letter looks plainer, and says the same; or it is for ears, for print, or for browsers. */
const DECORATION: ReadonlySet<string> = new Set(
  `css-accent-color css-animation css-border-radius css-box-shadow css-color-scheme css-cursor css-filter css-font-kerning
  css-font-stretch css-hyphens css-letter-spacing css-opacity css-orphans css-outline css-outline-offset css-overflow css-sytem-ui
  css-text-decoration-color css-text-decoration-skip-ink css-text-decoration-style css-text-decoration-thickness css-text-indent
  css-text-overflow css-text-shadow css-text-transform css-text-underline-offset css-text-underline-position css-text-wrap
  css-transition css-user-select css-widows css-word-spacing css-function-min css-function-max html-abbr html-acronym
  html-aria-describedby html-aria-hidden html-aria-label html-aria-labelledby html-dfn html-lang html-loading-attribute
  html-role html-target html-wbr`.split(/\s+/),
)

type StandIn = (element: LetterElement, written: string) => boolean

const declares = ({ attributes }: LetterElement, pattern: RegExp) => pattern.test(attributes.style ?? '')
const withinStyle = (element: LetterElement, pattern: RegExp) =>
  [...ancestry(element)].some(around => declares(around, pattern))

/** Feature → whether something does its work in the clients that lack it. */
const STAND_INS: Readonly<Record<string, StandIn>> = {
  // Outlook reads the attribute; a section of MJML has a table of its own for Outlook.
  'css-max-width': element => element.name !== 'img' || 'width' in element.attributes,
  'css-min-width': element => 'width' in element.attributes,
  'css-max-height': element => declares(element, /display\s*:\s*none/) || 'height' in element.attributes,
  'css-display-none': element => declares(element, /mso-hide\s*:\s*all/),
  'css-background-image': element => declares(element, /background-color/) || 'bgcolor' in element.attributes,
  // MJML lets words break in every cell.
  'css-overflow-wrap': element =>
    withinStyle(element, /word-break/) || !/[^\s\u00ad\u200b]{30}/.test(textOf(element)),
  'css-word-break': () => true,
  'css-word-wrap': () => true,
  // What may not wrap is only nicer so, and <pre> is an element that all clients know.
  'css-white-space': (element, written) =>
    /nowrap|normal/.test(written) || [...ancestry(element)].some(({ name }) => name === 'pre'),
  'css-list-style': () => true,
  'css-list-style-type': () => true,
  'css-vertical-align': element => 'valign' in element.attributes,
  // Yahoo turns it into min-height.
  'css-height': (element, written) => /auto|0/.test(written) || 'height' in element.attributes,
  'css-text-decoration': (_, written) => /:(?:none|underline|line-through)$/.test(written),
  'css-table-layout': element => 'width' in element.attributes,
  'css-border-spacing': element => 'cellspacing' in element.attributes,
  'css-caption-side': () => true,
  // Its own direction, or the alignment that goes with it, is in a style; left to right is what such clients do anyway.
  'html-dir': element =>
    withinStyle(element, /(?:^|;|\s)(?:direction|text-align)\s*:/) ||
    element.attributes.role === 'article' ||
    ![...ancestry(element)].some(({ attributes }) => attributes.dir === 'rtl'),
  'html-audio': hasLink,
  'html-video': hasLink,
  'html-picture': element =>
    element.children.some(child => typeof child !== 'string' && child.name === 'img'),
  'html-srcset': element => 'src' in element.attributes,
  // A note's number is beside its text; a jump to it only saves scrolling.
  'html-anchor-links': () => true,
  'html-ruby': () => true,
  'html-rt': element =>
    element.parent?.children.some(child => typeof child !== 'string' && child.name === 'rp') ?? false,
  'html-rp': () => true,
}

function hasLink({ children }: LetterElement): boolean {
  return children.some(child => typeof child !== 'string' && (child.name === 'a' || hasLink(child)))
}

const ADVICE: Readonly<Record<string, string>> = {
  'css-float': 'Put both into cells of one row.',
  'css-clear': 'Put what floats into a cell.',
  'css-display-flex': 'Use a table.',
  'css-display-grid': 'Use a table.',
  'css-display-none': 'Write mso-hide:all beside it.',
  'css-position': 'Use a table.',
  'css-max-width': 'Write width="…" as an attribute too.',
  'css-object-fit': 'Crop the file: image: { src, fit: cover }.',
  'css-aspect-ratio': 'Write width and height.',
  'html-bdi': 'Write dir on a <span>, or U+2068 and U+2069 around the name.',
}

// ─── What is used ───────────────────────────────────────────────────────────────────────────────────────────────────

const SEMANTICS = new Set(
  'article aside details figcaption figure footer header main mark nav section summary time'.split(' '),
)
const ELEMENTS = new Set(
  'abbr acronym audio bdi dfn dialog marquee meter object picture progress rp rt ruby svg video wbr'.split(
    ' ',
  ),
)

function usesOf(element: LetterElement): Use[] {
  const { name, attributes } = element
  const uses = attributes.style ? usesInStyle(attributes.style).slice() : []
  if (SEMANTICS.has(name)) uses.push({ feature: 'html-semantics', written: 'an element of HTML 5' })
  if (ELEMENTS.has(name)) uses.push({ feature: `html-${name}`, written: 'the element' })
  if (attributes.dir) uses.push({ feature: 'html-dir', written: 'dir' })
  if (attributes.srcset) uses.push({ feature: 'html-srcset', written: 'srcset' })
  if ('hidden' in attributes) uses.push({ feature: 'html-hidden', written: 'hidden' })
  if (attributes.href?.startsWith('#')) uses.push({ feature: 'html-anchor-links', written: 'a jump' })
  if (name === 'img') uses.push(...usesInPicture(attributes.src ?? ''))
  return uses
}

function usesInPicture(address: string): Use[] {
  if (address.startsWith('data:')) return [{ feature: 'image-base64', written: 'a picture in its address' }]
  const [, ending = ''] = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(address) ?? []
  const type = ending.toLowerCase().replace('tif', 'tiff').replace('tifff', 'tiff').replace('heic', 'heif')
  return SUPPORT[`image-${type}`] ? [{ feature: `image-${type}`, written: `a picture of type ${type}` }] : []
}

/** What the same words in `style` use; letters repeat few styles many times. */
const usesByStyle = new Map<string, readonly Use[]>()

function usesInStyle(style: string): readonly Use[] {
  const known = usesByStyle.get(style)
  if (known) return known
  const uses = style.split(';').flatMap(part => {
    const colon = part.indexOf(':')
    return colon < 0
      ? []
      : usesOfDeclaration(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim())
  })
  if (usesByStyle.size > 5000) usesByStyle.clear()
  usesByStyle.set(style, uses)
  return uses
}

const LOGICAL = /^(margin|padding)-(inline|block)(-start|-end)?$/
const VALUES: readonly (readonly [pattern: RegExp, feature: string])[] = [
  [/\bcalc\(/, 'css-unit-calc'],
  [/\bmin\(/, 'css-function-min'],
  [/\bmax\(/, 'css-function-max'],
  [/\bclamp\(/, 'css-function-clamp'],
  [/\blight-dark\(/, 'css-function-light-dark'],
  [/\bvar\(/, 'css-variables'],
  [/\brgba\(/, 'css-rgba'],
  [/\b(?:ok)?l(?:ch|ab)\(/, 'css-modern-color'],
  [/\blinear-gradient\(/, 'css-linear-gradient'],
  [/\bradial-gradient\(/, 'css-radial-gradient'],
  [/\bconic-gradient\(/, 'css-conic-gradient'],
  [/\d(?:rem)\b/, 'css-unit-rem'],
  [/\d(?:ch)\b/, 'css-unit-ch'],
  [/\d(?:vw)\b/, 'css-unit-vw'],
  [/\d(?:vh)\b/, 'css-unit-vh'],
  [/\b(?:fit|min|max)-content\b/, 'css-intrinsic-size'],
]

function usesOfDeclaration(property: string, value: string): Use[] {
  const written = `${property}:${value.length > 30 ? `${value.slice(0, 29)}…` : value}`
  return [
    featureOf(property, value),
    ...VALUES.filter(([pattern]) => pattern.test(value)).map(([, name]) => name),
  ]
    .filter(feature => feature !== undefined && feature in SUPPORT)
    .map(feature => ({ feature: feature!, written }))
}

/** The name that the data has for a property, which may depend on its value. */
function featureOf(property: string, value: string): string | undefined {
  if (property === 'display') {
    const [, kind] = /^(?:inline-)?(flex|grid|none)\b/.exec(value) ?? []
    return kind && `css-display-${kind}`
  }
  if (property === 'position') return /^(?:static|initial)/.test(value) ? undefined : 'css-position'
  if (property === 'float' || property === 'clear') return value === 'none' ? undefined : `css-${property}`
  if (property === 'background-image' || (property === 'background' && /url\(/.test(value)))
    return 'css-background-image'
  const [, box, axis, end] = LOGICAL.exec(property) ?? []
  if (box) return end ? `css-${box}-${axis}-start-end` : `css-${box}-inline-block`
  if (/^border-.*-radius$/.test(property)) return 'css-border-radius'
  return `css-${property}`
}

// ─── What is only in <style> ────────────────────────────────────────────────────────────────────────────────────────

/**
 * What is in <style> for every width and scheme alone: clients that drop <style> do not see it. What is in @media is
 * for those who have it, and what the letter is without it is judged by other rules.
 */
function onlyInStyles({ page, visible }: CheckedLetter): LetterFinding[] {
  const sheets = page.elements.filter(({ name }) => name === 'style')
  return sheets.flatMap(sheet => {
    const rules = parseStyles(sheet).filter(({ media, outlook }) => media.length === 0 && !outlook)
    return rules.flatMap(({ selector, declarations }): LetterFinding[] => {
      const classes = [...selector.matchAll(/\.([\w-]+)/g)].map(([, name]) => name!)
      const last = classes.at(-1)
      if (!last) return []
      const meant = visible.filter(({ attributes }) => ` ${attributes.class ?? ''} `.includes(` ${last} `))
      return declarations.flatMap(([property, value]): LetterFinding[] => {
        const feature = featureOf(property, value) ?? ''
        if (DECORATION.has(feature)) return []
        const element = meant.find(one => !declares(one, new RegExp(`(?:^|;)\\s*${property}\\s*:`)))
        if (!element) return []
        return [
          {
            element: sheet,
            message: `${selector} { ${property} } is only in <style>, which GMX and Gmail with accounts of other providers drop`,
            advice: `Write ${property} into style="…" too.`,
          },
        ]
      })
    })
  })
}
