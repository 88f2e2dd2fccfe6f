// How often a reader was deferred → when to try again: growing pauses, jittered so that they do not come back together.

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

// RFC 5321 §4.5.4.1 asks for growing intervals. The first two are short, for a server that was only busy; greylisting,
// usually five minutes, is met by the third.
const PAUSES = [5 * SECOND, 30 * SECOND, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR]

/** News that is three days old is not sent any more: a reader deferred for so long is given up. */
export const STALE_AFTER = 72 * HOUR

/**
 * @param attempts made so far, at least 1
 * @param now ms since epoch
 * @param random chance in [0, 1)
 * @returns ms since epoch: the pause, and up to a quarter of it more
 */
export function nextAttempt(attempts: number, now: number, random: () => number): number {
  const pause = PAUSES[Math.min(Math.max(attempts, 1), PAUSES.length) - 1]!
  return now + Math.round(pause * (1 + random() / 4))
}
