// A folder → a new publication in it that builds at once, beside whatever is there already; and a title → a new article.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { isoTime, oneLine, openZone, packageFolder } from '../base/index.ts'
import { UserError } from '../errors.ts'
import type { Publication } from '../model.ts'
import { builtinTemplates } from '../templates/index.ts'
import { fileSlug } from './articles/paths.ts'
import { fileInTheWay, publicationAbove } from './open-folder.ts'

export interface StartedPublication {
  /** Files that were made, relative to the folder. */
  readonly files: readonly string[]
  /** Lines that were added to a `.gitignore` that was there. */
  readonly ignored: readonly string[]
}

/** npm leaves dot files out of packages, so the starter's have names without a dot. */
const DOTTED: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'env.example': '.env.example' }

/** What `address` says until somebody writes their own. */
export const STARTER_ADDRESS = 'Your postal address, street and town'

const ANOTHER = 'Choose another folder: broadsheet init site'

/**
 * @param folder absolute path
 * @param date of its first article and its newsletters, '2026-01-30'
 * @throws UserError when it cannot be made, or when there is a publication in it or around it
 */
export function startPublication(folder: string, date: string): StartedPublication {
  checkPlace(folder)
  const starter = join(builtinTemplates, 'starter')
  const schema = schemaReference(folder)
  const files: string[] = []
  let ignored: string[] = []
  for (const name of filesBelow(starter)) {
    const path = join(folder, DOTTED[name] ?? name)
    const text = readFileSync(join(starter, name), 'utf8')
      .replace('{{date}}', date)
      .replace('{{schema}}', schema)
    if (!existsSync(path)) {
      write(path, () => writeFileSync(path, text, { flag: 'wx' }))
      files.push(relative(folder, path))
    } else if (name === 'gitignore') {
      ignored = write(path, () => addRules(path, text.trim().split('\n')))
    }
  }
  return { files, ignored }
}

function checkPlace(folder: string): void {
  const file = fileInTheWay(folder)
  if (file) throw new UserError(`${file} is a file, not a folder`, ANOTHER)
  if (existsSync(join(folder, 'articles')))
    throw new UserError(`${folder} contains a publication already`, ANOTHER)
  const above = publicationAbove(folder)
  // What was made there would be articles of the one around it.
  if (above && `${folder}/`.startsWith(join(above, 'articles/')))
    throw new UserError(`${folder} is inside the articles of the publication ${above}`, ANOTHER)
}

const SCHEMA = 'publication.schema.json'
const INSTALLED = join('node_modules', 'broadsheet', SCHEMA)

/**
 * Where an editor finds the schema of publication.yaml, from articles/: the package installed in the folder or above it, or
 * the clone that it lies in; else where it will be once the package is installed there.
 */
export function schemaReference(folder: string): string {
  const installed = withAbove(folder)
    .map(above => join(above, INSTALLED))
    .find(path => existsSync(path))
  const clone = folder.startsWith(packageFolder + sep) ? join(packageFolder, SCHEMA) : undefined
  const schema = installed ?? clone ?? join(folder, INSTALLED)
  return relative(join(folder, 'articles'), schema).replaceAll('\\', '/')
}

function withAbove(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...withAbove(above)]
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

/** What is there stays byte for byte, and its line ends go on. @returns the lines that were added */
function addRules(path: string, wanted: readonly string[]): string[] {
  const text = readFileSync(path, 'latin1') // Every byte is a character, whatever it is encoded in.
  const missing = missingRules(text, wanted)
  if (missing.length === 0) return []
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const gap = text === '' || text.endsWith('\n') ? '' : end
  appendFileSync(path, gap + missing.map(rule => rule + end).join(''))
  return missing
}

/** @param text of a `.gitignore`, with any line ends @returns the lines of `wanted` that are not in it */
export function missingRules(text: string, wanted: readonly string[]): string[] {
  const there = new Set(text.split(/\r?\n/).map(meaning))
  return wanted.filter(rule => !there.has(meaning(rule)))
}

/** Without the slashes and stars around it: each of `.env`, `/.env` and `.env/**` ignores the `.env` that is made here. */
function meaning(rule: string): string {
  return rule
    .trim()
    .replace(/^(?:\*\*)?\//, '')
    .replace(/\/(?:\*\*?)?$/, '')
}

// ─── A new article ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A draft with nothing in it yet.
 *
 * @param section its slug or its name in the settings
 * @returns its file, relative to the publication's folder
 * @throws UserError for a title without a letter, a section that there is not, and a file that is there already
 */
export function startArticle(
  { dir, timezone, sections }: Publication,
  {
    title,
    section,
    now,
  }: { readonly title: string; readonly section?: string | undefined; readonly now: number },
): string {
  const name = oneLine(title)
  if (!/[\p{L}\p{N}]/u.test(name))
    throw new UserError(
      `An article needs a title${name && `: “${name}” has neither a letter nor a digit to name its file by`}`,
      'Write it in quotes: broadsheet new "Tea auctions open higher"',
    )
  const known = sections.find(one => section === one.slug || section === one.title)
  if (section !== undefined && !known) {
    const slugs = sections.map(({ slug }) => slug).join(', ')
    const hint = slugs ? `Use one of ${slugs}.` : 'Add it to publication.yaml: sections: { world: World }'
    throw new UserError(`There is no section "${section}"`, hint)
  }
  const date = isoTime(now, openZone(timezone))
  const file = `articles/${date.slice(0, 10)}-${cutName(fileSlug(name.toLowerCase()))}.md`
  const front = [
    `title: ${yamlText(name)}`,
    `date: ${date}`,
    'draft: true # remove this line to publish the article',
    ...(known ? [`section: ${yamlText(known.slug)}`] : []),
    'tags: []',
  ]
  try {
    mkdirSync(join(dir, 'articles'), { recursive: true })
    writeFileSync(join(dir, file), `---\n${front.join('\n')}\n---\n\n`, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UserError(`${file} exists already`, 'Edit that file, or choose another title.')
    throw new UserError(`${file} cannot be written: ${(error as Error).message}`)
  }
  return file
}

/** File systems take 255 bytes; nobody types an address of half of them. */
const MAX_SLUG_BYTES = 120

/** Whole words of it, as long as one word is not too long. */
function cutName(slug: string): string {
  let cut = slug
  while (Buffer.byteLength(cut) > MAX_SLUG_BYTES) cut = [...cut].slice(0, -1).join('')
  if (cut === slug) return slug
  return cut.replace(/(?<=.{20})-[^-]*$/u, '').replace(/-+$/, '')
}

/** Plain where YAML reads the same again; otherwise in double quotes. JSON is YAML. */
function yamlText(text: string): string {
  const isPlain = /^\p{L}[\p{L}\p{M}\p{N} ,.;!?()’“”–—-]*$/u.test(text)
  return isPlain && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text) ? text : JSON.stringify(text)
}
