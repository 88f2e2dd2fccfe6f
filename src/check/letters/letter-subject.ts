/**
 * A subject is long enough to mean something and short enough not to be cut: 10 to 78 characters.
 *
 * Good:
 *
 *     subject: Ministers speak of trade and minerals
 *
 * Bad:
 *
 *     subject: Ministers speak of trade and minerals, of the price of bread and of what will be next in the week to come
 */

import type { LetterRule } from '../rule.ts'

export const letterSubject: LetterRule = {
  name: 'letter-subject',
  severity: 'warning',
  find({ letter: { subject } }) {
    const length = [...subject].length
    return length >= 10 && length <= 78
      ? []
      : [
          {
            message: `its subject has ${length} characters: “${subject}”`,
            advice: 'Write subject: in the note of the edition, 10 to 78 characters.',
            blame: 'article',
          },
        ]
  },
}
