// What a letter says → its HTML: Handlebars over MJML, MJML, repairs, and only then the articles' own HTML, so that no
// article ever passes through either language.

import { dropOrigins, type Templates } from '../templates/index.ts'
import { finishMjml } from './finish-mjml.ts'
import type { LetterView } from './letter-view.ts'

const TEMPLATE = 'letter.mjml.hbs'

export interface LetterHtml {
  readonly html: string
  /** The same with `data-origin` on what templates wrote, where they were opened to trace. */
  readonly traced: string
}

/** @param held HTML by the token that stands for it in the view */
export async function letterHtml(
  view: LetterView,
  held: ReadonlyMap<string, string>,
  templates: Templates,
  timezone: string,
): Promise<LetterHtml> {
  const filled = templates.render(TEMPLATE, view, { language: view.language, timezone })
  const marked = await finishMjml(filled, TEMPLATE, view.direction, templates)
  const fill = (text: string) => text.replace(/⟦[0-9a-f]{12}#\d+⟧/g, token => held.get(token) ?? token)
  return { html: fill(dropOrigins(marked)), traced: fill(marked) }
}
