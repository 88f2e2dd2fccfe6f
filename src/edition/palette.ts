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

/** WCAG 2.2: from 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter! + 0.05) / (darker! + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map(part =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** '#rrggbb' → each from 0 to 1. */
function channels(colour: string): [number, number, number] {
  const part = (start: number) => Number.parseInt(colour.slice(start, start + 2), 16) / 255
  return [part(1), part(3), part(5)]
}

/** Hue in degrees, the others from 0 to 1. */
function toHsl(colour: string): [number, number, number] {
  const [red, green, blue] = channels(colour)
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)]
  const [lightness, spread] = [(most + least) / 2, most - least]
  if (spread === 0) return [0, 0, lightness]
  const turn =
    most === red
      ? (green - blue) / spread
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4
  return [(turn * 60 + 360) % 360, spread / (1 - Math.abs(2 * lightness - 1)), lightness]
}

function fromHsl(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const part = (offset: number) => {
    const turn = (offset + hue / 30) % 12
    const value = lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${part(0)}${part(8)}${part(4)}`
}
