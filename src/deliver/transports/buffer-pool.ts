// Memory that messages were written into and nobody reads any more → where the next ones are written.

/** As many of them as messages are in flight at once, each as long as the longest message that it was used for. */
export interface Rooms {
  /** Undefined where there is none: whoever writes takes memory that is new. */
  take(): Uint8Array | undefined
  /** @param length of the message whose bytes are free now, in this room or elsewhere */
  give(room: Uint8Array | undefined, length: number): void
}

/** Messages of one letter differ by a name, an address and a link or two. */
const SLACK = 1024

/** A process that takes new memory for each message spends more on getting it than on writing the message. */
export function createRooms(): Rooms {
  const free: Uint8Array[] = []
  return {
    take: () => free.pop(),
    give(room, length) {
      free.push(room && room.length >= length ? room : new Uint8Array(length + SLACK))
    },
  }
}
