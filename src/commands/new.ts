// `new`: a title → an article's file with front matter, dated now, as a draft.

import { join, relative } from 'node:path'
import { EXIT, type ExitCode } from '../errors.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { args, cwd, dir, now, options } = context
  const { openPublication, startArticle } = await import('../content/index.ts')
  const { publication } = await openPublication(dir, { now: now() })
  const section = typeof options.section === 'string' ? options.section : undefined
  const file = startArticle(publication, { title: args.join(' '), section, now: now() })
  const path = join(publication.dir, file)
  context.result({ file, path }, () => {
    const typed = relative(cwd, path)
    return [
      `made  ${typed.startsWith('..') ? path : typed}`,
      'It is a draft: `npx broadsheet preview` shows it. To publish it, remove the line `draft: true`.',
      '',
    ].join('\n')
  })
  return EXIT.done
}
