/**
 * A link in running text can be recognised without seeing colours: it is underlined, or much lighter or darker than
 * the text.
 *
 * Good:
 *
 *     <p>See <a href="https://ministry.example/list" style="color:#9a1b2f">the list</a> of minerals.</p>
 *
 * Bad:
 *
 *     <p>See <a href="https://ministry.example/list" style="color:#1a1a1a;text-decoration:none">the list</a> of minerals.</p>
 */

import { contrast } from '../../base/index.ts'
import { blockOf, plain, quote } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** WCAG 2.2 technique G183. */
const MIN_CONTRAST = 3

export const letterLinkLook: LetterRule = {
  name: 'letter-link-look',
  severity: 'warning',
  find({ visible, styles }) {
    const light = styles()
    return visible
      .filter(({ name }) => name === 'a')
      .flatMap((element): LetterFinding[] => {
        const block = blockOf(element)
        const label = plain(element)
        if (!label || label === plain(block)) return []
        const [link, text] = [light.get(element)!, light.get(block)!]
        if (link.underlined || contrast(link.color, text.color) >= MIN_CONTRAST) return []
        return [
          {
            element,
            message: `the link ${quote(label)} looks like the text around it`,
            advice: 'Underline it: style="text-decoration:underline".',
          },
        ]
      })
  },
}
