// A filled `.mjml.hbs` template → the HTML of a mail: checked, compiled, MJML's faults repaired, white space collapsed.

import type { Direction } from '../model.ts'
import { type Origin, type Templates, takeOrigins } from '../templates/index.ts'
import { checkMjml } from './check-mjml.ts'
import { collapse } from './collapse.ts'
import { compileMjml } from './mjml.ts'
import { repairHtml } from './repair-html.ts'

/**
 * @param filled what `templates.render` made of `name`, with its marks of origin
 * @throws UserError with the template and line of a mistake in it
 */
export async function finishMjml(
  filled: string,
  name: string,
  direction: Direction,
  templates: Templates,
): Promise<string> {
  const { mjml, origins } = takeOrigins(filled)
  const locate = (origin: Origin | undefined) => {
    const { path } = templates.read(origin?.template ?? name)
    return origin ? `${path}:${origin.line}` : path
  }
  checkMjml(mjml, origins, locate)
  const html = await compileMjml(mjml, origins, locate)
  return `${collapse(repairHtml(html, direction)).trimEnd()}\n`
}
