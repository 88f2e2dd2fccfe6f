// A page or a text → its blocks in the order of reading, each a line of words and, on a page, the nodes that show it.

import {
  attribute,
  BLOCKS,
  type Element,
  elements,
  elementsAmong,
  findElement,
  isElement,
  type Parents,
  type Root,
  type RootContent,
  visibleText,
} from '../../html-tree.ts'
import { namesOf, type PageTree } from './furniture.ts'
import { type Clutter, wordCount } from './words.ts'

export interface Block {
  /** White space folded. */
  readonly text: string
  /** 'p', 'h1', 'figure', 'blockquote', 'ul', 'text' …; 'around' for furniture. */
  readonly tag: string
  readonly nodes: readonly RootContent[]
  /** 1-based, in the page. */
  readonly line: number
  /** All of its words are links. */
  readonly isLinks: boolean
  /** Of its element, of the one around it and so on, with ' / ' between them: classes, ids, roles. */
  readonly names: string
  /** Within the element that holds most of the text. */
  readonly inBody: boolean
}

/** Names of its element and of the one around it. */
export function ownNames({ names }: Block): string {
  return names.split(' / ').slice(0, 2).join(' / ')
}

/** One block each, with all that is in it. */
const WHOLE = new Set(
  'figure blockquote ul ol table pre dl details picture img video audio iframe embed object'.split(' '),
)

/** @param part of the page that is read */
export function pageBlocks(part: Parents, tree: PageTree): Block[] {
  const blocks: Block[] = []
  const inBody = tree.body !== undefined && isElement(part as Element) && contains(tree.body, part as Element)
  walk(part, { names: '', inBody, tree, blocks })
  return blocks
}

function contains(outer: Element, inner: Element): boolean {
  return elementsAmong([outer]).includes(inner)
}

interface Walk {
  /** Of the elements around. */
  readonly names: string
  readonly inBody: boolean
  readonly tree: PageTree
  readonly blocks: Block[]
}

function walk(parent: Parents, around: Walk): void {
  const { tree } = around
  let inline: RootContent[] = []
  const flush = () => {
    add(inline, 'text', around)
    inline = []
  }
  for (const child of parent.children as RootContent[]) {
    if (child.type === 'comment' || child.type === 'doctype') continue
    if (!isElement(child)) {
      inline.push(child)
      continue
    }
    if (tree.isElsewhere(child)) continue
    const own = namesOf(child)
    const within = {
      ...around,
      names: `${own} / ${around.names.slice(0, 200)}`,
      inBody: around.inBody || child === tree.body,
    }
    if (tree.isAround(child)) {
      flush()
      add([child], 'around', within)
      continue
    }
    if (child.tagName === 'br' && isElement(inline.at(-1), 'br')) flush()
    else if (isWhole(child)) {
      // A picture in a line of words is a part of it.
      if (child.tagName === 'img' && inline.some(node => visibleText(node) !== '')) inline.push(child)
      else {
        flush()
        add([child], child.tagName, within)
      }
    } else if (hasInner(child)) {
      flush()
      // A link around a headline and its teaser.
      if (isElement(child, 'a') && visibleText(child) !== '' && tree.isOwn(attribute(child, 'href')))
        add([child], 'a', within)
      else walk(child, within)
    } else if (BLOCKS.has(child.tagName)) {
      flush()
      const isAlone = child.children.filter(node => visibleText(node) !== '' || isElement(node)).length === 1
      const only = child.children.find(node => isElement(node)) as Element | undefined
      // A paragraph around a picture is the picture.
      if (isAlone && isElement(only, 'img', 'picture')) add([only], 'img', within)
      else if (isBroken(child)) walk(child, within)
      else add([child], child.tagName, within)
    } else inline.push(child)
  }
  flush()
}

