// A message's bytes → a stream that gives all but the last byte, and the last one only with leave. RFC 5321 §4.1.1.4:
// without it there is no final dot, and without a final dot the receiver has nothing.

import { Readable, type Transform } from 'node:stream'
import { wireForm } from './wire-form.ts'

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
