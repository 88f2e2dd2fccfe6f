/**
 * The preheader, which an inbox shows after the subject, has 40 to 200 characters of real words: not the subject
 * again, and no filler.
 *
 * Good:
 *
 *     preheader: The ministers met in New Delhi on Thursday, before a larger meeting.
 *
 * Bad:
 *
 *     preheader: Read this.
 */

import { plain } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

const FILLER = /(?:\u00ad|\u034f|\u200b|\u200c|\u200d|\u2007|\u2060|\ufeff){3}|(?:\u00a0\s*){4}/

export const letterPreheader: LetterRule = {
  name: 'letter-preheader',
  severity: 'warning',
  find({ letter: { preheader, subject, text }, page, styles }) {
    const light = styles()
    const hidden = page.elements.find(element => light.get(element)!.hidden && element.name === 'div')
    const length = [...preheader].length
    const advice = 'Write preheader: in the note of the edition, or a longer summary of its lead.'
    const found: LetterFinding[] = []
    if (length < 40 || length > 200)
      found.push({
        message: `its preheader has ${length} characters, not 40 to 200`,
        advice,
        blame: 'article',
      })
    if (preheader === subject)
      found.push({ message: 'its preheader is its subject', advice, blame: 'article' })
    if (!hidden || plain(hidden) !== preheader.replace(/\s+/g, ' ').trim())
      found.push({
        element: hidden,
        message: 'its preheader is not the first thing in it, hidden',
        advice: 'Begin <mj-body> with {{> letter-preheader}}.',
      })
    if (hidden && FILLER.test(plain(hidden)))
      found.push({
        element: hidden,
        message: 'its preheader is filled up with nothing',
        advice: 'Put words there.',
      })
    if (text.startsWith(preheader))
      found.push({ message: 'its text begins with the preheader', advice: 'Leave it out of letter.txt.hbs.' })
    return found
  },
}
