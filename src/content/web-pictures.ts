// A picture of the publication's own that is too wide for feeds and pages, or is the cover of an episode → path and size
// of the smaller file that the build makes of it, known from its name alone before it is made.

import type { Picture } from '../model.ts'
import { ownFileUrl } from './own-files.ts'

/** Types of photographs. Charts and drawings are other files, and a part of one says something else than the whole. */
const PHOTOGRAPH = /^image\/(?:jpeg|webp|avif|hei[cf]|tiff)$/

/** Whether a picture may be cut to a ratio: as its article says, else by the type of its file. One elsewhere may be. */
export function mayBeCut({ fit, file, type }: Picture): boolean {
  return fit === undefined ? file === undefined || PHOTOGRAPH.test(type ?? '') : fit === 'cover'
}

/** Pixels: two for each of the 600 that a page and a reader have for text. */
export const WEB_WIDTH = 1200
/** Below `out/`; what follows is the path of the picture it is made of. */
export const WEB_FOLDER = `images/${WEB_WIDTH}/`

/** Drawings (SVG) need no pixels; a GIF may move; AVIF is small already, and takes seconds to make. */
const MADE_SMALLER = /^image\/(?:jpeg|png|webp)$/

interface Measured {
  readonly type?: string | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
}

interface OwnPicture extends Measured {
  readonly url: string
  readonly file?: string | undefined
  readonly bytes?: number | undefined
}

export function isTooLarge({ type, width, height }: Measured): boolean {
  return MADE_SMALLER.test(type ?? '') && (width ?? 0) > WEB_WIDTH && !!height
}

/** @param home of the publication @returns the same where it is small enough, or none of the publication's own */
export function webPicture<Kind extends OwnPicture>(picture: Kind, home: string): Kind {
  const { file: source, width, height } = picture
  if (source === undefined || !isTooLarge(picture)) return picture
  const file = WEB_FOLDER + source
  const size = { width: WEB_WIDTH, height: Math.max(1, Math.round((height! * WEB_WIDTH) / width!)) }
  // How many bytes it will have is not known yet.
  return { ...picture, file, url: ownFileUrl(home, file), ...size, bytes: undefined }
}

/** Pixels of the side of an episode's cover: https://podcasters.apple.com/support/896-artwork-requirements */
export const COVER_PIXELS = { min: 1400, max: 3000 }
export const COVER_FOLDER = `images/${COVER_PIXELS.min}/`
const COVER_TYPE = /^image\/(?:jpeg|png)$/

/** As podcast apps take it. */
export function isCover({ type, width = 0, height = 0 }: Measured): boolean {
  return (
    COVER_TYPE.test(type ?? '') && width === height && width >= COVER_PIXELS.min && width <= COVER_PIXELS.max
  )
}

/** Whether a square can be cut from it that podcast apps take. */
function hasCover({ type, width = 0, height = 0 }: Measured): boolean {
  return COVER_TYPE.test(type ?? '') && Math.min(width, height) >= COVER_PIXELS.min
}

/** @returns the same where it is one, the square that the build cuts from it, or nothing */
export function coverPicture<Kind extends OwnPicture>(picture: Kind, home: string): Kind | undefined {
  // Of one elsewhere nobody knows the size here.
  if (isCover(picture) || picture.width === undefined) return picture
  if (picture.file === undefined || !hasCover(picture)) return undefined
  const file = COVER_FOLDER + picture.file
  const { min } = COVER_PIXELS
  return { ...picture, file, url: ownFileUrl(home, file), width: min, height: min, bytes: undefined }
}

/**
 * Clean HTML, in which own pictures have their whole address, with the smaller ones in their place. A picture of which the
 * author gave several sizes stays as it is.
 *
 * @param measure of an own file; undefined for what is none
 */
export function webPictures(
  html: string,
  home: string,
  measure: (file: string) => Measured | undefined,
): string {
  if (!html.includes('<img ')) return html
  return html.replace(/<img\b[^>]*>/g, tag => {
    const url = /\ssrc="([^"]*)"/.exec(tag)?.[1]
    if (url === undefined || !url.startsWith(home) || /\ssrcset="/.test(tag)) return tag
    const file = fileOf(url.slice(home.length))
    const measured = file === undefined ? undefined : measure(file)
    if (!measured) return tag
    const picture = { url, file, ...measured }
    const small = webPicture(picture, home)
    if (small === picture) return tag
    const [width, height] = shownSize(tag, small)
    return tag
      .replace(/\s(?:width|height)="[^"]*"/g, '')
      .replace(/\ssrc="[^"]*"/, () => ` src="${small.url}"`)
      .replace(/\s*\/?>$/, () => ` width="${width}" height="${height}">`)
  })
}

/** As its author wants it shown, or as it is. */
function shownSize(tag: string, { width = 0, height = 0 }: Measured): [width: number, height: number] {
  const written = Number(/\swidth="(\d+)"/.exec(tag)?.[1] ?? 0)
  if (written === 0 || written >= width) return [width, height]
  return [written, Math.round((height * written) / width)]
}

/** An address below the home page, as HTML has it → a path below `articles/`. */
function fileOf(path: string): string | undefined {
  if (/[?#]/.test(path)) return undefined
  try {
    return decodeURIComponent(path.replaceAll('&amp;', '&'))
  } catch {
    return undefined
  }
}
