// Parsed front matter → one value per field of ours, whichever tool's spelling it came in, and what is left over.

import { type HeldBack, type HoldRule, holdRule, ifDraft, isSureInGroup, truth } from './held-back.ts'
import type { Fields } from './parse-front-matter.ts'
import { type Field, SPELLINGS } from './spellings.ts'

/** What a file says of each field; undefined for nothing. */
export type Values = { readonly [Name in Field]: unknown }

interface Sorted {
  readonly values: Values
  readonly extra: Readonly<Record<string, unknown>>
  /** Keys in `extra` that are nearly one of ours, where the field they mean is not there. */
  readonly misspelt: readonly Misspelt[]
  /** What else than `draft` and `unlisted` keeps the article from being published. */
  readonly heldBackBy: readonly HoldingKey[]
  /** What the keys say that name a time of publication, in the order of the file. */
  readonly releases: readonly unknown[]
}

export interface HoldingKey extends HeldBack {
  /** As the file has it. */
  readonly key: string
  /** The key of the table that it is in. */
  readonly group?: string
  readonly value: unknown
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
  /** Of a key that can hold an article back as well: `published: false`, `permalink: false`. */
  readonly hold: HoldRule | undefined
  /** Whether it names the time at which the article comes out. */
  readonly isRelease: boolean
}

/** A key that is none of ours. */
interface UnknownKey {
  readonly field: undefined
  readonly misspelt: Misspelt | undefined
  readonly hold: HoldRule
}

/** Key as written → what it is, filled as keys are met: a folder uses a dozen of them thousands of times. */
const knownKeys = new Map<string, Spelling | UnknownKey>()
const MAX_KNOWN_KEYS = 2000

/** Hugo builds nothing before its `publishDate`, whatever `date` says. */
const RELEASE_KEYS = new Set(
  'published pubdate pubdatetime publishdate publishdatetime datepublished publisheddate publishedat publishedon publicationdate publishat publishon'.split(
    ' ',
  ),
)

const byBareKey = new Map<string, Spelling>(
  Object.entries(SPELLINGS).flatMap(([name, keys]) =>
    keys.map((key, rank) => {
      const bare = bareKey(key)
      const field = name as Field
      const hold = field === 'date' || field === 'url' ? holdRule(bare, '') : undefined
      return [bare, { field, rank, hold, isRelease: RELEASE_KEYS.has(bare) }]
    }),
  ),
)

/** Those that are misspelt now and then; the others are too near to words of anybody's own. */
const usualKeys = [...byBareKey].flatMap(([key, { rank, field }]) =>
  rank < (field === 'updated' ? 7 : field === 'title' ? 1 : 5) && field !== 'embargo' ? [key] : [],
)

export function sortFields(given: Fields): Sorted {
  const fields = withNested(given)
  const values = noValues()
  let extra: Record<string, unknown> | undefined
  let misspelt: Misspelt[] | undefined
  let heldBackBy: HoldingKey[] | undefined
  let releases: unknown[] | undefined
  if (hasGroup(given)) heldBackBy = nestedReasons(given)
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    const hit = lookUp(key)
    if (hit.hold) {
      const held = hit.hold(value)
      if (held) {
        heldBackBy ??= []
        heldBackBy.push({ key, value, ...held })
      }
    }
    if (hit.field === undefined) {
      if (key === '__proto__') continue
      extra ??= {}
      extra[key] = value
      if (hit.misspelt && !saysNothing(value)) {
        misspelt ??= []
        misspelt.push(hit.misspelt)
      }
      continue
    }
    if (saysNothing(value)) continue // Nor does it hide another spelling.
    if (!isOfField(hit, value)) {
      if (hit.field === 'date' || hit.field === 'url') continue // A switch, and known as one.
      extra ??= {}
      extra[key] = value
      continue
    }
    if (hit.isRelease) {
      releases ??= []
      releases.push(value)
    }
    if (values[hit.field] === undefined || keyOf(fields, hit.field) === key) values[hit.field] = value
  }
  return {
    values,
    extra: extra ?? nothingExtra,
    misspelt: misspelt?.filter(({ field }) => values[field] === undefined) ?? nothingMisspelt,
    heldBackBy: heldBackBy ?? nothingHeldBack,
    releases: releases ?? nothingReleased,
  }
}

/** One for all, as those below: there are a hundred thousand articles. */
const nothingExtra: Sorted['extra'] = {}
const nothingMisspelt: readonly Misspelt[] = []
const nothingHeldBack: readonly HoldingKey[] = []
const nothingReleased: readonly unknown[] = []

/** Zola's `[taxonomies]` and `[extra]`, Hugo's `params:`, `seo:` of many: a field of ours is read from them, too. */
function withNested(fields: Fields): Fields {
  let found: Record<string, unknown> | undefined
  for (const group of GROUPS) {
    const nested = fields[group]
    if (typeof nested !== 'object' || nested === null || Array.isArray(nested)) continue
    for (const [key, value] of Object.entries(nested)) {
      const field = lookUp(key).field
      if (field === undefined || !NESTED_FIELDS.has(field) || keyOf(fields, field) !== undefined) continue
      found ??= { ...fields }
      if (!Object.hasOwn(found, key)) found[key] = value
    }
  }
  return found ?? fields
}

const GROUPS = ['taxonomies', 'extra', 'params', 'seo'] as const
const NESTED_FIELDS: ReadonlySet<Field> = new Set([
  'tags',
  'categories',
  'category',
  'keywords',
  'authors',
  'image',
  'summary',
  'updated',
  'source',
  'canonical',
] as const)

