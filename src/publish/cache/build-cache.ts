// A publication's folder → what the last build left in `.broadsheet/`: whether anything changed since, and what need not
// be done again. Nothing in `out/` depends on it: it may be lost, cut short or overwritten at any time, and any doubt
// about it makes the next build a whole one.

import { existsSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { once } from '../../base/index.ts'
import { IGNORED, type Listing, listFolder, makeIgnoredFolder } from '../../content/index.ts'
import { discardHalves } from '../../sealed-bytes.ts'
import { comparison, marksOf, standingOf } from './compare.ts'
import type { Look } from './look.ts'
import { programKey } from './program-key.ts'
import { askClock, readSealed, writeSealed } from './sealed-file.ts'
import { sameListing, sameStamps, settled, settledSoon, stampsOf } from './stamps.ts'

export type { Look } from './look.ts'

/** What a build leaves for the next. */
export interface Left<Report> {
  readonly look: Look
  /** When it looked, by the clock of the file system: ms since epoch. */
  readonly lookedAt: number
  /** The same folder gives the same at any time from here on … */
  readonly from: number
  /** … until before this instant; both ms since epoch. */
  readonly until: number
  /** Everything that it made, relative to `out/`. */
  readonly made: readonly string[]
  /** Those of them that are copies of files below `articles/`. */
  readonly copies: readonly string[]
  /** Parts that the next build may recall, by their names. */
  readonly parts: Readonly<Record<string, unknown>>
  readonly report: Report
}

/** What is known of the last build, as the folder is now. Nothing, when it left nothing that can be trusted. */
export interface Before {
  /** Of `articles/`, as the last build saw it. */
  readonly articles: Listing | undefined
  /** Whether a file is for certain what it was then; relative to the publication's folder. */
  isSame(path: string): boolean
  /** Whether a file of `out/` is for certain as that build made it. */
  stands(path: string): boolean
  /** The same of a copy of the publication's own file, which lies at the same place below `articles/`. */
  standsAsCopy(path: string): boolean
  /** A text that changes when the file does; when any of the publication's templates does, if none is named. */
  mark(path?: string): string
  /** A part by its name. @returns undefined when there is none from that very build */
  recall(part: string): unknown
}

export interface BuildCache<Report> {
  look(): Look
  /** Whether another build has ended since this one first asked what the last one left. */
  isOvertaken(): boolean
  /** What the last build reported, when one now would make the very same: every file of `out/` stands as it was made. */
  unchanged(look: Look, now: number): Report | undefined
  /** @param lookedAt by the clock of the file system: ms since epoch */
  before(look: Look, lookedAt: number): Before
  settle(left: Left<Report>): void
}

/** What a build left, as one file of the cache; its parts are others. */
interface State<Report> extends Omit<Left<Report>, 'lookedAt' | 'parts'> {
  /** Of what was made. */
  readonly stamps: Float64Array
  /** Each part bears the same: it is of this very build. */
  readonly id: string
}

const SETTINGS = ['publication.yaml', 'publication.yml']

/** @param dir absolute path of the publication's folder */
export function openBuildCache<Report>(dir: string): BuildCache<Report> {
  const key = [programKey(), dir, realpathSync.native(dir), realpathSync.native(join(dir, 'articles'))].join(
    '\n',
  )
  const out = join(dir, 'out')
  const place = (part: string) => join(dir, IGNORED, 'build', part)
  const clock = () => askClock(place('clock'))
  const stampOfState = () => stampsOf(place(''), ['state'], 0)
  let stamp: number[] | undefined
  let state: State<Report> | undefined | 'unread' = 'unread'

  function last(): State<Report> | undefined {
    if (state === 'unread') {
      stamp = stampOfState()
      state = readSealed(place('state'), key) as State<Report> | undefined
    }
    return state
  }

  return {
    look: () => ({
      articles: listFolder(dir, 'articles'),
      templates: existsSync(join(dir, 'templates')) ? listFolder(dir, 'templates') : nothing,
      settings: stampsOf(dir, SETTINGS, 0, statSync),
    }),
    isOvertaken: () => stamp !== undefined && !sameStamps(stamp, stampOfState()),
    unchanged(look, now) {
      const before = last()
      if (!before || now < before.from || now >= before.until) return undefined
      if (!sameLook(before.look, look)) return undefined
      return sameStamps(before.stamps, stampsOf(out, before.made)) ? before.report : undefined
    },
    before(look, lookedAt) {
      const before = last()
      const compared = once(() => comparison(before!.look.articles, look.articles))
      const isSame = (path: string) => before !== undefined && compared()(path)
      const standing = once(() => standingOf(out, before?.made ?? [], before?.stamps ?? []))
      const copies = once(() => new Set(before?.copies))
      const marks = marksOf(look, lookedAt)
      return {
        articles: before?.look.articles,
        isSame,
        stands: path => standing().has(path),
        standsAsCopy: path => copies().has(path) && standing().has(path) && isSame(`articles/${path}`),
        mark: path => (path === undefined ? marks.templates() : marks.file(path)),
        recall(part) {
          const kept = before && (readSealed(place(part), key) as Kept | undefined)
          return kept && kept.id === before.id ? kept.value : undefined
        },
      }
    },
    settle({ lookedAt, look, parts, ...left }) {
      try {
        makeIgnoredFolder(join(dir, IGNORED))
      } catch {
        return // A folder that is read only has no cache.
      }
      const id = `${process.pid} ${lookedAt}`
      discardHalves(place(''))
      for (const [part, value] of Object.entries(parts))
        writeSealed(place(part), key, { id, value } satisfies Kept)
      const stamps = settledSoon(out, left.made, clock)
      const kept: State<Report> = { ...left, id, look: settledLook(look, lookedAt), stamps }
      writeSealed(place('state'), key, kept)
    },
  }
}

interface Kept {
  readonly id: string
  readonly value: unknown
}

const nothing: Listing = { paths: [], stamps: [], links: [], problems: [] }

function sameLook(left: Look, right: Look): boolean {
  return (
    sameStamps(left.settings, right.settings) &&
    sameListing(left.templates, right.templates) &&
    sameListing(left.articles, right.articles)
  )
}

function settledLook({ articles, templates, settings }: Look, lookedAt: number): Look {
  return {
    articles: { ...articles, stamps: settled(articles.stamps, lookedAt) },
    templates: { ...templates, stamps: settled(templates.stamps, lookedAt) },
    settings: settled(settings, lookedAt),
  }
}
