/**
 * Text is aligned to the side on which its lines begin and never justified: the gaps in justified text make it hard
 * to read.
 *
 * Good:
 *
 *     <p style="text-align:left">The bridge opened this morning.</p>
 *
 * Bad:
 *
 *     <p style="text-align:justify">The bridge opened this morning.</p>
 */

import { ancestry, directionOf, quote } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** Characters: a longer paragraph is hard to follow. */
const MAX_CENTRED_LENGTH = 300

export const letterAlignment: LetterRule = {
  name: 'letter-alignment',
  severity: 'warning',
  find(checked) {
    const light = checked.styles()
    const blocks = new Map(checked.words().map(words => [words.block, words]))
    return [...blocks].flatMap(([element, { blockText }]): LetterFinding[] => {
      const { align } = light.get(element)!
      const start = directionOf(element) === 'rtl' ? 'right' : 'left'
      if (align === 'justify')
        return [
          { element, message: `${quote(blockText)} is justified`, advice: `Write text-align:${start}.` },
        ]
      // Text in the other direction may be aligned with the part that it is in.
      const directions = [...ancestry(element)].flatMap(({ attributes }) => attributes.dir ?? [])
      const sides = directions.slice(0, element.attributes.dir ? 2 : 1)
      const aside = align !== 'start' && !sides.includes(align === 'right' ? 'rtl' : 'ltr')
      const far = align === 'center' ? blockText.length > MAX_CENTRED_LENGTH : aside
      if (!far || /^t[hd]$/.test(element.name)) return []
      return [
        {
          element,
          message: `${quote(blockText)} is ${align === 'center' ? 'in the middle' : `to the ${align}`}`,
          advice: `Write text-align:${start}.`,
        },
      ]
    })
  },
}
