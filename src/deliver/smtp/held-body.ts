// A message's bytes → a stream that gives all but the last byte, and the last one only with leave. RFC 5321 §4.1.1.4:
// without it there is no final dot, and without a final dot the receiver has nothing.

import { Readable, type Transform } from 'node:stream'

export interface HeldBody {
  readonly stream: Readable
  /** Did the receiver ask for the body? */
  wanted(): boolean
  /** Was the last byte let go? */
  released(): boolean
  /** From here on the last byte stays, whatever the leave says. */
  stop(): void
}

/** The last byte of a message that ends its last line, and the final dot. */
const END = Buffer.from('\n.\r\n')

/**
 * @param leave asked once, as soon as the first byte is wanted, so that it takes its time while the others travel; when it
 * throws instead of promising, not a byte travels
 * @param onRelease called just before the last byte goes
 */
export function heldBody(bytes: Uint8Array, leave: () => Promise<boolean>, onRelease: () => void): HeldBody {
  let wanted = false
  let released = false
  let stopped = false

  const stream = new Readable({
    read() {
      if (wanted) return
      begin(bytes.subarray(0, -1), () => {
        stream.push(bytes.subarray(-1))
        stream.push(null)
      })
    },
  })

  /**
   * nodemailer pipes us into a transform of its own that looks at every byte in search of dots and of line ends that are
   * none, which takes longer than all the rest of sending. What needs neither passes it by: the same bytes, and its dot.
   */
  stream.pipe = <To extends NodeJS.WritableStream>(to: To): To => {
    const ready = wireForm(bytes)
    if (!ready) return Readable.prototype.pipe.call(stream, to) as unknown as To
    const data = to as unknown as Transform
    data._flush = done => done(null, END)
    begin(ready.subarray(0, -1), () => data.end(), data)
    return to
  }

  function begin(most: Uint8Array, rest: () => void, to: Readable = stream): void {
    wanted = true
    try {
      leave().then(
        granted => decide(granted, rest),
        (error: Error) => stream.destroy(error),
      )
    } catch (error) {
      stream.destroy(error as Error)
      return
    }
    to.push(most)
  }

  function decide(granted: boolean, rest: () => void): void {
    if (stopped || stream.destroyed) return
    if (!granted) {
      stream.destroy(new Error('withheld'))
      return
    }
    released = true
    onRelease()
    rest()
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

/**
 * A message's bytes → the same as they stand between DATA and the final dot: dots stuffed, whole lines. RFC 5321 §4.5.2.
 * A search for line ends is the machine’s own, and several times faster than a look at each byte.
 *
 * @returns undefined where a CR or LF stands alone (RFC 5321 §2.3.8) or the last line has no end: that takes more than
 * dots
 */
export function wireForm(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (!text.endsWith('\r\n')) return undefined
  let dots = text.startsWith('.')
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    if (end < 1 || text.indexOf('\r', at) !== end - 1) return undefined
    at = end + 1
    if (text.charCodeAt(at) === 0x2e) dots = true
  }
  return dots ? Buffer.from(text.replace(/^\./gm, '..'), 'latin1') : bytes
}