/** A table that only lays out the page is no table, and a list of pictures or of stories no list. */
function isWhole(element: Element): boolean {
  if (!WHOLE.has(element.tagName)) return false
  if (element.tagName === 'ul' || element.tagName === 'ol')
    return !findElement(element, ({ tagName }) => /^(?:figure|article|h[1-4])$/.test(tagName))
  if (element.tagName !== 'table') return true
  const cells = [...elements(element)].filter(({ tagName }) => tagName === 'td')
  return !cells.some(cell => {
    const inside = [...elements(cell)]
    if (inside.some(({ tagName }) => tagName === 'table' || tagName === 'h1')) return true
    const breaks = inside.filter(({ tagName }) => tagName === 'br' || tagName === 'p').length
    return visibleText(cell).length > 600 && breaks > 5
  })
}

/** Paragraphs of which only line breaks tell. */
function isBroken(element: Element): boolean {
  return (
    !/^(?:h[1-6]|li)$/.test(element.tagName) &&
    element.children.some((node, at) => isElement(node, 'br') && nextOf(element, at)?.tagName === 'br')
  )
}

function nextOf(element: Element, at: number): Element | undefined {
  const rest = element.children.slice(at + 1)
  const next = rest.find(node => !(node.type === 'text' && node.value.trim() === ''))
  return isElement(next) ? next : undefined
}

function add(nodes: RootContent[], tag: string, { names, inBody, blocks }: Walk): void {
  const text = visibleText({ type: 'root', children: nodes } as Root)
  const hasMedia = elementsAmong(nodes).some(isMedia)
  if (text === '' && (!hasMedia || tag === 'around')) return
  const linked = nodes.flatMap(node => (isElement(node) ? linkTexts(node) : [])).join(' ')
  const line = nodes[0]?.position?.start.line ?? nodes.find(node => node.position)?.position?.start.line ?? 0
  const isLinks = linked !== '' && lettersOf(linked) === lettersOf(text)
  blocks.push({ text, tag, nodes, line, isLinks, names: names.trim(), inBody })
}

/** Brackets and arrows around a link make no sentence of it. */
function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}.!?]+/gu, '')
}

function linkTexts(element: Element): string[] {
  if (element.tagName === 'a') return [visibleText(element)]
  return element.children.flatMap(child => (isElement(child) ? linkTexts(child) : []))
}

function isMedia({ tagName }: Element): boolean {
  return /^(?:img|video|audio|iframe|embed|object)$/.test(tagName)
}

function hasInner(element: Element): boolean {
  return (
    [...elements(element)].some(({ tagName }) => BLOCKS.has(tagName) || WHOLE.has(tagName)) &&
    !/^h[1-6]$/.test(element.tagName) &&
    element.tagName !== 'p'
  )
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
  return { text, tag: 'p', nodes: [], line, isLinks: false, names: '', inBody: true }
}

/** A paragraph of a text, rather than a part of its head. */
export function isProse({ text, tag, isLinks, inBody }: Block): boolean {
  if (isLinks) return false
  if (/^(?:blockquote|ul|ol|table|pre)$/.test(tag)) return inBody
  if (/[.!?。！？]$/u.test(text) && lengthOfScript(text) >= 22) return true
  return wordCount(text) >= 12 || text.length > 90 || (wordCount(text) <= 2 && text.length > 30)
}

/** Signs of scripts that write a syllable or a word in each. */
function lengthOfScript(text: string): number {
  return text.match(SYLLABLES)?.length ?? 0
}

const SYLLABLES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

/** Above the text each line is a block of its own: headline, byline and date may be one paragraph with breaks in it. */
export function withHeadLines(blocks: readonly Block[]): Block[] {
  const text = blocks.findIndex(block => isProse(block) && !linesOf(block) && !piecesOf(block))
  return blocks.flatMap((block, at) => {
    if (at >= text) return [block]
    const pieces = piecesOf(block)
    if (pieces) return pieces
    const lines = linesOf(block)
    return lines ? lines.map(line => ({ ...block, tag: 'p', text: line, nodes: [] })) : [block]
  })
}

