/**
 * The style sheet is smaller than 16 kB: Gmail ignores a larger one completely.
 *
 * Good:
 *
 *     <style>.a { color: #1a1a1a; }</style>
 *
 * Bad:
 *
 *     styles: 17000
 */

import { textOf } from '../parse-letter.ts'
import type { LetterRule } from '../rule.ts'

const MAX_STYLE_BYTES = 16_384

export const letterStyleSize: LetterRule = {
  name: 'letter-style-size',
  severity: 'warning',
  find({ page }) {
    const bytes = page.elements
      .filter(({ name }) => name === 'style')
      .reduce((sum, style) => sum + Buffer.byteLength(textOf(style)), 0)
    return bytes < MAX_STYLE_BYTES
      ? []
      : [
          {
            message: `<style> has ${bytes} bytes, and Gmail forgets all of it beyond ${MAX_STYLE_BYTES}`,
            advice: 'Shorten templates/partials/letter-style.mjml.hbs.',
          },
        ]
  },
}
