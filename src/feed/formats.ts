// The formats of a feed: one row each. A new one is a file that writes a channel, and a row here.

import type { Channel } from './make-channel.ts'
import { writeAtom } from './write-atom.ts'
import { writeJson } from './write-json.ts'
import { writeRss } from './write-rss.ts'

export interface Format {
  readonly file: string
  write(channel: Channel): string
}

export const FORMATS = {
  rss: { file: 'rss.xml', write: writeRss },
  atom: { file: 'atom.xml', write: writeAtom },
  json: { file: 'feed.json', write: writeJson },
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS
