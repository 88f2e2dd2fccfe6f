// Filled MJML → nothing, or a UserError by template and line for what MJML's own strict mode lets pass: tags that are not
// closed, text between tags (which it drops without a word), and MJML in the midst of HTML; and for an element that there
// is none of, which it would be told of only if all else were right.

import { cutShort, didYouMean } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Origin } from '../templates/index.ts'
import { HOLDS_TEXT, MJML_ELEMENTS } from './mjml-elements.ts'

/**
 * @param mjml without origin marks
 * @param origins of its start tags, in order
 * @param locate an origin as people find it: '/site/templates/partials/card.mjml.hbs:12'
 */
export function checkMjml(
  mjml: string,
  origins: readonly Origin[],
  locate: (origin: Origin | undefined) => string,
): void {
  const open: { name: string; origin: Origin | undefined }[] = []
  let started = 0
  let position = 0
  const fail = (message: string, origin: Origin | undefined, hint: string) => {
    throw new UserError(`template ${locate(origin)}: ${message}`, hint)
  }
  const last = () => origins[started - 1] ?? origins[0]
  const between = (text: string) => {
    const stray = text.replace(/<!--[\s\S]*?-->/g, '').trim()
    if (stray) {
      const shown = JSON.stringify(cutShort(stray.split('\n')[0]!, 60))
      fail(`text outside of mj-text: ${shown}`, last(), 'Put it into <mj-text>: MJML would drop it silently.')
    }
  }
  const tags = /<!--[\s\S]*?-->|<(\/?)(mj[a-z-]*)((?:"[^"]*"|'[^']*'|[^"'<>])*?)(\/?)>/g
  for (let tag = tags.exec(mjml); tag; tag = tags.exec(mjml)) {
    const [whole, slash, name, , selfClosing] = tag
    if (!name) continue
    between(mjml.slice(position, tag.index))
    position = tag.index + whole.length
    if (slash) {
      const opened = open.pop()
      if (opened?.name !== name)
        fail(
          opened ? `<${opened.name}> is not closed before </${name}>` : `</${name}> closes nothing`,
          opened?.origin ?? last(),
          'Close every MJML tag, in order.',
        )
      continue
    }
    const origin = origins[started]
    started += 1
    if (!MJML_ELEMENTS.includes(name)) {
      const meant = didYouMean(name, MJML_ELEMENTS)
      const advice = meant ? `, did you mean <${meant}>?` : ''
      fail(
        `unknown element <${name}>${advice}`,
        origin,
        'The elements are at https://documentation.mjml.io/#components',
      )
    }
    if (selfClosing) continue
    open.push({ name, origin })
    if (HOLDS_TEXT.has(name)) {
      const end = mjml.indexOf(`</${name}`, position)
      const another = new RegExp(`<${name}[\\s>]`).test(mjml.slice(position, end < 0 ? undefined : end))
      if (end < 0 || another) fail(`<${name}> is not closed`, origin, 'Close every MJML tag, in order.')
      const inside = /<(mj-[a-z-]+)/.exec(mjml.slice(position, end))?.[1]
      if (inside)
        fail(
          `<${inside}> stands inside of <${name}>`,
          origins[started],
          `Write it beside <${name}>, or as HTML.`,
        )
      position = end
      tags.lastIndex = end
    }
  }
  between(mjml.slice(position))
  const unclosed = open.pop()
  if (unclosed) fail(`<${unclosed.name}> is not closed`, unclosed.origin, 'Close every MJML tag, in order.')
}
