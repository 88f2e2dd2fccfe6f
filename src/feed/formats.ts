// The formats of a feed: one row each. A new one is a file that writes heads and items, and a row here.

import { atom } from './atom.ts'
import type { Format } from './format.ts'
import { json } from './json.ts'
import { rss } from './rss.ts'

export const FORMATS = { rss, atom, json } as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS
