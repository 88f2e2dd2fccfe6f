// Language tag → the direction in which its script is written.

import type { Direction } from '../model.ts'

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg', 'Mand', 'Samr'])

/** @param language BCP 47; what is no language tag reads from left to right */
export function directionOf(language: string): Direction {
  try {
    const { script } = new Intl.Locale(language).maximize()
    return script && RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr'
  } catch {
    return 'ltr'
  }
}
