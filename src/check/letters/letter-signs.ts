/**
 * No symbol replaces words: a screen reader reads an emoji as its name or skips it, and reads a picture made of
 * characters as noise.
 *
 * Good:
 *
 *     <h2>🎉 A birthday</h2>
 *
 * Bad:
 *
 *     <h2>🎉🎂</h2>
 */

import { cutShort } from '../../base/index.ts'
import { type LetterElement, plain, textOf } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** Pictures, arrows, ticks and stars; punctuation that divides (· — *) is an ornament. */
const SIGN = /\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff]/u
const WORD = /[\p{L}\p{N}]/u
const SAYS = /^(?:h[1-6]|a|li|t[dh])$/
const MIN_DRAWING_LINES = 3

export const letterSigns: LetterRule = {
  name: 'letter-signs',
  severity: 'warning',
  find: ({ visible, letter: { subject } }) => [
    ...visible.flatMap((element): LetterFinding[] => {
      const { name, attributes } = element
      const said = name === 'img' ? (attributes.alt ?? '') : SAYS.test(name) ? plain(element) : ''
      if (SIGN.test(said) && !WORD.test(said) && !attributes['aria-label'])
        return [
          {
            element,
            message: `“${cutShort(said, 20)}” alone says nothing`,
            advice: 'Say it in words beside the sign.',
          },
        ]
      if (name !== 'pre' || !isDrawing(element)) return []
      return [
        {
          element,
          message: 'a picture is made of characters',
          advice: 'Show a picture with alternative text, or say it in words.',
          blame: 'article',
        },
      ]
    }),
    ...(SIGN.test(subject) && !WORD.test(subject)
      ? [
          {
            message: `its subject is “${subject}”`,
            advice: 'Say it in words too.',
            blame: 'article' as const,
          },
        ]
      : []),
  ],
}

function isDrawing(element: LetterElement): boolean {
  const lines = textOf(element)
    .split('\n')
    .filter(line => line.trim() !== '')
  const signs = [...lines.join('').replace(/\s/g, '')]
  const words = signs.filter(sign => WORD.test(sign)).length
  return lines.length >= MIN_DRAWING_LINES && words < signs.length * 0.2
}
