// Publication → `_headers`, which Netlify, Cloudflare Pages and others obey: the media type of each feed and, of the main
// ones, the hubs. A host that does not know the file serves it as a text like any other.

import type { Publication } from '../model.ts'
import { strictUrl } from './strict-url.ts'

const TYPES = [
  ['rss.xml', 'application/rss+xml'],
  ['atom.xml', 'application/atom+xml'],
  ['feed.json', 'application/feed+json'],
] as const

export function headerRules({ url, feeds }: Publication): string {
  const root = new URL(url).pathname
  const hubs = feeds.hubs.flatMap(hub => strictUrl(hub) ?? [])
  const main = TYPES.map(([file, type]) => {
    // WebSub §4: each hub, and the address of the feed itself.
    const links = [...hubs.map(hub => `<${hub}>; rel="hub"`), `<${url}${file}>; rel="self"`]
    return rule(`${root}${file}`, type, hubs.length > 0 ? [`  Link: ${links.join(', ')}\n`] : [])
  })
  const others = TYPES.map(([file, type]) => rule(`${root}*/${file}`, type))
  return [...main, ...others, rule(`${root}feeds.opml`, 'text/x-opml')].join('')
}

function rule(path: string, type: string, more: readonly string[] = []): string {
  return `${path}\n  Content-Type: ${type}; charset=utf-8\n${more.join('')}`
}
