// After a deploy: tells the WebSub hubs of exactly those feeds whose bytes changed since they were last told.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { IGNORED, makeIgnoredFolder } from '../content/index.ts'
import { EXIT, type ExitCode, UserError } from '../errors.ts'
import type { Announced, FeedBytes, PingResult } from '../feed/index.ts'
import type { Loaded } from '../model.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { loadPublication } = await import('../content/index.ts')
  const { announce, announcedAfter, planAnnouncement } = await import('../feed/index.ts')
  const loaded = loadPublication(context.dir, { now: context.now() })
  const { hubs } = loaded.publication.feeds
  const feeds = await builtFeeds(context.dir, loaded)
  const state = join(context.dir, IGNORED, 'announced.json')
  const before = readState(state)
  const due = planAnnouncement(feeds, hubs, before)
  if (context.options.dryRun) return report(context, loaded, feeds.length, [], due.length, due)
  const results = await announce(due, context.signal)
  const done = results.filter(({ ok }) => ok)
  if (done.length > 0) writeState(state, announcedAfter(feeds, hubs, before, done))
  const code = report(context, loaded, feeds.length, results, due.length, due)
  return context.signal.aborted ? EXIT.interrupted : code
}

function report(
  { options, result }: Context,
  { publication }: Loaded,
  feeds: number,
  results: readonly PingResult[],
  due: number,
  planned: readonly { hub: string; url: string }[],
): ExitCode {
  const { hubs } = publication.feeds
  const failed = results.filter(({ ok }) => !ok)
  const pings = options.dryRun
    ? planned.map(({ hub, url }) => ({ hub, feed: url, state: 'due', reply: '' }))
    : results.map(({ hub, url, ok, reply }) => ({ hub, feed: url, state: ok ? 'told' : 'failed', reply }))
  result({ hubs, feeds, due, told: results.length - failed.length, failed: failed.length, pings }, () => {
    if (hubs.length === 0)
      return 'no hubs: name one in publication.yaml, feeds: { hubs: [https://hub.example/] }\n'
    if (due === 0) return `nothing to announce: none of ${feeds} feeds changed\n`
    const lines = pings.map(({ hub, feed, state, reply }) =>
      [state.padEnd(6), feed, '→', hub, reply && `(${reply})`].filter(Boolean).join(' '),
    )
    const again = failed.length > 0 ? [`${failed.length} failed; run announce again for those`] : []
    return [...lines, ...again].map(line => `${line}\n`).join('')
  })
  return failed.length > 0 ? EXIT.attention : EXIT.done
}

/** Archives are not among them: nobody subscribes to one. */
async function builtFeeds(dir: string, loaded: Loaded): Promise<FeedBytes[]> {
  const { channelsOf, feedPaths, newsletterChannels, ownFileUrl } = await import('../content/index.ts')
  const paths = [...channelsOf(loaded), ...newsletterChannels(loaded)].flatMap(({ path }) => feedPaths(path))
  const built = paths.filter(path => existsSync(join(dir, 'out', path)))
  if (built.length === 0) throw new UserError('out/ has no feeds', 'Build and deploy first: broadsheet build')
  return built.map(path => ({
    url: ownFileUrl(loaded.publication.url, path),
    hash: createHash('sha256')
      .update(readFileSync(join(dir, 'out', path)))
      .digest('hex'),
  }))
}

/** A state that cannot be read is none: hubs are then told of every feed once more, which harms nobody. */
function readState(path: string): Announced {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { hubs: Announced }).hubs ?? {}
  } catch {
    return {}
  }
}

function writeState(path: string, hubs: Announced): void {
  makeIgnoredFolder(dirname(path))
  const half = `${path}.${process.pid}.half`
  writeFileSync(half, `${JSON.stringify({ hubs }, null, 2)}\n`)
  renameSync(half, path)
}
