// The time as sending sees it: what it is, and how to wait. Real in commands, turned by hand in tests.

export interface Clock {
  /** ms since epoch */
  now(): number
  /** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Waits by Node's own timers. @param now where the time comes from */
export function realClock(now: () => number): Clock {
  return { now, sleep }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve()
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish, { once: true })
  })
}
