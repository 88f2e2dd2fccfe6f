// The publication's accent → every colour of a letter, light and dark, with enough contrast to be read (WCAG 2.2 §1.4.3).

import { contrast, fromHsl, toHsl } from '../colour.ts'

export interface Shades {
  readonly page: string
  readonly paper: string
  readonly ink: string
  readonly soft: string
  readonly rule: string
  readonly code: string
  readonly accent: string
}

export interface Palette extends Shades {
  readonly dark: Shades
}

const LIGHT = {
  page: '#f4f2ed',
  paper: '#ffffff',
  ink: '#1a1a1a',
  soft: '#595650',
  rule: '#d8d4ca',
  code: '#f2f0eb',
}
const DARK = {
  page: '#121212',
  paper: '#1c1c1e',
  ink: '#f0eeea',
  soft: '#b8b4ac',
  rule: '#46443f',
  code: '#2a2a2c',
}

/** A little over WCAG's 4.5, so that a client that shifts colours stays above it. */
const ENOUGH = 4.8

/** @param accent `#rrggbb`; darkened on paper and lightened in the dark until it can be read there */
export function palette(accent: string): Palette {
  return {
    ...LIGHT,
    accent: readable(accent, -0.01, [LIGHT.page, LIGHT.paper, LIGHT.code]),
    dark: { ...DARK, accent: readable(accent, 0.01, [DARK.page, DARK.paper, DARK.code]) },
  }
}

/** Lightness moves, hue and saturation stay: a dark red becomes a bright red, not a grey one. */
function readable(colour: string, step: number, grounds: readonly string[]): string {
  const [hue, saturation, lightness] = toHsl(colour)
  for (let light = lightness; light > 0 && light < 1; light += step) {
    const moved = fromHsl(hue, saturation, light)
    if (grounds.every(ground => contrast(moved, ground) >= ENOUGH)) return moved
  }
  return step < 0 ? '#000000' : '#ffffff'
}
