/**
 * Text is large enough to read at arm's length: 14 pixels, 12 for captions and the like, with enough space between
 * the lines.
 *
 * Good:
 *
 *     <p style="font-size:16px;line-height:24px">The bridge opened this morning, a year after it had closed.</p>
 *
 * Bad:
 *
 *     <p style="font-size:11px;line-height:24px">The bridge opened this morning, a year after it had closed.</p>
 */

import { ancestry, type LetterElement, quote } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** Characters: a longer block is text. */
const MAX_LABEL_LENGTH = 40

export const letterTextSize: LetterRule = {
  name: 'letter-text-size',
  severity: 'warning',
  find: checked =>
    [640, 360].flatMap(width => {
      const styles = checked.styles({ width })
      return checked.words().flatMap(({ element, block, text, blockText }): LetterFinding[] => {
        const { size, lineHeight } = styles.get(element)!
        const least = blockText.length <= MAX_LABEL_LENGTH || isSmall(element) ? 12 : 14
        if (size < least)
          return [
            {
              element,
              message: `${quote(text)} has ${Math.round(size * 10) / 10} pixels`,
              advice: `Give it at least ${least}; class="soft" marks what may have 12.`,
            },
          ]
        if (/^h\d$/.test(block.name) || blockText.length <= MAX_LABEL_LENGTH || lineHeight / size >= 1.395)
          return []
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
