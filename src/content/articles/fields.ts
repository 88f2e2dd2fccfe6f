// Parsed front matter → one value per field of ours, whichever tool's spelling it came in, and what is left over.

import type { Fields } from './parse-front-matter.ts'

/** Field → the spellings it is read from; the first that is there wins. Case, `-` and `_` make no difference. */
const SPELLINGS = {
  title: ['title'],
  date: ['date', 'published', 'pubDate', 'publishDate', 'datePublished'],
  updated: [
    'updated',
    'lastmod',
    'modified',
    'last_modified_at',
    'dateModified',
    'updatedDate',
    'last_modified',
  ],
  authors: ['authors', 'author'],
  section: ['section'],
  category: ['category'],
  tags: ['tags', 'tag'],
  categories: ['categories'],
  keywords: ['keywords'],
  summary: ['summary', 'description', 'excerpt', 'standfirst', 'deck'],
  place: ['place', 'dateline'],
  image: ['image', 'cover', 'featured_image', 'hero'],
  audio: ['audio', 'enclosure', 'podcast'],
  slug: ['slug'],
  url: ['url', 'permalink', 'path'],
  id: ['id', 'guid'],
  language: ['language', 'lang'],
  direction: ['direction', 'dir'],
  draft: ['draft'],
  unlisted: ['unlisted'],
  expires: ['expires', 'expiryDate', 'unpublishDate'],
  live: ['live'],
  comments: ['comments'],
  source: ['source'],
  canonical: ['canonical', 'canonical_url'],
  withdrawn: ['withdrawn', 'retracted'],
} as const satisfies Record<string, readonly string[]>

export type Field = keyof typeof SPELLINGS

/** What a file says of each field; undefined for nothing. */
export type Values = { readonly [Name in Field]: unknown }

export interface Sorted {
  readonly values: Values
  readonly extra: Readonly<Record<string, unknown>>
  /** Keys in `extra` that are nearly one of ours, where the field they mean is not there. */
  readonly misspelt: readonly Misspelt[]
}

export interface Misspelt {
  /** As the file has it. */
  readonly key: string
  readonly field: Field
  /** The spelling that was meant. */
  readonly meant: string
}

interface Spelling {
  readonly field: Field
  readonly rank: number
}

/** A key that is none of ours. */
interface UnknownKey {
  readonly field: undefined
  readonly misspelt: Misspelt | undefined
}

/** Key as written → what it is, filled as keys are met: a folder uses a dozen of them thousands of times. */
const knownKeys = new Map<string, Spelling | UnknownKey>()
const MAX_KNOWN_KEYS = 2000

const byBareKey = new Map<string, Spelling>(
  Object.entries(SPELLINGS).flatMap(([field, keys]) =>
    keys.map((key, rank) => [bareKey(key), { field: field as Field, rank }]),
  ),
)

export function sortFields(fields: Fields): Sorted {
  const values = noValues()
  let extra: Record<string, unknown> | undefined
  let misspelt: Misspelt[] | undefined
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    const hit = lookUp(key)
    if (hit.field === undefined) {
      if (key === '__proto__') continue
      extra ??= {}
      extra[key] = value
      if (hit.misspelt && !saysNothing(value)) {
        misspelt ??= []
        misspelt.push(hit.misspelt)
      }
    } else if (saysNothing(value)) {
      // Nor does it hide another spelling.
    } else if (isSwitch(key, value)) {
      if (truth(value) === false) values.draft = true
    } else if (values[hit.field] === undefined || keyOf(fields, hit.field) === key) values[hit.field] = value
  }
  return {
    values,
    extra: extra ?? {},
    misspelt: misspelt?.filter(({ field }) => values[field] === undefined) ?? nothingMisspelt,
  }
}

const nothingMisspelt: readonly Misspelt[] = []

/** @returns the key from which a field is read, as the file has it */
export function keyOf(fields: Fields, field: Field): string | undefined {
  let best: { readonly key: string; readonly rank: number } | undefined
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    if (saysNothing(value)) continue
    if (isSwitch(key, value)) {
      if (field === 'draft' && truth(value) === false) best = { key, rank: 0 }
      continue
    }
    const hit = lookUp(key)
    if (hit.field === field && (!best || hit.rank < best.rank)) best = { key, rank: hit.rank }
  }
  return best?.key
}

