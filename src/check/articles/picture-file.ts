/**
 * The file of the lead picture is a picture: nobody can show one that is cut off, or that is something else.
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
 *     image: { src: images/harbour.png, alt: A map of the harbour }
 *     ---
 *     Text.
 */

import { join } from 'node:path'
import { frontMatterLine } from '../../content/index.ts'
import type { ArticleRule } from '../rule.ts'

/** The first bytes of these types always contain the size. */
const MEASURED = /^image\/(?:jpeg|png|gif|webp)$/

export const pictureFile: ArticleRule = {
  name: 'picture-file',
  severity: 'warning',
  find({ article: { file, image }, loaded }) {
    if (!image?.file || image.width !== undefined || !MEASURED.test(image.type ?? '')) return []
    return [
      {
        line: frontMatterLine(join(loaded.publication.dir, file), ['image']),
        message: `${image.file} is ${image.bytes === 0 ? 'empty' : 'no picture that can be read'}`,
        advice: 'Save the picture again, as JPEG, PNG, GIF or WebP.',
      },
    ]
  },
}
