// `announce`: after a deploy, notifies the WebSub hubs of exactly those feeds whose bytes changed since the last time.

import { EXIT, type ExitCode } from '../errors.ts'
import type { Announcement } from '../publish/index.ts'
import type { Context } from './context.ts'

export async function run(context: Context): Promise<ExitCode> {
  const { openPublication } = await import('../content/index.ts')
  const { announceFeeds } = await import('../publish/index.ts')
  const { dir, now, signal, options } = context
  const loaded = await openPublication(dir, { now: now() })
  const { hubs } = loaded.publication.feeds
  const dryRun = options.dryRun === true
  const announcement = await announceFeeds(loaded, { dryRun, signal })
  const { feeds, due, pings } = announcement
  const failed = pings.filter(({ state }) => state === 'failed').length
  const notified = pings.filter(({ state }) => state === 'notified').length
  context.result({ hubs, feeds, due, notified, failed, pings }, () => describe(hubs, announcement))
  if (signal.aborted && !dryRun) return EXIT.interrupted
  return failed > 0 ? EXIT.attention : EXIT.done
}

function describe(hubs: readonly string[], { feeds, due, pings }: Announcement): string {
  if (hubs.length === 0)
    return 'no hubs: name one in publication.yaml, feeds: { hubs: [https://hub.example/] }\n'
  if (due === 0) return `nothing to announce: none of ${feeds} feeds changed\n`
  const failed = pings.filter(({ state }) => state === 'failed').length
  const lines = pings.map(({ hub, feed, state, reply }) =>
    [state.padEnd('notified'.length), feed, '→', hub, reply && `(${reply})`].filter(Boolean).join(' '),
  )
  const again = failed > 0 ? [`${failed} failed; run announce again for those`] : []
  return [...lines, ...again].map(line => `${line}\n`).join('')
}
