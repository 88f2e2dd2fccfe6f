/**
 * No control characters, noncharacters or lone surrogates: Gmail cuts a letter off at some of them.
 *
 * Good:
 *
 *     <p>The harbour opened again.</p>
 *
 * Bad:
 *
 *     <p>The har\u0092bour opened again.</p>
 */

import type { LetterRule } from '../rule.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const UNSENDABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd\ufffe\uffff]|\p{Cs}/u

export const letterCharacters: LetterRule = {
  name: 'letter-characters',
  severity: 'warning',
  find: ({ letter: { subject, preheader, html, text } }) =>
    Object.entries({ subject, preheader, html, text }).flatMap(([part, said]) => {
      const found = UNSENDABLE.exec(said)
      if (!found) return []
      const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      const near = JSON.stringify(said.slice(Math.max(0, found.index - 15), found.index))
      return [
        {
          message: `U+${code} is in its ${part}, after ${near}`,
          advice: 'Delete it where it was written: a template, the settings, an article.',
        },
      ]
    }),
}
