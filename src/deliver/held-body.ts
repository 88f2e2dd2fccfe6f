// A message's bytes → a stream that gives all but the last byte, and the last one only with leave. RFC 5321 §4.1.1.4:
// without it there is no final dot, and without a final dot the receiver has nothing.

import { Readable } from 'node:stream'

export interface HeldBody {
  readonly stream: Readable
  /** Did the receiver ask for the body? */
  wanted(): boolean
  /** Was the last byte let go? */
  released(): boolean
  /** From here on the last byte stays, whatever the leave says. */
  stop(): void
}

/**
 * @param leave asked once, as soon as the first byte is wanted, so that it takes its time while the others travel
 * @param onRelease called just before the last byte goes
 */
export function heldBody(bytes: Uint8Array, leave: () => Promise<boolean>, onRelease: () => void): HeldBody {
  let wanted = false
  let released = false
  let stopped = false

  const stream = new Readable({
    read() {
      if (wanted) return
      wanted = true
      leave().then(decide, (error: Error) => stream.destroy(error))
      stream.push(bytes.subarray(0, -1))
    },
  })

  function decide(granted: boolean): void {
    if (stopped || stream.destroyed) return
    if (!granted) {
      stream.destroy(new Error('withheld'))
      return
    }
    released = true
    onRelease()
    stream.push(bytes.subarray(-1))
    stream.push(null)
  }

  return {
    stream,
    wanted: () => wanted,
    released: () => released,
    stop() {
      stopped = true
    },
  }
}