/** `summary:` with nothing behind it. */
function saysNothing(value: unknown): boolean {
  return value === null || value === undefined || value === ''
}

/** Jekyll's: `published: false` is a draft, `published: true` is nothing. */
function isSwitch(key: string, value: unknown): boolean {
  return key === 'published' && truth(value) !== undefined
}

/** Named one by one: records of one kind are made and read in a tenth of the time of a map. */
function noValues(): { -readonly [Name in Field]: unknown } {
  return {
    title: undefined,
    date: undefined,
    updated: undefined,
    authors: undefined,
    section: undefined,
    category: undefined,
    tags: undefined,
    categories: undefined,
    keywords: undefined,
    summary: undefined,
    place: undefined,
    image: undefined,
    audio: undefined,
    slug: undefined,
    url: undefined,
    id: undefined,
    language: undefined,
    direction: undefined,
    draft: undefined,
    unlisted: undefined,
    expires: undefined,
    live: undefined,
    comments: undefined,
    source: undefined,
    canonical: undefined,
    withdrawn: undefined,
  }
}

/** true, 'yes', 'on' → true; false, 'no', 'off' → false; what is neither → undefined. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value !== 'string') return undefined
  if (/^(?:true|yes|on|1)$/i.test(value.trim())) return true
  return /^(?:false|no|off|0)$/i.test(value.trim()) ? false : undefined
}

function lookUp(key: string): Spelling | UnknownKey {
  let hit = knownKeys.get(key)
  if (hit === undefined) {
    // Keys come from articles: a folder full of different ones must not fill the memory.
    if (knownKeys.size > MAX_KNOWN_KEYS) knownKeys.clear()
    hit = byBareKey.get(bareKey(key)) ?? unknownKey(key)
    knownKeys.set(key, hit)
  }
  return hit
}

function unknownKey(key: string): UnknownKey {
  const near = misspeltKey(bareKey(key), byBareKey.keys())
  if (near === undefined) return PLAIN_UNKNOWN_KEY
  const { field, rank } = byBareKey.get(near)!
  return { field: undefined, misspelt: { key, field, meant: SPELLINGS[field][rank]! } }
}

const PLAIN_UNKNOWN_KEY: UnknownKey = { field: undefined, misspelt: undefined }

/** As keys are compared: tools differ in how they write one. */
function bareKey(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '')
}

/** The one that was meant, where only one letter is wrong. Both without capitals, `-` and `_`. */
function misspeltKey(key: string, known: Iterable<string>): string | undefined {
  // `image2`, `title_1` are counted, not misspelt.
  if (key.length < 3 || /\d/.test(key) || ON_PURPOSE.has(key)) return undefined
  for (const candidate of known) if (isOneSlip(key, candidate)) return candidate
  return undefined
}

/**
 * Keys that people and other tools (Jekyll, Hugo, Eleventy, Astro, Ghost) have on purpose, however near they are to ours:
 * lists of what we have one of, and words of their own.
 */
const ON_PURPOSE = new Set(
  (
    'audios comment covers dates descriptions directions excerpts featureimage images languages paths permalinks ' +
    'places podcasts sections slugs sources summaries titles ' +
    'audit coder covert craft drift enlisted except graft guide hover imagen lover over palace placed plane plate publisher ' +
    'raft rover sourced subtitle tile undated'
  ).split(' '),
)

/**
 * Two neighbours that changed places; in longer words, which are not so easily another word, also one letter too many, too
 * few or wrong.
 */
function isOneSlip(key: string, meant: string): boolean {
  if (Math.abs(key.length - meant.length) > 1) return false
  let at = 0
  while (at < key.length && key[at] === meant[at]) at++
  if (key.length === meant.length) {
    const rest = key.slice(at + 2) === meant.slice(at + 2)
    const swapped = key[at] === meant[at + 1] && key[at + 1] === meant[at]
    if (rest && swapped) return true
  }
  if (meant.length < 5) return false
  if (key.length < meant.length) return key.slice(at) === meant.slice(at + 1)
  return key.slice(at + 1) === meant.slice(key.length > meant.length ? at : at + 1)
}
