// The feeds in `out/` and the hubs of the settings → the hubs are notified of the feeds whose bytes changed since they were
// last notified.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { IGNORED, makeIgnoredFolder, writeWhole } from '../base/index.ts'
import { channelsOf, feedPaths, newsletterChannels, ownFileUrl } from '../content/index.ts'
import { UserError } from '../errors.ts'
import type { Loaded } from '../model.ts'

export interface Announcement {
  /** Feeds that are built. */
  readonly feeds: number
  /** Pairs of a feed that changed and a hub that was not notified of it yet. */
  readonly due: number
  readonly pings: readonly {
    readonly hub: string
    readonly feed: string
    readonly state: 'due' | 'notified' | 'failed'
    /** What the hub answered; empty when it was not asked. */
    readonly reply: string
  }[]
}

/**
 * @param dryRun no hub is notified, and nothing is recorded
 * @throws UserError when no feed is built
 */
export async function announceFeeds(
  loaded: Loaded,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<Announcement> {
  const { dir, feeds: settings } = loaded.publication
  const feeds = builtFeeds(loaded)
  const statePath = join(dir, IGNORED, 'announced.json')
  const before = readState(statePath)
  const due = planAnnouncement(feeds, settings.hubs, before)
  if (dryRun) {
    const pings = due.map(({ hub, url }) => ({ hub, feed: url, state: 'due' as const, reply: '' }))
    return { feeds: feeds.length, due: due.length, pings }
  }
  const results = await announce(due, signal)
  const done = results.filter(({ ok }) => ok)
  if (done.length > 0) writeState(statePath, announcedAfter(feeds, settings.hubs, before, done))
  const pings = results.map(({ hub, url, ok, reply }) => {
    const state: 'notified' | 'failed' = ok ? 'notified' : 'failed'
    return { hub, feed: url, state, reply }
  })
  return { feeds: feeds.length, due: due.length, pings }
}

/** Archives are not among them: nobody subscribes to one. */
function builtFeeds(loaded: Loaded): FeedBytes[] {
  const { dir, url } = loaded.publication
  const paths = [...channelsOf(loaded), ...newsletterChannels(loaded)].flatMap(({ path }) => feedPaths(path))
  const built = paths.filter(path => existsSync(join(dir, 'out', path)))
  if (built.length === 0) throw new UserError('out/ has no feeds', 'Build and deploy first: broadsheet build')
  return built.map(path => ({
    url: ownFileUrl(url, path),
    hash: createHash('sha256')
      .update(readFileSync(join(dir, 'out', path)))
      .digest('hex'),
  }))
}

/** A state that cannot be read counts as none: hubs are then notified of every feed once more, which does no harm. */
function readState(path: string): Announced {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { hubs: Announced }).hubs ?? {}
  } catch {
    return {}
  }
}

function writeState(path: string, hubs: Announced): void {
  makeIgnoredFolder(dirname(path))
  writeWhole(path, `${JSON.stringify({ hubs }, null, 2)}\n`)
}

// ─── Pings (WebSub) ──────────────────────────────────────────────────────────────────────────────────────────────────
//
// Feeds as they are in `out/`, hubs, and what each hub was notified of before → the pings that are due, what became of each,
// and the state afterwards (WebSub).

/** Hub → address of a feed → SHA-256 of the bytes that the hub was last notified of. */
export type Announced = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface FeedBytes {
  /** The feed's own address: the topic, equal to its `self` link. WebSub §4. */
  readonly url: string
  readonly hash: string
}

interface Ping extends FeedBytes {
  readonly hub: string
}

export interface PingResult extends Ping {
  readonly ok: boolean
  /** '204', '410 Gone', 'connect ECONNREFUSED 127.0.0.1:9' */
  readonly reply: string
}

/** Only what changed since that hub took it in: a feed's subscribers are woken for nothing else. */
export function planAnnouncement(
  feeds: readonly FeedBytes[],
  hubs: readonly string[],
  before: Announced,
): Ping[] {
  return hubs.flatMap(hub =>
    feeds.filter(({ url, hash }) => before[hub]?.[url] !== hash).map(feed => ({ hub, ...feed })),
  )
}

/** At once: a hub with fifty feeds to hear of is not overrun. */
const PINGS_AT_ONCE = 4

/** In the order of `pings`; once the signal is aborted, no more are begun. */
export async function announce(pings: readonly Ping[], signal: AbortSignal): Promise<PingResult[]> {
  const results: PingResult[] = []
  for (let start = 0; start < pings.length && !signal.aborted; start += PINGS_AT_ONCE) {
    const batch = pings.slice(start, start + PINGS_AT_ONCE)
    const answers = await Promise.all(batch.map(({ hub, url }) => pingHub(hub, url, signal)))
    results.push(...batch.map((ping, index) => ({ ...ping, ...answers[index]! })))
  }
  return results
}

/** Hubs and feeds that are no more are forgotten; a ping that failed leaves its feed due. */
export function announcedAfter(
  feeds: readonly FeedBytes[],
  hubs: readonly string[],
  before: Announced,
  done: readonly Ping[],
): Announced {
  const state = hubs.map(hub => {
    const hashes: Record<string, string> = { ...before[hub] }
    for (const ping of done) if (ping.hub === hub) hashes[ping.url] = ping.hash
    const kept = feeds.flatMap(({ url }) => (hashes[url] === undefined ? [] : [[url, hashes[url]] as const]))
    return [hub, Object.fromEntries(kept)] as const
  })
  return Object.fromEntries(state)
}

/** A hub may fetch the feed before it answers. */
const HUB_TIMEOUT_MS = 15_000

/** WebSub leaves the words to hubs; these are those of PubSubHubbub 0.4 §7.1, which all of them understand. */
async function pingHub(
  hub: string,
  topic: string,
  signal: AbortSignal,
): Promise<Pick<PingResult, 'ok' | 'reply'>> {
  try {
    const response = await fetch(hub, {
      method: 'POST',
      body: new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': topic }),
      redirect: 'manual', // a POST that follows 302 becomes a GET, and says nothing
      signal: AbortSignal.any([signal, AbortSignal.timeout(HUB_TIMEOUT_MS)]),
    })
    const words = response.ok ? '' : (await response.text()).replace(/\s+/g, ' ').trim().slice(0, 200)
    const to = response.headers.get('location')
    return { ok: response.ok, reply: [response.status, to && `to ${to}`, words].filter(Boolean).join(' ') }
  } catch (error) {
    const { name, message, cause } = error as Error
    const why = cause instanceof Error ? cause.message : message
    return { ok: false, reply: name === 'TimeoutError' ? `no answer in ${HUB_TIMEOUT_MS / 1000} s` : why }
  }
}
