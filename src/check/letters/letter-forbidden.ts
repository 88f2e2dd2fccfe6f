/**
 * A letter has no scripts, forms, frames or style sheets from elsewhere: mail clients remove them, and filters take
 * them for an attack.
 *
 * Good:
 *
 *     <p>Vote <a href="https://meridian.example/vote">on the page of the vote</a>.</p>
 *
 * Bad:
 *
 *     <form action="https://meridian.example/vote"><input name="choice"></form>
 */

import { cutShort } from '../../base/index.ts'
import { textOf } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

const NAMES = new Set(
  'script iframe frame form input button select textarea object embed applet svg math video audio canvas base'.split(
    ' ',
  ),
)

export const letterForbidden: LetterRule = {
  name: 'letter-forbidden',
  severity: 'error',
  find: ({ page }) =>
    page.elements.flatMap((element): LetterFinding[] => {
      const { name, attributes } = element
      const handler = Object.keys(attributes).find(key => /^on[a-z]+$/.test(key))
      const script = Object.entries(attributes).find(([, value]) =>
        /^\s*(?:javascript|vbscript):/i.test(value),
      )
      const imports = name === 'style' && /@import|@font-face/.exec(textOf(element))
      const what = NAMES.has(name)
        ? `<${name}>`
        : name === 'link'
          ? '<link>, which loads something'
          : handler
            ? `${handler}=`
            : script
              ? `${script[0]}="${cutShort(script[1], 20)}"`
              : imports
                ? imports[0]
                : ''
      if (!what) return []
      return [
        { element, message: `it contains ${what}`, advice: 'Take it out, and link to a page that has it.' },
      ]
    }),
}
