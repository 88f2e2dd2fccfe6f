// A channel → the addresses of its feeds in every format, as a page announces them.

import type { Channel } from '../content/index.ts'
import type { Publication } from '../model.ts'

export interface FeedLink {
  /** Distinct from every other: readers offer them by it. */
  readonly title: string
  readonly format: string
  readonly type: string
  readonly url: string
}

// Best first: a reader that takes only one takes the first.
const FORMATS = [
  { file: 'atom.xml', format: 'Atom', type: 'application/atom+xml' },
  { file: 'rss.xml', format: 'RSS', type: 'application/rss+xml' },
  { file: 'feed.json', format: 'JSON Feed', type: 'application/feed+json' },
] as const

export function feedLinks(
  { title, url }: Pick<Publication, 'title' | 'url'>,
  { scope, name, path }: Pick<Channel, 'scope' | 'name' | 'path'>,
): FeedLink[] {
  const own = scope === 'tag' ? `#${name}` : name
  const whole = scope === 'main' ? title : scope === 'newsletter' ? name : `${title}: ${own}`
  return FORMATS.map(({ file, format, type }) => ({
    title: `${whole} (${format})`,
    format,
    type,
    url: url + (path + file).split('/').map(encodeURIComponent).join('/'),
  }))
}
