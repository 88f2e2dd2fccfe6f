// The publication's accent → every colour of a letter, light and dark, with enough contrast to be read (WCAG 2.2 §1.4.3).

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
    accent: readable(accent, '#000000', [LIGHT.page, LIGHT.paper, LIGHT.code]),
    dark: { ...DARK, accent: readable(accent, '#ffffff', [DARK.page, DARK.paper, DARK.code]) },
  }
}

function readable(colour: string, towards: string, grounds: readonly string[]): string {
  for (let step = 0; step <= 20; step++) {
    const mixed = mix(colour, towards, step / 20)
    if (grounds.every(ground => contrast(mixed, ground) >= ENOUGH)) return mixed
  }
  return towards
}

/** WCAG 2.2: from 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter! + 0.05) / (darker! + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function mix(from: string, to: string, share: number): string {
  const target = channels(to)
  const mixed = channels(from).map((value, index) => Math.round(value + (target[index]! - value) * share))
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: string): number[] {
  return [1, 3, 5].map(start => Number.parseInt(colour.slice(start, start + 2), 16))
}
