// The blocks below the head of an article → its text, to where the author's box begins, or what comes after articles; and a
// block with a picture → what is said of it, and who made it.

import {
  attribute,
  type Element,
  elements,
  elementsAmong,
  isElement,
  pictureSourceOf,
  visibleText,
} from '../../html-tree.ts'
import { hostOf } from '../../imported.ts'
import { isNameOf, isOfAuthor, roleOf } from './author-box.ts'
import { type Block, ownNames } from './blocks.ts'
import { isNamed, namesOf } from './furniture.ts'
import { type Clutter, COPYRIGHT, creditOf, sameWords, splitCredit, wordCount } from './words.ts'

interface Known {
  /** Of authors. */
  readonly names: readonly string[]
  readonly clutter: Clutter
  /** The picture at the top, which is not shown again. */
  readonly lead: Block | undefined
  /** Name of the site's host. */
  readonly host: string | undefined
}

interface CutBody {
  readonly body: Block[]
  /** From the author's name on. */
  readonly box: Block[]
  /** The rest is for those who pay. */
  readonly isCut: boolean
}

export function cutBody(blocks: readonly Block[], known: Known): CutBody {
  const { names, clutter } = known
  const within = withinText(blocks)
  const body: Block[] = []
  const ended = (box: Block[], isCut = false) => ({ body: tidied(body, known), box, isCut })
  const continues = goesOn(within, names)
  let isTeaser = false
  for (const [at, block] of within.entries()) {
    const { text, tag } = block
    // Headlines below a mark that was in the middle.
    if (isTeaser && !isSentence(block)) continue
    isTeaser = false
    if (clutter.cut.test(text)) return ended(authorsBox(blocks.slice(blocks.indexOf(block)), names), true)
    if (isOfAuthor(block, names)) continue
    const isName = names.some(name => isNameOf(text.replace(/^[（(](.*)[)）]$/u, '$1'), name, clutter))
    if (body.length > 0 && isName) return ended(blocks.slice(blocks.indexOf(block)))
    const isEnd = clutter.end.test(text)
    if (isEnd && continues(at)) {
      isTeaser = true
      continue
    }
    if (isEnd || COPYRIGHT.test(text)) return ended(authorsBox(blocks.slice(blocks.indexOf(block)), names))
    if (clutter.tags.test(text) && tagsIn(block, clutter).length > 0) continue
    if (isNamed(ownNames(block), 'tags') && !isSentence(block)) continue
    if (/^h[1-6]$/.test(tag) || text !== '' || block.nodes.length > 0) body.push(block)
  }
  const { body: rest, box } = splitBiography(tidied(body, known), names)
  return {
    body: rest,
    box: box.length > 0 ? box : authorsBox(blocks.slice(blocks.indexOf(body.at(-1)!) + 1), names),
    isCut: false,
  }
}

/** 'Topics: ferries, quay' below the text, or links behind such a label. */
export function tagsBelow(blocks: readonly Block[], clutter: Clutter): string[] {
  return (
    blocks
      .toReversed()
      .map(block => tagsIn(block, clutter))
      .find(tags => tags.length > 0) ?? []
  )
}

