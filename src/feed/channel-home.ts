// Channel → the page for people that its feed leads to.

import { type Channel, ownFileUrl } from '../content/index.ts'
import type { Publication } from '../model.ts'

/** Without pages there is the front page, which announces every feed, and the archive of each newsletter. */
export function channelHome({ scope, path }: Channel, { url, articles }: Publication): string {
  return ownFileUrl(url, articles.pages || scope === 'newsletter' ? path : '')
}
