// The body of an imported article → Markdown, with what did not survive. What the front matter says already is not repeated.

import { default as Markdown, type MarkdownIt } from 'markdown-it'
import {
  type Element,
  type ElementContent,
  isElement,
  type Parents,
  parseHtml,
  type Root,
  type RootContent,
  visibleText,
} from './html-tree.ts'
import type { Finding, ImportedArticle, ImportedPicture } from './imported.ts'
import { tidyTree } from './tidy-tree.ts'
import { treeToMarkdown } from './tree-to-markdown.ts'

export interface ConvertOptions {
  /** Address of the article. */
  readonly base: string | undefined
  /** A link → what is written. */
  link(url: string): string
  /** The address of a picture → what is written. */
  picture(url: string): string
  /** Markdown → HTML as readers get it. */
  render(markdown: string): string
  find(finding: Finding): void
}

export interface ConvertedBody {
  readonly markdown: string
  /** The article's, or its first words. */
  readonly title: string
  readonly image: ImportedPicture | undefined
}

export function convertBody(article: ImportedArticle, options: ConvertOptions): ConvertedBody {
  const { body, place } = article
  const lead = article.image && { ...article.image, src: options.picture(article.image.src) }
  let title = article.title.trim()
  if (body.syntax === 'markdown') {
    const missing = missingWords(body.text, options.render(body.text))
    if (missing !== '')
      options.find({
        ...place,
        kind: 'texts that changed',
        message: `the text is not the same: "${missing}" is not shown`,
        needsPerson: true,
      })
    return { markdown: body.text, title: title || 'Untitled', image: lead }
  }
  const lineOf = (line: number) => (body.line === 0 ? place.line : body.line + line - 1)
  const written: string[] = []
  let image = lead
  for (const piece of piecesOf(body.text)) {
    const tree = parseHtml(piece.html, { positions: true })
    const lost = (kind: string, message: string, line: number) =>
      options.find({ file: place.file, line: lineOf(piece.line + line - 1), kind, message })
    tidyTree(tree, { ...options, lost })
    if (piece.line === 1) image = withoutRepeated(tree, article, lead)
    if (title === '') {
      title = firstWords(visibleText(tree)) || 'Untitled'
      options.find({
        ...place,
        kind: 'articles without a title',
        message: `has no title: "${title}" is used`,
      })
    }
    forgetPositions(tree)
    const { markdown, differing } = treeToMarkdown(tree, options.render)
    const kind = 'texts that changed'
    for (const message of differing)
      options.find({ ...place, kind, message: `the text is not the same: ${message}`, needsPerson: true })
    // Two lists in turn would be one.
    const before = written.at(-1)?.trimEnd()
    if (
      before !== undefined &&
      LIST_ITEM.test(markdown) &&
      IN_LIST.test(before.slice(before.lastIndexOf('\n') + 1))
    )
      written.push('<!-- -->\n')
    if (markdown.trim() !== '') written.push(markdown)
  }
  const markdown = written.join('\n')
  if (markdown.length > MAX_ARTICLE_CHARACTERS)
    options.find({
      ...place,
      kind: 'texts that are too long',
      message: `has ${Math.round(markdown.length / 1e6)} MB of text; an article of more than 10 MB is not built: divide it`,
      needsPerson: true,
    })
  return { markdown, title, image }
}

/** What `build` refuses, less the front matter. */
const MAX_ARTICLE_CHARACTERS = 9_990_000
const LIST_ITEM = /^(?:[-*+]|\d{1,9}[.)])[ \t]/
const IN_LIST = /^(?:[-*+]|\d{1,9}[.)])?[ \t]+/

/** A part of a text that can be read by itself, and the line of it that it begins on: 1-based. */
interface Piece {
  readonly html: string
  readonly line: number
}

/** Characters that a text may have to be read whole: its trees take eighty times as much memory. */
const MAX_WHOLE_CHARACTERS = 1_000_000
/** A longer one is read in pieces of at least so many. */
const PIECE_CHARACTERS = 300_000

/** Between two blocks, where no element is open. What has footnotes, or tags that are not in order, stays whole from there on. */
function piecesOf(html: string): Piece[] {
  if (html.length <= MAX_WHOLE_CHARACTERS || FOOTNOTE.test(html)) return [{ html, line: 1 }]
  const pieces: Piece[] = []
  const open: string[] = []
  let start = 0
  let line = 1
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    TAG_NAME.lastIndex = at
    const [, slash, written] = TAG_NAME.exec(html) ?? []
    if (written === undefined) {
      const isRemark = html.startsWith('<!--', at)
      at = isRemark ? html.indexOf('-->', at) : at + 1
      if (at === -1) break
      continue
    }
    const name = written.toLowerCase()
    if (slash === '' && open.length === 0 && CUT_BEFORE.has(name) && at - start >= PIECE_CHARACTERS) {
      const piece = html.slice(start, at)
      pieces.push({ html: piece, line })
      line += piece.split('\n').length - 1
      start = at
    }
    if (slash === '/' && open.pop() !== name) break
    if (slash === '' && !VOID.has(name)) open.push(name)
    at = tagEnd(html, at)
    if (slash === '' && RAW.has(name)) at = html.indexOf(`</${written}`, at)
    if (at === -1) break
  }
  return [...pieces, { html: html.slice(start), line }]
}

