// The blocks of a page → which of them is the headline.

import { isElement, visibleText } from '../../html-tree.ts'
import type { Block } from './blocks.ts'
import { readHeadLine } from './byline.ts'
import type { Clutter } from './clutter.ts'
import { isNamed, namesOf } from './furniture.ts'
import { sameWords, wordCount } from './words.ts'

/** @returns its index; -1 where none is one */
export function findTitle(blocks: readonly Block[], known: string | undefined, clutter: Clutter): number {
  if (known) {
    const same = blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && sameWords(text, known))
    const any = same === -1 ? blocks.findIndex(({ text }) => sameWords(text, known)) : same
    if (any !== -1) return any
  }
  const heading = blocks.findIndex(({ tag }) => tag === 'h1')
  if (heading !== -1) return heading
  // A kicker stands in the same heading: 'Transport: Ferries return'.
  const kicked = known
    ? blocks.findIndex(({ text, tag }) => /^h[1-3]$/.test(tag) && text.endsWith(known))
    : -1
  if (kicked !== -1) return kicked
  // The name of the house stands before it in the name of the window.
  const inKnown = known ? blocks.findIndex(block => isHeadlineLike(block) && known.includes(block.text)) : -1
  if (inKnown !== -1) return inKnown
  if (known && blocks.some(({ nodes }) => nodes.length > 0)) return -1
  // Of a text: what stands above the byline, or above the time.
  const line = { timezone: 'UTC', clutter, known: [], house: undefined }
  const mark = blocks.findIndex(
    ({ text }, at) => at < 60 && (readHeadLine(text, line) !== undefined || isReadingTime(text, clutter)),
  )
  const above = (mark === -1 ? blocks.slice(0, 1) : blocks.slice(0, mark)).filter(isHeadlineLike)
  // Below it a standfirst, which is the longer of the two; above it the name of the house.
  const [before, last] = above.slice(-2)
  const isStandfirst =
    last !== undefined && (wordCount(last.text) >= 8 || wordCount(last.text) > wordCount(before!.text))
  const chosen =
    last === undefined ||
    isStandfirst ||
    last.text === before!.text ||
    before!.text.startsWith(last.text.slice(0, 40))
      ? before
      : last
  if (!chosen) return -1
  // The name of the window, which has the name of the house as well.
  const next = above.at(-1)!
  const isWindow =
    above.length > 1 &&
    chosen.text.startsWith(next.text.slice(0, 40)) &&
    chosen.text.length > next.text.length
  return blocks.indexOf(isWindow ? next : chosen)
}

export function isReadingTime(text: string, clutter: Clutter): boolean {
  return clutter.reading.test(text) && text.replace(clutter.reading, '') === ''
}

/** A line of some words, and no way through the site: 'Home / Cities / News'. */
function isHeadlineLike({ text }: Block): boolean {
  const isPath =
    /\s(?:[/>»›|]|::)\s/.test(text) && text.split(/\s(?:[/>»›|]|::)\s/).every(part => wordCount(part) <= 6)
  return (wordCount(text) >= 4 || text.length > 24) && !isPath && !/^https?:/.test(text)
}

/** What stands above the headline in the same element is a kicker. */
export function headlineOf({ nodes, text }: Block): string {
  const children = nodes.flatMap(node => (isElement(node) ? node.children : []))
  const kicker = children.find(child => isElement(child) && isNamed(namesOf(child), 'kicker'))
  const words = kicker && text.slice(visibleText(kicker).length).replace(/^[\s:|–—-]+/u, '')
  return kicker && text.startsWith(visibleText(kicker)) && words ? words : text
}
