// `templates`: which templates there are and which of them the publication has replaced; `templates copy` makes a copy of
// one to start from, `templates data` prints what data it is given.

import { join } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const [action = 'list', name] = context.args
  const { copyTemplate, findTemplate, listTemplates } = await import('../templates/index.ts')
  const own = join(context.dir, 'templates')
  if (action === 'list') {
    const templates = listTemplates(own)
    context.result({ templates }, () =>
      templates.map(template => `${template.own ? 'own      ' : 'built in '} ${template.name}\n`).join(''),
    )
    return EXIT.done
  }
  if (action !== 'copy' && action !== 'data')
    throw new UserError(
      `templates cannot "${action}"`,
      'Use list, copy or data: broadsheet templates copy letter-card',
    )
  if (!name)
    throw new UserError(`templates ${action} needs a name`, `broadsheet templates ${action} letter-card`)
  if (action === 'data') {
    const found = findTemplate(own, name)
    const tables = await tablesFor(found)
    context.result({ template: found, data: tables }, () => tables.map(tableText).join('\n'))
    return EXIT.done
  }
  const { openFolder } = await import('../content/index.ts')
  openFolder(context.dir)
  const copied = copyTemplate(own, name)
  context.result({ copied: `templates/${copied}` }, () => `copied  templates/${copied}\n`)
  return EXIT.done
}

interface Table {
  readonly title: string
  readonly names: Readonly<Record<string, string>>
}

/** What a template can say: what its data has, and the helpers. */
async function tablesFor(name: string): Promise<Table[]> {
  const { ARTICLE, HELPERS, PUBLICATION } = await import('../templates/index.ts')
  const helpers = { title: 'Helpers', names: HELPERS }
  if (/^(?:partials\/)?(?:letter|block)[-.]/.test(name)) {
    const { LETTER_DATA } = await import('../letter/index.ts')
    return [...LETTER_DATA, helpers]
  }
  const listed = (shape: object) =>
    Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, namesOf(inner).join(', ')]))
  return [
    { title: 'publication', names: listed(PUBLICATION) },
    { title: 'article, and each of the stories of a list', names: listed(ARTICLE) },
    helpers,
  ]
}

/** Of a value, or of each item of a list. */
function namesOf(shape: unknown): string[] {
  if (Array.isArray(shape)) return namesOf(shape[0])
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : []
}

function tableText({ title, names }: Table): string {
  const rows = Object.entries(names).map(([name, meaning]) => `  ${name.padEnd(16)} ${meaning}`.trimEnd())
  return `${title}\n${rows.join('\n')}\n`
}
