/**
 * The text part is the same letter as the HTML part: every link, the same articles in the same order, and no line
 * wider than 78 columns.
 *
 * Good:
 *
 *     <p>The bridge opened this morning.</p>
 *
 * Bad:
 *
 *     text: This letter is HTML.
 */

import { textWidth } from '../../base/index.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** An address is never broken, whatever its length. */
const MAX_COLUMNS = 78
/** RFC 5322 §2.1.1. */
const MAX_LINE_BYTES = 998

export const letterText: LetterRule = {
  name: 'letter-text',
  severity: 'warning',
  find({ visible, letter: { text, html }, edition }) {
    const found: LetterFinding[] = []
    const advice = 'Say in templates/letter.txt.hbs what letter.mjml.hbs says.'
    const links = new Set(visible.flatMap(({ name, attributes }) => (name === 'a' && attributes.href) || []))
    const missing = [...links].filter(link => !text.includes(link))
    if (missing.length > 0)
      found.push({
        message: `its text lacks ${missing.length} of ${links.size} links: ${missing[0]}`,
        advice,
      })
    const places = edition.articles
      .filter(({ url }) => html.includes(url.replaceAll('&', '&amp;')))
      .map(({ url }) => text.indexOf(`<${url}>`))
    if (places.some((place, at) => place < (places[at - 1] ?? 0)))
      found.push({ message: 'its text has other articles, or another order', advice })
    const wide = text
      .split('\n')
      .find(line => textWidth(line) > MAX_COLUMNS && textWidth(longest(line)) < MAX_COLUMNS)
    if (wide !== undefined)
      found.push({
        message: `a line of its text has ${textWidth(wide)} columns: ${wide.slice(0, 40)}…`,
        advice: 'Let letter.txt.hbs have no line of its own beyond 78 columns.',
      })
    if (text.split('\n').some(line => Buffer.byteLength(line) > MAX_LINE_BYTES))
      found.push({ message: `a line of its text has more than ${MAX_LINE_BYTES} bytes`, advice: 'Break it.' })
    return found
  },
}

/** Its longest word: a line of one long word cannot be shorter. */
function longest(line: string): string {
  return line.split(/\s+/).reduce((most, word) => (word.length > most.length ? word : most), '')
}
