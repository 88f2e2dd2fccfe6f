/**
 * Text can be read on its ground in the light, in the dark, where Outlook.com darkens, where the client inverts all colours
 * or only the light ones, where it throws `<style>` away, and where single words lose their ground: 4.5 to 1, large text 3 to 1 (WCAG 2.2 §1.4.3).
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
import type { LetterFound, LetterRule } from './letter-rule.ts'
import type { View } from './letter-styles.ts'
import { lettersWords, quote } from './letter-words.ts'

/** What a client does to the two colours before it shows them. */
type Shown = (color: string, ground: string) => readonly [string, string]

const asIs: Shown = (color, ground) => [color, ground]
/** Gmail on iOS, Outlook on Windows. */
const inverted: Shown = (color, ground) => [invert(color), invert(ground)]
/** Gmail on Android, Outlook.com: what is dark already stays. */
const darkened: Shown = (color, ground) =>
  lightness(ground) > 0.5 ? [lightness(color) < 0.5 ? invert(color) : color, invert(ground)] : [color, ground]

const WAYS: readonly { name: string; view: Partial<View>; shown: Shown }[] = [
  { name: 'in the light', view: {}, shown: asIs },
  { name: 'in the dark', view: { scheme: 'dark' }, shown: asIs },
  { name: 'in Outlook.com in the dark', view: { scheme: 'outlook' }, shown: asIs },
  { name: 'without styles', view: { styles: false }, shown: asIs },
  { name: 'without the ground of single words', view: { styles: false, marks: false }, shown: asIs },
  { name: 'with inverted colours', view: { styles: false }, shown: inverted },
  { name: 'with darkened colours', view: { styles: false }, shown: darkened },
]

export const letterContrast: LetterRule = {
  name: 'letter-contrast',
  severity: 'warning',
  find(checked) {
    const words = lettersWords(checked)
    return WAYS.flatMap(({ name, view, shown }) => {
      const styles = checked.styles(view)
      return words.flatMap(({ element, text }): LetterFound[] => {
        const style = styles.get(element)!
        const [color, ground] = shown(style.color, style.ground)
        const large = style.size >= 24 || (style.bold && style.size >= 18.66)
        const ratio = contrast(color, ground)
        if (ratio >= (large ? 3 : 4.5)) return []
        return [
          {
            element,
            message: `${quote(text)} is ${color} on ${ground} ${name}, ${ratio.toFixed(1)} to 1`,
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
