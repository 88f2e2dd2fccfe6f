// Accent colour → the two shades of it that can be read as text, on the pages' lightest grey and near-black.

/** WCAG 2.2 §1.4.3: 4.5 to 1, and a little to spare. */
const ENOUGH = 4.6

/** @param accent '#rrggbb' */
export function readableAccent(accent: string): { light: string; dark: string } {
  return { light: shade(accent, '#f5f4f0', '#000000'), dark: shade(accent, '#1b1b20', '#ffffff') }
}

/** The accent, mixed with `towards` by as little as makes it readable on `ground`. */
function shade(accent: string, ground: string, towards: string): string {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(accent, towards, part)
    if (contrast(mixed, ground) >= ENOUGH) return mixed
  }
  return towards
}

function mix(from: string, to: string, part: number): string {
  const target = channels(to)
  const mixed = channels(from).map((value, index) => Math.round(value + (target[index]! - value) * part))
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`
}

export function contrast(one: string, other: string): number {
  const [brighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (brighter + 0.05) / (darker + 0.05)
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] {
  return [1, 3, 5].map(start => Number.parseInt(colour.slice(start, start + 2), 16))
}
