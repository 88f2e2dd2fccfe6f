// Path → the text of a file, or its bytes, or why it cannot be read; and a reference in an article → the file it names.

import { isUtf8 } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, posix, sep } from 'node:path'
import { decodePath, mediaTypeOf, once, packageFolder } from '../base/index.ts'
import { ChangedMeanwhile } from '../errors.ts'
import type { Diagnostic } from '../model.ts'
import { attachmentDanger, type Danger } from './attachments.ts'

/** What a parser makes of the text of a file; undefined, and a problem reported, when it cannot be read. */
export function readFile<T>(
  root: string,
  path: string,
  parse: (file: string, text: string) => T | undefined,
  report: (diagnostic: Diagnostic) => void,
): T | undefined {
  const content = readText(join(root, path))
  if ('text' in content) return parse(path, content.text)
  if (!existsSync(join(root, path))) throw new ChangedMeanwhile(join(root, path))
  report({ file: path, severity: 'error', ...content })
  return undefined
}

export type ReadText =
  | { readonly text: string }
  | { readonly line: number; readonly rule: string; readonly message: string; readonly advice: string }

/** With LF line ends and without a byte order mark. */
export function readText(path: string): ReadText {
  try {
    // One call, a third quicker than reading bytes and judging them: what is not UTF-8 shows as U+FFFD.
    const text = readFileSync(path, 'utf8')
    // UTF-16 of plain letters is UTF-8 as well.
    const odd = text[0] === '\0' || text[1] === '\0' || text.includes('\ufffd')
    if (!odd) return { text: tidy(text) }
    const bytes = readFileSync(path)
    if (isUtf16(bytes)) return notUtf8(bytes)
    return isUtf8(bytes) ? { text: tidy(bytes.toString()) } : notUtf8(bytes)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return {
      line: 0,
      rule: 'readable-file',
      message: `cannot be read: ${READ_ERRORS[code ?? '']?.message ?? code ?? message}`,
      advice: READ_ERRORS[code ?? '']?.advice ?? 'Correct its permissions, or remove it.',
    }
  }
}

const READ_ERRORS: Readonly<Record<string, { readonly message: string; readonly advice: string }>> = {
  ENOENT: {
    message: 'it is a link to a file that does not exist (ENOENT)',
    advice: 'Correct the link, or remove it.',
  },
  EISDIR: { message: 'it is a folder (EISDIR)', advice: 'Give the folder a name without .md.' },
}

function tidy(text: string): string {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return bare.includes('\r') ? bare.replace(/\r\n?/g, '\n') : bare
}

function notUtf8(bytes: Buffer): ReadText {
  const offset = firstBadByte(bytes)
  const line = bytes.subarray(0, offset).reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 1)
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0')
  return {
    line,
    rule: 'utf-8',
    message: isUtf16(bytes) ? 'is UTF-16, not UTF-8' : `is not UTF-8: byte 0x${byte} at offset ${offset}`,
    advice: 'Save the file as UTF-8.',
  }
}

/** By its mark, or by a NUL beside each of the first letters: one alone is in other files, too. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  const start = [...bytes.subarray(0, 8)]
  return [0, 1].some(
    side => start.length > 4 && start.every((byte, at) => (byte === 0) === (at % 2 === side)),
  )
}

/** By halving: the longest beginning that is whole UTF-8. */
function firstBadByte(bytes: Buffer): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isUtf8(bytes.subarray(0, wholeUntil(bytes, middle)))) good = middle
    else bad = middle
  }
  return wholeUntil(bytes, good)
}

/** Not in the middle of a character: continuation bytes are 10xxxxxx. */
function wholeUntil(bytes: Buffer, end: number): number {
  for (let back = 0; back < 4 && end - back > 0; back++)
    if ((bytes[end - back]! & 0xc0) !== 0x80) return end - back
  return end
}

/** Bytes of many small files, in one read each: they lie in one block, which costs a third of making a text of each. */
interface ByteReader {
  /**
   * @param size as the folder's listing says
   * @param keep whether the bytes are needed once the next file is read
   * @returns undefined when they are not as many any more, too many, or cannot be read
   */
  read(path: string, size: number, keep: boolean): Buffer | undefined
}

const BLOCK_BYTES = 4 * 1024 * 1024

export function openByteReader(): ByteReader {
  let block: Buffer = Buffer.alloc(0)
  let used = 0
  return {
    read(path, size, keep) {
      // One byte more tells whether the file has grown.
      if (size >= BLOCK_BYTES) return undefined
      if (used + size >= block.length) {
        block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
        used = 0
      }
      const found = fill(path, block, used, size + 1)
      if (found !== size) return undefined
      const bytes = block.subarray(used, used + size)
      if (keep) used += size
      return bytes
    },
  }
}

