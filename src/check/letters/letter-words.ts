// A letter → the words that are seen, each with the element they stand in and the block that this belongs to.

import type { CheckedLetter } from './letter-rule.ts'
import { ancestry, type LetterElement, textOf } from './parse-letter.ts'

export interface Words {
  /** The element that holds them directly. */
  readonly element: LetterElement
  /** The paragraph, heading, item or cell around it. */
  readonly block: LetterElement
  readonly text: string
  /** Of the whole block, white space collapsed. */
  readonly blockText: string
}

const BLOCK = /^(?:p|h[1-6]|li|td|th|pre|blockquote|div|body)$/

const known = new WeakMap<CheckedLetter, Words[]>()

/** Spacers (a line of one pixel, a space that does not break) are no words. */
export function lettersWords(checked: CheckedLetter): readonly Words[] {
  let words = known.get(checked)
  if (!words) {
    words = readWords(checked)
    known.set(checked, words)
  }
  return words
}

function readWords({ seen }: CheckedLetter): Words[] {
  const texts = new Map<LetterElement, string>()
  const textOfBlock = (block: LetterElement) => {
    const text = texts.get(block) ?? plain(block)
    texts.set(block, text)
    return text
  }
  return seen.flatMap(element =>
    element.children.flatMap(child => {
      const text = typeof child === 'string' ? child.replace(/[\s\u00a0]+/g, ' ').trim() : ''
      if (!text) return []
      const block = blockOf(element)
      return { element, block, text, blockText: textOfBlock(block) }
    }),
  )
}

export function blockOf(element: LetterElement): LetterElement {
  return [...ancestry(element)].find(({ name }) => BLOCK.test(name)) ?? element
}

/** Its text on one line. */
export function plain(element: LetterElement): string {
  return textOf(element)
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
}

/** The first words, to find them by. */
export function quote(text: string): string {
  const characters = [...text]
  return `“${characters.length > 40 ? `${characters.slice(0, 39).join('').trimEnd()}…` : text}”`
}
