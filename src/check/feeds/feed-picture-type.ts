/**
 * Feed readers and podcast apps show the lead picture, and not all of them know every format.
 *
 * Good:
 *
 *     ---
 *     title: How the harbour grew
 *     date: 2026-01-30
 *     image: { src: https://pictures.example/harbour.png, alt: A map of the harbour }
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: How the harbour grew
 *     date: 2026-01-30
 *     image: { src: https://pictures.example/harbour.svg, alt: A map of the harbour }
 *     ---
 *     Text.
 */

import { parseUrl } from '../../base/index.ts'
import type { ArticleRule } from '../rule.ts'

const KNOWN = /^image\/(?:jpeg|png|gif|webp)$/
const UNKNOWN_ENDING = /\.(?:svg|avif|heic|heif|tiff?|bmp|ico)$/i

export const feedPictureType: ArticleRule = {
  name: 'feed-picture-type',
  severity: 'warning',
  find({ article: { image } }) {
    const path = image && parseUrl(image.url)?.pathname
    if (!image || path === undefined) return []
    if (image.type ? KNOWN.test(image.type) : !UNKNOWN_ENDING.test(path)) return []
    return [
      {
        line: 1,
        message: `many readers do not show ${image.type ?? path.slice(path.lastIndexOf('/') + 1)} as the picture of an article`,
        advice: 'Use a JPEG, PNG, GIF or WebP for "image"; the text may show any.',
      },
    ]
  },
}
