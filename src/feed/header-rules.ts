// Publication → `_headers`, which Netlify, Cloudflare Pages and others obey: the media type of each feed and, of the main
// ones, the hubs. A host that does not know the file serves it as a text like any other.

import { FEED_FORMATS, FEED_LIST } from '../content/index.ts'
import type { Publication } from '../model.ts'
import { strictUrl } from './strict-url.ts'

export function headerRules({ url, feeds }: Publication): string {
  const root = new URL(url).pathname
  const hubs = feeds.hubs.flatMap(hub => strictUrl(hub) ?? [])
  const formats = Object.values(FEED_FORMATS)
  const main = formats.map(({ file, mediaType }) => {
    // WebSub §4: each hub, and the address of the feed itself.
    const links = [...hubs.map(hub => `<${hub}>; rel="hub"`), `<${url}${file}>; rel="self"`]
    return rule(`${root}${file}`, mediaType, hubs.length > 0 ? [`  Link: ${links.join(', ')}\n`] : [])
  })
  const others = formats.map(({ file, mediaType }) => rule(`${root}*/${file}`, mediaType))
  return [...main, ...others, rule(`${root}${FEED_LIST}`, 'text/x-opml')].join('')
}

function rule(path: string, type: string, more: readonly string[] = []): string {
  return `${path}\n  Content-Type: ${type}; charset=utf-8\n${more.join('')}`
}
