// The tree of an article → Markdown that Broadsheet renders to the same words. A block that would not come out the same
// stays HTML, in which no sign means anything.

import { defaultHandlers, toMdast } from 'hast-util-to-mdast'
import { gfmFootnoteToMarkdown } from 'mdast-util-gfm-footnote'
import { gfmStrikethroughToMarkdown } from 'mdast-util-gfm-strikethrough'
import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { type Options, toMarkdown } from 'mdast-util-to-markdown'
import {
  attribute,
  BLOCKS,
  type Element,
  type ElementContent,
  element,
  elements,
  findElement,
  isElement,
  parseHtml,
  plainHtml,
  type Root,
  type RootContent,
  visibleText,
} from './html-tree.ts'

type MdastNodes = ReturnType<typeof toMdast>
type MdastRoot = Extract<MdastNodes, { type: 'root' }>
type MdastContent = MdastRoot['children'][number]

export interface MarkdownResult {
  readonly markdown: string
  /** Blocks whose words differ once rendered, whatever was tried: what they were. */
  readonly differing: readonly string[]
}

/**
 * @param tree tidied; it is changed
 * @param render Markdown → HTML as readers get it
 */
export function treeToMarkdown(tree: Root, render: (markdown: string) => string): MarkdownResult {
  const blocks = topBlocks(tree)
  const markdown = write(blocks)
  const expected = visibleText({ type: 'root', children: tree.children })
  if (seenOf(render(markdown)) === expected) return { markdown, differing: [] }
  // Which block it is: each by itself, and as HTML where that is needed.
  const notes = tree.children.filter(node => isElement(node, 'footnote-text'))
  const saved = blocks.map(block => {
    if (isElement(block[0], 'footnote-text')) return block
    const own = write(hasNoteMark(block) ? [block, ...notes.map(note => [note])] : [block])
    const parts = hasNoteMark(block) ? [...block, ...notes] : block
    return seenOf(render(own)) === visibleText({ type: 'root', children: parts }) ? block : asHtml(block)
  })
  const second = write(saved)
  const seen = seenOf(render(second))
  if (seen === expected) return { markdown: second, differing: [] }
  // Each block is right by itself, and together they mean something else.
  const third = write(blocks.map(block => (isElement(block[0], 'footnote-text') ? block : asHtml(block))))
  if (seenOf(render(third)) === expected) return { markdown: third, differing: [] }
  return { markdown: second, differing: [firstDifference(expected, seen)] }
}

/** What a reader sees of rendered HTML, without what the renderer adds to footnotes. */
function seenOf(html: string): string {
  const tree = parseHtml(html)
  for (const each of elements(tree)) {
    const isMark = each.tagName === 'sup' && /^fnref/.test(attribute(each, 'id'))
    const isBack = each.tagName === 'a' && visibleText(each) === '↩︎'
    if (isMark || isBack) each.children = []
  }
  return visibleText(tree)
}

function firstDifference(expected: string, seen: string): string {
  const [left, right] = [expected.split(' '), seen.split(' ')]
  const at = left.findIndex((word, index) => word !== right[index])
  const place = at === -1 ? left.length : at
  const around = (words: readonly string[]) => words.slice(Math.max(0, place - 2), place + 6).join(' ')
  return `"${around(left)}" became "${around(right)}"`
}

/** Each block by itself; what is between two blocks is one together. */
function topBlocks(tree: Root): RootContent[][] {
  const blocks: RootContent[][] = []
  let inline: RootContent[] | undefined
  for (const node of tree.children) {
    const isBlock = isElement(node) && BLOCKS.has(node.tagName)
    if (isBlock || node.type === 'comment') {
      inline = undefined
      if (isElement(node, 'div') && !findElement(node, ({ tagName }) => tagName === 'footnote-mark'))
        for (const block of topBlocks({ type: 'root', children: node.children })) blocks.push(block)
      else blocks.push([node])
    } else if (inline) inline.push(node)
    else if (visibleText(node) !== '' || node.type === 'element') {
      inline = [node]
      blocks.push(inline)
    }
  }
  return blocks
}

function hasNoteMark(block: readonly RootContent[]): boolean {
  return block.some(
    node =>
      isElement(node) &&
      (isElement(node, 'footnote-mark') || findElement(node, each => each.tagName === 'footnote-mark')),
  )
}

