// A folder of the publication → every file in it, in a fixed order, each with the numbers by which a change shows; and
// which of them are articles, authors and editor's notes. A symlink out of the publication is not followed: it is a problem.

import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { isInside, mediaTypeOf, once } from '../base/index.ts'
import type { Diagnostic } from '../model.ts'

/** Two listings that are equal in all of this have the same files with the same bytes, as far as a file system can tell. */
export interface Listing {
  /** Relative to the publication's folder, with forward slashes. No hidden files and no node_modules. */
  readonly paths: readonly string[]
  /** Four numbers for each path: size, mtime and ctime in ms, inode. */
  readonly stamps: ArrayLike<number>
  /** Symlinks that were followed, and what they lead to. */
  readonly links: readonly string[]
  readonly problems: readonly Diagnostic[]
}

/** How many numbers of `stamps` are one path's. */
export const STAMP_LENGTH = 4

export function stampAt({ stamps }: Listing, place: number): number[] {
  return Array.from({ length: STAMP_LENGTH }, (_, at) => stamps[place * STAMP_LENGTH + at]!)
}

/** @param folder relative to `dir` */
export function listFolder(dir: string, folder: string): Listing {
  const found = nothingFound(dir)
  walk(found, folder)
  return listingOf(found)
}

/**
 * `articles/`, and behind it what lies beside it and articles are made with: settings of other tools, their tables of authors,
 * pictures of the site.
 *
 * @param dir absolute path of the publication's folder
 * @param named called with the paths below `articles/` before any of these files is looked at, which takes most of the time
 */
export function listSources(dir: string, named: (paths: readonly string[]) => void = () => {}): Listing {
  const found = nothingFound(dir)
  walk(found, 'articles')
  named(found.files.map(({ path }) => path))
  for (const path of settingsBeside(dir))
    found.files.push({ path, stats: statSync(join(dir, path), { throwIfNoEntry: false }) })
  const media = nothingFound(dir)
  for (const folder of siteFolders(dir)) walk(media, folder)
  for (const file of media.files) if (isSiteMedia(file.path)) found.files.push(file)
  found.links.push(...media.links)
  return listingOf(found)
}

/**
 * Where `articles` lies, behind the link that it may be.
 *
 * @returns relative to the publication's folder, with forward slashes: 'content/posts'
 */
export function placeOfArticles(dir: string): string {
  try {
    const place = relative(realpathSync.native(dir), realpathSync.native(join(dir, 'articles')))
    return place.replaceAll(sep, '/')
  } catch {
    return 'articles'
  }
}

/** Of Jekyll and Hugo; and in the folders above the articles, where `articles` is a link into a site, what those say of all in them. */
function settingsBeside(dir: string): string[] {
  const folders = placeOfArticles(dir).split('/').slice(0, -1)
  const above = folders.flatMap((name, at) => {
    const folder = folders.slice(0, at + 1).join('/')
    return [
      `${folder}/_index.md`,
      `${folder}/${name}.json`,
      `${folder}/${name}.11tydata.json`,
      `${folder}/${VAULT}`,
    ]
  })
  return [...SETTINGS_OF_OTHERS, ...above, ...authorTables(dir)].filter(
    path => statSync(join(dir, path), { throwIfNoEntry: false })?.isFile() && isInside(dir, join(dir, path)),
  )
}

/** Obsidian's settings of a folder of notes. */
const VAULT = '.obsidian/app.json'

const SETTINGS_OF_OTHERS = [
  '_config.yml',
  '_config.yaml',
  ...['hugo', 'config', 'config/_default/hugo', 'config/_default/config'].flatMap(name =>
    ['toml', 'yaml', 'yml', 'json'].map(ending => `${name}.${ending}`),
  ),
  '.eleventy.js',
  ...['js', 'cjs', 'mjs', 'ts', 'mts'].map(ending => `eleventy.config.${ending}`),
  VAULT,
  `articles/${VAULT}`,
]

