// A folder's name → a new publication in it that builds at once.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { EXIT, UserError } from '../errors.ts'
import { builtinTemplates } from '../templates.ts'
import type { Context } from './context.ts'

/** npm leaves dot files out of packages, so the starter's bear names without a dot. */
const DOTTED: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'env.example': '.env.example' }

export async function run(context: Context) {
  const folder = resolve(context.dir, context.args[0] ?? '.')
  if (existsSync(join(folder, 'articles'))) {
    throw new UserError(
      `${folder} holds a publication already`,
      'Choose another folder: broadsheet init site',
    )
  }
  const starter = join(builtinTemplates, 'starter')
  const date = new Date(context.now()).toISOString().slice(0, 10)
  const made: string[] = []
  for (const name of filesBelow(starter)) {
    const path = join(folder, DOTTED[name] ?? name)
    if (existsSync(path)) continue
    writeNew(path, readFileSync(join(starter, name), 'utf8').replace('{{date}}', date))
    made.push(relative(folder, path))
  }
  const go = relative(context.dir, folder)
  context.result({ dir: folder, files: made }, () => {
    const next = `${go ? `cd ${go} && ` : ''}npx broadsheet build`
    return `${made.map(file => `made  ${join(go, file)}\n`).join('')}next  ${next}\n`
  })
  return EXIT.done
}

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter(name => statSync(join(folder, name)).isFile()).sort()
}

function writeNew(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${(error as Error).message}`)
  }
}
