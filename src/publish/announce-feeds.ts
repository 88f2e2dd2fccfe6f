// The feeds in `out/` and the hubs of the settings → the hubs are notified of the feeds whose bytes changed since they were
// last notified.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { IGNORED, makeIgnoredFolder, writeWhole } from '../base/index.ts'
import { channelsOf, feedPaths, newsletterChannels, ownFileUrl } from '../content/index.ts'
import { UserError } from '../errors.ts'
import { type Announced, announce, announcedAfter, type FeedBytes, planAnnouncement } from '../feed/index.ts'
import type { Loaded } from '../model.ts'

export interface Announcement {
  /** Feeds that are built. */
  readonly feeds: number
  /** Of all feeds and hubs, those that were to be brought together. */
  readonly due: number
  readonly pings: readonly {
    readonly hub: string
    readonly feed: string
    readonly state: 'due' | 'told' | 'failed'
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
    const state: 'told' | 'failed' = ok ? 'told' : 'failed'
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
