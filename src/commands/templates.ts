// `templates`: which templates there are and which of them the publication has replaced; `templates copy` makes a copy of
// one to start from.

import { join } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const [action = 'list', name] = context.args
  const { copyTemplate, listTemplates } = await import('../templates/index.ts')
  const own = join(context.dir, 'templates')
  if (action === 'list') {
    const templates = listTemplates(own)
    context.result({ templates }, () =>
      templates.map(template => `${template.own ? 'own      ' : 'built in '} ${template.name}\n`).join(''),
    )
    return EXIT.done
  }
  if (action !== 'copy')
    throw new UserError(
      `templates cannot "${action}"`,
      'Use list or copy: broadsheet templates copy letter-card',
    )
  if (!name) throw new UserError('templates copy needs a name', 'broadsheet templates copy letter-card')
  const { openFolder } = await import('../content/index.ts')
  openFolder(context.dir)
  const copied = copyTemplate(own, name)
  context.result({ copied: `templates/${copied}` }, () => `copied  templates/${copied}\n`)
  return EXIT.done
}
