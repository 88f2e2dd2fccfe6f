// Marks in a line of words, such as emphasis → marks that Markdown can write: they begin and end at words, and no two of a kind stand
// side by side.

import { type Element, type ElementContent, isElement, type RootContent } from './html-tree.ts'

/** In their place where Markdown's signs would be none. */
export const TAGS: Readonly<Record<string, string>> = { em: 'i', strong: 'b', del: 's' }

/** `文**「字」**文`: between a letter and a sign of punctuation Markdown sees no mark. CommonMark §6.2 */
export function standsFree(
  mark: Element,
  before: RootContent | undefined,
  after: RootContent | undefined,
): boolean {
  const edge = (node: RootContent | undefined, last: boolean) => [...textOf(node)].at(last ? -1 : 0) ?? ' '
  const isWord = (sign: string) => /[\p{L}\p{N}\p{M}_]/u.test(sign)
  const isFree = (outer: string, inner: string) => !isWord(outer) || isWord(inner)
  return isFree(edge(before, true), edge(mark, false)) && isFree(edge(after, false), edge(mark, true))
}

function textOf(node: RootContent | undefined): string {
  if (node?.type === 'text') return node.value
  return node && 'children' in node ? node.children.map(textOf).join('') : ''
}

/** White space at the edge of a mark stands outside it, for `** a**` is no mark. Nothing is left of one without words. */
export function outside(mark: Element): RootContent[] {
  const before: RootContent[] = []
  const after: RootContent[] = []
  for (;;) {
    const first = mark.children[0]
    if (isElement(first, 'br')) before.push(mark.children.shift()!)
    else if (first?.type === 'text' && /^\s/.test(first.value)) {
      const space = /^\s+/.exec(first.value)![0]
      before.push({ type: 'text', value: space })
      first.value = first.value.slice(space.length)
      if (first.value === '') mark.children.shift()
    } else break
  }
  for (;;) {
    const last = mark.children.at(-1)
    if (isElement(last, 'br')) after.unshift(mark.children.pop()!)
    else if (last?.type === 'text' && /\s$/.test(last.value)) {
      const space = /\s+$/.exec(last.value)![0]
      after.unshift({ type: 'text', value: space })
      last.value = last.value.slice(0, -space.length)
      if (last.value === '') mark.children.pop()
    } else break
  }
  return mark.children.length === 0 ? [...before, ...after] : [...before, mark, ...after]
}

/** Neighbouring texts are one, and so are two marks of one kind: `<b>a</b><b>b</b>`. */
export function joined(nodes: readonly RootContent[]): RootContent[] {
  const out: RootContent[] = []
  for (const node of nodes) {
    const last = out.at(-1)
    if (node.type === 'text' && last?.type === 'text') last.value += node.value
    else if (isElement(node, 'em', 'strong', 'del') && isElement(last, node.tagName)) {
      last.children = joined([...last.children, ...node.children]) as ElementContent[]
    } else out.push(node)
  }
  return out
}
