// A block with a picture → what is said of it, and who made it.

import {
  attribute,
  type Element,
  elements,
  isElement,
  pictureSourceOf,
  visibleText,
} from '../../html-tree.ts'
import type { Block } from './blocks.ts'
import type { Clutter } from './clutter.ts'
import { isNamed, namesOf } from './furniture.ts'
import { creditOf, splitCredit, wordCount } from './words.ts'

export interface PictureWords {
  readonly caption: string | undefined
  readonly credit: string | undefined
}

/** Of one picture and the words in its element, which may name the credit in an element of its own. */
export function pictureWords({ nodes, text }: Pick<Block, 'nodes' | 'text'>, clutter: Clutter): PictureWords {
  const all = nodes.flatMap(node => (isElement(node) ? [node, ...elements(node)] : []))
  const captions = outermost(all.filter(each => each.tagName === 'figcaption'))
  const named =
    captions.length > 0
      ? captions
      : outermost(all.filter(each => !holdsPicture(each) && isNamed(namesOf(each), 'caption')))
  const credits = outermost(
    all.filter(
      each =>
        !holdsPicture(each) &&
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
  const inCaption = new Set(captions.flatMap(each => [each, ...elements(each)]))
  const texts = all
    .filter(each => !inCaption.has(each) && !/^(?:button|summary|details|noscript|a)$/.test(each.tagName))
    .filter(each => each.children.every(child => child.type === 'text'))
    .map(each => visibleText(each))
  const found = texts.find(
    text =>
      text !== '' &&
      wordCount(text) <= 6 &&
      !/^(?:[\d/ ]|.*\?$)/.test(text) &&
      !clutter.drop.test(text) &&
      creditOf(text, clutter) === text,
  )
  return found
}

function holdsPicture(element: Element): boolean {
  return [element, ...elements(element)].some(({ tagName }) => /^(?:img|video|picture)$/.test(tagName))
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

export function picturesIn(block: Block): Element[] {
  return block.nodes
    .flatMap(node => (isElement(node) ? [node, ...elements(node)] : []))
    .filter(({ tagName }) => tagName === 'img')
}

export function isTiny(picture: Element): boolean {
  const sides = [attribute(picture, 'width'), attribute(picture, 'height')].map(Number)
  return sides.some(side => side > 0 && side <= 40) || pictureSourceOf(picture) === undefined
}
