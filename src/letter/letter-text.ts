// What a letter says → its text part: the same articles in the same order with every link, in 76 columns.

import { textWidth } from '../base/index.ts'
import type { Templates } from '../templates/index.ts'
import type { LetterView } from './letter-view.ts'
import { COLUMNS, wrapText } from './wrap-text.ts'

export function letterText(view: LetterView, templates: Templates, timezone: string): string {
  const filled = templates.render('letter.txt.hbs', view, { language: view.language, timezone })
  const underlined = filled.replace(/^(==|--) (.*) \1$/gm, (_, rule: string, title: string) => {
    const [wrapped, sign] = [wrapText(title), rule[0]!]
    const widest = Math.max(...wrapped.split('\n').map(textWidth))
    return `${wrapped}\n${sign.repeat(Math.min(widest, COLUMNS))}`
  })
  return `${wrapText(underlined)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}
