// `init`: a folder's name → a new publication in it that builds at once.

import { isAbsolute, join, resolve } from 'node:path'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { args, dir, now } = context
  if (args[0] === '') throw new UserError('the folder’s name is empty', 'Name one: broadsheet init site')
  const { startPublication } = await import('../content/index.ts')
  const folder = resolve(dir, args[0] ?? '.')
  const { files, ignored } = startPublication(folder, new Date(now()).toISOString().slice(0, 10))
  const typed = asTyped(context)
  context.result({ dir: folder, files, ignored }, () => {
    const lines = files.map(file => `made  ${join(typed, file)}`)
    if (ignored.length > 0) lines.push(`added ${ignored.join(', ')} to ${join(typed, '.gitignore')}`)
    lines.push(`next  ${typed === '.' ? '' : `cd ${shellWord(typed)} && `}npx broadsheet build`)
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
