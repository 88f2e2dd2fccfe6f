// Reference in an article → the publication's own file, measured: a picture of the front matter, or of the text. It lies in
// `articles/`, or is a picture or a recording in a folder of the site around it that its tool publishes as it is (`static/`,
// `public/`, `assets/`). Nothing else is ever opened, whichever way a path or a symlink points.

import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, sep } from 'node:path'
import { decodePath, isInside, mediaTypeOf, once, packageFolder } from '../base/index.ts'
import { attachmentDanger, type Danger } from './attachments.ts'
import { isFolder, isForMedia, isMedia, placeOfArticles } from './list-folder.ts'
import { readText } from './read-file.ts'

/** What a reference leads to: the path at which the file is published, or why there is none. */
type OwnFile =
  | { readonly file: string }
  | { readonly why: 'outside' | 'missing' | 'private' | 'unreadable' }
  /** A browser or a server would run it. */
  | { readonly why: 'active'; readonly danger: Danger }

interface Measures {
  readonly bytes: number
  readonly type?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** Of a picture of a kind without transparent parts. */
  readonly opaque?: boolean | undefined
}

const MAX_TEXT_FILE_BYTES = 2_000_000

export interface OwnFiles {
  /**
   * @param reference a relative path ('../images/a.png') or one from the top of `articles/` ('/images/a.png')
   * @param from the folder it starts from, relative to `articles/`; '' for `articles/` itself
   */
  find(reference: string, from: string): OwnFile
  /** Whether any file may be found in a folder: of the dozens that a name is looked for in, most are not there. @param folder from the top of `articles/` */
  hasFolder(folder: string): boolean
  /** Size, media type and, of a picture, its pixels: read from the file's first bytes, once. */
  measure(file: string): Measures
  /** Length of a recording in seconds, as the file says; undefined where it cannot be read. */
  seconds(file: string): number | undefined
  /** A short text; undefined for what is none. */
  text(file: string): string | undefined
}

/**
 * @param articles absolute path of the `articles/` folder
 * @param attachments extensions of what may be published although it runs (`articles.attachments` in the settings)
 */
export function openOwnFiles(articles: string, attachments: readonly string[] = []): OwnFiles {
  return new FilesOfFolder(articles, attachments)
}

const MISSING: OwnFile = { why: 'missing' }

/** Each file is looked for and measured once. */
class FilesOfFolder implements OwnFiles {
  readonly #articles: string
  readonly #attachments: readonly string[]
  /** The folder of the site around `articles/`, and the path of `articles/` in it. */
  readonly #site: string
  readonly #place: string
  /** Where `articles/` really is. */
  readonly #root: () => string
  readonly #found = new Map<string, OwnFile>()
  /** Absolute path → whether there is such a folder. */
  readonly #folders = new Map<string, boolean>()
  /** Folder below `articles/` → whether it is there, or one of the site whose files are published in it. */
  readonly #places = new Map<string, boolean>()
  /** Folder, with a slash at its end → absolute paths of those of the site whose files are published in it. */
  readonly #ofSites = new Map<string, readonly string[]>()
  readonly #measured = new Map<string, Measures>()
  readonly #lengths = new Map<string, number | undefined>()

  constructor(articles: string, attachments: readonly string[]) {
    this.#articles = articles
    this.#attachments = attachments
    this.#site = dirname(articles)
    this.#place = placeOfArticles(this.#site)
    this.#root = once(() => realpathSync.native(articles))
  }