const TAG_NAME = /<(\/?)([a-zA-Z][^\s/>]*)/y

/** @returns -1 where it has none */
function tagEnd(html: string, start: number): number {
  for (let at = start; at !== -1 && at < html.length; at++) {
    const sign = html[at]!
    if (sign === '>') return at + 1
    if (sign === '"' || sign === "'") at = html.indexOf(sign, at + 1)
    if (at === -1) return -1
  }
  return -1
}

const FOOTNOTE =
  /(?:href|id|name)\s*=\s*["']?#?_?(?:fn|ftn|foot-?note|note|ref|cite|sdfootnote|easy-footnote)/i
const CUT_BEFORE = new Set('p h1 h2 h3 h4 h5 h6 div figure blockquote table pre ul ol'.split(' '))
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
const RAW = new Set('script style textarea title xmp iframe noembed noframes svg math template'.split(' '))

/** The tree is copied on its way to Markdown, and most of what its nodes hold is their places in the source. */
function forgetPositions(parent: Parents): void {
  for (const node of parent.children) {
    node.position = undefined
    if ('children' in node) forgetPositions(node)
  }
}

/** Words that any reader of Markdown shows, and that are not in the HTML. @returns the first that are missing; '' for none */
function missingWords(markdown: string, html: string): string {
  commonMark ??= new Markdown({ html: true })
  const wordsOf = (page: string) => visibleText(parseHtml(page)).match(/[\p{L}\p{N}]+/gu) ?? []
  const shown = new Map<string, number>()
  for (const word of wordsOf(html.replace(/<sup id="fnref[^>]*>.*?<\/sup>/g, ' ')))
    shown.set(word, (shown.get(word) ?? 0) + 1)
  // A footnote's mark is a number there.
  const plain = markdown.replace(/\[\^[^\]\n]*\]:?/g, ' ')
  const missing = wordsOf(commonMark.render(plain)).filter(word => {
    const left = shown.get(word) ?? 0
    shown.set(word, left - 1)
    return left <= 0
  })
  return missing.slice(0, 8).join(' ')
}

let commonMark: MarkdownIt | undefined

/** A title, a summary or a lead picture that the body begins with would be there twice. */
function withoutRepeated(
  tree: Root,
  article: ImportedArticle,
  lead: ImportedPicture | undefined,
): ImportedPicture | undefined {
  let image = lead
  for (let at = 0; at < tree.children.length; ) {
    const node = tree.children[at]!
    const words = visibleText(node)
    const isTitle = isElement(node, 'h1', 'h2', 'h3', 'h4') && isSame(words, article.title)
    const isSummary = isElement(node, 'h2', 'h3', 'h4', 'h5', 'h6') && isSame(words, article.summary)
    const picture = isElement(node, 'figure', 'p', 'img') ? onlyPicture(node) : undefined
    const isLead = picture !== undefined && sameFile(String(picture.properties.src), lead?.src)
    // A line above it is drawn by the system.
    const isLine = node.type === 'element' && node.tagName === 'hr'
    if (isTitle || isSummary || isLead || isLine) {
      tree.children.splice(at, 1)
      if (isLead && image) {
        const { alt = String(picture.properties.alt ?? ''), caption = words } = image
        image = { ...image, alt: alt || String(picture.properties.alt ?? ''), caption: caption || words }
      }
    } else if (words !== '' || node.type === 'element') break
    else at++
  }
  return image
}

function onlyPicture(node: RootContent): Element | undefined {
  if (isElement(node, 'img')) return node
  const children = 'children' in node ? (node.children as ElementContent[]) : []
  const inside = children.filter(child => !(child.type === 'text' && child.value.trim() === ''))
  const isOnly = inside.slice(1).every(child => isElement(child, 'figcaption'))
  return isOnly && inside[0] ? onlyPicture(inside[0]) : undefined
}

function sameFile(left: string, right: string | undefined): boolean {
  // A service that makes pictures smaller says how in the middle of the address.
  const bare = (url: string) =>
    url
      .replace(/[?#].*$/s, '')
      .replace(/\/cdn-cgi\/image\/[^/]*(?=\/)/, '')
      .replace(/-\d+x\d+(?=\.\w+$)/, '')
  return right !== undefined && bare(left) === bare(right)
}

function isSame(words: string, other: string | undefined): boolean {
  return other !== undefined && other.trim() !== '' && words === other.replace(/\s+/g, ' ').trim()
}

/** Up to sixty characters, whole words. */
function firstWords(text: string): string {
  if (text.length <= 60) return text
  return `${text.slice(0, 60).replace(/\s+\S*$/, '')}…`
}
