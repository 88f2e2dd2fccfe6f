/**
 * Every tag is closed in order: an open one affects the rest of the letter, in Outlook more than elsewhere.
 *
 * Good:
 *
 *     <p>The <b>bridge</b> opened.</p>
 *
 * Bad:
 *
 *     <p>The <b>bridge opened.</p>
 */

import type { LetterFinding, LetterRule } from '../rule.ts'

/** What HTML closes by itself. */
const CLOSED_BY_ITSELF = /^(?:html|head|body)$/

export const letterMarkup: LetterRule = {
  name: 'letter-markup',
  severity: 'warning',
  find: ({ page: { leftOpen, strayEnds } }): LetterFinding[] => [
    ...leftOpen
      .filter(({ name }) => !CLOSED_BY_ITSELF.test(name))
      .map(element => ({
        element,
        message: `<${element.name}> is not closed`,
        advice: `Write </${element.name}> where it ends.`,
      })),
    ...strayEnds.map(({ name, inside }) => ({
      element: inside,
      message: `</${name}> closes nothing`,
      advice: 'Take it away.',
    })),
  ],
}
