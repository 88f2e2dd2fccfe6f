/**
 * Text stands on the side where its lines begin, never justified: rivers of white make it hard to read.
 *
 * Good:
 *
 *     <p style="text-align:left">The bridge opened this morning.</p>
 *
 * Bad:
 *
 *     <p style="text-align:justify">The bridge opened this morning.</p>
 */

import type { LetterFound, LetterRule } from './letter-rule.ts'
import { lettersWords, quote } from './letter-words.ts'
import { ancestry, type LetterElement } from './parse-letter.ts'

/** Characters from which on a centred paragraph is hard to follow. */
const LONG = 300

export const letterAlignment: LetterRule = {
  name: 'letter-alignment',
  severity: 'warning',
  find(checked) {
    const light = checked.styles()
    const blocks = new Map(lettersWords(checked).map(words => [words.block, words]))
    return [...blocks].flatMap(([element, { blockText }]): LetterFound[] => {
      const { align } = light.get(element)!
      const start = directionOf(element) === 'rtl' ? 'right' : 'left'
      if (align === 'justify')
        return [
          { element, message: `${quote(blockText)} is justified`, advice: `Write text-align:${start}.` },
        ]
      // Words that are turned may stand on the side of the part that they are turned in.
      const directions = [...ancestry(element)].flatMap(({ attributes }) => attributes.dir ?? [])
      const sides = directions.slice(0, element.attributes.dir ? 2 : 1)
      const aside = align !== 'start' && !sides.includes(align === 'right' ? 'rtl' : 'ltr')
      const far = align === 'center' ? blockText.length > LONG : aside
      if (!far || /^t[hd]$/.test(element.name)) return []
      return [
        {
          element,
          message: `${quote(blockText)} stands ${align === 'center' ? 'in the middle' : `to the ${align}`}`,
          advice: `Write text-align:${start}.`,
        },
      ]
    })
  },
}

export function directionOf(element: LetterElement): string {
  return [...ancestry(element)].find(({ attributes }) => attributes.dir)?.attributes.dir ?? 'ltr'
}
