// What was loaded and a time → the span around that time in which the same folder makes the same: until an article comes
// out or expires, or an edition falls due.

import type { Loaded } from '../model.ts'

export interface Horizon {
  /** ms since epoch; the span begins here and ends before `until`. */
  readonly from: number
  readonly until: number
}

/** A draft without a date has the time of the run, and stands under it in the list of what an edition left out. */
const STEP = 15 * 60_000

export async function buildHorizon(loaded: Loaded, now: number): Promise<Horizon> {
  const { publication, articles, notes, turns = [] } = loaded
  let from = Number.NEGATIVE_INFINITY
  let until = Number.POSITIVE_INFINITY
  const turn = (at: number | undefined) => {
    if (at === undefined) return
    // What says "after" turns a millisecond later than what says "from".
    for (const instant of [at, at + 1]) {
      if (instant <= now) from = Math.max(from, instant)
      else until = Math.min(until, instant)
    }
  }
  for (const { date, expires } of articles) {
    turn(date.at)
    turn(expires?.at)
  }
  for (const at of turns) turn(at)
  const scheduled = publication.newsletters.filter(({ every }) => every !== 'article')
  if (scheduled.length > 0) {
    const { comingSlot, newestSlot } = await import('../edition/index.ts')
    for (const newsletter of scheduled) {
      turn(newestSlot({ publication, articles } as Loaded, newsletter, now)?.until)
      turn(comingSlot({ publication, articles } as Loaded, newsletter, now)?.until)
    }
  }
  for (const { sendAt } of notes) turn(sendAt?.at)
  if (publication.newsletters.length > 0 && articles.some(({ date }) => date.at === now)) {
    turn(Math.floor(now / STEP) * STEP)
    turn(Math.floor(now / STEP) * STEP + STEP)
  }
  return { from, until }
}
