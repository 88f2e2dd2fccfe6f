/**
 * A link on a line of its own can be tapped with a thumb: the line is 24 pixels high (WCAG 2.2 §2.5.8).
 *
 * Good:
 *
 *     <p style="font-size:14px;line-height:24px"><a href="https://meridian.example/">All stories</a></p>
 *
 * Bad:
 *
 *     <p style="font-size:14px;line-height:18px"><a href="https://meridian.example/">All stories</a></p>
 */

import { blockOf, type LetterElement, plain, quote, textOf } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

const MIN_LINE_HEIGHT = 24

/** A link in a line of text is as high as the line. */
export const letterTapTargets: LetterRule = {
  name: 'letter-tap-targets',
  severity: 'warning',
  find({ visible, styles }) {
    const light = styles()
    return visible
      .filter(({ name, attributes }) => name === 'a' && attributes.href)
      .flatMap((element): LetterFinding[] => {
        const label = plain(element)
        const block = blockOf(element)
        const height = Math.max(light.get(element)!.lineHeight, light.get(block)!.lineHeight)
        if (!label || height >= MIN_LINE_HEIGHT || /[\p{L}\p{N}]/u.test(besideLinks(block))) return []
        return [
          {
            element,
            message: `the link ${quote(label)} is alone on a line of ${Math.round(height)} pixels`,
            advice: `Write line-height:${MIN_LINE_HEIGHT}px.`,
          },
        ]
      })
  },
}

function besideLinks(element: LetterElement): string {
  return element.children
    .map(child =>
      typeof child === 'string'
        ? child
        : child.name === 'a'
          ? ''
          : besideLinks(child) || textOf({ ...child, children: [] }),
    )
    .join('')
}
