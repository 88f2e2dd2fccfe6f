// What front matter or settings say of a picture → a Picture with an absolute URL, measured when the file is our own.

import { oneLine, parseUrl } from '../../base/index.ts'
import type { Picture } from '../../model.ts'
import { type OwnFiles, ownFileUrl } from '../publication-files.ts'
import { webAddress } from './web-address.ts'

export interface PictureFields {
  readonly src: string
  readonly alt?: string | undefined
  readonly caption?: string | undefined
  readonly credit?: string | undefined
  readonly creditRole?: string | undefined
  readonly copyright?: string | undefined
}

export interface Place {
  /** The folder that relative paths start from, relative to `articles/`; `articles/` itself is tried after it. */
  readonly from: string
  /** URL that a path without a file is resolved against. */
  readonly base: string
  /** The publication's. */
  readonly url: string
  readonly ownFiles: OwnFiles
  /** Such a file, for advice; a picture's when it is not there. */
  readonly example?: string | undefined
  problem(severity: 'error' | 'warning', message: string, advice: string): void
}

/** @returns undefined, and a problem told, when the reference is none that may be used */
export function readPicture(fields: PictureFields, place: Place): Picture | undefined {
  const found = readReference(fields.src, place)
  if (!found) return undefined
  const measures = found.file === undefined ? undefined : place.ownFiles.measure(found.file)
  return {
    url: found.url,
    file: found.file,
    alt: oneLine(fields.alt ?? ''),
    caption: fields.caption,
    credit: fields.credit,
    creditRole: fields.creditRole,
    copyright: fields.copyright,
    width: measures?.width,
    height: measures?.height,
    bytes: measures?.bytes,
    type: measures?.type,
  }
}

/** A path or an address → an absolute URL, and the file when it is one of the publication's own. */
export function readReference(src: string, place: Place): { url: string; file?: string } | undefined {
  const { from, base, url, ownFiles, problem, example = 'images/harbour.jpg' } = place
  if (/^[a-z][a-z0-9+.-]*:/i.test(src) || src.startsWith('//')) {
    const address = webAddress(src.startsWith('//') ? `${new URL(url).protocol}${src}` : src)
    if (!address) problem('error', `"${src}" is not an address`, `Write a path or an address: ${example}`)
    return address && { url: address.href }
  }
  let found = ownFiles.find(src, from)
  if ('why' in found && found.why === 'missing' && from !== '') {
    const fromTop = ownFiles.find(src, '')
    // From the top '../audio/one.vtt' would lie outside: that is not what its writer meant, and so nobody is told.
    if (!('why' in fromTop && fromTop.why === 'outside')) found = fromTop
  }
  if ('file' in found) return { url: ownFileUrl(url, found.file), file: found.file }
  if (found.why !== 'missing') {
    if (found.why === 'unreadable') {
      problem('warning', `"${src}" cannot be read`, 'Correct its permissions.')
      return undefined
    }
    const message = found.why === 'outside' ? 'lies outside articles/' : 'is a source or a hidden file'
    problem('error', `"${src}" ${message}; it was not read`, `Put a copy below articles/: ${example}`)
    return undefined
  }
  problem(
    'warning',
    `"${src}" does not exist`,
    `Put the file below articles/, or correct the path: ${example}`,
  )
  // A backslash or a colon makes of a path something that is no address at all.
  const address = parseUrl(src, base)
  return address && { url: address.href }
}