/** What cannot be a footnote's reference any more stays its number. */
function asHtml(block: readonly RootContent[]): RootContent[] {
  if (hasNoteMark(block)) return [...block]
  const html = block
    .map(node => plainHtml(node))
    .join('')
    .trim()
  const isBlock = block.length === 1 && isElement(block[0]) && BLOCKS.has(block[0].tagName)
  return [rawHtml(isBlock ? html : `<p>${html}</p>`)]
}

function rawHtml(value: string): Element {
  return { type: 'element', tagName: 'raw-html', properties: { value }, children: [] }
}

function write(blocks: readonly (readonly RootContent[])[]): string {
  // All at once: each tree is copied before it is read.
  const children = blocks.flatMap(block =>
    isInline(block[0]) ? [element('p', {}, block as ElementContent[])] : block,
  )
  const tree = toMdast({ type: 'root', children }, toMdastOptions) as MdastRoot
  return tidyAlternatives(
    toMarkdown({ type: 'root', children: tree.children.filter(node => !isNothing(node)) }, toMarkdownOptions),
  )
}

function isInline(node: RootContent | undefined): boolean {
  if (node?.type === 'text') return true
  return isElement(node) && !BLOCKS.has(node.tagName) && node.tagName !== 'raw-html'
}

function isNothing(node: MdastContent): boolean {
  return (
    node.type === 'paragraph' &&
    node.children.every(child => child.type === 'text' && child.value.trim() === '')
  )
}

type Handler = NonNullable<NonNullable<Parameters<typeof toMdast>[1]>['handlers']>[string]

/** Markdown has no sign for it: its tags stay. */
const tagged: Handler = (state, node) => {
  const title = attribute(node, 'title')
  const open = title
    ? `<${node.tagName} title="${title.replace(/["&<>{}[\]\n]/g, ' ')}">`
    : `<${node.tagName}>`
  return [
    { type: 'html', value: open },
    ...state.all(node),
    { type: 'html', value: `</${node.tagName}>` },
  ] as MdastNodes[]
}

const asBlock = (node: Element) => ({ type: 'rawBlock', value: plainHtml(node).trim() }) as never

const blockHandler: Handler = (_, node) => asBlock(node)

const figure: Handler = (state, node) => {
  const caption = findElement(node, ({ tagName }) => tagName === 'figcaption')
  const isPictureOnly = !findElement(
    node,
    ({ tagName }) => BLOCKS.has(tagName) && !/^(?:figcaption|p|div|figure)$/.test(tagName),
  )
  const hasPicture = findElement(node, ({ tagName }) => tagName === 'img') !== undefined
  if (caption && visibleText(caption) !== '' && hasPicture && isPictureOnly && !hasNoteMark([node])) {
    for (const each of [node, ...elements(node)])
      if (each.tagName === 'figure' || each.tagName === 'figcaption')
        each.children = each.children.flatMap(child =>
          isElement(child, 'div', 'p', 'figure') ? child.children : [child],
        )
    return asBlock(node)
  }
  return state.toFlow(state.all(node)) as MdastNodes[]
}

const figcaption: Handler = (state, node) => state.toFlow(state.all(node)) as MdastNodes[]

const table: Handler = (state, node) => {
  const cells = [...elements(node)].filter(({ tagName }) => tagName === 'td' || tagName === 'th')
  const isPlain =
    cells.length > 0 &&
    cells.every(
      cell =>
        Number(attribute(cell, 'colSpan') || 1) === 1 &&
        Number(attribute(cell, 'rowSpan') || 1) === 1 &&
        !findElement(cell, ({ tagName }) => BLOCKS.has(tagName) || tagName === 'br' || tagName === 'table'),
    ) &&
    !findElement(node, ({ tagName }) => tagName === 'caption' || tagName === 'footnote-mark')
  return isPlain ? defaultHandlers.table(state, node) : asBlock(node)
}

/** Markdown counts upwards, in figures. */
const ol: Handler = (state, node) => {
  const isPlain = node.properties.reversed === undefined && /^1?$/.test(attribute(node, 'type'))
  const isNumbered = node.children.some(item => isElement(item, 'li') && item.properties.value !== undefined)
  return (isPlain && !isNumbered) || hasNoteMark([node]) ? defaultHandlers.ol(state, node) : asBlock(node)
}

