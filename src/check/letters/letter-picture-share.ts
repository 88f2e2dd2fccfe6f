/**
 * A letter can be read where pictures are not shown, and spam filters distrust one that is all pictures.
 *
 * Good:
 *
 *     <p>The bridge opened this morning.</p>
 *
 * Bad:
 *
 *     pictures: 12
 */

import type { LetterRule } from '../rule.ts'

const MIN_CHARACTERS_PER_PICTURE = 60

export const letterPictureShare: LetterRule = {
  name: 'letter-picture-share',
  severity: 'warning',
  find(checked) {
    const pictures = checked.visible.filter(({ name }) => name === 'img').length
    const text = checked.words().reduce((sum, words) => sum + [...words.text].length, 0)
    return pictures === 0 || text / pictures >= MIN_CHARACTERS_PER_PICTURE
      ? []
      : [
          {
            message: `it has ${pictures} pictures and ${text} characters of text`,
            advice: 'Say in words what it is about.',
            blame: 'article',
          },
        ]
  },
}
