// What a folder, or a file beside an article, says of the article → fields that count where its own front matter has none:
// Jekyll's `defaults:`, Hugo's `cascade:`, Eleventy's `posts/posts.json` and `post.json`, Nikola's `post.meta`.

import { join } from 'node:path'
import type { Publication } from '../../model.ts'
import { ARTICLE_EXTENSION, type FoundFiles, placeOfArticles, type Tool } from '../list-folder.ts'
import { readText } from '../read-file.ts'
import { splitFrontMatter } from '../split-front-matter.ts'
import { type Fields, parseFrontMatter } from './parse-front-matter.ts'

/** @returns undefined for nearly all articles */
export type FolderFields = (file: string) => Fields | undefined

/** What is everybody's that it is for. Later ones count for more. */
interface SharedFields {
  isFor(file: string): boolean
  readonly fields: Fields
}

/** @param root absolute path of the publication's folder */
export function openFolderFields(root: string, { articles, folderData }: FoundFiles): FolderFields {
  if (folderData.length === 0) return () => undefined
  let shared: readonly SharedFields[] | undefined
  let beside: ReadonlyMap<string, Fields> | undefined
  return file => {
    shared ??= readShared(root, folderData)
    beside ??= readBeside(root, folderData, new Set(articles.map(stem)))
    const found = shared.filter(({ isFor }) => isFor(file)).map(({ fields }) => fields)
    const own = beside.get(stem(file))
    if (own) found.push(own)
    return found.length === 0 ? undefined : Object.assign({}, ...found)
  }
}

function stem(file: string): string {
  return file.replace(ARTICLE_EXTENSION, '')
}

// ─── Of one article ──────────────────────────────────────────────────────────────────────────────────────────────────

const BESIDE = /(?:\.11tydata)?\.json$|\.meta$/

function readBeside(
  root: string,
  files: readonly string[],
  articles: ReadonlySet<string>,
): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>()
  for (const file of files) {
    if (!BESIDE.test(file) || !articles.has(file.replace(BESIDE, ''))) continue
    const fields = file.endsWith('.meta') ? metaFields(join(root, file)) : fieldsOf(join(root, file), 'json')
    if (fields) found.set(file.replace(BESIDE, ''), fields)
  }
  return found
}

/** Nikola's `.. title: …` without a comment around it, or front matter and nothing behind it. */
function metaFields(path: string): Fields | undefined {
  const text = textOf(path)
  const split = splitFrontMatter(text)
  return 'problem' in split ? parsed('comment', text) : parsed(split.language, split.block)
}

// ─── Of many ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function readShared(root: string, files: readonly string[]): SharedFields[] {
  const place = placeOfArticles(root)
  const ordered = files.filter(file => !file.endsWith('.meta')).sort((a, b) => depth(a) - depth(b))
  return ordered.flatMap(file => {
    if (isJekyllConfig(file)) return jekyllDefaults(join(root, file), place)
    if (file.includes('_index.')) return cascades(sectionFields(join(root, file)), folderAbove(file), place)
    if (/^(?:config\/_default\/)?(?:hugo|config)\.\w+$/.test(file))
      return cascades(fieldsOf(join(root, file), languageOf(file)), '', place)
    return isOfFolder(file, place) ? eleventyFields(join(root, file), folderAbove(file), place) : []
  })
}

/** Those of outer folders come first, and those of the settings before all. */
function depth(file: string): number {
  return file.includes('/') ? file.split('/').length : 0
}

function folderAbove(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')))
}