/** @returns how many bytes were read, at most `limit`; -1 when the file cannot be read */
export function fill(path: string, block: Buffer, at: number, limit: number): number {
  let handle: number | undefined
  try {
    handle = openSync(path, 'r')
    return readSync(handle, block, at, limit, null)
  } catch {
    return -1
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

// Reference in an article → the publication's own file, measured: a picture of the front matter, or of the text. Nothing
// outside `articles/` is ever opened, whichever way a path or a symlink points.

/** What a reference leads to: the file's path relative to `articles/`, or why there is none. */
type OwnFile =
  | { readonly file: string }
  | {
      readonly why: 'outside' | 'missing' | 'private' | 'unreadable'
      /** There is one in `static/`, `public/` or `assets/` beside `articles/`: the site's own tool puts it there. */
      readonly isOfSite?: boolean
    }
  /** A browser or a server would run it. */
  | { readonly why: 'active'; readonly danger: Danger }

interface Measures {
  readonly bytes: number
  readonly type?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
}

const MAX_TEXT_FILE_BYTES = 2_000_000

export interface OwnFiles {
  /**
   * @param reference a relative path ('../images/a.png') or one from the top of `articles/` ('/images/a.png')
   * @param from the folder it starts from, relative to `articles/`; '' for `articles/` itself
   */
  find(reference: string, from: string): OwnFile
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
  const found = new Map<string, OwnFile>()
  const measured = new Map<string, Measures>()
  let root: string | undefined

  function locate(file: string): OwnFile {
    if (file === '..' || file.startsWith('../')) return { why: 'outside' }
    if (file.endsWith('/')) return { why: 'missing' } // a page, or a folder: the disk need not be asked
    const path = join(articles, file)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      return isOfSite(file) ? { why: 'missing', isOfSite: true } : { why: 'missing' }
    if (isPrivate(file)) return { why: 'private' }
    root ??= realpathSync.native(articles)
    if (!realpathSync.native(path).startsWith(root + sep)) return { why: 'outside' }
    if (!isReadable(path)) return { why: 'unreadable' }
    if (/\.html?$/i.test(file) && hasFrontMatter(path)) return { why: 'private' }
    const danger = attachmentDanger(path, attachments)
    return danger ? { why: 'active', danger } : { file }
  }

  const site = dirname(articles)
  const siteFolders = once(() => SITE_FOLDERS.filter(folder => existsSync(join(site, folder))))
  function isOfSite(file: string): boolean {
    return siteFolders().some(
      folder => statSync(join(site, folder, file), { throwIfNoEntry: false })?.isFile() === true,
    )
  }

  function find(reference: string, from: string): OwnFile {
    const path = decodePath(reference.replace(/[?#].*$/s, ''))
    if (path.includes('\0')) return { why: 'missing' }
    const file = posix.normalize(path.startsWith('/') ? path.slice(1) : posix.join(from, path))
    let answer = found.get(file)
    if (!answer) {
      try {
        answer = locate(file)
      } catch {
        answer = { why: 'missing' }
      }
      found.set(file, answer)
    }
    return answer
  }

  function measure(file: string): Measures {
    let measures = measured.get(file)
    if (!measures) {
      measures = measureFile(join(articles, file))
      measured.set(file, measures)
    }
    return measures
  }

  function textOf(file: string): string | undefined {
    if (measure(file).bytes > MAX_TEXT_FILE_BYTES) return undefined
    const content = readText(join(articles, file))
    return 'text' in content ? content.text : undefined
  }

  const lengths = new Map<string, number | undefined>()
  function seconds(file: string): number | undefined {
    if (!lengths.has(file)) lengths.set(file, recordingSeconds(join(articles, file)))
    return lengths.get(file)
  }

  return { find, measure, seconds, text: textOf }
}

/** What it writes: the seconds. The path is an argument, and no part of the program. */
const MEASURE_RECORDING =
  "Promise.all([import('music-metadata'), import('node:process')]).then(([{ parseFile }, { argv }]) => parseFile(argv[1], { duration: true, skipCovers: true })).then(({ format }) => console.log(format.duration ?? ''))"
const RECORDING_TIMEOUT_MS = 30_000

/** The package that knows all kinds of recordings can only be waited for: another process does, which few folders need. */
function recordingSeconds(path: string): number | undefined {
  const { stdout } = spawnSync(process.execPath, ['-e', MEASURE_RECORDING, path], {
    cwd: packageFolder,
    encoding: 'utf8',
    timeout: RECORDING_TIMEOUT_MS,
  })
  const seconds = Number.parseFloat(stdout ?? '')
  return seconds > 0 ? Math.round(seconds * 10) / 10 : undefined
}

/** Where Hugo, Docusaurus, Astro, Next, Jekyll, Hexo, VitePress, Eleventy and Pelican keep what is copied to the site as it is. */
const SITE_FOLDERS = [
  'static',
  'public',
  'assets',
  'src/assets',
  'source',
  'content',
  'docs/public',
  'src',
  '.',
]

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
    const image = imageSize(head(path, size))
    const turned = image.orientation !== undefined && image.orientation >= 5
    const [width, height] = turned ? [image.height, image.width] : [image.width, image.height]
    return { bytes: size, type: mediaTypeOf(image.type ?? '') ?? type, width, height }
  } catch {
    return { bytes: size, type }
  }
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
