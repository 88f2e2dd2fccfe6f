// One line of Handlebars out of the settings + data → plain text. For subjects: nothing is escaped.

import { UserError } from '../errors.ts'
import { handlebars } from './handlebars.ts'

const compiled = new Map<string, HandlebarsTemplateDelegate>()

/**
 * @param where how people find the line: 'subject of newsletter weekly'
 * @param reader what `{{reader "name" "there"}}` becomes
 * @throws UserError when the line is no Handlebars
 */
export function fillLine(
  source: string,
  data: object,
  where: string,
  reader: (name: string, fallback: string) => string,
): string {
  try {
    let template = compiled.get(source)
    if (!template) {
      template = handlebars().compile(source, { noEscape: true })
      compiled.set(source, template)
    }
    const text = (value: unknown) => (typeof value === 'string' ? value : '')
    const helpers = { reader: (name: unknown, fallback: unknown) => reader(text(name), text(fallback)) }
    return template(data, { helpers })
  } catch (error) {
    throw new UserError(`${where}: ${(error as Error).message}`, "Write it like '{{edition.lead.title}}'.")
  }
}
