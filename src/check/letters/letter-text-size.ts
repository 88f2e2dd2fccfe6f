/**
 * Text is large enough to be read at arm's length: 14 pixels, what stands small beside it 12, with air between the lines.
 *
 * Good:
 *
 *     <p style="font-size:16px;line-height:24px">The bridge opened this morning, a year after it had closed.</p>
 *
 * Bad:
 *
 *     <p style="font-size:11px;line-height:24px">The bridge opened this morning, a year after it had closed.</p>
 */

import type { LetterFound, LetterRule } from './letter-rule.ts'
import { lettersWords, quote } from './letter-words.ts'
import { ancestry, type LetterElement } from './parse-letter.ts'

/** Characters from which on a block is text, and not a label. */
const TEXT = 40

export const letterTextSize: LetterRule = {
  name: 'letter-text-size',
  severity: 'warning',
  find: checked =>
    [640, 360].flatMap(width => {
      const styles = checked.styles({ width })
      return lettersWords(checked).flatMap(({ element, block, text, blockText }): LetterFound[] => {
        const { size, lineHeight } = styles.get(element)!
        const least = blockText.length <= TEXT || isSmall(element) ? 12 : 14
        if (size < least)
          return [
            {
              element,
              message: `${quote(text)} has ${Math.round(size * 10) / 10} pixels`,
              advice: `Give it at least ${least}; class="soft" marks what may have 12.`,
            },
          ]
        if (/^h\d$/.test(block.name) || blockText.length <= TEXT || lineHeight / size >= 1.395) return []
        return [
          {
            element,
            message: `the lines of ${quote(text)} are ${Math.round((lineHeight / size) * 100) / 100} font sizes apart`,
            advice: 'Write line-height:1.5, or the pixels of it.',
          },
        ]
      })
    }),
}

/** Bylines, captions and the foot carry the class of soft ink. */
function isSmall(element: LetterElement): boolean {
  return [...ancestry(element)].some(
    ({ name, attributes }) =>
      name === 'sup' ||
      name === 'sub' ||
      name === 'small' ||
      /(^|\s)(soft|foot)(\s|$)/.test(attributes.class ?? ''),
  )
}
