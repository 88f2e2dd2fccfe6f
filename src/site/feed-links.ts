// A channel → the addresses of its feeds in every format, as a page announces them.

import { announcedFormats, type Channel } from '../content/index.ts'
import type { Publication } from '../model.ts'

export interface FeedLink {
  /** Distinct from every other: readers offer them by it. */
  readonly title: string
  readonly format: string
  readonly type: string
  readonly url: string
}

export function feedLinks(
  { title, url }: Pick<Publication, 'title' | 'url'>,
  { scope, name, path }: Pick<Channel, 'scope' | 'name' | 'path'>,
): FeedLink[] {
  const own = scope === 'tag' ? `#${name}` : name
  const whole = scope === 'main' ? title : scope === 'newsletter' ? name : `${title}: ${own}`
  return announcedFormats().map(({ file, label, mediaType }) => ({
    title: `${whole} (${label})`,
    format: label,
    type: mediaType,
    url: url + (path + file).split('/').map(encodeURIComponent).join('/'),
  }))
}