/** Elements side by side in a line, with nothing but white space between them, are a fact each; a label belongs to what follows. */
function piecesOf(block: Block): Block[] | undefined {
  if (!/^(?:text|p|div|td|center|ul)$/.test(block.tag) || block.text.length > LINE_CHARACTERS)
    return undefined
  let nodes = block.nodes
  while (nodes.length === 1 && isElement(nodes[0]) && /^(?:p|div|td|span|center|ul)$/.test(nodes[0].tagName))
    nodes = nodes[0].children
  const pieces: RootContent[][] = [[]]
  for (const node of nodes) {
    const before = pieces.at(-1)!.findLast(each => visibleText(each) !== '')
    const isBoundary = isElement(node) && isElement(before) && visibleText(node) !== ''
    if (isBoundary && !/^(?:b|i|em|strong|sup|sub|a)$/.test(node.tagName)) pieces.push([node])
    else pieces.at(-1)!.push(node)
  }
  if (pieces.length < 2) return undefined
  return pieces.map(own => {
    const text = visibleText({ type: 'root', children: own } as Root)
    return { ...block, text, tag: 'p', nodes: own, isLinks: false }
  })
}

/** Longer ones are paragraphs of a text. */
const LINE_CHARACTERS = 160

function linesOf({ nodes, tag }: Block): string[] | undefined {
  if (!/^(?:text|p|div|td|center)$/.test(tag)) return undefined
  const read = (node: RootContent): string => {
    if (node.type === 'text') return node.value.replace(/\s+/g, ' ')
    if (node.type !== 'element') return ''
    return node.tagName === 'br' ? '\n' : node.children.map(read).join('')
  }
  const lines = nodes
    .map(read)
    .join('')
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  return lines.length > 1 && lines.every(line => line.length <= LINE_CHARACTERS) ? lines : undefined
}

/** What is in a quotation was said by somebody. */
export function withoutClutter(blocks: readonly Block[], clutter: Clutter): Block[] {
  const kept: Block[] = []
  let isAfterTeaser = false
  for (const block of blocks) {
    const { tag, isLinks } = block
    // A sign may precede a line: '▶ Also read'.
    const text = block.text.replace(/^[^\p{L}\p{N}\p{Ps}"“«‘'#]+(?=\p{L}|\p{Ps})/u, '')
    if (tag === 'around' || /^\S+@\S+\.\w+$/.test(text)) continue
    if (/^(?:blockquote|figure|img|picture|pre|iframe|video|audio|embed|object)$/.test(tag)) {
      kept.push(block)
      isAfterTeaser = false
      continue
    }
    // A headline of another article: no sentence, or nothing but a link.
    const isHeadline = isLinks || (text.length < 140 && !/[.!?…।۔"”’]$/u.test(text) && !/^h[1-6]$/.test(tag))
    if (isAfterTeaser && isHeadline) {
      isAfterTeaser = isLinks && tag !== 'ul'
      continue
    }
    isAfterTeaser = clutter.dropWithLinks.test(text)
    if (isAfterTeaser) continue
    if (clutter.drop.test(text) && !clutter.end.test(text)) continue
    if (clutter.dropBeginning.test(text) && (isLinks || text.length < 160)) continue
    if (clutter.dropWithLinks.test(text.replace(/\s*[|:–—-].*$/u, '')) && isHeadline) continue
    if (/^[_\s]+$/.test(text) || isRowOfButtons(block, clutter)) continue
    // 'Investigation | How the jetty was lost'
    if (/^\p{Lu}[\p{L} ]{2,25} \| \S/u.test(text) && isHeadline && wordCount(text) > 4) continue
    kept.push(block)
  }
  return kept
}

/** A list of which each item is furniture. */
function isRowOfButtons({ tag, nodes }: Block, clutter: Clutter): boolean {
  if (tag !== 'ul' && tag !== 'ol') return false
  const items = nodes
    .flatMap(node => (isElement(node) ? [...elements(node)] : []))
    .filter(({ tagName }) => tagName === 'li')
  return (
    items.length > 0 && items.every(item => clutter.drop.test(visibleText(item)) || visibleText(item) === '')
  )
}
