/**
 * A letter is shorter than the 102,400 bytes that Gmail shows, and the unsubscribe link comes well before that limit.
 *
 * Good:
 *
 *     bytes: 40000
 *
 * Bad:
 *
 *     bytes: 110000
 */

import type { LetterRule } from '../rule.ts'

/** Gmail cuts the rest off, and with it the link to leave. */
const MAX_HTML_BYTES = 102_400
const MAX_BYTES_BEFORE_LINK = 90_000

export const letterSize: LetterRule = {
  name: 'letter-size',
  severity: 'error',
  find({ letter: { html } }) {
    const advice = 'Shorten templates/letter.mjml.hbs and its partials, or choose layout: compact.'
    const bytes = Buffer.byteLength(html)
    const link = Buffer.byteLength(html.slice(0, html.search(/href="[^"]*\/unsubscribe_url\//) + 1))
    if (bytes > MAX_HTML_BYTES)
      return [{ message: `its HTML has ${bytes} bytes, and Gmail shows ${MAX_HTML_BYTES}`, advice }]
    return link > MAX_BYTES_BEFORE_LINK
      ? [{ message: `the link to leave comes after ${link} bytes, too near to where Gmail cuts`, advice }]
      : []
  },
}
