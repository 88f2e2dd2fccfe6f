// One XML element as a value → a node for npm `feed`'s extensions, or its text for the places that no extension reaches and
// for items, which that package's way through objects makes at six times the cost.

export interface XmlElement {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | undefined>>
  readonly text?: string | undefined
  readonly children?: readonly XmlElement[]
}

type Compact = Record<string, unknown>

/** Elements by name, in the compact form of xml-js: same names become a list. */
export function compactNodes(elements: readonly XmlElement[]): Record<string, Compact[]> {
  const nodes: Record<string, Compact[]> = {}
  for (const element of elements) {
    nodes[element.name] ??= []
    nodes[element.name]!.push(compactNode(element))
  }
  return nodes
}

function compactNode({ attributes = {}, text, children = [] }: XmlElement): Compact {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return {
    _attributes: Object.fromEntries(given.map(([name, value]) => [name, escapeXml(String(value))])),
    ...(text === undefined ? {} : { _text: unspoilt(text) }),
    ...compactNodes(children),
  }
}

/** xml-js turns every `&amp;` of a text into `&` before it escapes: what must stay `&amp;` is doubled first. */
export function unspoilt(text: string): string {
  return text.replaceAll('&amp;', '&amp;amp;')
}

export function xmlText({ name, attributes = {}, text = '', children = [] }: XmlElement): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  const open = name + given.map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('')
  const inside = escapeXml(text) + children.map(xmlText).join('')
  return inside ? `<${open}>${inside}</${name}>` : `<${open}/>`
}

/** As npm `feed` writes elements: each on a line of its own. @param indent of the line */
export function xmlLine({ name, attributes, text = '', children = [] }: XmlElement, indent: string): string {
  let open = `${indent}<${name}`
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) open += ` ${key}="${escapeXml(String(value))}"`
  }
  if (children.length > 0) {
    const inside = children.map(child => xmlLine(child, `${indent}    `))
    return `${open}>\n${inside.join('\n')}\n${indent}</${name}>`
  }
  return text ? `${open}>${escapeText(text)}</${name}>` : `${open}/>`
}

/** Text between tags, where quotation marks stay as they are. */
export function escapeText(text: string): string {
  if (!/[&<>]/.test(text)) return text
  return text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;').replaceAll('>', '&gt;')
}

/**
 * The RSS Advisory Board's profile asks for the hexadecimal references: a reader that takes plain text for HTML is least
 * likely to stumble over them. (xml-js escapes `"` in attributes itself, and nothing else.)
 */
export function escapeXml(text: string): string {
  if (!/[&<>"]/.test(text)) return text
  return text
    .replaceAll('&', '&#x26;')
    .replaceAll('<', '&#x3C;')
    .replaceAll('>', '&#x3E;')
    .replaceAll('"', '&#x22;')
}
