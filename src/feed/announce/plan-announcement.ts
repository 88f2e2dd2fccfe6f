// Feeds as they lie in `out/`, hubs, and what each hub was told before → the pings that are due, and the state afterwards.

/** Hub → address of a feed → SHA-256 of the bytes that the hub was last told of. */
export type Announced = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface FeedBytes {
  /** The feed's own address: the topic, equal to its `self` link. WebSub §4. */
  readonly url: string
  readonly hash: string
}

export interface Ping extends FeedBytes {
  readonly hub: string
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

/** Hubs and feeds that are no more are forgotten; a ping that failed leaves its feed due. */
export function announcedAfter(
  feeds: readonly FeedBytes[],
  hubs: readonly string[],
  before: Announced,
  done: readonly Ping[],
): Announced {
  const state = hubs.map(hub => {
    const told: Record<string, string> = { ...before[hub] }
    for (const ping of done) if (ping.hub === hub) told[ping.url] = ping.hash
    const kept = feeds.flatMap(({ url }) => (told[url] === undefined ? [] : [[url, told[url]] as const]))
    return [hub, Object.fromEntries(kept)] as const
  })
  return Object.fromEntries(state)
}
