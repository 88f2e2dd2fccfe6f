// What a letter says → its HTML: Handlebars over MJML, MJML, repairs, and only then the articles' own HTML, so that no
// article ever passes through either language.

import type { Direction } from '../model.ts'
import { type Origin, type Templates, takeOrigins } from '../templates.ts'
import { checkMjml } from './check-mjml.ts'
import { collapse } from './collapse.ts'
import type { LetterView } from './letter-view.ts'
import { compileMjml } from './mjml.ts'
import { repairHtml } from './repair-html.ts'

const TEMPLATE = 'letter.mjml.hbs'

/** @param held HTML by the token that stands for it in the view */
export async function letterHtml(
  view: LetterView,
  held: ReadonlyMap<string, string>,
  templates: Templates,
  timezone: string,
): Promise<string> {
  const { mjml, origins } = takeOrigins(
    templates.render(TEMPLATE, view, { language: view.language, timezone }),
  )
  const locate = (origin: Origin | undefined) =>
    origin ? `${templates.read(origin.template).path}:${origin.line}` : templates.read(TEMPLATE).path
  checkMjml(mjml, origins, locate)
  const html = finish(await compileMjml(mjml, origins, locate), view.direction)
  return html.replace(/⟦[0-9a-f]{12}#\d+⟧/g, token => held.get(token) ?? token)
}

function finish(html: string, direction: Direction): string {
  return `${collapse(repairHtml(html, direction)).trimEnd()}\n`
}
