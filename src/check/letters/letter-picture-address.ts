/**
 * A picture has an absolute address, a format that every mail client shows, and its width and height.
 *
 * Good:
 *
 *     <img src="https://meridian.example/images/harbour.png" alt="The harbour" width="552" height="368">
 *
 * Bad:
 *
 *     <img src="images/harbour.webp" alt="The harbour">
 */

import { cutShort } from '../../base/index.ts'
import type { LetterFinding, LetterRule } from '../rule.ts'

const SHOWN = /^image\/(png|jpeg|gif)$/
const NOT_SHOWN = /\.(webp|avif|svgz?|heic|tiff?|bmp|ico|jxl)$/i

export const letterPictureAddress: LetterRule = {
  name: 'letter-picture-address',
  severity: 'warning',
  find: ({ visible, pictures, publication }) =>
    visible
      .filter(({ name }) => name === 'img')
      .flatMap((element): LetterFinding[] => {
        const { src = '', width, height } = element.attributes
        const own = pictures.get(src)
        const secure = publication.url.startsWith('https:') ? /^https:\/\//i : /^https?:\/\//i
        const found: LetterFinding[] = []
        const add = (message: string, advice: string) =>
          found.push({ element, message, advice, blame: 'article' })
        if (!secure.test(src))
          add(`${cutShort(src, 60)} is no https address`, 'Give the whole address, or a file of this folder.')
        if (own ? !SHOWN.test(own.type) : NOT_SHOWN.test(src.replace(/[?#].*$/s, '')))
          add(`${src} is in a format that Outlook or Gmail does not show`, 'Use JPEG, PNG or GIF.')
        if (!isPixels(width) || Number(width) > 640)
          add(`${src} does not say its width`, 'Write width="552".')
        if (own && !isPixels(height)) add(`${src} does not say its height`, 'Write width="552" height="368".')
        return found
      }),
}

function isPixels(value: string | undefined): boolean {
  return /^[1-9]\d*$/.test(value ?? '')
}
