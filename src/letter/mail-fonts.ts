// The publication's theme → the fonts of a mail, as CSS. Mail clients load none, so these are what readers have; the first
// of each is on Windows or comes with Office: Outlook takes Times for a list that begins with one that it lacks.

import type { Theme, Typeface } from '../model.ts'

const STACKS: Readonly<Record<Typeface, string>> = {
  serif: "Georgia, 'Times New Roman', Times, serif",
  'old-style': "'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif",
  slab: "Rockwell, 'Roboto Slab', 'DejaVu Serif', Georgia, serif",
  sans: 'Helvetica, Arial, sans-serif',
  humanist: "'Trebuchet MS', 'Gill Sans', Calibri, sans-serif",
}

export interface MailFonts {
  readonly text: string
  readonly labels: string
  /** A whole declaration with its semicolon, or nothing where headings have the font of the text around them. */
  readonly heading: string
}

/** No double quotes in any: they stand in attributes as they are. */
export function mailFonts({ headings, text, labels }: Theme): MailFonts {
  return {
    text: STACKS[text],
    labels: STACKS[labels],
    heading: headings === text ? '' : `font-family:${STACKS[headings]};`,
  }
}
