// The view of a letter → its text part: the same articles in the same order, with every link, in 76 columns.

import { charWidth, textWidth } from '../base/index.ts'
import type { Templates } from '../templates/index.ts'
import type { LetterView } from './letter-view.ts'

const MAX_COLUMNS = 76

/** Kinsoku: characters that may not begin a line, and that may not end one. */
const NOT_FIRST = /^[、。，．,.!?！？:;：；)\]）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ・…]/u
const NOT_LAST = /[（「『【〈《〔(]$/u

export function letterText(view: LetterView, templates: Templates, timezone: string): string {
  const filled = templates.render('letter.txt.hbs', view, { language: view.language, timezone })
  // Places where the words of the HTML may break.
  const plain = filled.replaceAll('\u00ad', '')
  const underlined = plain.replace(/^(==|--) (.*) \1$/gm, (_, rule: string, title: string) => {
    const [wrapped, sign] = [wrapText(title), rule[0]!]
    const widest = wrapped.split('\n').reduce((most, line) => Math.max(most, textWidth(line)), 0)
    return `${wrapped}\n${sign.repeat(Math.min(widest, MAX_COLUMNS))}`
  })
  return `${wrapText(underlined)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

/** Lines of at most 76 columns, with hanging indents for lists and quotations. An address is never broken. */
export function wrapText(text: string, columns = MAX_COLUMNS): string {
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
  let begin = lead
  let row: Piece[] = []
  let width = textWidth(lead)
  const end = () => rows.push(begin + row.map(({ text, space }, at) => (at > 0 ? space : '') + text).join(''))
  for (const piece of pieces(line.slice(lead.length))) {
    const gap = row.length > 0 ? piece.space.length : 0
    const wide = textWidth(piece.text)
    if (row.length === 0 || width + gap + wide <= columns) {
      row.push(piece)
      width += gap + wide
      continue
    }
    const next = carried(row, piece)
    end()
    begin = hanging
    row = [...next, piece]
    width = textWidth(hanging + row.map(({ text, space }, at) => (at > 0 ? space : '') + text).join(''))
  }
  end()
  return rows.join('\n')
}

/** Takes from the end of a row what has to be before `piece` on the next one; not more than a quarter of its columns. */
function carried(row: Piece[], piece: Piece): Piece[] {
  const taken: Piece[] = []
  const first = () => taken[0] ?? piece
  while (
    row.length > 1 &&
    taken.length < MAX_COLUMNS / 4 &&
    first().space === '' &&
    (NOT_FIRST.test(first().text) || NOT_LAST.test(row.at(-1)!.text))
  )
    taken.unshift(row.pop()!)
  return taken
}

interface Piece {
  readonly text: string
  /** White space before it, unless it begins a row. */
  readonly space: string
}

/** Words; or single characters, where words are not separated by spaces. */
function pieces(line: string): Piece[] {
  const found: Piece[] = []
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