const toMdastOptions: NonNullable<Parameters<typeof toMdast>[1]> = {
  document: false,
  newlines: false,
  handlers: {
    ...Object.fromEntries(
      ['b', 'i', 's', 'sup', 'sub', 'kbd', 'mark', 'ins', 'small', 'q', 'abbr', 'ruby', 'rt', 'rp'].map(
        tag => [tag, tagged],
      ),
    ),
    ...Object.fromEntries(['dl', 'details', 'audio', 'video', 'math'].map(tag => [tag, blockHandler])),
    figure,
    figcaption,
    table,
    ol,
    'raw-html': (_, node) => ({ type: 'rawBlock', value: attribute(node, 'value') }) as never,
    'footnote-mark': (_, node) =>
      ({
        type: 'footnoteReference',
        identifier: attribute(node, 'label'),
        label: attribute(node, 'label'),
      }) as MdastNodes,
    'footnote-text': (state, node) =>
      ({
        type: 'footnoteDefinition',
        identifier: attribute(node, 'label'),
        label: attribute(node, 'label'),
        children: state.toFlow(state.all(node)),
      }) as MdastNodes,
  },
  nodeHandlers: { comment: () => ({ type: 'rawBlock', value: '<!--more-->' }) as never },
}

/** Nothing in it can mean anything to Markdown, as in most texts: to look for each sign takes longer than all the rest. */
function isPlain(text: string, { before, after }: Info): boolean {
  if (!/^[ \p{L}][\p{L}\p{M}\p{N} ,.;'"’‘“”–—/-]*$/u.test(text)) return false
  return (
    !(text.startsWith(' ') && /^[\r\n]?$/.test(before)) && !(text.endsWith(' ') && /^[\r\n]?$/.test(after))
  )
}

type State = Parameters<NonNullable<NonNullable<Options['handlers']>['text']>>[2]
type Info = Parameters<NonNullable<NonNullable<Options['handlers']>['text']>>[3]

/** Of these, and of words in brackets that an address or a name follows, something else is made. */
const BRACKET_MEANS =
  /^(?:[\^[! xX]|(?:toc|caption|embed|gallery|video|audio|youtube|vimeo|playlist|contact-form|sourcecode|code)\b)|^[^\]]*(?:\](?:[([:]|$)|$)/i

/** `\\[` and `\\]` are a formula's, so that a bracket is one where it means nothing, else a character reference. */
function bracketsOf(text: string, isLabel: boolean): string {
  return text
    .replace(/\\\[/g, (_, at: number) => (isLabel || BRACKET_MEANS.test(text.slice(at + 2)) ? '&#91;' : '['))
    .replace(/\\\]/g, '&#93;')
    .replace(/\\\(/g, '&#40;')
}

function tidyAlternatives(markdown: string): string {
  return markdown.replace(/!\[((?:\\.|[^\]\\\n])*)\](?=\()/g, alt =>
    alt.replace(/(?<!^!)\\\[/g, '&#91;').replace(/\\\]/g, '&#93;'),
  )
}

const IN_TEXT = {
  inConstruct: 'phrasing',
  notInConstruct: ['autolink', 'destinationLiteral', 'destinationRaw'],
} as const

const toMarkdownOptions: Options = {
  bullet: '-',
  rule: '*',
  fence: '`',
  fences: true,
  listItemIndent: 'one',
  resourceLink: false,
  extensions: [
    gfmTableToMarkdown({ tablePipeAlign: false }),
    gfmStrikethroughToMarkdown(),
    gfmFootnoteToMarkdown(),
  ],
  // Signs of the dialects that Broadsheet reads besides Markdown.
  unsafe: [
    { character: '$', ...IN_TEXT } as never,
    { character: '{', ...IN_TEXT } as never,
    { character: '^', ...IN_TEXT } as never,
    ...['=', '+', '%', ':', '?', '!'].map(
      sign => ({ character: sign, after: `\\${sign}`, ...IN_TEXT }) as never,
    ),
    { character: ':', before: '[\\s(]', after: '[a-z0-9_+-]', ...IN_TEXT } as never,
    { atBreak: true, character: ':' },
    { atBreak: true, character: '~' },
  ],
  handlers: {
    rawBlock: (node: { value: string }) => node.value,
    text: (node: { value: string }, _: unknown, state: State, info: Info) =>
      isPlain(node.value, info)
        ? node.value
        : bracketsOf(state.safe(node.value, info), state.stack.includes('label')),
  } as never,
}
