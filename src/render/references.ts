// A link or a picture of a text → its absolute URL, or nothing when it is not allowed; and a record of the answers.

import { createHash } from 'node:crypto'
import { dirname, join, normalize } from 'node:path/posix'
import { decodePath, isNormalUrl, once, ownText, parseUrl } from '../base/index.ts'
import {
  type IncludedFile,
  type IncludeReader,
  type NotIncluded,
  type OwnFiles,
  ownFileUrl,
} from '../content/index.ts'
import type { Article, Publication, RefusedFile } from '../model.ts'
import type { IncludeFile } from './dialects/includes.ts'

/** Where relative references start from. */
export interface Base {
  /** Folder relative to `articles/`; '' for `articles/` itself. */
  readonly folder: string
  /** Absolute URL of the article, or of the publication. */
  readonly url: string
  /** Name of the article's file without its extension. */
  readonly stem?: string
  /** The folder of its pictures, from the top, where the article says one. */
  readonly mediaFolder?: string | undefined
}

export interface Resolved {
  readonly url: string
  /** The publication's own file, relative to `articles/`. */
  readonly file?: string
}

export type Resolve = (reference: string, base: Base) => Resolved | undefined

/** Everything else (javascript:, data:, file:, blob: …) runs something, hides something or works nowhere. */
const SCHEMES = /^(?:https?|mailto|tel|sms|xmpp|ftp|gemini|geo|magnet):/i

interface Known {
  readonly publication: Publication
  /** Asked for by the first reference to an article. */
  readonly articles: readonly Article[]
}

export function openReferences(known: Known, ownFiles: OwnFiles): Resolve {
  const references = new References(known, ownFiles)
  return (reference, base) => references.resolve(reference, base)
}

class References {
  readonly #home: string
  readonly #ownFiles: OwnFiles
  readonly #byFile: () => ReadonlyMap<string, Article>
  /** null: of several. */
  readonly #byName: () => ReadonlyMap<string, Article | null>

  constructor(known: Known, ownFiles: OwnFiles) {
    this.#home = known.publication.url
    this.#ownFiles = ownFiles
    this.#byFile = once(() => new Map(known.articles.map(article => [article.file.normalize(), article])))
    this.#byName = once(() => articleNames(known.articles))
  }

