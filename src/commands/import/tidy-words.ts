// The tree of an imported text → the same with only such inline elements as Markdown can write. Layouts that mean
// something else, such as a caption in a table. Footnotes: `<sup><a href="#fn1" id="fnref1">1</a></sup>` and, further
// down, `<li id="fn1">… <a href="#fnref1">↩</a></li>`, as Markdown engines, WordPress, Substack and Ghost write them →
// <footnote-mark> and <footnote-text>. And marks, such as emphasis, that begin and end at words, no two of a kind side by
// side.

import { decodePath } from '../../base/index.ts'
import {
  attribute,
  BLOCKS,
  classesOf,
  type Element,
  type ElementContent,
  element,
  elements,
  findElement,
  hasBlock,
  isElement,
  type Parents,
  type Root,
  type RootContent,
  visibleText,
} from './html-tree.ts'

/**
 * What known systems say with an element that means something else: a caption by a table, a heading by a button, a picture
 * by a style.
 */
export function readLayouts(parent: Parents): void {
  for (const node of elements(parent)) {
    const classes = classesOf(node)
    if (/^h[1-6]$/.test(node.tagName)) {
      for (const button of elements(node))
        if (button.tagName === 'button') {
          button.tagName = 'span'
          button.children = button.children.filter(
            child => !(isElement(child) && attribute(child, 'ariaHidden') === 'true'),
          )
        }
    } else if (/\btr-caption-container\b/.test(classes)) captioned(node)
    else if (/\bwp-block-cover/.test(classes)) {
      const src = /background-image:\s*url\(\s*["']?([^"')]+)/.exec(attribute(node, 'style'))?.[1]
      if (src)
        node.children.unshift(
          element('p', {}, [element('img', { src, alt: attribute(node, 'ariaLabel') }, [])]),
        )
    }
  }
}

/** Blogger's table of a picture and its caption. */
function captioned(table: Element): void {
  const cells = [...elements(table)].filter(({ tagName }) => tagName === 'td')
  const [picture, caption] = cells
  if (cells.length !== 2 || !/\btr-caption\b/.test(classesOf(caption!))) return
  table.tagName = 'figure'
  table.properties = {}
  table.children = [...picture!.children, element('figcaption', {}, caption!.children)]
}

export function readFootnotes(root: Root): void {
  const all = [...elements(root)]
  const byId = new Map(
    all.flatMap(each => (each.properties.id ? [[attribute(each, 'id'), each] as const] : [])),
  )
  if (byId.size === 0) return
  const parents = new Map<Element, Parents>()
  parentsOf(root, parents)
  const notes: Element[] = []
  const used = new Map<Element, string>()
  for (const link of all) {
    const to = link.tagName === 'a' ? /^[^#]*#(.+)$/.exec(attribute(link, 'href'))?.[1] : undefined
    const target = to === undefined ? undefined : byId.get(decodePath(to))
    if (!target || !/^\W?(?:\d+|[*†‡§a-z])\W?$/i.test(visibleText(link).trim())) continue
    const text = noteOf(target, link, parents)
    if (!text) continue
    const label = used.get(text) ?? String(used.size + 1)
    if (!used.has(text)) notes.push(text)
    used.set(text, label)
    const parent = parents.get(link)!
    const isAlone =
      isElement(parent as Element, 'sup') && visibleText(parent as Element) === visibleText(link)
    Object.assign(isAlone ? (parent as Element) : link, element('footnote-mark', { label }, []))
  }
  for (const note of notes) {
    removeBackLinks(note)
    const own = element('footnote-text', { label: used.get(note) }, note.children)
    const holder = parents.get(note)!
    holder.children = holder.children.filter(child => child !== note) as ElementContent[]
    root.children.push(own)
  }
  for (const each of all)
    if (
      notes.length > 0 &&
      /footnotes/i.test(`${classesOf(each)} ${attribute(each, 'id')}`) &&
      visibleText(each) === ''
    )
      each.children = []
  if (notes.length > 0) dropEmptyLists(root)
  const first = root.children.findIndex(node => isElement(node, 'footnote-text'))
  // The line above the notes is the renderer's to draw.
  for (let at = first - 1; at >= 0; at--) {
    const before = root.children[at]!
    if (isElement(before, 'hr')) root.children.splice(at, 1)
    else if (visibleText(before) !== '' || (isElement(before) && findElement(before, isPicture))) break
  }
}

/** The list item or the block that a link leads to, when it leads back as well. */
function noteOf(target: Element, link: Element, parents: ReadonlyMap<Element, Parents>): Element | undefined {
  const own = [link, ...ancestors(link, parents).slice(0, 2)]
    .map(each => attribute(each, 'id'))
    .filter(Boolean)
  for (const each of [target, ...ancestors(target, parents).slice(0, 3)]) {
    if (!/^(?:li|div|p|aside|dd|section)$/.test(each.tagName)) continue
    if ([...elements(each)].includes(link)) return undefined
    const leadsBack = [...elements(each)].some(
      inner =>
        inner.tagName === 'a' && own.includes(decodePath(attribute(inner, 'href').replace(/^[^#]*#/, ''))),
    )
    if (leadsBack) return each
  }
  return undefined
}

function ancestors(node: Element, parents: ReadonlyMap<Element, Parents>): Element[] {
  const out: Element[] = []
  for (let at = parents.get(node); at && at.type === 'element'; at = parents.get(at)) out.push(at)
  return out
}

function parentsOf(parent: Parents, parents: Map<Element, Parents>): void {
  for (const child of parent.children) {
    if (child.type !== 'element') continue
    parents.set(child, parent)
    parentsOf(child, parents)
  }
}

/** '↩' at its end, or its number at its beginning. */
function removeBackLinks(note: Parents): void {
  note.children = note.children.filter(child => {
    if (!isElement(child)) return true
    const isBack =
      child.tagName === 'a' &&
      attribute(child, 'href').includes('#') &&
      /^\W*(?:\d+|[*†‡§a-z])?\W*$|^(?:back|return|jump)/i.test(visibleText(child))
    if (!isBack) removeBackLinks(child)
    return !isBack
  }) as ElementContent[]
}

function dropEmptyLists(parent: Parents): void {
  parent.children = parent.children.filter(child => {
    if (!isElement(child)) return true
    dropEmptyLists(child)
    return !(
      /^(?:ol|ul|section|div)$/.test(child.tagName) &&
      visibleText(child) === '' &&
      !findElement(child, isPicture)
    )
  }) as ElementContent[]
}

function isPicture({ tagName }: Element): boolean {
  return /^(?:img|iframe|video|audio|object|embed|hr)$/.test(tagName)
}

/** A table that only says where things are, as in letters: it says so, or has one column and no heads. */
export function isLayout(table: Element): boolean {
  if (/^(?:none|presentation)$/.test(attribute(table, 'role'))) return true
  const rows = [...elements(table)].filter(({ tagName }) => tagName === 'tr')
  const cells = rows.flatMap(({ children }) => children.filter(child => isElement(child, 'td', 'th')))
  const isOneColumn = rows.every(
    ({ children }) => children.filter(child => isElement(child, 'td')).length <= 1,
  )
  return (
    isOneColumn &&
    rows.length > 0 &&
    cells.every(cell => isElement(cell, 'td')) &&
    cells.some(cell => hasBlock(cell as Element))
  )
}

/** On one line, and without a mark around all of it. */
export function heading(node: Element): RootContent[] {
  node.children = node.children.map(child => (isElement(child, 'br') ? { type: 'text', value: ' ' } : child))
  const only = node.children.length === 1 ? node.children[0] : undefined
  if (isElement(only, 'strong')) node.children = only.children
  // Pictures and blocks in a heading stand for themselves.
  if (visibleText(node) === '') return node.children
  if (hasBlock(node)) {
    const blocks = node.children.filter(child => isElement(child) && BLOCKS.has(child.tagName))
    node.children = [{ type: 'text', value: visibleText(node) }]
    return [
      node,
      ...blocks.flatMap(block => [...elements(block as Element)].filter(each => each.tagName === 'img')),
    ]
  }
  return [node]
}

/** Its own rows and cells, not those of a table in it. */
export function unwrapTable(node: Element): void {
  for (const child of node.children)
    if (isElement(child, 'tbody', 'thead', 'tfoot', 'tr', 'td', 'th', 'caption')) unwrapTable(child)
  node.tagName = 'div'
}

/** A cell whose only paragraph is all of it. */
export function unwrapOnly(cell: Element): void {
  const inside = cell.children.filter(child => !(child.type === 'text' && child.value.trim() === ''))
  const only = inside.length === 1 ? inside[0] : undefined
  if (isElement(only, 'p')) cell.children = only.children
}

// ─── Marks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** In their place where Markdown's signs would be none. */
export const TAGS: Readonly<Record<string, string>> = { em: 'i', strong: 'b', del: 's' }

/** `文**「字」**文`: between a letter and a sign of punctuation Markdown sees no mark. CommonMark §6.2 */
export function isFreestanding(
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

/** White space at the edge of a mark is outside it, for `** a**` is no mark. Nothing is left of one without words. */
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