  find(reference: string, from: string): OwnFile {
    const path = decodePath(reference.replace(/[?#].*$/s, ''))
    if (path.includes('\0')) return MISSING
    const file = posix.normalize(path.startsWith('/') ? path.slice(1) : posix.join(from, path))
    // A page, or a folder: the disk need not be asked, and there is one for each article.
    if (file.endsWith('/') && !file.startsWith('../')) return MISSING
    let answer = this.#found.get(file)
    if (!answer) {
      try {
        answer = this.#locate(file, path)
      } catch {
        answer = MISSING
      }
      this.#found.set(file, answer)
    }
    return answer
  }

  hasFolder(folder: string): boolean {
    let known = this.#places.get(folder)
    if (known === undefined) {
      const below = innerPath(this.#place, folder)
      known =
        isFolder(join(this.#articles, folder)) ||
        (below !== undefined && isFolder(join(this.#articles, below))) ||
        this.#siteFolders(`${folder}/`).length > 0
      this.#places.set(folder, known)
    }
    return known
  }

  measure(file: string): Measures {
    let measures = this.#measured.get(file)
    if (!measures) {
      measures = measureFile(ownFilePath(this.#articles, file))
      this.#measured.set(file, measures)
    }
    return measures
  }

  seconds(file: string): number | undefined {
    if (!this.#lengths.has(file)) this.#lengths.set(file, recordingSeconds(ownFilePath(this.#articles, file)))
    return this.#lengths.get(file)
  }

  text(file: string): string | undefined {
    if (this.measure(file).bytes > MAX_TEXT_FILE_BYTES) return undefined
    const content = readText(ownFilePath(this.#articles, file))
    return 'text' in content ? content.text : undefined
  }

  #locate(file: string, written: string): OwnFile {
    if (file === '..' || file.startsWith('../')) return this.#beside(file) ?? { why: 'outside' }
    const path = join(this.#articles, file)
    if (!this.#isFile(path)) {
      const inner = this.#fromTop(file)
      if (inner !== undefined) return this.#locate(inner, inner)
      const other = written.replace(ALIAS, '')
      return this.#ofSite(file) ?? (other === file ? undefined : this.#ofSite(other)) ?? MISSING
    }
    if (isPrivate(file)) return { why: 'private' }
    if (!realpathSync.native(path).startsWith(this.#root() + sep)) return { why: 'outside' }
    if (!isReadable(path)) return { why: 'unreadable' }
    if (/\.html?$/i.test(file) && hasFrontMatter(path)) return { why: 'private' }
    const danger = attachmentDanger(path, this.#attachments)
    return danger ? { why: 'active', danger } : { file }
  }

  /** Of a folder that is not there, no file is asked for. */
  #isFile(path: string): boolean {
    const folder = dirname(path)
    const known = this.#folders.get(folder) ?? isFolder(folder)
    this.#folders.set(folder, known)
    return known && isFile(path)
  }

  /** A file of the site around `articles/`, at the path at which its tool publishes it. */
  #ofSite(file: string): OwnFile | undefined {
    const path = inFolders(file, folder => this.#siteFolders(folder)).find(isFile)
    if (path === undefined || !isInside(this.#site, path)) return undefined
    if (!isReadable(path)) return { why: 'unreadable' }
    const danger = attachmentDanger(path, this.#attachments)
    return danger ? { why: 'active', danger } : { file }
  }

  #siteFolders(folder: string): readonly string[] {
    let known = this.#ofSites.get(folder)
    if (!known) {
      known = siteFolders(folder)
        .map(each => join(this.#site, each))
        .filter(isFolder)
      this.#ofSites.set(folder, known)
    }
    return known
  }

  /** `/posts/bundle/a.png`, from the top of the site: in `articles/`, which is a link to `content/posts`. */
  #fromTop(file: string): string | undefined {
    const inner = innerPath(this.#place, file)
    return inner !== undefined && inner !== file && isFile(join(this.#articles, inner)) ? inner : undefined
  }

  /** `../../assets/a.jpg`, from where the articles really are. */
  #beside(file: string): OwnFile | undefined {
    const path = posix.join(this.#place, file)
    const wanted = join(this.#site, path)
    return PREFIXES.filter(prefix => path.startsWith(prefix))
      .map(prefix => path.slice(prefix.length))
      .filter(
        published => sitePath(this.#site, published) === wanted && !isFile(join(this.#articles, published)),
      )
      .map(published => this.#ofSite(published))
      .find(found => found !== undefined)
  }
}

/** What it writes: the seconds, never in colour (FORCE_COLOR). The path is an argument, and no part of the program. */
const MEASURE_RECORDING =
  "Promise.all([import('music-metadata'), import('node:process')]).then(([{ parseFile }, { argv, stdout }]) => parseFile(argv[1], { duration: true, skipCovers: true }).then(({ format }) => stdout.write(String(format.duration ?? ''))))"
const RECORDING_TIMEOUT_MS = 30_000

/** The package that knows all kinds of recordings can only be waited for: another process does, which few folders need. */
function recordingSeconds(path: string): number | undefined {
  const { spawnSync } = createRequire(import.meta.url)(
    'node:child_process',
  ) as typeof import('node:child_process')
  const { stdout } = spawnSync(process.execPath, ['-e', MEASURE_RECORDING, path], {
    cwd: packageFolder,
    encoding: 'utf8',
    timeout: RECORDING_TIMEOUT_MS,
  })
  const seconds = Number.parseFloat(stdout ?? '')
  return seconds > 0 ? Math.round(seconds * 10) / 10 : undefined
}

/**
 * Where a file lies that is published at a path.
 *
 * @param articles absolute path of the `articles/` folder
 * @returns absolute; a path in `articles/` where there is no such file
 */
export function ownFilePath(articles: string, file: string): string {
  const path = join(articles, file)
  return isFile(path) ? path : (sitePath(dirname(articles), file) ?? path)
}

/**
 * Where a file may lie that is published at a path, in the order in which it is looked for.
 *
 * @returns relative to the publication's folder
 */
export function ownFilePlaces(file: string): string[] {
  return [`articles/${file}`, ...inFolders(file, siteFolders)]
}

/** @returns absolute; undefined where the site has no such picture or recording */
function sitePath(site: string, file: string): string | undefined {
  const path = inFolders(file, siteFolders)
    .map(each => join(site, each))
    .find(isFile)
  return path !== undefined && isInside(site, path) ? path : undefined
}

/** @param folders gives those for one below `articles/`; each has a slash at its end @returns where a picture or a recording may lie */
function inFolders(file: string, folders: (folder: string) => readonly string[]): string[] {
  const name = file.slice(file.lastIndexOf('/') + 1)
  if (!isMedia(name) || name.startsWith('.')) return []
  return folders(file.slice(0, file.length - name.length)).map(folder => folder + name)
}

/** Relative to the site; each has a slash at its end. */
function siteFolders(folder: string): string[] {
  return PREFIXES.map(prefix => posix.normalize(prefix + folder)).filter(isForMedia)
}

/** What a tool takes away of the path of a file that it publishes as it is; the first that has it counts. */
const PREFIXES = [
  ...['static/', 'public/', 'docs/public/', 'src/static/', 'src/public/'],
  ...['source/', 'content/', 'src/', 'docs/', '', 'assets/', 'src/assets/'],
]

/** What the addresses of a site begin below. */
const TOPS = ['', 'content/', 'src/', 'src/content/', 'source/', 'docs/', 'src/pages/']

/** @param place of `articles/` in its site @returns a path below `articles/`; undefined for one of another place, or where the site has no other */
function innerPath(place: string, path: string): string | undefined {
  if (place === 'articles') return undefined
  const prefix = TOPS.find(top => `${top}${path}`.startsWith(`${place}/`))
  return prefix === undefined ? undefined : `${prefix}${path}`.slice(place.length + 1)
}

/** The top of the site's folder, in Docusaurus and in what bundles scripts. */
const ALIAS = /^(?:@site|@|~)\//

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Absolute URL of one of the publication's own files. @param file relative to `articles/` */
export function ownFileUrl(publicationUrl: string, file: string): string {
  return publicationUrl + file.split('/').map(encodeURIComponent).join('/')
}

/**
 * Sources, settings, hidden files and packages are never copied to where readers are: some have drafts or secrets in them.
 * Nor is what tells a host how to serve the rest.
 */
function isPrivate(file: string): boolean {
  const isHidden = (name: string) => name.startsWith('.') || name === 'node_modules'
  const isSource =
    /\.(?:md|markdown|mdown|mkdn?|mdx|ya?ml)$|(?:^|\/)(?:_headers|_redirects|_routes\.json|web\.config)$/i
  return isSource.test(file) || file.split('/').some(isHidden)
}

function hasFrontMatter(path: string): boolean {
  const content = readText(path)
  return 'text' in content && /^(?:---|\+\+\+|;;;|\{)/.test(content.text)
}

function isReadable(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'))
    return true
  } catch {
    return false
  }
}

/** Loaded by the first picture: 30 ms that a folder without pictures need not wait. */
function imageSize(bytes: Uint8Array): ReturnType<typeof import('image-size').imageSize> {
  imageSizer ??= createRequire(import.meta.url)('image-size') as typeof import('image-size')
  return imageSizer.imageSize(bytes)
}
let imageSizer: typeof import('image-size') | undefined

function measureFile(path: string): Measures {
  const { size } = statSync(path)
  const type = mediaTypeOf(path)
  if (type && !type.startsWith('image/')) return { bytes: size, type }
  try {
    const bytes = head(path, size)
    const image = imageSize(bytes)
    const turned = image.orientation !== undefined && image.orientation >= 5
    const [width, height] = turned ? [image.height, image.width] : [image.width, image.height]
    const read = mediaTypeOf(image.type ?? '') ?? type
    return { bytes: size, type: read, width, height, ...(isOpaque(bytes, read) ? { opaque: true } : {}) }
  } catch {
    return { bytes: size, type }
  }
}

/** PNG, Third Edition, §11.2.1 and §11.3.1.1: an alpha channel, or a chunk that says which colour is transparent. */
function isOpaque(bytes: Uint8Array, type: string | undefined): boolean {
  if (type !== 'image/png') return type === 'image/jpeg'
  const colourType = bytes[25] ?? 6
  const beforeData = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('latin1')
    .split('IDAT', 1)[0]!
  return colourType < 4 && !beforeData.includes('tRNS')
}

/** Enough of a picture to know its size; all of it only when a long preview comes before the size. */
function head(path: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(Math.min(size, 131_072))
  const handle = openSync(path, 'r')
  try {
    readSync(handle, bytes, 0, bytes.length, 0)
  } finally {
    closeSync(handle)
  }
  if (bytes.length === size || size > 64 * 1024 * 1024) return bytes
  try {
    imageSize(bytes)
    return bytes
  } catch {
    return readFileSync(path)
  }
}
