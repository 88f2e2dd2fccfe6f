// What goes into an item besides its article's file and face → one text, which is the same only where all of it is.

import type { Timestamp } from '../model.ts'

export interface ItemFacts {
  /** As it stands in every format. */
  readonly id: string
  /** When it was last changed, as it is told. */
  readonly time: Timestamp
  /** Files of the related stories and of the top stories beside it. */
  readonly related: readonly string[]
  readonly top: readonly string[]
}

/** Neither ids nor names of files have this sign. */
const BETWEEN = '\0'

export function itemKey({ id, time, related, top }: ItemFacts): string {
  return [id, time.at, time.offset, ...related, '', ...top].join(BETWEEN)
}
