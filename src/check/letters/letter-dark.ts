/**
 * In dark mode nothing stays light: every colour that a letter sets has a dark counterpart, in a media query and, for
 * Outlook.com, in the attributes that it understands ([data-ogsc] for text and lines, [data-ogsb] for backgrounds).
 *
 * Good:
 *
 *     <p style="background-color:#1c1c1e;color:#f0eeea">Night</p>
 *
 * Bad:
 *
 *     <p style="background-color:#ffffff;color:#1a1a1a">Day</p>
 */

import { luminance } from '../../base/index.ts'
import { parseStyles, type StyleRule } from '../letter-styles.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** That of a grey of half the light that the eye sees. */
const MAX_DARK_LUMINANCE = 0.2

export const letterDark: LetterRule = {
  name: 'letter-dark',
  severity: 'warning',
  find(checked) {
    const { page, visible } = checked
    const body = page.elements.filter(({ name }) => name === 'body')
    const painted = (['dark', 'outlook'] as const).flatMap((scheme): LetterFinding[] => {
      const styles = checked.styles({ scheme })
      const element = [...body, ...visible].find(
        one => luminance(styles.get(one)!.background) > MAX_DARK_LUMINANCE,
      )
      if (!element) return []
      const { background } = styles.get(element)!
      const where = scheme === 'dark' ? 'the dark' : 'Outlook.com in the dark'
      return [
        {
          element,
          message: `its ground stays ${background} in ${where}`,
          advice: 'Give it a class, and letter-style.mjml.hbs a dark colour for it.',
        },
      ]
    })
    const rules = page.elements.filter(({ name }) => name === 'style').flatMap(parseStyles)
    const schemes = rules.some(
      ({ selector, declarations }) =>
        selector === ':root' &&
        declarations.some(([name, value]) => name === 'color-scheme' && value === 'light dark'),
    )
    return [
      ...painted,
      ...withoutTwin(rules),
      ...(schemes
        ? []
        : [
            {
              message: 'its styles do not say that it has a light and a dark look',
              advice: 'Write :root { color-scheme: light dark } in letter-style.mjml.hbs.',
            },
          ]),
    ]
  },
}

function withoutTwin(rules: readonly StyleRule[]): LetterFinding[] {
  const dark = rules.filter(({ media }) => media.some(one => /prefers-color-scheme:\s*dark/.test(one)))
  return dark.flatMap(({ selector, declarations }) =>
    declarations.flatMap(([property]): LetterFinding[] => {
      const mark = /^(color|border(-\w+)*-color|border-color)$/.test(property)
        ? '[data-ogsc]'
        : property === 'background-color'
          ? '[data-ogsb]'
          : undefined
      if (!mark) return []
      const twin = rules.some(
        rule =>
          rule.selector === `${mark} ${selector}` && rule.declarations.some(([name]) => name === property),
      )
      if (twin) return []
      return [
        {
          message: `${selector} { ${property} } is dark for all but Outlook.com`,
          advice: `Write ${mark} ${selector} too, in letter-style.mjml.hbs.`,
        },
      ]
    }),
  )
}
