// What a letter says → its HTML: Handlebars over MJML, MJML, repairs, and only then the articles' own HTML, so that no
// article ever passes through either language.

import type { Templates } from '../templates.ts'
import { finishMjml } from './finish-mjml.ts'
import type { LetterView } from './letter-view.ts'

const TEMPLATE = 'letter.mjml.hbs'

/** @param held HTML by the token that stands for it in the view */
export async function letterHtml(
  view: LetterView,
  held: ReadonlyMap<string, string>,
  templates: Templates,
  timezone: string,
): Promise<string> {
  const filled = templates.render(TEMPLATE, view, { language: view.language, timezone })
  const html = await finishMjml(filled, TEMPLATE, view.direction, templates)
  return html.replace(/⟦[0-9a-f]{12}#\d+⟧/g, token => held.get(token) ?? token)
}
