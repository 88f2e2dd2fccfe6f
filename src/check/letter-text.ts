/**
 * The text part is the same letter: every link of the other, the same articles in the same order, no line too long to send.
 *
 * Good:
 *
 *     <p>The bridge opened this morning.</p>
 *
 * Bad:
 *
 *     text: This letter is HTML.
 */

import type { LetterFound, LetterRule } from './letter-rule.ts'

/** RFC 5322 §2.1.1. */
const LINE = 998

export const letterText: LetterRule = {
  name: 'letter-text',
  severity: 'warning',
  find({ seen, letter: { text, html }, edition }) {
    const found: LetterFound[] = []
    const advice = 'Say in templates/letter.txt.hbs what letter.mjml.hbs says.'
    const links = new Set(seen.flatMap(({ name, attributes }) => (name === 'a' && attributes.href) || []))
    const missing = [...links].filter(link => !text.includes(link))
    if (missing.length > 0)
      found.push({
        message: `its text has not ${missing.length} of ${links.size} links: ${missing[0]}`,
        advice,
      })
    const places = edition.articles
      .filter(({ url }) => html.includes(url.replaceAll('&', '&amp;')))
      .map(({ url }) => text.indexOf(`<${url}>`))
    if (places.some((place, at) => place < (places[at - 1] ?? 0)))
      found.push({ message: 'its text has other articles, or another order', advice })
    if (text.split('\n').some(line => Buffer.byteLength(line) > LINE))
      found.push({ message: `a line of its text has more than ${LINE} bytes`, advice: 'Break it.' })
    return found
  },
}
