// Text → how many columns it takes in a fixed-width window: East Asian wide characters two, combining marks none
// (Unicode UAX #11).

const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u

export function textWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is one column a character
  if (/^[\x00-\x7f]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += charWidth(character)
  return width
}

export function charWidth(character: string): 0 | 1 | 2 {
  if (character < '\u0300') return 1
  if (NOTHING.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}
