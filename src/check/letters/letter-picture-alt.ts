/**
 * A picture has alternative text, empty for decoration (alt=""); that of a linked picture says where the link leads.
 *
 * Good:
 *
 *     <img src="https://meridian.example/images/harbour.png" alt="The harbour at dawn" width="552" height="368">
 *
 * Bad:
 *
 *     <img src="https://meridian.example/images/harbour.png" width="552" height="368">
 */

import { ancestry, plain } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterPictureAlt: LetterRule = {
  name: 'letter-picture-alt',
  severity: 'warning',
  find: ({ visible }) =>
    visible
      .filter(({ name }) => name === 'img')
      .flatMap((element): LetterFinding[] => {
        const { alt, src = '' } = element.attributes
        if (alt === undefined)
          return [
            { element, message: `${src} has no alt`, advice: 'Write alt="…", or alt="" for an ornament.' },
          ]
        const link = [...ancestry(element)].find(({ name }) => name === 'a')
        if (!link || alt.trim() || plain(link) || link.attributes['aria-label']) return []
        return [
          {
            element,
            message: `${src} is a link without words`,
            advice: 'Say in alt where it leads, or take the link away.',
          },
        ]
      }),
}
