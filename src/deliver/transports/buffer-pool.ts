// Buffers of messages that were accepted, which nobody reads any more → where the next messages are written.

/** Messages of one letter differ by a name, an address and a link or two. */
const SLACK_BYTES = 1024

/**
 * As many buffers as messages are in flight at once, each as long as the longest message that it was used for. A process
 * that allocates anew for each message spends more on the memory than on writing the message.
 */
export class BufferPool {
  readonly #free: Uint8Array[] = []

  /** Undefined where there is none: whoever writes allocates. */
  take(): Uint8Array | undefined {
    return this.#free.pop()
  }

  /** @param length of the message whose bytes are free now, in this buffer or elsewhere */
  give(buffer: Uint8Array | undefined, length: number): void {
    this.#free.push(buffer && buffer.length >= length ? buffer : new Uint8Array(length + SLACK_BYTES))
  }
}
