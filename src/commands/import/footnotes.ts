// The tree of HTML → the same with its footnotes as such: `<sup><a href="#fn1" id="fnref1">1</a></sup>` and, further down, `<li id="fn1">… <a href="#fnref1">↩</a></li>`, as
// Markdown engines, WordPress, Substack and Ghost write them → <footnote-mark> and <footnote-text>.

import {
  attribute,
  classesOf,
  type Element,
  type ElementContent,
  element,
  elements,
  findElement,
  isElement,
  type Parents,
  type Root,
  visibleText,
} from './html-tree.ts'

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
    const target = to === undefined ? undefined : byId.get(decode(to))
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
      inner => inner.tagName === 'a' && own.includes(decode(attribute(inner, 'href').replace(/^[^#]*#/, ''))),
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

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