function tagsIn({ text, nodes }: Block, clutter: Clutter): string[] {
  const words = text.length > 600 ? undefined : clutter.tags.exec(text)?.[1]
  if (words === undefined) return []
  const links = elementsAmong(nodes).filter(({ tagName }) => tagName === 'a')
  const tags = links.length > 0 ? links.map(visibleText) : words.split(/\s*[,;|、，]\s*|\s+#/)
  const bare = [...new Set(tags.map(tag => tag.replace(/^[\s#]+|[\s.]+$/g, '')).filter(Boolean))]
  return bare.length <= 20 && bare.every(tag => wordCount(tag) <= 5 && tag.length <= 50) ? bare : []
}

/** Blocks behind the element that holds the text stay only where they look the same as its paragraphs. */
function withinText(blocks: readonly Block[]): Block[] {
  const inside = blocks.filter(block => block.inBody && isSentence(block))
  const last = blocks.findLastIndex(block => block.inBody && isSentence(block))
  if (inside.length < 3) return [...blocks]
  const looks = new Set(inside.map(lookOf))
  const next = blocks.findIndex(
    (block, at) =>
      at > last && !block.inBody && (block.tag === 'h1' || !looks.has(lookOf(block))) && isSentence(block),
  )
  const until = next === -1 ? blocks.length : next
  const lastAlike = blocks.findLastIndex(
    (block, at) => at < until && !block.inBody && at > last && isSentence(block),
  )
  return blocks.slice(0, Math.max(lastAlike + 1, lastInBody(blocks) + 1))
}

function lastInBody(blocks: readonly Block[]): number {
  return blocks.findLastIndex(({ inBody }) => inBody)
}

function lookOf(block: Block): string {
  return `${block.tag} ${ownNames(block)}`
}

/**
 * 'Top Stories' in the middle of a text: whole paragraphs follow, and only then the author's box.
 *
 * @returns whether that is so behind the block of an index
 */
function goesOn(blocks: readonly Block[], names: readonly string[]): (at: number) => boolean {
  // From each block on: sentences before the next name, or before a copyright line that comes first; -1 where no name follows.
  const sentences = new Array<number>(blocks.length + 1).fill(-1)
  for (let at = blocks.length - 1; at >= 0; at--) {
    const { text } = blocks[at]!
    const behind = sentences[at + 1]!
    if (names.some(name => sameWords(text, name))) sentences[at] = 0
    else if (behind === -1) sentences[at] = -1
    else sentences[at] = COPYRIGHT.test(text) ? 0 : behind + Number(isSentence(blocks[at]!))
  }
  return at => sentences[at + 1]! >= 2
}

function isSentence({ text, isLinks }: Block): boolean {
  return (
    !isLinks && (wordCount(text) >= 10 || text.length >= 60) && /[.!?…।۔。！？][”"’»“」』)）]*$/u.test(text)
  )
}

/** Behind the end: the box comes later. */
function authorsBox(blocks: readonly Block[], names: readonly string[]): Block[] {
  const at = blocks.findIndex(({ text }) =>
    names.some(name => sameWords(text.replace(/^written by\s+/i, ''), name)),
  )
  if (at !== -1) return blocks.slice(at)
  const about = blocks.findIndex(
    ({ text, isLinks }) =>
      !isLinks && wordCount(text) >= 6 && names.some(name => text.startsWith(`${name} `)),
  )
  return about === -1 ? [] : blocks.slice(about)
}

/** A last paragraph about the author: 'Anna Berg, a reporter at The Post, has covered …' */
function splitBiography(body: Block[], names: readonly string[]): { body: Block[]; box: Block[] } {
  const last = body.at(-1)
  const isAbout =
    last &&
    names.some(name => last.text.startsWith(name)) &&
    roleOf(last.text) !== undefined &&
    body.length > 2
  return isAbout ? { body: body.slice(0, -1), box: [last] } : { body, box: [] }
}

/** Without pictures of authors, quotations that only repeat the text, lists of other articles; links and single words at the end are the page's. */
function tidied(body: readonly Block[], { lead, host }: Known): Block[] {
  const shown = new Set(lead ? picturesIn(lead).map(img => pictureName(attribute(img, 'src'))) : [])
  // More of them than any article has are not pull quotes, and take long.
  const quotes = body.filter(({ tag }) => tag === 'blockquote').length
  const texts = quotes > MAX_PULL_QUOTES ? [] : body.filter(isSentence).map(({ text }) => bare(text))
  const out = body.filter(block => {
    if (block.tag === 'blockquote' && repeats(block, texts)) return false
    if (block === lead || isListOfArticles(block, host)) return false
    const pictures = picturesIn(block)
    if (block.text !== '' || pictures.length === 0) return true
    return (
      pictures.some(img => !isTiny(img)) &&
      !pictures.every(img => shown.has(pictureName(attribute(img, 'src'))))
    )
  })
  while (out.length > 1) {
    const { isLinks, text, tag, nodes } = out.at(-1)!
    const isWord =
      wordCount(text) < 3 &&
      text.length < 30 &&
      !/[.!?।。]$/u.test(text) &&
      (nodes.length === 0 || !/^(?:figure|img|picture|iframe|video|audio|table)$/.test(tag))
    if (!isLinks && !isWord && !/^h[1-6]$/.test(tag)) break
    if (isLinks && /^https?:/.test(text)) break
    out.pop()
  }
  return out
}

const MAX_PULL_QUOTES = 40

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/** A pull quote. */
function repeats({ text }: Block, texts: readonly string[]): boolean {
  const words = bare(text)
  return words !== '' && texts.some(other => other !== words && ` ${other} `.includes(` ${words} `))
}

/** Headlines of the same site, each a link. */
function isListOfArticles({ tag, isLinks, nodes, text }: Block, host: string | undefined): boolean {
  if (!isLinks || /^(?:figure|blockquote|h[12])$/.test(tag) || /[.!?।。…]$/u.test(text)) return false
  const links = elementsAmong(nodes).filter(({ tagName }) => tagName === 'a')
  const isOwn = links.every(link => [undefined, host].includes(hostOf(attribute(link, 'href'))))
  return isOwn && links.length > 0 && links.every(link => wordCount(visibleText(link)) >= 3)
}

// ─── Pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface PictureWords {
  readonly caption: string | undefined
  readonly credit: string | undefined
}

/** Of one picture and the words in its element, which may name the credit in an element of its own. */
export function pictureWords({ nodes, text }: Pick<Block, 'nodes' | 'text'>, clutter: Clutter): PictureWords {
  const all = elementsAmong(nodes)
  const captions = outermost(all.filter(each => each.tagName === 'figcaption'))
  const named =
    captions.length > 0
      ? captions
      : outermost(all.filter(each => !hasPicture(each) && isNamed(namesOf(each), 'caption')))
  const credits = outermost(
    all.filter(
      each =>
        !hasPicture(each) &&
        each.tagName !== 'figcaption' &&
        (each.tagName === 'cite' || isNamed(namesOf(each), 'credit')),
    ),
  ).filter(each => !named.includes(each) && visibleText(each) !== '')
  const own = credits.map(each => creditOf(visibleText(each), clutter)).filter(words => words !== '')
  const within = (named.length > 0 ? named : nodes.filter(node => isElement(node))) as readonly Element[]
  const words = within
    .map(each => wordsWithout(each, credits, clutter))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
  const last = own.length === 0 ? lastOf(within) : undefined
  const read = last
    ? { caption: words.slice(0, -last.length).trim(), credit: creditOf(last, clutter) }
    : splitCredit(named.length === 0 && within.length === 0 ? text : words, clutter)
  const caption = read.caption.replace(clutter.label, '').replace(/\s*[|–—-]$/u, '')
  const credit =
    own.join(', ') || read.credit || (named.length > 0 ? besides(all, named, clutter) : undefined)
  return { caption: caption || undefined, credit: credit || undefined }
}

/** 'The quay.' in one element, and a name without a full stop in the next. */
function lastOf(captions: readonly Element[]): string | undefined {
  const children = captions.flatMap(({ children }) => children).filter(child => visibleText(child) !== '')
  const [before, last] = children.slice(-2)
  if (!isElement(before) || !isElement(last) || children.length < 2) return undefined
  const name = visibleText(last)
  return /[.!?…”"]$/u.test(visibleText(before)) && wordCount(name) <= 6 && !/[.!?…]$/u.test(name)
    ? name
    : undefined
}

/** A few words on the picture, outside of its caption, are who made it. */
function besides(
  all: readonly Element[],
  captions: readonly Element[],
  clutter: Clutter,
): string | undefined {
  const inCaption = new Set(elementsAmong(captions))
  const texts = all
    .filter(each => !inCaption.has(each) && !/^(?:button|summary|details|noscript|a)$/.test(each.tagName))
    .filter(each => each.children.every(child => child.type === 'text'))
    .map(each => visibleText(each))
  return texts.find(
    text =>
      text !== '' &&
      wordCount(text) <= 6 &&
      !/^(?:[\d/ ]|.*\?$)/.test(text) &&
      !clutter.drop.test(text) &&
      creditOf(text, clutter) === text,
  )
}

function hasPicture(element: Element): boolean {
  return elementsAmong([element]).some(({ tagName }) => /^(?:img|video|picture)$/.test(tagName))
}

function outermost(found: readonly Element[]): Element[] {
  const inner = new Set(found.flatMap(each => [...elements(each)]))
  return found.filter(each => !inner.has(each))
}

/** The words of an element, without those of the credit and of buttons and links such as 'Purchase rights'. */
function wordsWithout(element: Element, credits: readonly Element[], clutter: Clutter): string {
  const gone = new Set([...credits, ...[...elements(element)].filter(each => isControl(each, clutter))])
  const read = (node: Element): string =>
    node.children
      .map(child =>
        child.type === 'text' ? child.value : isElement(child) && !gone.has(child) ? read(child) : ' ',
      )
      .join('')
  return gone.size === 0 ? visibleText(element) : read(element)
}

function isControl(element: Element, clutter: Clutter): boolean {
  if (/^(?:button|noscript|svg|script|style)$/.test(element.tagName)) return true
  return element.tagName === 'a' && clutter.drop.test(visibleText(element))
}

/** The file that a picture shows, without its size and the service that makes it. */
export function pictureName(src: string): string {
  const path = src.replace(/[?#].*$/s, '').replace(/\/+$/, '')
  return path
    .slice(path.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(
      /[-_](?:\d+x\d+|w?\d{3,4}|scaled|facebookjumbo|articlelarge|superjumbo|large|medium|small)(?=\.\w+$|$)/g,
      '',
    )
    .replace(/\.\w+$/, '')
}

function picturesIn({ nodes }: Block): Element[] {
  return elementsAmong(nodes).filter(({ tagName }) => tagName === 'img')
}

export function isSamePicture(block: Block, other: Block): boolean {
  const names = pictureNames(other)
  return pictureNames(block).some(name => names.includes(name))
}

/** Of files, also of those that a script would load. */
export function pictureNames(block: Block): string[] {
  return picturesIn(block).flatMap(img =>
    ['src', 'dataSrc', 'dataOriginal', 'dataSrcset', 'srcSet']
      .map(key => String(img.properties[key] ?? '').split(/[\s,]+/)[0]!)
      .filter(src => src !== '' && !src.startsWith('data:'))
      .map(pictureName),
  )
}

function isTiny(picture: Element): boolean {
  const sides = [attribute(picture, 'width'), attribute(picture, 'height')].map(Number)
  return sides.some(side => side > 0 && side <= 40) || pictureSourceOf(picture) === undefined
}
