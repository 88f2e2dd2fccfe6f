// Picture → what a letter shows of it: the address and the size it is drawn at, or nothing where no mail client shows it.

import type { LetterPictures, Picture } from '../model.ts'
import { sendableLine } from './sendable.ts'

export interface PictureView {
  readonly url: string
  readonly alt: string
  /** CSS pixels, at most the column's. The file itself may have more: that is what makes it sharp. */
  readonly width: number
  readonly height: number | undefined
  readonly caption: string
  readonly credit: string
  /** What stands between the two. */
  readonly gap: string
  /** Whether there is anything to print below it. */
  readonly legend: boolean
  readonly file: string | undefined
}

/** Width of the letter's one column less its margins. */
export const COLUMN = 552

/** WebP, AVIF and SVG are not shown by Outlook, Gmail or both (Can I email, 2026-05-13). */
export function isShown(url: string, type?: string): boolean {
  if (!/^https?:\/\//i.test(url)) return false
  if (type) return /^image\/(png|jpe?g|gif)$/i.test(type)
  return !/\.(webp|avif|svgz?|heic|tiff?|bmp|ico|jxl)$/i.test(url.replace(/[?#].*$/s, ''))
}

/** Whether a file is a picture by its name, in a format that mail clients show or one that can be converted. */
export function isImage(file: string): boolean {
  return /\.(jpe?g|png|gif|webp|avif|svg|tiff?|heic|heif|bmp|ico|jxl)$/i.test(file)
}

/**
 * @param pictures as letters show them; what is not among them is used as it stands
 * @param most CSS pixels
 * @returns undefined when mail clients do not show it
 */
export function pictureView(
  picture: Picture | undefined,
  pictures: LetterPictures,
  most = COLUMN,
): PictureView | undefined {
  const made = picture && pictures.get(picture.url)
  if (!picture || made === 'broken' || !isShown((made ?? picture).url, (made ?? picture).type))
    return undefined
  const { width, height } = made ?? picture
  const shown = Math.max(1, Math.min(most, picture.width ?? width ?? most))
  const caption = sendableLine(picture.caption ?? '')
  const credit = sendableLine(picture.credit ?? '')
  return {
    url: (made ?? picture).url,
    alt: sendableLine(picture.alt),
    width: shown,
    height: width && height ? Math.max(1, Math.round((height * shown) / width)) : undefined,
    caption,
    credit,
    gap: !caption || !credit ? '' : /[\p{Po}…]$/u.test(caption) ? ' ' : ' · ',
    legend: caption !== '' || credit !== '',
    file: (made ?? picture).file,
  }
}
