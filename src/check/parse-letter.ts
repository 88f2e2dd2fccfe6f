// The HTML of a letter → its elements as a browser sees them, and the words in them. Comments, and with them all that only
// Outlook reads, are dropped. Not a parser for any web page: templates and the sanitiser write well-formed HTML.

export interface LetterElement {
  /** Lower case. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (LetterElement | string)[]
  readonly parent: LetterElement | undefined
}

export interface LetterPage {
  readonly doctype: boolean
  readonly root: LetterElement
  /** In the order of their start tags, without the root. */
  readonly elements: readonly LetterElement[]
  /** Closed only by an end tag further out, or not at all. */
  readonly leftOpen: readonly LetterElement[]
  /** End tags that close nothing, with the element that contains them. */
  readonly strayEnds: readonly { readonly name: string; readonly inside: LetterElement }[]
}

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
const TAG =
  /<!--[\s\S]*?-->|<!\[endif\]-->|<!doctype[^>]*>|<(style|script|title)\b((?:"[^"]*"|'[^']*'|[^"'>])*)>([\s\S]*?)<\/\1\s*>|<(\/?)([a-z][a-z0-9:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*?)\/?>/gi

interface Open extends LetterElement {
  readonly children: (LetterElement | string)[]
}

export function parseLetter(html: string): LetterPage {
  const root: Open = { name: '', attributes: {}, children: [], parent: undefined }
  const elements: LetterElement[] = []
  const leftOpen: LetterElement[] = []
  const strayEnds: { name: string; inside: LetterElement }[] = []
  let inside = root
  let position = 0
  let doctype = false

  function open(name: string, attributes: string): Open {
    const element = {
      name: name.toLowerCase(),
      attributes: readAttributes(attributes),
      children: [],
      parent: inside,
    }
    inside.children.push(element)
    elements.push(element)
    return element
  }
  const text = (until: number) => {
    if (until > position) inside.children.push(decode(html.slice(position, until)))
  }

  for (const tag of html.matchAll(TAG)) {
    text(tag.index)
    position = tag.index + tag[0].length
    const [whole, raw, rawAttributes, rawText, slash, name, attributes] = tag
    if (raw) open(raw, rawAttributes!).children.push(/title/i.test(raw) ? decode(rawText!) : rawText!)
    else if (!name) doctype ||= /^<!doctype html>/i.test(whole) && html.slice(0, tag.index).trim() === ''
    else if (slash) {
      const ended = closed(inside, name.toLowerCase())
      if (!ended) strayEnds.push({ name: name.toLowerCase(), inside })
      else leftOpen.push(...ended.left)
      inside = ended?.around ?? inside
    } else {
      const element = open(name, attributes!)
      if (!VOID.has(element.name)) inside = element
    }
  }
  text(html.length)
  leftOpen.push(...[...ancestry(inside)])
  return { doctype, root, elements, leftOpen, strayEnds }
}

/** Undefined for an end tag without a start tag. All elements inside of the one that it closes end with it. */
function closed(from: Open, name: string): { around: Open; left: Open[] } | undefined {
  const left: Open[] = []
  for (let element: Open | undefined = from; element?.parent; element = element.parent as Open) {
    if (element.name === name) return { around: element.parent as Open, left }
    left.push(element)
  }
  return undefined
}

function readAttributes(text: string): Record<string, string> {
  const found = text.matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g)
  return Object.fromEntries(
    [...found].map(([, name, double, single, bare]) => [
      name!.toLowerCase(),
      decode(double ?? single ?? bare ?? ''),
    ]),
  )
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}

function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name) return NAMED[name as string] ?? whole
    const code = hex ? Number.parseInt(hex as string, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** All text in it, with its white space. */
export function textOf(element: LetterElement): string {
  return element.children.map(child => (typeof child === 'string' ? child : textOf(child))).join('')
}

/** Itself first, then its parent, up to the root. */
export function* ancestry(element: LetterElement): Generator<LetterElement> {
  for (let at: LetterElement | undefined = element; at?.name; at = at.parent) yield at
}

/** 'ltr' or 'rtl', as the nearest element around it says. */
export function directionOf(element: LetterElement): string {
  return [...ancestry(element)].find(({ attributes }) => attributes.dir)?.attributes.dir ?? 'ltr'
}

// ─── Words ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Words {
  /** The element that contains them directly. */
  readonly element: LetterElement
  /** The paragraph, heading, item or cell around it. */
  readonly block: LetterElement
  readonly text: string
  /** Of the whole block, white space collapsed. */
  readonly blockText: string
}

const BLOCK = /^(?:p|h[1-6]|li|td|th|pre|blockquote|div|body)$/

/** The words in these elements, without spacers (a line of one pixel with a no-break space). */
export function wordsIn(elements: readonly LetterElement[]): Words[] {
  const texts = new Map<LetterElement, string>()
  const textOfBlock = (block: LetterElement) => {
    const text = texts.get(block) ?? plain(block)
    texts.set(block, text)
    return text
  }
  return elements.flatMap(element =>
    element.children.flatMap(child => {
      const text = typeof child === 'string' ? child.replace(/[\s\u00a0]+/g, ' ').trim() : ''
      if (!text) return []
      const block = blockOf(element)
      return { element, block, text, blockText: textOfBlock(block) }
    }),
  )
}

export function blockOf(element: LetterElement): LetterElement {
  return [...ancestry(element)].find(({ name }) => BLOCK.test(name)) ?? element
}

/** Its text on one line. */
export function plain(element: LetterElement): string {
  return textOf(element)
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
}

/** The first words, to search for. */
export function quote(text: string): string {
  const characters = [...text]
  return `“${characters.length > 40 ? `${characters.slice(0, 39).join('').trimEnd()}…` : text}”`
}
