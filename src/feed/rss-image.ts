// Head → RSS 2.0's <image>: the icon or the logo, as large as the specification lets it be.

import type { Picture } from '../model.ts'
import type { Head } from './make-head.ts'
import type { XmlElement } from './xml-element.ts'

// RSS 2.0, <image>: GIF, JPEG or PNG, at most 144 pixels wide and 400 high.
const TYPES = ['image/gif', 'image/jpeg', 'image/png']
const WIDEST = 144
const HIGHEST = 400

export function rssImage({ icon, logo, title, home }: Head): XmlElement[] {
  const usable = [icon, logo].flatMap(picture =>
    picture?.type && TYPES.includes(picture.type) && picture.width && picture.height ? [picture] : [],
  )
  const picture = usable.find(fits) ?? usable[0]
  if (!picture) return []
  // A larger one is announced at the size it is to be shown in.
  const scale = Math.min(1, WIDEST / picture.width!, HIGHEST / picture.height!)
  const size = (pixels: number) => String(Math.max(1, Math.round(pixels * scale)))
  return [
    {
      name: 'image',
      children: [
        { name: 'url', text: picture.url },
        { name: 'title', text: title },
        { name: 'link', text: home },
        { name: 'width', text: size(picture.width!) },
        { name: 'height', text: size(picture.height!) },
      ],
    },
  ]
}

function fits({ width, height }: Picture): boolean {
  return width! <= WIDEST && height! <= HIGHEST
}