/** Whether a folder of the site, or of `articles/`, has an article in it. */
function isBelow(file: string, folder: string, place: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`) || sitePath(file, place).startsWith(`${folder}/`)
}

/** 'articles/a.md' → 'content/posts/a.md', where `articles` is a link to that folder. */
function sitePath(file: string, place: string): string {
  return place + file.slice('articles'.length)
}

/** `posts/posts.json` and `posts/posts.11tydata.json` are of all in `posts`. */
function isOfFolder(file: string, place: string): boolean {
  const [name = '', folder] = sitePathOf(file, place).split('/').reverse()
  return name.replace(/(?:\.11tydata)?\.json$/, '') === folder
}

function sitePathOf(file: string, place: string): string {
  return file.startsWith('articles/') ? sitePath(file, place) : file
}

/** Tags of a folder are names of Eleventy's collections, not of subjects. */
function eleventyFields(path: string, folder: string, place: string): SharedFields[] {
  const { tags: _, ...fields } = fieldsOf(path, 'json') ?? {}
  return [{ isFor: file => isBelow(file, folder, place), fields: ofMany(fields) }]
}

/**
 * Tags of an article of Eleventy's that only say which lists it is in.
 *
 * @param extra what its front matter has besides
 */
export function namesOfCollections(
  tags: readonly string[],
  tools: ReadonlySet<Tool>,
  extra: Fields,
): string[] {
  const found = tags.filter(tag => /^(?:all|posts?|nav|pages?)$/i.test(tag))
  if (found.length === 0 || tools.has('eleventy')) return found
  const isLayout = typeof extra.layout === 'string' && /\.(?:njk|webc|11ty\.[cm]?[jt]s)$/.test(extra.layout)
  return isLayout || Object.keys(extra).some(key => /^eleventy[A-Z]/.test(key)) ? found : []
}

function sectionFields(path: string): Fields | undefined {
  const split = splitFrontMatter(textOf(path))
  return 'problem' in split ? undefined : parsed(split.language, split.block)
}

/** Hugo's: one table, or a list of tables of which each may say what it is for. */
function cascades(fields: Fields | undefined, folder: string, place: string): SharedFields[] {
  const { cascade } = fields ?? {}
  return (Array.isArray(cascade) ? cascade : [cascade]).filter(isTable).map(table => {
    const { target, _target, params, ...rest } = table
    const wanted = isTable(target) ? target : isTable(_target) ? _target : {}
    return {
      isFor: file => isBelow(file, folder, place) && isTarget(file, wanted, place),
      fields: ofMany({ ...(isTable(params) ? params : {}), ...rest }),
    }
  })
}

function isTarget(file: string, target: Fields, place: string): boolean {
  const { path, kind, environment } = target
  if (kind !== undefined && !matches('page', kind)) return false
  if (environment !== undefined && !matches('production', environment)) return false
  if (path === undefined) return true
  // From the top of Hugo's content/, without ending.
  const from = sitePath(file, place).replace(/^(?:.*\/)?content\//, '/')
  const paths = [from, file.replace(/^articles/, '')].map(stem)
  return paths.some(one => matches(one, path) || matches(one.replace(/\/index$/, ''), path))
}

/** @param pattern a glob, or a list of them */
function matches(text: string, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some(one => matches(text, one))
  if (typeof pattern !== 'string' || pattern.length > 500) return false
  const signs = pattern.match(/\*\*\/?|\*|\?|\{[^{}]*\}|[^*?{}]+|[{}]/g) ?? []
  return new RegExp(`^${signs.map(globPart).join('')}$`, 'i').test(text)
}

function globPart(sign: string): string {
  if (sign.startsWith('**')) return '.*'
  if (sign === '*') return '[^/]*'
  if (sign === '?') return '[^/]'
  const plain = (text: string) => text.replace(/[.+^$()|[\]\\{}]/g, '\\$&')
  if (sign.startsWith('{') && sign.endsWith('}'))
    return `(?:${sign.slice(1, -1).split(',').map(plain).join('|')})`
  return plain(sign)
}

/** `defaults: [{ scope: { path, type }, values }]`: the longer the path, the more it counts; and a type more than none. */
function jekyllDefaults(path: string, place: string): SharedFields[] {
  const { defaults } = fieldsOf(path, 'yaml') ?? {}
  const sets = (Array.isArray(defaults) ? defaults : []).filter(isTable).flatMap(({ scope, values }) => {
    if (!isTable(values)) return []
    const { path: given, type } = isTable(scope) ? scope : {}
    const folder = typeof given === 'string' ? given.replace(/^\/|\/$/g, '') : ''
    const isOfType = (file: string) =>
      type === undefined || type === null || type === '' || type === typeOf(file, place)
    const isFor = (file: string) => isOfType(file) && isInScope(sitePath(file, place), folder)
    return { isFor, fields: ofMany(values), weight: folder.length * 2 + (type ? 1 : 0) }
  })
  return sets.sort((a, b) => a.weight - b.weight)
}

function isInScope(path: string, folder: string): boolean {
  if (folder === '' || path === folder || path.startsWith(`${folder}/`)) return true
  return folder.includes('*') && (matches(path, folder) || matches(path, `${folder}/**`))
}

/** What Jekyll calls them: posts, drafts, or a collection by its folder. */
function typeOf(file: string, place: string): string {
  const folder = /(?:^|\/)_([\w-]+)\//.exec(sitePath(file, place))?.[1]
  return folder ?? (/\/\d{4}-\d{1,2}-\d{1,2}-[^/]*$/.test(file) ? 'posts' : 'pages')
}

/**
 * What `site.…` means in tags of the articles.
 *
 * @returns undefined where no settings of Jekyll's are beside the articles
 */
export function readSiteValues(root: string, { folderData }: FoundFiles): Publication['siteValues'] {
  const file = folderData.find(isJekyllConfig)
  const fields = file === undefined ? undefined : fieldsOf(join(root, file), 'yaml')
  if (!fields) return undefined
  const values: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (isPlainValue(value)) values[key] = value
    else if (isTable(value))
      for (const [inner, each] of Object.entries(value))
        if (isPlainValue(each)) values[`${key}.${inner}`] = each
  }
  return values
}

function isJekyllConfig(file: string): boolean {
  return /^_config\.ya?ml$/.test(file)
}

function isPlainValue(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** Names of many are names of none, and so are addresses, unless a pattern makes one for each. */
function ofMany(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([key, value]) => {
      if (/^(?:title|slug|id|guid)$/i.test(key) || (key === 'date' && /\d/.test(`${value}`))) return false
      return !/^(?:permalink|url|path)$/i.test(key) || typeof value === 'boolean' || isPattern(value)
    }),
  )
}

function isPattern(value: unknown): boolean {
  return typeof value === 'string' && /\{[{%]|(?:^|\/):[a-z]|^[a-z]+$/.test(value)
}

function languageOf(file: string): string {
  const ending = file.slice(file.lastIndexOf('.') + 1)
  return ending === 'yml' ? 'yaml' : ending
}

function fieldsOf(path: string, language: string): Fields | undefined {
  return parsed(language, textOf(path))
}

/** What cannot be read is wrong for its own tool, too, and says so there. */
function parsed(language: string, text: string): Fields | undefined {
  if (text.trim() === '') return undefined
  const found = parseFrontMatter(language, text)
  return 'message' in found ? undefined : found.fields
}

function textOf(path: string): string {
  const content = readText(path)
  return 'text' in content ? content.text : ''
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
