/**
 * Text has enough contrast (WCAG 2.2 §1.4.3): 4.5 to 1, and 3 to 1 for large text. That applies in light and dark mode,
 * in Outlook.com's own dark mode, where a client inverts all colours or only the light ones, where it drops
 * `<style>`, and where it drops the background of single words.
 *
 * Good:
 *
 *     <p class="soft" style="color:#595650">Thirty years</p>
 *
 * Bad:
 *
 *     <p style="color:#999999">Thirty years</p>
 */

import { contrast, fromHsl, toHsl } from '../../base/index.ts'
import type { ClientView } from '../letter-styles.ts'
import { quote } from '../parse-letter.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

/** What a client does to the two colours before it shows them. */
type ColourChange = (color: string, background: string) => readonly [string, string]

const asIs: ColourChange = (color, background) => [color, background]
/** Gmail on iOS, Outlook on Windows. */
const inverted: ColourChange = (color, background) => [invert(color), invert(background)]
/** Gmail on Android, Outlook.com: what is dark already stays. */
const darkened: ColourChange = (color, background) =>
  lightness(background) > 0.5
    ? [lightness(color) < 0.5 ? invert(color) : color, invert(background)]
    : [color, background]

const VIEWS: readonly { name: string; view: Partial<ClientView>; change: ColourChange }[] = [
  { name: 'in the light', view: {}, change: asIs },
  { name: 'in the dark', view: { scheme: 'dark' }, change: asIs },
  { name: 'in Outlook.com in the dark', view: { scheme: 'outlook' }, change: asIs },
  { name: 'without styles', view: { styles: false }, change: asIs },
  {
    name: 'without the ground of single words',
    view: { styles: false, inlineBackgrounds: false },
    change: asIs,
  },
  { name: 'with inverted colours', view: { styles: false }, change: inverted },
  { name: 'with darkened colours', view: { styles: false }, change: darkened },
]

export const letterContrast: LetterRule = {
  name: 'letter-contrast',
  severity: 'warning',
  find(checked) {
    const words = checked.words()
    return VIEWS.flatMap(({ name, view, change }) => {
      const styles = checked.styles(view)
      return words.flatMap(({ element, text }): LetterFinding[] => {
        const style = styles.get(element)!
        const [color, background] = change(style.color, style.background)
        const large = style.size >= 24 || (style.bold && style.size >= 18.66)
        const ratio = contrast(color, background)
        if (ratio >= (large ? 3 : 4.5)) return []
        return [
          {
            element,
            message: `${quote(text)} is ${color} on ${background} ${name}, ${ratio.toFixed(1)} to 1`,
            advice: `Make it ${large ? 3 : 4.5} to 1: a darker text, or another ground.`,
          },
        ]
      })
    })
  },
}

function invert(colour: string): string {
  const [hue, saturation, light] = toHsl(colour)
  return fromHsl(hue, saturation, 1 - light)
}

function lightness(colour: string): number {
  return toHsl(colour)[2]
}
