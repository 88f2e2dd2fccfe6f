// XML text → its elements, by a strict parser. Throws where the text is not well-formed.

import { SaxesParser } from 'saxes'

export interface Node {
  /** As written: 'media:content'. */
  readonly name: string
  readonly namespace: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Node[]
  /** Its own text, without that of its children. */
  text: string
}

export interface Xml {
  readonly root: Node
  /** Target and body of each processing instruction. */
  readonly instructions: readonly string[]
  /** Prefixes that elements and attributes use. */
  readonly prefixes: ReadonlySet<string>
}

export function readXml(xml: string): Xml {
  const parser = new SaxesParser({ xmlns: true })
  const top: Node = { name: '', namespace: '', attributes: {}, children: [], text: '' }
  const open = [top]
  const instructions: string[] = []
  const prefixes = new Set<string>()
  parser.on('error', error => {
    throw error
  })
  parser.on('processinginstruction', ({ target, body }) => void instructions.push(`${target} ${body}`))
  parser.on('opentag', tag => {
    const attributes: Record<string, string> = {}
    for (const attribute of Object.values(tag.attributes)) {
      attributes[attribute.name] = attribute.value
      if (attribute.prefix && attribute.prefix !== 'xmlns' && attribute.prefix !== 'xml') {
        prefixes.add(attribute.prefix)
      }
    }
    if (tag.prefix) prefixes.add(tag.prefix)
    const node = { name: tag.name, namespace: tag.uri, attributes, children: [], text: '' }
    open.at(-1)!.children.push(node)
    open.push(node)
  })
  parser.on('text', text => {
    open.at(-1)!.text += text
  })
  parser.on('cdata', text => {
    open.at(-1)!.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return { root: top.children[0]!, instructions, prefixes }
}

export function childrenOf(node: Node, name: string): Node[] {
  return node.children.filter(child => child.name === name)
}

/** Text of the first such child, trimmed; '' when there is none. */
export function textOf(node: Node, name: string): string {
  return childrenOf(node, name)[0]?.text.trim() ?? ''
}
