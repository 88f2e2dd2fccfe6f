// The writer of each format: a row of `FEED_FORMATS` (content/addresses/feed-formats.ts) without one does not compile.

import type { FeedFormatName } from '../content/index.ts'
import { atom } from './atom.ts'
import type { FeedWriter } from './feed-chunks.ts'
import { json } from './json.ts'
import { rss } from './rss.ts'

export const FEED_WRITERS: Readonly<Record<FeedFormatName, FeedWriter>> = { rss, atom, json }