  resolve(reference: string, { folder, url }: Base): Resolved | undefined {
    const given = plain(reference)
    const place = PELICAN.exec(given)
    const text = place ? given.slice(place[0].length) : given.replace(TOP_OF_SITE, '/')
    // `{index}`, and `{tag}x`, whose pages are somewhere else here.
    if (place && !/^(?:filename|static|attach|photo)$/i.test(place[1]!))
      return /^index$/i.test(place[1]!) ? { url: this.#home } : undefined
    if (text === '') return undefined
    if (text.startsWith('wiki:')) {
      const { path, suffix } = split(text.slice('wiki:'.length))
      return this.#byNote(path, suffix, folder)
    }
    if (/^(?:@\/|link:\/\/(?:slug|filename)\/)/.test(text)) {
      const { path, suffix } = split(text.replace(/^link:\/\/\w+\//, ''))
      return this.#byNote(path, suffix, folder)
    }
    if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return SCHEMES.test(text) ? absolute(text) : undefined
    if (/^[\\/]{2}/.test(text)) return absolute(new URL(this.#home).protocol + text)
    if (text.startsWith('#')) return { url: new URL(text, url).href }
    return this.#byPath(text, { folder, url })
  }

  #byPath(text: string, { folder, url }: Base): Resolved | undefined {
    const { path, suffix } = split(text)
    if (ARTICLE.test(path) || HTML.test(path)) {
      const article = this.#toArticle(path, suffix, folder)
      if (article !== undefined) return article ?? undefined
    }
    if (!ARTICLE.test(path)) {
      const found = this.#ownFiles.find(text, folder)
      // VitePress has `./other.html` for other.md.
      const twin =
        HTML.test(path) && !path.startsWith('/') && !('file' in found)
          ? this.#toArticle(path.replace(HTML, '.md'), suffix, folder)
          : undefined
      if (twin !== undefined) return twin ?? undefined
      if ('danger' in found) return undefined
      if ('file' in found) return { url: ownFileUrl(this.#home, found.file) + suffix, file: found.file }
    }
    const found = parseUrl(text, url)
    return found && { url: found.href }
  }

  /** Of its file's name, wherever that is: `[[Name]]`, `{% post_url … %}`, `{{< ref … >}}`. */
  #byNote(name: string, suffix: string, folder: string): Resolved | undefined {
    const path = name
      .replace(/^[@~/]+/, '')
      .replace(/\/+$/, '')
      .replace(/(?:^|\/)_?index(?:\.\w+)?$/, '')
    const plain = path.replace(ARTICLE, '').replace(/^(?:_posts|posts|content)\//, '')
    const exact = this.#toArticle(`/${ARTICLE.test(path) ? path : `${path}.md`}`, suffix, folder)
    if (exact !== undefined) return exact ?? undefined
    const parts = plain.toLowerCase().split('/')
    for (let at = 0; at < parts.length; at++) {
      const name = parts.slice(at).join('/')
      const names = this.#byName()
      const article = names.get(name) ?? names.get(name.replace(/^\d{4}-\d{1,2}-\d{1,2}-/, ''))
      if (article) return isSeen(article) ? { url: article.url + suffix } : undefined
    }
    // A picture by its name alone, as Obsidian finds it.
    for (const place of placesOf(path, folder, this.#ownFiles)) {
      const found = this.#ownFiles.find(place, folder)
      if ('file' in found) return { url: ownFileUrl(this.#home, found.file) + suffix, file: found.file }
    }
    return undefined
  }

  /** @returns null for one that readers do not see: whoever is not to be seen yet, or any more, is not to be found by a link */
  #toArticle(path: string, suffix: string, folder: string): Resolved | null | undefined {
    const file = normalize(path.startsWith('/') ? path.slice(1) : join(folder, path))
    const article = this.#byFile().get(`articles/${file}`.normalize())
    if (!article) return undefined
    return isSeen(article) ? { url: article.url + suffix } : null
  }
}

/** `{filename}other.md`, `{static}/images/a.png`, and as it was before `|filename|other.md`. */
export const PELICAN =
  /^(?:\{|%7B|\||%7C)(filename|static|attach|photo|index|category|tag|author|archives)(?:\}|%7D|\||%7C)/i
/** It shows a player, not a picture. */
export const PLAYER_PAGE =
  /^https?:\/\/(?:(?:www\.|m\.)?youtube\.com\/(?:watch\?|shorts\/|live\/)|youtu\.be\/|(?:www\.)?vimeo\.com\/\d|(?:www\.)?(?:twitter|x)\.com\/\w+\/status\/\d)/i
/** Docusaurus' two ways to say it. Nikola has `link://slug/x`, and Zola `@/blog/x.md`. */
const TOP_OF_SITE = /^(?:@site\/(?:static\/)?|pathname:\/\/\/)/
const HTML = /\.html?$/i
const ARTICLE = /\.(?:md|markdown|mdown|mkdn?|mdx)$/i
/** Where attachments are kept beside notes. */
const OWN_FOLDERS =
  'images assets attachments _attachments img media files static static/images public Attachments Assets Images Files'.split(
    ' ',
  )

function isSeen({ state }: Article): boolean {
  return state === 'published' || state === 'unlisted'
}

/** Names of files, with as many of their folders as are wanted, without date and extension → article; null for two of one name. */
function articleNames(articles: readonly Article[]): Map<string, Article | null> {
  const names = new Map<string, Article | null>()
  const add = (name: string, article: Article) => {
    const known = names.get(name)
    if (known !== article) names.set(name, known === undefined ? article : null)
  }
  for (const article of articles) {
    const path = article.file
      .replace(/^articles\//, '')
      .replace(ARTICLE, '')
      .replace(/\/_?index$/, '')
      .toLowerCase()
    const [name, folder] = path.split('/').reverse()
    for (const each of new Set([
      name!,
      name!.replace(/^\d{4}-\d{1,2}-\d{1,2}-/, ''),
      article.slug.toLowerCase(),
    ]))
      add(each, article)
    if (folder !== undefined) add(`${folder}/${name}`, article)
    if (path !== name && path !== `${folder}/${name}`) add(path, article)
    const title = article.title.toLowerCase()
    if (!names.has(title)) names.set(title, article)
  }
  return names
}

/** Whether a reference is to an article, and to no other file of the publication's own. */
export function namesArticle(reference: string): boolean {
  return ARTICLE.test(split(plain(reference)).path)
}

function split(text: string): { path: string; suffix: string } {
  const cut = text.search(/[?#]/)
  return cut === -1
    ? { path: decodePath(text), suffix: '' }
    : { path: decodePath(text.slice(0, cut)), suffix: text.slice(cut) }
}

function plain(reference: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers ignore them, and `java\nscript:` runs
  return reference.replace(/[\0-\x1f\x7f]/g, '').trim()
}

/** @param file of an article, relative to the publication's folder */
export function folderOf(file: string): string {
  const folder = dirname(file.replace(/^articles\//, ''))
  return folder === '.' ? '' : folder
}

export function stemOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.\w+$/, '')
}

/** As it was written where that is an address already; in its normal form where it contains what an address may not. */
function absolute(text: string): Resolved | undefined {
  if (isNormalUrl(text)) return { url: text }
  if (!/^(?:https?|ftp):/i.test(text)) return { url: text.replace(/[\s<>"{}|\\^`]/g, encodeURIComponent) }
  const url = parseUrl(text)
  if (!url) return undefined
  const plain = /^https?:\/\/[a-z0-9.:-]+(?:[/?#][!#-;=?-[\]_a-z~]*)?$/.test(text)
  return { url: plain ? text : url.href }
}

/** Where a file may be that a text gives by its name alone. */
function placesOf(path: string, folder: string, ownFiles: OwnFiles): string[] {
  const last = path.slice(path.lastIndexOf('/') + 1)
  const parts = folder === '' ? [] : folder.split('/')
  const above = parts.slice(0, MAX_ABOVE).map((_, at) => `${parts.slice(0, parts.length - at).join('/')}/`)
  const folders = ['', ...above].flatMap(top => OWN_FOLDERS.map(each => `${top}${each}`))
  return [
    path,
    `/${path}`,
    ...folders.filter(each => ownFiles.hasFolder(each)).map(each => `/${each}/${last}`),
  ]
}

/** Folders above a note, in which its attachments may lie. */
const MAX_ABOVE = 4

/** What a text refers to, and what that was: folder and URL of the text, the reference, what it led to. */
export type Dependency = readonly [folder: string, url: string, reference: string, found: string]

/** As they are kept of each text, of which few are ever looked at: a list would take five times the memory. */
export function writeDependencies(dependencies: readonly Dependency[]): string {
  const groups: string[][] = []
  for (const [folder, url, ...rest] of dependencies) {
    const last = groups.at(-1)
    // Nearly all of a text start from the same place.
    if (last && last[0] === folder && last[1] === url) last.push(...rest)
    else groups.push([folder, url, ...rest])
  }
  return groups.length === 0 ? NO_DEPENDENCIES : ownText(JSON.stringify(groups))
}
const NO_DEPENDENCIES = '[]'

export function readDependencies(written: string): Dependency[] {
  return (JSON.parse(written) as string[][]).flatMap(([folder, url, ...rest]) =>
    rest.flatMap((reference, at): Dependency[] =>
      at % 2 === 0 ? [[folder!, url!, reference, rest[at + 1]!]] : [],
    ),
  )
}

/** Before the name of a file that a text includes: nobody can write it. */
const INCLUDED = '\ufdd9'

/**
 * What texts depend on, by the name of each: every reference and what it led to, by which it can be decided later whether they would look
 * the same. The article behind a link may have moved since, a picture may have come or gone.
 */
export class Dependencies {
  readonly #resolve: Resolve
  readonly #ownFiles: OwnFiles
  readonly #readFile: IncludeReader
  readonly #byText = new Map<string, Map<string, Dependency>>()
  #touched: Set<string> | undefined

  constructor(resolve: Resolve, ownFiles: OwnFiles, readFile: IncludeReader) {
    this.#resolve = resolve
    this.#ownFiles = ownFiles
    this.#readFile = readFile
  }

  /** The same as the resolver, recording what a text refers to. @param text any name for it */
  resolveFor(text: string): Resolve {
    return (reference, base) => {
      const found = this.#resolve(reference, base)
      if (!isElsewhere(reference))
        this.#record(text, [base.folder, base.url, ownText(reference), this.#write(found)])
      return found
    }
  }

  /** Reads files that a text includes, recording what they were. */
  includeFor(text: string, folder: string): IncludeFile {
    const left = { files: MAX_INCLUDED_FILES, characters: MAX_INCLUDED_CHARACTERS }
    return (reference, from) => {
      if (left.files-- <= 0 || left.characters <= 0)
        return { why: 'is one too many, or they are too long together' }
      const folders = from === undefined ? [folder] : [folderOf(from), folder]
      let found: IncludedFile | NotIncluded | undefined
      for (const each of folders) {
        if (found && 'text' in found) break
        found = this.#readFile(reference, each)
        this.#record(text, [each, '', `${INCLUDED}${reference}`, writeIncluded(found)])
      }
      if (found && 'text' in found) left.characters -= found.text.length
      return found!
    }
  }

  /** Files that a text refers to and that are not published. */
  refused(text: string): RefusedFile[] {
    const refused = new Map<string, RefusedFile>()
    for (const [folder, , reference, found] of this.#byText.get(text)?.values() ?? []) {
      if (found !== '' || reference.startsWith(INCLUDED)) continue
      const path = plain(reference).replace(/^wiki:/, '')
      const places = path === reference ? [path] : placesOf(path, folder, this.#ownFiles)
      const danger = places
        .map(place => this.#ownFiles.find(place, folder))
        .find(each => 'danger' in each)?.danger
      if (danger) refused.set(path, { reference: path, ...danger })
    }
    return [...refused.values()]
  }

  /** Nobody will ask for a text by this name any more. */
  forget(text: string): void {
    this.#byText.delete(text)
  }

  /** Called whenever somebody wants something of a text. */
  touch(text: string): void {
    this.#touched?.add(text)
  }

  /** Begins to record. @returns what ends it, and returns the dependencies of all texts that were touched meanwhile */
  watch(): () => Dependency[] {
    const before = this.#touched
    const mine = new Set<string>()
    this.#touched = mine
    return () => {
      this.#touched = before
      return [...mine].flatMap(text => [...(this.#byText.get(text)?.values() ?? [])])
    }
  }

  /** Whether each reference leads to the same today. */
  areUnchanged(dependencies: readonly Dependency[]): boolean {
    return dependencies.every(([folder, url, reference, found]) =>
      reference.startsWith(INCLUDED)
        ? writeIncluded(this.#readFile(reference.slice(INCLUDED.length), folder)) === found
        : this.#write(this.#resolve(reference, { folder, url })) === found,
    )
  }

  #record(text: string, dependency: Dependency): void {
    const known = this.#byText.get(text) ?? new Map<string, Dependency>()
    this.#byText.set(text, known)
    const key = dependency.slice(0, 3).join('\0')
    if (!known.has(key)) known.set(key, dependency)
  }

  #write(found: Resolved | undefined): string {
    if (!found) return ''
    return JSON.stringify(
      found.file ? [found.url, found.file, this.#ownFiles.measure(found.file)] : [found.url],
    )
  }
}

/** It has the shape of the others, and names no file: what is in it is in there already. */
function writeIncluded(found: IncludedFile | NotIncluded): string {
  return JSON.stringify([
    'why' in found
      ? found.why
      : createHash('sha256').update(`${found.file}\0${found.text}`).digest('base64url'),
  ])
}

/** Into one text. */
const MAX_INCLUDED_FILES = 100
const MAX_INCLUDED_CHARACTERS = 2_000_000

/** Whole addresses and places in the text itself mean the same whatever is in the folder. */
function isElsewhere(reference: string): boolean {
  return /^(?!wiki:)(?:[a-z][a-z0-9+.-]*:|[\\/]{2}|#)/i.test(reference)
}
