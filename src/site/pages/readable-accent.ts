// Accent colour → the two shades of it that can be read as text, on the pages' lightest grey and near-black.

import { contrast, mix } from '../../base/index.ts'

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
