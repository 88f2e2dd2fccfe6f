// What was loaded and a time → the span around that time in which the same folder makes the same: until an article comes
// out or expires, or an edition falls due.

import type { Article, Loaded } from '../model.ts'

interface Horizon {
  /** ms since epoch; the span begins here and ends before `until`. */
  readonly from: number
  readonly until: number
}

export async function buildHorizon(loaded: Loaded, now: number): Promise<Horizon> {
  let from = Number.NEGATIVE_INFINITY
  let until = Number.POSITIVE_INFINITY
  for (const at of await turningPoints(loaded, now)) {
    // A rule that says "after" turns a millisecond later than one that says "from".
    for (const instant of [at, at + 1]) {
      if (instant <= now) from = Math.max(from, instant)
      else until = Math.min(until, instant)
    }
  }
  return { from, until }
}

/** Instants at which something comes out otherwise; ms since epoch. */
async function turningPoints(loaded: Loaded, now: number): Promise<number[]> {
  const { publication, articles, notes, turns = [] } = loaded
  const isUndated = ({ state, date }: Article) => state === 'draft' && date.at === now
  const points = articles.flatMap(article => (isUndated(article) ? [] : [article.date.at]))
  for (const { expires } of articles) if (expires) points.push(expires.at)
  for (const { sendAt } of notes) if (sendAt) points.push(sendAt.at)
  points.push(...turns, ...(await slotEnds(loaded, now)))
  if (publication.newsletters.length > 0 && articles.some(isUndated)) points.push(...undatedSteps(now))
  return points
}

async function slotEnds({ publication, articles }: Loaded, now: number): Promise<number[]> {
  const scheduled = publication.newsletters.filter(({ every }) => every !== 'article')
  if (scheduled.length === 0) return []
  const { comingSlot, newestSlot } = await import('../edition/index.ts')
  // Without the editor's notes: their times count for themselves.
  const loaded = { publication, articles } as Loaded
  return scheduled.flatMap(newsletter =>
    [newestSlot(loaded, newsletter, now), comingSlot(loaded, newsletter, now)].flatMap(
      slot => slot?.until ?? [],
    ),
  )
}

/** A draft without a date has the time of the run: what an edition left out is listed with that time, now and then anew. */
const UNDATED_STEP_MS = 15 * 60_000

function undatedSteps(now: number): number[] {
  const step = Math.floor(now / UNDATED_STEP_MS) * UNDATED_STEP_MS
  return [step, step + UNDATED_STEP_MS]
}
