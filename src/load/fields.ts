// Parsed front matter → one value per field of ours, whichever tool's spelling it came in, and what is left over.

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

export interface Sorted {
  /** Field → the key as it stands in the file, and its value. */
  readonly values: ReadonlyMap<Field, { readonly key: string; readonly value: unknown }>
  readonly extra: Readonly<Record<string, unknown>>
}

/** Key as written → field and rank, filled as keys are met: a folder uses a dozen of them thousands of times. */
const known = new Map<string, { field: Field; rank: number } | undefined>()
const byBareKey = new Map(
  Object.entries(spellings).flatMap(([field, keys]) =>
    keys.map((key, rank) => [bare(key), { field: field as Field, rank }]),
  ),
)

export function sortFields(fields: Fields): Sorted {
  const values = new Map<Field, { key: string; value: unknown; rank: number }>()
  const extra: Record<string, unknown> = {}
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    const hit = lookUp(key)
    if (!hit) {
      if (key !== '__proto__') extra[key] = value
    } else if (value === null || value === undefined || value === '') {
      // `summary:` with nothing behind it says nothing.
    } else if (key === 'published' && typeof truth(value) === 'boolean') {
      // Jekyll's switch: `published: false` is a draft, `published: true` is nothing.
      if (truth(value) === false) values.set('draft', { key, value: true, rank: 0 })
    } else {
      const before = values.get(hit.field)
      if (!before || hit.rank < before.rank) values.set(hit.field, { key, value, rank: hit.rank })
    }
  }
  return { values, extra }
}

/** true, 'yes', 'on' → true; false, 'no', 'off' → false; what is neither → undefined. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value !== 'string') return undefined
  if (/^(?:true|yes|on|1)$/i.test(value.trim())) return true
  return /^(?:false|no|off|0)$/i.test(value.trim()) ? false : undefined
}

function lookUp(key: string) {
  if (!known.has(key)) {
    // Keys come from articles: a folder full of different ones must not fill the memory.
    if (known.size > 2000) known.clear()
    known.set(key, byBareKey.get(bare(key)))
  }
  return known.get(key)
}

function bare(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '')
}