/** Whose settings lie beside articles. Hexo's are called as Jekyll's are. */
export type Tool = 'jekyll' | 'hugo' | 'eleventy' | 'obsidian'

function toolOf(path: string): Tool | undefined {
  if (path.endsWith(VAULT)) return 'obsidian'
  if (/(?:^|\/)([^/]+)\/\1(?:\.11tydata)?\.json$|\.11tydata\.json$/.test(path)) return 'eleventy'
  if (/^_config\.ya?ml$/.test(path)) return 'jekyll'
  if (path.startsWith('.eleventy.') || path.startsWith('eleventy.config.')) return 'eleventy'
  return SETTINGS_OF_OTHERS.includes(path) ? 'hugo' : undefined
}

/** In whose folders other tools keep what they publish as it is. */
const ABOVE_MEDIA = ['', 'src', 'source', 'content', 'docs']
const MEDIA_FOLDERS =
  'static public assets image images img media uploads files photos pictures attachments Attachments Assets Images Files Media'.split(
    ' ',
  )
const SITE_MEDIA = new RegExp(
  `^(?:(?:${ABOVE_MEDIA.slice(1).join('|')})/)?(?:${MEDIA_FOLDERS.join('|')})/(?!(?:.*/)?(?:\\.|node_modules/))`,
)

/** Whether a file of the site around `articles/` may be published with an article: pictures and recordings in folders for them. */
function isSiteMedia(path: string): boolean {
  return isForMedia(path) && isMedia(path)
}

/** @param path of a file, or of a folder with a slash at its end */
export function isForMedia(path: string): boolean {
  return SITE_MEDIA.test(path)
}

/** By its extension. */
export function isMedia(path: string): boolean {
  return /^(?:image|audio|video)\//.test(mediaTypeOf(path) ?? '')
}

