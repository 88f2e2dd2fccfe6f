// Due pings → what became of each. A few at once, so that a hub with fifty feeds to hear of is not overrun.

import { pingHub } from './ping-hub.ts'
import type { Ping } from './plan-announcement.ts'

export {
  type Announced,
  announcedAfter,
  type FeedBytes,
  type Ping,
  planAnnouncement,
} from './plan-announcement.ts'

export interface PingResult extends Ping {
  readonly ok: boolean
  /** '204', '410 Gone', 'connect ECONNREFUSED 127.0.0.1:9' */
  readonly reply: string
}

const AT_ONCE = 4

/** In the order of `pings`; once the signal is aborted, no more are begun. */
export async function announce(pings: readonly Ping[], signal: AbortSignal): Promise<PingResult[]> {
  const results: PingResult[] = []
  for (let start = 0; start < pings.length && !signal.aborted; start += AT_ONCE) {
    const batch = pings.slice(start, start + AT_ONCE)
    const answers = await Promise.all(batch.map(({ hub, url }) => pingHub(hub, url, signal)))
    results.push(...batch.map((ping, index) => ({ ...ping, ...answers[index]! })))
  }
  return results
}
