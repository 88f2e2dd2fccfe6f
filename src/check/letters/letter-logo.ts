/**
 * A logo with transparent parts is visible on white and on black; one that is all dark disappears in dark mode.
 *
 * Good:
 *
 *     logo: 0.02 0.9
 *
 * Bad:
 *
 *     logo: 0.01 0.02
 */

import type { LetterFinding, LetterRule } from '../rule.ts'

const BACKGROUNDS = [
  { name: 'white', luminance: 1 },
  // #1c1c1e
  { name: 'black', luminance: 0.012 },
]
/** WCAG 2.2 §1.4.11 asks 3 to 1 of graphics and nothing of logos. */
const MIN_CONTRAST = 2

export const letterLogo: LetterRule = {
  name: 'letter-logo',
  severity: 'warning',
  find({ pictures, visible, publication }) {
    // They are known of the logo alone. Converted, it may have another address than in the settings.
    const element = visible.find(({ attributes }) => pictures.get(attributes.src ?? '')?.shades)
    const shades = element && pictures.get(element.attributes.src!)!.shades
    if (!shades) return []
    return BACKGROUNDS.flatMap(({ name, luminance }): LetterFinding[] => {
      if (name === 'black' && publication.logoDark) return []
      const best = Math.max(...[shades.dark, shades.light].map(shade => contrastOf(shade, luminance)))
      if (best >= MIN_CONTRAST) return []
      return [
        {
          element,
          message: `the logo vanishes on ${name}`,
          advice:
            'Give it a background of its own, a rim of the other shade, or a second file: logo: { src: images/logo.png, dark: images/logo-dark.png }',
          blame: 'settings',
        },
      ]
    })
  },
}

function contrastOf(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
}
