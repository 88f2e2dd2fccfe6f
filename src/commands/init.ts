// `init`: a folder's name → a new publication in it that builds at once, and the file that its CI works by.

import { isAbsolute, join, relative, resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Context } from './context.ts'
import type { WrittenWorkflow } from './workflow.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { args, dir, now, options } = context
  if (args[0] === '') throw new UserError('the folder’s name is empty', 'Name one: broadsheet init site')
  const { isPublication, startPublication } = await import('../content/index.ts')
  const folder = resolve(dir, args[0] ?? '.')
  const hosts = (['github', 'gitlab'] as const).filter(host => options[host] === true)
  // In a publication that is there, CI is all that is asked for.
  const isThere = hosts.length > 0 && isPublication(folder)
  const started = isThere
    ? { files: [], ignored: [] }
    : startPublication(folder, new Date(now()).toISOString().slice(0, 10))
  const workflows: WrittenWorkflow[] = []
  if (hosts.length > 0) {
    const { writeWorkflow } = await import('./workflow.ts')
    for (const host of hosts) workflows.push(await writeWorkflow(host, folder, now()))
  }
  const { files, ignored } = started
  const typed = asTyped(context)
  context.result({ dir: folder, files, ignored, ...(workflows.length > 0 ? { workflows } : {}) }, () => {
    const lines = files.map(file => `made  ${join(typed, file)}`)
    if (ignored.length > 0) lines.push(`added ${ignored.join(', ')} to ${join(typed, '.gitignore')}`)
    for (const { file, became, schedule } of workflows) {
      lines.push(`${became.padEnd(5)} ${relative(context.cwd, file)}`)
      for (const { cron, why } of schedule) lines.push(`      ${cron}  UTC: ${why}`)
    }
    if (workflows.length > 0)
      lines.push(
        'next  do what the first lines of that file say: the secrets, and where the site is published',
      )
    if (!isThere) lines.push(`next  ${typed === '.' ? '' : `cd ${shellWord(typed)} && `}npx broadsheet build`)
    if (!isThere) lines.push('then  npx broadsheet preview, to see everything in a browser')
    return lines.map(line => `${line}\n`).join('')
  })
  return EXIT.done
}

/** The folder by the words of the command line, so that what is printed can be pasted where that was typed. */
function asTyped({ options, args }: Context): string {
  const folder = args[0] ?? '.'
  const dir = typeof options.dir === 'string' ? options.dir : '.'
  return isAbsolute(folder) ? folder : join(dir, folder)
}

/** One word of a POSIX shell: quoted only where the shell, or a command that takes it for an option, would read something else. */
export function shellWord(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
