// How often one network may ask → yes or no. A leaky bucket for each, in the memory of this process, at most so many.

export interface RateLimit {
  /** Takes one; false when the bucket is empty. */
  take(key: string): boolean
  /** Seconds until one may be taken. */
  wait(key: string): number
}

const MOST = 20_000

/**
 * @param burst how many at once
 * @param perHour how many come back in an hour
 */
export function createRateLimit(burst: number, perHour: number, now: () => number): RateLimit {
  const rate = perHour / 3_600_000
  /** In the order of their last use. */
  const buckets = new Map<string, { level: number; at: number }>()

  function level(key: string): number {
    const bucket = buckets.get(key)
    return bucket ? Math.min(burst, bucket.level + (now() - bucket.at) * rate) : burst
  }

  return {
    take(key) {
      const left = level(key)
      if (left < 1) return false
      buckets.delete(key)
      buckets.set(key, { level: left - 1, at: now() })
      // The oldest is the fullest: forgetting it gives away the least.
      if (buckets.size > MOST) buckets.delete(buckets.keys().next().value!)
      return true
    },
    wait: key => Math.ceil(Math.max(0, 1 - level(key)) / rate / 1000),
  }
}
