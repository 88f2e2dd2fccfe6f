/**
 * The text of a link says where it leads, in the letter's language; "here" does not.
 *
 * Good:
 *
 *     <p>See <a href="https://ministry.example/list">the list of minerals</a>.</p>
 *
 * Bad:
 *
 *     <p>For the list of minerals <a href="https://ministry.example/list">click here</a>.</p>
 */

import { saysNothing } from '../articles/link-text.ts'
import type { LetterElement } from '../parse-letter.ts'
import { plain } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

export const letterLinkText: LetterRule = {
  name: 'letter-link-text',
  severity: 'warning',
  find: ({ visible }) =>
    visible
      .filter(({ name, attributes }) => name === 'a' && attributes.href)
      .flatMap((element): LetterFinding[] => {
        const label = element.attributes['aria-label'] || plain(element)
        const said = label || alts(element)
        if (said && !saysNothing(label || said)) return []
        return [
          {
            element,
            message: said
              ? `a link says only “${said}”`
              : `a link to ${element.attributes.href} has no words`,
            advice: 'Link the words that name the thing.',
          },
        ]
      }),
}

function alts(element: LetterElement): string {
  return element.children
    .map(child => (typeof child === 'string' ? '' : (child.attributes.alt ?? alts(child))))
    .join(' ')
    .trim()
}
