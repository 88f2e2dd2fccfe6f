// Channels of a publication that moved → `_redirects`, which Netlify, Cloudflare Pages and others obey: whoever asks for a
// feed is told for good where it is now. Readers then keep the new address. RFC 9110 §15.4.2.

import { type Channel, FEED_LIST, feedPaths, ownFileUrl } from '../content/index.ts'
import type { OutputFile, Publication } from '../model.ts'

export function redirectRules(channels: readonly Channel[], { url, feeds }: Publication): OutputFile[] {
  const { moved } = feeds
  if (moved === undefined || moved === url) return []
  const files = channels.flatMap(({ path }) => feedPaths(path))
  const lines = [...files, FEED_LIST].map(
    file => `${new URL(ownFileUrl(url, file)).pathname} ${ownFileUrl(moved, file)} 301\n`,
  )
  return [{ path: '_redirects', body: lines.join('') }]
}
