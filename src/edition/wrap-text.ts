// Plain text with long lines → the same in at most 76 columns, lists and quotations indented under themselves. An address
// is never broken.

import { charWidth, textWidth } from '../text-width.ts'

export const COLUMNS = 76

/** Kinsoku: what may not begin a line, and what may not end one. */
const NOT_FIRST = /^[、。，．,.!?！？:;：；)\]）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ・…]/u
const NOT_LAST = /[（「『【〈《〔(]$/u

export function wrapText(text: string, columns = COLUMNS): string {
  return text
    .split('\n')
    .map(line => wrapLine(line.replace(/[ \t]+$/, ''), columns))
    .join('\n')
}

function wrapLine(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line
  const [lead] = /^\s*(?:> ?)*(?:[-*•☐☑]\s+|\d{1,3}[.)]\s+)?/.exec(line)!
  const hanging = lead.replace(/[^>\s]/g, ' ')
  const rows: string[] = []
  let row = lead
  let width = textWidth(lead)
  let empty = true
  for (const { text, space } of pieces(line.slice(lead.length))) {
    const gap = empty ? '' : space
    const wide = textWidth(text)
    if (!empty && width + gap.length + wide > columns && !NOT_FIRST.test(text) && !NOT_LAST.test(row)) {
      rows.push(row)
      row = hanging + text
      width = hanging.length + wide
    } else {
      row += gap + text
      width += gap.length + wide
    }
    empty = false
  }
  return [...rows, row].join('\n')
}

/** Words, and where there are no spaces between words single characters. */
function pieces(line: string): { text: string; space: string }[] {
  const found: { text: string; space: string }[] = []
  for (const [, space = '', word = ''] of line.matchAll(/(\s*)((?:⟦[^⟧]*⟧|\S)+)/gu)) {
    if (/^<?[a-z]+:/i.test(word) || word.includes('⟦')) {
      found.push({ text: word, space })
      continue
    }
    let run = ''
    let gap = space
    for (const character of word) {
      if (charWidth(character) === 2) {
        if (run) found.push({ text: run, space: gap })
        if (run) gap = ''
        found.push({ text: character, space: gap })
        run = ''
        gap = ''
      } else run += character
    }
    if (run) found.push({ text: run, space: gap })
  }
  return found
}
