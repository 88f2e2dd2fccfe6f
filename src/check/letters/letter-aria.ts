/**
 * Every id is unique, and every ARIA role is one that screen readers know.
 *
 * Good:
 *
 *     <p id="talks" role="note">Text</p>
 *
 * Bad:
 *
 *     <p id="talks">Text</p><p id="talks" role="paragraphs">Text</p>
 */

import type { LetterFinding, LetterRule } from '../rule.ts'

/** WAI-ARIA 1.2 §5.4, those that a letter may need. */
const ROLES = new Set(
  'article presentation none img note heading list listitem separator link contentinfo banner main navigation region complementary group figure'.split(
    ' ',
  ),
)

export const letterAria: LetterRule = {
  name: 'letter-aria',
  severity: 'warning',
  find({ page }) {
    const ids = new Set<string>()
    return page.elements.flatMap((element): LetterFinding[] => {
      const { id, role } = element.attributes
      const found: LetterFinding[] = []
      if (id !== undefined && ids.has(id))
        found.push({
          element,
          message: `id="${id}" is used twice`,
          advice: 'Take one away: mail clients drop them.',
        })
      if (id !== undefined) ids.add(id)
      if (role !== undefined && !ROLES.has(role))
        found.push({ element, message: `role="${role}" means nothing here`, advice: 'Take it away.' })
      return found
    })
  },
}
