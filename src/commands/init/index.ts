// A folder's name → a new publication in it that builds at once.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { EXIT, UserError } from '../../errors.ts'
import { builtinTemplates } from '../../templates/index.ts'
import type { Context } from '../context.ts'
import { addRules } from './add-rules.ts'
import { schemaReference } from './schema-reference.ts'
import { shellWord } from './shell-word.ts'

/** npm leaves dot files out of packages, so the starter's bear names without a dot. */
const DOTTED: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'env.example': '.env.example' }

const ANOTHER = 'Choose another folder: broadsheet init site'

export async function run(context: Context) {
  const folder = await newPlace(context)
  const starter = join(builtinTemplates, 'starter')
  const date = new Date(context.now()).toISOString().slice(0, 10)
  const schema = schemaReference(folder)
  const made: string[] = []
  let ignored: string[] = []
  for (const name of filesBelow(starter)) {
    const path = join(folder, DOTTED[name] ?? name)
    const text = readFileSync(join(starter, name), 'utf8')
      .replace('{{date}}', date)
      .replace('{{schema}}', schema)
    if (!existsSync(path)) {
      write(path, () => writeFileSync(path, text, { flag: 'wx' }))
      made.push(relative(folder, path))
    } else if (name === 'gitignore') {
      ignored = write(path, () => addRules(path, text.trim().split('\n')))
    }
  }
  const go = asTyped(context)
  context.result({ dir: folder, files: made, ignored }, () => {
    const lines = made.map(file => `made  ${join(go, file)}`)
    if (ignored.length > 0) lines.push(`added ${ignored.join(', ')} to ${join(go, '.gitignore')}`)
    lines.push(`next  ${go === '.' ? '' : `cd ${shellWord(go)} && `}npx broadsheet build`)
    return lines.map(line => `${line}\n`).join('')
  })
  return EXIT.done
}

/** @returns absolute path of the folder: it can be made, and there is no publication in it or around it */
async function newPlace({ dir, args }: Context): Promise<string> {
  if (args[0] === '') throw new UserError('the folder’s name is empty', 'Name one: broadsheet init site')
  const folder = resolve(dir, args[0] ?? '.')
  const { fileInTheWay } = await import('../../content/index.ts')
  const file = fileInTheWay(folder)
  if (file) throw new UserError(`${file} is a file, not a folder`, ANOTHER)
  if (existsSync(join(folder, 'articles')))
    throw new UserError(`${folder} holds a publication already`, ANOTHER)
  const { publicationAbove } = await import('../../content/index.ts')
  const above = publicationAbove(folder)
  // What was made there would be articles of the one around it.
  if (above && `${folder}/`.startsWith(join(above, 'articles/')))
    throw new UserError(`${folder} is inside the articles of the publication ${above}`, ANOTHER)
  return folder
}

/** The folder by the words of the command line, so that what is printed can be pasted where that was typed. */
function asTyped({ options, args }: Context): string {
  const folder = args[0] ?? '.'
  const dir = typeof options.dir === 'string' ? options.dir : '.'
  return isAbsolute(folder) ? folder : join(dir, folder)
}

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter(name => statSync(join(folder, name)).isFile()).sort()
}

function write<Done>(path: string, change: () => Done): Done {
  try {
    mkdirSync(dirname(path), { recursive: true })
    return change()
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${(error as Error).message}`, ANOTHER)
  }
}
