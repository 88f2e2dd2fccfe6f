// A language → how its text is set: direction, the sides on which lines begin and end, and whether its script has italics.

import type { Direction } from '../model.ts'
import { directionOf } from '../templates/index.ts'

export interface ScriptStyle {
  /** BCP 47. */
  readonly language: string
  readonly direction: Direction
  readonly start: 'left' | 'right'
  readonly end: 'left' | 'right'
  /** For text that is in italics elsewhere: most scripts have none, and are hard to read when slanted by the browser. */
  readonly slant: 'italic' | 'normal'
  /** Whether labels may be letter-spaced capitals. */
  readonly latin: boolean
}

const SCRIPTS_WITH_ITALICS = new Set(['Latn', 'Cyrl', 'Grek', 'Armn'])
const NASTALIQ_LANGUAGES = /^(?:ur|ks|skr|khw|bgn)(?:-|$)/i

/** @param direction of an article that sets it itself */
export function scriptStyle(language: string, direction: Direction = directionOf(language)): ScriptStyle {
  const script = scriptOf(language)
  const [start, end] = direction === 'rtl' ? (['right', 'left'] as const) : (['left', 'right'] as const)
  return {
    language,
    direction,
    start,
    end,
    slant: SCRIPTS_WITH_ITALICS.has(script) ? 'italic' : 'normal',
    latin: script === 'Latn',
  }
}

/** Whether it is written in Nastaliq, which slopes below the line and needs twice its height. */
export function isNastaliq(language: string): boolean {
  return NASTALIQ_LANGUAGES.test(language) && scriptOf(language) === 'Arab'
}

function scriptOf(language: string): string {
  try {
    return new Intl.Locale(language).maximize().script ?? ''
  } catch {
    return ''
  }
}