function hasGroup(fields: Fields): boolean {
  return HOLDING_GROUPS.some(group => fields[group] !== undefined)
}

/** `[extra] hidden = true`, `seo: { noindex: true }`: what a theme may look at, and its tool does not. */
function nestedReasons(fields: Fields): HoldingKey[] | undefined {
  const heldBackBy = HOLDING_GROUPS.flatMap(group => {
    const nested = fields[group]
    if (typeof nested !== 'object' || nested === null || Array.isArray(nested)) return []
    return Object.entries(nested).flatMap(([key, value]): HoldingKey[] => {
      const { field, hold } = lookUp(key)
      if (field === 'draft' || field === 'unlisted')
        return truth(value) === true ? [{ key, group, value, hold: field, isGuess: true }] : []
      const held = field === undefined ? hold?.(value) : undefined
      return held && isSureInGroup(bareKey(key), value)
        ? [{ key, group, value, hold: held.hold, isGuess: true }]
        : []
    })
  })
  return heldBackBy.length > 0 ? heldBackBy : undefined
}

const HOLDING_GROUPS = ['extra', 'params', 'seo'] as const

/** @returns the key from which a field is read, as the file has it */
export function keyOf(fields: Fields, field: Field): string | undefined {
  let best: { readonly key: string; readonly rank: number } | undefined
  for (const key of Object.keys(fields)) {
    const value = fields[key]
    if (saysNothing(value)) continue
    const hit = lookUp(key)
    if (hit.field === field && isOfField(hit, value) && (!best || hit.rank < best.rank))
      best = { key, rank: hit.rank }
  }
  return best?.key
}

/** An article's own fields, and of those that are everybody's in its folder the ones that it says nothing about. */
export function withInherited(own: Fields, inherited: Fields): Fields {
  const fields: Record<string, unknown> = { ...own }
  const isDraftKnown = keyOf(own, 'draft') !== undefined
  for (const [key, value] of Object.entries(inherited)) {
    const { field, hold } = lookUp(key)
    const held = hold?.(value)?.hold
    const isSaid =
      Object.hasOwn(own, key) ||
      // `draft: false` of its own means that it is none, whatever other word the folder has for one.
      (held === 'draft' && isDraftKnown) ||
      (held === undefined && field !== undefined && keyOf(own, field) !== undefined)
    if (!isSaid) fields[key] = value
  }
  return fields
}

/** `summary:` with nothing behind it. */
function saysNothing(value: unknown): boolean {
  return value === null || value === undefined || value === ''
}

/**
 * Whether a value is what the field is for, where other tools have the key for something else: `published: true` of Jekyll,
 * `featured: true`, `header: Welcome`, `alias: x` of Obsidian.
 */
function isOfField({ field, rank }: Spelling, value: unknown): boolean {
  // As nearly all dates are: longer than any word for yes or no.
  if (field === 'date') return (typeof value === 'string' && value.length > 5) || truth(value) === undefined
  if (field === 'url') return typeof value !== 'boolean'
  if (field === 'image') return rank < SURE_IMAGE_KEYS || namesPicture(value)
  if (field === 'summary')
    return rank < SURE_SUMMARY_KEYS || (typeof value === 'string' && !namesPicture(value))
  if (field === 'source') return rank === 0 || (typeof value === 'string' && /^https?:/i.test(value))
  return true
}

/** How many of the spellings mean nothing else. */
const SURE_IMAGE_KEYS = 3
const SURE_SUMMARY_KEYS = 5

/** A path or an address of a picture, or a list or table with one. */
function namesPicture(value: unknown): boolean {
  if (typeof value === 'string')
    return (
      /^\s*(?:https?:\/\/|\.{0,2}\/)\S/i.test(value) ||
      /\.(?:png|jpe?g|gif|webp|avif|svg|heic|tiff?)(?:[?#]\S*)?\s*$/i.test(value)
    )
  if (Array.isArray(value)) return value.length > 0 && namesPicture(value[0])
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(part =>
    typeof part === 'string' ? namesPicture(part) : isPictureTable(part),
  )
}

function isPictureTable(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some(part => typeof part === 'string' && namesPicture(part))
  )
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
    embargo: undefined,
    live: undefined,
    comments: undefined,
    source: undefined,
    canonical: undefined,
    withdrawn: undefined,
  }
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
  const bare = bareKey(key)
  const hold = holdRule(bare, key)
  const near = hold ? undefined : misspeltKey(bare, usualKeys)
  if (near === undefined && !hold) return PLAIN_UNKNOWN_KEY
  if (near === undefined) return { field: undefined, misspelt: undefined, hold: hold! }
  const { field, rank } = byBareKey.get(near)!
  return { field: undefined, misspelt: { key, field, meant: SPELLINGS[field][rank]! }, hold: ifDraft }
}

const PLAIN_UNKNOWN_KEY: UnknownKey = { field: undefined, misspelt: undefined, hold: ifDraft }

/** Whether a key is that of a field, in any spelling. */
export function isFieldKey(key: string): boolean {
  return byBareKey.has(bareKey(key))
}

/** As keys are compared: tools differ in how they write one. */
function bareKey(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, '')
}

// ─── Misspelt keys ───────────────────────────────────────────────────────────────────────────────────────────────────
//
// A key of front matter that is none of ours → the one of ours that was meant, where a slip of one letter makes it.

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
