// The writers of the formats: a row of `FEED_FORMATS` in content/addresses/feed-formats.ts has one here.

import type { FeedFormatName } from '../content/index.ts'
import { atom } from './atom.ts'
import type { Format } from './format.ts'
import { json } from './json.ts'
import { rss } from './rss.ts'

export const FORMATS: Readonly<Record<FeedFormatName, Format>> = { rss, atom, json }

export type FormatName = FeedFormatName
