// Reference in an article → the publication's own file, measured: a picture of the front matter, or of the text. Nothing
// outside `articles/` is ever opened, whichever way a path or a symlink points.

import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, posix, sep } from 'node:path'
import { mediaTypeOf } from '../base/index.ts'

/** What a reference leads to: the file's path relative to `articles/`, or why there is none. */
export type OwnFile =
  | { readonly file: string }
  | { readonly why: 'outside' | 'missing' | 'private' | 'unreadable' }

export interface Measures {
  readonly bytes: number
  readonly type?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
}

export interface OwnFiles {
  /**
   * @param reference a relative path ('../images/a.png') or one from the top of `articles/` ('/images/a.png')
   * @param from the folder it starts from, relative to `articles/`; '' for `articles/` itself
   */
  find(reference: string, from: string): OwnFile
  /** Size, media type and, of a picture, its pixels: read from the file's first bytes, once. */
  measure(file: string): Measures
}

/** @param articles absolute path of the `articles/` folder */
export function openOwnFiles(articles: string): OwnFiles {
  const found = new Map<string, OwnFile>()
  const measured = new Map<string, Measures>()
  let root: string | undefined

  function locate(file: string): OwnFile {
    if (file === '..' || file.startsWith('../')) return { why: 'outside' }
    if (file.endsWith('/')) return { why: 'missing' } // a page, or a folder: the disk need not be asked
    const path = join(articles, file)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return { why: 'missing' }
    if (isPrivate(file)) return { why: 'private' }
    root ??= realpathSync.native(articles)
    if (!realpathSync.native(path).startsWith(root + sep)) return { why: 'outside' }
    return isReadable(path) ? { file } : { why: 'unreadable' }
  }

  function find(reference: string, from: string): OwnFile {
    const path = decode(reference.replace(/[?#].*$/s, ''))
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

  return { find, measure }
}

/** Absolute URL of one of the publication's own files. @param file relative to `articles/` */
export function ownFileUrl(publicationUrl: string, file: string): string {
  return publicationUrl + file.split('/').map(encodeURIComponent).join('/')
}

/** Sources, settings, hidden files and packages are never copied to where readers are: some have drafts or secrets in them. */
function isPrivate(file: string): boolean {
  const isHidden = (name: string) => name.startsWith('.') || name === 'node_modules'
  return /\.(?:md|markdown|ya?ml)$/i.test(file) || file.split('/').some(isHidden)
}

function isReadable(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'))
    return true
  } catch {
    return false
  }
}

function decode(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
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