/** @returns those that there are, but for what `articles/` itself lies in */
function siteFolders(dir: string): string[] {
  const place = `${placeOfArticles(dir)}/`
  return ABOVE_MEDIA.filter(above => above === '' || isFolder(join(dir, above)))
    .flatMap(above => MEDIA_FOLDERS.map(name => posix.join(above, name)))
    .filter(
      path => isFolder(join(dir, path)) && !place.startsWith(`${path}/`) && !`${path}/`.startsWith(place),
    )
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Where Docusaurus, Jekyll, Hugo, Eleventy and starters of Next keep the authors of all posts. @returns those that are there */
export function authorTables(dir: string): string[] {
  const isThere = (path: string) => statSync(join(dir, path), { throwIfNoEntry: false }) !== undefined
  const endings = ['.yml', '.yaml', '.json']
  const files = AUTHOR_TABLES.flatMap(place => endings.map(ending => place + ending))
  const folder = 'data/authors'
  const inFolder = isThere(folder)
    ? readdirSync(join(dir, folder))
        .filter(name => /\.(?:ya?ml|json|mdx?)$/.test(name))
        .sort()
    : []
  return [...files, ...inFolder.map(name => `${folder}/${name}`)].filter(
    path => isThere(path) && isInside(dir, join(dir, path)),
  )
}

const AUTHOR_TABLES = ['articles/authors', '_data/authors', 'data/authors', 'src/_data/authors']

function nothingFound(dir: string): Found {
  return {
    dir,
    root: once(() => realpathSync.native(dir)),
    files: [],
    links: [],
    followed: new Set(),
    problems: [],
  }
}

/** What was met so far on the way through a folder. */
interface Found {
  readonly dir: string
  /** What the publication's folder is behind all symlinks. */
  readonly root: () => string
  readonly files: FoundFile[]
  readonly links: string[]
  /** Folders that a symlink led to. */
  readonly followed: Set<string>
  readonly problems: Diagnostic[]
}

interface FoundFile {
  readonly path: string
  /** Of what a symlink leads to; any other file is looked at when all names are known. */
  readonly stats?: Stats | undefined
}

function listingOf({ dir, files, links, problems }: Found): Listing {
  const paths: string[] = []
  const stamps: number[] = []
  for (const file of files) {
    const { path } = file
    const stats = 'stats' in file ? file.stats : lstatSync(`${dir}/${path}`, { throwIfNoEntry: false })
    // Deleted since its folder was read; or a pipe, which would never end.
    if (!stats?.isFile()) continue
    paths.push(path)
    stamps.push(stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino)
  }
  return { paths, stamps, links, problems }
}

function walk(found: Found, folder: string): void {
  const { dir, problems } = found
  let entries: Dirent[]
  try {
    entries = readdirSync(join(dir, folder), { withFileTypes: true })
  } catch (error) {
    problems.push(unreadable(folder, error as NodeJS.ErrnoException))
    return
  }
  for (const entry of entries) {
    const { name } = entry
    if (name.startsWith('.') || name === 'node_modules') continue
    const path = `${folder}/${name}`
    if (name.includes('\uFFFD') && lstatSync(join(dir, path), { throwIfNoEntry: false }) === undefined)
      problems.push(nameless(path))
    else if (entry.isDirectory()) walk(found, path)
    else if (entry.isSymbolicLink()) follow(found, path)
    else found.files.push({ path })
  }
}

function follow(found: Found, path: string): void {
  const { dir, links, followed, problems } = found
  let target: string
  try {
    target = realpathSync.native(join(dir, path))
  } catch (error) {
    // A picture that is not there is reported where it is used.
    if (isMarkdown(path)) problems.push(unreadable(path, error as NodeJS.ErrnoException))
    return
  }
  const root = found.root()
  links.push(`${path}\0${target}`)
  if (!target.startsWith(root + sep)) {
    problems.push(outside(path))
    return
  }
  const stats = statSync(target)
  if (!stats.isDirectory()) {
    found.files.push({ path, stats })
    return
  }
  // Followed once: two folders that link into each other would have no end.
  if (followed.has(target) || join(root, path).startsWith(target + sep)) return
  followed.add(target)
  walk(found, path)
}

function outside(file: string): Diagnostic {
  return {
    file,
    line: 0,
    rule: 'symlink-outside',
    severity: 'error',
    message: 'this link leads out of the publication; nothing behind it was read',
    advice: 'Copy what it points at into articles/.',
  }
}

/** A name that is no text cannot be asked for. */
function nameless(file: string): Diagnostic {
  return {
    file,
    line: 0,
    rule: 'readable-file',
    severity: 'error',
    message: 'cannot be read: its name is not UTF-8',
    advice: 'Rename it: mv in a shell, with a * where the odd characters are.',
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): Diagnostic {
  // Only what a link names can be missing where a name is there.
  const isLost = error.code === 'ENOENT'
  return {
    file,
    line: 0,
    rule: 'readable-file',
    severity: 'error',
    message: isLost
      ? 'is a link to a file that does not exist'
      : `cannot be read: ${error.code ?? error.message}`,
    advice: isLost ? 'Correct the link, or remove it.' : 'Correct its permissions, or remove it.',
  }
}

/** Paths relative to the publication's folder, with forward slashes; sorted. */
export interface FoundFiles {
  readonly articles: string[]
  readonly authors: string[]
  readonly notes: string[]
  /** Articles by their names that are not read: they, or a folder of theirs, begin with `_`. */
  readonly underscored: string[]
  /** What looks like an article in a format that is not read. */
  readonly foreign: string[]
  /** What a folder has for all articles in it: Hugo's `_index.md`, Eleventy's `posts/posts.json`. */
  readonly folderData: string[]
  readonly tools: ReadonlySet<Tool>
}

/** What is in `articles/`, by its kind. */
export function findFiles({ paths }: Listing): FoundFiles {
  const tools = new Set<Tool>()
  const found = {
    articles: [] as string[],
    authors: [] as string[],
    notes: [] as string[],
    underscored: [] as string[],
    foreign: [] as string[],
    folderData: [] as string[],
  }
  const stems = once(
    () => new Set(paths.flatMap(path => (path.endsWith('.meta') ? [] : path.replace(/\.\w+$/, '')))),
  )
  for (const path of paths) {
    if (isFolderData(path)) {
      found.folderData.push(path)
      const tool = toolOf(path)
      if (tool) tools.add(tool)
    }
    if (!path.startsWith('articles/')) continue
    if (path.endsWith('.meta') && stems().has(path.slice(0, -'.meta'.length))) continue
    if (!ARTICLE_EXTENSION.test(path)) {
      if (FOREIGN_EXTENSION.test(path) && !NO_ARTICLE.test(path)) found.foreign.push(path)
      continue
    }
    if (SECTION_PAGE.test(path)) continue
    // Only directly below articles/ do these two names mean this.
    if (path.startsWith('articles/authors/')) found.authors.push(path)
    else if (path.startsWith('articles/editions/')) found.notes.push(path)
    else if (isUnderscored(path)) found.underscored.push(path)
    else found.articles.push(path)
  }
  for (const list of Object.values(found)) list.sort()
  return { ...found, tools }
}

/** Of Markdown, and of HTML, which is an article where it has front matter. */
export const ARTICLE_EXTENSION = /\.(?:md|markdown|mdown|mkdn?|mdx|html?)$/i
const MARKDOWN_EXTENSION = /\.(?:md|markdown|mdown|mkdn?|mdx)$/i

/** By its name; whether it says anything of an article is seen when it is read. */
export function isFolderData(path: string): boolean {
  if (path.endsWith('.json')) return !/\/(?:package|tsconfig|authors)(?:[-.][\w-]+)*\.json$/.test(path)
  if (path.endsWith('.meta')) return true
  if (path.startsWith('articles/')) return path.includes('/_index.') && SECTION_PAGE.test(path)
  return SETTINGS_OF_OTHERS.includes(path) || SECTION_PAGE.test(path)
}

export function isMarkdown(path: string): boolean {
  return MARKDOWN_EXTENSION.test(path)
}

/** Other tools read these as posts: reStructuredText, Org, AsciiDoc, notebooks, Textile, templates with front matter. */
const FOREIGN_EXTENSION =
  /\.(?:rst|rest|org|adoc|asciidoc|asc|ipynb|textile|txt|text|wiki|mediawiki|rmd|qmd|rmarkdown|tex|typ|pandoc|creole|rdoc|pod|njk|nunjucks|liquid|hbs|ejs|erb|pug|jade|haml|slim|tid|docx?|odt|rtf|meta|mdwn|mdtxt|mdtext|mdoc|mmd|svx|dj|djot|astro|svelte|ronn|nb|fountain)$/i
/** What such files are besides: words to robots, lists of packages, what lies with pictures and recordings. */
const NO_ARTICLE =
  /\/(?:robots|humans|ads|security|license|licence|copying|readme|changelog|requirements|constraints|cmakelists|cname|todo|notes)(?:[-.][\w-]*)?\.\w+$|\/(?:images?|img|audio|video|media|files|static|public|assets|data|downloads?|attachments?|transcripts?|captions|_includes|_layouts|layouts|includes|node_modules)\/|\/_/i

/** Jekyll's, Docusaurus', Astro's and Hugo's way to keep a file from becoming a page; Jekyll's own two folders are read. */
const UNDERSCORED = /\/_(?!(?:posts|drafts)\/)/

export function isUnderscored(path: string): boolean {
  return path.includes('/_') && UNDERSCORED.test(path)
}

/** Hugo's page of a section, in any language (`_index.fr.md`), is none of its articles. */
const SECTION_PAGE = /\/_index(?:\.[\w-]+)?\.(?:md|markdown|mdx|html?)$/
