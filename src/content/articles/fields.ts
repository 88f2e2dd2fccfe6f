// Parsed front matter → one value per field of ours, whichever tool's spelling it came in, and what is left over.

import { bareKey } from './front-matter-line.ts'
import { misspeltKey } from './misspelt-key.ts'
import type { Fields } from './parse-front-matter.ts'

/** Field → the spellings it is read from; the first that is there wins. Case, `-` and `_` make no difference. */
const spellings = {
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

export type Field = keyof typeof spellings

export function spellingsOf(field: Field): readonly string[] {
  return spellings[field]
}

/** What a file says of each field; undefined for nothing. */
export type Values = { readonly [Name in Field]: unknown }

export interface Sorted {
  readonly values: Values
  readonly extra: Readonly<Record<string, unknown>>
  /** Keys in `extra` that are nearly one of ours, where the field they mean is not there. */
  readonly misspelt: readonly Misspelt[]
}

export interface Misspelt {
  /** As it stands in the file. */
  readonly key: string
  readonly field: Field
  /** The spelling that was meant. */
  readonly meant: string
}

interface Spelling {
  readonly field: Field
  readonly rank: number
}

/** What is none of ours. */
interface Stranger {
  readonly field: undefined
  readonly misspelt: Misspelt | undefined
}

/** Key as written → what it is, filled as keys are met: a folder uses a dozen of them thousands of times. */
const known = new Map<string, Spelling | Stranger>()
const byBareKey = new Map<string, Spelling>(
  Object.entries(spellings).flatMap(([field, keys]) =>
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
    misspelt: misspelt?.filter(({ field }) => values[field] === undefined) ?? none,
  }
}

const none: readonly Misspelt[] = []

/** @returns the key from which a field is read, as it stands in the file */
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

function lookUp(key: string): Spelling | Stranger {
  let hit = known.get(key)
  if (hit === undefined) {
    // Keys come from articles: a folder full of different ones must not fill the memory.
    if (known.size > 2000) known.clear()
    hit = byBareKey.get(bareKey(key)) ?? stranger(key)
    known.set(key, hit)
  }
  return hit
}

function stranger(key: string): Stranger {
  const near = misspeltKey(bareKey(key), byBareKey.keys())
  if (near === undefined) return noneOfOurs
  const { field, rank } = byBareKey.get(near)!
  return { field: undefined, misspelt: { key, field, meant: spellings[field][rank]! } }
}

const noneOfOurs: Stranger = { field: undefined, misspelt: undefined }
