// A page or a text → its blocks in the order of reading, each a line of words and, on a page, the nodes that show it.

import {
  attribute,
  BLOCKS,
  classesOf,
  type Element,
  elements,
  isElement,
  type Parents,
  type Root,
  type RootContent,
  visibleText,
} from '../../html-tree.ts'

export interface Block {
  /** White space folded. */
  readonly text: string
  /** 'p', 'h1', 'figure', 'blockquote', 'ul', 'text' … */
  readonly tag: string
  readonly nodes: readonly RootContent[]
  /** 1-based, in the page. */
  readonly line: number
  /** All of its words are links. */
  readonly isLinks: boolean
  /** Classes of its element and the one around it. */
  readonly classes: string
}

/** Parts of a page that are never the article's. */
const ELSEWHERE = new Set(
  'script style noscript template nav form button select textarea iframe[hidden] svg footer dialog menu'.split(
    ' ',
  ),
)
const AROUND =
  /(?:^|[\s_-])(?:ads?|advert\w*|adslot|promo\w*|related\w*|recommend\w*|newsletter\w*|subscri\w*|shar(?:e|ing)\w*|social\w*|comments?|breadcrumbs?|menu|navbar|sidebar|cookie\w*|outbrain|taboola|trending|most-?read|popular|top-?stories|also-?read|read-?more|follow-?us|preferred-?source|app-?download|widget|pagination|tags?-list|site-?header|masthead)(?=$|[\s_-])/i
/** One block each, with all that is in it. */
const WHOLE = new Set('figure blockquote ul ol table pre dl details picture img video audio'.split(' '))

export function pageBlocks(root: Root): Block[] {
  const blocks: Block[] = []
  const words = proseLength(root)
  walk(root, '', words, blocks)
  return blocks
}

function walk(parent: Parents, classes: string, words: number, blocks: Block[]): void {
  let inline: RootContent[] = []
  const flush = () => {
    add(inline, 'text', classes, blocks)
    inline = []
  }
  for (const child of parent.children as RootContent[]) {
    if (child.type === 'comment' || child.type === 'doctype') continue
    if (!isElement(child)) {
      inline.push(child)
      continue
    }
    if (isAround(child, words)) continue
    if (child.tagName === 'br' && isElement(inline.at(-1), 'br')) flush()
    else if (WHOLE.has(child.tagName)) {
      // A picture in a line of words is a part of it.
      if (child.tagName === 'img' && inline.some(node => visibleText(node) !== '')) inline.push(child)
      else {
        flush()
        add([child], child.tagName, classesOf(child), blocks)
      }
    } else if (hasInner(child)) {
      flush()
      walk(child, classesOf(child), words, blocks)
    } else if (BLOCKS.has(child.tagName)) {
      flush()
      const isAlone = child.children.filter(node => visibleText(node) !== '' || isElement(node)).length === 1
      const only = child.children.find(node => isElement(node)) as Element | undefined
      // A paragraph around a picture is the picture.
      if (isAlone && isElement(only, 'img', 'picture')) add([only], 'img', classesOf(child), blocks)
      else add([child], child.tagName, `${classesOf(child)} ${classes}`, blocks)
    } else inline.push(child)
  }
  flush()
}

function add(nodes: RootContent[], tag: string, classes: string, blocks: Block[]): void {
  const text = visibleText({ type: 'root', children: nodes } as Root)
  const hasPicture = nodes.some(
    node => isElement(node) && (WHOLE.has(node.tagName) || [...elements(node)].some(isMedia)),
  )
  if (text === '' && !hasPicture) return
  const linked = nodes.flatMap(node => (isElement(node) ? linkTexts(node) : [])).join(' ')
  const line = nodes[0]?.position?.start.line ?? 0
  blocks.push({
    text,
    tag,
    nodes,
    line,
    isLinks: text !== '' && linked.replace(/\s/g, '') === text.replace(/\s/g, ''),
    classes,
  })
}

function linkTexts(element: Element): string[] {
  if (element.tagName === 'a') return [visibleText(element)]
  return element.children.flatMap(child => (isElement(child) ? linkTexts(child) : []))
}

function isMedia({ tagName }: Element): boolean {
  return /^(?:img|video|audio|iframe)$/.test(tagName)
}

function hasInner(element: Element): boolean {
  return (
    [...elements(element)].some(({ tagName }) => BLOCKS.has(tagName) || WHOLE.has(tagName)) &&
    !/^h[1-6]$/.test(element.tagName) &&
    element.tagName !== 'p'
  )
}

/** Furniture, unless most of the page's text is in it. */
function isAround(element: Element, words: number): boolean {
  if (ELSEWHERE.has(element.tagName)) return true
  if (element.properties.hidden !== undefined || attribute(element, 'ariaHidden') === 'true') return true
  if (/display:\s*none/i.test(attribute(element, 'style'))) return true
  const names = `${classesOf(element)} ${attribute(element, 'id')} ${attribute(element, 'role')}`
  const isNamed = AROUND.test(names) || element.tagName === 'aside'
  return isNamed && proseLength(element) < words * 0.4 && !/^(?:body|main|article)$/.test(element.tagName)
}

/** Characters of its paragraphs. */
function proseLength(parent: Parents): number {
  let length = 0
  for (const each of elements(parent)) if (each.tagName === 'p') length += visibleText(each).length
  return length
}

/** Each line is a block; in a text of short lines a blank one ends it. */
export function textBlocks(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\f/g, '\n').split('\n')
  const filled = lines.filter(line => line.trim() !== '')
  const wrapped = filled.filter(line => line.length >= 50 && line.length <= 100).length
  const pairs = lines.filter((line, at) => line.trim() !== '' && (lines[at + 1] ?? '').trim() !== '').length
  const isWrapped =
    filled.every(line => line.length <= 100) && wrapped > filled.length * 0.5 && pairs > filled.length * 0.5
  const blocks: Block[] = []
  let open: { words: string[]; line: number } | undefined
  const flush = () => {
    if (open) blocks.push(lineBlock(open.words.join(' '), open.line))
    open = undefined
  }
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') flush()
    else if (isWrapped && open) open.words.push(line.trim())
    else {
      flush()
      open = { words: [line.trim()], line: at + 1 }
    }
  }
  flush()
  return blocks
}

function lineBlock(words: string, line: number): Block {
  const text = words.replace(/[\s\u00a0]+/g, ' ').trim()
  return { text, tag: 'p', nodes: [], line, isLinks: false, classes: '' }
}
